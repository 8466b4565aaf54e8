//! `antrean printer test`: a page that shows what a printer can do.

use std::process::ExitCode;

use super::ask::{TheBox, language};
use super::ran;
use crate::appliance::technician::{Answer, Question};
use crate::cli::Common;
use crate::queue::PrinterId;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The printer's id in the config; not needed where there is only one
    printer: Option<String>,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let printer = args.printer.as_deref().map(PrinterId::from);
    match TheBox::find(common).ask(&Question::TestPage { printer }) {
        Ok(Answer::Ran { printer, printed, trouble, .. }) => {
            if printed > 0 {
                println!("{printer}: the test page was printed. Every line on it says what should be seen.");
            }
            ran(trouble, language())
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(code) => code,
    }
}
