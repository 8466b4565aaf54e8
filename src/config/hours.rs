//! Weekly hours: `mon = ["08:00-16:00"]`, the gap between two spans of a day being a break.

use chrono::NaiveTime;

use super::reader::{Found, Section};
use crate::queue::{Span, Week};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads a section of hours. A day that is left out is a day off.
pub fn week(section: Section<'_>) -> Week {
    let mut week = Week::default();
    for (day, key) in week.days.iter_mut().zip(DAYS) {
        for text in section.texts(key).unwrap_or_default() {
            let Some(span) = span(&section, &text) else { continue };
            match day.last() {
                Some(before) if span.from < before.to => {
                    let message = format!("{} begins before the span in front of it ends", text.value);
                    section.say(
                        text.span,
                        "hours_overlap",
                        message,
                        "write the spans of a day in order, without overlap",
                    );
                }
                _ => day.push(span),
            }
        }
    }
    section.done();
    week
}

fn span(section: &Section<'_>, text: &Found<String>) -> Option<Span> {
    let say = |code, message: String, hint| {
        section.say(text.span.clone(), code, message, hint);
        None
    };
    let times = text.value.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
    match times {
        None => {
            say("bad_hours", format!("{:?} is no span of time", text.value), "write it as \"08:00-16:00\"")
        }
        Some((from, to)) if to <= from => say(
            "impossible_hours",
            format!("{:?} ends before it begins", text.value),
            "the second time must be the later one",
        ),
        Some((from, to)) => Some(Span { from, to }),
    }
}

/// `08:00`, or `08.00` as people here write it.
pub fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(&text.trim().replace('.', ":"), "%H:%M").ok()
}
