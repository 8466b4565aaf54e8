//! By what the figures are cut.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::period::month_name;
use crate::queue::{AgencyId, CounterId, Language, Rules, ServiceId};
use crate::store::ledger::{DayLedger, Visit};

/// By what a table's rows differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum By {
    #[default]
    Agency,
    Service,
    Counter,
    /// The hour in which a visit began.
    Hour,
    Weekday,
    Day,
    Month,
    Class,
    Origin,
}

impl By {
    pub const ALL: [Self; 9] = [
        Self::Agency,
        Self::Service,
        Self::Counter,
        Self::Hour,
        Self::Weekday,
        Self::Day,
        Self::Month,
        Self::Class,
        Self::Origin,
    ];

    /// The word in addresses and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Service => "service",
            Self::Counter => "counter",
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::Day => "day",
            Self::Month => "month",
            Self::Class => "class",
            Self::Origin => "origin",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }

    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::Agency => language.pick("Instansi", "Agency"),
            Self::Service => language.pick("Layanan", "Service"),
            Self::Counter => language.pick("Loket", "Counter"),
            Self::Hour => language.pick("Jam", "Hour"),
            Self::Weekday => language.pick("Hari", "Weekday"),
            Self::Day => language.pick("Tanggal", "Date"),
            Self::Month => language.pick("Bulan", "Month"),
            Self::Class => language.pick("Golongan", "Class"),
            Self::Origin => language.pick("Asal nomor", "Origin"),
        }
    }
}

/// One row of a cut, in an order in which rows can be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// An id of the config's, or one that it does not have any more.
    Named(String),
    Number(u32),
    Date(NaiveDate),
    /// Never called to a counter.
    Nowhere,
}

impl Key {
    /// Where a visit belongs.
    pub fn of(by: By, day: &DayLedger, visit: &Visit) -> Self {
        let named = |name| Self::Named(day.name(name).to_owned());
        match by {
            By::Agency => named(visit.agency),
            By::Service => named(visit.service),
            By::Counter => visit.counter.map_or(Self::Nowhere, named),
            By::Hour => Self::Number(hour(visit)),
            By::Weekday => Self::Number(day.day.weekday().number_from_monday()),
            By::Day => Self::Date(day.day),
            By::Month => Self::Date(day.day.with_day(1).unwrap_or(day.day)),
            By::Class => {
                let priority = day.tickets.get(visit.ticket as usize).is_some_and(|ticket| ticket.priority);
                Self::Named(if priority { "priority" } else { "regular" }.to_owned())
            }
            By::Origin => {
                let origin = day.tickets.get(visit.ticket as usize).map(|ticket| day.name(ticket.origin));
                Self::Named(origin.unwrap_or_default().to_owned())
            }
        }
    }

    /// As a machine reads it.
    pub fn plain(&self) -> String {
        match self {
            Self::Named(id) => id.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Nowhere => String::new(),
        }
    }

    /// As people read it; what is not in the config any more keeps its id.
    pub fn label(&self, by: By, rules: &Rules, language: Language) -> String {
        let retired = |id: &str| format!("{id} ({})", language.pick("tidak ada lagi", "retired"));
        match (by, self) {
            (By::Agency, Self::Named(id)) => rules
                .agency(&AgencyId::from(id.clone()))
                .map_or_else(|| retired(id), |agency| agency.name.in_language(language).to_owned()),
            (By::Service, Self::Named(id)) => rules.service(&ServiceId::from(id.clone())).map_or_else(
                || retired(id),
                |(agency, service)| {
                    format!("{} · {}", agency.name.in_language(language), service.name.in_language(language))
                },
            ),
            (By::Counter, Self::Named(id)) => rules.counter(&CounterId::from(id.clone())).map_or_else(
                || retired(id),
                |counter| format!("{} {}", language.pick("Loket", "Counter"), counter.number),
            ),
            (_, Self::Nowhere) => language.pick("Tidak dipanggil", "Not called").to_owned(),
            (By::Hour, Self::Number(hour)) => format!("{hour:02}.00–{hour:02}.59"),
            // Numbered from Monday = 1, as ISO 8601 does.
            (By::Weekday, Self::Number(day)) => weekday(day.saturating_sub(1), language).to_owned(),
            (By::Month, Self::Date(date)) => {
                format!("{} {}", month_name(date.month(), language), date.year())
            }
            (_, Self::Date(date)) => {
                let name = weekday(date.weekday().num_days_from_monday(), language);
                format!("{name}, {}", super::period::date_in_words(*date, language))
            }
            (By::Class, Self::Named(class)) => match class.as_str() {
                "priority" => language.pick("Prioritas", "Priority").to_owned(),
                _ => language.pick("Biasa", "Regular").to_owned(),
            },
            (By::Origin, Self::Named(origin)) => origin_label(origin, rules, language),
            (_, other) => other.plain(),
        }
    }
}

fn origin_label(origin: &str, rules: &Rules, language: Language) -> String {
    let (kind, id) = origin.split_once(':').unwrap_or((origin, ""));
    match kind {
        "kiosk" => {
            let kiosk = rules.kiosks.iter().find(|kiosk| kiosk.id.as_str() == id);
            kiosk.map_or_else(|| origin.to_owned(), |kiosk| kiosk.name.in_language(language).to_owned())
        }
        "desk" | "staff" => format!("{} · {id}", language.pick("Petugas", "Staff")),
        _ => origin.to_owned(),
    }
}

/// The hour of the day in which a visit began, 0 to 23.
pub fn hour(visit: &Visit) -> u32 {
    visit.entered.div_euclid(3_600_000).rem_euclid(24) as u32
}

/// "Senin", of weekdays from Monday = 0.
pub fn weekday(day: u32, language: Language) -> &'static str {
    const ID: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    language.pick(&ID, &EN)[(day % 7) as usize]
}

/// In what order the rows of a cut stand: as in the config, what is not in it any more after it.
pub fn order(by: By, rules: &Rules, keys: &mut [Key]) {
    let ids: Vec<&str> = match by {
        By::Agency => rules.agencies.iter().map(|agency| agency.id.as_str()).collect(),
        By::Service => {
            let services = rules.agencies.iter().flat_map(|agency| &agency.services);
            services.map(|service| service.id.as_str()).collect()
        }
        By::Counter => rules.counters.iter().map(|counter| counter.id.as_str()).collect(),
        By::Class => vec!["regular", "priority"],
        By::Hour | By::Weekday | By::Day | By::Month | By::Origin => Vec::new(),
    };
    let places: HashMap<&str, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    keys.sort_by_cached_key(|key| match key {
        Key::Named(id) => (places.get(id.as_str()).copied().unwrap_or(usize::MAX), key.clone()),
        Key::Nowhere => (usize::MAX, key.clone()),
        other => (0, other.clone()),
    });
}
