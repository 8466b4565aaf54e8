//! What is said: clips, tones and rests in order, and the same as a line to be shown.

use std::time::Duration;

use super::clip::Clip;
use super::cue::Cue;
use super::number::{self, Reading};
use crate::queue::{Agency, TicketNumber};

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Cue(Cue),
    /// A clip, and what is shown for it.
    Word(Clip, String),
    /// A short rest: a comma.
    Comma,
    /// A rest between sentences.
    Stop,
}

/// To whom it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the hall: a call.
    Hall,
    /// Whoever stands at the kiosk. Only what is on the screen now is worth saying.
    Visitor,
}

impl Audience {
    /// What has waited longer is not said any more. A call is spoken only while it is young; a sentence
    /// about a screen that has gone would mislead.
    pub(super) const fn patience(self) -> Duration {
        match self {
            Self::Hall => Duration::from_secs(45),
            Self::Visitor => Duration::from_secs(3),
        }
    }
}

/// What the kiosk says on arriving at a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    Home,
    Services,
    Issuing,
    Unavailable,
    SeeStaff,
    StillHere,
    Priority,
    LongWait,
    Closed,
}

impl Prompt {
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Services,
        Self::Issuing,
        Self::Unavailable,
        Self::SeeStaff,
        Self::StillHere,
        Self::Priority,
        Self::LongWait,
        Self::Closed,
    ];

    fn clip(self) -> Clip {
        Clip::named(match self {
            Self::Home => "pilih-instansi",
            Self::Services => "pilih-layanan",
            Self::Issuing => "mohon-tunggu",
            Self::Unavailable => "tidak-menerima-nomor",
            Self::SeeStaff => "ke-meja-informasi",
            Self::StillHere => "masih-di-sini",
            Self::Priority => "layanan-prioritas",
            Self::LongWait => "antrean-panjang",
            Self::Closed => "layanan-tutup",
        })
    }
}

/// Where the visitor's number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    OnPaper,
    /// It counts, and no slip came out.
    OnScreen,
}

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    audience: Audience,
    parts: Vec<Part>,
}

impl Phrase {
    /// A sentence of the kiosk.
    pub fn prompt(prompt: Prompt) -> Self {
        Self { audience: Audience::Visitor, parts: vec![word(prompt.clip())] }
    }

    /// The visitor's number at the kiosk: "Silakan ambil tiket Anda. Nomor antrean Anda, A, nol satu dua."
    pub fn kiosk_number(given: Given, number: &TicketNumber, reading: Reading) -> Self {
        let first = match given {
            Given::OnPaper => "ambil-tiket",
            Given::OnScreen => "nomor-tercatat",
        };
        let mut parts =
            vec![word(Clip::named(first)), Part::Stop, word(Clip::named("nomor-antrean-anda")), Part::Comma];
        parts.extend(ticket(number, reading));
        Self { audience: Audience::Visitor, parts }
    }

    /// A call in the hall, the chime first: "Nomor antrean, A, nol satu dua. Dukcapil. Silakan ke loket
    /// tiga." An agency is said where its clip exists, and shown in any case.
    pub fn call(number: &TicketNumber, reading: Reading, agency: Option<&Agency>, counter: u16) -> Self {
        let mut parts = vec![Part::Cue(Cue::Call), word(Clip::named("nomor-antrean")), Part::Comma];
        parts.extend(ticket(number, reading));
        parts.push(Part::Stop);
        if let Some(agency) = agency {
            let clip = Clip::agency(&agency.id);
            parts.extend([Part::Word(clip, agency.name.id.to_string()), Part::Stop]);
        }
        parts.push(word(Clip::named("silakan-ke-loket")));
        parts.extend(number::terbilang(counter.into()).into_iter().map(word));
        Self { audience: Audience::Hall, parts }
    }

    /// A number alone.
    pub fn number(number: &TicketNumber, reading: Reading) -> Self {
        let mut parts = vec![Part::Cue(Cue::Call), word(Clip::named("nomor-antrean")), Part::Comma];
        parts.extend(ticket(number, reading));
        Self { audience: Audience::Hall, parts }
    }

    pub fn audience(&self) -> Audience {
        self.audience
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The clips it is made of, in order.
    pub fn clips(&self) -> impl Iterator<Item = &Clip> {
        self.parts.iter().filter_map(|part| match part {
            Part::Word(clip, _) => Some(clip),
            _ => None,
        })
    }

    /// What is said, in Indonesian, to be shown with it.
    pub fn words(&self) -> String {
        let mut line = String::new();
        for part in self.parts.iter().chain([&Part::Stop]) {
            match part {
                Part::Cue(_) => {}
                Part::Word(_, shown) => {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    line.push_str(shown);
                }
                Part::Comma => line.push(','),
                Part::Stop if line.ends_with(['.', '?', '!']) => {}
                Part::Stop => line.push('.'),
            }
        }
        line
    }
}

/// A clip whose own words are shown.
fn word(clip: Clip) -> Part {
    let shown = clip.text().unwrap_or_default().to_owned();
    Part::Word(clip, shown)
}

/// The letters by their names, then the number.
fn ticket(number: &TicketNumber, reading: Reading) -> Vec<Part> {
    let letters = number.prefix.as_str().chars();
    let mut parts: Vec<Part> =
        letters.map(|letter| Part::Word(Clip::letter(letter), letter.to_string())).collect();
    parts.push(Part::Comma);
    let said = match reading {
        Reading::Digits => number::digits(&number.digits()),
        Reading::Terbilang => number::terbilang(number.n),
    };
    parts.extend(said.into_iter().map(word));
    parts
}
