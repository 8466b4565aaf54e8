//! How long a visitor will wait, as a range.
//!
//! The counters that are open now are played forward with service times of the last visitors, drawn at
//! random, by the same turn rule that the counters follow; that many times, and the middle of what came
//! out is the range. So it knows what "people ahead times the mean" does not: how many counters there
//! are, who among them serves what, how long those at the counters have been there, and how far service
//! times scatter. Chance comes from a seed, so that the same day gives the same answer.

use std::collections::VecDeque;

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
    let me = Visitor { rank, class, service: service.id.clone(), only_at: None, me: true };
    Hall::of(rules, day, agency, now)?.play(day, me, now)
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
    Hall::of(rules, day, agency, now)?.play(day, Visitor::of(ticket, true), now)
}

/// For the tile of an agency: the longest of its open services, so that nobody is promised too much.
pub fn of_agency(rules: &Rules, day: &Day, agency: &Agency, now: At) -> Option<Forecast> {
    let open = agency.services.iter().filter(|service| day.told_closed(&service.id) == Some(None));
    let each = open.filter_map(|service| of_newcomer(rules, day, agency, service, Class::Regular, now));
    each.max_by_key(|forecast| forecast.low_s + forecast.high_s)
}

#[derive(Debug, Clone)]
struct Visitor {
    rank: Rank,
    class: Class,
    service: ServiceId,
    only_at: Option<CounterId>,
    me: bool,
}

impl Visitor {
    fn of(ticket: &Ticket, me: bool) -> Self {
        Self {
            rank: (ticket.rank_at, ticket.id),
            class: ticket.class,
            service: ticket.service.clone(),
            only_at: ticket.only_at.clone(),
            me,
        }
    }
}

/// An open counter, as far as it matters here.
struct Desk<'a> {
    counter: &'a Counter,
    services: &'a [ServiceId],
    /// Whose cycle is going on, and for how long already.
    busy: Option<(ServiceId, u32)>,
    since_overtaking: Option<u32>,
}

struct Hall<'a> {
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
                (ticket.service.clone(), u32::try_from(elapsed).unwrap_or(0))
            });
            (state.phase == CounterPhase::Open).then(|| Desk {
                counter,
                services: day.services_at(counter),
                busy,
                since_overtaking: state.regulars_since_overtaking,
            })
        };
        let desks: Vec<_> = of_it.filter_map(desk).collect();
        (!desks.is_empty()).then_some(Self { agency, desks, between: rules.regular_between })
    }

    fn play(&self, day: &Day, me: Visitor, now: At) -> Option<Forecast> {
        if !self.desks.iter().any(|desk| may_call(desk, &me)) {
            return None;
        }
        let times = Times::of(day, self.agency)?;
        let mut line: Vec<Visitor> = self.waiting(day, &me);
        line.push(me);
        line.sort_by_key(|visitor| visitor.rank);
        let rounds = (PLAYED / line.len()).clamp(*ROUNDS.start(), *ROUNDS.end());
        // The minute, so that a screen that asks again and again does not flicker.
        let minute = u64::try_from(now.timestamp() / 60).unwrap_or(0);
        let mut chance = Chance(day.seq().0.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ minute);
        let sorted = Sorted::of(&line, &self.desks);
        Forecast::around((0..rounds).map(|_| self.round(&line, &sorted, &times, &mut chance)).collect())
    }

    /// Everybody else who waits for one of the agency's services.
    fn waiting(&self, day: &Day, me: &Visitor) -> Vec<Visitor> {
        let mut all: Vec<Visitor> = Vec::new();
        let mut take = |ranks: &mut dyn Iterator<Item = &Rank>| {
            for (_, id) in ranks.filter(|rank| **rank != me.rank) {
                all.extend(day.ticket(*id).map(|ticket| Visitor::of(ticket, false)));
            }
        };
        for service in &self.agency.services {
            if let Some(waiting) = day.waiting(&service.id) {
                take(&mut waiting.of(Class::Regular).iter().chain(waiting.of(Class::Priority)));
            }
        }
        for desk in &self.desks {
            if let Some(bound) = day.bound(&desk.counter.id) {
                take(&mut bound.of(Class::Regular).iter().chain(bound.of(Class::Priority)));
            }
        }
        all
    }

    /// Plays until the visitor is called; seconds from now.
    fn round(&self, line: &[Visitor], sorted: &Sorted, times: &Times<'_>, chance: &mut Chance) -> u32 {
        let mut free_at: Vec<u32> = self
            .desks
            .iter()
            .map(|desk| {
                desk.busy.as_ref().map_or(0, |(service, elapsed)| times.rest(service, *elapsed, chance))
            })
            .collect();
        let mut since: Vec<Option<u32>> = self.desks.iter().map(|desk| desk.since_overtaking).collect();
        let mut kinds = sorted.kinds.clone();
        let mut idle = vec![false; self.desks.len()];
        loop {
            let next = (0..self.desks.len()).filter(|&at| !idle[at]).min_by_key(|&at| free_at[at]);
            // Nobody is left who could call: it cannot be, for one may call this visitor.
            let Some(at) = next else { return free_at.iter().copied().max().unwrap_or(0) };
            match self.pick(&sorted.called_at[at], &mut kinds, &mut since[at]) {
                Some(picked) if line[picked].me => return free_at[at],
                Some(picked) => {
                    free_at[at] += times.draw(&line[picked].service, chance);
                }
                None => idle[at] = true,
            }
        }
    }

    /// Whom a counter that may call these kinds calls, by the rule of `turn`.
    fn pick(&self, called: &[usize], kinds: &mut [Places], since: &mut Option<u32>) -> Option<usize> {
        let first = |of: fn(&Places) -> &VecDeque<usize>| {
            called.iter().filter_map(|&kind| Some((*of(&kinds[kind]).front()?, kind))).min()
        };
        let (regular, priority) = (first(|kind| &kind.regular), first(|kind| &kind.priority));
        let priority_goes = match (regular, priority) {
            (Some(regular), Some(priority)) if priority < regular => true,
            (Some(_), Some(_)) if since.is_none_or(|called| called >= self.between) => {
                *since = Some(0);
                true
            }
            (Some(_), _) => {
                *since = since.map(|called| called + 1);
                false
            }
            (None, _) => true,
        };
        let (_, kind) = if priority_goes { priority? } else { regular? };
        let of_class = if priority_goes { &mut kinds[kind].priority } else { &mut kinds[kind].regular };
        of_class.pop_front()
    }
}

