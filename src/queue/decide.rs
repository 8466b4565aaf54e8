//! From a wish to events, or to a refusal.

use super::command::Canceller;
use super::{
    At, Command, Counter, CounterId, CounterPhase, Day, Event, Issue, Openness, Outcome, PrinterId, Refusal,
    Rules, Seen, SlipId, SlipOutcome, SlipState, SlipTrouble, StaffId, Ticket, TicketId, TicketState,
    calendar, turn,
};

/// What a command makes of the day. The events are meant to follow line `day.seq()` of the journal.
///
/// # Errors
/// The refusal; nothing may be written then.
pub fn decide(rules: &Rules, day: &Day, command: &Command, now: At) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Issue(wish) => issue(rules, day, wish, now),
        Command::CallNext { counter, seen } => call_next(rules, day, counter, *seen),
        Command::Recall { counter, seen } => {
            let ticket = called(rules, day, counter, *seen)?;
            Ok(vec![Event::TicketRecalled {
                ticket: ticket.id,
                number: ticket.number.clone(),
                counter: counter.clone(),
                calls: ticket.calls + 1,
            }])
        }
        Command::Start { counter, seen } => {
            let ticket = called(rules, day, counter, *seen)?.id;
            Ok(vec![Event::ServiceStarted { ticket, counter: counter.clone() }])
        }
        Command::Finish { counter, seen } => {
            let ticket = at_counter(rules, day, counter, *seen)?
                .filter(|ticket| ticket.state == TicketState::Serving)
                .ok_or(Refusal::NothingServing)?
                .id;
            Ok(vec![finished(ticket, counter)])
        }
        Command::NoShow { counter, seen } => {
            let ticket = called(rules, day, counter, *seen)?.id;
            Ok(vec![Event::TicketMissed { ticket, counter: counter.clone() }])
        }
        Command::Cancel { ticket, by } => cancel(day, *ticket, by),
        Command::OpenCounter { counter, staff } => open(rules, day, counter, staff),
        Command::PauseCounter { counter } => {
            known(rules, counter)?;
            let state = day.counter(counter);
            match (state.phase, state.active) {
                (CounterPhase::Closed, _) => Err(Refusal::CounterNotOpen),
                (_, Some(_)) => Err(Refusal::TicketActive),
                (CounterPhase::Paused, None) => Ok(vec![]),
                (CounterPhase::Open, None) => Ok(vec![Event::CounterPaused { counter: counter.clone() }]),
            }
        }
        Command::CloseCounter { counter } => close(day, counter),
        Command::ReportSlip { slip, outcome, by } => report_slip(day, *slip, *outcome, by.as_ref()),
        Command::Reprint { ticket, printer, by } => reprint(rules, day, *ticket, printer.as_ref(), by),
        Command::Settle => Ok(settle(day, SlipTrouble::Restarted)),
        Command::Tick => Ok(tick(rules, day, now)),
    }
}

fn issue(rules: &Rules, day: &Day, wish: &Issue, now: At) -> Result<Vec<Event>, Refusal> {
    let (agency, service) = rules.service(&wish.service).ok_or(Refusal::UnknownService)?;
    if let Openness::Closed(closed) = calendar::openness(rules, agency, service, now) {
        return Err(Refusal::ServiceClosed(closed));
    }
    if let Some(printer) = &wish.printer
        && !rules.printers.contains(printer)
    {
        return Err(Refusal::UnknownPrinter);
    }
    Ok(vec![Event::TicketIssued {
        ticket: TicketId(day.seq().next()),
        number: rules.emergency.skipped(day.next_number(&service.prefix)),
        service: service.id.clone(),
        agency: agency.id.clone(),
        class: wish.class,
        language: wish.language,
        origin: wish.origin.clone(),
        printer: wish.printer.clone(),
        nonce: wish.nonce,
    }])
}

fn call_next(rules: &Rules, day: &Day, counter: &CounterId, seen: Seen) -> Result<Vec<Event>, Refusal> {
    let active = at_counter(rules, day, counter, seen)?;
    let mut events = Vec::new();
    match active.map(|ticket| (ticket.id, ticket.state)) {
        Some((_, TicketState::Called)) => return Err(Refusal::TicketCalled),
        Some((ticket, _)) => events.push(finished(ticket, counter)),
        None => {}
    }
    let services = &known(rules, counter)?.services;
    match turn::next(rules, day, services, &day.counter(counter)) {
        Some(turn) => {
            let ticket = day.ticket(turn.ticket).ok_or(Refusal::UnknownTicket)?;
            events.push(Event::TicketCalled {
                ticket: ticket.id,
                number: ticket.number.clone(),
                counter: counter.clone(),
                regulars_since_overtaking: turn.regulars_since_overtaking,
            });
            Ok(events)
        }
        // The clerk asked for the next visitor, and there is none: what is being served stays so.
        None => Err(Refusal::NobodyWaiting),
    }
}

fn finished(ticket: TicketId, counter: &CounterId) -> Event {
    Event::ServiceFinished { ticket, counter: counter.clone(), outcome: Outcome::Completed }
}

