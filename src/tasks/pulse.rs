//! Signs of life: a thread promises when it will give the next one, and somebody looks whether promises are
//! kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A thread that is well is heard again within this.
const USUAL: Duration = Duration::from_secs(10);
/// No promise is given: there is nothing to wait for yet, or no more.
const NONE: u64 = u64::MAX;

/// The sign of life of one thread. Cheap to clone and to give.
#[derive(Debug, Clone)]
pub struct Pulse(Arc<Beat>);

#[derive(Debug)]
struct Beat {
    name: String,
    began: Instant,
    /// Milliseconds after `began` by which the next sign is due.
    due_ms: AtomicU64,
}

impl Pulse {
    /// One that has promised nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Arc::new(Beat { name: name.into(), began: Instant::now(), due_ms: NONE.into() }))
    }

    /// Lives, and will be heard again within ten seconds.
    pub fn beat(&self) {
        self.within(USUAL);
    }

    /// Lives, and begins something that may take so long.
    pub fn within(&self, promise: Duration) {
        let due = self.0.began.elapsed() + promise;
        self.0.due_ms.store(u64::try_from(due.as_millis()).unwrap_or(NONE), Ordering::Relaxed);
    }

    /// Ends in order: nothing more is to be heard.
    pub fn rest(&self) {
        self.0.due_ms.store(NONE, Ordering::Relaxed);
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the last promise was kept until `now`.
    pub fn is_alive(&self, now: Instant) -> bool {
        let now = now.saturating_duration_since(self.0.began).as_millis();
        u128::from(self.0.due_ms.load(Ordering::Relaxed)) >= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_kept_or_broken_and_who_promised_nothing_is_not_missed() {
        let pulse = Pulse::new("hall");
        let now = Instant::now();
        let later = now + Duration::from_secs(30);
        assert!(pulse.is_alive(later), "it has not begun");
        pulse.beat();
        assert!(pulse.is_alive(now) && !pulse.is_alive(later));
        pulse.within(Duration::from_secs(60));
        assert!(pulse.is_alive(later), "a slow disk is no death");
        pulse.beat();
        assert!(!pulse.is_alive(later));
        pulse.rest();
        assert!(pulse.is_alive(later));
    }
}
