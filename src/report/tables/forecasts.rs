//! What visitors were told to wait, and what they waited.

use super::Scene;
use crate::queue::AgencyId;
use crate::report::reckon::Forecasts;
use crate::report::{Cell, Reckoned, Row, Table};

pub fn table(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let mut all = Forecasts::default();
    for one in reckoned.forecasts.values() {
        all.told += one.told;
        all.right += one.right;
        all.longer += one.longer;
        all.shorter += one.shorter;
        all.off_ms += one.off_ms;
    }
    let rows = reckoned.forecasts.iter().map(|(id, one)| {
        let agency = scene.rules.agency(&AgencyId::from(id.clone()));
        let label =
            agency.map_or_else(|| id.clone(), |agency| agency.name.in_language(scene.language).to_owned());
        Row { key: id.clone(), label, cells: cells(one) }
    });
    Table {
        key: "forecast",
        title: scene.say("Ketepatan perkiraan tunggu", "Forecast error"),
        note: scene.say(
            "Perkiraan adalah rentang; meleset sejauh jarak ke rentang itu, nol bila di dalamnya.",
            "A forecast is a range; it is off by the distance to it, by nothing within it.",
        ),
        rows_are: scene.column("agency", "Instansi", "Agency"),
        columns: vec![
            scene.column("forecasts", "Perkiraan", "Forecasts"),
            scene.column("right_percent", "Tepat (%)", "Within (%)"),
            scene.column("longer_percent", "Lebih lama (%)", "Longer (%)"),
            scene.column("shorter_percent", "Lebih cepat (%)", "Shorter (%)"),
            scene.column("off_mean_min", "Meleset rata-rata (mnt)", "Off by, mean (min)"),
        ],
        rows: rows.collect(),
        total: Some(Row { key: "total".to_owned(), label: scene.say("Semua", "All"), cells: cells(&all) }),
    }
}

fn cells(one: &Forecasts) -> Vec<Cell> {
    vec![
        Cell::count(one.told),
        Cell::share(one.right, one.told),
        Cell::share(one.longer, one.told),
        Cell::share(one.shorter, one.told),
        Cell::minutes(one.off_ms, one.told),
    ]
}
