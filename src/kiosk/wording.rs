//! Texts made of dates, times and lists; fixed texts stand in the screens.

use chrono::{Datelike, TimeDelta};

use super::visit::WithoutPaper;
use crate::queue::refusal::clock;
use crate::queue::{At, Closed, ClosedCode, Forecast, Language, SlipTrouble};

const DAYS: [[&str; 7]; 2] = [
    ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

fn column(language: Language) -> usize {
    match language {
        Language::Id => 0,
        Language::En => 1,
    }
}

/// "Senin".
pub fn weekday(at: At, language: Language) -> &'static str {
    DAYS[column(language)][at.weekday().num_days_from_monday() as usize]
}

fn month(at: At, language: Language) -> &'static str {
    MONTHS[column(language)][at.month0() as usize]
}

/// "Senin, 23 November 2026".
pub fn long_date(at: At, language: Language) -> String {
    format!("{}, {} {} {}", weekday(at, language), at.day(), month(at, language), at.year())
}

/// "23 Nov 2026".
pub fn short_date(at: At, language: Language) -> String {
    format!("{} {} {}", at.day(), &month(at, language)[..3], at.year())
}

/// The day of an opening as seen from now: "", "besok", "Senin" or "2 Januari".
fn day_word(until: At, now: At, language: Language) -> String {
    let days = until.date_naive().signed_duration_since(now.date_naive()).num_days();
    match (days, language) {
        (0, _) => String::new(),
        (1, Language::Id) => "besok".to_owned(),
        (1, Language::En) => "tomorrow".to_owned(),
        (2..=6, _) => weekday(until, language).to_owned(),
        _ => format!("{} {}", until.day(), month(until, language)),
    }
}

/// The pill on a closed tile: "Tutup · buka besok 08.00".
pub fn closed_pill(closed: &Closed, now: At, language: Language) -> String {
    let (word, opens) = match (closed.code, language) {
        (ClosedCode::Break, Language::Id) => ("Istirahat", "buka"),
        (ClosedCode::Break, Language::En) => ("Break", "opens"),
        (_, Language::Id) => ("Tutup", "buka"),
        (_, Language::En) => ("Closed", "opens"),
    };
    let Some(until) = closed.until else { return word.to_owned() };
    let (day, time) = (day_word(until, now, language), clock(until, language));
    match (day.is_empty(), language) {
        (true, _) => format!("{word} · {opens} {time}"),
        (false, Language::Id) => format!("{word} · {opens} {day} {time}"),
        (false, Language::En) => format!("{word} · {opens} {time} {day}"),
    }
}

