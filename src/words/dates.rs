//! Days, months and the time of day, and a list of counters: what paper and screens say alike.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

use super::{Language, Message, msg};

/// The days of the week, from Monday.
pub const DAYS: [Message; 7] = [
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
];
const MONTHS: [Message; 12] = [
    msg("January"),
    msg("February"),
    msg("March"),
    msg("April"),
    msg("May"),
    msg("June"),
    msg("July"),
    msg("August"),
    msg("September"),
    msg("October"),
    msg("November"),
    msg("December"),
];

/// "Senin".
pub fn weekday(at: DateTime<FixedOffset>, language: Language) -> &'static str {
    DAYS[at.weekday().num_days_from_monday() as usize].say(language)
}

/// "November".
pub fn month(at: DateTime<FixedOffset>, language: Language) -> &'static str {
    MONTHS[at.month0() as usize].say(language)
}

/// "Nov".
pub fn short_month(at: DateTime<FixedOffset>, language: Language) -> String {
    month(at, language).chars().take(3).collect()
}

/// "Senin, 23 November 2026".
pub fn long_date(at: DateTime<FixedOffset>, language: Language) -> String {
    msg("{weekday}, {day} {month} {year}").with(
        language,
        &[
            ("weekday", &weekday(at, language)),
            ("day", &at.day()),
            ("month", &month(at, language)),
            ("year", &at.year()),
        ],
    )
}

/// The time of day as people write it: 09.42 in Indonesian, 09:42 in English.
pub fn clock(at: impl Timelike, language: Language) -> String {
    let (hour, minute) = (format!("{:02}", at.hour()), format!("{:02}", at.minute()));
    msg("{hour}:{minute}").with(language, &[("hour", &hour), ("minute", &minute)])
}

/// "Loket 3, 4, atau 5"; nothing where there is none.
pub fn counters(numbers: &[u16], language: Language) -> String {
    let (said, rest, last) = match numbers {
        [] => return String::new(),
        [only] => (msg("Counter {last}"), String::new(), only),
        [first, last] => (msg("Counter {rest} or {last}"), first.to_string(), last),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(u16::to_string).collect();
            (msg("Counter {rest}, or {last}"), rest.join(", "), last)
        }
    };
    said.with(language, &[("rest", &rest), ("last", last)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_times_and_counters_read_as_people_say_them() {
        let at = DateTime::parse_from_rfc3339("2026-11-23T09:42:00+07:00").unwrap();
        let both = |say: fn(DateTime<FixedOffset>, Language) -> String| {
            [Language::ID, Language::EN].map(|language| say(at, language))
        };
        assert_eq!(both(long_date), ["Senin, 23 November 2026", "Monday, 23 November 2026"]);
        assert_eq!(both(clock), ["09.42", "09:42"]);
        assert_eq!(counters(&[3, 4, 5], Language::ID), "Loket 3, 4, atau 5");
        assert_eq!(counters(&[1, 2], Language::EN), "Counter 1 or 2");
        assert_eq!(counters(&[7], Language::ID), "Loket 7");
        assert_eq!(counters(&[], Language::ID), "");
    }
}
