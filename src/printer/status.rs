//! What a printer says on the wire, told apart byte by byte.
//!
//! Everything comes on one wire and may interleave: flow control, answers to DLE EOT, automatic status
//! back (ASB), answers to GS r, blocks. The fixed bits tell them apart (Epson TM-T88III, appendix G).

use super::{PrinterHealth, PrinterState};
use crate::queue::SlipTrouble;

/// One thing a printer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Xon,
    Xoff,
    /// The answer to DLE EOT n: `0xx1xx10`. Clones set bit 7 for "not torn off yet".
    RealTime(u8),
    /// Automatic status, four bytes: `0xx1xx00`, then three of `0xx0xxxx`.
    Asb([u8; 4]),
    /// The answer to GS r or GS I: `0xx0xxxx`.
    Answer(u8),
    /// `37h … 00h`, as process ids come.
    Block(Vec<u8>),
    /// Nothing a printer says.
    Garbage(u8),
}

/// Tells readings apart, whatever pieces they come in.
#[derive(Debug, Clone, Default)]
pub struct Demux {
    part: Part,
}

#[derive(Debug, Clone, Default)]
enum Part {
    #[default]
    None,
    Asb([u8; 4], usize),
    Block(Vec<u8>),
}

/// A block is a few bytes; longer ones are noise.
const LONGEST_BLOCK: usize = 64;

impl Demux {
    /// Takes the next byte; a reading when one is whole.
    pub fn take(&mut self, byte: u8) -> Option<Reading> {
        // Flow control comes from the line's driver and may stand inside anything.
        match byte {
            0x11 => return Some(Reading::Xon),
            0x13 => return Some(Reading::Xoff),
            _ => {}
        }
        match std::mem::take(&mut self.part) {
            Part::Block(block) if byte == 0 => Some(Reading::Block(block)),
            Part::Block(mut block) if block.len() < LONGEST_BLOCK => {
                block.push(byte);
                self.part = Part::Block(block);
                None
            }
            Part::Asb(mut status, got) if byte & 0x90 == 0 => {
                status[got] = byte;
                if got == 3 {
                    return Some(Reading::Asb(status));
                }
                self.part = Part::Asb(status, got + 1);
                None
            }
            // A real-time answer may come between the bytes of an automatic status.
            Part::Asb(status, got) if byte & 0x13 == 0x12 => {
                self.part = Part::Asb(status, got);
                Some(Reading::RealTime(byte))
            }
            Part::None | Part::Block(_) | Part::Asb(..) => self.begin(byte),
        }
    }

    fn begin(&mut self, byte: u8) -> Option<Reading> {
        match byte {
            0x37 => {
                self.part = Part::Block(Vec::new());
                None
            }
            byte if byte & 0x13 == 0x12 => Some(Reading::RealTime(byte)),
            byte if byte & 0x93 == 0x10 => {
                self.part = Part::Asb([byte, 0, 0, 0], 1);
                None
            }
            byte if byte & 0x90 == 0 => Some(Reading::Answer(byte)),
            byte => Some(Reading::Garbage(byte)),
        }
    }
}

/// The four real-time answers as health. Bits: DLE EOT in Epson's TM-T88III manual.
pub fn health(printer: u8, offline: u8, error: u8, paper: u8) -> PrinterHealth {
    let near_end = paper & 0x0c != 0;
    // With the cover open the paper sensor may read anything, so the cover is named first.
    let fault = if offline & 0x04 != 0 {
        Some(SlipTrouble::CoverOpen)
    } else if paper & 0x60 != 0 || offline & 0x20 != 0 {
        Some(SlipTrouble::PaperOut)
    } else if error & 0x08 != 0 {
        Some(SlipTrouble::Cutter)
    } else if error & 0x20 != 0 {
        Some(SlipTrouble::Unrecoverable)
    } else if error & 0x40 != 0 {
        Some(SlipTrouble::HeadHot)
    } else if error & 0x04 != 0 || offline & 0x40 != 0 {
        Some(SlipTrouble::Waiting)
    } else if printer & 0x08 != 0 {
        Some(SlipTrouble::Offline)
    } else {
        None
    };
    let state = if fault.is_some() { PrinterState::Fault } else { PrinterState::Ready };
    PrinterHealth { state, fault, near_end, ..PrinterHealth::UNKNOWN }
}

