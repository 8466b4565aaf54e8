//! One printer's day: takes the next slip, prints it, tells its fate, keeps the line open.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::errand::Errand;
use super::keepsake::Keepsake;
use super::leftover::{Fate, Leftover};
use super::line::Line;
use super::press::{self, Left};
use super::roll::Roll;
use super::talk::Talk;
use super::{Port, PrinterHealth, PrinterState, ProofLevel, Serial, Settings, preview};
use crate::queue::{Proof, Seq, SlipId, SlipOutcome, SlipTrouble};
use crate::slip::{self, Slip, picture};

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
    /// Pages that are no visitor's slip.
    pub errands: Receiver<Errand>,
    /// The last run ended while a slip was on its way: a part of it may be in the printer.
    pub cut_off: bool,
}

const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Prints until there is nobody to print for.
pub fn run(settings: &Settings, jobs: Jobs) {
    let (keepsake, of_logo) = Keepsake::of(settings);
    let leftover = if of_logo.is_nothing() && jobs.cut_off { Leftover::unknown() } else { of_logo };
    let spool = Spool {
        settings,
        jobs,
        device: Device::Closed,
        level: settings.proof,
        leftover,
        keepsake,
        errand: None,
        roll: Roll::default(),
        last: SlipId(Seq(0)),
        pages: 0,
        told: None,
        retry_at: None,
        pause: BACK_OFF.0,
    };
    // The hall has ended: nobody is left to print for.
    let _: Result<(), Ended> = spool.run();
}

struct Spool<'a> {
    settings: &'a Settings,
    jobs: Jobs,
    device: Device<'a>,
    /// What the printer behind the open line can prove, once that is known.
    level: Option<ProofLevel>,
    leftover: Leftover,
    keepsake: Keepsake,
    errand: Option<Errand>,
    roll: Roll,
    last: SlipId,
    pages: u32,
    told: Option<PrinterHealth>,
    retry_at: Option<Instant>,
    pause: Duration,
}

enum Device<'a> {
    Closed,
    Preview,
    Serial(Talk<'a>),
}

/// The hall has ended.
struct Ended;

