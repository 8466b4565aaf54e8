//! Texts made of dates, times and lists; fixed texts stand in the screens.

use chrono::Datelike;

use super::visit::WithoutPaper;
use crate::queue::refusal::clock;
use crate::queue::{At, Closed, ClosedCode, Forecast, Language, SlipTrouble, Warning};

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

/// "November".
pub fn month(at: At, language: Language) -> &'static str {
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
        // A day with a quota has that to say, and the next screen when there are numbers again.
        (ClosedCode::QuotaFull, Language::Id) => return "Kuota hari ini habis".to_owned(),
        (ClosedCode::QuotaFull, Language::En) => return "No more numbers today".to_owned(),
        (code @ ClosedCode::Unstaffed, _) => return closed_word(code, language).to_owned(),
        (ClosedCode::Stopped, Language::Id) => ("Berhenti sementara", "buka"),
        (ClosedCode::Stopped, Language::En) => ("Stopped for now", "opens"),
        (code, Language::Id) => (closed_word(code, language), "buka"),
        (code, Language::En) => (closed_word(code, language), "opens"),
    };
    let Some(at) = closed.opens else { return word.to_owned() };
    let (day, time) = (day_word(at, now, language), clock(at, language));
    match (day.is_empty(), language) {
        (true, _) => format!("{word} · {opens} {time}"),
        (false, Language::Id) => format!("{word} · {opens} {day} {time}"),
        (false, Language::En) => format!("{word} · {opens} {time} {day}"),
    }
}

/// The pill where there is room for a word: "Tutup".
pub fn closed_word(code: ClosedCode, language: Language) -> &'static str {
    match (code, language) {
        (ClosedCode::Break, Language::Id) => "Istirahat",
        (ClosedCode::Break, Language::En) => "Break",
        (ClosedCode::Holiday, Language::Id) => "Libur",
        (ClosedCode::Holiday, Language::En) => "Holiday",
        (ClosedCode::QuotaFull, Language::Id) => "Kuota habis",
        (ClosedCode::QuotaFull, Language::En) => "Full",
        (ClosedCode::Unstaffed, Language::Id) => "Belum ada petugas",
        (ClosedCode::Unstaffed, Language::En) => "No staff yet",
        (ClosedCode::Stopped, Language::Id) => "Berhenti",
        (ClosedCode::Stopped, Language::En) => "Stopped",
        (_, Language::Id) => "Tutup",
        (_, Language::En) => "Closed",
    }
}

/// What a visitor should know before taking a number all the same.
pub fn warning(warning: Warning, language: Language) -> &'static str {
    match (warning, language) {
        (Warning::PastClosing, Language::Id) => "Antrean sampai jam tutup",
        (Warning::PastClosing, Language::En) => "Queue until closing time",
        (Warning::Unstaffed, _) => warning_word(warning, language),
    }
}

/// The same where there is little room.
pub fn warning_word(warning: Warning, language: Language) -> &'static str {
    match (warning, language) {
        (Warning::Unstaffed, Language::Id) => "Belum ada petugas",
        (Warning::Unstaffed, Language::En) => "No staff yet",
        (Warning::PastClosing, Language::Id) => "Antrean panjang",
        (Warning::PastClosing, Language::En) => "Long queue",
    }
}

