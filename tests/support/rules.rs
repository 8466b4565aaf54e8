//! A small site: Dukcapil with three counters, Imigrasi with one; no config file in between.

use antrean::queue::rules::{Kiosk, Parts, Zone};
use antrean::queue::{
    Accent, Agency, At, Band, Card, Conduct, Counter, Exceptions, Rules, Service, Span, Terms, Text, Week,
};
use chrono::{FixedOffset, NaiveTime};

pub fn offset() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap()
}

/// An instant of site time, such as "2026-11-23 09:42".
pub fn at(text: &str) -> At {
    let naive = chrono::NaiveDateTime::parse_from_str(&format!("{text}:00"), "%Y-%m-%d %H:%M:%S").unwrap();
    naive.and_local_timezone(offset()).unwrap()
}

pub fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

pub fn span(from: &str, to: &str) -> Span {
    Span { from: time(from), to: time(to) }
}

/// Mon–Thu 08–16, Fri 08–11.30 and 14–16.30, weekend off.
pub fn week() -> Week {
    let mut week = Week::default();
    for day in &mut week.days[..4] {
        day.push(span("08:00", "16:00"));
    }
    week.days[4] = vec![span("08:00", "11:30"), span("14:00", "16:30")];
    week
}

fn service(id: &str, prefix: &str) -> Service {
    Service {
        id: id.into(),
        prefix: prefix.parse().unwrap(),
        name: Text::same(id),
        hint: Text::default(),
        bring: Text::default(),
        card: Card::default(),
        icon: "document".to_owned(),
        hours: None,
        terms: Terms::default(),
        target_min: 10,
    }
}

fn agency(id: &str, prefix: &str, services: Vec<Service>) -> Agency {
    Agency {
        id: id.into(),
        prefix: prefix.parse().unwrap(),
        name: Text::same(id),
        full_name: Text::same(id),
        hint: Text::default(),
        icon: "id-card".to_owned(),
        accent: Accent(0x2A57C1),
        zone: Some("b".into()),
        hours: None,
        services,
    }
}

fn counter(number: u16, agency: &str, services: &[&str]) -> Counter {
    Counter {
        id: format!("loket-{number}").into(),
        number,
        agency: agency.into(),
        services: services.iter().map(|&id| id.into()).collect(),
        zone: Some("b".into()),
        hours: None,
    }
}

/// Calls may follow each other at once, and one is enough: for tests of anything else.
fn lenient() -> Conduct {
    Conduct { recalls: 20, call_gap_s: 0, calls_before_no_show: 1, ..Conduct::default() }
}

pub fn parts() -> Parts {
    Parts {
        place: Text::same("Mal Pelayanan Publik"),
        city: Text::same("Kota Langsa"),
        offset: offset(),
        change_at: NaiveTime::MIN,
        max_forward_days: 3,
        hours: week(),
        exceptions: Exceptions::default(),
        always_open: false,
        regular_between: 2,
        conduct: lenient(),
        emergency: Band { from: 900, count: 50 },
        invite_every: None,
        zones: vec![Zone { id: "b".into(), letter: "B".to_owned(), name: Text::same("Zona B") }],
        agencies: vec![
            agency("dukcapil", "A", vec![service("ktp", "A"), service("kk", "A"), service("kia", "KA")]),
            agency("imigrasi", "B", vec![service("paspor", "B")]),
        ],
        counters: vec![
            counter(3, "dukcapil", &["ktp", "kk"]),
            counter(4, "dukcapil", &["ktp", "kk", "kia"]),
            counter(5, "dukcapil", &["kia"]),
            counter(6, "imigrasi", &["paspor"]),
        ],
        kiosks: vec![Kiosk {
            id: "anjungan-1".into(),
            name: Text::same("Anjungan 1"),
            printer: Some("printer-1".into()),
        }],
        printers: vec!["printer-1".into(), "printer-2".into()],
    }
}

pub fn rules() -> Rules {
    parts().into()
}

/// Rules without hours, for tests of anything else.
pub fn always_open() -> Rules {
    Parts { always_open: true, ..parts() }.into()
}
