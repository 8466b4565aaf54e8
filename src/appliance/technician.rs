//! What a technician asks about the printers from a terminal, and what is answered: by the running box,
//! or by the terminal itself while no box runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use escpos::errors::PrinterError;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::archive::Archive;
use super::reload::Applied;
use crate::config::{self, ConfigState, PrinterConfig};
use crate::hall::Hall;
use crate::health::{self, Facts, Health};
use crate::printer::{Errands, Healths, PrinterHealth, Ran};
use crate::queue::rules::Line;
use crate::queue::{Language, Prefix, PrinterId, Rules, SlipState, SlipTrouble};
use crate::slip::{self, Paper};
use crate::store::backup::Good;

/// What a terminal asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// How every printer is.
    Printers,
    /// Print a page that shows what the printer can do.
    TestPage { printer: Option<PrinterId> },
    /// How every part of the box is, in a language.
    Health { language: String },
    /// Which prefixes there are, and their emergency numbers.
    Prefixes,
    /// Which config the box runs by.
    Config,
    /// What the config in a file would change.
    Differences { file: PathBuf },
    /// Print a prefix's emergency numbers, or the first few of them.
    Emergency { printer: Option<PrinterId>, prefix: Prefix, count: Option<u32> },
    /// Take a backup now: into this folder, or where the nightly ones are.
    Backup { to: Option<PathBuf> },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    Printers { printers: Vec<PrinterStatus> },
    Health { lines: Vec<HealthLine> },
    Config { state: Box<ConfigState>, text: String },
    Differences { differences: Vec<Line> },
    Ran { printer: PrinterId, printed: usize, of: usize, trouble: Option<SlipTrouble> },
    Prefixes { prefixes: Vec<(Prefix, String)>, from: u32, count: u32 },
    BackedUp { good: Good, ms: u64 },
    Refused { code: String, message: String },
}

/// A part of the box, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthLine {
    /// A stable name of what is so, such as `disk:tight`.
    pub key: String,
    pub label: String,
    pub says: String,
    pub remedy: Option<String>,
    pub health: Health,
}

/// A printer as a technician wants to see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    pub id: PrinterId,
    pub name: String,
    pub port: String,
    pub line: Option<String>,
    pub state: String,
    pub fault: Option<SlipTrouble>,
    /// What it can prove, once that is known.
    pub proof: Option<String>,
    pub near_end: bool,
    pub slips_left: Option<u32>,
    /// Slips that wait for it, and slips that somebody should look after; unknown without a box.
    pub waiting: Option<usize>,
    pub doubtful: Option<usize>,
}

/// A printer that can be asked.
pub struct Known {
    pub config: PrinterConfig,
    pub paper: Paper,
    pub errands: Errands,
}

/// Answers questions about the printers.
pub struct Technician {
    pub printers: Vec<Known>,
    pub healths: watch::Receiver<Healths>,
    pub rules: Arc<Rules>,
    /// The config the box runs by; none where no box runs.
    pub config: Option<watch::Receiver<Arc<Applied>>>,
    pub hall: Option<Hall>,
    /// Everything that is known of the box.
    pub facts: Box<dyn Fn() -> Facts + Send + Sync>,
    /// None where no box runs.
    pub archive: Option<Arc<Archive>>,
}

/// How long a printer that has just been opened may take to say how it is.
const FIRST_LOOK: Duration = Duration::from_secs(4);
/// How long a page may take: a slip may wait 8 s behind others, and prints in 2.
const PAGE: Duration = Duration::from_secs(10);