/// What is written over the time of an opening: before the day's first, nothing opens "again".
pub fn opening_label(code: ClosedCode, language: Language) -> &'static str {
    match (code, language) {
        (ClosedCode::NotYetOpen, Language::Id) => "Nomor antrean bisa diambil",
        (ClosedCode::NotYetOpen, Language::En) => "Numbers can be taken",
        (_, Language::Id) => "Buka lagi",
        (_, Language::En) => "Opens again",
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

/// Title and body of the screen that explains why an agency, or one service of it, cannot be had.
pub fn unavailable(agency: &str, closed: Option<&Closed>, language: Language) -> (String, String) {
    use ClosedCode::{
        Break, CutOff, DayOff, Holiday, NotYetOpen, PastClosing, QuotaFull, Stopped, Unstaffed,
    };
    let code = closed.map(|closed| closed.code);
    let (title, body) = match (code, language) {
        (Some(Break), Language::Id) => (
            format!("{agency} sedang istirahat"),
            "Silakan kembali setelah istirahat, atau pilih instansi lain.",
        ),
        (Some(Break), Language::En) => {
            (format!("{agency} is on a break"), "Please come back after the break, or choose another agency.")
        }
        (Some(Stopped), Language::Id) => (
            format!("{agency} berhenti menerima nomor baru"),
            "Yang sudah punya nomor tetap dipanggil. Anda masih bisa memilih yang lain.",
        ),
        (Some(Stopped), Language::En) => (
            format!("{agency} takes no new numbers for now"),
            "Numbers already given are still called. You can still choose another one.",
        ),
        (Some(Holiday), Language::Id) => {
            (format!("{agency} libur hari ini"), "Anda masih bisa memilih instansi lain yang buka.")
        }
        (Some(Holiday), Language::En) => (
            format!("{agency} is closed for the holiday"),
            "You can still choose another agency that is open.",
        ),
        (Some(NotYetOpen), Language::Id) => {
            (format!("{agency} belum dibuka"), "Anda masih bisa memilih instansi lain yang buka.")
        }
        (Some(NotYetOpen), Language::En) => {
            (format!("{agency} is not open yet"), "You can still choose another agency that is open.")
        }
        (Some(CutOff), Language::Id) => (
            format!("Nomor terakhir {agency} sudah diberikan"),
            "Yang sudah punya nomor tetap dilayani. Anda masih bisa memilih instansi lain.",
        ),
        (Some(CutOff), Language::En) => (
            format!("{agency} has given its last number"),
            "Those with a number are still served. You can still choose another agency.",
        ),
        (Some(QuotaFull), Language::Id) => (
            format!("Kuota {agency} hari ini sudah habis"),
            "Hari ini Anda masih bisa memilih instansi lain.",
        ),
        (Some(QuotaFull), Language::En) => {
            (format!("{agency} has no more numbers today"), "You can still choose another agency today.")
        }
        (Some(Unstaffed), Language::Id) => (
            format!("Belum ada petugas di loket {agency}"),
            "Nomor bisa diambil begitu loket dibuka. Silakan coba lagi sebentar.",
        ),
        (Some(Unstaffed), Language::En) => (
            format!("Nobody is at the counter of {agency} yet"),
            "Numbers can be taken as soon as the counter opens. Please try again in a moment.",
        ),
        (Some(PastClosing), Language::Id) => (
            format!("Antrean {agency} sudah cukup sampai jam tutup"),
            "Datanglah lebih awal di hari lain, atau pilih instansi lain.",
        ),
        (Some(PastClosing), Language::En) => (
            format!("The queue of {agency} lasts until closing"),
            "Please come earlier on another day, or choose another agency.",
        ),
        (Some(DayOff), Language::Id) => {
            (format!("Hari ini {agency} tidak buka"), "Anda masih bisa memilih instansi lain yang buka.")
        }
        (Some(DayOff), Language::En) => {
            (format!("{agency} is not open today"), "You can still choose another agency that is open.")
        }
        (_, Language::Id) => {
            (format!("{agency} sedang tutup"), "Anda masih bisa memilih instansi lain yang buka.")
        }
        (_, Language::En) => {
            (format!("{agency} is closed now"), "You can still choose another agency that is open.")
        }
    };
    let name = closed.and_then(|closed| closed.name.as_ref());
    let body = match name {
        Some(name) => format!("{}. {body}", name.in_language(language)),
        None => body.to_owned(),
    };
    (title, body)
}

/// Title and line of the screen for a building in which nothing is open.
pub fn all_closed(closed: Option<&Closed>, now: At, language: Language) -> (String, String) {
    let opens = closed.and_then(|closed| closed.opens);
    let when = opens.map(|opens| (day_word(opens, now, language), clock(opens, language)));
    let mut title = match (closed.map(|closed| closed.code), language) {
        (Some(ClosedCode::NotYetOpen), Language::Id) => "Belum dibuka",
        (Some(ClosedCode::NotYetOpen), Language::En) => "Not open yet",
        (Some(ClosedCode::Break), Language::Id) => "Sedang istirahat",
        (Some(ClosedCode::Break), Language::En) => "On a break",
        (Some(ClosedCode::Holiday), Language::Id) => "Hari ini libur",
        (Some(ClosedCode::Holiday), Language::En) => "Closed for the holiday",
        (Some(ClosedCode::DayOver | ClosedCode::DayOff) | None, Language::Id) => "Layanan sudah tutup",
        (Some(ClosedCode::DayOver | ClosedCode::DayOff) | None, Language::En) => "We are closed",
        (_, Language::Id) => "Nomor baru belum bisa diambil",
        (_, Language::En) => "No new numbers for now",
    }
    .to_owned();
    let name = closed.and_then(|closed| closed.name.as_ref());
    if let Some(name) = name {
        title += &format!(": {}", name.in_language(language));
    }
    let line = match (when, language) {
        (None, Language::Id) => "Terima kasih.".to_owned(),
        (None, Language::En) => "Thank you.".to_owned(),
        // The time itself stands beneath, large.
        (Some((day, _)), Language::Id) if day.is_empty() => {
            "Layar ini berganti sendiri begitu nomor bisa diambil.".to_owned()
        }
        (Some((day, _)), Language::En) if day.is_empty() => {
            "This screen changes by itself as soon as numbers can be taken.".to_owned()
        }
        (Some((day, time)), Language::Id) => format!("Terima kasih. Buka lagi {day} pukul {time}."),
        (Some((day, time)), Language::En) => format!("Thank you. Open again {day} at {time}."),
    };
    (title, line)
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
    fn every_reason_is_explained_in_both_languages_with_its_name() {
        let name = Some(crate::queue::Text::new("Salat Jumat", "Friday prayer"));
        for (language, called) in [(Language::Id, "Salat Jumat"), (Language::En, "Friday prayer")] {
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
        for language in [Language::Id, Language::En] {
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
        let again = |code| opening_label(code, Language::En) == "Opens again";
        assert!(!again(ClosedCode::NotYetOpen));
        assert!(again(ClosedCode::Break) && again(ClosedCode::DayOver));
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
