//! A journal that is not the one the house wrote last: it was put back from a backup, or put together after
//! damage. Whatever is missing in it has happened, and its numbers are in people's hands.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{At, Day, Event, Prefix, Rules};

/// How far numbering goes on behind the last known number where nobody can say which were given: more than a
/// kiosk gives under one prefix on its busiest day (a visitor every minute from seven to three is 480).
pub const SAFE_GAP: u32 = 500;

/// Why the journal is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A technician put a backup back.
    Restored,
    /// The file could not be read at a start.
    Damaged,
    /// The file was gone at a start, or the newest lines of it.
    Missing,
}

impl Cause {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Damaged => "damaged",
            Self::Missing => "missing",
        }
    }
}

/// Which numbers may be in somebody's hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "given", rename_all = "snake_case")]
pub enum Given {
    /// None of this business day beyond these.
    UpTo {
        day: NaiveDate,
        numbers: BTreeMap<Prefix, u32>,
    },
    Unknown,
}

/// What was put in the place of the journal that was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    pub cause: Cause,
    /// When it was put there, by the system's clock.
    pub at: At,
    /// When the backup was taken from which it goes on; none without a backup.
    pub backup_at: Option<At>,
    /// Lines beyond the backup that were saved from the journal that was.
    pub saved: u64,
    /// Nothing is missing.
    pub whole: bool,
    /// The newest moment that the house is known to have seen.
    pub known_at: Option<At>,
    pub given: Given,
}

/// What the journal says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    pub cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_at: Option<At>,
    pub saved: u64,
    pub whole: bool,
    /// Nobody could say which numbers had been given: the gap is a safe one.
    pub guessed: bool,
    /// Numbering goes on behind these.
    pub passed: BTreeMap<Prefix, u32>,
}

/// The fact that follows from it on the day of today.
pub(super) fn recovered(rules: &Rules, day: &Day, recovery: &Recovery) -> Event {
    let mut passed = BTreeMap::new();
    let last = |prefix: &Prefix| day.next_number(prefix).n - 1;
    let mut guessed = false;
    match &recovery.given {
        Given::UpTo { day: of, numbers } if day.date() == Some(*of) => {
            let beyond = numbers.iter().filter(|(prefix, n)| **n > last(prefix));
            passed.extend(beyond.map(|(prefix, n)| (prefix.clone(), *n)));
        }
        // Of another day: today's numbers begin at one, as every day.
        Given::UpTo { .. } => {}
        // The day on which it was lost is over.
        Given::Unknown if day.date().is_some_and(|date| rules.business_day(recovery.at) < date) => {}
        Given::Unknown => {
            guessed = true;
            let services = rules.agencies.iter().flat_map(|agency| &agency.services);
            let prefixes = services.map(|service| service.prefix.clone());
            passed.extend(prefixes.map(|prefix| {
                let n = last(&prefix) + SAFE_GAP;
                (prefix, n)
            }));
        }
    }
    Event::Recovered(Recovered {
        cause: recovery.cause,
        backup_at: recovery.backup_at,
        saved: recovery.saved,
        whole: recovery.whole,
        guessed,
        passed,
    })
}
