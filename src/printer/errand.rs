//! Pages that are no visitor's slip: test pages and emergency numbers. Visitors come first, then one
//! page after the other.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::queue::{SlipOutcome, SlipTrouble};

/// Pages to print, and where their fate is told.
#[derive(Debug)]
pub struct Errand {
    pages: VecDeque<Vec<u8>>,
    ran: Ran,
    tell: Sender<Ran>,
}

/// What became of an errand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ran {
    /// Pages that came out, as far as the printer can tell.
    pub printed: usize,
    /// Why no more came; the next page may be torn.
    pub trouble: Option<SlipTrouble>,
}

impl Errand {
    /// The page whose turn it is.
    pub fn page(&self) -> Option<&[u8]> {
        self.pages.front().map(Vec::as_slice)
    }

    /// What became of the page: the errand, if there is more of it, else its fate is told.
    pub fn settle(mut self, outcome: SlipOutcome) -> Option<Self> {
        self.pages.pop_front();
        match outcome {
            SlipOutcome::Printed { .. } | SlipOutcome::Sent => self.ran.printed += 1,
            outcome => {
                self.ran.trouble = Some(outcome.trouble().unwrap_or(SlipTrouble::Waiting));
                self.pages.clear();
            }
        }
        if self.pages.is_empty() {
            // Whoever asked may have left.
            let _ = self.tell.send(self.ran);
            return None;
        }
        Some(self)
    }
}

/// Where pages are brought to a printer.
#[derive(Debug, Clone)]
pub struct Errands {
    door: Sender<Errand>,
}

impl Errands {
    /// Brings pages. The answer comes when all are out or one is not; none when the printer has left.
    pub fn bring(&self, pages: Vec<Vec<u8>>) -> Receiver<Ran> {
        let (tell, told) = channel();
        if pages.is_empty() {
            let _ = tell.send(Ran::default());
        } else {
            let _ = self.door.send(Errand { pages: pages.into(), ran: Ran::default(), tell });
        }
        told
    }
}

/// A printer's door for errands.
pub fn door() -> (Errands, Receiver<Errand>) {
    let (door, waiting) = channel();
    (Errands { door }, waiting)
}
