//! How long a visitor will wait, as a range.
//!
//! The counters that are open now are played forward with service times of the last visitors, drawn at
//! random, by the same turn rule that the counters follow; that many times, and the middle of what came
//! out is the range. So it knows what "people ahead times the mean" does not: how many counters there
//! are, who among them serves what, how long those at the counters have been there, and how far service
//! times scatter. Chance comes from a seed, so that the same day gives the same answer.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::day::Rank;
use super::{
    Agency, At, Class, Counter, CounterId, CounterPhase, Day, Rules, Seq, Service, ServiceId, Ticket,
    TicketId, TicketState,
};

/// A wait as a range in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    pub low_s: u32,
    pub high_s: u32,
}

/// Under so few service times nothing is said.
pub const FEWEST: usize = 5;
/// Ranges are rounded outward to this: a visitor plans in such steps.
const STEP_S: u32 = 300;
/// Of what came out, this share lies below the range and as much above it.
const TAIL: f64 = 0.15;
/// Visitors played forward for one answer: it bounds its cost on the busiest day.
const PLAYED: usize = 800;
/// For so long what a ticket was told when it was issued is what it is told.
const STANDS: TimeDelta = TimeDelta::minutes(1);
const ROUNDS: std::ops::RangeInclusive<usize> = 9..=41;

impl Forecast {
    /// The range in minutes.
    pub fn minutes(self) -> (u32, u32) {
        (self.low_s / 60, self.high_s / 60)
    }

    /// The middle of the range, in seconds: what is compared with a limit.
    pub fn middle_s(self) -> u32 {
        self.low_s.midpoint(self.high_s)
    }

    fn around(mut waits: Vec<u32>) -> Option<Self> {
        waits.sort_unstable();
        let last = waits.len().checked_sub(1)?;
        let at = |share: f64| waits[(share * last as f64).round() as usize];
        let low_s = at(TAIL) / STEP_S * STEP_S;
        let high_s = at(1.0 - TAIL).div_ceil(STEP_S) * STEP_S;
        Some(Self { low_s, high_s: high_s.max(low_s + STEP_S) })
    }
}

/// For a visitor who takes a number now.
pub fn of_newcomer(
    rules: &Rules,
    day: &Day,
    agency: &Agency,
    service: &Service,
    class: Class,
    now: At,
) -> Option<Forecast> {
    let rank = (day.end_of_queue(now), TicketId(Seq(u64::MAX)));
    let me = Me { rank, class, service: &service.id, only_at: None };
    Hall::of(rules, day, agency, now)?.play(&me, now)
}

/// For a ticket that waits: what it was told for its first minute, so that paper, screen and phone say
/// the same; then what is foretold now.
pub fn of_ticket(rules: &Rules, day: &Day, ticket: &Ticket, now: At) -> Option<Forecast> {
    if ticket.state != TicketState::Waiting {
        return None;
    }
    if ticket.stop == 1 && ticket.rank_at == ticket.issued_at && now - ticket.issued_at < STANDS {
        return ticket.forecast;
    }
    let (agency, _) = rules.service(&ticket.service)?;
    let me = Me {
        rank: (ticket.rank_at, ticket.id),
        class: ticket.class,
        service: &ticket.service,
        only_at: ticket.only_at.as_ref(),
    };
    Hall::of(rules, day, agency, now)?.play(&me, now)
}

/// For the tile of an agency: the longest of its open services, so that nobody is promised too much.
pub fn of_agency(rules: &Rules, day: &Day, agency: &Agency, now: At) -> Option<Forecast> {
    let open = agency.services.iter().filter(|service| day.told_closed(&service.id) == Some(None));
    let each = open.filter_map(|service| of_newcomer(rules, day, agency, service, Class::Regular, now));
    each.max_by_key(|forecast| forecast.low_s + forecast.high_s)
}

/// Whose turn is foretold.
#[derive(Debug)]
struct Me<'a> {
    rank: Rank,
    class: Class,
    service: &'a ServiceId,
    only_at: Option<&'a CounterId>,
}

/// An open counter, as far as it matters here.
struct Desk<'a> {
    counter: &'a CounterId,
    services: &'a [ServiceId],
    /// Whose cycle is going on, and for how long already.
    busy: Option<(&'a ServiceId, u32)>,
    since_overtaking: Option<u32>,
}

struct Hall<'a> {
    day: &'a Day,
    agency: &'a Agency,
    desks: Vec<Desk<'a>>,
    between: u32,
}

