//! Answers to the survey lose their ticket after a while.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::hall::Hall;

/// How often it is looked after; by so much longer a link may live.
const EVERY: TimeDelta = TimeDelta::minutes(10);

/// Looks after it, for ever: so many hours after an answer. A clock that is not believed removes nothing.
pub async fn keep(hall: Hall, after_h: u32, clock: Clock) {
    let mut last = None;
    loop {
        tokio::time::sleep(Duration::from_millis(if clock.runs() { 5_000 } else { 20 })).await;
        let now = clock.now();
        let recent = last.is_some_and(|last| now >= last && now - last < EVERY);
        if recent || hall.present().day.clock().doubt.is_some() {
            continue;
        }
        match hall.unlink_answers(after_h).await {
            Ok(()) => last = Some(now),
            Err(no) => tracing::warn!(
                code = no.code(),
                "answers to the survey could not be parted from their tickets yet"
            ),
        }
    }
}
