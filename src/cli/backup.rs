//! `antrean backup`: a backup now.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use super::{Common, config_path, data, exit};
use crate::appliance::archive::Archive;
use crate::appliance::control;
use crate::appliance::technician::{Answer, Question};
use crate::clock::Clock;
use crate::config::{self, Options};
use crate::store::DataFolder;
use crate::store::backup::{self, Good};

/// Take a backup now, into the folder of the nightly ones or another one
///
/// The box goes on meanwhile. What is written is read back and compared with the journal before it is called a
/// backup: a folder `antrean-DATE-TIME` with the database, the site key and a note. Copy the whole folder.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Another folder, such as a USB stick's; it must be there
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print JSON: {"path", "at", "bytes", "seq", "ms"}
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let folder = data::folder(common);
    // The box has another working folder.
    let to = match args.to.as_deref().map(std::path::absolute).transpose() {
        Ok(to) => to,
        Err(error) => return data::said("backup", "backup_folder", &error.to_string(), exit::USAGE),
    };
    match control::ask(&folder, &Question::Backup { to: to.clone() }) {
        Ok(Some(Answer::BackedUp { good, ms })) => told(&good, ms, args.json),
        Ok(Some(Answer::Refused { code, message })) => data::said("backup", &code, &message, exit::PROBLEM),
        Ok(Some(_)) => data::said("backup", "control", "the box answered something else", exit::PROBLEM),
        Ok(None) => alone(&folder, to.as_deref(), args.json, common),
        Err(error) => {
            let words = format!("the box at {} does not answer: {error}", control::socket(&folder).display());
            data::said("backup", "control", &words, exit::USAGE)
        }
    }
}

/// While no box runs.
fn alone(folder: &Path, to: Option<&Path>, json: bool, common: &Common) -> ExitCode {
    if !folder.join("antrean.db").exists() {
        let words = format!("there is no database in {}; name the data folder with --data", folder.display());
        return data::said("backup", "no_data", &words, exit::DATA);
    }
    let lock = match DataFolder::open(folder) {
        Ok(lock) => lock,
        Err(error) => return data::refuse("backup", &error),
    };
    let begun = Instant::now();
    let config = config::load(&config_path(common), Options::default());
    let taken = match (config, to) {
        (Ok(config), to) => {
            let clock = Clock::system(config.rules.offset);
            Archive::new(lock.path().to_owned(), config.backup, clock).take(to)
        }
        // Where it shall go is known; a broken config keeps nobody from saving the data.
        (Err(_), Some(to)) => backup::take(lock.path(), to, data::now(common)),
        (Err(error), None) => {
            let words = format!("the config cannot be read: {error}; name a folder with --to");
            return data::said("backup", "config", &words, exit::USAGE);
        }
    };
    match taken {
        Ok(good) => told(&good, u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), json),
        Err(error) => data::said("backup", error.code(), &error.to_string(), exit::PROBLEM),
    }
}

fn told(good: &Good, ms: u64, json: bool) -> ExitCode {
    if json {
        let Good { at, path, bytes, seq } = good;
        println!("{}", serde_json::json!({ "path": path, "at": at, "bytes": bytes, "seq": seq, "ms": ms }));
    } else {
        let seconds = ms as f64 / 1000.0;
        println!(
            "{}\n{} bytes up to journal line {}, read back and compared in {seconds:.1} s. Copy the whole folder.",
            good.path.display(),
            good.bytes,
            good.seq
        );
    }
    ExitCode::SUCCESS
}
