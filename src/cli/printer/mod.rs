//! `antrean printer`: what is done with a printer without running the box.

mod fake;
mod keys;

use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Be a printer: show sheets here, and have faults at the press of a key
    Fake(fake::Args),
}

pub fn run(act: Act) -> ExitCode {
    match act {
        Act::Fake(args) => fake::run(&args),
    }
}
