//! Weekly hours.

use chrono::{NaiveTime, Weekday};

use crate::queue::Text;

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
    /// What a day's break is called, such as "Friday prayer"; Monday first.
    pub breaks: [Option<Text>; 7],
}

impl Week {
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        &self.days[weekday.num_days_from_monday() as usize]
    }

    pub fn break_on(&self, weekday: Weekday) -> Option<&Text> {
        self.breaks[weekday.num_days_from_monday() as usize].as_ref()
    }
}

/// Spans that touch are one: there is no break, no last number and no closing between them.
pub(super) fn joined(spans: &[Span]) -> Vec<Span> {
    let mut whole: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match whole.last_mut() {
            Some(before) if before.to >= span.from => before.to = before.to.max(span.to),
            _ => whole.push(*span),
        }
    }
    whole
}
