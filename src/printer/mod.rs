//! The printer: one thread a printer, one slip at a time.
//!
//! **Invariant:** a byte that has left is never sent again. A slip whose fate is unknown is *uncertain*
//! and stays so until proof comes or somebody looks.

mod follow;
mod line;
mod press;
mod preview;
mod spool;
mod status;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

pub use follow::{Healths, content};
pub use line::{Flow, Parity, Serial};
pub use status::{Demux, Reading};

use crate::clock::Clock;
use crate::hall::Hall;
use crate::queue::{PrinterId, SlipTrouble};
use crate::slip::Paper;

/// One printer and how it is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    pub id: PrinterId,
    pub port: Port,
    pub proof: ProofSetting,
    pub paper: Paper,
    pub deadlines: Deadlines,
    /// Every slip says that this is a demonstration.
    pub demo: bool,
}

#[derive(Debug, Clone)]
pub enum Port {
    /// Slips become PNG files in this folder.
    Preview(PathBuf),
    Serial(Serial),
}

/// How a printer shows that paper came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofSetting {
    /// It answers DLE EOT before and after each slip.
    Status,
    /// It answers nothing.
    None,
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For one answer to a status request.
    pub answer: Duration,
    /// Without a single byte accepted, the line has stalled.
    pub stall: Duration,
    /// From the last byte until the paper is out: a slip is about 130 mm, a slow kiosk printer does
    /// 90 mm a second (Cashino KP-628E manual).
    pub paper: Duration,
    /// A slip not begun this long after its commit is not begun any more.
    pub begin: Duration,
    /// Between two looks at an idle printer.
    pub look: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            answer: Duration::from_millis(400),
            stall: Duration::from_secs(2),
            paper: Duration::from_millis(1500),
            begin: Duration::from_secs(8),
            look: Duration::from_secs(1),
        }
    }
}

/// What is known of a printer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterState {
    /// Nothing has been heard yet; silence is never "fine".
    Unknown,
    Ready,
    /// It takes slips and cannot say how it is.
    Unproven,
    Fault,
}

impl PrinterState {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ready => "ready",
            Self::Unproven => "unproven",
            Self::Fault => "fault",
        }
    }
}

/// A printer's state, and its trouble by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrinterHealth {
    pub state: PrinterState,
    pub fault: Option<SlipTrouble>,
    /// The roll will end soon.
    pub near_end: bool,
}

impl PrinterHealth {
    pub(crate) const UNKNOWN: Self = Self { state: PrinterState::Unknown, fault: None, near_end: false };

    pub(crate) fn fault(trouble: SlipTrouble) -> Self {
        Self { state: PrinterState::Fault, fault: Some(trouble), near_end: false }
    }

    /// Whether a slip given to it now has a chance.
    pub fn takes_slips(&self) -> bool {
        self.state != PrinterState::Fault
    }
}

/// A printer at work.
#[derive(Debug)]
pub struct Printer {
    thread: JoinHandle<()>,
    leaving: Arc<AtomicBool>,
}

impl Printer {
    /// Lets the printer finish the slip in hand, tell its fate and end. Do this before the hall closes,
    /// or the slip in hand is uncertain after the next start.
    pub fn leave(self) {
        self.leaving.store(true, Ordering::Relaxed);
        if self.thread.join().is_err() {
            tracing::error!("a printer's thread broke");
        }
    }
}

/// Starts a printer's thread. It ends when told to leave, or after the hall has ended.
pub fn start(settings: Settings, hall: Hall, clock: Clock, healths: watch::Sender<Healths>) -> Printer {
    let leaving = Arc::new(AtomicBool::new(false));
    let jobs = follow::jobs(hall, clock, settings.id.clone(), settings.demo, healths, leaving.clone());
    let thread =
        crate::tasks::thread(&format!("printer {}", settings.id), move || spool::run(&settings, jobs));
    Printer { thread, leaving }
}
