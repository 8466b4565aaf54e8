//! The one table: every promise with its goal and what was measured of it last.
//!
//! `cargo bench --bench table`, the end of `make bench`. It measures nothing: what no bench has kept in
//! `target/bench` is said to be not measured.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/rows.rs"]
mod rows;

use rows::{Goal, ROWS, Row, kept, median};

/// A machine that was busier than this, on two cores, was doing something else: its figures say nothing.
const BUSY: f64 = 3.0;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!("| what | goal | median (range) | |");
    println!("|---|---|---|---|");
    for row in ROWS {
        let kept = kept(row.id);
        let (measured, verdict) = match kept.values.as_slice() {
            [] => ("not measured".to_owned(), String::new()),
            [only] => (shown(*only, row.unit), verdict(row, *only)),
            [lowest, .., highest] => {
                let middle = median(&kept.values);
                let range = format!("{} ({} to {})", shown(middle, row.unit), bare(*lowest), bare(*highest));
                (range, verdict(row, middle))
            }
        };
        let verdict = if kept.load > BUSY { format!("says nothing: load {:.0}", kept.load) } else { verdict };
        println!("| {} | {} | {measured} | {verdict} |", row.what, goal(row));
    }
    println!(
        "| kills, power cuts, full disks, cables, clocks | 0 lost, twice or silent | `make chaos`: docs/reliability.md | |"
    );
}

fn goal(row: &Row) -> String {
    match row.goal {
        Goal::AtLeast(goal) => format!("≥ {}", shown(goal, row.unit)),
        Goal::AtMost(goal) => format!("≤ {}", shown(goal, row.unit)),
    }
}

/// Met, or missed by how much of the goal.
fn verdict(row: &Row, value: f64) -> String {
    let missed = match row.goal {
        Goal::AtLeast(goal) => 1.0 - value / goal,
        Goal::AtMost(goal) => value / goal - 1.0,
    };
    if missed <= 0.0 { "met".to_owned() } else { format!("missed by {:.0} %", (missed * 100.0).ceil()) }
}

fn shown(value: f64, unit: &str) -> String {
    format!("{} {unit}", bare(value)).trim_end().to_owned()
}

/// Three digits that count.
fn bare(value: f64) -> String {
    let digits = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}
