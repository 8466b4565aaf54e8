//! `[calendar]` and the yearly files it names: holidays, working days, periods such as Ramadan.

use std::cell::RefCell;
use std::io;

use chrono::{Datelike, NaiveDate, Weekday};
use toml::de::DeTable;

use super::beside::{Beside, Named, why};
use super::hours;
use super::known::Known;
use super::names::Once;
use super::problems::Problems;
use super::reader::{Notes, Table, Value};
use super::words::{line, text};
use crate::queue::calendar::{DatedDay, Exception, Exceptions, Period};
use crate::queue::{AgencyId, Text};

/// A year has fewer dates than that.
const MOST: u64 = 64 << 10;
/// What stands for the year in a file name.
const YEAR: &str = "{year}";

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// Every exception of every year there is a file for.
pub(super) fn calendar(
    root: &mut Table<'_>,
    known: &Known,
    beside: Beside<'_>,
    today: Option<NaiveDate>,
    others: &RefCell<Vec<Problems>>,
) -> Option<Exceptions> {
    let mut calendar = root.optional_section("calendar")?;
    calendar.optional("file", Exceptions::default(), |value| files(value, known, beside, today, others))
}

fn files(
    value: &Value<'_>,
    known: &Known,
    beside: Beside<'_>,
    today: Option<NaiveDate>,
    others: &RefCell<Vec<Problems>>,
) -> Option<Exceptions> {
    let pattern = line(value)?;
    let Some((before, after)) = pattern.split_once(YEAR) else {
        let hint = "each year has a file of its own: \"holidays-{year}.toml\"".to_owned();
        return value.refuse("no_year", "this name does not say where the year stands", hint);
    };
    let years = match beside.years(before, after) {
        Ok(years) => years,
        Err(error) => return unreadable(value, pattern, &error),
    };
    for missing in missed(today).filter(|year| !years.contains(year)) {
        let path = pattern.replace(YEAR, &missing.to_string());
        let hint = "holidays come from the joint decree (SKB) and the local decision; \
                    begin with: antrean config holidays";
        let message = format!("there is no calendar for {missing}: `{path}` is missing");
        value.warn("missing_calendar", message, hint.to_owned());
    }
    let mut whole = Exceptions::default();
    let mut fine = true;
    for year in years {
        let path = pattern.replace(YEAR, &year.to_string());
        match beside.read_year(&path, year, MOST) {
            Ok(file) => fine &= read(file, year, known, &mut whole, others),
            Err(error) => return unreadable(value, &path, &error),
        }
    }
    fine.then_some(whole)
}

/// The years whose calendar should be there: this one, and from December on the next.
fn missed(today: Option<NaiveDate>) -> impl Iterator<Item = i32> {
    let next = today.filter(|today| today.month() == 12).map(|today| today.year() + 1);
    today.map(|today| today.year()).into_iter().chain(next)
}

fn unreadable<T>(value: &Value<'_>, path: &str, error: &io::Error) -> Option<T> {
    let hint = "the path is relative to the folder of this config, which the box must be able to read";
    value.refuse("unreadable_file", format!("`{path}` cannot be read: {}", why(error)), hint.to_owned())
}

/// Reads the file of one year; false where something is wrong with it, which is noted then.
fn read(
    file: Named,
    year: i32,
    known: &Known,
    whole: &mut Exceptions,
    others: &RefCell<Vec<Problems>>,
) -> bool {
    let Named { name, bytes } = file;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            others.borrow_mut().push(super::not_utf8(&name, &error));
            return false;
        }
    };
    let (document, faults) = DeTable::parse_recoverable(&text);
    let notes = Notes::new(&text);
    let mut sheet = Sheet { year, known, once: Once::new("date"), periods: Vec::new() };
    let read = sheet.read(Table::root(&document, &notes), whole);
    let list = super::sorted(&text, &faults, notes.into_problems());
    let fine = read.is_some() && list.is_empty();
    if !list.is_empty() {
        others.borrow_mut().push(Problems { file: name, text: text.clone(), list, beside: Vec::new() });
    }
    fine
}

/// One year while it is read.
struct Sheet<'k> {
    year: i32,
    known: &'k Known,
    once: Once<String>,
    /// Whose, from, to.
    periods: Vec<(Option<AgencyId>, NaiveDate, NaiveDate)>,
}

