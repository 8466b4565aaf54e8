//! The config: one commented file, read into plain structs.
//!
//! **Invariant:** a [`Config`] is whole and valid: every id is unique, every reference leads
//! somewhere, every service is served, every slip can be laid out. Reading is a pure function of the text;
//! only [`load`] touches the file system, for the file and for those it names.

mod agency;
mod alarms;
mod api_token;
mod backup;
mod beside;
mod calendar;
mod colour;
mod counter;
mod diff;
mod good;
mod hours;
mod icons;
mod kiosk;
mod known;
mod lobby;
mod locate;
mod names;
mod printer;
mod problems;
mod queue;
mod reader;
mod reports;
mod schema;
mod site;
mod slip;
mod sound;
mod source;
mod staff;
mod state;
mod survey;
mod syntax;
mod terms;
mod tls;
mod visitors;
mod web;
mod weight;
mod words;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use toml::de::DeTable;

pub use alarms::AlarmsConfig;
pub use api_token::{ApiTokenConfig, Scope};
pub use backup::BackupConfig;
pub use beside::why;
pub use diff::{beyond_rules, differences};
pub use good::keep;
pub use icons::ICONS;
pub use kiosk::{KioskConfig, WindowSetting, WithoutPaper, least_target_mm};
pub use lobby::{LobbyConfig, PicturesConfig, ReadingSetting, VoiceSetting, WaitingRoom};
pub use locate::locate;
pub use printer::{DataBits, Flow, Parity, Port, PrinterConfig, Profile, ProofSetting, StopBits};
pub use problems::{Gravity, Place, Problem, Problems};
pub use reports::ReportsConfig;
pub use schema::{SCHEMA, effective};
pub use slip::SlipConfig;
pub use sound::{SoundConfig, SoundDevice};
pub use source::{NamedFile, Source};
pub use staff::{Role, StaffConfig};
pub use state::{ConfigOrigin, ConfigState, Rejected};
pub use survey::SurveyConfig;
pub use tls::TlsConfig;
pub use visitors::VisitorsConfig;
pub use web::WebConfig;
pub use weight::heaviest;

use crate::queue::Rules;
use crate::queue::rules::{Kiosk, Parts};
use crate::survey::Feedback;
use beside::{Asked, Beside};
use known::Known;
use problems::line_of;
use reader::{Notes, Table};

/// The config the box has within itself: the reference site, with a drawn printer.
pub const DEFAULT: &str = include_str!("../../config/antrean.toml");

/// The calendar that belongs to it: the national holidays of 2026.
pub const HOLIDAYS: &str = include_str!("../../config/holidays-2026.toml");

/// Everything a site decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub rules: Rules,
    pub printers: Vec<PrinterConfig>,
    pub kiosks: Vec<KioskConfig>,
    pub staff: Vec<StaffConfig>,
    pub tokens: Vec<ApiTokenConfig>,
    pub web: WebConfig,
    /// None where visitors have no network.
    pub visitors: Option<VisitorsConfig>,
    /// None where nobody is asked.
    pub survey: Option<SurveyConfig>,
    pub feedback: Arc<Feedback>,
    pub lobby: LobbyConfig,
    pub slip: SlipConfig,
    pub sound: SoundConfig,
    pub alarms: AlarmsConfig,
    pub backup: BackupConfig,
    /// Business days that are kept in the database; none: for ever.
    pub data_keep_days: Option<u32>,
    pub reports: ReportsConfig,
    /// What somebody should know of it.
    pub warnings: Option<Problems>,
    /// What it was made of.
    pub source: Arc<Source>,
}

/// What the command line adds to the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Hours do not count: the demonstration.
    pub always_open: bool,
    /// The date on which it is read, to miss a calendar in time; where it is not known nothing is missed.
    pub today: Option<NaiveDate>,
}

/// Why there is no config.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Wrong(#[from] Problems),
}

impl LoadError {
    /// All of it in words, as `antrean check` says it.
    pub fn report(&self) -> String {
        match self {
            Self::Wrong(problems) => problems.render(false),
            Self::Unreadable { source, .. } => format!("{self}: {}", beside::why(source)),
        }
    }
}

/// Reads a config file.
///
/// # Errors
/// It cannot be read, or it is no config.
pub fn load(path: &Path, options: Options) -> Result<Config, LoadError> {
    load_and_watch(path, options).0
}