/// The fault in an automatic status. Bits: GS a in Epson's TM-T88III manual.
pub fn automatic_fault([printer, error, paper, _]: [u8; 4]) -> Option<SlipTrouble> {
    if printer & 0x20 != 0 {
        Some(SlipTrouble::CoverOpen)
    } else if paper & 0x0c != 0 {
        Some(SlipTrouble::PaperOut)
    } else if error & 0x08 != 0 {
        Some(SlipTrouble::Cutter)
    } else if error & 0x20 != 0 {
        Some(SlipTrouble::Unrecoverable)
    } else if error & 0x40 != 0 {
        Some(SlipTrouble::HeadHot)
    } else if printer & 0x08 != 0 {
        Some(SlipTrouble::Offline)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pieces: &[&[u8]]) -> Vec<Reading> {
        let mut demux = Demux::default();
        pieces.iter().flat_map(|piece| piece.iter()).filter_map(|byte| demux.take(*byte)).collect()
    }

    const MIXED: &[u8] =
        &[0x12, 0x10, 0x00, 0x13, 0x16, 0x00, 0x11, 0x00, 0x37, 0x22, b'A', b'1', 0x00, 0x0f, 0x92, 0xff];

    fn expected() -> Vec<Reading> {
        vec![
            Reading::RealTime(0x12),
            Reading::Xoff,
            Reading::RealTime(0x16),
            Reading::Xon,
            Reading::Asb([0x10, 0, 0, 0]),
            Reading::Block(vec![0x22, b'A', b'1']),
            Reading::Answer(0x0f),
            Reading::RealTime(0x92),
            Reading::Garbage(0xff),
        ]
    }

    #[test]
    fn interleaved_readings_are_told_apart() {
        assert_eq!(read(&[MIXED]), expected());
    }

    proptest! {
        #[test]
        fn split_at_any_byte_they_are_the_same(at in 0..MIXED.len()) {
            prop_assert_eq!(read(&[&MIXED[..at], &MIXED[at..]]), expected());
        }

        #[test]
        fn noise_never_hurts(noise in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut demux = Demux::default();
            for byte in noise {
                let _ = demux.take(byte);
            }
        }
    }

    #[test]
    fn faults_have_names_and_the_cover_comes_first() {
        let fault = |p, o, e, paper| health(p, o, e, paper).fault;
        assert_eq!(fault(0x12, 0x12, 0x12, 0x12), None);
        assert_eq!(fault(0x1a, 0x16, 0x12, 0x72), Some(SlipTrouble::CoverOpen));
        assert_eq!(fault(0x1a, 0x32, 0x12, 0x72), Some(SlipTrouble::PaperOut));
        assert_eq!(fault(0x1a, 0x52, 0x1a, 0x12), Some(SlipTrouble::Cutter));
        assert_eq!(fault(0x1a, 0x52, 0x32, 0x12), Some(SlipTrouble::Unrecoverable));
        assert_eq!(fault(0x1a, 0x52, 0x52, 0x12), Some(SlipTrouble::HeadHot));
        assert_eq!(fault(0x1a, 0x52, 0x16, 0x12), Some(SlipTrouble::Waiting));
        assert_eq!(fault(0x1a, 0x12, 0x12, 0x12), Some(SlipTrouble::Offline));
        assert!(health(0x12, 0x12, 0x12, 0x1e).near_end);
    }

    #[test]
    fn an_automatic_status_names_the_same_faults() {
        let cases = [
            ([0x10, 0, 0, 0], None),
            ([0x10, 0, 0x03, 0], None),
            ([0x38, 0, 0x0f, 0], Some(SlipTrouble::CoverOpen)),
            ([0x18, 0, 0x0f, 0], Some(SlipTrouble::PaperOut)),
            ([0x18, 0x08, 0, 0], Some(SlipTrouble::Cutter)),
            ([0x18, 0x20, 0, 0], Some(SlipTrouble::Unrecoverable)),
            ([0x18, 0x40, 0, 0], Some(SlipTrouble::HeadHot)),
            ([0x18, 0, 0, 0], Some(SlipTrouble::Offline)),
        ];
        for (status, fault) in cases {
            assert_eq!(automatic_fault(status), fault, "{status:02x?}");
        }
    }
}