fn cancel(day: &Day, ticket: TicketId, by: &Canceller) -> Result<Vec<Event>, Refusal> {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    let counter = match (ticket.state, by) {
        (TicketState::Waiting, _) => None,
        (TicketState::Called, Canceller::Staff(_) | Canceller::Api(_)) => ticket.counter.clone(),
        _ => return Err(Refusal::NotCancellable),
    };
    Ok(vec![Event::TicketCancelled { ticket: ticket.id, counter, by: by.clone() }])
}

fn open(rules: &Rules, day: &Day, counter: &CounterId, staff: &StaffId) -> Result<Vec<Event>, Refusal> {
    known(rules, counter)?;
    let state = day.counter(counter);
    if state.phase == CounterPhase::Open && state.staff.as_ref() == Some(staff) {
        return Ok(vec![]);
    }
    Ok(vec![Event::CounterOpened { counter: counter.clone(), staff: staff.clone() }])
}

fn close(day: &Day, counter: &CounterId) -> Result<Vec<Event>, Refusal> {
    // Not asked of the rules: a counter that left the config can still be closed.
    let state = day.counter(counter);
    if state.phase == CounterPhase::Closed {
        return Ok(vec![]);
    }
    let back = state.active.map(|ticket| Event::TicketHandedBack { ticket, counter: counter.clone() });
    Ok(back.into_iter().chain([Event::CounterClosed { counter: counter.clone() }]).collect())
}

fn report_slip(
    day: &Day,
    slip: SlipId,
    outcome: SlipOutcome,
    by: Option<&StaffId>,
) -> Result<Vec<Event>, Refusal> {
    let record = day.slip(slip).ok_or(Refusal::UnknownSlip)?;
    if !record.state.accepts(outcome) {
        return Err(Refusal::SlipSettled);
    }
    Ok(vec![Event::SlipSettled { slip, ticket: record.ticket, outcome, by: by.cloned() }])
}

fn reprint(
    rules: &Rules,
    day: &Day,
    ticket: TicketId,
    printer: Option<&PrinterId>,
    by: &StaffId,
) -> Result<Vec<Event>, Refusal> {
    let ticket = day.ticket(ticket).ok_or(Refusal::UnknownTicket)?;
    let counts = matches!(
        ticket.state,
        TicketState::Waiting | TicketState::Called | TicketState::Serving | TicketState::NoShow
    );
    if !counts {
        return Err(Refusal::TicketOver);
    }
    let newest = ticket.slip.and_then(|slip| day.slip(slip));
    if newest.is_some_and(|slip| slip.state == SlipState::Queued) {
        return Err(Refusal::SlipOnItsWay);
    }
    let printer = printer.or(ticket.printer.as_ref()).ok_or(Refusal::NoPrinter)?;
    if !rules.printers.contains(printer) {
        return Err(Refusal::UnknownPrinter);
    }
    Ok(vec![Event::TicketReprinted { ticket: ticket.id, printer: printer.clone(), by: by.clone() }])
}

fn settle(day: &Day, trouble: SlipTrouble) -> Vec<Event> {
    let outcome = SlipOutcome::Uncertain { trouble };
    day.queued_slips()
        .map(|slip| Event::SlipSettled { slip: slip.id, ticket: slip.ticket, outcome, by: None })
        .collect()
}

fn tick(rules: &Rules, day: &Day, now: At) -> Vec<Event> {
    let mut events = Vec::new();
    let today = rules.business_day(now);
    // The business day never goes back, whatever the clock says.
    let changes = day.date().is_none_or(|date| today > date);
    if changes {
        // Nobody will report on yesterday's paper any more.
        events.extend(settle(day, SlipTrouble::TooLate));
        let in_state = |states: &[TicketState]| {
            day.tickets().filter(|ticket| states.contains(&ticket.state)).map(|ticket| ticket.id).collect()
        };
        let open = day.counters().filter(|(_, state)| state.phase != CounterPhase::Closed);
        events.push(Event::DayChanged {
            from: day.date(),
            to: today,
            expired: in_state(&[TicketState::Waiting, TicketState::Called, TicketState::NoShow]),
            ended: in_state(&[TicketState::Serving]),
            closed: open.map(|(id, _)| id.clone()).collect(),
        });
    }
    for agency in &rules.agencies {
        for service in &agency.services {
            let told = if changes { None } else { day.told_closed(&service.id) };
            let closed = calendar::openness(rules, agency, service, now).closed();
            if told != Some(closed) {
                let service = service.id.clone();
                events.push(match closed {
                    None => Event::ServiceOpened { service },
                    Some(closed) => Event::ServiceClosed { service, code: closed.code, until: closed.until },
                });
            }
        }
    }
    events
}

fn known<'a>(rules: &'a Rules, counter: &CounterId) -> Result<&'a Counter, Refusal> {
    rules.counter(counter).ok_or(Refusal::UnknownCounter)
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

fn called<'a>(rules: &Rules, day: &'a Day, counter: &CounterId, seen: Seen) -> Result<&'a Ticket, Refusal> {
    at_counter(rules, day, counter, seen)?
        .filter(|ticket| ticket.state == TicketState::Called)
        .ok_or(Refusal::NothingCalled)
}