/// The same, and every file and folder of which the answer was made: when none of them changes, neither
/// does the answer.
pub fn load_and_watch(path: &Path, options: Options) -> (Result<Config, LoadError>, Vec<PathBuf>) {
    let asked = Asked::default();
    let folder = path.parent().unwrap_or(Path::new(""));
    let config = read_file(path, path).and_then(|text| {
        let beside = Beside::new(Some(folder), None, &asked);
        let config = read_beside(&path.display().to_string(), &text, options, beside)?;
        Ok(config.made_of(text, Some(folder), &asked))
    });
    let mut paths = asked.paths.into_inner();
    paths.push(path.to_owned());
    (config, paths)
}

/// Reads the text of a config that names no other files. `name` is what reports call it.
///
/// # Errors
/// It is no config.
pub fn read(name: &str, text: &str, options: Options) -> Result<Config, Problems> {
    let asked = Asked::default();
    let config = read_beside(name, text, options, Beside::new(None, None, &asked))?;
    Ok(config.made_of(text.to_owned(), None, &asked))
}

/// Reads the last good copy in a data folder.
///
/// # Errors
/// There is none, or it is no config any more.
pub fn load_good(data: &Path, options: Options) -> Result<Config, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: data.join("config-good"), source };
    let (path, bytes, kept) = good::read(data, MOST).map_err(unreadable)?;
    let text = decode(&path.display().to_string(), bytes)?;
    let asked = Asked::default();
    let beside = Beside::new(kept.folder.as_deref(), Some(&kept), &asked);
    let config = read_beside(&path.display().to_string(), &text, options, beside)?;
    Ok(config.made_of(text, kept.folder.as_deref(), &asked))
}

/// No config is larger; what is, is some other file.
const MOST: u64 = 1 << 20;

fn read_file(path: &Path, shown: &Path) -> Result<String, LoadError> {
    let bytes = beside::read_whole(path, MOST)
        .map_err(|source| LoadError::Unreadable { path: path.to_owned(), source })?;
    Ok(decode(&shown.display().to_string(), bytes)?)
}

/// Bytes as text. Some editors put a mark before UTF-8: it says nothing and is left out.
fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Problems> {
    const MARK: &str = "\u{FEFF}";
    let mut text = String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len());
    }
    Ok(text)
}

impl Config {
    fn made_of(mut self, text: String, folder: Option<&Path>, asked: &Asked) -> Self {
        let source = Source { text, folder: folder.map(Path::to_owned), files: asked.files.take() };
        self.rules.hash = source.hash();
        self.source = source.into();
        self
    }

    /// SHA-256 of its text and of the files it names, in hex.
    pub fn hash(&self) -> &str {
        &self.rules.hash
    }
}

fn read_beside(name: &str, text: &str, options: Options, beside: Beside<'_>) -> Result<Config, Problems> {
    if text.trim().is_empty() {
        return Err(empty(name));
    }
    let (document, faults) = DeTable::parse_recoverable(text);
    let notes = Notes::new(text);
    let others = RefCell::default();
    let config = sections(Table::root(&document, &notes), &notes, options, beside, &others);
    let list = sorted(text, &faults, notes.into_problems());
    let problems =
        Problems { file: name.to_owned(), text: text.to_owned(), list, beside: others.into_inner() };
    match config {
        Some(config) if !problems.are_errors() => {
            let warnings = (!problems.list.is_empty()).then_some(problems);
            Ok(Config { warnings, ..config })
        }
        _ => {
            debug_assert!(problems.are_errors(), "a section gave up without a word");
            Err(problems)
        }
    }
}

