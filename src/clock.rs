//! What time it is in the house: the time since the machine was switched on, which nobody can set, and
//! what the hall makes of the system's clock.
//!
//! **Invariant:** every room reads the same time; only the hall moves it against the time since boot.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use rustix::time::{ClockId, clock_gettime};

/// A source of the present instant, in the site's own zone.
#[derive(Debug, Clone)]
pub struct Clock {
    offset: FixedOffset,
    source: Source,
    /// Milliseconds from the machine's start to 1970, as the house counts.
    started: Arc<AtomicI64>,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<Hands>),
}

/// Milliseconds since 1970, and since boot, moved by whoever holds the [`SetClock`].
#[derive(Debug)]
struct Hands {
    wall: AtomicI64,
    boot: AtomicI64,
}

/// The hand that moves a set clock.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<Hands>);

impl Clock {
    /// The machine's; until the hall says otherwise the system's clock is right.
    pub fn system(offset: FixedOffset) -> Self {
        Self::of(offset, Source::System)
    }

    /// A clock that stands still at `start` until it is moved.
    pub fn set(start: DateTime<FixedOffset>) -> (Self, SetClock) {
        let hands =
            Arc::new(Hands { wall: AtomicI64::new(start.timestamp_millis()), boot: AtomicI64::new(0) });
        (Self::of(*start.offset(), Source::Set(hands.clone())), SetClock(hands))
    }

    fn of(offset: FixedOffset, source: Source) -> Self {
        let this = Self { offset, source, started: Arc::default() };
        let (wall, boot_ms) = this.read();
        this.keep(wall, boot_ms);
        this
    }

    /// The present, to the millisecond: what the journal keeps is what was decided by.
    pub fn now(&self) -> DateTime<FixedOffset> {
        self.at(self.started.load(Ordering::SeqCst) + self.boot_ms())
    }

    /// What the system's clock shows, and the milliseconds since the machine was switched on.
    pub fn read(&self) -> (DateTime<FixedOffset>, i64) {
        let wall = match &self.source {
            Source::System => Utc::now().timestamp_millis(),
            Source::Set(hands) => hands.wall.load(Ordering::SeqCst),
        };
        (self.at(wall), self.boot_ms())
    }

    /// From now on it was `at` when the machine had been on for `boot_ms`. The hall says so.
    pub fn keep(&self, at: DateTime<FixedOffset>, boot_ms: i64) {
        self.started.store(at.timestamp_millis() - boot_ms, Ordering::SeqCst);
    }

    /// Whether waiting in real time makes this clock move.
    pub fn runs(&self) -> bool {
        matches!(self.source, Source::System)
    }

    fn boot_ms(&self) -> i64 {
        match &self.source {
            // Counts the time a machine sleeps as well.
            Source::System => {
                let since = clock_gettime(ClockId::Boottime);
                since.tv_sec * 1000 + since.tv_nsec / 1_000_000
            }
            Source::Set(hands) => hands.boot.load(Ordering::SeqCst),
        }
    }

    fn at(&self, ms: i64) -> DateTime<FixedOffset> {
        DateTime::from_timestamp_millis(ms).unwrap_or_default().with_timezone(&self.offset)
    }
}

impl SetClock {
    /// Time passes.
    pub fn advance(&self, by: TimeDelta) {
        self.0.wall.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        self.0.boot.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Somebody sets the system's clock; no time passes.
    pub fn set_system(&self, at: DateTime<FixedOffset>) {
        self.0.wall.store(at.timestamp_millis(), Ordering::SeqCst);
    }
}
