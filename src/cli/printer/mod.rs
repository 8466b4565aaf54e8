//! `antrean printer`: what is done with a printer, with or without a running box.

pub(super) mod ask;
mod emergency;
mod fake;
mod keys;
mod ports;
mod status;
mod test;

use std::process::ExitCode;

use super::{Common, exit};
use crate::queue::{Language, SlipTrouble};

#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// List serial ports and who answers there; it prints nothing
    Ports(ports::Args),
    /// Say how the printers are, and how they prove that paper came out
    Status(status::Args),
    /// Print a page that shows sizes, letters, QR code, cut and what was found
    Test(test::Args),
    Emergency(emergency::Args),
    /// Be a printer: show sheets here, and have faults at the press of a key
    Fake(fake::Args),
}

pub fn run(act: Act, common: &Common) -> ExitCode {
    match act {
        Act::Ports(args) => ports::run(&args),
        Act::Status(args) => status::run(&args, common),
        Act::Test(args) => test::run(&args, common),
        Act::Emergency(args) => emergency::run(&args, common),
        Act::Fake(args) => fake::run(&args),
    }
}

/// Says why no more pages came out; the exit code says whether all did.
fn ran(trouble: Option<SlipTrouble>, language: Language) -> ExitCode {
    let Some(trouble) = trouble else { return ExitCode::SUCCESS };
    eprintln!("antrean: {} [{}]", trouble.for_staff(language), trouble.as_str());
    ExitCode::from(exit::PROBLEM)
}
