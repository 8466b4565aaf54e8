//! What time it is.

use chrono::TimeDelta;

use super::super::event::Moved;
use super::super::house_time;
use super::super::{Actor, At, Day, Doubt, Event, Refusal, Rules};

/// A date further away than this is a slip of the finger.
const FURTHEST: TimeDelta = TimeDelta::days(400);

pub(super) fn follow(
    day: &Day,
    offset_ms: i64,
    doubt: Option<Doubt>,
    step_ms: i64,
    system: At,
) -> Vec<Event> {
    let known = day.clock();
    match doubt {
        Some(why) if known.doubt == Some(why) => vec![],
        Some(why) => vec![Event::ClockDoubted { why, system }],
        None if known.doubt.is_none() && known.offset_ms == offset_ms => vec![],
        None => vec![Event::ClockBelieved { offset_ms, moved: Moved { step_ms, since: known.since } }],
    }
}

/// A person says what time it is. The business day never goes back, so that a wrong month would freeze it
/// for as long: where nobody has a doubt, no day is taken that a start would have doubted.
pub(super) fn confirm(
    rules: &Rules,
    day: &Day,
    truth: At,
    system: At,
    by: &Actor,
    now: At,
) -> Result<Vec<Event>, Refusal> {
    let last = day.last_at().unwrap_or(now);
    if !house_time::possible(truth) || (house_time::possible(last) && truth - last > FURTHEST) {
        return Err(Refusal::BadDate);
    }
    let unasked = day.clock().doubt.is_none() && house_time::possible(now);
    if unasked && truth - now > TimeDelta::days(i64::from(rules.max_forward_days)) {
        return Err(Refusal::BadDate);
    }
    let offset = house_time::offset_of(truth, system);
    let step_ms = (system + offset - now).num_milliseconds();
    Ok(vec![Event::ClockConfirmed {
        offset_ms: offset.num_milliseconds(),
        moved: Moved { step_ms, since: day.clock().since },
        by: by.clone(),
    }])
}
