//! The rows of the one table: what is promised, and what each bench keeps of them in `target/bench`. Every bench uses
//! a part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

/// One promise.
pub struct Row {
    pub id: &'static str,
    pub what: &'static str,
    pub goal: Goal,
    pub unit: &'static str,
}

pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// All of them, in the order of the table. What is measured against something else is a ratio of one run, but for
/// the p99 of MADO-queue, which is recorded.
pub const ROWS: &[Row] = &[
    least("hall-1", "a number, 1 client in process that stays awake / bare loop of 1 a transaction", 0.8, ""),
    least("hall-8", "a number, 8 clients / bare loop of 8 a transaction", 0.5, ""),
    least("hall-32", "a number, 32 clients / bare loop of 32 a transaction", 0.5, ""),
    least("issue-1", "HTTP issue, 1 connection, against MADO-queue", 5.0, "x"),
    least("issue-8", "HTTP issue, 8 connections, against MADO-queue", 15.0, "x"),
    most("issue-p99", "HTTP issue, 8 connections, p99 / MADO-queue's 120 ms", 0.05, ""),
    least("call-1", "HTTP call, 1 connection, against MADO-queue", 5.0, "x"),
    least("call-8", "HTTP call, 8 connections, against MADO-queue", 15.0, "x"),
    most("call-p99", "HTTP call, 8 connections, p99 / MADO-queue's 120 ms", 0.05, ""),
    most("old-1-issue", "a number with 1 million old tickets / with none", 1.2, ""),
    most("old-1-day-issue", "a number with 1 million old tickets / with those of a day", 1.2, ""),
    most("old-1-call", "a call with 1 million old tickets / with none", 1.2, ""),
    most("old-1-day-call", "a call with 1 million old tickets / with those of a day", 1.2, ""),
    most("old-1-open", "the hall opens on 1 million old tickets", 1.0, "s"),
    most("old-10-issue", "a number with 10 million old tickets / with none", 1.2, ""),
    most("old-10-day-issue", "a number with 10 million old tickets / with those of a day", 1.2, ""),
    most("old-10-call", "a call with 10 million old tickets / with none", 1.2, ""),
    most("old-10-day-call", "a call with 10 million old tickets / with those of a day", 1.2, ""),
    most("old-10-open", "the hall opens on 10 million old tickets", 1.0, "s"),
    most("idle-commit", "idle box: tap to commit, p99 - fsync p99", 5.0, "ms"),
    most("idle-byte", "idle box: tap to the slip's first byte, p99 - fsync p99", 10.0, "ms"),
    most("slip", "the longest slip with logo and QR", 699.0, "bytes"),
    least("line", "line busy, of what the printer drains", 0.95, ""),
    most("kiosk-frame", "kiosk: first usable frame", 0.3, "s"),
    most("kiosk-frame-ratio", "the same / warm Chromium", 0.4, ""),
    most("kiosk-memory", "whole appliance: memory, PSS", 60.0, "MiB"),
    most("kiosk-memory-ratio", "the same / Chromium", 1.0 / 6.0, ""),
    most("kiosk-idle", "whole appliance: idle, of one core", 1.0, "%"),
    most("live-50", "call to every screen, 50 screens, p99", 5.0, "ms"),
    most("live-200", "call to every screen, 200 screens, p99", 20.0, "ms"),
    most("live-1000", "call to every screen, 1,000 screens, p99", 100.0, "ms"),
    most("report", "a report over 1 million tickets", 1.0, "s"),
    most("report-beside", "a number while everything is reported / alone", 1.1, ""),
];

const fn least(id: &'static str, what: &'static str, goal: f64, unit: &'static str) -> Row {
    Row { id, what, goal: Goal::AtLeast(goal), unit }
}

const fn most(id: &'static str, what: &'static str, goal: f64, unit: &'static str) -> Row {
    Row { id, what, goal: Goal::AtMost(goal), unit }
}

/// What was measured of a row last.
#[derive(Default)]
pub struct Kept {
    /// Sorted; none where it was not measured.
    pub values: Vec<f64>,
    /// How many wanted the processor in the minute before, this bench included (proc(5), `loadavg`).
    pub load: f64,
}

/// Keeps what was measured of a row, one value a round.
pub fn keep(id: &str, values: &[f64]) {
    assert!(ROWS.iter().any(|row| row.id == id), "there is no row {id}");
    std::fs::create_dir_all(folder()).unwrap();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap();
    let load: f64 = load.split(' ').next().unwrap().parse().unwrap();
    let text: String = [load].iter().chain(values).map(|value| format!("{value}\n")).collect();
    std::fs::write(folder().join(id), text).unwrap();
}

pub fn kept(id: &str) -> Kept {
    let text = std::fs::read_to_string(folder().join(id)).unwrap_or_default();
    let mut numbers = text.lines().map(|line| line.parse().unwrap());
    let Some(load) = numbers.next() else { return Kept::default() };
    let mut values: Vec<f64> = numbers.collect();
    values.sort_by(f64::total_cmp);
    Kept { values, load }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("bench")
}

/// The value below which so many of a hundred lie.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}
