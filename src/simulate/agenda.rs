//! What is still to happen, in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::queue::{At, SlipId, TicketId};

/// Something that is to happen at its time. Numbers are places in the lists of the [`Play`](super::Play).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    /// Somebody stands before a kiosk.
    Arrival(usize),
    /// A clerk sits down, or would like to leave.
    SitDown(usize),
    StandUp(usize),
    /// A clerk does the next thing; only the newest of these counts for each of them.
    Work(usize),
    /// A slip has come out of its printer, or has not.
    Paper(SlipId),
    /// The trouble of a printer begins or ends.
    Trouble(usize),
    /// Somebody looks after a slip that may be missing.
    Settle(SlipId),
    /// Whoever was missed has come to the information desk.
    Return(TicketId),
    /// The greeter sees that somebody is old, or carries a child.
    Prefer(TicketId),
    /// Whoever was sent to fetch something is back before the time.
    Back(TicketId),
    /// A visitor has waited long enough and gives up.
    GiveUp(TicketId),
}

/// Cues by their time, then in the order in which they were noted.
#[derive(Debug, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<(At, u64, Cue)>>,
    noted: u64,
}

impl Agenda {
    /// Notes a cue; the number tells it from all others.
    pub fn note(&mut self, at: At, cue: Cue) -> u64 {
        self.noted += 1;
        self.heap.push(Reverse((at, self.noted, cue)));
        self.noted
    }

    pub fn first(&self) -> Option<At> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    pub fn take(&mut self) -> Option<(At, u64, Cue)> {
        self.heap.pop().map(|Reverse(next)| next)
    }
}
