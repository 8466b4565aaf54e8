//! One printer's day: takes the next slip, prints it, tells its fate, keeps the line open.

use std::time::{Duration, Instant};

use super::line::Line;
use super::{Port, PrinterHealth, ProofSetting, Serial, Settings, press, preview};
use crate::queue::{Proof, SlipId, SlipOutcome, SlipTrouble};
use crate::slip::{self, Slip};

/// A slip to print.
pub struct Job {
    pub slip: SlipId,
    /// How long ago the hall committed it.
    pub queued_at_age: Duration,
    pub content: Slip,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    Rang,
    Timeout,
    /// There will be no more jobs.
    Closed,
}

/// Whether a slip's fate was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Heard,
    /// The hall is busy; it may be told again.
    NotYet,
    /// There is nobody left to tell.
    Never,
}

/// What a printer asks of the house.
pub struct Jobs {
    /// The oldest slip that nobody has reported on.
    pub next: Box<dyn FnMut() -> Option<Job> + Send>,
    pub report: Box<dyn FnMut(SlipId, SlipOutcome) -> Told + Send>,
    /// Whether the box is leaving: no slip is begun then.
    pub leaving: Box<dyn FnMut() -> bool + Send>,
    pub wait: Box<dyn FnMut(Duration) -> Bell + Send>,
    pub health: Box<dyn FnMut(&PrinterHealth) + Send>,
}

const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Prints until there is nobody to print for.
pub fn run(settings: &Settings, jobs: Jobs) {
    Spool { settings, jobs, device: Device::Closed, told: None, retry_at: None, pause: BACK_OFF.0 }.run();
}

struct Spool<'a> {
    settings: &'a Settings,
    jobs: Jobs,
    device: Device,
    told: Option<PrinterHealth>,
    retry_at: Option<Instant>,
    pause: Duration,
}

enum Device {
    Closed,
    Preview,
    Serial(Line),
}

impl Spool<'_> {
    fn run(mut self) {
        self.tell(PrinterHealth::UNKNOWN);
        while !(self.jobs.leaving)() {
            self.keep_open();
            if let Some(job) = (self.jobs.next)() {
                let outcome = self.print(&job);
                tracing::info!(slip = %job.slip, number = %job.content.number, state = outcome.state().as_str(), "slip");
                if !self.report(job.slip, outcome) {
                    return;
                }
                continue;
            }
            self.look();
            if (self.jobs.wait)(self.settings.deadlines.look) == Bell::Closed {
                return;
            }
        }
    }

    fn print(&mut self, job: &Job) -> SlipOutcome {
        let not_sent = |trouble| SlipOutcome::NotSent { trouble };
        if job.queued_at_age >= self.settings.deadlines.begin {
            return not_sent(SlipTrouble::TooLate);
        }
        let paper = &self.settings.paper;
        let bytes = match slip::bytes(&job.content, paper) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, slip = %job.slip, "a slip cannot be laid out");
                return not_sent(SlipTrouble::Garbage);
            }
        };
        let outcome = match (&mut self.device, &self.settings.port) {
            (Device::Preview, Port::Preview(folder)) => {
                match preview::print(folder, job.slip, &bytes, paper.width) {
                    Ok(()) => SlipOutcome::Printed { proof: Proof::Status },
                    Err(error) => {
                        tracing::error!(%error, folder = %folder.display(), "the preview cannot be written");
                        not_sent(SlipTrouble::Unplugged)
                    }
                }
            }
            (Device::Serial(line), _) => {
                press::print(line, &bytes, self.settings.proof, &self.settings.deadlines)
            }
            _ => not_sent(SlipTrouble::Unplugged),
        };
        if let (Some(trouble), Device::Serial(_)) = (outcome.trouble(), &self.device) {
            self.notice(PrinterHealth::fault(trouble));
        }
        outcome
    }

    /// A fate is told until it is heard: only then may the next slip begin. False when nobody is left
    /// to hear it: then this slip still looks queued, and beginning it again would print it twice.
    fn report(&mut self, slip: SlipId, outcome: SlipOutcome) -> bool {
        loop {
            match (self.jobs.report)(slip, outcome) {
                Told::Heard => return true,
                Told::Never => return false,
                Told::NotYet if (self.jobs.wait)(Duration::from_millis(200)) == Bell::Closed => return false,
                Told::NotYet => {}
            }
        }
    }

    /// Looks at an idle printer, so that a fault is known before the next visitor's tap.
    fn look(&mut self) {
        let health = match &mut self.device {
            Device::Closed => return,
            Device::Preview => PrinterHealth { state: super::PrinterState::Ready, ..PrinterHealth::UNKNOWN },
            Device::Serial(line) if self.settings.proof == ProofSetting::Status => {
                press::look(line, &self.settings.deadlines)
            }
            Device::Serial(line) => match line.hear(Duration::ZERO, &mut Vec::new()) {
                Ok(()) => press::unasked(),
                Err(broken) => PrinterHealth::fault(broken.into()),
            },
        };
        self.notice(health);
    }

    fn notice(&mut self, health: PrinterHealth) {
        if health.fault == Some(SlipTrouble::Unplugged) && matches!(self.device, Device::Serial(_)) {
            self.device = Device::Closed;
            self.retry_at = None;
            self.pause = BACK_OFF.0;
        }
        self.tell(health);
    }

    fn tell(&mut self, health: PrinterHealth) {
        if self.told != Some(health) {
            if let Some(fault) = health.fault {
                tracing::warn!(printer = %self.settings.id, fault = fault.as_str(), "printer fault");
            } else if self.told.is_some_and(|told| told.fault.is_some()) {
                tracing::info!(printer = %self.settings.id, "printer well again");
            }
            (self.jobs.health)(&health);
            self.told = Some(health);
        }
    }

    /// Opens the port if it is not open; after a failure less and less often.
    fn keep_open(&mut self) {
        let serial: &Serial = match (&self.device, &self.settings.port) {
            (Device::Closed, Port::Serial(serial)) => serial,
            (Device::Closed, Port::Preview(_)) => {
                self.device = Device::Preview;
                return;
            }
            _ => return,
        };
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        match Line::open(serial) {
            Ok(line) => {
                self.device = Device::Serial(line);
                self.retry_at = None;
                self.pause = BACK_OFF.0;
            }
            Err(error) => {
                let first = self.told.is_none_or(|told| told.fault != Some(SlipTrouble::Unplugged));
                if first {
                    tracing::warn!(printer = %self.settings.id, port = %serial.path.display(), %error, "the printer's port cannot be opened");
                }
                self.retry_at = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(BACK_OFF.1);
                self.tell(PrinterHealth::fault(SlipTrouble::Unplugged));
            }
        }
    }
}
