//! What whoever runs the hall sees: every counter, who waited longest, what is asked of them.

use serde::Serialize;

use super::board::{CounterActivity, activity};
use super::{
    AgencyId, At, Closure, Counter, CounterId, CounterPhase, Day, Notice, Prefix, ReasonId, Rules, Seq,
    Service, ServiceId, StaffId, Text, Ticket, TicketNumber, TicketState,
};

/// How many of those who wait are named.
const LONGEST: usize = 6;

/// The hall at one committed line of the journal; of one agency where so wanted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    pub seq: Seq,
    /// The system's clock is not believed: somebody has to say what day it is.
    pub clock_doubted: bool,
    pub counters: Vec<CounterLine>,
    /// Who waited longest, first.
    pub longest: Vec<Waiter>,
    pub waiting: usize,
    pub notices: Vec<Notice>,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CounterLine {
    pub id: CounterId,
    pub number: u16,
    pub agency: AgencyId,
    pub name: Text,
    pub prefix: Prefix,
    pub state: CounterActivity,
    pub staff: Option<StaffId>,
    pub ticket: Option<TicketNumber>,
    /// Since when it is in this state; none of one that was not opened today.
    pub since: Option<At>,
    /// Who can be called here.
    pub waiting: usize,
    /// What it serves today, and what it could.
    pub services: Vec<ServiceId>,
    pub offered: Vec<Offer>,
    pub closure: Option<Asked>,
}

/// A service of a counter's agency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    pub id: ServiceId,
    pub name: Text,
}

/// A request to close a counter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    pub reason: ReasonId,
    /// None where the config no longer has it.
    pub name: Option<Text>,
    pub by: StaffId,
    pub at: At,
    /// It was granted: the visitor at the counter is the last.
    pub granted: bool,
}

impl Asked {
    pub(super) fn of(rules: &Rules, closure: Closure) -> Self {
        let known = rules.conduct.closure_reasons.iter().find(|reason| reason.id == closure.reason);
        Self {
            name: known.map(|reason| reason.name.clone()),
            reason: closure.reason,
            by: closure.by,
            at: closure.at,
            granted: closure.granted,
        }
    }
}

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waiter {
    pub number: TicketNumber,
    pub agency: Text,
    pub service: Text,
    /// When they came to this service.
    pub entered_at: At,
    pub target_min: u32,
}

impl Overview {
    /// What is of `of`; of everybody where none is named.
    pub fn of(rules: &Rules, day: &Day, of: Option<&AgencyId>) -> Self {
        let theirs = |agency: &AgencyId| of.is_none_or(|of| of == agency);
        let counters = rules.counters.iter().filter(|counter| theirs(&counter.agency));
        let mut waiting: Vec<(&Ticket, Waiter)> = day
            .tickets()
            .filter(|ticket| ticket.state == TicketState::Waiting)
            .filter_map(|ticket| {
                let (agency, service) = rules.service(&ticket.service)?;
                theirs(&agency.id).then(|| (ticket, waiter(&agency.name, service, ticket)))
            })
            .collect();
        waiting.sort_by_key(|(ticket, _)| (ticket.entered_at, ticket.id));
        Self {
            seq: day.seq(),
            clock_doubted: day.clock().doubt.is_some(),
            counters: counters.filter_map(|counter| line(rules, day, counter)).collect(),
            waiting: waiting.len(),
            longest: waiting.into_iter().map(|(_, waiter)| waiter).take(LONGEST).collect(),
            notices: day.notices().cloned().collect(),
        }
    }
}

fn waiter(agency: &Text, service: &Service, ticket: &Ticket) -> Waiter {
    Waiter {
        number: ticket.number.clone(),
        agency: agency.clone(),
        service: service.name.clone(),
        entered_at: ticket.entered_at,
        target_min: service.target_min,
    }
}

fn line(rules: &Rules, day: &Day, counter: &Counter) -> Option<CounterLine> {
    let agency = rules.agency(&counter.agency)?;
    let state = day.counter(&counter.id);
    let active = day.active(&counter.id);
    let since = match active {
        Some(ticket) if ticket.state == TicketState::Serving => ticket.started_at,
        Some(ticket) => ticket.called_at,
        None if state.phase == CounterPhase::Open => state.freed_at.max(state.since),
        None => state.since,
    };
    Some(CounterLine {
        id: counter.id.clone(),
        number: counter.number,
        agency: agency.id.clone(),
        name: agency.name.clone(),
        prefix: agency.prefix.clone(),
        state: activity(day, &counter.id),
        staff: state.staff.clone(),
        ticket: active.map(|ticket| ticket.number.clone()),
        since,
        waiting: day.queues(counter).into_iter().map(super::day::Waiting::len).sum(),
        services: day.services_at(counter).to_vec(),
        offered: agency
            .services
            .iter()
            .map(|service| Offer { id: service.id.clone(), name: service.name.clone() })
            .collect(),
        closure: state.closure.map(|closure| Asked::of(rules, closure)),
    })
}
