//! From a wish to events, or to a refusal.

mod clock;
mod closure;
mod counter;
mod downtime;
mod emergency;
mod notice;
mod service;
mod ticket;

use super::event::InForce;
use super::recovery::recovered;
use super::{
    AgencyId, At, Command, Counter, CounterId, CounterPhase, Day, Event, Issue, PrinterId, Refusal, Rules,
    ServiceId, SlipId, SlipOutcome, SlipState, SlipTrouble, StaffId, TicketId, TicketState, calendar,
    forecast,
};

/// What a command makes of the day. The events are meant to follow line `day.seq()` of the journal.
///
/// # Errors
/// The refusal; nothing may be written then.
pub fn decide(rules: &Rules, day: &Day, command: &Command, now: At) -> Result<Vec<Event>, Refusal> {
    let mut events = act(rules, day, command, now)?;
    let closings = closure::closings(day, &events, now);
    events.extend(closings);
    if !matches!(command, Command::Tick) {
        events.extend(service::consequences(rules, day, &events, now));
    }
    Ok(events)
}

fn act(rules: &Rules, day: &Day, command: &Command, now: At) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Issue(wish) => issue(rules, day, wish, now),
        Command::Adopt(wish) => emergency::adopt(rules, day, wish, now),
        Command::CallNext { counter: at, seen } => counter::call_next(rules, day, at, *seen),
        Command::Call { counter: at, seen, ticket, reason } => {
            counter::call(rules, day, at, *seen, *ticket, reason)
        }
        Command::Recall { counter: at, seen } => counter::recall(rules, day, at, *seen, now),
        Command::Start { counter: at, seen } => counter::start(rules, day, at, *seen),
        Command::Finish { counter: at, seen, ending } => counter::finish(rules, day, at, *seen, ending),
        Command::NoShow { counter: at, seen } => counter::no_show(rules, day, at, *seen, now),
        Command::Hold { counter: at, seen, reason, until } => {
            counter::hold(rules, day, at, *seen, reason, *until, now)
        }
        Command::Resume { counter: at, seen, ticket } => counter::resume(rules, day, at, *seen, *ticket),
        Command::Transfer { counter: at, seen, service, only_at } => {
            counter::transfer(rules, day, at, *seen, service, only_at.as_ref(), now)
        }
        Command::Cancel { ticket, by } => ticket::cancel(day, *ticket, by),
        Command::Return { ticket, by } => ticket::come_back(rules, day, *ticket, by, now),
        Command::SetClass { ticket, class, by } => ticket::set_class(day, *ticket, *class, by),
        Command::Undo { ticket, counter, by } => ticket::undo(rules, day, *ticket, counter.as_ref(), by, now),
        Command::OpenCounter { counter: at, staff } => counter::open(rules, day, at, staff),
        Command::AssignCounter { counter: at, services, by } => counter::assign(rules, day, at, services, by),
        Command::PauseCounter { counter: at } => counter::pause(rules, day, at),
        Command::CloseCounter { counter: at } => counter::close(day, at),
        Command::RequestClosure { counter: at, reason, by } => closure::request(rules, day, at, reason, by),
        Command::DecideClosure { counter: at, granted, by } => closure::decide(day, at, *granted, by),
        Command::PostNotice { text, until, by } => notice::post(rules, day, text, *until, by, now),
        Command::EndNotice { notice, by } => notice::end(day, *notice, by),
        Command::AcknowledgeAlarm { alarm, by } => notice::acknowledge(day, alarm, by),
        Command::StopService { service, reason, until, by } => {
            service::stop(rules, day, service, reason, *until, by, now)
        }
        Command::AcceptService { service, by } => service::accept(rules, day, service, by, now),
        Command::ReportSlip { slip, outcome, by } => report_slip(day, *slip, *outcome, by.as_ref()),
        Command::Reprint { ticket, printer, by } => reprint(rules, day, *ticket, printer.as_ref(), by),
        Command::FollowClock { offset_ms, doubt, step_ms, system } => {
            Ok(clock::follow(day, *offset_ms, *doubt, *step_ms, *system))
        }
        Command::ConfirmClock { truth, system, by } => clock::confirm(rules, day, *truth, *system, by, now),
        Command::ReportPart { part, trouble, since } => {
            Ok(downtime::report(rules, day, part, *trouble, *since))
        }
        Command::ReportDark { trouble, from, to } => Ok(downtime::dark(day, *trouble, *from, *to, now)),
        Command::ChangeRules(config) => Ok(change_rules(day, config)),
        Command::Settle => Ok(settle(day, SlipTrouble::Restarted)),
        Command::Recover(recovery) => Ok(vec![recovered(rules, day, recovery)]),
        Command::Tick => Ok(tick(rules, day, now)),
    }
}

