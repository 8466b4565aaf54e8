//! What is left in the printer of the one slip whose fate is not proven.
//!
//! After a fault a printer keeps its buffer and goes on with it when it is well: an old slip would come
//! out late, or a torn one would run into the next. So what can be thrown away is thrown away, a part
//! is cut off by itself, and of a whole slip the mark is waited for.

use super::ProofLevel;
use super::press::{self, Left};
use super::talk::Talk;
use crate::queue::{Proof, SlipId, SlipOutcome, SlipTrouble};

/// More than the longest command of a slip: what a command that was cut off may still swallow.
pub const LONGEST_COMMAND: usize = 2048;

/// A slip's fate, learned late.
pub type Fate = Option<(SlipId, SlipOutcome)>;

/// The one slip that may still be in the printer.
#[derive(Debug, Default)]
pub struct Leftover(Option<Inside>);

#[derive(Debug)]
struct Inside {
    left: Left,
    /// None for pages and for slips of another run.
    slip: Option<SlipId>,
    mark: [u8; 4],
}

impl Leftover {
    pub fn new(left: Left, slip: Option<SlipId>, mark: [u8; 4]) -> Self {
        Self((left != Left::Nothing).then_some(Inside { left, slip, mark }))
    }

    /// The box was killed while it printed, or the line was cut; nobody knows at which byte.
    pub fn unknown() -> Self {
        Self::new(Left::Unknown { missing: LONGEST_COMMAND }, None, [0; 4])
    }

    pub fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// A part of a slip is in the printer, or hangs out of it.
    pub fn is_part(&self) -> bool {
        self.0.as_ref().is_some_and(|inside| inside.left != Left::Whole)
    }

    /// Has the printer throw away what it holds, if it can say that it has.
    pub fn abandon(&mut self, talk: &mut Talk<'_>, level: ProofLevel) -> Fate {
        let inside = self.0.as_mut()?;
        if level != ProofLevel::ProcessId || !talk.clear().unwrap_or(false) {
            return None;
        }
        if press::came(talk, inside.mark, level) {
            return self.proven(level);
        }
        // What has come out so far hangs there, and is cut off when the printer is well. It may have been
        // all but the mark: only a slip whose cut never left is known to be spoiled.
        let cut_left = inside.left == Left::Whole;
        inside.left = Left::Unknown { missing: 0 };
        inside.slip.filter(|_| !cut_left).map(|slip| (slip, SlipOutcome::Spoiled))
    }

    /// Between slips: is there news of it?
    pub fn look(
        &mut self,
        talk: &mut Talk<'_>,
        level: ProofLevel,
        fault: Option<SlipTrouble>,
        cuts: bool,
    ) -> Fate {
        let inside = self.0.as_ref()?;
        match inside.left {
            Left::Whole if press::came(talk, inside.mark, level) => self.proven(level),
            Left::Nothing | Left::Whole => None,
            Left::Part { .. } | Left::Unknown { .. } if fault.is_some() => None,
            Left::Part { .. } | Left::Unknown { .. } => self.flush(talk, cuts),
        }
    }

    /// The printer is well and the next slip waits: the last moment for a mark.
    pub fn make_way(&mut self, talk: &mut Talk<'_>, level: ProofLevel, cuts: bool) -> Fate {
        let inside = self.0.as_ref()?;
        if inside.left != Left::Whole {
            return self.flush(talk, cuts);
        }
        if level < ProofLevel::Fence {
            // Nothing will ever tell; it was printed before the printer said that it is well, or never.
            self.0 = None;
            return None;
        }
        match press::wait_for_mark(talk, inside.mark, level) {
            Ok(()) => self.proven(level),
            // Well, and no mark: what was inside is lost, or is thrown away now.
            Err(SlipTrouble::Waiting) => {
                let fate = self.abandon(talk, level);
                // What has come out of it hangs there: the next slip is to have a sheet of its own.
                if let Some(inside) = &mut self.0 {
                    inside.left = Left::Unknown { missing: 0 };
                }
                self.flush(talk, cuts);
                self.0 = None;
                fate
            }
            Err(_) => None,
        }
    }

    /// How many bytes the command that was cut off may still swallow.
    pub fn missing(&self) -> usize {
        match self.0.as_ref().map(|inside| inside.left) {
            Some(Left::Part { missing } | Left::Unknown { missing }) => missing,
            Some(Left::Nothing | Left::Whole) | None => 0,
        }
    }

    /// Cuts off the paper that hangs there; the command that was cut off has been ended before
    /// ([`Talk::owe`]).
    pub fn flush(&mut self, talk: &mut Talk<'_>, cuts: bool) -> Fate {
        let inside = self.0.as_ref()?;
        let spoiled = match inside.left {
            Left::Nothing | Left::Whole => return None,
            Left::Part { .. } => inside.slip,
            Left::Unknown { .. } => None,
        };
        let end: &[u8] = if cuts { b"\x1b@\x1dV\x42\x00" } else { b"\x1b@\n\n\n\n" };
        talk.raw(end).ok()?;
        self.0 = None;
        spoiled.map(|slip| (slip, SlipOutcome::Spoiled))
    }

    /// The line is gone, and with it what the system still held of a slip: nobody knows how much has
    /// arrived, and its mark will not be heard.
    pub fn unplugged(&mut self) {
        if let Some(inside) = &mut self.0
            && inside.left == Left::Whole
        {
            inside.left = Left::Unknown { missing: LONGEST_COMMAND };
        }
    }

    fn proven(&mut self, level: ProofLevel) -> Fate {
        let proof = if level == ProofLevel::ProcessId { Proof::ProcessId } else { Proof::Fence };
        self.0.take()?.slip.map(|slip| (slip, SlipOutcome::Printed { proof }))
    }
}
