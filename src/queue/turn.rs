//! Who is next, and why; and how many are ahead.
//!
//! The rule (`product.md` §4): the oldest ticket if it is priority; else the oldest priority ticket if
//! at least `regular_between` regulars were called since the last overtaking; else the oldest regular.

use std::iter::Peekable;

use chrono::TimeDelta;

use super::day::{Day, Rank, Waiting};
use super::{At, Class, Counter, CounterId, CounterPhase, Rules, ServiceId, Ticket, TicketId, TicketState};

/// Why a ticket is next, for the line under its number on the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It has waited longest.
    Oldest,
    /// A priority ticket whose turn has come: this many regulars were called since the last one
    /// that overtook; none before the counter's first overtaking of the day.
    Overtakes { regulars_called: Option<u32> },
    /// Regulars come first until enough were called since the last overtaking.
    RegularsFirst,
}

/// A ticket in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub ticket: TicketId,
    pub why: Why,
    /// The counter's count after calling it.
    pub regulars_since_overtaking: Option<u32>,
}

/// The ticket a counter calls next.
pub fn next(rules: &Rules, day: &Day, counter: &Counter) -> Option<Turn> {
    order(rules, day, counter).next()
}

/// The tickets a counter may call, in the order in which it would call them.
pub fn order<'a>(rules: &Rules, day: &'a Day, counter: &Counter) -> impl Iterator<Item = Turn> + use<'a> {
    let since = day.counter(&counter.id).regulars_since_overtaking;
    in_turn(rules, day.queues(counter), since)
}

/// A rank at the end of those who wait behind `behind` others of a class at a counter; none: at the end.
///
/// Who comes back, or is sent on, stands behind others of the same class: the priority rule goes on as
/// if they had come then.
pub fn rank_behind(day: &Day, counter: &Counter, class: Class, behind: Option<u32>, now: At) -> At {
    let end = day.end_of_queue(now);
    let Some(behind) = behind else { return end };
    let queues = day.queues(counter);
    let mut queue = Merged::of(queues.iter().map(|waiting| waiting.of(class).iter()));
    let mut last = None;
    for _ in 0..behind.max(1) {
        match queue.next() {
            Some(rank) => last = Some(rank),
            // Fewer wait than they may let pass.
            None => return end,
        }
    }
    // A moment behind the last of them: the journal knows milliseconds.
    last.map_or(end, |(at, _)| at + TimeDelta::milliseconds(1)).min(end)
}

fn in_turn<'a>(
    rules: &Rules,
    waiting: Vec<&'a Waiting>,
    regulars_since_overtaking: Option<u32>,
) -> impl Iterator<Item = Turn> + use<'a> {
    Order {
        regular: Merged::of(waiting.iter().map(|waiting| waiting.regular.iter())),
        priority: Merged::of(waiting.iter().map(|waiting| waiting.priority.iter())),
        between: rules.regular_between,
        since: regulars_since_overtaking,
    }
}

/// How many tickets would be called before this one if nobody else came; none unless it waits.
pub fn ahead(rules: &Rules, day: &Day, ticket: &Ticket) -> Option<u32> {
    if ticket.state != TicketState::Waiting {
        return None;
    }
    let caller = likely_caller(rules, day, &ticket.service, ticket.only_at.as_ref());
    let (queues, since) = match caller {
        Some(counter) => (day.queues(counter), day.counter(&counter.id).regulars_since_overtaking),
        None => (day.waiting(&ticket.service).into_iter().collect(), None),
    };
    // The usual question is asked of the newest ticket, and then the answer is "all of them":
    // counting, not walking, keeps it as quick on the busiest day as on an empty one.
    let place = (ticket.rank_at, ticket.id);
    let newest = |class: &imbl::OrdSet<Rank>| class.get_max().is_none_or(|last| *last <= place);
    let all = queues.iter().map(|waiting| waiting.len()).sum::<usize>();
    if ticket.class == Class::Regular
        && queues.iter().all(|waiting| newest(&waiting.regular) && newest(&waiting.priority))
    {
        return u32::try_from(all.saturating_sub(1)).ok();
    }
    let before = in_turn(rules, queues, since).take_while(|turn| turn.ticket != ticket.id).count();
    u32::try_from(before).ok()
}

