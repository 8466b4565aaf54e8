//! What may be wrong with a printer, and the bytes that say so.
//!
//! Bits: Epson's TM-T88III manual, DLE EOT and GS a.

use std::collections::BTreeSet;

/// Dots a millimetre, both ways.
pub(super) const DOTS_A_MM: u64 = 8;

/// Below this much paper the near-end sensor sees the roll's end.
const NEAR_END_MM: u64 = 3000;

/// Something that begins, lasts and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Begins as an empty roll, ends as a fresh one.
    PaperOut,
    /// Begins as a roll with 2 m left, ends as a fresh one.
    NearEnd,
    CoverOpen,
    CutterJam,
    /// Recovers by itself, when it is ended.
    HeadHot,
    Unrecoverable,
    /// Says nothing.
    Mute,
    /// Says noise instead of every answer.
    Babble,
    /// Every second answer is lost.
    HalfAnswers,
    /// Has said XOFF, takes no bytes.
    XoffStuck,
    /// Takes no bytes and says nothing.
    Stalled,
    /// The cable is out; the printer itself goes on with what it has.
    Unplugged,
    /// It is switched off: bytes are lost, and with its beginning all that was in it.
    PowerOff,
}

/// The paper that is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roll {
    Endless,
    Mm(u64),
}

/// How a printer is.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    holding: BTreeSet<Condition>,
    /// Paper left, in dots; `None` is endless.
    pub paper: Option<u64>,
    /// A ticket hangs at the output.
    pub hanging: bool,
}

impl State {
    pub fn load(&mut self, roll: Roll) {
        self.paper = match roll {
            Roll::Endless => None,
            Roll::Mm(mm) => Some(mm.saturating_mul(DOTS_A_MM)),
        };
    }

    pub fn begin(&mut self, condition: Condition) {
        match condition {
            Condition::PaperOut => self.load(Roll::Mm(0)),
            Condition::NearEnd => self.load(Roll::Mm(2000)),
            lasting => drop(self.holding.insert(lasting)),
        }
    }

    pub fn end(&mut self, condition: Condition) {
        match condition {
            Condition::PaperOut | Condition::NearEnd => self.load(Roll::Endless),
            lasting => drop(self.holding.remove(&lasting)),
        }
    }

    pub fn has(&self, condition: Condition) -> bool {
        match condition {
            Condition::PaperOut => self.paper == Some(0),
            Condition::NearEnd => self.paper.is_some_and(|dots| dots < NEAR_END_MM * DOTS_A_MM),
            lasting => self.holding.contains(&lasting),
        }
    }

    /// A fault holds: nothing is taken out of the buffer and no paper moves.
    pub fn offline(&self) -> bool {
        use Condition::{CoverOpen, CutterJam, HeadHot, PaperOut, Unrecoverable};
        [PaperOut, CoverOpen, CutterJam, HeadHot, Unrecoverable].into_iter().any(|fault| self.has(fault))
    }

    /// Whether bytes on the line are taken at all.
    pub fn listens(&self) -> bool {
        use Condition::{PowerOff, Stalled, Unplugged, XoffStuck};
        ![PowerOff, Stalled, Unplugged, XoffStuck].into_iter().any(|deaf| self.has(deaf))
    }

    fn bit(&self, condition: Condition, bits: u8) -> u8 {
        if self.has(condition) { bits } else { 0 }
    }

    /// The answer to DLE EOT n: `0xx1xx10`.
    pub fn real_time(&self, n: u8) -> Option<u8> {
        use Condition::{CoverOpen, CutterJam, HeadHot, NearEnd, PaperOut, Unrecoverable};
        let error = [CutterJam, HeadHot, Unrecoverable].into_iter().any(|error| self.has(error));
        let bits = match n {
            1 => (if self.offline() { 0x08 } else { 0 }) | (if self.hanging { 0x80 } else { 0 }),
            2 => self.bit(CoverOpen, 0x04) | self.bit(PaperOut, 0x20) | if error { 0x40 } else { 0 },
            3 => self.bit(CutterJam, 0x08) | self.bit(Unrecoverable, 0x20) | self.bit(HeadHot, 0x40),
            4 => self.bit(NearEnd, 0x0c) | self.bit(PaperOut, 0x60),
            _ => return None,
        };
        Some(0x12 | bits)
    }

    /// Automatic status: `0xx1xx00`, then three of `0xx0xxxx`.
    pub fn automatic(&self) -> [u8; 4] {
        use Condition::{CoverOpen, CutterJam, HeadHot, Unrecoverable};
        let offline = if self.offline() { 0x08 } else { 0 };
        let errors = self.bit(CutterJam, 0x08) | self.bit(Unrecoverable, 0x20) | self.bit(HeadHot, 0x40);
        [0x10 | offline | self.bit(CoverOpen, 0x20), errors, self.paper_sensor(), 0]
    }

    /// The answer to GS r 1: `0xx0xxxx`.
    pub fn paper_sensor(&self) -> u8 {
        self.bit(Condition::NearEnd, 0x03) | self.bit(Condition::PaperOut, 0x0c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_condition_has_its_bits() {
        let say = |condition| {
            let mut state = State::default();
            state.begin(condition);
            let real_time: Vec<u8> = (1..=4).filter_map(|n| state.real_time(n)).collect();
            (real_time, state.automatic())
        };
        let cases = [
            (Condition::Mute, [0x12, 0x12, 0x12, 0x12], [0x10, 0, 0, 0]),
            (Condition::PaperOut, [0x1a, 0x32, 0x12, 0x7e], [0x18, 0, 0x0f, 0]),
            (Condition::NearEnd, [0x12, 0x12, 0x12, 0x1e], [0x10, 0, 0x03, 0]),
            (Condition::CoverOpen, [0x1a, 0x16, 0x12, 0x12], [0x38, 0, 0, 0]),
            (Condition::CutterJam, [0x1a, 0x52, 0x1a, 0x12], [0x18, 0x08, 0, 0]),
            (Condition::HeadHot, [0x1a, 0x52, 0x52, 0x12], [0x18, 0x40, 0, 0]),
            (Condition::Unrecoverable, [0x1a, 0x52, 0x32, 0x12], [0x18, 0x20, 0, 0]),
        ];
        for (condition, real_time, automatic) in cases {
            assert_eq!(say(condition), (real_time.to_vec(), automatic), "{condition:?}");
        }
    }

    #[test]
    fn a_roll_is_near_its_end_below_three_metres() {
        let mut state = State::default();
        for (mm, near) in [(3000, false), (2999, true), (0, true)] {
            state.load(Roll::Mm(mm));
            assert_eq!(state.has(Condition::NearEnd), near, "{mm} mm");
        }
    }
}