/// "Senin, 23 November, pukul 08.00".
pub fn opening(until: At, now: At, language: Language) -> String {
    let day = day_word(until, now, language);
    let time = clock(until, language);
    match (day.is_empty(), language) {
        (true, Language::Id) => format!("Hari ini, pukul {time}"),
        (true, Language::En) => format!("Today at {time}"),
        (false, Language::Id) => format!("{}, pukul {time}", capital(&day)),
        (false, Language::En) => format!("{} at {time}", capital(&day)),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "20–30 menit"; nothing where nothing is foretold.
pub fn wait(forecast: Option<Forecast>, language: Language) -> String {
    let unit = match language {
        Language::Id => "menit",
        Language::En => "min",
    };
    let range = forecast.map(Forecast::minutes);
    range.map(|(low, high)| format!("{low}–{high} {unit}")).unwrap_or_default()
}

/// "Loket 3, 4, atau 5".
pub fn counters(numbers: &[u16], language: Language) -> String {
    let (word, or) = match language {
        Language::Id => ("Loket", "atau"),
        Language::En => ("Counter", "or"),
    };
    match numbers {
        [] => String::new(),
        [only] => format!("{word} {only}"),
        [first, last] => format!("{word} {first} {or} {last}"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(u16::to_string).collect();
            format!("{word} {}, {or} {last}", rest.join(", "))
        }
    }
}

/// Title and body of the screen that explains why an agency cannot be had.
pub fn unavailable(agency: &str, closed: Option<&Closed>, language: Language) -> (String, String) {
    let code = closed.map(|closed| closed.code);
    match (code, language) {
        (Some(ClosedCode::Break), Language::Id) => (
            format!("{agency} sedang istirahat"),
            "Silakan kembali setelah istirahat, atau pilih instansi lain.".into(),
        ),
        (Some(ClosedCode::Break), Language::En) => (
            format!("{agency} is on a break"),
            "Please come back after the break, or choose another agency.".into(),
        ),
        (_, Language::Id) => {
            (format!("{agency} sedang tutup"), "Anda masih bisa memilih instansi lain yang buka.".into())
        }
        (_, Language::En) => {
            (format!("{agency} is closed now"), "You can still choose another agency that is open.".into())
        }
    }
}

/// Title and line of the screen for a building in which nothing is open.
pub fn all_closed(closed: Option<&Closed>, now: At, language: Language) -> (String, String) {
    let until = closed.and_then(|closed| closed.until);
    let when = until.map(|until| (day_word(until, now, language), clock(until, language)));
    let before = closed.is_some_and(|closed| closed.code == ClosedCode::NotYetOpen);
    let on_break = closed.is_some_and(|closed| closed.code == ClosedCode::Break);
    let title = match (before, on_break, language) {
        (true, _, Language::Id) => "Belum dibuka",
        (true, _, Language::En) => "Not open yet",
        (_, true, Language::Id) => "Sedang istirahat",
        (_, true, Language::En) => "On a break",
        (_, _, Language::Id) => "Layanan sudah tutup",
        (_, _, Language::En) => "We are closed",
    };
    let line = match (when, language) {
        (None, Language::Id) => "Terima kasih.".to_owned(),
        (None, Language::En) => "Thank you.".to_owned(),
        (Some((day, time)), Language::Id) if day.is_empty() => {
            format!("Nomor antrean bisa diambil mulai pukul {time}")
        }
        (Some((day, time)), Language::En) if day.is_empty() => format!("Numbers can be taken from {time}"),
        (Some((day, time)), Language::Id) => format!("Terima kasih. Buka lagi {day} pukul {time}."),
        (Some((day, time)), Language::En) => format!("Thank you. Open again {day} at {time}."),
    };
    (title.to_owned(), line)
}

/// Why there is no paper, calmly and without blame.
pub fn no_paper(trouble: Option<SlipTrouble>, language: Language) -> &'static str {
    match (trouble, language) {
        (Some(trouble), _) => trouble.for_visitor(language),
        (None, Language::Id) => "Di sini nomor tidak dicetak.",
        (None, Language::En) => "Numbers are not printed here.",
    }
}

/// What a visitor should know before choosing, while no slip can come out.
pub fn before_no_paper(instead: WithoutPaper, language: Language) -> &'static str {
    match (instead, language) {
        (WithoutPaper::Number, Language::Id) => "Sementara tanpa kertas: nomor tampil di layar",
        (WithoutPaper::Number, Language::En) => "No paper for now: your number appears on the screen",
        (WithoutPaper::SeeStaff, Language::Id) => "Sementara nomor diberikan di meja informasi",
        (WithoutPaper::SeeStaff, Language::En) => "For now, numbers are given at the information desk",
    }
}

/// The next opening of anything, for a building in which nothing is open.
pub fn soonest(closed: impl Iterator<Item = Closed>) -> Option<Closed> {
    closed.min_by_key(|closed| closed.until.map_or(TimeDelta::MAX, |until| until - At::default()))
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
            closed_pill(&Closed { code, until: Some(at(until)) }, now, language)
        };
        assert_eq!(pill(ClosedCode::Break, "2026-11-27 14:00", Language::Id), "Istirahat · buka 14.00");
        assert_eq!(pill(ClosedCode::DayOver, "2026-11-28 08:00", Language::Id), "Tutup · buka besok 08.00");
        assert_eq!(pill(ClosedCode::DayOver, "2026-11-30 08:00", Language::Id), "Tutup · buka Senin 08.00");
        assert_eq!(
            pill(ClosedCode::DayOver, "2026-11-30 08:00", Language::En),
            "Closed · opens 08:00 Monday"
        );
        assert_eq!(
            pill(ClosedCode::DayOff, "2027-01-04 08:00", Language::Id),
            "Tutup · buka 4 Januari 08.00"
        );
    }

    #[test]
    fn dates_and_counters_read_as_people_say_them() {
        assert_eq!(long_date(at("2026-11-23 09:42"), Language::Id), "Senin, 23 November 2026");
        assert_eq!(short_date(at("2026-11-23 09:42"), Language::En), "23 Nov 2026");
        assert_eq!(counters(&[3, 4, 5], Language::Id), "Loket 3, 4, atau 5");
        assert_eq!(counters(&[1, 2], Language::En), "Counter 1 or 2");
        assert_eq!(counters(&[7], Language::Id), "Loket 7");
    }
}
