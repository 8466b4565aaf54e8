//! What a clerk does at a counter: one thing at a time, by what the counter shows.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::STAFF;
use super::chance::Chance;
use super::hours::{self, Stretch};
use super::visitor::Visitor;
use crate::queue::{
    At, Command, Counter, CounterId, Day, Ending, Rules, Seen, ServiceId, Ticket, TicketId, TicketState, turn,
};

/// How far a clerk is from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    Away,
    AtWork,
    /// A break begins as soon as nobody is at the counter.
    Leaving,
    /// The doors are shut: who waits is still called, until this moment at the latest.
    LastOnes {
        until: At,
    },
}

/// How a service will end, as its clerk cannot know beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Finished, with whatever else is said of it.
    Finish(Ending),
    /// Finished and the next called with one key.
    NextPlease,
    Hold {
        minutes: i64,
    },
    Refer(ServiceId),
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub ticket: TicketId,
    pub over_at: At,
    pub how: How,
}

/// Who sits at a counter.
#[derive(Debug)]
pub struct Clerk {
    pub counter: CounterId,
    pub shifts: Vec<Stretch>,
    pub duty: Duty,
    /// Waits for somebody to come.
    pub idle: bool,
    /// The one [`Cue::Work`](super::agenda::Cue::Work) that counts.
    pub work: Option<u64>,
    /// A person sits there.
    pub relieved: bool,
    pub plan: Option<Plan>,
}

/// So long before a break nobody is called any more: who is called has time to come and be recalled.
const LAST_CALL: TimeDelta = TimeDelta::minutes(4);
/// So long after closing those who wait are still called.
const OVERTIME: TimeDelta = TimeDelta::minutes(45);
const LUNCH: TimeDelta = TimeDelta::minutes(30);
/// Services that end otherwise than by finishing, that are referred, and whose next is called with the same
/// key.
const HOLDS: f64 = 0.03;
const REFERS: f64 = 0.03;
const ONE_KEY: f64 = 0.5;
/// Services with an outcome that is not the first of the list, and with a second delivery.
const OTHER_OUTCOME: f64 = 0.12;
/// Numbers called to the wrong service of an agency.
const WRONG_DOOR: f64 = 0.01;

impl Clerk {
    /// The day of a counter that opens so long after it should.
    pub fn new(
        rules: &Rules,
        date: NaiveDate,
        counter: &Counter,
        late: TimeDelta,
        chance: &mut Chance,
    ) -> Self {
        let open = hours::of_counter(rules, date, counter);
        let last = open.len().saturating_sub(1);
        let colleagues = rules.counters.iter().filter(|other| other.agency == counter.agency);
        let place = colleagues.take_while(|other| other.id != counter.id).count() as i32;
        let turn = place + i32::from(chance.share(0.5));
        let noon = rules.instant(date, NaiveTime::MIN) + TimeDelta::hours(12) + LUNCH * (turn % 3);
        let mut shifts = Vec::new();
        for (i, (from, to)) in open.into_iter().enumerate() {
            let late = if i == 0 { late } else { TimeDelta::zero() };
            let from = from + late + chance.seconds(0..=150);
            let to = if i == last { to } else { to - LAST_CALL };
            let long = from + TimeDelta::hours(1) < noon && noon + LUNCH + TimeDelta::hours(1) < to;
            if long {
                shifts.push((from, noon));
                shifts.push((noon + LUNCH, to));
            } else if from < to {
                shifts.push((from, to));
            }
        }
        Self {
            counter: counter.id.clone(),
            shifts,
            duty: Duty::Away,
            idle: false,
            work: None,
            relieved: false,
            plan: None,
        }
    }

    /// Whether this one should be at the counter.
    pub fn is_on(&self, now: At) -> bool {
        hours::within(&self.shifts, now)
    }

    /// A shift is over: what is left of the day's work.
    pub fn stands_up(&mut self, now: At) {
        let later = self.shifts.iter().any(|(from, _)| *from > now);
        self.duty = if later { Duty::Leaving } else { Duty::LastOnes { until: now + OVERTIME } };
    }

    /// Nobody is at the counter; `back` are those on hold who have come back. None: somebody must come first.
    pub fn at_free_counter(&self, rules: &Rules, day: &Day, back: &[TicketId], now: At) -> Option<Command> {
        let (counter, seen) = (self.counter.clone(), Seen::Free);
        if self.duty == Duty::Leaving {
            return Some(Command::PauseCounter { counter });
        }
        let too_late = matches!(self.duty, Duty::LastOnes { until } if now >= until);
        let known = rules.counter(&counter).filter(|_| !too_late);
        let held = known.and_then(|known| back.iter().copied().find(|id| resumable(rules, day, known, *id)));
        match held {
            Some(ticket) => return Some(Command::Resume { counter, seen, ticket }),
            None if known.is_some_and(|known| turn::next(rules, day, known).is_some()) => {
                return Some(Command::CallNext { counter, seen });
            }
            None => {}
        }
        matches!(self.duty, Duty::LastOnes { .. }).then_some(Command::CloseCounter { counter })
    }

