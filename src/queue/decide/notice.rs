//! What everyone is told for a while.

use super::counter::Decided;
use crate::queue::{AlarmId, At, Day, Event, Notice, NoticeId, Refusal, Rules, StaffId, Text};

/// A line for the lobby, until a moment of the same day.
pub fn post(rules: &Rules, day: &Day, text: &Text, until: At, by: &StaffId, now: At) -> Decided {
    let readable = |line: &str| {
        let length = line.chars().count();
        (1..=Notice::LONGEST).contains(&length) && line.trim() == line && !line.contains(char::is_control)
    };
    if !readable(&text.id) || !readable(&text.en) {
        return Err(Refusal::BadNotice);
    }
    if until <= now || rules.business_day(until) != rules.business_day(now) {
        return Err(Refusal::BadTime);
    }
    if day.notices().count() >= Notice::MOST {
        return Err(Refusal::TooManyNotices);
    }
    let notice = NoticeId(day.seq().next());
    Ok(vec![Event::NoticePosted { notice, text: text.clone(), until, by: by.clone() }])
}

/// Taken down before its time.
pub fn end(day: &Day, notice: NoticeId, by: &StaffId) -> Decided {
    if day.notices().all(|known| known.id != notice) {
        return Err(Refusal::UnknownNotice);
    }
    Ok(vec![Event::NoticeEnded { notice, by: Some(by.clone()) }])
}

/// Somebody sees to it; who says so second changes nothing.
pub fn acknowledge(day: &Day, alarm: &AlarmId, by: &StaffId) -> Decided {
    if day.acknowledged(alarm).is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::AlarmAcknowledged { alarm: alarm.clone(), by: by.clone() }])
}
