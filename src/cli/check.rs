//! `antrean check`: every problem of a config file at once.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use super::exit;
use crate::config::{self, Config, LoadError, Options};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to check [default: the config file in use]
    file: Option<PathBuf>,
    /// Print JSON: {"problems": [{file, line, column, code, message, hint}]}
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, in_use: PathBuf) -> ExitCode {
    let path = args.file.unwrap_or(in_use);
    match config::load(&path, Options::default()) {
        Ok(config) => {
            if args.json {
                println!("{}", serde_json::json!({ "problems": [] }));
            } else {
                println!("{} is fine: {}", path.display(), summary(&config));
            }
            ExitCode::SUCCESS
        }
        Err(LoadError::Problems(problems)) => {
            if args.json {
                println!("{}", problems.to_json());
            } else {
                eprintln!("{}", problems.render(std::io::stderr().is_terminal()));
            }
            ExitCode::from(exit::PROBLEM)
        }
        Err(error @ LoadError::Unreadable { .. }) => {
            eprintln!("antrean: {error}.");
            ExitCode::from(exit::USAGE)
        }
    }
}

/// "10 agencies, 38 services, 12 counters, 1 printer, 1 kiosk".
fn summary(config: &Config) -> String {
    let counted =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let services = config.rules.agencies.iter().map(|agency| agency.services.len()).sum();
    [
        counted(config.rules.agencies.len(), "agency", "agencies"),
        counted(services, "service", "services"),
        counted(config.rules.counters.len(), "counter", "counters"),
        counted(config.printers.len(), "printer", "printers"),
        counted(config.kiosks.len(), "kiosk", "kiosks"),
    ]
    .join(", ")
}
