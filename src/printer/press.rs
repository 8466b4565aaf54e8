//! Prints one slip on an open line, and says honestly what became of it.

use std::time::{Duration, Instant};

use super::leftover::LONGEST_COMMAND;
use super::line::{Broken, Partial};
use super::status::automatic_fault;
use super::talk::{self, Talk};
use super::{PrinterHealth, ProofLevel};
use crate::queue::{Proof, SlipId, SlipOutcome, SlipTrouble};

/// ESC @, with which every slip begins; it also ends automatic status.
const START: &[u8] = b"\x1b@";
/// GS a: tell by yourself when the line, the paper or an error changes.
const AUTOMATIC: &[u8] = &[0x1d, b'a', 0x0e];
/// Between two looks at a printer that prints.
const LOOK: Duration = Duration::from_millis(200);
/// After a fence the last lines and the cut are still moving.
const AFTER_FENCE: Duration = Duration::from_millis(300);

impl From<Broken> for SlipTrouble {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unplugged => Self::Unplugged,
            Broken::Stalled | Broken::Stopped => Self::Offline,
        }
    }
}

/// What is left in the printer of a slip whose fate is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// All of it: it may still come out, and its mark tells.
    Whole,
    /// A part without its cut: it can never come out whole. So many bytes are missing at most.
    Part {
        missing: usize,
    },
    /// Nobody knows how much; so many bytes may be missing.
    Unknown {
        missing: usize,
    },
}

/// The four letters by which a printer tells that this slip is on paper.
pub fn mark(slip: SlipId) -> [u8; 4] {
    const LETTERS: u64 = 94;
    let mut rest = slip.0.0;
    std::array::from_fn(|_| {
        let letter = b'!' + u8::try_from(rest % LETTERS).unwrap_or(0);
        rest /= LETTERS;
        letter
    })
}

/// Prints. The line may be broken afterwards: then the outcome's trouble is `Unplugged`.
pub fn print(talk: &mut Talk<'_>, bytes: &[u8], mark: [u8; 4], level: ProofLevel) -> (SlipOutcome, Left) {
    if level != ProofLevel::None
        && let Some(trouble) = talk.look().fault
    {
        return (SlipOutcome::NotSent { trouble }, Left::Nothing);
    }
    let all = with_mark(bytes, mark, level);
    talk.heard().automatic();
    talk.heard().forget_fences();
    if level == ProofLevel::Fence {
        talk.heard().asked_fence();
    }
    if let Err(Partial { sent, cause }) = talk.say(&all) {
        let told = talk.heard().automatic().and_then(automatic_fault);
        let trouble = told.unwrap_or(cause.into());
        let missing = all.len().min(LONGEST_COMMAND);
        if sent > 0 {
            talk.owe(missing);
        }
        return match sent {
            0 => (SlipOutcome::NotSent { trouble }, Left::Nothing),
            // The last bytes are the cut and the question.
            sent if sent < bytes.len() => (SlipOutcome::Uncertain { trouble }, Left::Part { missing }),
            _ => (SlipOutcome::Uncertain { trouble }, Left::Unknown { missing }),
        };
    }
    match prove(talk, mark, level) {
        Ok(Some(proof)) => (SlipOutcome::Printed { proof }, Left::Nothing),
        Ok(None) => (SlipOutcome::Sent, Left::Nothing),
        Err(trouble) => (SlipOutcome::Uncertain { trouble }, behind(trouble, level)),
    }
}

/// What may be left of a slip whose bytes have all left. A printer that fell silent may have lost its power,
/// and with it all but what was on the paper; where there is a mark, its absence tells that later.
fn behind(trouble: SlipTrouble, level: ProofLevel) -> Left {
    match (level, trouble) {
        (ProofLevel::Status, SlipTrouble::Mute) => Left::Unknown { missing: 0 },
        _ => Left::Whole,
    }
}

/// The slip, and behind its cut the question that only a printed slip answers.
fn with_mark(bytes: &[u8], mark: [u8; 4], level: ProofLevel) -> Vec<u8> {
    let automatic = if level >= ProofLevel::Fence { AUTOMATIC } else { &[] };
    let question = match level {
        ProofLevel::None | ProofLevel::Status => Vec::new(),
        ProofLevel::Fence => talk::fence(),
        ProofLevel::ProcessId => talk::process_id(mark),
    };
    match bytes.strip_prefix(START) {
        Some(rest) => [START, automatic, rest, &question].concat(),
        None => [bytes, &question].concat(),
    }
}

