//! A doorbell for threads: it says "look again", and what to look at is in the [`Present`](super::Present).

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::queue::Seq;

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rang {
    /// There is something newer.
    News,
    Timeout,
    /// The hall has ended; it will not ring again.
    Closed,
}

#[derive(Debug)]
pub struct Bell {
    state: Mutex<(Seq, bool)>,
    rung: Condvar,
}

impl Bell {
    pub fn new(seq: Seq) -> Self {
        Self { state: Mutex::new((seq, false)), rung: Condvar::new() }
    }

    pub fn ring(&self, seq: Seq) {
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
