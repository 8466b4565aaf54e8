//! The cut: every figure of every agency, service, counter, hour, …

use super::Scene;
use crate::report::cut::{self, Key};
use crate::report::{By, Cell, Reckoned, Row, Table, Tally, Wanted};

/// A figure: its key, its two names, and how it is read off a tally.
pub struct Figure {
    pub key: &'static str,
    pub id: &'static str,
    pub en: &'static str,
    pub of: fn(&mut Tally) -> Cell,
}

/// Every figure, in the order of the columns.
pub const FIGURES: [Figure; 28] = [
    Figure { key: "tickets", id: "Nomor", en: "Tickets", of: |t| Cell::count(t.tickets) },
    Figure {
        key: "priority",
        id: "Nomor prioritas",
        en: "Priority tickets",
        of: |t| Cell::count(t.priority),
    },
    Figure { key: "persons", id: "Orang dilayani", en: "Persons served", of: |t| Cell::count(t.persons) },
    Figure { key: "visits", id: "Kunjungan", en: "Visits", of: |t| Cell::count(t.visits) },
    Figure {
        key: "delivered",
        id: "Layanan diberikan",
        en: "Services delivered",
        of: |t| Cell::count(t.delivered),
    },
    Figure {
        key: "wait_mean_min",
        id: "Tunggu rata-rata (mnt)",
        en: "Wait, mean (min)",
        of: |t| t.wait.mean(),
    },
    Figure {
        key: "wait_median_min",
        id: "Tunggu median (mnt)",
        en: "Wait, median (min)",
        of: |t| t.wait.median(),
    },
    Figure { key: "wait_p90_min", id: "Tunggu P90 (mnt)", en: "Wait, P90 (min)", of: |t| t.wait.p90() },
    Figure {
        key: "wait_longest_min",
        id: "Tunggu terlama (mnt)",
        en: "Wait, longest (min)",
        of: |t| t.wait.longest(),
    },
    Figure {
        key: "within_target_percent",
        id: "Sesuai target (%)",
        en: "Within target (%)",
        of: |t| Cell::share(t.within, t.measured),
    },
    Figure {
        key: "walk_mean_min",
        id: "Menuju loket rata-rata (mnt)",
        en: "Walk, mean (min)",
        of: |t| t.walk.mean(),
    },
    Figure {
        key: "walk_median_min",
        id: "Menuju loket median (mnt)",
        en: "Walk, median (min)",
        of: |t| t.walk.median(),
    },
    Figure { key: "walk_p90_min", id: "Menuju loket P90 (mnt)", en: "Walk, P90 (min)", of: |t| t.walk.p90() },
    Figure {
        key: "serve_mean_min",
        id: "Layanan rata-rata (mnt)",
        en: "Service, mean (min)",
        of: |t| t.serve.mean(),
    },
    Figure {
        key: "serve_median_min",
        id: "Layanan median (mnt)",
        en: "Service, median (min)",
        of: |t| t.serve.median(),
    },
    Figure { key: "serve_p90_min", id: "Layanan P90 (mnt)", en: "Service, P90 (min)", of: |t| t.serve.p90() },
    Figure {
        key: "stay_mean_min",
        id: "Di gedung rata-rata (mnt)",
        en: "Stay, mean (min)",
        of: |t| t.stay.mean(),
    },
    Figure {
        key: "stay_median_min",
        id: "Di gedung median (mnt)",
        en: "Stay, median (min)",
        of: |t| t.stay.median(),
    },
    Figure { key: "stay_p90_min", id: "Di gedung P90 (mnt)", en: "Stay, P90 (min)", of: |t| t.stay.p90() },
    Figure { key: "no_show", id: "Tidak hadir", en: "No-shows", of: |t| Cell::count(t.no_show) },
    Figure {
        key: "no_show_percent",
        id: "Tidak hadir (%)",
        en: "No-shows (%)",
        of: |t| Cell::share(t.no_show, t.ended),
    },
    Figure { key: "cancelled", id: "Dibatalkan", en: "Cancelled", of: |t| Cell::count(t.cancelled) },
    Figure { key: "expired", id: "Tidak terpanggil", en: "Not reached", of: |t| Cell::count(t.expired) },
    Figure {
        key: "abandoned_percent",
        id: "Tidak jadi (%)",
        en: "Abandoned (%)",
        of: |t| Cell::share(t.abandoned(), t.ended),
    },
    Figure { key: "transferred", id: "Dialihkan", en: "Transferred", of: |t| Cell::count(t.transferred) },
    Figure { key: "referred", id: "Dirujuk", en: "Referred", of: |t| Cell::count(t.referred) },
    Figure { key: "reprinted", id: "Cetak ulang", en: "Reprinted", of: |t| Cell::count(t.reprinted) },
    Figure { key: "open", id: "Masih berjalan", en: "Still open", of: |t| Cell::count(t.open) },
];

/// A row of every figure.
pub fn cells(tally: &mut Tally) -> Vec<Cell> {
    FIGURES.iter().map(|figure| (figure.of)(tally)).collect()
}

pub fn table(scene: &Scene<'_>, reckoned: &mut Reckoned) -> Table {
    let by = scene.wanted.by;
    let cut = reckoned.wanted(by);
    let mut keys: Vec<Key> = cut.keys().cloned().collect();
    cut::order(by, scene.rules, &mut keys);
    let rows = keys.into_iter().map(|key| Row {
        key: key.plain(),
        label: key.label(by, scene.rules, scene.language),
        cells: cut.get_mut(&key).map(cells).unwrap_or_default(),
    });
    let rows: Vec<Row> = rows.collect();
    Table {
        key: "figures",
        title: format!("{} {}", scene.say("Angka menurut", "Figures by"), by.label(scene.language).to_lowercase()),
        note: scene.say(
            "Rujukan adalah kunjungan tersendiri. Orang yang dirujuk ke instansi lain dihitung di keduanya, di baris jumlah satu kali.",
            "A referral is a visit of its own. Whoever was referred to another agency counts at both, and once in the total.",
        ),
        rows_are: super::super::Column { key: by.word(), label: by.label(scene.language).to_owned() },
        columns: FIGURES.iter().map(|figure| scene.column(figure.key, figure.id, figure.en)).collect(),
        rows,
        total: Some(Row {
            key: "total".to_owned(),
            label: scene.say("Semua", "All"),
            cells: cells(&mut reckoned.total),
        }),
    }
}

/// How long visitors waited at each agency.
pub fn waits(scene: &Scene<'_>, reckoned: &mut Reckoned) -> Table {
    let wanted = Wanted { by: By::Agency, ..scene.wanted.clone() };
    let whole = table(&Scene { wanted: &wanted, ..*scene }, reckoned);
    let keep: Vec<usize> =
        (0..whole.columns.len()).filter(|at| WAITS.contains(&whole.columns[*at].key)).collect();
    let cells = |row: Row| Row { cells: keep.iter().map(|at| row.cells[*at].clone()).collect(), ..row };
    Table {
        key: "waits",
        columns: keep.iter().map(|at| whole.columns[*at].clone()).collect(),
        rows: whole.rows.into_iter().map(cells).collect(),
        total: whole.total.map(cells),
        ..whole
    }
}

const WAITS: [&str; 5] =
    ["visits", "wait_mean_min", "wait_median_min", "wait_p90_min", "within_target_percent"];
