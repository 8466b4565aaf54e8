//! `antrean verify`: whether the data, or a backup, hold together.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Common, data, exit};
use crate::store::backup::{Backup, BackupError};

/// Look at all of the data, or of a backup, and name every difference
///
/// The pages, the journal line by line, and every row of the tables against what the journal gives. It changes
/// nothing, and the box may run meanwhile.
///
/// Exit code: 0 sound, 1 differences were found, 2 the named file cannot be read, 3 the data cannot be read.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A backup: its folder, or the database in it [default: the data folder's database]
    file: Option<PathBuf>,
    /// Print JSON: {"sound", "differences", "tickets", "days", "lineage", …}
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let path = args.file.clone().unwrap_or_else(|| data::folder(common));
    let backup = Backup::named(&path);
    let report = match backup.verify() {
        Ok(report) => report,
        Err(error) => {
            let code = if args.file.is_some() { exit::USAGE } else { exit::DATA };
            let words = match &error {
                BackupError::Unreadable { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                    format!("{} is not there", path.display())
                }
                _ => error.to_string(),
            };
            return data::said("verify", error.code(), &words, code);
        }
    };
    let age = backup.label().map(|label| (data::now(common) - label.at).num_minutes());
    if args.json {
        let mut json = data::as_json(&report);
        json["path"] = serde_json::json!(backup.database());
        json["age_minutes"] = serde_json::json!(age);
        println!("{json:#}");
    } else {
        data::tell_differences("verify", &report);
        let verdict = if report.is_sound() { "is sound" } else { "is NOT sound" };
        println!("{} {verdict}: {}", backup.database().display(), data::summary(&report));
        if let Some(minutes) = age {
            println!("taken {} h {} min ago", minutes / 60, minutes % 60);
        }
    }
    ExitCode::from(if report.is_sound() { 0 } else { exit::PROBLEM })
}
