//! A printer without a hall: for a technician, while no box runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::errand;
use super::spool::{self, Bell, Jobs, Told};
use super::{Healths, Printer, Settings};
use crate::tasks::Pulse;

/// How long a page may wait for the thread to look around.
const LOOK: Duration = Duration::from_millis(50);

/// Starts a printer that has no visitors, only errands.
pub fn start_alone(settings: Settings, healths: watch::Sender<Healths>) -> Printer {
    let leaving = Arc::new(AtomicBool::new(false));
    let (errands, waiting) = errand::door();
    let left = leaving.clone();
    let jobs = Jobs {
        next: Box::new(|| None),
        report: Box::new(|_, _| Told::Heard),
        leaving: Box::new(move || left.load(Ordering::Relaxed)),
        wait: Box::new(|timeout| {
            std::thread::sleep(timeout.min(LOOK));
            Bell::Timeout
        }),
        health: super::tell_health(settings.id.clone(), healths),
        errands: waiting,
        cut_off: false,
    };
    let thread =
        crate::tasks::thread(&format!("printer {}", settings.id), move || spool::run(&settings, jobs));
    // Nobody watches a terminal.
    let pulse = Pulse::new(thread.thread().name().unwrap_or_default());
    Printer { thread, leaving, errands, pulse }
}
