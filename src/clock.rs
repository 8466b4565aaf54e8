//! What time it is: the system's clock, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, Utc};

/// A source of the present instant, in the site's own zone.
#[derive(Debug, Clone)]
pub struct Clock {
    offset: FixedOffset,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Milliseconds since 1970, moved by whoever holds the [`SetClock`].
    Set(Arc<AtomicI64>),
}

/// The hand that moves a set clock.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<AtomicI64>);

impl Clock {
    pub fn system(offset: FixedOffset) -> Self {
        Self { offset, source: Source::System }
    }

    /// A clock that stands still at `start` until it is moved.
    pub fn set(start: DateTime<FixedOffset>) -> (Self, SetClock) {
        let ms = Arc::new(AtomicI64::new(start.timestamp_millis()));
        (Self { offset: *start.offset(), source: Source::Set(ms.clone()) }, SetClock(ms))
    }

    /// The present, to the millisecond: what the journal keeps is what was decided by.
    pub fn now(&self) -> DateTime<FixedOffset> {
        let ms = match &self.source {
            Source::System => Utc::now().timestamp_millis(),
            Source::Set(ms) => ms.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_millis(ms).unwrap_or_default().with_timezone(&self.offset)
    }

    /// Whether waiting in real time makes this clock move.
    pub fn runs(&self) -> bool {
        matches!(self.source, Source::System)
    }
}

impl SetClock {
    pub fn move_to(&self, at: DateTime<FixedOffset>) {
        self.0.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: chrono::TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}
