//! The days of a period, gone through once.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};

use super::cut::{self, By, Key};
use super::outages::{self, Outages};
use super::presence::Attendance;
use super::{Period, Tally, Wanted};
use crate::queue::Rules;
use crate::store::ledger::{DayLedger, End, Ledgers, Name, Unreadable, Visit};

/// What was counted in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reckoned {
    pub total: Tally,
    /// Of the period before.
    pub before: Tally,
    pub agencies: Cut,
    /// By what was asked for.
    pub cut: Cut,
    /// Tickets that were issued, by weekday (Monday first) and hour.
    pub heat: [[u64; 24]; 7],
    /// Dates on which numbers were issued.
    pub days: u64,
    /// Why visits ended without a service given, each with how often.
    pub unfinished: BTreeMap<Cause, u64>,
    /// What was delivered, by service.
    pub delivered: BTreeMap<String, u64>,
    pub forecasts: BTreeMap<String, Forecasts>,
    pub attendance: Attendance,
    pub outages: Outages,
    /// The first and the last day there is.
    pub extent: Option<(NaiveDate, NaiveDate)>,
}

/// Visits by what they differ in.
pub type Cut = HashMap<Key, Tally>;

/// Why a visit ended without a service given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    NoShow,
    Cancelled,
    Expired,
    DayEnded,
    Transferred,
    /// An outcome by which nothing was delivered.
    Outcome(String),
}

/// Forecasts held against what came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecasts {
    /// Visits that were told something, and were called.
    pub told: u64,
    /// The wait was within what was told.
    pub right: u64,
    /// It was longer.
    pub longer: u64,
    pub shorter: u64,
    /// Milliseconds outside what was told, of all of them together.
    pub off_ms: u64,
}

/// Goes through a period, and through the one before it.
///
/// # Errors
/// The days cannot be read.
pub fn reckon(ledgers: &Ledgers, rules: &Rules, wanted: &Wanted) -> Result<Reckoned, Unreadable> {
    let mut all = Reckoned { extent: ledgers.extent()?, ..Reckoned::default() };
    let outages = ledgers.outages(wanted.period.ends())?;
    all.outages = outages::summed(&outages, rules, wanted);
    let mut attended = Vec::new();
    ledgers.each(wanted.period.ends(), |day| {
        all.add(&day, wanted);
        let date = day.day;
        all.attendance.add(rules, wanted, date, Some(&day), &outages);
        attended.push(date);
    })?;
    for date in known(all.extent, wanted.period) {
        if attended.binary_search(&date).is_err() {
            all.attendance.add(rules, wanted, date, None, &outages);
        }
    }
    if let Some(before) = wanted.period.before() {
        ledgers.each(before.ends(), |day| {
            for visit in mine(&day, wanted) {
                all.before.add(&day, visit, target_ms(wanted));
            }
        })?;
    }
    Ok(all)
}

/// The dates of a period of which anything can be known.
fn known(extent: Option<(NaiveDate, NaiveDate)>, period: Period) -> Vec<NaiveDate> {
    let Some((first, last)) = extent else { return Vec::new() };
    period.days().filter(|date| (first..=last).contains(date)).collect()
}

fn target_ms(wanted: &Wanted) -> i64 {
    i64::from(wanted.targets.wait_min) * 60_000
}

/// The visits of a day that are asked for.
fn mine<'a>(day: &'a DayLedger, wanted: &Wanted) -> impl Iterator<Item = &'a Visit> {
    let all = wanted.agency.is_none();
    let agency = wanted.agency.as_ref();
    let place = agency.and_then(|id| day.names.iter().position(|name| name == id.as_str()));
    day.visits.iter().filter(move |visit| all || place == Some(usize::from(visit.agency.0)))
}

/// One day's rows of a cut, each with the place of what its visits have in common: a key is made once a day, not
/// once a visit.
struct Rows {
    by: By,
    rows: Vec<Option<(Key, Tally)>>,
}

