//! `antrean printer ports`: where printers could be plugged in, and who answers there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::ask::language;
use crate::printer::ports::{self, BAUDS, Candidate, Found};
use crate::printer::{PrinterHealth, PrinterState};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ask at these ports instead of every port there is
    ports: Vec<PathBuf>,
    /// List the ports without sending anything to them
    #[arg(long)]
    quiet: bool,
}

pub fn run(args: &Args) -> ExitCode {
    let named = |port: &PathBuf| Candidate { device: port.clone(), names: vec![port.clone()] };
    let all = if args.ports.is_empty() {
        ports::candidates(Path::new("/dev"))
    } else {
        args.ports.iter().map(named).collect()
    };
    let mut shown = 0;
    for candidate in &all {
        let found = if args.quiet { None } else { Some(ports::ask(candidate.name())) };
        // The system has names for ports that no hardware stands behind.
        let built_in = candidate.device.to_string_lossy().contains("/ttyS");
        if args.ports.is_empty() && built_in && matches!(found, Some(Found::Closed(_))) {
            continue;
        }
        shown += 1;
        println!("{}", heading(candidate));
        if let Some(found) = found {
            for line in described(&found) {
                println!("    {line}");
            }
        }
    }
    if shown == 0 {
        println!("There is no serial port. Is the adapter plugged in? See: dmesg | tail");
    }
    ExitCode::SUCCESS
}

fn heading(candidate: &Candidate) -> String {
    let name = candidate.name();
    if name == candidate.device {
        let warning = if name.to_string_lossy().contains("USB") || name.to_string_lossy().contains("ACM") {
            "  (this name may change; it has no other)"
        } else {
            ""
        };
        return format!("{}{warning}", name.display());
    }
    format!("{}  ({})", name.display(), candidate.device.display())
}

fn described(found: &Found) -> Vec<String> {
    let bauds = BAUDS.map(|baud| baud.to_string()).join(", ");
    match found {
        Found::Closed(why) => vec![
            format!("cannot be opened: {why}"),
            "a running box holds its own ports; else see the rights: groups, ls -l".to_owned(),
        ],
        Found::Silent => vec![
            format!("nobody answers at {bauds} baud"),
            "a printer that answers nothing is used with proof = \"none\"".to_owned(),
        ],
        Found::Garbage => vec![format!("something answers, but not as a ticket printer at {bauds} baud")],
        Found::Printer { baud, health } => {
            let mut lines = vec![format!("a ticket printer answers at {baud} baud: {}", state(health))];
            lines.extend(health.fault.map(|fault| fault.for_staff(language()).to_owned()));
            lines.extend(health.proof.map(|proof| format!("it proves paper by: {}", proof.as_str())));
            lines
        }
    }
}

fn state(health: &PrinterHealth) -> &'static str {
    match (health.state, health.fault) {
        (_, Some(fault)) => fault.as_str(),
        (PrinterState::Ready, None) => "ready",
        _ => "not ready",
    }
}