fn issue(rules: &Rules, day: &Day, wish: &Issue, now: At) -> Result<Vec<Event>, Refusal> {
    let (agency, service) = rules.service(&wish.service).ok_or(Refusal::UnknownService)?;
    if let Some(closed) = calendar::refused(rules, day, agency, service, now) {
        return Err(Refusal::ServiceClosed(closed));
    }
    if let Some(printer) = &wish.printer
        && !rules.printers.contains(printer)
    {
        return Err(Refusal::UnknownPrinter);
    }
    Ok(vec![Event::TicketIssued {
        ticket: TicketId(day.seq().next()),
        number: day.free_number(&service.prefix, rules.emergency),
        service: service.id.clone(),
        agency: agency.id.clone(),
        class: wish.class,
        language: wish.language,
        origin: wish.origin.clone(),
        printer: wish.printer.clone(),
        nonce: wish.nonce,
        forecast: forecast::of_newcomer(rules, day, agency, service, wish.class, now),
        entered_at: None,
        invited: rules.invite_every.is_some_and(|every| day.since_invited() + 1 >= every),
    }])
}

/// A config is written down when it is another one, or when the rest of it comes into force.
fn change_rules(day: &Day, config: &InForce) -> Vec<Event> {
    let known = day.config().is_some_and(|known| **known == *config);
    (!known).then(|| Event::RulesChanged(config.clone().into())).into_iter().collect()
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
        TicketState::Waiting
            | TicketState::Called
            | TicketState::Serving
            | TicketState::OnHold
            | TicketState::NoShow
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
            expired: in_state(&[
                TicketState::Waiting,
                TicketState::Called,
                TicketState::OnHold,
                TicketState::NoShow,
            ]),
            ended: in_state(&[TicketState::Serving]),
            closed: open.map(|(id, _)| id.clone()).collect(),
            cycles: day.cycles_to_keep(),
            clock: day.clock(),
            config: day.config().cloned(),
            failed: day.failures().map(|(part, failure)| (part.clone(), *failure)).collect(),
            since_invited: day.since_invited(),
        });
    }
    events.extend(downtime::gone(rules, day));
    if !changes {
        let over = day.held().take_while(|ticket| ticket.hold.as_ref().is_some_and(|hold| hold.until <= now));
        events.extend(over.map(|ticket| Event::HoldEnded { ticket: ticket.id }));
        let read = day.notices().filter(|notice| notice.until <= now);
        events.extend(read.map(|notice| Event::NoticeEnded { notice: notice.id, by: None }));
        // Nobody can sit at a counter that the config no longer has.
        let gone = day.counters().filter(|(id, _)| rules.counter(id).is_none());
        events.extend(gone.filter_map(|(id, _)| counter::close(day, id).ok()).flatten());
        // Nobody can say whether a counter whose hours are over will be attended again; a ticket there
        // says that it is.
        let left = rules.counters.iter().filter(|counter| {
            let state = day.counter(&counter.id);
            let staffed = calendar::is_staffed(rules, counter, &state, now);
            state.phase != CounterPhase::Closed && state.active.is_none() && !staffed
        });
        events.extend(left.filter_map(|counter| counter::close(day, &counter.id).ok()).flatten());
    }
    let after = service::believed(day, &events, now);
    events.extend(service::changes(rules, &after, &rules.agencies, now));
    events
}

/// The agency a service belongs to.
fn agency_of(rules: &Rules, service: &ServiceId) -> Result<AgencyId, Refusal> {
    rules.service(service).map(|(agency, _)| agency.id.clone()).ok_or(Refusal::UnknownService)
}

fn known<'a>(rules: &'a Rules, counter: &CounterId) -> Result<&'a Counter, Refusal> {
    rules.counter(counter).ok_or(Refusal::UnknownCounter)
}
