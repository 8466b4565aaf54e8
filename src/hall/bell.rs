//! Doorbells: they say "look again", and what to look at is in the [`Present`](super::Present).

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::queue::Seq;

/// All that ring after a commit; the value is the newest journal line.
#[derive(Debug)]
pub struct Bells {
    always: watch::Sender<Seq>,
    /// Silent where what was done may be heard a moment later.
    urgent: watch::Sender<Seq>,
    threads: Arc<Bell>,
}

impl Bells {
    pub fn new(seq: Seq) -> Self {
        Self {
            always: watch::Sender::new(seq),
            urgent: watch::Sender::new(seq),
            threads: Arc::new(Bell::new(seq)),
        }
    }

    pub fn always(&self) -> watch::Receiver<Seq> {
        self.always.subscribe()
    }

    pub fn urgent(&self) -> watch::Receiver<Seq> {
        self.urgent.subscribe()
    }

    pub fn threads(&self) -> Arc<Bell> {
        self.threads.clone()
    }

    pub fn ring(&self, seq: Seq, urgent: bool) {
        if urgent {
            self.urgent.send_replace(seq);
        }
        self.always.send_replace(seq);
        self.threads.ring(seq);
    }
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rang {
    /// There is something newer.
    News,
    Timeout,
    /// The hall has ended; it will not ring again.
    Closed,
}

/// The one for threads.
#[derive(Debug)]
pub struct Bell {
    state: Mutex<(Seq, bool)>,
    rung: Condvar,
}

impl Bell {
    fn new(seq: Seq) -> Self {
        Self { state: Mutex::new((seq, false)), rung: Condvar::new() }
    }

    fn ring(&self, seq: Seq) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 = seq;
        self.rung.notify_all();
    }

    pub fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.rung.notify_all();
    }

    pub fn wait(&self, seen: Seq, timeout: Duration) -> Rang {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |state: &mut (Seq, bool)| state.0 <= seen && !state.1;
        let (state, _) =
            self.rung.wait_timeout_while(state, timeout, quiet).unwrap_or_else(PoisonError::into_inner);
        match *state {
            (_, true) => Rang::Closed,
            (seq, false) if seq > seen => Rang::News,
            _ => Rang::Timeout,
        }
    }
}
