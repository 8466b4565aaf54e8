//! Open or closed, why, and until when: one function answers for kiosk, console, lobby and API.
//!
//! What stands higher decides: a stop by staff, a dated exception, the weekly hours and their breaks,
//! the time before the first and after the last number, the day's quota, whether anybody is at a counter,
//! whether the wait would pass closing. "Closed" is about new numbers: who waits is still called.

mod exception;
mod moment;
mod openness;
mod stop;
mod terms;
mod week;

pub use exception::{DatedDay, Exception, Exceptions, Period};
pub use openness::{at_work_since, is_staffed, next_crossing, openness, planned, refused, shifts};
pub use stop::Stop;
pub use terms::{Leniency, Terms};
pub use week::{Span, Week};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{At, Text};

/// Why no number can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedCode {
    /// Staff give no numbers for now.
    Stopped,
    /// The calendar closes this date.
    Holiday,
    /// Before today's first hour.
    NotYetOpen,
    /// Between two spans of today.
    Break,
    /// Still at work, but whoever came now would not be served before closing or a break.
    CutOff,
    /// After today's last hour.
    DayOver,
    /// No hours today at all.
    DayOff,
    /// As many numbers as the day allows have been given.
    QuotaFull,
    /// Nobody is at a counter that offers it.
    Unstaffed,
    /// Those who wait already will take until closing.
    PastClosing,
}

impl ClosedCode {
    /// Every code once, for texts and tests.
    pub const ALL: [Self; 10] = [
        Self::Stopped,
        Self::Holiday,
        Self::NotYetOpen,
        Self::Break,
        Self::CutOff,
        Self::DayOver,
        Self::DayOff,
        Self::QuotaFull,
        Self::Unstaffed,
        Self::PastClosing,
    ];
}

/// Closed for new numbers, and when that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closed {
    pub code: ClosedCode,
    /// The instant at which this answer becomes another one, if nobody does anything; not always an
    /// opening: a day that is over ends at midnight. None where time alone changes nothing.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<At>,
    /// When the calendar lets numbers be had again; none where that is for people to say.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens: Option<At>,
    /// What a person called it: the reason of the stop, the holiday, the break.
    #[serde(default)]
    pub name: Option<Text>,
}

/// What a visitor should know of a service that gives numbers all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Nobody is at a counter that offers it.
    Unstaffed,
    /// Those who wait already may take until closing.
    PastClosing,
}

/// The answer for one service at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Openness {
    Open {
        warning: Option<Warning>,
        /// When this answer becomes another one, if nobody does anything.
        until: Option<At>,
    },
    Closed(Closed),
}

impl Openness {
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    pub fn closed(self) -> Option<Closed> {
        match self {
            Self::Open { .. } => None,
            Self::Closed(closed) => Some(closed),
        }
    }
}

/// The part of an answer that is told to everyone, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Open(Option<Warning>),
    Closed(Closed),
}

impl From<Openness> for Told {
    fn from(openness: Openness) -> Self {
        match openness {
            Openness::Open { warning, .. } => Self::Open(warning),
            Openness::Closed(closed) => Self::Closed(closed),
        }
    }
}
