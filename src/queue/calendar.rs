//! Open or closed, why, and until when: one function answers for kiosk, console, lobby and API.

use chrono::{Datelike, NaiveTime, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Agency, At, Rules, Service};

/// Part of a day in which the doors are open, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

/// The weekly hours. The gap between two spans of a day is a break.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Week {
    /// Monday first; in order and without overlap.
    pub days: [Vec<Span>; 7],
}

impl Week {
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        &self.days[weekday.num_days_from_monday() as usize]
    }
}

/// Why no number can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedCode {
    /// Before today's first hour.
    NotYetOpen,
    /// Between two spans of today.
    Break,
    /// After today's last hour.
    DayOver,
    /// No hours today at all.
    DayOff,
}

/// Closed, and when that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closed {
    pub code: ClosedCode,
    /// The next opening, if the calendar knows one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<At>,
}

/// The answer for one service at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    Open,
    Closed(Closed),
}

impl Openness {
    pub fn is_open(self) -> bool {
        self == Self::Open
    }

    pub fn closed(self) -> Option<Closed> {
        match self {
            Self::Open => None,
            Self::Closed(closed) => Some(closed),
        }
    }
}

/// Whether numbers for a service can be had now.
pub fn openness(rules: &Rules, agency: &Agency, service: &Service, now: At) -> Openness {
    if rules.always_open {
        return Openness::Open;
    }
    let week = service.hours.as_ref().or(agency.hours.as_ref()).unwrap_or(&rules.hours);
    by_week(rules, week, now)
}

/// Whether anybody at all can take a number now: the hours of the site.
pub fn site_openness(rules: &Rules, now: At) -> Openness {
    if rules.always_open { Openness::Open } else { by_week(rules, &rules.hours, now) }
}

/// The next instant, after `now`, at which any service opens or closes or the day changes.
pub fn next_crossing(rules: &Rules, now: At) -> At {
    let today = rules.business_day(now);
    let mut next = rules.day_begins(today + TimeDelta::days(1));
    if rules.always_open {
        return next;
    }
    let services = rules.agencies.iter().flat_map(|agency| &agency.services);
    let own = services.filter_map(|service| service.hours.as_ref());
    let agencies = rules.agencies.iter().filter_map(|agency| agency.hours.as_ref());
    for week in own.chain(agencies).chain([&rules.hours]) {
        let date = now.with_timezone(&rules.offset).date_naive();
        for span in week.on(date.weekday()) {
            for edge in [span.from, span.to] {
                let at = rules.instant(date, edge);
                if at > now && at < next {
                    next = at;
                }
            }
        }
    }
    next
}

fn by_week(rules: &Rules, week: &Week, now: At) -> Openness {
    let local = now.with_timezone(&rules.offset);
    let (today, time) = (local.date_naive(), local.time());
    let spans = week.on(today.weekday());
    if spans.iter().any(|span| span.from <= time && time < span.to) {
        return Openness::Open;
    }
    let later = spans.iter().find(|span| span.from > time);
    let passed = spans.iter().any(|span| span.to <= time);
    let code = match (later, passed) {
        (Some(_), true) => ClosedCode::Break,
        (Some(_), false) => ClosedCode::NotYetOpen,
        (None, true) => ClosedCode::DayOver,
        (None, false) => ClosedCode::DayOff,
    };
    let until = later.map(|span| rules.instant(today, span.from)).or_else(|| {
        (1..=7).find_map(|ahead| {
            let day = today + TimeDelta::days(ahead);
            week.on(day.weekday()).first().map(|span| rules.instant(day, span.from))
        })
    });
    Openness::Closed(Closed { code, until })
}
