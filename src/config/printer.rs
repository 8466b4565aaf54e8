//! `[[printer]]`: the ticket printers and their lines.

use std::ops::Range;
use std::path::PathBuf;

use super::known::Known;
use super::reader::{Table, Value};
use super::slip::SlipConfig;
use super::words::text;
use crate::queue::{PrinterId, Text};
use crate::slip::{Paper, Width};

/// A ticket printer and how to speak to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PrinterConfig {
    pub id: PrinterId,
    pub name: Text,
    pub port: Port,
    /// Bits a second.
    pub baud: u32,
    pub data_bits: DataBits,
    pub parity: Parity,
    pub stop_bits: StopBits,
    pub flow: Flow,
    pub proof: ProofSetting,
    pub profile: Profile,
    /// What slips are laid out for. Its `logo` is set only where somebody else has stored one.
    pub paper: Paper,
    /// Millimetres left on the roll when the near-end sensor speaks.
    pub near_end_mm: u32,
}

/// Where slips go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Port {
    /// Drawn as PNG files and shown at `/preview`.
    Preview,
    /// The device file of a serial line.
    Serial(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataBits {
    Seven,
    Eight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    None,
    Even,
    Odd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopBits {
    One,
    Two,
}

/// Who keeps the sender from being too fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    None,
    /// RTS/CTS.
    Hardware,
    /// XON/XOFF.
    Software,
}

/// How paper is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofSetting {
    /// The printer is asked what it can prove.
    Auto,
    /// GS ( H behind each slip: the printer answers when it is on paper.
    ProcessId,
    /// GS r behind each slip: the printer answers when it has taken it in.
    Fence,
    /// The printer is asked before and after each slip.
    Status,
    /// It cannot be asked: all bytes accepted must do.
    None,
}

/// A kind of printer. What it can do holds where no key of its own says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What most can: QR codes and a knife.
    Generic,
    /// Epson's TM-T82, TM-T88 and whatever understands the same: also a memory for a logo.
    Epson,
    /// Neither codes nor a knife, as many cheap ones.
    Basic,
}

impl Profile {
    /// The word used in the config and on the test page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Epson => "epson",
            Self::Basic => "basic",
        }
    }

    fn cuts(self) -> bool {
        self != Self::Basic
    }

    fn draws_qr(self) -> bool {
        self != Self::Basic
    }

    /// Where it keeps a logo.
    fn keeps_logo_at(self) -> Option<[u8; 2]> {
        (self == Self::Epson).then_some(*b"A1")
    }
}

const BAUDS: &[i64] = &[1200, 2400, 4800, 9600, 14400, 19200, 38400, 57600, 115_200, 230_400];
const PARITIES: &[(&str, Parity)] = &[("none", Parity::None), ("even", Parity::Even), ("odd", Parity::Odd)];
const FLOWS: &[(&str, Flow)] =
    &[("none", Flow::None), ("hardware", Flow::Hardware), ("software", Flow::Software)];
const PROOFS: &[(&str, ProofSetting)] = &[
    ("auto", ProofSetting::Auto),
    ("process_id", ProofSetting::ProcessId),
    ("fence", ProofSetting::Fence),
    ("status", ProofSetting::Status),
    ("none", ProofSetting::None),
];
const PROFILES: &[(&str, Profile)] = &[
    (Profile::Generic.as_str(), Profile::Generic),
    (Profile::Epson.as_str(), Profile::Epson),
    (Profile::Basic.as_str(), Profile::Basic),
];

