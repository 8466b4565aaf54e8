//! Charts, drawn here as SVG: a page shows them without a script, and paper shows them too.
//!
//! One hue for quantity, agencies in their own colours; every bar carries its number, and a table of the same
//! cells stands beside each.

mod bars;
mod heat;

use crate::queue::{AgencyId, Language, Rules};

use super::{Report, Targets};

/// The colour of an agency that the config does not have any more.
const RETIRED: &str = "#7C7A6E";

/// The charts of a report.
pub struct Charts<'a> {
    pub report: &'a Report,
    pub rules: &'a Rules,
    pub targets: Targets,
    pub language: Language,
}

impl Charts<'_> {
    /// Numbers per hour, mean of a day.
    pub fn hours(&self) -> String {
        self.report.table("hours").map_or_else(String::new, |table| bars::upright(table, 1, self.language))
    }

    /// Mean waiting time of each agency against the target.
    pub fn waits(&self) -> String {
        let rows = self.report.waits.rows.iter().filter_map(|row| {
            let cell = self.report.waits.cell(&row.key, "wait_mean_min")?;
            let agency = self.rules.agency(&AgencyId::from(row.key.clone()));
            Some(bars::Bar {
                label: row.label.clone(),
                value: cell.number()?,
                shown: cell.shown(self.language),
                colour: agency.map_or_else(|| RETIRED.to_owned(), |agency| agency.accent.to_string()),
            })
        });
        let target = bars::Target {
            at: f64::from(self.targets.wait_min),
            label: self.language.pick(
                format!("Target {} menit", self.targets.wait_min),
                format!("Target {} minutes", self.targets.wait_min),
            ),
        };
        let mut rows: Vec<bars::Bar> = rows.collect();
        rows.sort_by(|a, b| b.value.total_cmp(&a.value));
        bars::lying(
            &rows,
            Some(&target),
            self.language.pick("Waktu tunggu per instansi", "Waiting time per agency"),
        )
    }

    /// The elements of the survey, the weakest marked.
    pub fn elements(&self, tables: &[super::Table]) -> String {
        let Some(table) = tables.iter().find(|table| table.key == "satisfaction") else {
            return String::new();
        };
        let value = |row: &super::Row| row.cells.get(3).and_then(super::Cell::number);
        let least = table.rows.iter().filter_map(value).fold(f64::INFINITY, f64::min);
        let bars: Vec<bars::Bar> = table
            .rows
            .iter()
            .filter_map(|row| {
                let number = value(row)?;
                let colour = if number <= least { "#BD8F0E" } else { "#0C3B38" };
                let shown = row.cells.get(3).map(|cell| cell.shown(self.language)).unwrap_or_default();
                Some(bars::Bar { label: row.label.clone(), value: number, shown, colour: colour.to_owned() })
            })
            .collect();
        if bars.is_empty() { String::new() } else { bars::lying(&bars, None, &table.title) }
    }

    /// Weekdays by hours.
    pub fn heat(&self) -> String {
        self.report.table("heat").map_or_else(String::new, |table| heat::drawn(table, self.language))
    }
}

/// Text inside a drawing.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