impl Technician {
    /// Answers; this may take as long as the printing does.
    pub fn answer(&self, question: Question) -> Answer {
        match question {
            Question::Printers => {
                Answer::Printers { printers: self.printers.iter().map(|known| self.status(known)).collect() }
            }
            Question::Health { language } => {
                let language = Language::of(&language).unwrap_or(Language::ID);
                // Of a box that has just been opened nothing is known yet.
                let until = Instant::now() + FIRST_LOOK;
                while (self.facts)().sight.surroundings.is_none() && Instant::now() < until {
                    std::thread::sleep(Duration::from_millis(20));
                }
                for known in &self.printers {
                    self.health(&known.config.id);
                }
                Answer::Health { lines: health_lines(&(self.facts)(), language) }
            }
            Question::Prefixes => Answer::Prefixes {
                prefixes: self.prefixes(),
                from: self.rules.emergency.from,
                count: self.rules.emergency.count,
            },
            Question::Config => self.config(|applied, _| Answer::Config {
                state: applied.state.clone().into(),
                text: applied.config.source.text.clone(),
            }),
            Question::Differences { file } => {
                self.config(|applied, hall| match config::load(&file, config::Options::default()) {
                    Ok(other) => Answer::Differences { differences: applied.differences(&other, hall) },
                    Err(error) => refused("bad_config", error.report()),
                })
            }
            Question::TestPage { printer } => match self.which(printer) {
                Ok(known) => {
                    let health = self.health(&known.config.id);
                    run(known, self.test_page(known, health).map(|page| vec![page]))
                }
                Err(refused) => refused,
            },
            Question::Backup { to } => self.backup(to),
            Question::Emergency { printer, prefix, count } => match self.which(printer) {
                Ok(known) => self.emergency(known, &prefix, count),
                Err(refused) => refused,
            },
        }
    }

    /// Answers of the config in force.
    fn config(&self, answer: impl FnOnce(&Applied, &Hall) -> Answer) -> Answer {
        match self.config.as_ref().zip(self.hall.as_ref()) {
            Some((config, hall)) => answer(&config.borrow().clone(), hall),
            None => refused("no_box", "no box runs".to_owned()),
        }
    }

    fn backup(&self, to: Option<PathBuf>) -> Answer {
        let Some(archive) = &self.archive else {
            return refused("no_box", "no box runs here; it takes no backups".to_owned());
        };
        let begun = Instant::now();
        match archive.take(to.as_deref()) {
            Ok(good) => {
                let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                Answer::BackedUp { good, ms }
            }
            Err(error) => refused(error.code(), error.to_string()),
        }
    }

    /// The printer that is meant; with only one there is no question.
    fn which(&self, named: Option<PrinterId>) -> Result<&Known, Answer> {
        let names = || {
            let names: Vec<&str> = self.printers.iter().map(|known| known.config.id.as_str()).collect();
            names.join(", ")
        };
        match (named, self.printers.as_slice()) {
            (_, []) => Err(refused("no_printer", "the config has no [[printer]]".to_owned())),
            (None, [only]) => Ok(only),
            (None, _) => Err(refused(
                "which_printer",
                format!("there is more than one printer; name one of: {}", names()),
            )),
            (Some(id), all) => all.iter().find(|known| known.config.id == id).ok_or_else(|| {
                refused("unknown_printer", format!("there is no printer `{id}`; there are: {}", names()))
            }),
        }
    }

