//! Dates that differ from the weekly hours: holidays, working Saturdays, Ramadan.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{Span, Week};
use crate::queue::{AgencyId, Text};

/// What a single date is instead of its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatedDay {
    Closed,
    Hours(Vec<Span>),
}

/// One date, of the whole site or of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub agency: Option<AgencyId>,
    pub name: Text,
    pub day: DatedDay,
}

/// Weekly hours of their own from one date to another, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub agency: Option<AgencyId>,
    pub name: Text,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub week: Week,
}

/// Every dated exception.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions {
    pub dates: BTreeMap<NaiveDate, Vec<Exception>>,
    pub periods: Vec<Period>,
}

/// The hours of one date, as the calendar leaves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hours<'a> {
    Holiday(&'a Text),
    Open { spans: &'a [Span], break_name: Option<&'a Text> },
}

impl Exceptions {
    /// The last date that is not as its weekday says.
    pub fn last(&self) -> Option<NaiveDate> {
        let dated = self.dates.keys().next_back().copied();
        dated.max(self.periods.iter().map(|period| period.last).max())
    }

    /// The hours of a date. A single date outranks a period, and within each the agency's own word the
    /// site's. `usual` are the weekly hours, `own` whether they are the agency's or the service's.
    pub(super) fn hours<'a>(
        &'a self,
        agency: &AgencyId,
        usual: &'a Week,
        own: bool,
        date: NaiveDate,
    ) -> Hours<'a> {
        let weekday = date.weekday();
        let dated = self.dates.get(&date).map_or(&[][..], Vec::as_slice);
        if let Some(exception) = most_specific(dated, agency, |exception| exception.agency.as_ref()) {
            return match &exception.day {
                DatedDay::Closed => Hours::Holiday(&exception.name),
                DatedDay::Hours(spans) => Hours::Open { spans, break_name: usual.break_on(weekday) },
            };
        }
        let usually = Hours::Open { spans: usual.on(weekday), break_name: usual.break_on(weekday) };
        let running = self.periods.iter().filter(|period| (period.first..=period.last).contains(&date));
        let Some(period) = most_specific(running, agency, |period| period.agency.as_ref()) else {
            return usually;
        };
        // The site's Ramadan changes hours, not days: an agency that comes on Mondays comes on Mondays.
        if period.agency.is_none() && own && usual.on(weekday).is_empty() {
            return usually;
        }
        Hours::Open { spans: period.week.on(weekday), break_name: period.week.break_on(weekday) }
    }
}

/// The agency's own, else the site's.
fn most_specific<'a, T: 'a>(
    all: impl IntoIterator<Item = &'a T>,
    agency: &AgencyId,
    of: impl Fn(&T) -> Option<&AgencyId>,
) -> Option<&'a T> {
    let mut site = None;
    for one in all {
        match of(one) {
            Some(its) if its == agency => return Some(one),
            Some(_) => {}
            None => site = site.or(Some(one)),
        }
    }
    site
}