impl<'a> Hall<'a> {
    /// The open counters of an agency; none where nobody is there.
    fn of(rules: &'a Rules, day: &'a Day, agency: &'a Agency, now: At) -> Option<Self> {
        let of_it = rules.counters.iter().filter(|counter| counter.agency == agency.id);
        let desk = |counter: &'a Counter| {
            let state = day.counter(&counter.id);
            let busy = day.active(&counter.id).map(|ticket| {
                let elapsed = state.cycle_from.map_or(0, |from| (now - from).num_seconds());
                (&ticket.service, u32::try_from(elapsed).unwrap_or(0))
            });
            (state.phase == CounterPhase::Open).then(|| Desk {
                counter: &counter.id,
                services: day.services_at(counter),
                busy,
                since_overtaking: state.regulars_since_overtaking,
            })
        };
        let desks: Vec<_> = of_it.filter_map(desk).collect();
        (!desks.is_empty()).then_some(Self { day, agency, desks, between: rules.regular_between })
    }

    fn play(&self, me: &Me<'_>, now: At) -> Option<Forecast> {
        if !self.desks.iter().any(|desk| desk.may_call(me.service, me.only_at)) {
            return None;
        }
        let times = Times::of(self.day, self.agency)?;
        let line = Line::of(self, me, &times);
        let rests: Vec<Rest> = self.desks.iter().map(|desk| Rest::of(desk, &times)).collect();
        let rounds = (PLAYED / line.length).clamp(*ROUNDS.start(), *ROUNDS.end());
        // The minute, so that a screen that asks again and again does not flicker.
        let minute = u64::try_from(now.timestamp() / 60).unwrap_or(0);
        let mut chance = Chance(self.day.seq().0.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ minute);
        Forecast::around((0..rounds).map(|_| self.round(&line, &rests, &mut chance)).collect())
    }

    /// Plays until the visitor is called; seconds from now.
    fn round(&self, line: &Line<'_>, rests: &[Rest], chance: &mut Chance) -> u32 {
        let mut free_at: Vec<u32> = rests.iter().map(|rest| rest.draw(chance)).collect();
        let mut since: Vec<Option<u32>> = self.desks.iter().map(|desk| desk.since_overtaking).collect();
        let mut called = vec![0; line.kinds.len()];
        let mut idle = vec![false; self.desks.len()];
        loop {
            let next = (0..self.desks.len()).filter(|&at| !idle[at]).min_by_key(|&at| free_at[at]);
            // Nobody is left who could call: it cannot be, for one may call this visitor.
            let Some(at) = next else { return free_at.iter().copied().max().unwrap_or(0) };
            match line.pick(at, &mut called, &mut since[at], self.between) {
                Some((place, _)) if place == line.me => return free_at[at],
                Some((_, kind)) => free_at[at] += chance.one_of(line.kinds[kind].times),
                None => idle[at] = true,
            }
        }
    }
}

impl Desk<'_> {
    fn may_call(&self, service: &ServiceId, only_at: Option<&CounterId>) -> bool {
        match only_at {
            Some(only) => only == self.counter,
            None => self.services.contains(service),
        }
    }
}

/// Whoever waits for the same service, or for the same counter with it, in the same class: their places in the line,
/// oldest first.
struct Kind<'a> {
    service: &'a ServiceId,
    only_at: Option<&'a CounterId>,
    class: Class,
    places: Vec<usize>,
    times: &'a [u32],
}

/// The kinds that one counter may call.
struct Callable {
    regular: Vec<usize>,
    priority: Vec<usize>,
}

/// Everybody who waits for a service of the agency, by kinds: a counter finds whom it calls without looking at
/// everybody whom it may not.
struct Line<'a> {
    kinds: Vec<Kind<'a>>,
    /// At each counter.
    callable: Vec<Callable>,
    length: usize,
    /// The place of the visitor whose turn is foretold.
    me: usize,
}