impl Sheet<'_> {
    fn read(&mut self, mut root: Table<'_>, whole: &mut Exceptions) -> Option<()> {
        let holidays = root.each("holiday", |mut table| {
            let (date, agency, name) = self.dated(&mut table)?;
            Some((date, Exception { agency, name, day: DatedDay::Closed }))
        });
        let working = root.each("working_day", |mut table| {
            let hours = table.required("hours", |value| {
                let spans = hours::spans(value, self.known)?;
                if spans.is_empty() {
                    let hint = "a date that is closed is a [[holiday]]".to_owned();
                    return value.refuse("never_open", "this working day has no hours", hint);
                }
                Some(spans)
            });
            let (date, agency, name) = self.dated(&mut table)?;
            Some((date, Exception { agency, name, day: DatedDay::Hours(hours?) }))
        });
        let periods = root.each("period", |table| self.period(table));
        let (holidays, working, periods) = (holidays?, working?, periods?);
        for (date, exception) in holidays.into_iter().chain(working) {
            whole.dates.entry(date).or_default().push(exception);
        }
        whole.periods.extend(periods);
        Some(())
    }

    /// What a holiday and a working day have in common.
    fn dated(&mut self, table: &mut Table<'_>) -> Option<(NaiveDate, Option<AgencyId>, Text)> {
        let agency = table.maybe("agency", |value| self.known.agencies.refer::<AgencyId>(value));
        let whose = agency.clone().flatten();
        let date = table.required("date", |value| {
            let date = self.date(value)?;
            let key = match &whose {
                Some(agency) => format!("{date} of {agency}"),
                None => date.to_string(),
            };
            self.once.take(value, key)?;
            Some(date)
        });
        table.maybe("weekday", |value| weekday(value, date));
        let name = table.required("name", text);
        Some((date?, agency?, name?))
    }

    fn period(&mut self, mut table: Table<'_>) -> Option<Period> {
        let agency = table.maybe("agency", |value| self.known.agencies.refer::<AgencyId>(value));
        let name = table.required("name", text);
        let first = table.required("from", |value| self.date(value));
        let last = table.required("to", |value| {
            let last = self.date(value)?;
            match first {
                Some(first) if last < first => {
                    let message = format!("this period ends on {last}, before it begins on {first}");
                    value.refuse("reversed", message, "swap `from` and `to`".to_owned())
                }
                _ => Some(last),
            }
        });
        let week = table.required("hours", |value| hours::own(value, self.known));
        let (agency, first, last) = (agency?, first?, last?);
        self.alone(&table, &agency, first, last)?;
        Some(Period { agency, name: name?, first, last, week: week? })
    }

    /// Two periods at once would leave it to chance which hours count.
    fn alone(
        &mut self,
        table: &Table<'_>,
        agency: &Option<AgencyId>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Option<()> {
        let meets = |(whose, from, to): &&(Option<AgencyId>, NaiveDate, NaiveDate)| {
            whose == agency && *from <= last && first <= *to
        };
        if let Some((_, from, to)) = self.periods.iter().find(meets) {
            let message = format!("this period overlaps the one from {from} to {to}");
            return table.refuse("overlap", message, "let one end before the other begins".to_owned());
        }
        self.periods.push((agency.clone(), first, last));
        Some(())
    }

    fn date(&self, value: &Value<'_>) -> Option<NaiveDate> {
        let date = value.date()?;
        if date.year() == self.year {
            return Some(date);
        }
        let message = format!("{date} is not in {}, the year of this file", self.year);
        value.refuse("wrong_year", message, "each year has a file of its own".to_owned())
    }
}

/// A weekday somebody wrote beside a date, so that a slip of the pen is found.
fn weekday(value: &Value<'_>, date: Option<NaiveDate>) -> Option<()> {
    let weekday = value.choice(&WEEKDAYS)?;
    match date {
        Some(date) if date.weekday() != weekday => {
            let its = WEEKDAYS.iter().find(|(_, its)| *its == date.weekday()).map_or("", |(word, _)| *word);
            let message = format!("{date} is not a {}", value.str().unwrap_or_default());
            value.refuse("wrong_weekday", message, format!("it is \"{its}\": correct the date or the day"))
        }
        _ => Some(()),
    }
}
