//! A clerk asks to close a counter, a supervisor answers.

use super::counter::Decided;
use super::{known, service};
use crate::queue::{At, CounterId, CounterPhase, Day, Event, ReasonId, Refusal, Rules, StaffId};

/// One request at a time; it ends with its answer, with the counter's closing, or with the day.
pub fn request(rules: &Rules, day: &Day, counter: &CounterId, reason: &ReasonId, by: &StaffId) -> Decided {
    known(rules, counter)?;
    let state = day.counter(counter);
    if state.phase == CounterPhase::Closed {
        return Err(Refusal::CounterNotOpen);
    }
    if state.closure.is_some() {
        return Err(Refusal::ClosurePending);
    }
    if !rules.conduct.closure_reasons.iter().any(|known| known.id == *reason) {
        return Err(Refusal::UnknownReason);
    }
    Ok(vec![Event::ClosureRequested { counter: counter.clone(), reason: reason.clone(), by: by.clone() }])
}

/// Yes or no, once.
pub fn decide(day: &Day, counter: &CounterId, granted: bool, by: &StaffId) -> Decided {
    let closure = day.counter(counter).closure.ok_or(Refusal::NoClosure)?;
    if closure.granted {
        return Err(Refusal::ClosureDecided);
    }
    Ok(vec![Event::ClosureDecided { counter: counter.clone(), granted, by: by.clone() }])
}

/// Counters that were told to close and at which nobody is left after these events.
pub fn closings(day: &Day, events: &[Event], now: At) -> Vec<Event> {
    let granted = |event: &Event| matches!(event, Event::ClosureDecided { granted: true, .. });
    let told = day.counters().any(|(_, state)| state.is_closing());
    if !told && !events.iter().any(granted) {
        return Vec::new();
    }
    let after = service::believed(day, events, now);
    let free = after.counters().filter(|(_, state)| state.is_closing() && state.active.is_none());
    free.map(|(counter, _)| Event::CounterClosed { counter: counter.clone() }).collect()
}