/// Every printer, and where its header stands.
pub(super) fn printers(
    root: &mut Table<'_>,
    known: &mut Known,
    slip: Option<&SlipConfig>,
) -> Option<Vec<(Range<usize>, PrinterConfig)>> {
    root.each("printer", |mut table| {
        let header = table.header();
        let id = table.required("id", |value| known.printers.declare(value));
        let name = table.required("name", text);
        let port = table.required("port", |value| port(value, known));
        let baud = table.optional("baud", 9600, |value| value.number_of("a usual speed", BAUDS));
        let data_bits = table.optional("data_bits", DataBits::Eight, data_bits);
        let parity = table.optional("parity", Parity::None, |value| value.choice(PARITIES));
        let stop_bits = table.optional("stop_bits", StopBits::One, stop_bits);
        let flow = table.optional("flow", Flow::None, |value| value.choice(FLOWS));
        let proof = table.optional("proof", ProofSetting::Auto, |value| value.choice(PROOFS));
        let profile = table.optional("profile", Profile::Generic, |value| value.choice(PROFILES));
        let width = table.optional("paper_mm", Width::Mm80, width);
        let cut = table.maybe("cut", Value::bool);
        let key = table.maybe("logo", logo_key);
        let near_end_mm = table.optional("near_end_mm", 2500, |value| value.integer(100..=20_000));
        let printer = PrinterConfig {
            id: id?,
            name: name?,
            port: port?,
            baud: baud?,
            data_bits: data_bits?,
            parity: parity?,
            stop_bits: stop_bits?,
            flow: flow?,
            proof: proof?,
            profile: profile?,
            paper: paper(profile?, width?, cut?, key?, slip?),
            near_end_mm: near_end_mm?,
        };
        Some((header, printer))
    })
}

fn port(value: &Value<'_>, known: &mut Known) -> Option<Port> {
    let text = value.str()?;
    if text == "preview" {
        return Some(Port::Preview);
    }
    // Only names below /dev or a full path: "ttyUSB0" would be looked for wherever the box was started.
    if !text.starts_with('/') || text.ends_with('/') || text.chars().any(|c| c.is_control() || c == ' ') {
        let hint = match text.strip_prefix("tty") {
            Some(_) => format!("did you mean \"/dev/{text}\"?"),
            None => "write \"preview\" or a device file such as \"/dev/serial/by-id/…\"".to_owned(),
        };
        return value.refuse("bad_port", format!("`{text}` is not a port"), hint);
    }
    let path = known.ports.take(value, text.to_owned())?;
    Some(Port::Serial(PathBuf::from(path)))
}

fn data_bits(value: &Value<'_>) -> Option<DataBits> {
    let bits: u8 = value.number_of("a count of data bits", &[7, 8])?;
    Some(if bits == 7 { DataBits::Seven } else { DataBits::Eight })
}

fn stop_bits(value: &Value<'_>) -> Option<StopBits> {
    let bits: u8 = value.number_of("a count of stop bits", &[1, 2])?;
    Some(if bits == 1 { StopBits::One } else { StopBits::Two })
}

fn width(value: &Value<'_>) -> Option<Width> {
    let width_mm: u8 = value.number_of("a width of paper in mm", &[58, 80])?;
    Some(if width_mm == 58 { Width::Mm58 } else { Width::Mm80 })
}

/// What slips are laid out for: the profile, and what its own keys say instead.
fn paper(
    profile: Profile,
    width: Width,
    cut: Option<bool>,
    key: Option<[u8; 2]>,
    slip: &SlipConfig,
) -> Paper {
    let picture = slip.logo(width);
    let (logo, keep_at) = match &picture {
        // Ours, wherever it is kept.
        Some(_) => (None, key.or_else(|| profile.keeps_logo_at())),
        // Somebody has stored one under this key.
        None => (key, None),
    };
    Paper {
        cut: cut.unwrap_or_else(|| profile.cuts()),
        native_qr: profile.draws_qr(),
        logo,
        picture,
        keep_at,
        template: slip.template.clone(),
        ..Paper::usual(width)
    }
}

fn logo_key(value: &Value<'_>) -> Option<[u8; 2]> {
    let text = value.str()?;
    let key = <[u8; 2]>::try_from(text.as_bytes()).ok();
    key.filter(|key| key.iter().all(|byte| (32..=126).contains(byte))).or_else(|| {
        let hint = "two letters or digits, as the logo was stored: \"01\"".to_owned();
        value.refuse("bad_logo", format!("`{text}` is not the key of a logo"), hint)
    })
}
