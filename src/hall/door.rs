//! The door of the hall: who waits there is taken in, as many as share one write to the disk.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::request::Knock;

/// Commands that share one transaction at most.
const BATCH: usize = 64;
/// How long the hall stays at the door where somebody stood a moment ago.
const PATIENCE: Duration = Duration::from_micros(150);

/// Waits for somebody at the door and takes everybody who stands there; true when it was closed.
///
/// `company` is how many came together last time. Those who came together come again together: a
/// moment's patience lets them share one write to the disk, and costs nothing to who comes alone.
pub fn gather(door: &Receiver<Knock>, waiting: &mut Vec<Knock>, nap: Duration, company: usize) -> bool {
    let patience = Instant::now() + PATIENCE;
    let first = match linger(door, patience, company > 0) {
        Some(knock) => Ok(knock),
        None => door.recv_timeout(nap),
    };
    let closed = match first {
        Ok(knock) => take(knock, waiting),
        Err(RecvTimeoutError::Timeout) => return false,
        Err(RecvTimeoutError::Disconnected) => true,
    };
    if closed || door.try_iter().take(BATCH - 1).any(|knock| take(knock, waiting)) {
        return true;
    }
    while waiting.len() < company.min(BATCH) {
        let Some(knock) = linger(door, patience, true) else { break };
        if take(knock, waiting) {
            return true;
        }
    }
    false
}

/// Stays awake at the door for a moment: waking a thread that sleeps takes as long as a quick disk
/// takes to write, and who was just answered often has the next wish ready.
fn linger(door: &Receiver<Knock>, until: Instant, expecting: bool) -> Option<Knock> {
    while expecting && Instant::now() < until {
        if let Ok(knock) = door.try_recv() {
            return Some(knock);
        }
        std::thread::yield_now();
    }
    None
}

fn take(knock: Knock, waiting: &mut Vec<Knock>) -> bool {
    if matches!(knock, Knock::Close) {
        return true;
    }
    waiting.push(knock);
    false
}
