//! What is done with a ticket wherever it stands.

use super::agency_of;
use super::counter::Decided;
use crate::queue::{
    Actor, At, Class, CounterId, CounterPhase, Day, Event, Refusal, Rules, Ticket, TicketId, TicketState,
    turn,
};

/// Gives a ticket up. The visitor may only while waiting.
pub fn cancel(day: &Day, ticket: TicketId, by: &Actor) -> Decided {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    let counter = match (ticket.state, by) {
        (TicketState::Waiting, _) | (TicketState::OnHold, Actor::Staff(_) | Actor::Api(_)) => None,
        (TicketState::Called, Actor::Staff(_) | Actor::Api(_)) => ticket.counter.clone(),
        _ => return Err(Refusal::NotCancellable),
    };
    Ok(vec![Event::TicketCancelled { ticket: ticket.id, counter, by: by.clone() }])
}

/// Who was missed has come: soon enough, behind the next few; later, at the end.
pub fn come_back(rules: &Rules, day: &Day, ticket: TicketId, by: &Actor, now: At) -> Decided {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    if ticket.state != TicketState::NoShow {
        return Err(Refusal::NotMissed);
    }
    let conduct = &rules.conduct;
    let tolerance = chrono::TimeDelta::minutes(i64::from(conduct.return_within_min));
    let soon = ticket.ended_at.is_some_and(|missed| now - missed <= tolerance);
    let caller = turn::likely_caller(rules, day, &ticket.service, ticket.only_at.as_ref());
    let rank_at = match caller {
        Some(counter) if soon => {
            turn::rank_behind(day, counter, ticket.class, Some(conduct.return_behind), now)
        }
        _ => day.end_of_queue(now),
    };
    Ok(vec![Event::TicketReturned { ticket: ticket.id, rank_at, by: by.clone() }])
}

/// Gives or takes priority while it can still matter.
pub fn set_class(day: &Day, ticket: TicketId, class: Class, by: &Actor) -> Decided {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    let matters = matches!(ticket.state, TicketState::Waiting | TicketState::OnHold | TicketState::NoShow);
    match (matters, ticket.class == class) {
        (false, _) => Err(Refusal::NotWaiting),
        (true, true) => Ok(vec![]),
        (true, false) => Ok(vec![Event::ClassChanged { ticket: ticket.id, class, by: by.clone() }]),
    }
}

/// Takes back one's own finish, no-show, cancel or transfer, soon enough and if nothing came after it.
pub fn undo(
    rules: &Rules,
    day: &Day,
    ticket: TicketId,
    counter: Option<&CounterId>,
    by: &Actor,
    now: At,
) -> Decided {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    let undo = ticket.undo.as_ref().ok_or(Refusal::NothingToUndo)?;
    let at_ones_counter = undo.counter.is_some() && undo.counter.as_ref() == counter;
    if !at_ones_counter && undo.by.as_ref() != Some(by) {
        return Err(Refusal::NotYours);
    }
    // A clock that was set back does not take the time away.
    if now - undo.at > chrono::TimeDelta::seconds(i64::from(rules.conduct.undo_within_s)) {
        return Err(Refusal::TooLateToUndo);
    }
    let before: &Ticket = &undo.before;
    let back_to = before.counter.as_ref().filter(|_| before.state.is_active());
    if let Some(counter) = back_to {
        let state = day.counter(counter);
        if state.active.is_some() {
            return Err(Refusal::TicketActive);
        }
        if state.phase != CounterPhase::Open {
            return Err(Refusal::CounterNotOpen);
        }
    }
    // One whose counter has closed since waits for the service.
    let agency = agency_of(rules, &before.service)?;
    Ok(vec![Event::TicketReopened {
        ticket: ticket.id,
        undone: undo.undone,
        state: before.state,
        left: ticket.service.clone(),
        service: before.service.clone(),
        agency,
        counter: back_to.cloned(),
        calls: before.calls,
        called_at: before.called_at,
        by: by.clone(),
    }])
}
