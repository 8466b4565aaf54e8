//! The command line: one file a subcommand.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to its user")]

mod backup;
pub mod check;
mod config;
mod data;
mod doctor;
mod export;
mod pin;
mod printer;
mod rebuild;
mod report;
mod restore;
mod run;
mod simulate;
mod surroundings;
mod token;
mod verify;
mod voice;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Exit codes, the same for every command.
pub mod exit {
    /// Something was found wrong: problems in a config, a refused act.
    pub const PROBLEM: u8 = 1;
    /// The command line or a named file cannot be used.
    pub const USAGE: u8 = 2;
    /// The data folder or its database cannot be used.
    pub const DATA: u8 = 3;
    /// The address to listen on cannot be had.
    pub const LISTEN: u8 = 4;
    /// The box ended because the disk failed in the act of committing; start it again.
    pub const DISK: u8 = 70;
}

#[derive(Debug, Parser)]
#[command(
    name = "antrean",
    version,
    about = "The queue-ticketing appliance of public-service malls: kiosk, printer, counter consoles and lobby.",
    after_help = "Without a command, `antrean run` is meant.\n\nExit codes: 0 fine, 1 a problem was found, 2 the command line or a file cannot be used,\n3 the data folder cannot be used, 4 the address cannot be listened on, 70 the disk failed; start again."
)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The config file [default: config/antrean.toml, then /etc/antrean/antrean.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data folder [default: $STATE_DIRECTORY, else ./data; ./data-demo with --demo, ./data-simulate for simulate]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where browsers reach the box [default: 0.0.0.0:8080; 127.0.0.1:8080 with --demo and for simulate]
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Say more in the log; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the box: kiosk window, hall, printer and web
    Run(run::Args),
    /// Run the box without a window
    Serve(run::Args),
    /// Play a realistic day on scratch data, at any speed: training, a show, a test of the config
    Simulate(simulate::Args),
    /// Check a config file and report every problem at once
    Check(check::Args),
    /// Say how every part of the box is, and what to do
    Doctor(doctor::Args),
    /// The config in force, what a change would do, and what is built in
    #[command(subcommand)]
    Config(config::Act),
    /// Printers: try them, and stand in for one
    #[command(subcommand)]
    Printer(printer::Act),
    /// The voice: what is said, and by whom
    #[command(subcommand)]
    Voice(voice::Act),
    /// Take a backup now: whole, read back, while the box runs or not
    Backup(backup::Args),
    /// Look at all of the data, or of a backup, and name every difference
    Verify(verify::Args),
    /// Put a backup back; what it replaces is kept, and no number of today is given again
    Restore(restore::Args),
    /// Make the tables anew from the journal
    Rebuild(rebuild::Args),
    /// Reckon the figures of some days: visitors, waiting, presence, causes
    Report(report::Args),
    /// Print tickets, stops or events of some days as CSV or JSON Lines
    Export(export::Args),
    /// Make the [[staff]] block for somebody who signs in
    Pin(pin::Args),
    /// Make a bearer token for a program, and its [[api_token]] block
    Token(token::Args),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let line = Line::parse();
    let common = line.common;
    match line.command.unwrap_or_else(|| Command::Run(run::Args::default())) {
        Command::Run(args) => run::run(&args, &common, run::Face::Window),
        Command::Serve(args) => run::run(&args, &common, run::Face::None),
        Command::Simulate(args) => simulate::run(&args, &common),
        Command::Check(args) => {
            let data = common.data.clone().unwrap_or_else(|| run::data_folder(false));
            check::run(args, config_path(&common), &data, common.listen)
        }
        Command::Doctor(args) => doctor::run(&args, &common),
        Command::Config(act) => config::run(act, &common),
        Command::Printer(act) => printer::run(act, &common),
        Command::Voice(act) => voice::run(act, &common),
        Command::Backup(args) => backup::run(&args, &common),
        Command::Verify(args) => verify::run(&args, &common),
        Command::Restore(args) => restore::run(&args, &common),
        Command::Rebuild(args) => rebuild::run(&args, &common),
        Command::Report(args) => report::run(&args, &common),
        Command::Export(args) => export::run(&args, &common),
        Command::Pin(args) => pin::run(&args),
        Command::Token(args) => token::run(&args),
    }
}

/// The date of this machine in Indonesia: whose calendar should be there already.
fn today() -> chrono::NaiveDate {
    let wib = chrono::FixedOffset::east_opt(7 * 3600).expect("an offset");
    crate::clock::Clock::system(wib).now().date_naive()
}

/// The config file that is meant when none is named.
fn config_path(common: &Common) -> PathBuf {
    if let Some(named) = &common.config {
        return named.clone();
    }
    let near = Path::new("config/antrean.toml");
    if near.exists() { near.to_owned() } else { PathBuf::from("/etc/antrean/antrean.toml") }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Line::command().debug_assert();
    }
}
