//! What staff say of a service, and what is told to everyone when an act changes who is open.

use chrono::TimeDelta;

use super::agency_of;
use super::counter::Decided;
use crate::queue::{
    Actor, Agency, At, Day, Event, ReasonId, Recorded, Refusal, Rules, ServiceId, Told, calendar,
};

/// No numbers for a service, until a moment of the same day or until staff say otherwise.
pub fn stop(
    rules: &Rules,
    day: &Day,
    service: &ServiceId,
    reason: &ReasonId,
    until: Option<At>,
    by: &Actor,
    now: At,
) -> Decided {
    let agency = agency_of(rules, service)?;
    if is_stopped(day, service, now) {
        return Err(Refusal::AlreadyStopped);
    }
    let known = rules.conduct.stop_reasons.iter().find(|known| known.id == *reason);
    let name = known.ok_or(Refusal::UnknownReason)?.name.clone();
    // A stop ends with the day by itself; one for days is a matter of the calendar.
    if until.is_some_and(|until| until <= now || rules.business_day(until) != rules.business_day(now)) {
        return Err(Refusal::BadTime);
    }
    let (service, reason, by) = (service.clone(), reason.clone(), by.clone());
    Ok(vec![Event::ServiceStopped { service, agency, reason, name, until, by }])
}

/// Numbers again.
pub fn accept(rules: &Rules, day: &Day, service: &ServiceId, by: &Actor, now: At) -> Decided {
    agency_of(rules, service)?;
    if !is_stopped(day, service, now) {
        return Err(Refusal::NotStopped);
    }
    Ok(vec![Event::ServiceAccepted { service: service.clone(), by: by.clone() }])
}

fn is_stopped(day: &Day, service: &ServiceId, now: At) -> bool {
    day.stop(service).is_some_and(|stop| stop.holds(now))
}

/// What an act makes of who is open: told with it, so that no board ever says what the next wish would
/// be refused for.
pub fn consequences(rules: &Rules, day: &Day, events: &[Event], now: At) -> Vec<Event> {
    let clock = events.iter().find_map(believed_again);
    let now = clock.map_or(now, |step| now + step);
    // A day that has ended is told of by the tick that changes it.
    if day.date().is_none_or(|today| rules.business_day(now) > today) {
        return Vec::new();
    }
    let looks = rules.look_at_the_day();
    let said = |event: &Event| matches!(event, Event::ServiceStopped { .. } | Event::ServiceAccepted { .. });
    if !looks && clock.is_none() && !events.iter().any(said) {
        return Vec::new();
    }
    let after = believed(day, events, now);
    if clock.is_some() {
        return changes(rules, &after, &rules.agencies, now);
    }
    let mut concerned: Vec<&Agency> = Vec::new();
    for agency in events.iter().flat_map(|event| agencies_of(rules, [day, &after], event)) {
        if concerned.iter().all(|known| known.id != agency.id) {
            concerned.push(agency);
        }
    }
    changes(rules, &after, concerned, now)
}

/// The time is known again: how far it moves with this event. A clock that is believed of itself has
/// moved already.
fn believed_again(event: &Event) -> Option<TimeDelta> {
    match event {
        Event::ClockConfirmed { moved, .. } => Some(TimeDelta::milliseconds(moved.step_ms)),
        Event::ClockBelieved { .. } => Some(TimeDelta::zero()),
        _ => None,
    }
}

/// The difference between what everyone was told of these agencies and what is so now.
pub fn changes<'a>(
    rules: &'a Rules,
    day: &Day,
    agencies: impl IntoIterator<Item = &'a Agency>,
    now: At,
) -> Vec<Event> {
    let mut events = Vec::new();
    for agency in agencies {
        for service in &agency.services {
            let told = Told::from(calendar::openness(rules, day, agency, service, now));
            if day.told(&service.id) == Some(&told) {
                continue;
            }
            let service = service.id.clone();
            events.push(match told {
                Told::Open(warning) => Event::ServiceOpened { service, warning },
                Told::Closed(closed) => Event::ServiceClosed {
                    service,
                    code: closed.code,
                    until: closed.until,
                    opens: closed.opens,
                    name: closed.name,
                },
            });
        }
    }
    events
}

/// The day as it will be once these events are written.
pub fn believed(day: &Day, events: &[Event], now: At) -> Day {
    let mut after = day.clone();
    for event in events {
        let date = match event {
            Event::DayChanged { to, .. } => *to,
            _ => after.date().unwrap_or_default(),
        };
        after.apply(&Recorded { seq: after.seq().next(), at: now, day: date, event: event.clone() });
    }
    after
}

/// The agencies whose answers an event may change: of the ticket, before and after, and of the counter.
fn agencies_of<'a>(
    rules: &'a Rules,
    days: [&Day; 2],
    event: &Event,
) -> impl Iterator<Item = &'a Agency> + use<'a> {
    let by_ticket = days.map(|day| event.ticket().and_then(|id| day.ticket(id)));
    let mut services: Vec<ServiceId> = by_ticket
        .iter()
        .flatten()
        .flat_map(|ticket| [&ticket.service, &ticket.issued_for])
        .cloned()
        .collect();
    if let Event::ServiceStopped { service, .. } | Event::ServiceAccepted { service, .. } = event {
        services.push(service.clone());
    }
    let counter = match event {
        Event::CounterOpened { counter, .. }
        | Event::CounterPaused { counter }
        | Event::CounterAssigned { counter, .. }
        | Event::CounterClosed { counter } => rules.counter(counter),
        _ => None,
    };
    let of_counter = counter.and_then(|counter| rules.agency(&counter.agency));
    services.into_iter().filter_map(|id| rules.service(&id).map(|(agency, _)| agency)).chain(of_counter)
}
