//! What the house prints, asks and works with, and when it was out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{At, KioskId, PrinterId, SlipTrouble};

/// Something without which visitors get no number, or no paper. As text `printer:printer-1`,
/// `kiosk:anjungan-1`, `box`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    Printer(PrinterId),
    Kiosk(KioskId),
    /// The machine on which the hall runs, and the program.
    Box,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Printer(id) => write!(f, "printer:{id}"),
            Self::Kiosk(id) => write!(f, "kiosk:{id}"),
            Self::Box => f.write_str("box"),
        }
    }
}

/// A text names no part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no printer:…, no kiosk:… and not box")]
pub struct NoPart(String);

impl FromStr for Part {
    type Err = NoPart;

    fn from_str(text: &str) -> Result<Self, NoPart> {
        match text.split_once(':') {
            Some(("printer", id)) if !id.is_empty() => Ok(Self::Printer(id.into())),
            Some(("kiosk", id)) if !id.is_empty() => Ok(Self::Kiosk(id.into())),
            None if text == "box" => Ok(Self::Box),
            _ => Err(NoPart(text.to_owned())),
        }
    }
}
impl TryFrom<String> for Part {
    type Error = NoPart;

    fn try_from(text: String) -> Result<Self, NoPart> {
        text.parse()
    }
}
impl From<Part> for String {
    fn from(part: Part) -> Self {
        part.to_string()
    }
}

/// Why a kiosk takes no touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KioskTrouble {
    /// Its window gives no sign of life.
    Hung,
    /// There is no display to show it on.
    NoWindow,
}

/// Why the box was dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxTrouble {
    /// Somebody ended it in order.
    Stopped,
    /// The machine went off while it ran.
    Power,
    /// The program ended by itself, or was killed, while the machine went on.
    Fell,
}

/// Why a part was out. No word means two things, so that the word alone is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PartTrouble {
    Printer(SlipTrouble),
    Kiosk(KioskTrouble),
    Box(BoxTrouble),
}

impl PartTrouble {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printer(trouble) => trouble.as_str(),
            Self::Kiosk(KioskTrouble::Hung) => "hung",
            Self::Kiosk(KioskTrouble::NoWindow) => "no_window",
            Self::Box(BoxTrouble::Stopped) => "stopped",
            Self::Box(BoxTrouble::Power) => "power",
            Self::Box(BoxTrouble::Fell) => "fell",
        }
    }

    /// Whether it is a trouble of such a part that keeps it from its work. A slip that came too late, or was
    /// cut off by a start, says nothing of its printer.
    pub fn stops(self, part: &Part) -> bool {
        match (part, self) {
            (Part::Printer(_), Self::Printer(trouble)) => {
                !matches!(trouble, SlipTrouble::TooLate | SlipTrouble::Restarted)
            }
            (Part::Kiosk(_), Self::Kiosk(_)) | (Part::Box, Self::Box(_)) => true,
            _ => false,
        }
    }
}

/// A part that is out now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub trouble: PartTrouble,
    /// Since when with this trouble.
    pub since: At,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_it_is_written() {
        for part in [Part::Printer("printer-1".into()), Part::Kiosk("a:b".into()), Part::Box] {
            let json = serde_json::to_string(&part).unwrap();
            assert_eq!(json, format!("\"{part}\""));
            assert_eq!(serde_json::from_str::<Part>(&json).unwrap(), part);
        }
        for text in ["printer", "printer:", "box:1", "kiosk", "Box", ""] {
            assert_eq!(text.parse::<Part>(), Err(NoPart(text.to_owned())));
        }
    }

    #[test]
    fn each_word_of_trouble_means_one_thing() {
        let kiosk = [KioskTrouble::Hung, KioskTrouble::NoWindow].map(PartTrouble::Kiosk);
        let dark = [BoxTrouble::Stopped, BoxTrouble::Power, BoxTrouble::Fell].map(PartTrouble::Box);
        let all = SlipTrouble::ALL.map(PartTrouble::Printer).into_iter().chain(kiosk).chain(dark);
        let mut words = std::collections::HashSet::new();
        for trouble in all {
            assert!(words.insert(trouble.as_str()), "{} twice", trouble.as_str());
            let json = serde_json::to_string(&trouble).unwrap();
            assert_eq!(json, format!("\"{}\"", trouble.as_str()));
            assert_eq!(serde_json::from_str::<PartTrouble>(&json).unwrap(), trouble);
        }
    }
}
