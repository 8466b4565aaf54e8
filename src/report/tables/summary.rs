//! The figures of the whole period, beside those of the period before.

use super::Scene;
use super::figures::FIGURES;
use crate::report::{Cell, Reckoned, Row, Table};

pub fn table(scene: &Scene<'_>, reckoned: &mut Reckoned) -> Table {
    let before = scene.wanted.period.before();
    let known = reckoned.extent.zip(before).is_some_and(|((first, _), before)| before.last() >= first);
    let rows = FIGURES.iter().map(|figure| {
        let now = (figure.of)(&mut reckoned.total);
        // Of days before the first one nothing is known, which is not nothing.
        let before = if known { (figure.of)(&mut reckoned.before) } else { Cell::Empty };
        let change = now.since(&before);
        Row {
            key: figure.key.to_owned(),
            label: scene.say(figure.id, figure.en),
            cells: vec![now, before, change],
        }
    });
    let note = before.map(|before| {
        let said = before.shown(scene.language);
        scene.language.pick(format!("Periode sebelumnya: {said}."), format!("The period before: {said}."))
    });
    Table {
        key: "summary",
        title: scene.say("Ringkasan", "Summary"),
        note: note.unwrap_or_default(),
        rows_are: scene.column("figure", "Angka", "Figure"),
        columns: vec![
            scene.column("period", "Periode ini", "This period"),
            scene.column("before", "Sebelumnya", "Before"),
            scene.column("change", "Perubahan", "Change"),
        ],
        rows: rows.collect(),
        total: None,
    }
}
