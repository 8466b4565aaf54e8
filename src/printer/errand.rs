//! Pages that are no visitor's slip: test pages and emergency numbers. Visitors come first, then one
//! page after the other.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use crate::queue::{SlipOutcome, SlipTrouble};

/// Pages to print, and where their fate is told.
#[derive(Debug)]
pub struct Errand {
    pages: VecDeque<Vec<u8>>,
    /// From then on nobody waits for it any more, and no page of it is begun.
    until: Option<Instant>,
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

    /// Whether whoever asked has given up by now.
    pub fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now >= until)
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
        self.bring_until(pages, None)
    }

    /// The same for somebody who will not stay: a page that has not begun by then is not printed, or it
    /// would come out before somebody else.
    pub fn bring_until(&self, pages: Vec<Vec<u8>>, until: impl Into<Option<Instant>>) -> Receiver<Ran> {
        let (tell, told) = channel();
        if pages.is_empty() {
            let _ = tell.send(Ran::default());
        } else {
            let _ = self.door.send(Errand {
                pages: pages.into(),
                until: until.into(),
                ran: Ran::default(),
                tell,
            });
        }
        told
    }
}

/// A printer's door for errands.
pub fn door() -> (Errands, Receiver<Errand>) {
    let (door, waiting) = channel();
    (Errands { door }, waiting)
}
