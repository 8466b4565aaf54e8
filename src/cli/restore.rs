//! `antrean restore`: a backup in the place of the data.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Common, data, exit};
use crate::queue::Given;
use crate::queue::recovery::SAFE_GAP;
use crate::store::backup::Backup;
use crate::store::{self, DataFolder, Intent};

/// Put a backup back; what it replaces is kept beside it, and no number of today is given again
///
/// Stop the box first. The backup is checked before anything is touched. Everybody signs in again, and screens
/// begin with a fresh board.
///
/// Exit code: 0 done, 1 not wanted or not sound, 2 the backup cannot be read, 3 the data folder cannot be used.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup: its folder, or the database in it
    file: PathBuf,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let folder = match DataFolder::open(&data::folder(common)) {
        Ok(folder) => folder,
        Err(error) => return data::refuse("restore", &error),
    };
    let intent = match store::intend(&folder, &Backup::named(&args.file), data::now(common)) {
        Ok(intent) => intent,
        Err(error) => return refused(&error),
    };
    println!("{}", described(&intent, &folder));
    if !args.yes && !wanted() {
        return data::said(
            "restore",
            "not_wanted",
            "nothing was changed; say yes, or add --yes",
            exit::PROBLEM,
        );
    }
    match store::restore(&folder, &intent) {
        Ok(kept) => {
            println!("Restored. What was there is kept in {}.\nStart the box now.", kept.display());
            ExitCode::SUCCESS
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &store::RestoreError) -> ExitCode {
    let code = match error {
        store::RestoreError::Backup(_) => exit::USAGE,
        store::RestoreError::Unsound { .. } => exit::PROBLEM,
        store::RestoreError::Data(_) => exit::DATA,
    };
    data::said("restore", error.code(), &error.to_string(), code)
}

/// Asks at a terminal.
fn wanted() -> bool {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return false;
    }
    eprint!("Put it back? Write yes: ");
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    stdin.lock().read_line(&mut line).is_ok() && ["yes", "ya"].contains(&line.trim())
}

/// What will be there, and what will not.
fn described(intent: &Intent, folder: &DataFolder) -> String {
    let mut text =
        format!("The backup {} is sound: {}\n", intent.backup.path.display(), data::summary(&intent.report));
    text += &match &intent.now {
        Some(now) if now.seq > intent.then.seq => format!(
            "It goes into {}, where the journal is at line {}: what lies between will be in no report.\n",
            folder.path().display(),
            now.seq
        ),
        Some(now) => {
            format!("It goes into {}, where the journal is at line {}.\n", folder.path().display(), now.seq)
        }
        None => format!("It goes into {}, where no journal can be read.\n", folder.path().display()),
    };
    text + &numbers(intent)
}

/// Which numbers could have been given again, and how that is prevented.
fn numbers(intent: &Intent) -> String {
    let then = |prefix| intent.then.numbers.get(prefix).copied().unwrap_or(0);
    match &intent.recovery.given {
        Given::UpTo { day, numbers } => {
            let same_day = intent.then.day == Some(*day);
            let rows = numbers.iter().filter_map(|(prefix, n)| {
                let known = if same_day { then(prefix) } else { 0 };
                (*n > known).then(|| format!("  {prefix}{:03} to {prefix}{n:03}", known + 1))
            });
            let rows: Vec<String> = rows.collect();
            if rows.is_empty() {
                return "No number was given after the backup.".to_owned();
            }
            format!(
                "Numbers of {day} that the backup does not know, and that people may hold:\n{}\n\
                 None of them is given again: numbering goes on behind them. Call their holders by hand, or give them new numbers.",
                rows.join("\n")
            )
        }
        Given::Unknown => format!(
            "NOBODY CAN SAY which numbers were given today after the backup. If the box starts on this same day, \
             each prefix goes on {SAFE_GAP} numbers higher, so that none is given again."
        ),
    }
}
