//! Why services were not given, and what was given.

use std::cmp::Reverse;

use super::Scene;
use crate::queue::{OutcomeId, ServiceId};
use crate::report::reckon::Cause;
use crate::report::{Cell, Reckoned, Row, Table};

/// Causes of unfinished service, the most frequent first.
pub fn table(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let mut causes: Vec<(&Cause, u64)> = reckoned.unfinished.iter().map(|(cause, n)| (cause, *n)).collect();
    causes.sort_by_key(|(cause, n)| (Reverse(*n), (*cause).clone()));
    let ended = reckoned.total.ended;
    let unfinished: u64 = causes.iter().map(|(_, n)| n).sum();
    let cells = |n| vec![Cell::count(n), Cell::share(n, unfinished), Cell::share(n, ended)];
    let rows =
        causes.iter().map(|(cause, n)| Row { key: key(cause), label: label(scene, cause), cells: cells(*n) });
    Table {
        key: "unfinished",
        title: scene.say("Sebab layanan tidak selesai", "Causes of unfinished service"),
        note: scene.say(
            "Kunjungan yang berakhir tanpa layanan diberikan.",
            "Visits that ended without a service given.",
        ),
        rows_are: scene.column("cause", "Sebab", "Cause"),
        columns: vec![
            scene.column("visits", "Kunjungan", "Visits"),
            scene.column("of_unfinished_percent", "Dari yang tidak selesai (%)", "Of the unfinished (%)"),
            scene.column("of_ended_percent", "Dari semua kunjungan (%)", "Of all visits (%)"),
        ],
        rows: rows.collect(),
        total: Some(Row {
            key: "total".to_owned(),
            label: scene.say("Semua", "All"),
            cells: cells(unfinished),
        }),
    }
}

fn key(cause: &Cause) -> String {
    match cause {
        Cause::NoShow => "no_show".to_owned(),
        Cause::Cancelled => "cancelled".to_owned(),
        Cause::Expired => "expired".to_owned(),
        Cause::DayEnded => "day_ended".to_owned(),
        Cause::Transferred => "transferred".to_owned(),
        Cause::Outcome(id) => format!("outcome:{id}"),
    }
}

fn label(scene: &Scene<'_>, cause: &Cause) -> String {
    match cause {
        Cause::NoShow => scene.say("Dipanggil, tidak hadir", "Called, nobody came"),
        Cause::Cancelled => scene.say("Nomor dibatalkan", "The number was given up"),
        Cause::Expired => {
            scene.say("Belum terpanggil saat hari layanan berakhir", "Not reached when the day ended")
        }
        Cause::DayEnded => scene.say(
            "Tidak ditutup petugas sampai hari berakhir",
            "Not finished by the clerk when the day ended",
        ),
        Cause::Transferred => scene.say("Dialihkan sebelum dilayani", "Sent on before being served"),
        Cause::Outcome(id) => {
            let known = scene.rules.conduct.outcomes.iter().find(|one| one.id == OutcomeId::from(id.clone()));
            known.map_or_else(|| id.clone(), |one| one.name.in_language(scene.language).to_owned())
        }
    }
}

/// What was delivered, the most frequent first.
pub fn delivered(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let mut services: Vec<(&String, u64)> = reckoned.delivered.iter().map(|(id, n)| (id, *n)).collect();
    services.sort_by_key(|(id, n)| (Reverse(*n), (*id).clone()));
    let all: u64 = services.iter().map(|(_, n)| n).sum();
    let rows = services.iter().map(|(id, n)| {
        let known = scene.rules.service(&ServiceId::from((*id).clone()));
        let label = known.map_or_else(
            || (*id).clone(),
            |(agency, service)| {
                let name = |text: &crate::queue::Text| text.in_language(scene.language).to_owned();
                format!("{} · {}", name(&agency.name), name(&service.name))
            },
        );
        Row { key: (*id).clone(), label, cells: vec![Cell::count(*n), Cell::share(*n, all)] }
    });
    Table {
        key: "delivered",
        title: scene.say("Layanan yang diberikan", "Services delivered"),
        note: String::new(),
        rows_are: scene.column("service", "Layanan", "Service"),
        columns: vec![
            scene.column("delivered", "Layanan diberikan", "Delivered"),
            scene.column("delivered_percent", "Bagian (%)", "Share (%)"),
        ],
        rows: rows.collect(),
        total: Some(Row {
            key: "total".to_owned(),
            label: scene.say("Semua", "All"),
            cells: vec![Cell::count(all), Cell::share(all, all)],
        }),
    }
}
