//! What the commands about the data share.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Common, exit, run};
use crate::queue::At;
use crate::store::{OpenError, Report};

/// The data folder that is meant: the named one, else the usual one, else that of an installed box.
pub fn folder(common: &Common) -> PathBuf {
    if let Some(named) = &common.data {
        return named.clone();
    }
    let usual = run::data_folder(false);
    let installed = PathBuf::from("/var/lib/antrean");
    if !usual.join("antrean.db").exists() && installed.join("antrean.db").exists() {
        installed
    } else {
        usual
    }
}

/// Says why the data cannot be used.
pub fn refuse(command: &str, error: &OpenError) -> ExitCode {
    said(command, error.code(), &error.to_string(), exit::DATA)
}

/// Says a refusal with its code.
pub fn said(command: &str, code: &str, words: &str, exit: u8) -> ExitCode {
    eprintln!("antrean {command}: {words}. [{code}]");
    ExitCode::from(exit)
}

/// The time by this machine's clock, in the zone of the config where that can be read, else in its own.
pub fn now(common: &Common) -> At {
    let config = crate::config::load(&super::config_path(common), crate::config::Options::default());
    match config {
        Ok(config) => crate::clock::Clock::system(config.rules.offset).read().0,
        Err(_) => chrono::Local::now().fixed_offset(),
    }
}

/// What a report says of a sound database.
pub fn summary(report: &Report) -> String {
    let days = match (&report.first_day, &report.last_day) {
        (Some(first), Some(last)) => format!("{} days from {first} to {last}", report.days),
        _ => "no day yet".to_owned(),
    };
    let last = report.last_at.map_or("never".to_owned(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string());
    format!(
        "{} tickets, {days}, journal line {} of {last}, lineage {}",
        report.tickets, report.seq, report.lineage
    )
}

/// The same for a program.
pub fn as_json(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "sound": report.is_sound(),
        "differences": report.differences,
        "more_differences": report.more,
        "lineage": report.lineage,
        "seq": report.seq,
        "lines": report.lines,
        "last_at": report.last_at,
        "days": report.days,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "tickets": report.tickets,
    })
}

/// Every difference, a line each.
pub fn tell_differences(command: &str, report: &Report) {
    for difference in &report.differences {
        eprintln!("antrean {command}: {difference} [difference]");
    }
    if report.more > 0 {
        eprintln!("antrean {command}: and {} more [difference]", report.more);
    }
}
