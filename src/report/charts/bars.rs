//! Bars.

use std::fmt::Write;

use super::escaped;
use crate::queue::Language;
use crate::report::{Cell, Table, Unit};

const INK: &str = "#12211F";
const INK2: &str = "#3D4A47";
const LINE: &str = "#E8E5DB";
const MUCH: &str = "#0C3B38";
const SOME: &str = "#5E9488";

/// A bar that lies.
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub shown: String,
    pub colour: String,
}

/// A line across bars.
pub struct Target {
    pub at: f64,
    pub label: String,
}

/// Bars that stand, from one column of a table; the longest is the darkest.
pub fn upright(table: &Table, column: usize, language: Language) -> String {
    let bars: Vec<(&str, f64, String)> = table
        .rows
        .iter()
        .filter_map(|row| {
            let cell = row.cells.get(column)?;
            Some((row.label.as_str(), cell.number()?, cell.shown(language)))
        })
        .collect();
    let most = bars.iter().map(|bar| bar.1).fold(0.0, f64::max);
    let (left, width, height, base) = (40.0, 600.0, 170.0, 140.0);
    let mut svg = begin(width, height, &table.title);
    let top = nice(most);
    for part in 0..=4 {
        let value = top * f64::from(part) / 4.0;
        let y = base - (base - 20.0) * f64::from(part) / 4.0;
        let _ = write!(
            svg,
            r#"<line x1="{left}" x2="{width}" y1="{y:.1}" y2="{y:.1}" stroke="{LINE}" stroke-width="1.5"/><text x="{}" y="{:.1}" text-anchor="end" font-size="13" fill="{INK2}">{}</text>"#,
            left - 6.0,
            y + 4.0,
            tick(value, language),
        );
    }
    let step = (width - left) / bars.len().max(1) as f64;
    let thick = (step * 0.72).min(60.0);
    for (place, (label, value, shown)) in bars.iter().enumerate() {
        let middle = left + step * (place as f64 + 0.5);
        let tall = (base - 20.0) * value / top;
        let colour = if *value >= most { MUCH } else { SOME };
        let _ = write!(
            svg,
            r#"<rect x="{:.1}" y="{:.1}" width="{thick:.1}" height="{tall:.1}" rx="5" fill="{colour}"/>"#,
            middle - thick / 2.0,
            base - tall,
        );
        number(&mut svg, middle, base - tall - 5.0, "middle", shown);
        let _ = write!(
            svg,
            r#"<text x="{middle:.1}" y="158" text-anchor="middle" font-size="13" fill="{INK2}">{}</text>"#,
            escaped(label),
        );
    }
    svg + "</svg>"
}

/// Bars that lie, each with its name before it.
pub fn lying(bars: &[Bar], target: Option<&Target>, title: &str) -> String {
    let (left, width, row) = (186.0, 624.0, 24.0);
    let height = row * bars.len() as f64 + 22.0;
    let most = bars.iter().map(|bar| bar.value).chain(target.map(|target| target.at)).fold(0.0, f64::max);
    let long = |value: f64| if most > 0.0 { (width - left - 64.0) * value / most } else { 0.0 };
    let mut svg = begin(width, height, title);
    for (place, bar) in bars.iter().enumerate() {
        let y = row * place as f64 + 3.0;
        let _ = write!(
            svg,
            r#"<text x="0" y="{:.1}" font-size="15" fill="{INK}">{}</text><rect x="{left}" y="{y:.1}" width="{:.1}" height="16" rx="4" fill="{}"/>"#,
            y + 13.0,
            escaped(&shortened(&bar.label)),
            long(bar.value),
            escaped(&bar.colour),
        );
    }
    if let Some(target) = target {
        let x = left + long(target.at);
        let _ = write!(
            svg,
            r##"<line x1="{x:.1}" x2="{x:.1}" y1="0" y2="{:.1}" stroke="#A3231B" stroke-width="2"/><text x="{:.1}" y="{:.1}" text-anchor="{}" font-size="13" font-weight="600" fill="#8C1D14">{}</text>"##,
            height - 16.0,
            if x > width - 120.0 { x - 6.0 } else { x + 6.0 },
            height - 4.0,
            if x > width - 120.0 { "end" } else { "start" },
            escaped(&target.label),
        );
    }
    for (place, bar) in bars.iter().enumerate() {
        number(&mut svg, left + long(bar.value) + 8.0, row * place as f64 + 16.0, "start", &bar.shown);
    }
    svg + "</svg>"
}

/// A number, readable on whatever is behind it.
fn number(svg: &mut String, x: f64, y: f64, anchor: &str, shown: &str) {
    let _ = write!(
        svg,
        r##"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-size="14" font-weight="800" fill="{INK}" stroke="#fff" stroke-width="5" stroke-linejoin="round" paint-order="stroke">{}</text>"##,
        escaped(shown),
    );
}

pub fn begin(width: f64, height: f64, title: &str) -> String {
    format!(
        r#"<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{}" font-family="inherit">"#,
        escaped(title),
    )
}

/// A name that fits before its bar.
fn shortened(label: &str) -> String {
    const MOST: usize = 24;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    label.chars().take(MOST - 1).chain(['…']).collect()
}

/// A top of the scale that four steps divide well.
fn nice(most: f64) -> f64 {
    let mut scale = 1.0;
    loop {
        for top in [4.0, 8.0, 12.0, 20.0, 40.0] {
            if most <= top * scale {
                return top * scale;
            }
        }
        scale *= 10.0;
    }
}

fn tick(value: f64, language: Language) -> String {
    let places = u8::from(value.fract() != 0.0);
    let scaled = (value * 10f64.powi(places.into())).round() as i64;
    Cell::Number { scaled, places, unit: Unit::Plain }.shown(language)
}
