//! The slip: what is on the paper, as content, as bytes, as a picture.
//!
//! **Invariant:** nothing a person typed reaches a printer as a command; see [`plain`].

mod bytes;
mod pages;
pub mod paper;
pub mod picture;
mod plain;
mod wrap;

pub use bytes::bytes;
pub use pages::{emergency_page, test_page};
pub use plain::plain;
use wrap::wrap;

use crate::queue::{At, Language, TicketNumber};

/// Everything a slip says, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    pub place: String,
    pub city: String,
    /// The everyday name of the agency.
    pub agency: String,
    pub agency_full: String,
    pub service: String,
    pub number: TicketNumber,
    /// Tickets that would be called before; not said where unknown.
    pub ahead: Option<u32>,
    /// A range in minutes; not said where unknown.
    pub wait_min: Option<(u32, u32)>,
    /// The zone's letter.
    pub zone: Option<String>,
    /// The counters that may call.
    pub counters: Vec<u16>,
    /// Only where visitors have a network.
    pub qr: Option<Qr>,
    /// When the number was given.
    pub printed_at: At,
    /// Six characters by which the desk finds the ticket.
    pub reference: String,
    pub priority: bool,
    pub reprint: bool,
    pub demo: bool,
    pub language: Language,
}

/// A way to follow the ticket on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    pub url: String,
    /// Name of the network to join first.
    pub wifi: String,
}

/// The paper and what is under the roof of the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub width: Width,
    pub cut: bool,
    /// The key of a logo in the printer's memory.
    pub logo: Option<[u8; 2]>,
}

/// Width of the roll. 203 dpi, 8 dots a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Mm58,
    Mm80,
}

impl Width {
    /// Dots that can be printed on.
    pub fn dots(self) -> usize {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }

    /// Characters of font A (12 × 24 dots) in a line.
    pub fn columns(self) -> usize {
        self.dots() / 12
    }
}