/// Places in the line of one kind of visitors, oldest first.
#[derive(Debug, Clone, Default)]
struct Places {
    regular: VecDeque<usize>,
    priority: VecDeque<usize>,
}

/// The line by kinds: whoever waits for the same service, or for the same counter with it. A counter finds
/// whom it calls without looking at everybody whom it may not.
struct Sorted {
    kinds: Vec<Places>,
    /// The kinds that each counter may call.
    called_at: Vec<Vec<usize>>,
}

impl Sorted {
    fn of(line: &[Visitor], desks: &[Desk<'_>]) -> Self {
        let (mut firsts, mut kinds): (Vec<&Visitor>, Vec<Places>) = (Vec::new(), Vec::new());
        for (place, visitor) in line.iter().enumerate() {
            let alike =
                |first: &&Visitor| (&first.service, &first.only_at) == (&visitor.service, &visitor.only_at);
            let kind = firsts.iter().position(alike).unwrap_or_else(|| {
                firsts.push(visitor);
                kinds.push(Places::default());
                kinds.len() - 1
            });
            match visitor.class {
                Class::Regular => kinds[kind].regular.push_back(place),
                Class::Priority => kinds[kind].priority.push_back(place),
            }
        }
        let of_desk = |desk| (0..firsts.len()).filter(|&kind| may_call(desk, firsts[kind])).collect();
        let called_at = desks.iter().map(of_desk).collect();
        Self { kinds, called_at }
    }
}

fn may_call(desk: &Desk<'_>, visitor: &Visitor) -> bool {
    match &visitor.only_at {
        Some(only) => *only == desk.counter.id,
        None => desk.services.contains(&visitor.service),
    }
}

/// How long the last visitors of an agency took, in seconds.
struct Times<'a> {
    day: &'a Day,
    /// Of all its services, for those too seldom to have enough of their own.
    all: Vec<u32>,
}

impl<'a> Times<'a> {
    fn of(day: &'a Day, agency: &Agency) -> Option<Self> {
        let all: Vec<u32> =
            agency.services.iter().flat_map(|service| day.cycles(&service.id)).copied().collect();
        (all.len() >= FEWEST).then_some(Self { day, all })
    }

    fn draw(&self, service: &ServiceId, chance: &mut Chance) -> u32 {
        let mut own = self.day.cycles(service);
        let count = own.len();
        if count < FEWEST {
            return self.all[chance.below(self.all.len())];
        }
        own.nth(chance.below(count)).copied().unwrap_or(0)
    }

    /// What is left of a cycle that has gone on for so long.
    fn rest(&self, service: &ServiceId, elapsed: u32, chance: &mut Chance) -> u32 {
        let own: Vec<u32> = self.day.cycles(service).copied().collect();
        let known = if own.len() < FEWEST { &self.all } else { &own };
        let longer: Vec<u32> = known.iter().copied().filter(|&time| time > elapsed).collect();
        if longer.is_empty() {
            // Longer than anybody lately: nobody knows, a usual quarter more.
            let mean = known.iter().map(|&time| u64::from(time)).sum::<u64>() / known.len() as u64;
            return u32::try_from(mean / 4).unwrap_or(u32::MAX);
        }
        longer[chance.below(longer.len())] - elapsed
    }
}

/// Chance from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
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
