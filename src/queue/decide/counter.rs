//! What is done at a counter with the ticket there, or to get one there.

use super::{agency_of, known};
use crate::queue::command::Delivery;
use crate::queue::{
    At, Counter, CounterId, CounterPhase, Day, Ending, Event, ReasonId, Refusal, Rules, Seen, ServiceId,
    StaffId, Ticket, TicketId, TicketState, turn,
};

pub type Decided = Result<Vec<Event>, Refusal>;

/// The next in turn; while serving, finish first.
pub fn call_next(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen) -> Decided {
    let active = at_counter(rules, day, counter, seen)?;
    let mut events = Vec::new();
    match active {
        Some(ticket) if ticket.state == TicketState::Called => return Err(Refusal::TicketCalled),
        // The supervisor has said that this visitor is the last.
        Some(_) if day.counter(counter).is_closing() => return Err(Refusal::CounterClosing),
        Some(ticket) => events.push(finished(rules, ticket, counter, &Ending::default())?),
        None => {}
    }
    // The clerk asked for the next visitor: where there is none, what is being served stays so.
    let turn = turn::next(rules, day, known(rules, counter)?).ok_or(Refusal::NobodyWaiting)?;
    let ticket = day.ticket(turn.ticket).ok_or(Refusal::UnknownTicket)?;
    events.push(Event::TicketCalled {
        ticket: ticket.id,
        number: ticket.number.clone(),
        counter: counter.clone(),
        regulars_since_overtaking: turn.regulars_since_overtaking,
        reason: None,
    });
    Ok(events)
}

/// A particular ticket of the counter's agency, out of turn.
pub fn call(
    rules: &Rules,
    day: &Day,
    counter: &CounterId,
    seen: Seen,
    ticket: TicketId,
    reason: &ReasonId,
) -> Decided {
    free(rules, day, counter, seen)?;
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    if ticket.state != TicketState::Waiting {
        return Err(Refusal::NotWaiting);
    }
    own(rules, known(rules, counter)?, ticket)?;
    if !rules.conduct.call_reasons.iter().any(|known| known.id == *reason) {
        return Err(Refusal::UnknownReason);
    }
    Ok(vec![Event::TicketCalled {
        ticket: ticket.id,
        number: ticket.number.clone(),
        counter: counter.clone(),
        regulars_since_overtaking: day.counter(counter).regulars_since_overtaking,
        reason: Some(reason.clone()),
    }])
}

/// The same ticket once more, so often and so far apart as the house says.
pub fn recall(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen, now: At) -> Decided {
    let ticket = called(rules, day, counter, seen)?;
    if ticket.calls > rules.conduct.recalls {
        return Err(Refusal::CalledEnough);
    }
    patience(rules, ticket, now)?;
    Ok(vec![Event::TicketRecalled {
        ticket: ticket.id,
        number: ticket.number.clone(),
        counter: counter.clone(),
        calls: ticket.calls + 1,
    }])
}

pub fn start(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen) -> Decided {
    let ticket = called(rules, day, counter, seen)?.id;
    Ok(vec![Event::ServiceStarted { ticket, counter: counter.clone() }])
}

/// Nobody came, though they were called and given time.
pub fn no_show(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen, now: At) -> Decided {
    let ticket = called(rules, day, counter, seen)?;
    if ticket.calls < rules.conduct.calls_before_no_show {
        return Err(Refusal::CallAgainFirst);
    }
    patience(rules, ticket, now)?;
    Ok(vec![Event::TicketMissed { ticket: ticket.id, counter: counter.clone() }])
}

pub fn finish(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen, ending: &Ending) -> Decided {
    let ticket = serving(rules, day, counter, seen)?;
    Ok(vec![finished(rules, ticket, counter, ending)?])
}

