//! What a printer says, or a cable with a loose contact.

use antrean::printer::{Demux, Reading};
use proptest::prelude::*;

use crate::support::chance::cases;

/// What is heard when a line brings these pieces.
fn heard(pieces: &[&[u8]]) -> Vec<Reading> {
    let mut demux = Demux::default();
    let mut all = Vec::new();
    for piece in pieces {
        all.extend(piece.iter().filter_map(|byte| demux.take(*byte)));
    }
    all
}

/// Bytes as printers say them, and others.
fn said() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        4 => any::<u8>().prop_map(|byte| vec![byte]),
        2 => prop::sample::select(vec![0x11, 0x13, 0x12, 0x37, 0x00, 0x10, 0x0f]).prop_map(|byte| vec![byte]),
        2 => prop::array::uniform4(0x20..0x7fu8).prop_map(|id| [&[0x37, 0x22], &id[..], &[0]].concat()),
        1 => prop::array::uniform3(0..0x10u8).prop_map(|rest| [&[0x10], &rest[..]].concat()),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn the_same_is_heard_in_whatever_pieces_it_comes(said in said(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(said.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&said[from..cut]);
            from = cut;
        }
        pieces.push(&said[from..]);
        prop_assert_eq!(heard(&pieces), heard(&[&said]));
    }

    /// A block is the proof of paper: it is heard only where the printer said all of it, in one piece but for
    /// flow control.
    #[test]
    fn no_proof_is_heard_that_was_not_said(said in said()) {
        let mut rest: Vec<u8> = said.iter().copied().filter(|byte| !matches!(byte, 0x11 | 0x13)).collect();
        for reading in heard(&[&said]) {
            let Reading::Block(block) = reading else { continue };
            let whole = [&[0x37], block.as_slice(), &[0]].concat();
            let at = rest.windows(whole.len()).position(|window| window == whole);
            let Some(at) = at else {
                return Err(TestCaseError::fail(format!("{block:02x?} was never said in {said:02x?}")));
            };
            // Each was said once, in this order.
            rest.drain(..at + whole.len());
        }
    }

    /// Every byte is heard once at most: a reading is never made of more than was said.
    #[test]
    fn nothing_is_heard_twice(said in said()) {
        let length = |reading: &Reading| match reading {
            Reading::Asb(_) => 4,
            Reading::Block(block) => block.len() + 2,
            _ => 1,
        };
        prop_assert!(heard(&[&said]).iter().map(length).sum::<usize>() <= said.len());
    }
}