impl Spool<'_> {
    fn run(mut self) -> Result<(), Ended> {
        self.tell(PrinterHealth::UNKNOWN);
        while !(self.jobs.leaving)() {
            self.keep_open();
            if let Some(job) = (self.jobs.next)() {
                self.serve(&job)?;
            } else if let Some(errand) = self.errand.take().or_else(|| self.jobs.errands.try_recv().ok()) {
                self.run_errand(errand)?;
            } else {
                self.look()?;
                self.keep_logo();
                if (self.jobs.wait)(self.settings.deadlines.look) == Bell::Closed {
                    return Err(Ended);
                }
            }
        }
        Ok(())
    }

    /// Prints a visitor's slip, and tells its fate before anything else is done.
    fn serve(&mut self, job: &Job) -> Result<(), Ended> {
        self.last = job.slip;
        let (outcome, left) = self.try_job(job)?;
        tracing::info!(slip = %job.slip, number = %job.content.number, state = outcome.state().as_str(), "slip");
        self.report(job.slip, outcome)?;
        self.keep_left(Leftover::new(left, Some(job.slip), press::mark(job.slip)))
    }

    fn try_job(&mut self, job: &Job) -> Result<(SlipOutcome, Left), Ended> {
        let not_sent = |trouble| Ok((SlipOutcome::NotSent { trouble }, Left::Nothing));
        if job.queued_at_age >= self.settings.deadlines.begin {
            return not_sent(SlipTrouble::TooLate);
        }
        if self.level.is_none() {
            self.look()?;
        }
        let mut paper = self.keepsake.paper(&self.settings.paper, self.level);
        if let Some(template) = &self.settings.template {
            paper.template = template.borrow().clone();
        }
        match slip::bytes(&job.content, &paper) {
            Ok(bytes) => self.print(&bytes, &format!("{:012}", job.slip.0.0), press::mark(job.slip)),
            Err(error) => {
                tracing::error!(%error, slip = %job.slip, "a slip cannot be laid out");
                not_sent(SlipTrouble::Garbage)
            }
        }
    }

    /// Prints one page of an errand.
    fn run_errand(&mut self, errand: Errand) -> Result<(), Ended> {
        const MARK: [u8; 4] = *b"Page";
        if errand.is_over(Instant::now()) {
            self.errand = errand.settle(SlipOutcome::NotSent { trouble: SlipTrouble::TooLate });
            return Ok(());
        }
        self.pages += 1;
        let Some(page) = errand.page() else { return Ok(()) };
        let (outcome, left) = self.print(page, &format!("{:012}-{:03}", self.last.0.0, self.pages), MARK)?;
        self.errand = errand.settle(outcome);
        self.keep_left(Leftover::new(left, None, MARK))
    }

    fn print(&mut self, bytes: &[u8], name: &str, mark: [u8; 4]) -> Result<(SlipOutcome, Left), Ended> {
        self.make_way()?;
        let width = self.settings.paper.width;
        let unplugged = (SlipOutcome::NotSent { trouble: SlipTrouble::Unplugged }, Left::Nothing);
        let printed = match (&mut self.device, &self.settings.port, self.level) {
            (Device::Preview, Port::Preview(folder), _) => match preview::print(folder, name, bytes, width) {
                Ok(()) => (SlipOutcome::Printed { proof: Proof::Status }, Left::Nothing),
                Err(error) => {
                    tracing::error!(%error, folder = %folder.display(), "the preview cannot be written");
                    unplugged
                }
            },
            (Device::Serial(talk), _, Some(level)) => press::print(talk, bytes, mark, level),
            // It could not even be asked what it can prove.
            (Device::Serial(_), _, None) => {
                let trouble = self.told.and_then(|health| health.fault).unwrap_or(SlipTrouble::Mute);
                (SlipOutcome::NotSent { trouble }, Left::Nothing)
            }
            (Device::Closed | Device::Preview, ..) => unplugged,
        };
        if let (Some(trouble), Device::Serial(_)) = (printed.0.trouble(), &self.device) {
            self.notice(PrinterHealth::fault(trouble));
        } else {
            self.roll.used(picture::draw(bytes, width).height);
        }
        Ok(printed)
    }

    /// Nothing of an earlier slip may be in the printer when the next begins, and what the printer can
    /// prove must be known.
    fn make_way(&mut self) -> Result<(), Ended> {
        if self.level.is_none() {
            self.look()?;
        }
        let (Device::Serial(talk), Some(level)) = (&mut self.device, self.level) else { return Ok(()) };
        // One that never answers is not asked: its silence is no fault.
        let well = |talk: &mut Talk<'_>| level == ProofLevel::None || talk.look().fault.is_none();
        if self.leftover.is_nothing() || !well(talk) {
            return Ok(());
        }
        let fate = self.leftover.make_way(talk, level, self.settings.paper.cut);
        self.tell_fate(fate)
    }

    /// Remembers what is left in the printer; one that can throw it away is asked to at once.
    fn keep_left(&mut self, leftover: Leftover) -> Result<(), Ended> {
        if leftover.is_nothing() {
            return Ok(());
        }
        self.leftover = leftover;
        let (Device::Serial(talk), Some(level)) = (&mut self.device, self.level) else {
            self.leftover.unplugged();
            return Ok(());
        };
        let fate = self.leftover.abandon(talk, level);
        self.tell_fate(fate)
    }

    fn tell_fate(&mut self, fate: Fate) -> Result<(), Ended> {
        let Some((slip, outcome)) = fate else { return Ok(()) };
        tracing::info!(%slip, state = outcome.state().as_str(), "slip, late");
        self.report(slip, outcome)
    }

    /// A fate is told until it is heard: only then may the next slip begin. When nobody is left to hear
    /// it this slip still looks queued, and beginning it again would print it twice.
    fn report(&mut self, slip: SlipId, outcome: SlipOutcome) -> Result<(), Ended> {
        loop {
            match (self.jobs.report)(slip, outcome) {
                Told::Heard => return Ok(()),
                Told::Never => return Err(Ended),
                Told::NotYet if (self.jobs.wait)(Duration::from_millis(200)) == Bell::Closed => {
                    return Err(Ended);
                }
                Told::NotYet => {}
            }
        }
    }

    /// Looks at an idle printer, so that a fault is known before the next visitor's tap.
    fn look(&mut self) -> Result<(), Ended> {
        let health = match &mut self.device {
            Device::Closed => return Ok(()),
            Device::Preview => PrinterHealth { state: PrinterState::Ready, ..PrinterHealth::UNKNOWN },
            Device::Serial(talk) if self.level == Some(ProofLevel::None) => match talk.listen(Duration::ZERO)
            {
                Ok(()) => press::unasked(),
                Err(broken) => PrinterHealth::fault(broken.into()),
            },
            Device::Serial(talk) => talk.look(),
        };
        let answered = health.state == PrinterState::Ready;
        if answered {
            self.roll.look(health.near_end, self.settings.near_end_mm);
        }
        if answered && self.level.is_none() {
            let fate = self.probe();
            self.tell_fate(fate)?;
        }
        let fate = match (&mut self.device, self.level) {
            (Device::Serial(talk), Some(level)) => {
                self.leftover.look(talk, level, health.fault, self.settings.paper.cut)
            }
            _ => None,
        };
        // A line that does not even take the end of the last slip is not well, though nobody says so.
        let stuck = self.level == Some(ProofLevel::None) && self.leftover.is_part();
        let health =
            if stuck && health.fault.is_none() { PrinterHealth::fault(SlipTrouble::Offline) } else { health };
        self.notice(health);
        self.tell_fate(fate)
    }

    /// Gives an idle printer that is well the logo it shall keep.
    fn keep_logo(&mut self) {
        let paper = &self.settings.paper;
        let well = self.told.is_some_and(|told| told.state == PrinterState::Ready);
        if let (Device::Serial(talk), Some(level), true) = (&mut self.device, self.level, well)
            && self.leftover.is_nothing()
            && self.keepsake.is_due(paper, self.level)
        {
            self.leftover = self.keepsake.send(paper, talk, level);
        }
    }

    /// Finds out what the printer can prove.
    fn probe(&mut self) -> Fate {
        let Device::Serial(talk) = &mut self.device else { return None };
        // Were a part of a slip still in it, the question would be taken for the rest.
        let fate = self.leftover.flush(talk, self.settings.paper.cut);
        if let Ok(level) = press::probe(talk) {
            tracing::info!(printer = %self.settings.id, proof = level.as_str(), "the printer can prove paper");
            self.level = Some(level);
        }
        fate
    }

    fn notice(&mut self, health: PrinterHealth) {
        if health.fault == Some(SlipTrouble::Unplugged) && matches!(self.device, Device::Serial(_)) {
            self.device = Device::Closed;
            if self.level == Some(ProofLevel::None) && self.leftover.is_nothing() {
                // Nobody ever said whether the last slip had arrived.
                self.leftover = Leftover::unknown();
            }
            self.leftover.unplugged();
            // Another printer may be plugged in; what this one still says is heard by nobody.
            self.level = self.settings.proof;
            self.retry_at = None;
            self.pause = BACK_OFF.0;
        }
        self.tell(health);
    }

    fn tell(&mut self, health: PrinterHealth) {
        let slips_left = if health.near_end { self.roll.slips_left() } else { None };
        let health = PrinterHealth { slips_left, proof: self.level, ..health };
        if self.told != Some(health) {
            let fault = |health: PrinterHealth| health.fault;
            match (self.told.and_then(fault), health.fault) {
                (before, Some(now)) if before != Some(now) => {
                    tracing::warn!(printer = %self.settings.id, fault = now.as_str(), "printer fault");
                }
                (Some(_), None) => tracing::info!(printer = %self.settings.id, "printer well again"),
                _ => {}
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
                let mut talk = Talk::new(line, &self.settings.deadlines);
                talk.owe(self.leftover.missing());
                self.device = Device::Serial(talk);
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
