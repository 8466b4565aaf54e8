//! Weekdays by hours, the busier the darker.

use std::fmt::Write;

use super::bars::begin;
use super::escaped;
use crate::queue::Language;
use crate::report::Table;

/// From quiet to busy, each with the ink that is read on it.
pub const SHADES: [(&str, &str); 6] = [
    ("#EFF3EE", "#12211F"),
    ("#CFE0D8", "#12211F"),
    ("#A3C6BA", "#12211F"),
    ("#6FA396", "#12211F"),
    ("#3B776C", "#fff"),
    ("#0C3B38", "#fff"),
];

pub fn drawn(table: &Table, language: Language) -> String {
    let (left, width, top, row) = (64.0, 600.0, 18.0, 29.0);
    let most =
        table.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.number()).fold(0.0, f64::max);
    let step = (width - left) / table.columns.len().max(1) as f64;
    let mut svg = begin(width, top + row * table.rows.len() as f64, &table.title);
    for (place, column) in table.columns.iter().enumerate() {
        let _ = write!(
            svg,
            r##"<text x="{:.1}" y="12" font-size="13" text-anchor="middle" fill="#3D4A47">{}</text>"##,
            left + step * (place as f64 + 0.5),
            escaped(&column.label),
        );
    }
    for (down, day) in table.rows.iter().enumerate() {
        let y = top + row * down as f64;
        let _ = write!(
            svg,
            r##"<text x="0" y="{:.1}" font-size="14" fill="#12211F">{}</text>"##,
            y + 18.0,
            escaped(&day.label),
        );
        for (place, cell) in day.cells.iter().enumerate() {
            let (shade, ink) = shade(cell.number().unwrap_or_default(), most);
            let x = left + step * place as f64;
            let _ = write!(
                svg,
                r#"<rect x="{:.1}" y="{y:.1}" width="{:.1}" height="26" rx="5" fill="{shade}"/><text x="{:.1}" y="{:.1}" font-size="13" font-weight="600" text-anchor="middle" fill="{ink}">{}</text>"#,
                x + 1.5,
                step - 3.0,
                x + step / 2.0,
                y + 18.0,
                escaped(&cell.shown(language)),
            );
        }
    }
    svg + "</svg>"
}

fn shade(value: f64, most: f64) -> (&'static str, &'static str) {
    if most <= 0.0 {
        return SHADES[0];
    }
    let last = SHADES.len() - 1;
    SHADES[((value / most * SHADES.len() as f64) as usize).min(last)]
}
