//! `antrean doctor`: how every part of the box is, the worst first, and what to do. Asked of the box that runs;
//! while none runs, looked at from here.

use std::process::ExitCode;

use super::printer::ask::{TheBox, language};
use super::{Common, exit};
use crate::appliance::technician::{Answer, HealthLine, Question};
use crate::health::Health;
use crate::queue::Language;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Exit code 1 when something is at fault.
pub fn run(args: &Args, common: &Common) -> ExitCode {
    let language = language();
    let question = Question::Health { language: language.code().to_owned() };
    let lines = match TheBox::find(common).ask(&question) {
        Ok(Answer::Health { lines }) => lines,
        Ok(_) => Vec::new(),
        Err(code) => return code,
    };
    if args.json {
        println!("{:#}", serde_json::json!(lines));
    } else {
        for line in &lines {
            print!("{}", described(line, language));
        }
        println!("\n{}", sum(&lines, language));
    }
    let faults = lines.iter().any(|line| line.health == Health::Fault);
    ExitCode::from(if faults { exit::PROBLEM } else { 0 })
}

fn word(health: Health, language: Language) -> &'static str {
    match health {
        Health::Fine => language.pick("baik", "fine"),
        Health::Warning => language.pick("PERINGATAN", "WARNING"),
        Health::Fault => language.pick("GANGGUAN", "FAULT"),
    }
}

/// A line, and what to do beneath it.
fn described(line: &HealthLine, language: Language) -> String {
    let mut text = format!("{:<11} {:<15} {}\n", word(line.health, language), line.label, line.says);
    if let Some(remedy) = &line.remedy {
        text += &format!("{:<11} {:<15} -> {remedy}\n", "", "");
    }
    text
}

fn sum(lines: &[HealthLine], language: Language) -> String {
    let count = |wanted| lines.iter().filter(|line| line.health == wanted).count();
    let (faults, warnings) = (count(Health::Fault), count(Health::Warning));
    match (faults, warnings) {
        (0, 0) => language.pick("Semua baik.", "All is well.").to_owned(),
        _ => language.pick(
            format!("Ada {faults} gangguan dan {warnings} peringatan."),
            format!("{faults} faults and {warnings} warnings."),
        ),
    }
}