impl<'a> Line<'a> {
    fn of(hall: &Hall<'a>, me: &Me<'a>, times: &'a Times<'a>) -> Self {
        let mut kinds: Vec<Kind<'a>> = Vec::new();
        let mut kind_of = |service: &'a ServiceId, only_at: Option<&'a CounterId>, class: Class| {
            let alike =
                |kind: &Kind<'_>| (kind.service, kind.only_at, kind.class) == (service, only_at, class);
            kinds.iter().position(alike).unwrap_or_else(|| {
                let times = times.of_service(service);
                kinds.push(Kind { service, only_at, class, places: Vec::new(), times });
                kinds.len() - 1
            })
        };
        let mut all = vec![(me.rank, kind_of(me.service, me.only_at, me.class))];
        let classes = [Class::Regular, Class::Priority];
        let services = hall.agency.services.iter().flat_map(|it| classes.map(|class| (&it.id, class)));
        for (service, class) in services {
            let Some(waiting) = hall.day.waiting(service) else { continue };
            let kind = kind_of(service, None, class);
            all.extend(waiting.of(class).iter().filter(|rank| **rank != me.rank).map(|rank| (*rank, kind)));
        }
        for (desk, class) in hall.desks.iter().flat_map(|desk| classes.map(|class| (desk, class))) {
            let Some(bound) = hall.day.bound(desk.counter) else { continue };
            for rank in bound.of(class).iter().filter(|rank| **rank != me.rank) {
                let Some(ticket) = hall.day.ticket(rank.1) else { continue };
                all.push((*rank, kind_of(&ticket.service, Some(desk.counter), class)));
            }
        }
        all.sort_by_key(|(rank, _)| *rank);
        for (place, (_, kind)) in all.iter().enumerate() {
            kinds[*kind].places.push(place);
        }
        let callable = |desk: &Desk<'_>| {
            let mine = |class| {
                let may_call =
                    |kind: &Kind<'_>| kind.class == class && desk.may_call(kind.service, kind.only_at);
                (0..kinds.len()).filter(|&at| may_call(&kinds[at])).collect()
            };
            Callable { regular: mine(Class::Regular), priority: mine(Class::Priority) }
        };
        let callable = hall.desks.iter().map(callable).collect();
        let place = all.iter().position(|(rank, _)| *rank == me.rank).unwrap_or(0);
        Self { kinds, callable, length: all.len(), me: place }
    }

    /// Whom a counter calls, by the rule of `turn`: their place, and their kind. `called` says how many of each kind
    /// were called before.
    fn pick(
        &self,
        at: usize,
        called: &mut [usize],
        since: &mut Option<u32>,
        between: u32,
    ) -> Option<(usize, usize)> {
        let callable = &self.callable[at];
        let (regular, priority) =
            (self.first(&callable.regular, called), self.first(&callable.priority, called));
        let picked = match (regular, priority) {
            (Some(regular), Some(priority)) if priority < regular => priority,
            (Some(_), Some(priority)) if since.is_none_or(|called| called >= between) => {
                *since = Some(0);
                priority
            }
            (Some(regular), _) => {
                *since = since.map(|called| called + 1);
                regular
            }
            (None, priority) => priority?,
        };
        called[picked.1] += 1;
        Some(picked)
    }

    fn first(&self, kinds: &[usize], called: &[usize]) -> Option<(usize, usize)> {
        kinds.iter().filter_map(|&kind| Some((*self.kinds[kind].places.get(called[kind])?, kind))).min()
    }
}

/// How long the last visitors of an agency took, in seconds.
struct Times<'a> {
    /// Of each service that has enough of its own.
    own: Vec<(&'a ServiceId, Vec<u32>)>,
    /// Of all its services, for those that have not.
    all: Vec<u32>,
}

impl<'a> Times<'a> {
    fn of(day: &Day, agency: &'a Agency) -> Option<Self> {
        let of_service = |service: &'a Service| (&service.id, day.cycles(&service.id).copied().collect());
        let mut own: Vec<(_, Vec<u32>)> = agency.services.iter().map(of_service).collect();
        let all: Vec<u32> = own.iter().flat_map(|(_, times)| times).copied().collect();
        own.retain(|(_, times)| times.len() >= FEWEST);
        (all.len() >= FEWEST).then_some(Self { own, all })
    }

    fn of_service(&self, service: &ServiceId) -> &[u32] {
        let own = self.own.iter().find(|(known, _)| *known == service);
        own.map_or(&self.all, |(_, times)| times)
    }
}

/// What may be left of the cycle at a counter.
enum Rest {
    Free,
    /// So long in all, and how long it has gone on.
    OneOf(Vec<u32>, u32),
    /// Longer than anybody lately: nobody knows, a usual quarter more.
    Beyond(u32),
}

impl Rest {
    fn of(desk: &Desk<'_>, times: &Times<'_>) -> Self {
        let Some((service, elapsed)) = desk.busy else { return Self::Free };
        let known = times.of_service(service);
        let longer: Vec<u32> = known.iter().copied().filter(|&time| time > elapsed).collect();
        if longer.is_empty() {
            let mean = known.iter().map(|&time| u64::from(time)).sum::<u64>() / known.len() as u64;
            return Self::Beyond(u32::try_from(mean / 4).unwrap_or(u32::MAX));
        }
        Self::OneOf(longer, elapsed)
    }

    fn draw(&self, chance: &mut Chance) -> u32 {
        match self {
            Self::Free => 0,
            Self::OneOf(longer, elapsed) => chance.one_of(longer) - elapsed,
            Self::Beyond(more) => *more,
        }
    }
}

/// Chance from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    /// One of these, and nothing where there are none.
    fn one_of(&mut self, of: &[u32]) -> u32 {
        of.get(self.below(of.len())).copied().unwrap_or(0)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_rounded_outward_to_five_minutes() {
        let range = |waits: &[u32]| Forecast::around(waits.to_vec()).map(Forecast::minutes);
        assert_eq!(range(&[]), None);
        assert_eq!(range(&[0]), Some((0, 5)));
        assert_eq!(range(&[600]), Some((10, 15)));
        assert_eq!(range(&[601, 899]), Some((10, 15)));
        assert_eq!(range(&[290, 301]), Some((0, 10)));
    }
}
