//! `antrean rebuild`: the tables, made anew from the journal.

use std::process::ExitCode;

use super::{Common, data, exit};
use crate::store::{self, DataFolder};

/// Make the tables anew from the journal
///
/// The journal is the truth; tickets, stops, slips and spans follow from it. PINs, sign-ins and remembered
/// answers stay. It refuses while a box runs.
///
/// Exit code: 0 the tables say what the journal says, 1 differences remain, 3 the data cannot be used.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON: {"before", "after"}, each as `antrean verify --json`
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let folder = data::folder(common);
    if !folder.join("antrean.db").exists() {
        let words = format!("there is no database in {}; name the data folder with --data", folder.display());
        return data::said("rebuild", "no_data", &words, exit::DATA);
    }
    let done = DataFolder::open(&folder).and_then(|folder| store::rebuild(&folder));
    let (before, after) = match done {
        Ok(done) => done,
        Err(error) => return data::refuse("rebuild", &error),
    };
    if args.json {
        println!(
            "{:#}",
            serde_json::json!({ "before": data::as_json(&before), "after": data::as_json(&after) })
        );
    } else {
        for difference in &before.differences {
            println!("before: {difference}");
        }
        data::tell_differences("rebuild", &after);
        let were = before.differences.len() + before.more;
        println!("rebuilt; differences before: {were}, now: {}", after.differences.len() + after.more);
    }
    ExitCode::from(if after.is_sound() { 0 } else { exit::PROBLEM })
}