fn finished(rules: &Rules, ticket: &Ticket, counter: &CounterId, ending: &Ending) -> Result<Event, Refusal> {
    let outcome = rules.conduct.outcome(ending.outcome.as_ref()).ok_or(Refusal::UnknownOutcome)?;
    let corrected = match &ending.corrected {
        Some(service) if *service != ticket.service => Some((service.clone(), agency_of(rules, service)?)),
        _ => None,
    };
    let extra = &ending.additional;
    let countable = |delivery: &Delivery| (1..=Delivery::MOST).contains(&delivery.quantity);
    if extra.len() > Delivery::KINDS || !extra.iter().all(countable) {
        return Err(Refusal::BadQuantity);
    }
    for delivery in extra {
        agency_of(rules, &delivery.service)?;
    }
    let service = corrected.as_ref().map_or(&ticket.service, |(service, _)| service);
    let itself = outcome.delivered.then(|| Delivery { service: service.clone(), quantity: 1 });
    Ok(Event::ServiceFinished {
        ticket: ticket.id,
        counter: counter.clone(),
        outcome: outcome.id.clone(),
        delivered: summed(itself.into_iter().chain(extra.iter().cloned())),
        corrected,
    })
}

/// Each service once.
fn summed(deliveries: impl Iterator<Item = Delivery>) -> Vec<Delivery> {
    let mut all: Vec<Delivery> = Vec::new();
    for delivery in deliveries {
        match all.iter_mut().find(|known| known.service == delivery.service) {
            Some(known) => known.quantity = known.quantity.saturating_add(delivery.quantity),
            None => all.push(delivery),
        }
    }
    all
}

/// The visitor fetches something; whoever is at the counter frees it for the next.
pub fn hold(
    rules: &Rules,
    day: &Day,
    counter: &CounterId,
    seen: Seen,
    reason: &ReasonId,
    until: At,
    now: At,
) -> Decided {
    let ticket = serving(rules, day, counter, seen)?;
    if !rules.conduct.hold_reasons.iter().any(|known| known.id == *reason) {
        return Err(Refusal::UnknownReason);
    }
    // Whoever comes back tomorrow takes a number tomorrow.
    if until <= now || rules.business_day(until) != rules.business_day(now) {
        return Err(Refusal::BadTime);
    }
    let (counter, reason) = (counter.clone(), reason.clone());
    Ok(vec![Event::TicketHeld { ticket: ticket.id, counter, reason, until }])
}

/// A ticket on hold comes to a counter of its agency before its time.
pub fn resume(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen, ticket: TicketId) -> Decided {
    free(rules, day, counter, seen)?;
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    if ticket.state != TicketState::OnHold {
        return Err(Refusal::NotHeld);
    }
    own(rules, known(rules, counter)?, ticket)?;
    let (number, counter) = (ticket.number.clone(), counter.clone());
    Ok(vec![Event::TicketResumed { ticket: ticket.id, number, counter }])
}

/// On to another service or counter. Who was only called keeps the rank; who was served is referred,
/// and stands behind those who wait there, or behind the next few of them.
pub fn transfer(
    rules: &Rules,
    day: &Day,
    counter: &CounterId,
    seen: Seen,
    service: &ServiceId,
    only_at: Option<&CounterId>,
    now: At,
) -> Decided {
    let ticket = at_counter(rules, day, counter, seen)?.ok_or(Refusal::NothingCalled)?;
    let agency = agency_of(rules, service)?;
    if only_at.is_none_or(|at| at == counter) && *service == ticket.service {
        return Err(Refusal::AlreadyThere);
    }
    let target = match only_at {
        Some(id) => {
            let target = known(rules, id)?;
            if !day.services_at(target).contains(service) {
                return Err(Refusal::NotServedThere);
            }
            if day.counter(id).phase == CounterPhase::Closed {
                return Err(Refusal::TargetClosed);
            }
            Some(target)
        }
        None => turn::likely_caller(rules, day, service, None),
    };
    let served = ticket.state == TicketState::Serving;
    let rank_at = match target {
        _ if !served => ticket.rank_at,
        Some(target) => turn::rank_behind(day, target, ticket.class, rules.conduct.referral_behind, now),
        None => day.end_of_queue(now),
    };
    Ok(vec![Event::TicketTransferred {
        ticket: ticket.id,
        counter: counter.clone(),
        service: service.clone(),
        agency,
        only_at: only_at.cloned(),
        rank_at,
        served,
    }])
}

pub fn open(rules: &Rules, day: &Day, counter: &CounterId, staff: &StaffId) -> Decided {
    known(rules, counter)?;
    let state = day.counter(counter);
    if state.phase == CounterPhase::Open && state.staff.as_ref() == Some(staff) {
        return Ok(vec![]);
    }
    Ok(vec![Event::CounterOpened { counter: counter.clone(), staff: staff.clone() }])
}

