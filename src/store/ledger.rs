//! What a report reads of a business day: every stop with its spans of time, and when counters were open.
//!
//! A day that is over is packed into one row, written from the projected tables as the next day begins: reports
//! over years read a few hundred rows instead of millions. A day that still runs is packed in memory when it is
//! asked for.

mod outage;
mod pack;
mod read;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use outage::Outage;
pub(super) use pack::{keep, keep_all};
pub use read::{Ledgers, Unreadable};

/// Bytes of the sum before a packed day.
const SUM: usize = 8;

/// Milliseconds since 00:00 of the business day's date, in the site's time.
pub type DayMs = i64;

/// One business day. Names are kept once; everything else names them by their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLedger {
    pub day: NaiveDate,
    pub names: Vec<String>,
    /// In the order in which they were issued.
    pub tickets: Vec<TicketEntry>,
    /// In the order of their tickets.
    pub visits: Vec<Visit>,
    pub spans: Vec<CounterSpan>,
    pub refusals: Vec<ServiceStop>,
}

/// A place in [`DayLedger::names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(pub u16);

/// What is told of a ticket as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEntry {
    /// The letters of its number.
    pub prefix: Name,
    pub n: u32,
    pub priority: bool,
    /// "kiosk:lobby", "staff:desk", …
    pub origin: Name,
    pub issued: DayMs,
    /// None while it goes on, and where the day's end or the visitor's absence ended it.
    pub left: Option<DayMs>,
    pub reprints: u32,
    /// It was invited to the survey.
    pub invited: bool,
}

/// One stop: a visit of a ticket to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Place in [`DayLedger::tickets`].
    pub ticket: u32,
    /// From 1; later ones came by a transfer.
    pub ord: u8,
    pub agency: Name,
    pub service: Name,
    pub counter: Option<Name>,
    pub entered: DayMs,
    pub called: Option<DayMs>,
    pub started: Option<DayMs>,
    pub ended: Option<DayMs>,
    pub end: End,
    /// The outcome of a service that was given.
    pub outcome: Option<Name>,
    /// Milliseconds that the visitor was away in the middle of the service.
    pub away: u32,
    pub calls: u32,
    /// How often nobody came.
    pub missed: u32,
    /// What the visitor was told to wait, seconds.
    pub forecast: Option<(u32, u32)>,
    /// What was delivered, so many times.
    pub delivered: Vec<(Name, u32)>,
}

/// How a stop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum End {
    /// It goes on.
    Open,
    /// The service was finished, with an outcome.
    Done,
    /// The day ended in the middle of the service: nobody knows when it really ended.
    DayEnded,
    /// Sent on after having been served.
    Referred,
    /// Sent on without having been served.
    Transferred,
    NoShow,
    Cancelled,
    /// The day ended before it was served.
    Expired,
}

/// A counter was open, or on a break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterSpan {
    pub counter: Name,
    pub paused: bool,
    pub from: DayMs,
    /// None while it goes on.
    pub to: Option<DayMs>,
}

/// Staff gave no numbers for a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceStop {
    pub agency: Name,
    pub service: Name,
    pub reason: Name,
    pub from: DayMs,
    pub to: Option<DayMs>,
}

impl DayLedger {
    pub fn name(&self, name: Name) -> &str {
        self.names.get(usize::from(name.0)).map_or("", String::as_str)
    }

    /// Packed, behind a sum of itself: a bit that turns is found, and never becomes a figure.
    fn sealed(&self) -> rusqlite::Result<Vec<u8>> {
        let body = postcard::to_stdvec(self)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok([&Sha256::digest(&body)[..SUM], &body].concat())
    }

    /// The same again; none where it is damaged.
    fn unsealed(sealed: &[u8]) -> Option<Self> {
        let (sum, body) = sealed.split_at_checked(SUM)?;
        let whole = Sha256::digest(body)[..SUM] == *sum;
        whole.then(|| postcard::from_bytes(body).ok()).flatten()
    }

    /// Nothing happened.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.spans.is_empty() && self.refusals.is_empty()
    }
}