    fn emergency(&self, known: &Known, prefix: &Prefix, count: Option<u32>) -> Answer {
        let Some((_, name)) = self.prefixes().into_iter().find(|(known, _)| known == prefix) else {
            let all: Vec<String> = self.prefixes().iter().map(|(prefix, _)| prefix.to_string()).collect();
            return refused(
                "unknown_prefix",
                format!("nobody has the prefix `{prefix}`; there are: {}", all.join(", ")),
            );
        };
        if self.rules.emergency.count == 0 {
            return refused("no_emergency_numbers", "the config keeps none: emergency_count = 0".to_owned());
        }
        let wanted = usize::try_from(count.unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
        let numbers = self.rules.emergency.numbers(prefix).take(wanted);
        let page =
            |number| slip::emergency_page(&self.rules.place, &self.rules.city, &name, &number, &known.paper);
        run(known, numbers.map(page).collect())
    }

    /// Every prefix once, with whose it is.
    fn prefixes(&self) -> Vec<(Prefix, String)> {
        let mut all: Vec<(Prefix, String)> = Vec::new();
        for agency in &self.rules.agencies {
            for service in &agency.services {
                if all.iter().any(|(known, _)| *known == service.prefix) {
                    continue;
                }
                let own = service.prefix != agency.prefix;
                let whose = if own {
                    format!("{} – {}", agency.name.id, service.name.id)
                } else {
                    agency.name.id.to_string()
                };
                all.push((service.prefix.clone(), whose));
            }
        }
        all
    }

    fn test_page(&self, known: &Known, health: PrinterHealth) -> Result<Vec<u8>, PrinterError> {
        let config = &known.config;
        let mut facts = vec![
            format!("Printer: {} ({})", config.name.in_language(Language::ID), config.id),
            format!("Port: {}", port(config)),
        ];
        facts.extend(line(config).map(|line| format!("Line: {line}")));
        facts.push(format!("Profile: {}", config.profile.as_str()));
        let proof = health.proof.map_or("not known yet", |proof| proof.as_str());
        facts.push(format!("Proof of paper: {proof}"));
        slip::test_page(&facts, &known.paper)
    }

    /// A printer's health; of one that has just been opened the first that is known.
    fn health(&self, id: &PrinterId) -> PrinterHealth {
        let until = Instant::now() + FIRST_LOOK;
        loop {
            let now = self.healths.borrow().iter().find(|(known, _)| known == id).map(|(_, health)| *health);
            match now {
                Some(health) if health.is_known() => return health,
                now if Instant::now() >= until => return now.unwrap_or(PrinterHealth::UNKNOWN),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn status(&self, known: &Known) -> PrinterStatus {
        let config = &known.config;
        let health = self.health(&config.id);
        let count = |wanted: fn(&crate::queue::SlipRecord) -> bool| {
            let present = self.hall.as_ref()?.present();
            Some(present.day.slips().filter(|slip| slip.printer == config.id && wanted(slip)).count())
        };
        PrinterStatus {
            id: config.id.clone(),
            name: config.name.in_language(Language::ID).to_owned(),
            port: port(config),
            line: line(config),
            state: health.state.as_str().to_owned(),
            fault: health.fault,
            proof: health.proof.map(|proof| proof.as_str().to_owned()),
            near_end: health.near_end,
            slips_left: health.slips_left,
            waiting: count(|slip| slip.state == SlipState::Queued),
            doubtful: count(crate::queue::SlipRecord::needs_attention),
        }
    }
}

/// The lines, the worst first.
pub fn health_lines(facts: &Facts, language: Language) -> Vec<HealthLine> {
    let mut lines = health::lines(facts, language);
    lines.sort_by_key(|line| std::cmp::Reverse(line.health));
    let told = |line: health::Line| HealthLine {
        key: line.key,
        label: line.label,
        says: line.value,
        remedy: line.remedy,
        health: line.health,
    };
    lines.into_iter().map(told).collect()
}

fn run(known: &Known, pages: Result<Vec<Vec<u8>>, PrinterError>) -> Answer {
    let pages = match pages {
        Ok(pages) => pages,
        Err(error) => return refused("layout", format!("the page cannot be laid out: {error}")),
    };
    let of = pages.len();
    let patience = PAGE * u32::try_from(of + 1).unwrap_or(u32::MAX);
    match known.errands.bring(pages).recv_timeout(patience) {
        Ok(Ran { printed, trouble }) => {
            Answer::Ran { printer: known.config.id.clone(), printed, of, trouble }
        }
        Err(_) => refused("stopping", "the printer's thread has ended; ask again".to_owned()),
    }
}

fn refused(code: &str, message: String) -> Answer {
    Answer::Refused { code: code.to_owned(), message }
}

fn port(config: &PrinterConfig) -> String {
    match &config.port {
        config::Port::Preview => "preview".to_owned(),
        config::Port::Serial(path) => path.display().to_string(),
    }
}

/// `19200 8N1, hardware flow control`.
fn line(config: &PrinterConfig) -> Option<String> {
    if config.port == config::Port::Preview {
        return None;
    }
    let data = if config.data_bits == config::DataBits::Seven { 7 } else { 8 };
    let parity = match config.parity {
        config::Parity::None => 'N',
        config::Parity::Even => 'E',
        config::Parity::Odd => 'O',
    };
    let stop = if config.stop_bits == config::StopBits::Two { 2 } else { 1 };
    let flow = match config.flow {
        config::Flow::None => "none",
        config::Flow::Hardware => "hardware",
        config::Flow::Software => "software",
    };
    Some(format!("{} {data}{parity}{stop}, flow control {flow}", config.baud))
}
