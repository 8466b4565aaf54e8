//! What a slip can say about its ticket: the words that stand for `{agency}`, `{ahead}` and the like.

use chrono::{Datelike, Timelike};

use super::{Slip, plain};
use crate::queue::Language;

/// Something about a ticket, asked for in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Place,
    City,
    Agency,
    /// The official name; nothing where it is the everyday one.
    AgencyFull,
    Service,
    Number,
    Ahead,
    Wait,
    Zone,
    Counters,
    Moment,
    Date,
    Time,
    Reference,
    Wifi,
    Link,
    Demo,
    Priority,
    Reprint,
}

/// Every fact by the name a template uses.
pub(super) const FACTS: &[(&str, Fact)] = &[
    ("place", Fact::Place),
    ("city", Fact::City),
    ("agency", Fact::Agency),
    ("agency_full", Fact::AgencyFull),
    ("service", Fact::Service),
    ("number", Fact::Number),
    ("ahead", Fact::Ahead),
    ("wait", Fact::Wait),
    ("zone", Fact::Zone),
    ("counters", Fact::Counters),
    ("moment", Fact::Moment),
    ("date", Fact::Date),
    ("time", Fact::Time),
    ("reference", Fact::Reference),
    ("wifi", Fact::Wifi),
    ("link", Fact::Link),
    ("demo", Fact::Demo),
    ("priority", Fact::Priority),
    ("reprint", Fact::Reprint),
];

/// What a slip must never hide, whatever its template says: a demonstration is not the day's work, a
/// reprint is not a second number.
pub(super) const NEVER_HIDDEN: [Fact; 3] = [Fact::Demo, Fact::Priority, Fact::Reprint];

impl Fact {
    /// Whether there is something to say on every slip.
    pub fn is_always_known(self) -> bool {
        matches!(self, Self::Number | Self::Moment | Self::Date | Self::Time | Self::Reference)
    }

    /// What the slip says of it; none where there is nothing to say.
    pub fn say(self, slip: &Slip) -> Option<String> {
        let language = slip.language;
        let written = |text: &str| (!plain(text).trim().is_empty()).then(|| text.to_owned());
        let marked = |marked: bool, id: &str, en: &str| marked.then(|| pick(language, id, en).to_owned());
        match self {
            Self::Place => written(&slip.place),
            Self::City => written(&slip.city),
            Self::Agency => written(&slip.agency),
            Self::AgencyFull => written(&slip.agency_full).filter(|full| *full != slip.agency),
            Self::Service => written(&slip.service),
            Self::Number => Some(slip.number.to_string()),
            Self::Ahead => slip.ahead.map(|ahead| people(ahead, language)),
            Self::Wait => slip.wait_min.map(|(low, high)| match language {
                Language::Id => format!("Perkiraan tunggu {low}-{high} menit"),
                Language::En => format!("About {low}-{high} min"),
            }),
            Self::Zone => slip.zone.as_deref().and_then(written),
            Self::Counters => counters(&slip.counters, language),
            Self::Moment => Some(format!("{}  {}", date(slip), time(slip))),
            Self::Date => Some(date(slip)),
            Self::Time => Some(time(slip)),
            Self::Reference => Some(slip.reference.clone()),
            Self::Wifi => slip.qr.as_ref().and_then(|qr| written(&qr.wifi)),
            Self::Link => slip.qr.as_ref().and_then(|qr| written(&qr.url)),
            // The demonstration is one in every language.
            Self::Demo => marked(slip.demo, "MODE PERAGAAN", "MODE PERAGAAN"),
            Self::Priority => marked(slip.priority, "PRIORITAS", "PRIORITY"),
            Self::Reprint => marked(slip.reprint, "CETAK ULANG", "REPRINT"),
        }
    }
}

fn pick<'a>(language: Language, id: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Id => id,
        Language::En => en,
    }
}

fn people(ahead: u32, language: Language) -> String {
    match (ahead, language) {
        (0, _) => pick(language, "Anda berikutnya", "You are next").to_owned(),
        (n, Language::Id) => format!("{n} orang di depan Anda"),
        (1, Language::En) => "1 person ahead of you".to_owned(),
        (n, Language::En) => format!("{n} people ahead of you"),
    }
}

/// "Loket 3, 4, atau 5".
fn counters(numbers: &[u16], language: Language) -> Option<String> {
    let (word, or) = (pick(language, "Loket", "Counter"), pick(language, "atau", "or"));
    Some(match numbers {
        [] => return None,
        [only] => format!("{word} {only}"),
        [first, last] => format!("{word} {first} {or} {last}"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(u16::to_string).collect();
            format!("{word} {}, {or} {last}", rest.join(", "))
        }
    })
}

fn date(slip: &Slip) -> String {
    let at = slip.printed_at;
    let (days, months) = match slip.language {
        Language::Id => (DAYS_ID, MONTHS_ID),
        Language::En => (DAYS_EN, MONTHS_EN),
    };
    let day = days[at.weekday().num_days_from_monday() as usize];
    format!("{day}, {} {} {}", at.day(), months[at.month0() as usize], at.year())
}

fn time(slip: &Slip) -> String {
    let mark = pick(slip.language, ".", ":");
    format!("{:02}{mark}{:02}", slip.printed_at.hour(), slip.printed_at.minute())
}

const DAYS_ID: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
#[rustfmt::skip]
const MONTHS_ID: [&str; 12] = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
];
#[rustfmt::skip]
const MONTHS_EN: [&str; 12] = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
];
