//! `antrean printer fake`: a printer to try things with, when none is at hand.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use super::keys::{Key, Keys};
use crate::cli::exit;
use crate::fake::{Condition, Machine, Model, Sheet, Speed, Wire};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where it is plugged in: a link to the device is made here
    #[arg(long, value_name = "PATH", default_value = "./fake-printer")]
    port: PathBuf,
    /// What it understands: everything, the usual of a clone, status only, nothing but text
    #[arg(long, value_enum, default_value_t = Kind::Generic)]
    model: Kind,
    /// Take bytes no faster than a line of this speed
    #[arg(long)]
    baud: Option<u32>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Epson,
    Generic,
    Cheap,
    Silent,
}

impl Kind {
    fn model(self) -> Model {
        match self {
            Self::Epson => Model::EPSON,
            Self::Generic => Model::GENERIC,
            Self::Cheap => Model::CHEAP,
            Self::Silent => Model::SILENT,
        }
    }
}

const HELP: &str = "p paper · n near end · c cover · x knife · h head hot · m mute · b babble · s stuck XOFF · \
                    u unplug · q quit";

/// A key, the condition it begins or ends, and what the printer is then.
const KEYS: [(u8, Condition, [&str; 2]); 8] = [
    (b'p', Condition::PaperOut, ["paper: out", "paper: in"]),
    (b'n', Condition::NearEnd, ["paper: near its end", "paper: plenty"]),
    (b'c', Condition::CoverOpen, ["cover: open", "cover: closed"]),
    (b'x', Condition::CutterJam, ["knife: jammed", "knife: free"]),
    (b'h', Condition::HeadHot, ["head: hot", "head: cool"]),
    (b'm', Condition::Mute, ["answers: none", "answers: given"]),
    (b'b', Condition::Babble, ["answers: noise", "answers: sense"]),
    (b's', Condition::XoffStuck, ["line: stuck at XOFF", "line: free"]),
];

pub fn run(args: &Args) -> ExitCode {
    let machine = Machine::new(args.model.model(), Speed::USUAL);
    let mut wire = match Wire::plug(machine, args.baud, &args.port) {
        Ok(wire) => wire,
        Err(error) => {
            eprintln!(
                "antrean printer fake: {} cannot be a port: {error}. Name another place with --port.",
                args.port.display()
            );
            return ExitCode::from(exit::USAGE);
        }
    };
    let keys = match Keys::take() {
        Ok(keys) => keys,
        Err(error) => {
            eprintln!("antrean printer fake: the terminal cannot be used: {error}");
            return ExitCode::from(exit::USAGE);
        }
    };
    introduce(args);
    let mut shown = 0;
    loop {
        shown = show(&wire, shown);
        match keys.wait(Duration::from_millis(50)) {
            Key::Ended | Key::Pressed(b'q') => break,
            Key::Pressed(b'u') => plug_or_unplug(&mut wire),
            Key::Pressed(key) => press(&wire, key),
            Key::None => {}
        }
    }
    show(&wire, shown);
    ExitCode::SUCCESS
}

fn introduce(args: &Args) {
    let port = std::path::absolute(&args.port).unwrap_or_else(|_| args.port.clone());
    let quoted = toml::Value::from(port.to_string_lossy().into_owned());
    println!("A printer is plugged in. In the config, under [[printer]]:\n");
    println!("port = {quoted}");
    if !args.model.model().status {
        println!("proof = \"none\"");
    }
    if !args.model.model().cutter {
        println!("cut = false");
    }
    println!("\n{HELP}");
}

/// Shows the sheets that have come out since; how many have been shown then.
fn show(wire: &Wire, shown: usize) -> usize {
    let sheets = wire.change(|machine| machine.sheets()[shown..].to_vec());
    for sheet in &sheets {
        println!("{}", framed(sheet));
    }
    shown + sheets.len()
}

/// A sheet as it would lie on the desk, its lines in the middle.
fn framed(sheet: &Sheet) -> String {
    let columns = sheet.text.lines().map(|line| line.chars().count()).max().unwrap_or(0).max(48);
    let edge = "─".repeat(columns + 2);
    let lines = sheet.text.lines().map(|line| format!("│ {line:^columns$} │\n")).collect::<String>();
    format!("┌{edge}┐\n{lines}└{edge}┘ {} mm", sheet.mm())
}

fn press(wire: &Wire, key: u8) {
    if key.is_ascii_whitespace() {
        return;
    }
    let Some((_, condition, [begun, ended])) = KEYS.iter().find(|(it, ..)| *it == key) else {
        println!("{HELP}");
        return;
    };
    let now = wire.change(|machine| {
        if machine.has(*condition) {
            machine.end(*condition);
            ended
        } else {
            machine.begin(*condition);
            begun
        }
    });
    println!("{now}");
}

fn plug_or_unplug(wire: &mut Wire) {
    if !wire.change(|machine| machine.has(Condition::Unplugged)) {
        wire.unplug();
        println!("plug: out");
    } else if let Err(error) = wire.replug() {
        println!("plug: out, {} cannot be a port: {error}", wire.port().display());
    } else {
        println!("plug: in");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_lies_in_a_frame_as_wide_as_the_paper() {
        let mut machine = Machine::new(Model::EPSON, Speed::INSTANT);
        machine.receive(Duration::ZERO, b"A001\n\x1dV\x42\x00");
        let shown = framed(&machine.sheets()[0]);
        assert!(shown.lines().take(3).all(|line| line.chars().count() == 52), "{shown}");
        assert!(shown.contains("A001") && shown.ends_with("19 mm"), "{shown}");
    }
}