    /// A number is called; the visitor, if the clerk can see one.
    pub fn at_called(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        visitor: &Visitor,
        now: At,
        chance: &mut Chance,
    ) -> Command {
        let (counter, seen) = (self.counter.clone(), sight(ticket));
        if visitor.at_counter().is_some_and(|at| at <= now) {
            let elsewhere = chance.share(WRONG_DOOR).then(|| neighbour(rules, ticket, chance)).flatten();
            return match elsewhere {
                Some(service) => Command::Transfer { counter, seen, service, only_at: None },
                None => Command::Start { counter, seen },
            };
        }
        let conduct = &rules.conduct;
        let calls = conduct.calls_before_no_show.max(2).min(conduct.recalls + 1);
        if ticket.calls < calls {
            Command::Recall { counter, seen }
        } else {
            Command::NoShow { counter, seen }
        }
    }

    /// Somebody is served, and it is over.
    pub fn at_serving(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        how: &How,
        now: At,
        chance: &mut Chance,
    ) -> Command {
        let (counter, seen) = (self.counter.clone(), sight(ticket));
        let finish = |ending| Command::Finish { counter: counter.clone(), seen, ending };
        match how {
            How::NextPlease if self.duty == Duty::AtWork => Command::CallNext { counter, seen },
            How::NextPlease => finish(Ending::default()),
            How::Finish(ending) => finish(ending.clone()),
            How::Refer(service) => {
                Command::Transfer { counter, seen, service: service.clone(), only_at: None }
            }
            How::Hold { minutes } => {
                let until = now + TimeDelta::minutes(*minutes);
                match chance.pick(&rules.conduct.hold_reasons) {
                    Some(reason) if rules.business_day(until) == rules.business_day(now) => {
                        Command::Hold { counter, seen, reason: reason.id.clone(), until }
                    }
                    _ => finish(Ending::default()),
                }
            }
        }
    }
}

impl Plan {
    /// What will come of a service that begins now: its time around the service's target, its end.
    pub fn new(rules: &Rules, day: &Day, ticket: &Ticket, now: At, chance: &mut Chance) -> Self {
        // After a hold only the rest is left.
        let again = if ticket.away_s > 0 { 0.5 } else { 1.0 };
        let target_min = rules.service(&ticket.service).map_or(10, |(_, service)| service.target_min);
        let target_s = f64::from(target_min) * 60.0;
        // The mean of such times is 0.94 of the target.
        let took = chance.lognormal(again * target_s * 0.85, 0.45);
        let took = took.clamp(TimeDelta::seconds(20), TimeDelta::seconds((target_s * 5.0) as i64));
        let over_at = now + took;
        let how = match chance.weighted(&[HOLDS, REFERS, 1.0 - HOLDS - REFERS]) {
            Some(0) if ticket.away_s == 0 => How::Hold { minutes: 8 + chance.seconds(0..=15).num_seconds() },
            Some(1) if ticket.stop == 1 => match referral(rules, day, ticket, chance) {
                Some(service) => How::Refer(service),
                None => How::NextPlease,
            },
            _ if chance.share(ONE_KEY) => How::NextPlease,
            _ => How::Finish(ending(rules, chance)),
        };
        Self { ticket: ticket.id, over_at, how }
    }
}

fn ending(rules: &Rules, chance: &mut Chance) -> Ending {
    let others = rules.conduct.outcomes.get(1..).unwrap_or_default();
    let outcome = chance.share(OTHER_OUTCOME).then(|| chance.pick(others)).flatten();
    Ending { outcome: outcome.map(|outcome| outcome.id.clone()), ..Ending::default() }
}

/// A service of another agency at which somebody sits.
fn referral(rules: &Rules, day: &Day, ticket: &Ticket, chance: &mut Chance) -> Option<ServiceId> {
    let (own, _) = rules.service(&ticket.service)?;
    let others = rules.agencies.iter().filter(|agency| agency.id != own.id);
    let services = others.flat_map(|agency| &agency.services).map(|service| &service.id);
    let open: Vec<_> = services.filter(|id| day.told_closed(id) == Some(None)).collect();
    chance.pick(&open).map(|id| (*id).clone())
}

/// Another service of the same agency.
fn neighbour(rules: &Rules, ticket: &Ticket, chance: &mut Chance) -> Option<ServiceId> {
    let (own, _) = rules.service(&ticket.service)?;
    let others: Vec<_> = own.services.iter().filter(|service| service.id != ticket.service).collect();
    chance.pick(&others).map(|service| service.id.clone())
}

fn resumable(rules: &Rules, day: &Day, counter: &Counter, id: TicketId) -> bool {
    let ticket = day.ticket(id).filter(|ticket| ticket.state == TicketState::OnHold);
    let agency = ticket.and_then(|ticket| rules.service(&ticket.service)).map(|(agency, _)| &agency.id);
    agency == Some(&counter.agency)
}

fn sight(ticket: &Ticket) -> Seen {
    Seen::Ticket { ticket: ticket.id, seq: ticket.seq }
}

/// Opens a counter for a simulated clerk.
pub fn sit_down(counter: &CounterId) -> Command {
    Command::OpenCounter { counter: counter.clone(), staff: STAFF.into() }
}
