//! Who is next, and why; and how many are ahead.
//!
//! The rule (`product.md` §4): the oldest ticket if it is priority; else the oldest priority ticket if
//! at least `regular_between` regulars were called since the last overtaking; else the oldest regular.

use std::iter::Peekable;

use super::day::{Day, Rank, Waiting};
use super::{Class, CounterPhase, CounterState, Rules, ServiceId, Ticket, TicketId, TicketState};

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
pub fn next(rules: &Rules, day: &Day, services: &[ServiceId], state: &CounterState) -> Option<Turn> {
    order(rules, day, services, state.regulars_since_overtaking).next()
}

/// The tickets waiting for these services in the order in which they would be called.
pub fn order<'a>(
    rules: &Rules,
    day: &'a Day,
    services: &[ServiceId],
    regulars_since_overtaking: Option<u32>,
) -> impl Iterator<Item = Turn> + use<'a> {
    let waiting: Vec<&Waiting> = services.iter().filter_map(|service| day.waiting(service)).collect();
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
    let of_its_own = std::slice::from_ref(&ticket.service);
    let serving = rules.counters_serving(&ticket.service);
    let open = serving.map(|counter| (counter, day.counter(&counter.id)));
    let caller = open.filter(|(_, state)| state.phase == CounterPhase::Open).max_by(|(_, a), (_, b)| {
        // Of counters that have not called yet, the first of the config.
        a.last_call_at.cmp(&b.last_call_at).then(std::cmp::Ordering::Greater)
    });
    let (services, since) = match &caller {
        Some((counter, state)) => (counter.services.as_slice(), state.regulars_since_overtaking),
        None => rules
            .counters_serving(&ticket.service)
            .next()
            .map_or((of_its_own, None), |counter| (counter.services.as_slice(), None)),
    };
    // The usual question is asked of the newest ticket, and then the answer is "all of them":
    // counting, not walking, keeps it as quick on the busiest day as on an empty one.
    let place = (ticket.rank_at, ticket.id);
    let queues = || services.iter().filter_map(|service| day.waiting(service));
    let newest = |class: &imbl::OrdSet<Rank>| class.get_max().is_none_or(|last| *last <= place);
    let all = queues().map(Waiting::len).sum::<usize>();
    if ticket.class == Class::Regular
        && queues().all(|waiting| newest(&waiting.regular) && newest(&waiting.priority))
    {
        return u32::try_from(all.saturating_sub(1)).ok();
    }
    let before = order(rules, day, services, since).take_while(|turn| turn.ticket != ticket.id).count();
    u32::try_from(before).ok()
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