/// How many a newcomer would have ahead: those who wait where the counter that will most likely call them
/// calls from, for whichever of its services.
pub fn ahead_of_newcomer(rules: &Rules, day: &Day, service: &ServiceId) -> usize {
    match likely_caller(rules, day, service, None) {
        Some(counter) => day.queues(counter).iter().map(|waiting| waiting.len()).sum(),
        None => day.waiting_count(service),
    }
}

/// Whether a counter that offers the service is open and has nobody before it.
pub fn is_free(rules: &Rules, day: &Day, service: &ServiceId) -> bool {
    day.counters_serving(rules, service).any(|counter| {
        let state = day.counter(&counter.id);
        state.phase == CounterPhase::Open && state.active.is_none()
    })
}

/// The counter that will most likely call who waits for a service: of the open ones the one that called
/// last, else the first that offers it.
pub fn likely_caller<'a>(
    rules: &'a Rules,
    day: &Day,
    service: &ServiceId,
    only_at: Option<&CounterId>,
) -> Option<&'a Counter> {
    if let Some(counter) = only_at {
        return rules.counter(counter);
    }
    let serving = || day.counters_serving(rules, service);
    let open = serving().map(|counter| (counter, day.counter(&counter.id)));
    let caller = open.filter(|(_, state)| state.phase == CounterPhase::Open).max_by(|(_, a), (_, b)| {
        // Of counters that have not called yet, the first of the config.
        a.last_call_at.cmp(&b.last_call_at).then(std::cmp::Ordering::Greater)
    });
    caller.map(|(counter, _)| counter).or_else(|| serving().next())
}

struct Order<R, P>
where
    R: Iterator,
    P: Iterator,
{
    regular: Merged<R>,
    priority: Merged<P>,
    between: u32,
    since: Option<u32>,
}

impl<'a, R, P> Iterator for Order<R, P>
where
    R: Iterator<Item = &'a Rank>,
    P: Iterator<Item = &'a Rank>,
{
    type Item = Turn;

    fn next(&mut self) -> Option<Turn> {
        let (regular, priority) = (self.regular.peek(), self.priority.peek());
        let way_is_free = self.since.is_none_or(|called| called >= self.between);
        let (class, why) = match (regular, priority) {
            (None, None) => return None,
            (None, Some(_)) => (Class::Priority, Why::Oldest),
            (Some(_), None) => (Class::Regular, Why::Oldest),
            (Some(regular), Some(priority)) if priority < regular => (Class::Priority, Why::Oldest),
            (Some(_), Some(_)) if way_is_free => {
                (Class::Priority, Why::Overtakes { regulars_called: self.since })
            }
            (Some(_), Some(_)) => (Class::Regular, Why::RegularsFirst),
        };
        self.since = match (class, why) {
            (_, Why::Overtakes { .. }) => Some(0),
            (Class::Regular, _) => self.since.map(|called| called + 1),
            (Class::Priority, _) => self.since,
        };
        let (_, ticket) = match class {
            Class::Regular => self.regular.next()?,
            Class::Priority => self.priority.next()?,
        };
        Some(Turn { ticket, why, regulars_since_overtaking: self.since })
    }
}

/// Several sorted queues read as one.
struct Merged<I: Iterator> {
    queues: Vec<Peekable<I>>,
}

impl<'a, I: Iterator<Item = &'a Rank>> Merged<I> {
    fn of(queues: impl Iterator<Item = I>) -> Self {
        Self { queues: queues.map(Iterator::peekable).collect() }
    }

    fn peek(&mut self) -> Option<Rank> {
        self.queues.iter_mut().filter_map(|queue| queue.peek().map(|rank| **rank)).min()
    }

    fn next(&mut self) -> Option<Rank> {
        let first = self.peek()?;
        let holds_it = |queue: &mut Peekable<I>| queue.next_if(|rank| **rank == first);
        self.queues.iter_mut().find_map(holds_it).copied()
    }
}
