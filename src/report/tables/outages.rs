//! What was out.

use super::Scene;
use crate::queue::KioskId;
use crate::report::{Cell, Reckoned, Row, Table};

pub fn table(scene: &Scene<'_>, reckoned: &Reckoned) -> Table {
    let rows = reckoned.outages.iter().map(|((part, trouble), out)| Row {
        key: format!("{part}/{trouble}"),
        label: format!("{} · {}", name(scene, part), cause(scene, trouble)),
        cells: vec![Cell::count(out.times), Cell::hours(out.ms), Cell::hours(out.in_hours_ms)],
    });
    Table {
        key: "downtime",
        title: scene.say("Gangguan perangkat", "Downtime"),
        note: scene.say(
            "Yang dirasakan pengunjung adalah yang terjadi dalam jam layanan. Perangkat yang dimatikan di luar jam layanan tidak dirasakan pengunjung.",
            "What visitors feel is what fell within the hours. A box that staff switch off at night troubles nobody.",
        ),
        rows_are: scene.column("part_trouble", "Bagian dan sebab", "Part and cause"),
        columns: vec![
            scene.column("times", "Kejadian", "Times"),
            scene.column("hours_out", "Lama (jam)", "Hours out"),
            scene.column("hours_out_in_hours", "Dalam jam layanan (jam)", "Within opening hours (h)"),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn name(scene: &Scene<'_>, part: &str) -> String {
    match part.split_once(':') {
        Some(("printer", id)) => format!("Printer {id}"),
        Some(("kiosk", id)) => {
            let kiosk = scene.rules.kiosks.iter().find(|kiosk| kiosk.id == KioskId::from(id.to_owned()));
            kiosk.map_or_else(|| id.to_owned(), |kiosk| kiosk.name.in_language(scene.language).to_owned())
        }
        _ => scene.say("Perangkat antrean", "The box"),
    }
}

fn cause(scene: &Scene<'_>, trouble: &str) -> String {
    match trouble {
        "hung" => scene.say("layar tidak menjawab", "the screen hung"),
        "no_window" => scene.say("layar tertutup", "no window"),
        "stopped" => scene.say("dimatikan", "switched off"),
        "power" => scene.say("listrik padam", "power cut"),
        "fell" => scene.say("program terhenti", "the program fell"),
        "paper_out" => scene.say("kertas habis", "paper out"),
        "cover_open" => scene.say("tutup terbuka", "cover open"),
        "cutter" => scene.say("pemotong macet", "cutter jammed"),
        "offline" => scene.say("tidak siap", "offline"),
        "unplugged" => scene.say("kabel lepas", "unplugged"),
        "mute" => scene.say("tidak menjawab", "no answer"),
        "garbage" => scene.say("jawaban kacau", "garbled answers"),
        other => other.replace('_', " "),
    }
}
