//! What is done at night: a backup, and days that are too old are forgotten.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};

use super::archive::Archive;
use crate::clock::Clock;
use crate::hall::Hall;
use crate::queue::At;
use crate::store;

/// A box that was off at night has first to serve who stands before it.
const AFTER_START: TimeDelta = TimeDelta::minutes(5);
/// What failed is tried again.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// Between two days that are forgotten: the hall has other things to write.
const BETWEEN_DAYS: Duration = Duration::from_millis(200);

/// Waits for the nights, for ever.
pub async fn keep(archive: Arc<Archive>, hall: Hall, clock: Clock, keep_days: Option<u32>) {
    let mut due = Due::at_start(archive.config().at, archive.last_good(), clock.now());
    loop {
        // A clock that a test or a play moves is looked at more often than one that runs.
        tokio::time::sleep(Duration::from_millis(if clock.runs() { 1000 } else { 20 })).await;
        let now = clock.now();
        if !due.is_now(archive.last_good(), now) {
            continue;
        }
        let sure = hall.present().day.clock().doubt.is_none();
        let working = archive.clone();
        if tokio::task::spawn_blocking(move || working.nightly(sure)).await.is_err() {
            tracing::error!(code = "backup_broken", "the nightly backup broke off");
        }
        due.tried(now);
        if let (Some(days), true) = (keep_days, sure) {
            forget_old_days(&hall, &archive, days).await;
        }
    }
}

/// Forgets the days that are over for longer than so many days, one at a time.
async fn forget_old_days(hall: &Hall, archive: &Archive, keep_days: u32) {
    let Some(today) = hall.present().day.date() else { return };
    let before = today - TimeDelta::days(i64::from(keep_days));
    loop {
        let oldest = store::oldest(archive.data());
        if oldest.is_none_or(|oldest| oldest >= before) {
            return;
        }
        if hall.forget_day_before(before).await.is_err() || store::oldest(archive.data()) == oldest {
            return;
        }
        tracing::info!(day = ?oldest, "a business day was forgotten: [data] keep_days = {keep_days}");
        tokio::time::sleep(BETWEEN_DAYS).await;
    }
}

/// When the next backup is to be taken.
///
/// It never runs wild: after each attempt at least an hour passes, whatever the clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Due {
    at: NaiveTime,
    not_before: At,
}

impl Due {
    fn at_start(at: NaiveTime, last: Option<At>, now: At) -> Self {
        // Only who missed a night has a reason to hurry at all.
        let not_before = if missed(at, last, now) { now + AFTER_START } else { now };
        Self { at, not_before }
    }

    fn is_now(&mut self, last: Option<At>, now: At) -> bool {
        // The clock was set back: nobody waits longer than for a failure.
        self.not_before = self.not_before.min(now + AGAIN);
        now >= self.not_before && missed(self.at, last, now)
    }

    fn tried(&mut self, now: At) {
        self.not_before = now + AGAIN;
    }
}

/// Whether no backup is as young as the last time at which one was due. One of a time that has not come yet is
/// of a wrong clock.
fn missed(at: NaiveTime, last: Option<At>, now: At) -> bool {
    let zone = *now.offset();
    let on = |date: chrono::NaiveDate| date.and_time(at).and_local_timezone(zone).single();
    let today = on(now.date_naive());
    let due = today.filter(|due| *due <= now).or_else(|| on(now.date_naive().pred_opt()?));
    due.is_some_and(|due| last.is_none_or(|last| last < due || last > now))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(text: &str) -> At {
        format!("{text}:00+07:00").parse().unwrap()
    }

    const NIGHT: NaiveTime = NaiveTime::from_hms_opt(1, 30, 0).unwrap();

    #[test]
    fn a_night_is_missed_until_a_backup_is_as_young() {
        let last = Some(at("2026-11-23T01:30"));
        let missed = |now: &str| super::missed(NIGHT, last, at(now));
        assert!(!missed("2026-11-23T01:31") && !missed("2026-11-24T01:29"));
        assert!(missed("2026-11-24T01:30") && missed("2026-11-24T08:00") && missed("2026-12-01T00:10"));
        assert!(super::missed(NIGHT, None, at("2026-11-23T00:10")));
        assert!(missed("2026-11-23T01:29"), "taken by a clock that was ahead");
    }

    #[test]
    fn a_box_that_was_off_at_night_waits_some_minutes() {
        let start = at("2026-11-24T07:00");
        let last = Some(at("2026-11-22T01:30"));
        let mut due = Due::at_start(NIGHT, last, start);
        assert!(!due.is_now(last, start) && !due.is_now(last, at("2026-11-24T07:04")));
        assert!(due.is_now(last, at("2026-11-24T07:05")));
    }

    #[test]
    fn a_failure_is_tried_again_in_an_hour_and_a_jumping_clock_makes_nobody_hurry() {
        let mut due = Due::at_start(NIGHT, None, at("2026-11-24T01:00"));
        due.tried(at("2026-11-24T01:30"));
        assert!(!due.is_now(None, at("2026-11-24T02:29")));
        assert!(due.is_now(None, at("2026-11-24T02:30")));
        due.tried(at("2030-01-01T00:00"));
        // Back again.
        assert!(!due.is_now(None, at("2026-11-24T03:00")));
        assert!(due.is_now(None, at("2026-11-24T04:00")));
    }
}