/// Every section, in an order in which names are declared before they are referred to.
fn sections(
    mut root: Table<'_>,
    notes: &Notes<'_>,
    options: Options,
    beside: Beside<'_>,
    others: &RefCell<Vec<Problems>>,
) -> Option<Config> {
    let mut known = Known::new();
    let site = site::site(&mut root);
    let day = site::day(&mut root);
    known.change_at = day.map_or(known.change_at, |(change_at, _)| change_at);
    let hours = hours::of_site(&mut root, &known);
    let queue = queue::queue(&mut root);
    known.terms = queue.as_ref().map_or(known.terms, |queue| queue.terms);
    let zones = site::zones(&mut root, &mut known);
    let agencies = agency::agencies(&mut root, &mut known);
    let counters = counter::counters(&mut root, &mut known);
    known.offers.tell_unserved(notes);
    let exceptions = calendar::calendar(&mut root, &known, beside, options.today, others);
    let slip = slip::slip(&mut root, beside, others);
    let printers = printer::printers(&mut root, &mut known, slip.as_ref().map(|(slip, _)| slip));
    let kiosks = kiosk::kiosks(&mut root, &mut known);
    let staff = staff::staff(&mut root, &mut known);
    let tokens = api_token::tokens(&mut root, &mut known);
    let web = web::web(&mut root, beside, options.today);
    let visitors = visitors::visitors(&mut root, beside, options.today);
    let lobby = lobby::lobby(&mut root, zones.as_ref().map(|(_, rooms)| rooms.as_slice()), beside);
    let survey = survey::survey(&mut root, beside);
    let feedback = survey::feedback(&mut root);
    let sound = sound::sound(&mut root, beside);
    let alarms = alarms::alarms(&mut root);
    let backup = backup::backup(&mut root);
    let data_keep_days = backup::data(&mut root);
    let reports = reports::reports(&mut root);

    let (site, printers, kiosks, queue) = (site?, printers?, kiosks?, queue?);
    let (change_at, max_forward_days) = day?;
    let survey = survey?;
    let rules = Rules::from(Parts {
        place: site.place,
        city: site.city,
        offset: site.offset,
        change_at,
        max_forward_days,
        hours: hours?,
        exceptions: exceptions?,
        always_open: options.always_open,
        regular_between: queue.regular_between,
        conduct: queue.conduct,
        emergency: queue.emergency,
        invite_every: survey.as_ref().map(|survey| survey.invite_every),
        zones: zones?.0,
        agencies: agencies?,
        counters: counters?,
        kiosks: kiosks
            .iter()
            .map(|kiosk| Kiosk {
                id: kiosk.id.clone(),
                name: kiosk.name.clone(),
                printer: kiosk.printer.clone(),
            })
            .collect(),
        printers: printers.iter().map(|(_, printer)| printer.id.clone()).collect(),
    });
    let (slip, template) = slip?;
    weight::tell_heavy(&rules, &printers, template.as_ref(), notes);
    Some(Config {
        rules,
        printers: printers.into_iter().map(|(_, printer)| printer).collect(),
        kiosks,
        staff: staff?,
        tokens: tokens?,
        web: web?,
        visitors: visitors?,
        survey,
        feedback: feedback?,
        lobby: lobby?,
        slip,
        sound: sound?,
        alarms: alarms?,
        backup: backup?,
        data_keep_days: data_keep_days?,
        reports: reports?,
        warnings: None,
        source: Arc::default(),
    })
}

/// Problems that may be nothing but the shadow of a line the parser could not read.
const SHADOWS: &[&str] =
    &["missing_key", "missing_section", "unknown_name", "unserved", "no_services", "never_open"];

/// All problems in the order of the file: one of syntax a line, and no shadows where there are any.
fn sorted(text: &str, faults: &[toml::de::Error], mut problems: Vec<Problem>) -> Vec<Problem> {
    let line = |problem: &Problem| line_of(text, problem.span.start);
    let mut syntax: Vec<Problem> = faults.iter().map(|fault| syntax::problem(text, fault)).collect();
    syntax.sort_by_key(|problem| problem.span.start);
    syntax.dedup_by_key(|problem| line(problem));
    // A list without its end swallows every line that follows.
    syntax.dedup_by(|next, first| next.message == first.message && next.message == syntax::UNCLOSED);
    if !syntax.is_empty() {
        let broken: Vec<usize> = syntax.iter().map(line).collect();
        // Whatever follows a list without its end was read as its values.
        let lost = syntax.iter().find(|fault| fault.message == syntax::UNCLOSED).map(line);
        let shadow = |problem: &Problem| SHADOWS.contains(&problem.code) || problem.span == (0..0);
        problems.retain(|problem| !shadow(problem) && !broken.contains(&line(problem)));
        problems.retain(|problem| lost.is_none_or(|lost| line(problem) < lost));
    }
    problems.extend(syntax);
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Problems {
    let at = error.utf8_error().valid_up_to();
    let wide = [[0xFF, 0xFE], [0xFE, 0xFF]].iter().any(|mark| error.as_bytes().starts_with(mark));
    let (message, hint) = if wide {
        ("this file is UTF-16, not UTF-8", "open it in the editor and save it as UTF-8")
    } else {
        ("this sign is not UTF-8", "type the sign again, then save the file as UTF-8 in the editor")
    };
    let span = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
    alone(name, String::from_utf8_lossy(error.as_bytes()).into_owned(), span, "not_utf8", message, hint)
}

fn empty(name: &str) -> Problems {
    let hint = format!("begin with the default: antrean config default > {name}");
    alone(name, String::new(), 0..0, "empty_file", "this file is empty", &hint)
}

fn alone(
    name: &str,
    text: String,
    span: std::ops::Range<usize>,
    code: &'static str,
    message: &str,
    hint: &str,
) -> Problems {
    let (message, hint) = (message.to_owned(), Some(hint.to_owned()));
    let problem = Problem { span, gravity: Gravity::Error, code, message, hint };
    Problems { file: name.to_owned(), text, list: vec![problem], beside: Vec::new() }
}
