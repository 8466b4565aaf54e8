//! Weekly hours: `mon = ["08:00-12:00", "13:00-16:00"]`, of the site, an agency, a service or a counter;
//! `mon_break` is what the gap is called.

use chrono::NaiveTime;

use super::known::Known;
use super::reader::{Table, Value};
use super::words::text;
use crate::queue::{Span, Text, Week};

/// Days and their breaks, Monday first.
const DAYS: [(&str, &str); 7] = [
    ("mon", "mon_break"),
    ("tue", "tue_break"),
    ("wed", "wed_break"),
    ("thu", "thu_break"),
    ("fri", "fri_break"),
    ("sat", "sat_break"),
    ("sun", "sun_break"),
];

/// The hours of the site, which must be there.
pub(super) fn of_site(root: &mut Table<'_>, known: &Known) -> Option<Week> {
    let hours = root.section("hours")?;
    week(hours, known)
}

/// Hours of its own, for an agency or a service.
pub(super) fn own(value: &Value<'_>, known: &Known) -> Option<Week> {
    week(value.table("a table of hours")?, known)
}

/// A day that is not named is closed.
fn week(mut hours: Table<'_>, known: &Known) -> Option<Week> {
    let days = DAYS.map(|(day, _)| hours.optional(day, Vec::new(), |value| spans(value, known)));
    let mut breaks = days.iter().zip(DAYS).map(|(day, (_, key))| {
        let has_break = day.as_ref().is_none_or(|day| day.len() > 1);
        hours.maybe(key, |value| break_name(value, has_break))
    });
    let breaks: [Option<Option<Text>>; 7] = std::array::from_fn(|_| breaks.next().flatten());
    let never = days.iter().all(|day| day.as_ref().is_some_and(Vec::is_empty));
    if never {
        let hint = "name a day: mon = [\"08:00-16:00\"]".to_owned();
        return hours.refuse("never_open", "these hours are never open", hint);
    }
    let mut week = Week::default();
    for (slot, day) in week.days.iter_mut().zip(days) {
        *slot = day?;
    }
    for (slot, name) in week.breaks.iter_mut().zip(breaks) {
        *slot = name?;
    }
    Some(week)
}

fn break_name(value: &Value<'_>, has_break: bool) -> Option<Text> {
    if !has_break {
        let hint = "a break is the gap between two spans: [\"08:00-11:30\", \"14:00-16:30\"]".to_owned();
        return value.refuse("no_break", "there is no break on this day", hint);
    }
    text(value)
}

/// The spans of one day, in order and without overlap.
pub(super) fn spans(value: &Value<'_>, known: &Known) -> Option<Vec<Span>> {
    let mut before: Option<Span> = None;
    value.each(|item| {
        let span = span(item, known)?;
        if let Some(before) = before.replace(span)
            && span.from < before.to
        {
            return item.refuse(
                "bad_hours",
                format!("this begins before the hours in front of it end ({})", before.to.format("%H:%M")),
                "write the hours of a day in order; the gap between two is a break".to_owned(),
            );
        }
        Some(span)
    })
}

fn span(value: &Value<'_>, known: &Known) -> Option<Span> {
    let text = value.str()?;
    let parts = text.split_once('-').and_then(|(from, to)| Some((hh_mm(from)?, hh_mm(to)?)));
    let Some((from, to)) = parts else {
        return value.refuse(
            "bad_time",
            format!("`{text}` is not a span of time"),
            hint(text, "08:00-16:00"),
        );
    };
    if to <= from {
        let message = format!("these hours end at {}, before they begin", to.format("%H:%M"));
        return value.refuse("bad_hours", message, "the last minute of a day is 23:59".to_owned());
    }
    let change = known.change_at;
    if from < change && change < to {
        let message = format!("the day changes at {}, in the middle of these hours", change.format("%H:%M"));
        return value.refuse("bad_hours", message, "see change_at in [day]".to_owned());
    }
    Some(Span { from, to })
}

/// A time of day, `HH:MM`.
pub(super) fn time(value: &Value<'_>) -> Option<NaiveTime> {
    let text = value.str()?;
    hh_mm(text)
        .or_else(|| value.refuse("bad_time", format!("`{text}` is not a time of day"), hint(text, "08:00")))
}

fn hh_mm(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |digits: &str| {
        let fine = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| digits.parse().ok()).flatten()
    };
    NaiveTime::from_hms_opt(two(hours)?, two(minutes)?, 0)
}

/// The time as it was probably meant: 08.00 is how Indonesian signs write it, 8:00 how people do.
fn hint(text: &str, example: &str) -> String {
    if text.contains("24:00") {
        return "the last minute of a day is 23:59".to_owned();
    }
    let meant: String = text
        .replace('.', ":")
        .replace(['–', '—'], "-")
        .split('-')
        .map(|time| format!("{:0>5}", time.trim()))
        .collect::<Vec<_>>()
        .join("-");
    let possible = meant.len() == example.len() && meant.split('-').all(|time| hh_mm(time).is_some());
    if possible { format!("did you mean \"{meant}\"?") } else { format!("write it as \"{example}\"") }
}
