//! Texts made of dates, times and lists; fixed texts stand in the screens.

use chrono::Datelike;

use super::visit::WithoutPaper;
use crate::queue::{At, Closed, ClosedCode, Forecast, Language, SlipTrouble, Span, Warning};
use crate::words::{DAYS, Message, clock, month, msg, short_month, weekday};

/// "23 Nov 2026".
pub fn short_date(at: At, language: Language) -> String {
    let (day, month, year) = (at.day(), short_month(at, language), at.year());
    msg("{day} {month} {year}").with(language, &[("day", &day), ("month", &month), ("year", &year)])
}

/// The day of an opening as seen from now: "", "besok", "Senin" or "2 Januari".
fn day_word(until: At, now: At, language: Language) -> String {
    let days = until.date_naive().signed_duration_since(now.date_naive()).num_days();
    match days {
        0 => String::new(),
        1 => msg("tomorrow").say(language).to_owned(),
        2..=6 => weekday(until, language).to_owned(),
        _ => {
            let (day, month) = (until.day(), month(until, language));
            msg("{day} {month}").with(language, &[("day", &day), ("month", &month)])
        }
    }
}

/// The pill on a closed tile: "Tutup · buka besok 08.00".
pub fn closed_pill(closed: &Closed, now: At, language: Language) -> String {
    let word = match closed.code {
        // A day with a quota has that to say, and the next screen when there are numbers again.
        ClosedCode::QuotaFull => return msg("No more numbers today").say(language).to_owned(),
        ClosedCode::Unstaffed => return closed_word(closed.code, language).to_owned(),
        ClosedCode::Stopped => msg("Stopped for now").say(language),
        code => closed_word(code, language),
    };
    let Some(at) = closed.opens else { return word.to_owned() };
    let (day, time) = (day_word(at, now, language), clock(at, language));
    let said =
        if day.is_empty() { msg("{word} · opens {time}") } else { msg("{word} · opens {time} {day}") };
    said.with(language, &[("word", &word), ("time", &time), ("day", &day)])
}

/// The pill where there is room for a word: "Tutup".
pub fn closed_word(code: ClosedCode, language: Language) -> &'static str {
    match code {
        ClosedCode::Break => msg("Break"),
        ClosedCode::Holiday => msg("Holiday"),
        ClosedCode::QuotaFull => msg("Full"),
        ClosedCode::Unstaffed => msg("No staff yet"),
        ClosedCode::Stopped => msg("Stopped"),
        _ => msg("Closed"),
    }
    .say(language)
}

/// What a visitor should know before taking a number all the same.
pub fn warning(warning: Warning, language: Language) -> &'static str {
    match warning {
        Warning::PastClosing => msg("Queue until closing time").say(language),
        Warning::Unstaffed => warning_word(warning, language),
    }
}

/// The same where there is little room.
pub fn warning_word(warning: Warning, language: Language) -> &'static str {
    match warning {
        Warning::Unstaffed => msg("No staff yet"),
        Warning::PastClosing => msg("Long queue"),
    }
    .say(language)
}

/// What is written over the time of an opening: before the day's first, nothing opens "again".
pub fn opening_label(code: ClosedCode, language: Language) -> &'static str {
    match code {
        ClosedCode::NotYetOpen => msg("Numbers can be taken"),
        _ => msg("Opens again"),
    }
    .say(language)
}