/// Waits for the proof; none where there can be none.
fn prove(talk: &mut Talk<'_>, mark: [u8; 4], level: ProofLevel) -> Result<Option<Proof>, SlipTrouble> {
    let paper = talk.deadlines().paper;
    match level {
        ProofLevel::None => Ok(None),
        ProofLevel::Status => stay_well(talk, paper).map(|()| Some(Proof::Status)),
        ProofLevel::Fence => {
            wait_for_mark(talk, mark, level)?;
            stay_well(talk, AFTER_FENCE.min(paper)).map(|()| Some(Proof::Fence))
        }
        ProofLevel::ProcessId => wait_for_mark(talk, mark, level).map(|()| Some(Proof::ProcessId)),
    }
}

/// Waits for the mark while the printer is well. Paper may take twice as long as is usual.
pub fn wait_for_mark(talk: &mut Talk<'_>, mark: [u8; 4], level: ProofLevel) -> Result<(), SlipTrouble> {
    let until = talk.wire_free() + talk.deadlines().paper * 2;
    loop {
        // A proof counts more than a fault that came after it.
        if came(talk, mark, level) {
            return Ok(());
        }
        let health = talk.look();
        if came(talk, mark, level) {
            return Ok(());
        }
        if let Some(fault) = health.fault {
            return Err(fault);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(SlipTrouble::Waiting);
        }
        talk.listen(left.min(LOOK))?;
    }
}

/// Whether a slip's mark has been heard; it is taken.
pub fn came(talk: &mut Talk<'_>, mark: [u8; 4], level: ProofLevel) -> bool {
    match level {
        ProofLevel::None | ProofLevel::Status => false,
        ProofLevel::Fence => talk.heard().fence(),
        ProofLevel::ProcessId => talk.heard().id(mark),
    }
}

/// The printer must be well from the first answer, which follows the slip's bytes on the wire, until so
/// much time has passed.
fn stay_well(talk: &mut Talk<'_>, time: Duration) -> Result<(), SlipTrouble> {
    let mut until = None;
    loop {
        if let Some(fault) = talk.look().fault {
            return Err(fault);
        }
        let left =
            until.get_or_insert_with(|| Instant::now() + time).saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        talk.listen(left.min(LOOK))?;
    }
}

/// What the printer can prove. It must be well: one that is not takes no questions out of its buffer.
///
/// # Errors
/// It stopped answering.
pub fn probe(talk: &mut Talk<'_>) -> Result<ProofLevel, Broken> {
    let answer = talk.deadlines().answer;
    let level = if !talk.fence(answer)? {
        ProofLevel::Status
    } else if talk.process_id(*b"Ask?", answer)? {
        ProofLevel::ProcessId
    } else {
        ProofLevel::Fence
    };
    // A printer that knows none of this may have taken a letter of it for text.
    talk.raw(START)?;
    Ok(level)
}

/// What is known of a printer that is never asked.
pub fn unasked() -> PrinterHealth {
    PrinterHealth { state: super::PrinterState::Unproven, ..PrinterHealth::UNKNOWN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Seq;

    #[test]
    fn slips_of_a_day_have_marks_of_their_own_and_printable_ones() {
        let marks: std::collections::HashSet<_> = (0..200_000).map(|seq| mark(SlipId(Seq(seq)))).collect();
        assert_eq!(marks.len(), 200_000);
        assert!(marks.iter().flatten().all(|byte| (0x21..=0x7e).contains(byte)));
    }

    #[test]
    fn the_question_stands_behind_the_cut_and_automatic_status_behind_the_start() {
        let slip = b"\x1b@A001\n\x1dV\x42\x00";
        assert_eq!(with_mark(slip, *b"0001", ProofLevel::Status), slip);
        assert_eq!(
            with_mark(slip, *b"0001", ProofLevel::Fence),
            b"\x1b@\x1da\x0eA001\n\x1dV\x42\x00\x1dr\x01"
        );
        assert_eq!(
            with_mark(slip, *b"0001", ProofLevel::ProcessId),
            b"\x1b@\x1da\x0eA001\n\x1dV\x42\x00\x1d(H\x06\x00000001"
        );
    }
}