pub fn pause(rules: &Rules, day: &Day, counter: &CounterId) -> Decided {
    known(rules, counter)?;
    let state = day.counter(counter);
    match (state.phase, state.active) {
        (CounterPhase::Closed, _) => Err(Refusal::CounterNotOpen),
        (_, Some(_)) => Err(Refusal::TicketActive),
        (CounterPhase::Paused, None) => Ok(vec![]),
        (CounterPhase::Open, None) => Ok(vec![Event::CounterPaused { counter: counter.clone() }]),
    }
}

pub fn close(day: &Day, counter: &CounterId) -> Decided {
    // Not asked of the rules: a counter that left the config can still be closed.
    let state = day.counter(counter);
    if state.phase == CounterPhase::Closed {
        return Ok(vec![]);
    }
    let back = state.active.map(|ticket| Event::TicketHandedBack { ticket, counter: counter.clone() });
    Ok(back.into_iter().chain([Event::CounterClosed { counter: counter.clone() }]).collect())
}

/// What a counter serves for the rest of the day; services of its own agency.
pub fn assign(
    rules: &Rules,
    day: &Day,
    counter: &CounterId,
    services: &[ServiceId],
    by: &StaffId,
) -> Decided {
    let known = known(rules, counter)?;
    if services.is_empty() {
        return Err(Refusal::NoServices);
    }
    let mut wanted: Vec<ServiceId> = Vec::new();
    for service in services {
        if agency_of(rules, service)? != known.agency {
            return Err(Refusal::ForeignService);
        }
        if !wanted.contains(service) {
            wanted.push(service.clone());
        }
    }
    if day.services_at(known) == wanted {
        return Ok(vec![]);
    }
    Ok(vec![Event::CounterAssigned { counter: counter.clone(), services: wanted, by: by.clone() }])
}

/// The ticket at an open counter, if the act was made in sight of it.
fn at_counter<'a>(
    rules: &Rules,
    day: &'a Day,
    counter: &CounterId,
    seen: Seen,
) -> Result<Option<&'a Ticket>, Refusal> {
    known(rules, counter)?;
    let active = day.active(counter);
    let in_sight = match seen {
        Seen::Unsaid => true,
        Seen::Free => active.is_none(),
        Seen::Ticket { ticket, seq } => active.is_some_and(|active| active.id == ticket && active.seq == seq),
    };
    if !in_sight {
        return Err(Refusal::Changed);
    }
    if day.counter(counter).phase != CounterPhase::Open {
        return Err(Refusal::CounterNotOpen);
    }
    Ok(active)
}

/// The counter is open and nobody is at it.
fn free(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen) -> Result<(), Refusal> {
    match at_counter(rules, day, counter, seen)? {
        None => Ok(()),
        Some(_) => Err(Refusal::TicketActive),
    }
}

fn called<'a>(rules: &Rules, day: &'a Day, counter: &CounterId, seen: Seen) -> Result<&'a Ticket, Refusal> {
    at_counter(rules, day, counter, seen)?
        .filter(|ticket| ticket.state == TicketState::Called)
        .ok_or(Refusal::NothingCalled)
}

fn serving<'a>(rules: &Rules, day: &'a Day, counter: &CounterId, seen: Seen) -> Result<&'a Ticket, Refusal> {
    at_counter(rules, day, counter, seen)?
        .filter(|ticket| ticket.state == TicketState::Serving)
        .ok_or(Refusal::NothingServing)
}

/// A counter takes only tickets that wait for its own agency.
fn own(rules: &Rules, counter: &Counter, ticket: &Ticket) -> Result<(), Refusal> {
    if agency_of(rules, &ticket.service)? == counter.agency { Ok(()) } else { Err(Refusal::ForeignTicket) }
}

/// Whoever was called a moment ago may still be on the way.
fn patience(rules: &Rules, ticket: &Ticket, now: At) -> Result<(), Refusal> {
    let last = ticket.recalled_at.or(ticket.called_at);
    // A clock that was set back must not make anybody wait.
    let passed_s = last.map_or(i64::MAX, |last| (now - last).num_seconds());
    let left_s = i64::from(rules.conduct.call_gap_s) - passed_s;
    if passed_s < 0 || left_s <= 0 {
        return Ok(());
    }
    Err(Refusal::TooSoon { wait_s: u32::try_from(left_s).unwrap_or(u32::MAX) })
}
