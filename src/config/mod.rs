//! The technician's file: read whole, every problem at once, each with its place and what to do.
//!
//! **Invariant:** reading is a pure function of the text. Only [`load`] touches a file.

mod hours;
mod people;
mod problem;
mod reader;
mod rooms;
mod site;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::queue::{AgencyId, KioskId, PrinterId, Rules, StaffId, Text, ZoneId};
pub use problem::{Place, Problem, Problems};
use reader::Sink;
pub use site::ICONS;

/// The site that is built in: MPP Kota Langsa, as in `config/antrean.toml`.
pub const DEFAULT: &str = include_str!("../../config/antrean.toml");

/// A whole and valid config.
#[derive(Debug, Clone)]
pub struct Config {
    pub rules: Rules,
    pub printers: Vec<PrinterConfig>,
    pub kiosks: Vec<KioskConfig>,
    pub staff: Vec<StaffConfig>,
    pub tokens: Vec<ApiTokenConfig>,
    /// Names by which browsers may reach the box, besides addresses and localhost.
    pub host_names: Vec<String>,
    /// Lines under the lobby's calls.
    pub ticker: Vec<Text>,
    /// SHA-256 of the text, in hex: which config was in force.
    pub hash: String,
}

/// Where a printer is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Port {
    /// Slips become pictures.
    Preview,
    /// A device file; a name under `/dev/serial/by-id` is stable.
    Serial(std::path::PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    None,
    Even,
    Odd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    None,
    Hardware,
    Software,
}

/// How a printer shows that paper came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofSetting {
    /// It answers a status request before and after each slip.
    Status,
    /// It says nothing; a slip is at best *sent*.
    None,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PrinterConfig {
    pub id: PrinterId,
    pub name: Text,
    pub port: Port,
    /// Bits per second.
    pub baud: u32,
    pub data_bits: u8,
    pub parity: Parity,
    pub stop_bits: u8,
    pub flow: Flow,
    pub proof: ProofSetting,
    /// Paper width, 58 or 80 mm.
    pub paper_mm: u8,
    pub cut: bool,
    /// Two characters under which the printer keeps the logo, if it does.
    pub logo: Option<[u8; 2]>,
}

/// How a kiosk's window stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSetting {
    Full,
    Window,
}

#[derive(Debug, Clone, PartialEq)]
pub struct KioskConfig {
    pub id: KioskId,
    pub name: Text,
    pub printer: Option<PrinterId>,
    pub zone: Option<ZoneId>,
    /// Screen diagonal in inches; sizes on the screen follow it.
    pub diagonal_in: f64,
    pub window: WindowSetting,
    /// No number while paper cannot come: the visitor is sent to the desk.
    pub needs_paper: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Clerk,
    Desk,
    Supervisor,
    Manager,
    Technician,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffConfig {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    pub agency: Option<AgencyId>,
    /// Argon2 in PHC form, as `antrean pin` prints it.
    pub pin_hash: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Issue,
    Call,
    Supervise,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenConfig {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// `sha256:` and 64 hex digits, as `antrean token` prints it.
    pub hash: String,
}

/// How a config is meant to be used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Hours do not count: the demonstration.
    pub always_open: bool,
}

/// Why a file gave no config.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(
        "{path} cannot be read: {source}. Name another file with --config, or give its owner the right to read it"
    )]
    Unreadable { path: std::path::PathBuf, source: std::io::Error },
    #[error("{0}")]
    Problems(Problems),
}

/// Reads a config file.
///
/// # Errors
/// The file cannot be read, or has problems: all of them.
pub fn load(path: &Path, options: Options) -> Result<Config, LoadError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| LoadError::Unreadable { path: path.to_owned(), source })?;
    read(&path.display().to_string(), &text, options).map_err(LoadError::Problems)
}

/// Reads a config; `name` is how reports call the file.
///
/// # Errors
/// Every problem of the text at once.
pub fn read(name: &str, text: &str, options: Options) -> Result<Config, Problems> {
    let sink = Sink::default();
    let (document, broken) = toml::de::DeTable::parse_recoverable(text);
    for error in &broken {
        sink.say(error.span().unwrap_or(0..0), "syntax", error.message().to_owned(), None);
    }
    // What could be read of a broken file is not judged: its problems would mostly be consequences.
    let config = if broken.is_empty() { site::config(&sink, &document, text, options) } else { None };
    let problems = sink.into_problems();
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(Problems::new(name, text, problems)),
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
