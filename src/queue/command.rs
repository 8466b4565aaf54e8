//! Wishes. A command may be refused; what happened is an event.

use serde::{Deserialize, Serialize};

use super::{
    Class, CounterId, KioskId, Language, Nonce, PrinterId, Seq, ServiceId, SlipId, SlipOutcome, StaffId,
    TicketId,
};

/// Where a ticket was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "at", content = "id", rename_all = "snake_case")]
pub enum Origin {
    Kiosk(KioskId),
    /// The information desk.
    Desk(StaffId),
    /// A program with a bearer token of this name.
    Api(String),
}

/// What the screen showed on which somebody acted. An act on something else is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seen {
    /// Nothing was said about it.
    #[default]
    Unsaid,
    /// The counter was free.
    Free,
    /// This ticket, as the journal line `seq` left it.
    Ticket { ticket: TicketId, seq: Seq },
}

/// A visitor wants a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub service: ServiceId,
    pub class: Class,
    pub language: Language,
    pub origin: Origin,
    /// The printer that shall print the slip, if any.
    pub printer: Option<PrinterId>,
    /// Chance drawn by the hall.
    pub nonce: Nonce,
}

/// Who gives a ticket up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum Canceller {
    /// The visitor, by the token of the ticket.
    Visitor,
    Staff(StaffId),
    Api(String),
}

/// A wish of somebody or something that may be granted or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Issue(Issue),
    /// The next in turn; while serving, finish first.
    CallNext {
        counter: CounterId,
        seen: Seen,
    },
    Recall {
        counter: CounterId,
        seen: Seen,
    },
    Start {
        counter: CounterId,
        seen: Seen,
    },
    Finish {
        counter: CounterId,
        seen: Seen,
    },
    NoShow {
        counter: CounterId,
        seen: Seen,
    },
    Cancel {
        ticket: TicketId,
        by: Canceller,
    },
    OpenCounter {
        counter: CounterId,
        staff: StaffId,
    },
    PauseCounter {
        counter: CounterId,
    },
    CloseCounter {
        counter: CounterId,
    },
    /// What became of a slip: its printer says so, or somebody who looked.
    ReportSlip {
        slip: SlipId,
        outcome: SlipOutcome,
        by: Option<StaffId>,
    },
    /// The same number on paper once more, marked as such.
    Reprint {
        ticket: TicketId,
        /// The printer of the first slip where none is named.
        printer: Option<PrinterId>,
        by: StaffId,
    },
    /// The box has started: what the last run left on its way is uncertain now.
    Settle,
    /// The clock has moved: change the day, note what opened and closed.
    Tick,
}
