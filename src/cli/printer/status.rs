//! `antrean printer status`: how the printers are, and what they can prove.

use std::process::ExitCode;

use super::ask::{TheBox, language};
use crate::appliance::technician::{Answer, PrinterStatus, Question};
use crate::cli::{Common, exit};
use crate::queue::{Language, SlipTrouble};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Exit code 1 when a printer is at fault.
pub fn run(args: &Args, common: &Common) -> ExitCode {
    let house = TheBox::find(common);
    let printers = match house.ask(&Question::Printers) {
        Ok(Answer::Printers { printers }) => printers,
        Ok(_) => Vec::new(),
        Err(code) => return code,
    };
    if args.json {
        println!("{:#}", serde_json::json!(printers));
    } else {
        if !house.runs() {
            println!("No box is running here; the printers were asked directly.\n");
        }
        for printer in &printers {
            println!("{}", described(printer, language()));
        }
    }
    if printers.iter().any(|printer| printer.fault.is_some()) {
        ExitCode::from(exit::PROBLEM)
    } else {
        ExitCode::SUCCESS
    }
}

/// A few lines about a printer.
fn described(printer: &PrinterStatus, language: Language) -> String {
    let line = printer.line.as_ref().map(|line| format!(", {line}")).unwrap_or_default();
    let mut text = format!("{} ({}) at {}{line}\n", printer.id, printer.name, printer.port);
    let mut say = |word: &str, what: String| text += &format!("    {word:<9}{what}\n");
    match printer.fault {
        Some(fault) => {
            say("state", format!("fault: {}", fault.as_str()));
            say("", fault.for_staff(language).to_owned());
            if fault.for_technician(language) != fault.for_staff(language) {
                say("", fault.for_technician(language).to_owned());
            }
        }
        None => say("state", state(&printer.state).to_owned()),
    }
    if printer.line.is_some() {
        say("proof", proof(printer.proof.as_deref()).to_owned());
    }
    if printer.near_end && printer.fault != Some(SlipTrouble::PaperOut) {
        let left = printer.slips_left.map_or("some slips".to_owned(), |left| format!("about {left} slips"));
        say("paper", format!("near its end: {left} left"));
    }
    if let (Some(waiting), Some(doubtful)) = (printer.waiting, printer.doubtful) {
        say("today", format!("{waiting} waiting, {doubtful} to look after"));
    }
    text
}

fn state(word: &str) -> &str {
    match word {
        "ready" => "ready",
        "unproven" => "takes slips; it cannot say how it is",
        _ => "not known yet",
    }
}

fn proof(word: Option<&str>) -> &'static str {
    match word {
        Some("process_id") => "process_id: answers for each slip when it is on paper",
        Some("fence") => "fence: answers when it has taken a slip in",
        Some("status") => "status: is asked before and after each slip",
        Some("none") => "none: this printer cannot prove paper",
        _ => "not known: it could not be asked yet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_fault(fault: SlipTrouble) -> PrinterStatus {
        PrinterStatus {
            id: "printer-1".into(),
            name: "Printer Anjungan 1".to_owned(),
            port: "/dev/ttyS0".to_owned(),
            line: Some("19200 8N1, flow control hardware".to_owned()),
            state: "fault".to_owned(),
            fault: Some(fault),
            proof: None,
            near_end: true,
            slips_left: Some(17),
            waiting: Some(0),
            doubtful: Some(2),
        }
    }

    #[test]
    fn an_empty_roll_is_not_said_to_last() {
        let text = described(&at_fault(SlipTrouble::PaperOut), Language::EN);
        assert!(text.contains("fault: paper_out") && !text.contains("left"), "{text}");
    }

    #[test]
    fn a_fault_comes_with_what_to_do() {
        let text = described(&at_fault(SlipTrouble::Mute), Language::EN);
        for part in ["fault: mute", "proof = \"none\"", "about 17 slips left", "2 to look after", "not known"]
        {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }
}
