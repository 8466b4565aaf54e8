//! Who was there, in the order of the config.

use super::Scene;
use crate::report::presence::Presence;
use crate::report::{Cell, Column, Reckoned, Row, Table};

pub fn agencies(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let rows = scene.rules.agencies.iter().filter_map(|agency| {
        let seen = reckoned.attendance.agencies.get(&agency.id)?;
        let label = agency.name.in_language(scene.language).to_owned();
        Some(Row { key: agency.id.as_str().to_owned(), label, cells: cells(seen) })
    });
    Table {
        key: "presence",
        title: scene.say("Kehadiran instansi", "Presence of agencies"),
        rows_are: scene.column("agency", "Instansi", "Agency"),
        rows: rows.collect(),
        ..frame(scene)
    }
}

pub fn counters(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let rows = scene.rules.counters.iter().filter_map(|counter| {
        let seen = reckoned.attendance.counters.get(&counter.id)?;
        let agency = scene.rules.agency(&counter.agency);
        let agency = agency.map_or("", |agency| agency.name.in_language(scene.language));
        let label = format!("{} {} · {agency}", scene.say("Loket", "Counter"), counter.number);
        Some(Row { key: counter.id.as_str().to_owned(), label, cells: cells(seen) })
    });
    Table {
        key: "presence_counters",
        title: scene.say("Kehadiran loket", "Presence of counters"),
        rows_are: scene.column("counter", "Loket", "Counter"),
        rows: rows.collect(),
        ..frame(scene)
    }
}

fn frame(scene: &Scene<'_>) -> Table {
    let late = scene.wanted.targets.late_after_min;
    Table {
        key: "",
        title: String::new(),
        note: scene.language.pick(
            format!("Menurut kalender dalam konfigurasi sekarang; buka tepat waktu: paling lambat {late} menit setelah jam layanan mulai. Istirahat di tengah jam layanan tidak dihitung buka."),
            format!("By the calendar of today's config; on time: at most {late} minutes after the hours begin. A break within the hours does not count as open."),
        ),
        rows_are: Column { key: "", label: String::new() },
        columns: vec![
            scene.column("working_days", "Hari kerja efektif", "Working days"),
            scene.column("days_present", "Hari hadir", "Days present"),
            scene.column("days_present_percent", "Hari hadir (%)", "Days present (%)"),
            scene.column("hours_planned", "Jam layanan", "Hours"),
            scene.column("hours_open", "Jam buka", "Hours open"),
            scene.column("open_percent", "Buka (%)", "Open (%)"),
            scene.column("hours_paused", "Jam istirahat", "Hours on a break"),
            scene.column("days_on_time", "Buka tepat waktu", "Opened on time"),
            scene.column("on_time_percent", "Tepat waktu (%)", "On time (%)"),
            scene.column("late_mean_min", "Terlambat rata-rata (mnt)", "Late, mean (min)"),
        ],
        rows: Vec::new(),
        total: None,
    }
}

fn cells(seen: &Presence) -> Vec<Cell> {
    vec![
        Cell::count(seen.days),
        Cell::count(seen.present),
        Cell::share(seen.present, seen.days),
        Cell::hours(seen.planned),
        Cell::hours(seen.open),
        Cell::share(seen.open, seen.planned),
        Cell::hours(seen.paused),
        Cell::count(seen.punctual),
        // Of the days on which it opened at all.
        Cell::share(seen.punctual, seen.present),
        seen.late.mean(),
    ]
}