impl Rows {
    fn of(by: By, day: &DayLedger) -> Self {
        Self { by, rows: vec![None; day.names.len().max(24) + 1] }
    }

    fn add(&mut self, day: &DayLedger, visit: &Visit, target_ms: i64) {
        let ticket = day.tickets.get(visit.ticket as usize);
        let place = match self.by {
            By::Agency => usize::from(visit.agency.0),
            By::Service => usize::from(visit.service.0),
            By::Counter => visit.counter.map_or(day.names.len(), |name| usize::from(name.0)),
            By::Hour => cut::hour(visit) as usize,
            By::Weekday | By::Day | By::Month => 0,
            By::Class => usize::from(ticket.is_some_and(|ticket| ticket.priority)),
            By::Origin => ticket.map_or(day.names.len(), |ticket| usize::from(ticket.origin.0)),
        };
        let row = self.rows[place].get_or_insert_with(|| (Key::of(self.by, day, visit), Tally::default()));
        row.1.add(day, visit, target_ms);
    }

    fn into(self, cut: &mut Cut) {
        for (key, tally) in self.rows.into_iter().flatten() {
            cut.entry(key).or_default().append(tally);
        }
    }
}

impl Reckoned {
    fn add(&mut self, day: &DayLedger, wanted: &Wanted) {
        let target_ms = target_ms(wanted);
        let weekday = day.day.weekday().num_days_from_monday() as usize;
        let mut issued = false;
        let (mut agencies, mut rows) = (Rows::of(By::Agency, day), Rows::of(wanted.by, day));
        for visit in mine(day, wanted) {
            self.total.add(day, visit, target_ms);
            agencies.add(day, visit, target_ms);
            if wanted.by != By::Agency {
                rows.add(day, visit, target_ms);
            }
            if visit.ord == 1 {
                self.heat[weekday][cut::hour(visit) as usize] += 1;
                issued = true;
            }
            self.add_end(day, visit);
            self.add_forecast(day.name(visit.agency), visit);
        }
        agencies.into(&mut self.agencies);
        rows.into(&mut self.cut);
        self.days += u64::from(issued);
    }

    /// The cut that was asked for.
    pub fn wanted(&mut self, by: By) -> &mut Cut {
        if by == By::Agency { &mut self.agencies } else { &mut self.cut }
    }

    fn add_end(&mut self, day: &DayLedger, visit: &Visit) {
        for (service, quantity) in &visit.delivered {
            *self.delivered.entry(day.name(*service).to_owned()).or_default() += u64::from(*quantity);
        }
        let outcome = |name: Option<Name>| name.map_or(String::new(), |name| day.name(name).to_owned());
        let cause = match visit.end {
            End::Open | End::Referred => return,
            End::Done if !visit.delivered.is_empty() => return,
            End::Done => Cause::Outcome(outcome(visit.outcome)),
            End::NoShow => Cause::NoShow,
            End::Cancelled => Cause::Cancelled,
            End::Expired => Cause::Expired,
            End::DayEnded => Cause::DayEnded,
            End::Transferred => Cause::Transferred,
        };
        *self.unfinished.entry(cause).or_default() += 1;
    }

    fn add_forecast(&mut self, agency: &str, visit: &Visit) {
        let (Some((low, high)), Some(called)) = (visit.forecast, visit.called) else { return };
        let (low, high) = (i64::from(low) * 1000, i64::from(high) * 1000);
        let wait = called - visit.entered;
        if wait < 0 {
            return;
        }
        let off = (wait - high).max(low - wait).max(0);
        let all = match self.forecasts.get_mut(agency) {
            Some(all) => all,
            None => self.forecasts.entry(agency.to_owned()).or_default(),
        };
        all.told += 1;
        all.right += u64::from(off == 0);
        all.longer += u64::from(wait > high);
        all.shorter += u64::from(wait < low);
        all.off_ms += off.unsigned_abs();
    }
}
