//! Prints one slip on an open line, and says honestly what became of it.

use std::time::Instant;

use super::line::{Broken, Line, Partial};
use super::status::{Reading, health};
use super::{Deadlines, PrinterHealth, PrinterState, ProofSetting};
use crate::queue::{Proof, SlipOutcome, SlipTrouble};

impl From<Broken> for SlipTrouble {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unplugged => Self::Unplugged,
            Broken::Stalled => Self::Offline,
        }
    }
}

/// Prints. The line may be broken afterwards: then the outcome's trouble is `Unplugged`.
pub fn print(line: &mut Line, bytes: &[u8], proof: ProofSetting, deadlines: &Deadlines) -> SlipOutcome {
    if proof == ProofSetting::Status {
        let before = look(line, deadlines);
        if let Some(trouble) = before.fault {
            return SlipOutcome::NotSent { trouble };
        }
    }
    let mut heard = Vec::new();
    if let Err(Partial { sent, cause }) = line.send(bytes, deadlines.stall, &mut heard) {
        let trouble = cause.into();
        return if sent == 0 { SlipOutcome::NotSent { trouble } } else { SlipOutcome::Uncertain { trouble } };
    }
    match proof {
        ProofSetting::None => SlipOutcome::Sent,
        ProofSetting::Status => prove(line, deadlines),
    }
}

/// The printer must be well until the paper is surely out.
fn prove(line: &mut Line, deadlines: &Deadlines) -> SlipOutcome {
    let until = Instant::now() + deadlines.paper;
    loop {
        let after = look(line, deadlines);
        if let Some(trouble) = after.fault {
            return SlipOutcome::Uncertain { trouble };
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return SlipOutcome::Printed { proof: Proof::Status };
        }
        if let Err(broken) = line.hear(left.min(deadlines.answer), &mut Vec::new()) {
            return SlipOutcome::Uncertain { trouble: broken.into() };
        }
    }
}

/// Asks the printer how it is: DLE EOT 1 to 4, three bytes each, one after the other.
pub fn look(line: &mut Line, deadlines: &Deadlines) -> PrinterHealth {
    let mut answers = [0; 4];
    let mut noise = false;
    for (n, answer) in (1..=4).zip(&mut answers) {
        match ask(line, n, deadlines, &mut noise) {
            Ok(Some(byte)) => *answer = byte,
            Ok(None) if noise => return PrinterHealth::fault(SlipTrouble::Garbage),
            Ok(None) => return PrinterHealth::fault(SlipTrouble::Mute),
            Err(broken) => return PrinterHealth::fault(broken.into()),
        }
    }
    health(answers[0], answers[1], answers[2], answers[3])
}

fn ask(line: &mut Line, n: u8, deadlines: &Deadlines, noise: &mut bool) -> Result<Option<u8>, Broken> {
    let mut heard = Vec::new();
    // What was said before the question is no answer to it.
    line.hear(std::time::Duration::ZERO, &mut heard)?;
    heard.clear();
    line.send(&[0x10, 0x04, n], deadlines.stall, &mut heard).map_err(|partial| partial.cause)?;
    let until = Instant::now() + deadlines.answer;
    loop {
        for reading in heard.drain(..) {
            match reading {
                Reading::RealTime(byte) => return Ok(Some(byte)),
                Reading::Garbage(_) => *noise = true,
                Reading::Xon | Reading::Xoff | Reading::Asb(_) | Reading::Answer(_) | Reading::Block(_) => {}
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        line.hear(left, &mut heard)?;
    }
}

/// What is known of a printer that is never asked.
pub fn unasked() -> PrinterHealth {
    PrinterHealth { state: PrinterState::Unproven, fault: None, near_end: false }
}