/// "Senin, pukul 08.00".
pub fn opening(until: At, now: At, language: Language) -> String {
    let day = day_word(until, now, language);
    let time = clock(until, language);
    if day.is_empty() {
        return msg("Today at {time}").with(language, &[("time", &time)]);
    }
    msg("{day} at {time}").with(language, &[("day", &capital(&day)), ("time", &time)])
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "20–30 menit"; nothing where nothing is foretold.
pub fn wait(forecast: Option<Forecast>, language: Language) -> String {
    let range = forecast.map(Forecast::minutes);
    let said = |(low, high)| msg("{low}–{high} min").with(language, &[("low", &low), ("high", &high)]);
    range.map(said).unwrap_or_default()
}

/// Title and body of the screen that explains why an agency, or one service of it, cannot be had.
pub fn unavailable(agency: &str, closed: Option<&Closed>, language: Language) -> (String, String) {
    let (title, body) = explained(closed.map(|closed| closed.code));
    let title = title.with(language, &[("agency", &agency)]);
    let body = body.say(language);
    let name = closed.and_then(|closed| closed.name.as_ref());
    let body = match name {
        Some(name) => format!("{}. {body}", name.in_language(language)),
        None => body.to_owned(),
    };
    (title, body)
}

fn explained(code: Option<ClosedCode>) -> (Message, Message) {
    use ClosedCode::{
        Break, CutOff, DayOff, Holiday, NotYetOpen, PastClosing, QuotaFull, Stopped, Unstaffed,
    };
    let another = msg("You can still choose another agency that is open.");
    match code {
        Some(Break) => (
            msg("{agency} is on a break"),
            msg("Please come back after the break, or choose another agency."),
        ),
        Some(Stopped) => (
            msg("{agency} takes no new numbers for now"),
            msg("Numbers already given are still called. You can still choose another one."),
        ),
        Some(Holiday) => (msg("{agency} is closed for the holiday"), another),
        Some(NotYetOpen) => (msg("{agency} is not open yet"), another),
        Some(CutOff) => (
            msg("{agency} has given its last number"),
            msg("Those with a number are still served. You can still choose another agency."),
        ),
        Some(QuotaFull) => {
            (msg("{agency} has no more numbers today"), msg("You can still choose another agency today."))
        }
        Some(Unstaffed) => (
            msg("Nobody is at the counter of {agency} yet"),
            msg("Numbers can be taken as soon as the counter opens. Please try again in a moment."),
        ),
        Some(PastClosing) => (
            msg("The queue of {agency} lasts until closing"),
            msg("Please come earlier on another day, or choose another agency."),
        ),
        Some(DayOff) => (msg("{agency} is not open today"), another),
        _ => (msg("{agency} is closed now"), another),
    }
}

/// Title and line of the screen for a building in which nothing is open.
pub fn all_closed(closed: Option<&Closed>, now: At, language: Language) -> (String, String) {
    let mut title = match closed.map(|closed| closed.code) {
        Some(ClosedCode::NotYetOpen) => msg("Not open yet"),
        Some(ClosedCode::Break) => msg("On a break"),
        Some(ClosedCode::Holiday) => msg("Closed for the holiday"),
        Some(ClosedCode::DayOver | ClosedCode::DayOff) | None => msg("We are closed"),
        _ => msg("No new numbers for now"),
    }
    .say(language)
    .to_owned();
    let name = closed.and_then(|closed| closed.name.as_ref());
    if let Some(name) = name {
        title += &format!(": {}", name.in_language(language));
    }
    let opens = closed.and_then(|closed| closed.opens);
    let line = match opens.map(|opens| (day_word(opens, now, language), clock(opens, language))) {
        None => msg("Thank you.").say(language).to_owned(),
        // The time itself stands beneath, large.
        Some((day, _)) if day.is_empty() => {
            msg("This screen changes by itself as soon as numbers can be taken.").say(language).to_owned()
        }
        Some((day, time)) => {
            msg("Thank you. Open again {day} at {time}.").with(language, &[("day", &day), ("time", &time)])
        }
    };
    (title, line)
}

/// Why there is no paper, calmly and without blame.
pub fn no_paper(trouble: Option<SlipTrouble>, language: Language) -> &'static str {
    match trouble {
        Some(trouble) => trouble.for_visitor(language),
        None => msg("Numbers are not printed here.").say(language),
    }
}

/// What a visitor should know before choosing, while no slip can come out.
pub fn before_no_paper(instead: WithoutPaper, language: Language) -> &'static str {
    match instead {
        WithoutPaper::Number => msg("No paper for now: your number appears on the screen"),
        WithoutPaper::SeeStaff => msg("For now, numbers are given at the information desk"),
    }
    .say(language)
}

