//! The config: one commented file, read into plain structs.
//!
//! **Invariant:** a [`Config`] is whole and valid: every id is unique, every reference leads
//! somewhere, every service is served, every slip can be laid out. Reading is a pure function of the text;
//! only [`load`] touches the file system, for the file and for those it names.

mod agency;
mod api_token;
mod backup;
mod beside;
mod calendar;
mod colour;
mod counter;
mod hours;
mod icons;
mod kiosk;
mod known;
mod lobby;
mod names;
mod printer;
mod problems;
mod queue;
mod reader;
mod site;
mod slip;
mod sound;
mod staff;
mod terms;
mod tls;
mod visitors;
mod web;
mod weight;
mod words;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

pub use api_token::{ApiTokenConfig, Scope};
pub use backup::BackupConfig;
pub use icons::ICONS;
pub use kiosk::{KioskConfig, WindowSetting, WithoutPaper, least_target_mm};
pub use lobby::{LobbyConfig, PicturesConfig, ReadingSetting, VoiceSetting, WaitingRoom};
pub use printer::{DataBits, Flow, Parity, Port, PrinterConfig, Profile, ProofSetting, StopBits};
pub use problems::{Gravity, Place, Problem, Problems};
pub use slip::SlipConfig;
pub use sound::{SoundConfig, SoundDevice};
pub use staff::{Role, StaffConfig};
pub use tls::TlsConfig;
pub use visitors::VisitorsConfig;
pub use web::WebConfig;
pub use weight::heaviest;

use crate::queue::Rules;
use crate::queue::rules::{Kiosk, Parts};
use beside::Beside;
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
    pub lobby: LobbyConfig,
    pub slip: SlipConfig,
    pub sound: SoundConfig,
    pub backup: BackupConfig,
    /// Business days that are kept in the database; none: for ever.
    pub data_keep_days: Option<u32>,
    /// What somebody should know of it.
    pub warnings: Option<Problems>,
    /// SHA-256 of the text it was read from, in hex.
    pub hash: String,
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

/// Reads a config file.
pub fn load(path: &Path, options: Options) -> Result<Config, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let name = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(read_beside(&name, &text, options, Beside(Some(folder)))?)
}

/// Reads the text of a config that names no other files. `name` is what reports call it.
pub fn read(name: &str, text: &str, options: Options) -> Result<Config, Problems> {
    read_beside(name, text, options, Beside(None))
}

fn read_beside(name: &str, text: &str, options: Options, beside: Beside<'_>) -> Result<Config, Problems> {
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
            Ok(Config { hash: hash(text), warnings, ..config })
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
    let sound = sound::sound(&mut root, beside);
    let backup = backup::backup(&mut root);
    let data_keep_days = backup::data(&mut root);

    let (site, printers, kiosks, queue) = (site?, printers?, kiosks?, queue?);
    let (change_at, max_forward_days) = day?;
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
        lobby: lobby?,
        slip,
        sound: sound?,
        backup: backup?,
        data_keep_days: data_keep_days?,
        warnings: None,
        hash: String::new(),
    })
}

/// Problems that may be nothing but the shadow of a line the parser could not read.
const SHADOWS: &[&str] =
    &["missing_key", "missing_section", "unknown_name", "unserved", "no_services", "never_open"];

/// All problems in the order of the file: one of syntax a line, and no shadows where there are any.
fn sorted(text: &str, faults: &[toml::de::Error], mut problems: Vec<Problem>) -> Vec<Problem> {
    let line = |problem: &Problem| line_of(text, problem.span.start);
    let mut syntax: Vec<Problem> = faults
        .iter()
        .map(|fault| Problem {
            span: fault.span().unwrap_or(0..0),
            gravity: Gravity::Error,
            code: "syntax",
            message: fault.message().to_owned(),
            hint: None,
        })
        .collect();
    syntax.sort_by_key(|problem| problem.span.start);
    syntax.dedup_by_key(|problem| line(problem));
    if !syntax.is_empty() {
        let broken: Vec<usize> = syntax.iter().map(line).collect();
        problems.retain(|problem| !SHADOWS.contains(&problem.code) && !broken.contains(&line(problem)));
    }
    problems.extend(syntax);
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Problems {
    let at = error.utf8_error().valid_up_to();
    let problem = Problem {
        span: at..at + char::REPLACEMENT_CHARACTER.len_utf8(),
        gravity: Gravity::Error,
        code: "not_utf8",
        message: "this sign is not UTF-8".to_owned(),
        hint: Some("save the file as UTF-8 in the editor".to_owned()),
    };
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    Problems { file: name.to_owned(), text, list: vec![problem], beside: Vec::new() }
}

fn hash(text: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
