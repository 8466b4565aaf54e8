//! What the calendar alone says of one service at one moment, and at which moments it may say
//! something else.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::exception::Hours;
use super::week::joined;
use super::{ClosedCode, Span, Terms, Week};
use crate::queue::{Agency, At, Rules, Service, Text};

/// Numbers can be had, as far as the calendar goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doors {
    /// Before the day's first hour: nobody is expected at a counter yet.
    Early,
    Open,
}

/// The calendar's reason against it.
pub(super) type Shut = (ClosedCode, Option<Text>);

/// The hours of one service.
#[derive(Clone, Copy)]
pub(super) struct Timetable<'a> {
    rules: &'a Rules,
    agency: &'a Agency,
    week: &'a Week,
    /// The hours are the agency's or the service's own.
    own: bool,
    terms: &'a Terms,
}

impl<'a> Timetable<'a> {
    pub fn of(rules: &'a Rules, agency: &'a Agency, service: &'a Service) -> Self {
        let own = service.hours.as_ref().or(agency.hours.as_ref());
        let week = own.unwrap_or(&rules.hours);
        Self { rules, agency, week, own: own.is_some(), terms: &service.terms }
    }

    pub fn date_of(&self, at: At) -> NaiveDate {
        at.with_timezone(&self.rules.offset).date_naive()
    }

    fn hours(&self, date: NaiveDate) -> Hours<'a> {
        self.rules.exceptions.hours(&self.agency.id, self.week, self.own, date)
    }

    /// The spans of a date; none on a holiday.
    pub fn spans(&self, date: NaiveDate) -> Vec<Span> {
        match self.hours(date) {
            Hours::Holiday(_) => Vec::new(),
            Hours::Open { spans, .. } => joined(spans),
        }
    }

    /// What the calendar says.
    pub fn at(&self, at: At) -> Result<Doors, Shut> {
        let date = self.date_of(at);
        let time = at.with_timezone(&self.rules.offset).time();
        let break_name = match self.hours(date) {
            Hours::Holiday(name) => return Err((ClosedCode::Holiday, Some(name.clone()))),
            Hours::Open { break_name, .. } => break_name,
        };
        let spans = self.spans(date);
        if let Some(span) = spans.iter().find(|span| span.from <= time && time < span.to) {
            let in_time = time < self.last_number(span);
            return if in_time { Ok(Doors::Open) } else { Err((ClosedCode::CutOff, None)) };
        }
        if spans.first().is_some_and(|first| self.first_number(first) <= time && time < first.from) {
            return Ok(Doors::Early);
        }
        let later = spans.iter().any(|span| span.from > time);
        let passed = spans.iter().any(|span| span.to <= time);
        Err(match (later, passed) {
            (true, true) => (ClosedCode::Break, break_name.cloned()),
            (true, false) => (ClosedCode::NotYetOpen, None),
            (false, true) => (ClosedCode::DayOver, None),
            (false, false) => (ClosedCode::DayOff, None),
        })
    }

    /// The beginning of the span of opening hours in which an instant is.
    pub fn began(&self, at: At) -> Option<At> {
        let date = self.date_of(at);
        let time = at.with_timezone(&self.rules.offset).time();
        let span = self.spans(date).into_iter().find(|span| span.from <= time && time < span.to)?;
        Some(self.rules.instant(date, span.from))
    }

    /// When the first number of a day can be had: not on the day before, by the calendar or the house.
    fn first_number(&self, first: &Span) -> NaiveTime {
        let change = self.rules.change_at;
        let earliest = if change <= first.from { change } else { NaiveTime::MIN };
        let early = TimeDelta::minutes(self.terms.numbers_from_min.into());
        earlier(first.from, early).max(earliest)
    }

    fn last_number(&self, span: &Span) -> NaiveTime {
        let early = TimeDelta::minutes(self.terms.numbers_until_min.into());
        earlier(span.to, early).max(span.from)
    }

    /// Every moment of a date at which the calendar may change its mind, in order.
    pub fn edges(&self, date: NaiveDate) -> Vec<At> {
        let spans = self.spans(date);
        let mut times = vec![NaiveTime::MIN, self.rules.change_at];
        times.extend(spans.first().map(|first| self.first_number(first)));
        times.extend(spans.iter().flat_map(|span| [span.from, self.last_number(span), span.to]));
        let mut edges: Vec<At> = times.into_iter().map(|time| self.rules.instant(date, time)).collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// Opening time that is left of the date of an instant.
    pub fn left(&self, at: At) -> TimeDelta {
        let date = self.date_of(at);
        let ahead = |span: &Span| {
            let from = self.rules.instant(date, span.from).max(at);
            (self.rules.instant(date, span.to) - from).max(TimeDelta::zero())
        };
        self.spans(date).iter().map(ahead).sum()
    }

    /// The moment of a date at which exactly so much opening time is left; none where all of it is less.
    pub fn with_left(&self, date: NaiveDate, left: TimeDelta) -> Option<At> {
        let mut still = left;
        for span in self.spans(date).iter().rev() {
            let length = span.to - span.from;
            if length >= still {
                return Some(self.rules.instant(date, span.to) - still);
            }
            still -= length;
        }
        None
    }
}

/// A time of the same day; midnight where it would be the day before.
fn earlier(time: NaiveTime, by: TimeDelta) -> NaiveTime {
    let (moved, days) = time.overflowing_sub_signed(by);
    if days == 0 { moved } else { NaiveTime::MIN }
}