/// "Senin–Kamis", "Jumat"; days count from Monday.
pub fn days(first: usize, last: usize, language: Language) -> String {
    let (first, last) = (DAYS[first].say(language), DAYS[last].say(language));
    if first == last { first.to_owned() } else { format!("{first}–{last}") }
}

/// "07.30–11.30, 13.30–15.30".
pub fn times(spans: &[Span], language: Language) -> String {
    let span = |span: &Span| format!("{}–{}", clock(span.from, language), clock(span.to, language));
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// The next opening of anything, for a building in which nothing is open.
pub fn soonest(closed: impl Iterator<Item = Closed>) -> Option<Closed> {
    closed.min_by_key(|closed| (closed.opens.is_none(), closed.opens))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> At {
        At::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M %z").unwrap()
    }

    #[test]
    fn a_closed_tile_says_when_it_opens_again() {
        let now = at("2026-11-27 11:40");
        let pill = |code, until: &str, language| {
            let opens = Some(at(until));
            closed_pill(&Closed { code, until: opens, opens, name: None }, now, language)
        };
        assert_eq!(pill(ClosedCode::Break, "2026-11-27 14:00", Language::ID), "Istirahat · buka 14.00");
        assert_eq!(pill(ClosedCode::DayOver, "2026-11-28 08:00", Language::ID), "Tutup · buka besok 08.00");
        assert_eq!(pill(ClosedCode::DayOver, "2026-11-30 08:00", Language::ID), "Tutup · buka Senin 08.00");
        assert_eq!(
            pill(ClosedCode::DayOver, "2026-11-30 08:00", Language::EN),
            "Closed · opens 08:00 Monday"
        );
        assert_eq!(
            pill(ClosedCode::DayOff, "2027-01-04 08:00", Language::ID),
            "Tutup · buka 4 Januari 08.00"
        );
    }

    #[test]
    fn every_reason_is_explained_in_both_languages_with_its_name() {
        let name = Some(crate::queue::Text::new("Salat Jumat", "Friday prayer"));
        for (language, called) in [(Language::ID, "Salat Jumat"), (Language::EN, "Friday prayer")] {
            let mut bodies = std::collections::HashSet::new();
            for code in ClosedCode::ALL {
                let closed = Closed { code, until: None, opens: None, name: name.clone() };
                let (title, body) = unavailable("Dukcapil", Some(&closed), language);
                assert!(title.contains("Dukcapil") && body.starts_with(called), "{code:?}: {title} {body}");
                assert!(!closed_pill(&closed, at("2026-11-27 12:00"), language).is_empty());
                let (whole, _) = all_closed(Some(&closed), at("2026-11-27 12:00"), language);
                assert!(whole.ends_with(called), "{whole}");
                bodies.insert((title, body));
            }
            assert_eq!(bodies.len(), ClosedCode::ALL.len());
        }
    }

    #[test]
    fn the_short_word_of_a_pill_is_no_longer_than_the_pill() {
        let now = at("2026-11-27 11:40");
        for language in [Language::ID, Language::EN] {
            for code in ClosedCode::ALL {
                let closed = Closed { code, until: None, opens: None, name: None };
                let (word, pill) = (closed_word(code, language), closed_pill(&closed, now, language));
                assert!(!word.is_empty() && word.chars().count() <= pill.chars().count(), "{word} / {pill}");
            }
            for told in [Warning::Unstaffed, Warning::PastClosing] {
                let (word, pill) = (warning_word(told, language), warning(told, language));
                assert!(!word.is_empty() && word.chars().count() <= pill.chars().count(), "{word} / {pill}");
            }
        }
    }

    #[test]
    fn nothing_opens_again_before_it_opened() {
        let again = |code| opening_label(code, Language::EN) == "Opens again";
        assert!(!again(ClosedCode::NotYetOpen));
        assert!(again(ClosedCode::Break) && again(ClosedCode::DayOver));
    }

    #[test]
    fn a_short_date_reads_as_people_write_it() {
        assert_eq!(short_date(at("2026-11-23 09:42"), Language::EN), "23 Nov 2026");
    }
}
