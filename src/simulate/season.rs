//! Several days of a site, one after another.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use super::play::{NoPlay, Play};
use crate::queue::{At, Rules};

/// So far is looked for the next day on which anything is open.
const CALENDAR: usize = 400;

/// The days that are to be played. Those on which nothing is open are passed over.
#[derive(Debug, Clone)]
pub struct Season {
    rules: Arc<Rules>,
    seed: u64,
    until: Option<NaiveTime>,
    dates: Vec<NaiveDate>,
    begins: At,
}

impl Season {
    /// So many open days from `first` on, which must be one. Fewer, where the calendar knows no more of them.
    ///
    /// # Errors
    /// [`NoPlay`], of the first day.
    pub fn new(
        rules: Arc<Rules>,
        first: NaiveDate,
        days: usize,
        seed: u64,
        until: Option<NaiveTime>,
    ) -> Result<Self, NoPlay> {
        let begins = Play::new(rules.clone(), first, seed, until)?.begins();
        let further = first.iter_days().skip(1).take(CALENDAR.max(days * 3));
        let open = further.filter(|date| super::play::doors(&rules, *date).is_some());
        let dates = std::iter::once(first).chain(open.take(days.saturating_sub(1))).collect();
        Ok(Self { rules, seed, until, dates, begins })
    }

    /// Which days they are.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.dates
    }

    /// When the first of them begins.
    pub fn begins(&self) -> At {
        self.begins
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The plays, each with chance of its own; the first is that of the seed itself.
    pub(super) fn plays(&self) -> impl Iterator<Item = (NaiveDate, Result<Play, NoPlay>)> {
        self.dates.iter().zip(0u64..).map(|(date, i)| {
            let seed = self.seed.wrapping_add(i.wrapping_mul(APART));
            (*date, Play::new(self.rules.clone(), *date, seed, self.until))
        })
    }
}

/// Between the seeds of two days (2⁶⁴ by the golden ratio): seeds that follow each other make other days too.
const APART: u64 = 0x9E37_79B9_7F4A_7C15;
