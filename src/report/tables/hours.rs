//! When visitors come.

use super::Scene;
use crate::report::cut::weekday;
use crate::report::{Cell, Column, Reckoned, Row, Table};

/// The names of the heat map's columns.
const HOURS: [&str; 24] = [
    "h00", "h01", "h02", "h03", "h04", "h05", "h06", "h07", "h08", "h09", "h10", "h11", "h12", "h13", "h14",
    "h15", "h16", "h17", "h18", "h19", "h20", "h21", "h22", "h23",
];

/// The hours between the first and the last number; none where there was none.
pub fn busy(reckoned: &Reckoned) -> std::ops::Range<usize> {
    let any = |hour: &usize| reckoned.heat.iter().any(|day| day[*hour] > 0);
    let first = (0..24).find(any);
    let last = (0..24).rfind(any);
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

/// How many numbers an hour gives.
pub fn table(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let of = |hour: usize| reckoned.heat.iter().map(|day| day[hour]).sum::<u64>();
    let rows = busy(reckoned).map(|hour| Row {
        key: hour.to_string(),
        label: format!("{hour:02}.00"),
        cells: vec![Cell::count(of(hour)), Cell::mean(of(hour), reckoned.days)],
    });
    Table {
        key: "hours",
        title: scene.say("Nomor per jam", "Tickets per hour"),
        note: scene
            .say("Rata-rata per hari yang ada nomornya.", "Mean of the days on which numbers were given."),
        rows_are: scene.column("hour", "Jam", "Hour"),
        columns: vec![
            scene.column("tickets", "Nomor", "Tickets"),
            scene.column("mean_per_day", "Rata-rata per hari", "Mean per day"),
        ],
        rows: rows.collect(),
        total: None,
    }
}

/// Weekdays by hours.
pub fn heat(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let hours = busy(reckoned);
    let days = (0..7).filter(|day| reckoned.heat[*day].iter().any(|n| *n > 0));
    let rows = days.map(|day| Row {
        key: (day + 1).to_string(),
        label: weekday(day as u32, scene.language).to_owned(),
        cells: hours.clone().map(|hour| Cell::count(reckoned.heat[day][hour])).collect(),
    });
    Table {
        key: "heat",
        title: scene.say("Kepadatan hari dan jam", "Busy days and hours"),
        note: scene.say("Banyaknya nomor.", "Numbers given."),
        rows_are: scene.column("weekday", "Hari", "Weekday"),
        columns: hours.clone().map(|hour| Column { key: HOURS[hour], label: format!("{hour:02}") }).collect(),
        rows: rows.collect(),
        total: None,
    }
}
