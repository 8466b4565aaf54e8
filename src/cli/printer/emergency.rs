//! `antrean printer emergency`: numbers on paper for the day on which the power fails.

use std::process::ExitCode;

use super::ask::{TheBox, language};
use super::ran;
use crate::appliance::technician::{Answer, Question};
use crate::cli::{Common, exit};
use crate::queue::{Prefix, PrinterId};

/// Print emergency numbers: handed out while the power is off, called by hand, adopted afterwards
///
/// Ordinary numbering passes over them (emergency_from and emergency_count in the config), so that no
/// visitor of the day has the same one. They bear no date: print them once and keep them at the desk.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these prefixes, such as A; all of them where none is named
    prefixes: Vec<Prefix>,
    /// Only so many of each prefix
    #[arg(long)]
    count: Option<u32>,
    /// The printer's id in the config; not needed where there is only one
    #[arg(long)]
    printer: Option<String>,
    /// Say what would be printed
    #[arg(long)]
    dry_run: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let house = TheBox::find(common);
    let (known, from, count) = match house.ask(&Question::Prefixes) {
        Ok(Answer::Prefixes { prefixes, from, count }) => (prefixes, from, count),
        Ok(_) => return ExitCode::from(exit::PROBLEM),
        Err(code) => return code,
    };
    let many = args.count.unwrap_or(count).min(count);
    let wanted: Vec<(Prefix, String)> = if args.prefixes.is_empty() {
        known
    } else {
        let name = |prefix: &Prefix| known.iter().find(|(it, _)| it == prefix).map(|(_, name)| name.clone());
        args.prefixes.iter().map(|prefix| (prefix.clone(), name(prefix).unwrap_or_default())).collect()
    };
    for (prefix, name) in &wanted {
        if args.dry_run {
            let last = (from + many).saturating_sub(1);
            println!("{prefix}{from:03} to {prefix}{last:03}, {many} slips: {name}");
            continue;
        }
        let printer = args.printer.as_deref().map(PrinterId::from);
        match house.ask(&Question::Emergency { printer, prefix: prefix.clone(), count: args.count }) {
            Ok(Answer::Ran { printer, printed, of, trouble }) => {
                println!("{prefix}: {printed} of {of} printed at {printer} ({name})");
                if trouble.is_some() {
                    let next = from + u32::try_from(printed).unwrap_or(0);
                    eprintln!(
                        "antrean: {prefix}{next:03} and those after it are missing; print {prefix} again."
                    );
                    return ran(trouble, language());
                }
            }
            Ok(_) => {}
            Err(code) => return code,
        }
    }
    ExitCode::SUCCESS
}
