//! The printer: one thread a printer, one slip at a time.
//!
//! **Invariant:** a byte that has left is never sent again. A slip whose fate is unknown is *uncertain*
//! and stays so until proof comes or somebody looks.

mod alone;
mod errand;
mod follow;
mod heard;
mod keepsake;
mod leftover;
mod line;
pub mod ports;
mod press;
mod preview;
mod roll;
mod spool;
mod status;
mod talk;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

pub use alone::start_alone;
pub use errand::{Errand, Errands, Ran, door};
pub use follow::{Healths, content};
pub use line::{Flow, Parity, Serial};
pub use status::{Demux, Reading};

use crate::clock::Clock;
use crate::hall::Hall;
use crate::queue::{PrinterId, Proof, SlipTrouble, Visitors};
use crate::slip::{Paper, Template};
use crate::tasks::Pulse;

/// One printer and how it is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    pub id: PrinterId,
    pub port: Port,
    /// What it can prove; it is asked where nobody says.
    pub proof: Option<ProofLevel>,
    pub paper: Paper,
    /// The layout in force, where it may change while the printer is at work.
    pub template: Option<watch::Receiver<Arc<Template>>>,
    /// A small file in which is noted which logo the printer keeps; none: nothing is noted.
    pub note: Option<PathBuf>,
    /// Millimetres left on a roll when its near-end sensor speaks.
    pub near_end_mm: u32,
    pub deadlines: Deadlines,
    /// Where visitors follow their ticket; none: slips have no code.
    pub visitors: Option<Visitors>,
    /// Every slip says that this is a demonstration.
    pub demo: bool,
}

#[derive(Debug, Clone)]
pub enum Port {
    /// Slips become PNG files in this folder.
    Preview(PathBuf),
    Serial(Serial),
}

/// How well a printer can prove that paper came out, from nothing to certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofLevel {
    /// It answers nothing: every byte accepted must do.
    None,
    /// It answers DLE EOT, so it is asked before and after each slip.
    Status,
    /// It answers GS r behind a slip when it has taken all of it in.
    Fence,
    /// It answers GS ( H behind a slip, with the slip's own mark, when all of it is on paper.
    ProcessId,
}

impl ProofLevel {
    /// The word used in the config and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Status => Proof::Status.as_str(),
            Self::Fence => Proof::Fence.as_str(),
            Self::ProcessId => Proof::ProcessId.as_str(),
        }
    }
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
    /// Slips that fit on what is left of it, where its beginning to end was seen.
    pub slips_left: Option<u32>,
    /// What it can prove, once that is known.
    pub proof: Option<ProofLevel>,
}

impl PrinterHealth {
    pub const UNKNOWN: Self =
        Self { state: PrinterState::Unknown, fault: None, near_end: false, slips_left: None, proof: None };

    pub(crate) fn fault(trouble: SlipTrouble) -> Self {
        Self { state: PrinterState::Fault, fault: Some(trouble), ..Self::UNKNOWN }
    }

    /// Whether anything has been heard of it, or tried.
    pub fn is_known(&self) -> bool {
        self.state != PrinterState::Unknown
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
    errands: Errands,
    pulse: Pulse,
}

impl Printer {
    /// The sign of life of its thread.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Where pages that are no visitor's slip are brought to this printer.
    pub fn errands(&self) -> Errands {
        self.errands.clone()
    }

    /// Lets the printer finish the slip in hand, tell its fate and end. Do this before the hall closes,
    /// or the slip in hand is uncertain after the next start.
    pub fn leave(self) {
        self.leaving.store(true, Ordering::Relaxed);
        self.pulse.rest();
        if self.thread.join().is_err() {
            tracing::error!("a printer's thread broke");
        }
    }
}

/// Tells one printer's health among all.
fn tell_health(id: PrinterId, healths: watch::Sender<Healths>) -> Box<dyn FnMut(&PrinterHealth) + Send> {
    Box::new(move |now| {
        healths.send_modify(|all| match all.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known = *now,
            None => all.push((id.clone(), *now)),
        });
    })
}

/// Starts a printer's thread. It ends when told to leave, or after the hall has ended.
pub fn start(settings: Settings, hall: Hall, clock: Clock, healths: watch::Sender<Healths>) -> Printer {
    let leaving = Arc::new(AtomicBool::new(false));
    let (errands, waiting) = errand::door();
    let pulse = Pulse::new(format!("printer {}", settings.id));
    let jobs = follow::jobs(hall, clock, &settings, healths, leaving.clone(), waiting, pulse.clone());
    let thread =
        crate::tasks::thread(&format!("printer {}", settings.id), move || spool::run(&settings, jobs));
    Printer { thread, leaving, errands, pulse }
}
