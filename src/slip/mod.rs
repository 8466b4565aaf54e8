//! The slip: what is on the paper, as content, as bytes, as a picture.
//!
//! A [`Slip`] is what is said, a [`Template`] the order in which, a [`Paper`] on what: [`bytes()`] makes of
//! them what a printer gets, and [`picture::draw`] draws these very bytes for a preview.
//!
//! **Invariant:** nothing a person typed, and no picture, reaches a printer as a command; see [`plain`] and
//! [`Logo::inline`].

mod bytes;
mod facts;
mod logo;
mod pages;
pub mod paper;
pub mod picture;
mod plain;
mod raster;
mod sheet;
mod template;
mod wrap;

use std::sync::Arc;

pub use bytes::bytes;
pub use logo::{Logo, NotALogo};
pub use pages::{card_page, emergency_page, test_page};
pub use plain::plain;
pub use template::{Mistake, Template};

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
    /// Asked to answer the survey once served.
    pub invited: bool,
    pub reprint: bool,
    pub demo: bool,
    pub language: Language,
}

/// A way to follow the ticket on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    pub url: String,
    /// Name of the network to join first; empty where it is not said.
    pub wifi: String,
}

/// The paper, what the printer above it can do, and what is laid out on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub width: Width,
    /// Whether it has a knife.
    pub cut: bool,
    /// Whether it draws QR codes by itself; else they are sent as pictures.
    pub native_qr: bool,
    /// The key of a logo that is *known* to be in the printer's memory: slips print that one.
    pub logo: Option<[u8; 2]>,
    /// The logo in dots. While `logo` is none every slip carries it.
    pub picture: Option<Arc<Logo>>,
    /// Where in the printer's memory `picture` belongs. Whoever speaks to the printer sends
    /// [`Logo::store`] when [`Logo::hash`] is not the one it sent last, and sets `logo` then
    /// ([`Paper::with_logo_stored`]). None: this printer keeps no logo.
    pub keep_at: Option<[u8; 2]>,
    pub template: Arc<Template>,
}

impl Paper {
    /// Paper of this width in a printer that can do what most can, with no logo and the built-in template.
    pub fn usual(width: Width) -> Self {
        Self {
            width,
            cut: true,
            native_qr: true,
            logo: None,
            picture: None,
            keep_at: None,
            template: Template::usual(),
        }
    }

    /// The same once the logo is in the printer's memory; no different where there is none to store.
    #[must_use]
    pub fn with_logo_stored(&self) -> Self {
        let stored = self.picture.as_ref().and(self.keep_at);
        Self { logo: stored.or(self.logo), ..self.clone() }
    }
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

    /// Millimetres of the roll itself.
    pub fn mm(self) -> u8 {
        match self {
            Self::Mm58 => 58,
            Self::Mm80 => 80,
        }
    }

    /// The largest letters a number is printed in, as a multiple of font A: 24 mm high on 80 mm.
    fn largest(self) -> u8 {
        match self {
            Self::Mm58 => 6,
            Self::Mm80 => 8,
        }
    }

    /// Characters of font A (12 × 24 dots) in a line.
    pub fn columns(self) -> usize {
        self.dots() / 12
    }
}
