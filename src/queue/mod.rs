//! The rules of the hall: tickets, counters, who is next, what is open.
//!
//! **Invariant:** no file, socket, clock or random source is touched here. `now` is a parameter,
//! the past is a [`Day`], a wish is a [`Command`], and what comes back is either events or a named
//! [`Refusal`].

pub mod accent;
mod band;
pub mod board;
pub mod calendar;
pub mod command;
pub mod conduct;
pub mod console;
pub mod counter;
pub mod day;
mod decide;
pub mod downtime;
pub mod event;
pub mod forecast;
pub mod house_time;
pub mod name;
mod notice;
pub mod overview;
pub mod recovery;
pub mod refusal;
pub mod rules;
pub mod service;
pub mod slip;
pub mod ticket;
pub mod trouble;
pub mod turn;
mod visitors;

pub use accent::Accent;
pub use band::Band;
pub use board::{Board, PublicEvent, TicketView};
pub use calendar::{
    Closed, ClosedCode, Exceptions, Leniency, Openness, Span, Stop, Terms, Told, Warning, Week,
};
pub use command::{Actor, Adopt, Command, Delivery, Ending, Issue, Origin, Seen};
pub use conduct::Conduct;
pub use console::Console;
pub use counter::{Closure, Counter, CounterPhase, CounterState};
pub use day::{Call, Day};
pub use decide::decide;
pub use downtime::{BoxTrouble, Failure, KioskTrouble, Part, PartTrouble};
pub use event::{Event, Lineage, Recorded, Seq, Undone};
pub use forecast::Forecast;
pub use house_time::{Belief, Doubt, HouseTime, Reading};
pub use name::{
    AgencyId, AlarmId, CounterId, KioskId, OutcomeId, PrinterId, ReasonId, ServiceId, StaffId, ZoneId,
};
pub use notice::{Notice, NoticeId};
pub use overview::Overview;
pub use recovery::{Given, Recovered, Recovery};
pub use refusal::Refusal;
pub use rules::Rules;
// Who is told what in which language is part of every event.
pub use crate::words::{Language, Text};
pub use service::{Agency, Card, Service};
pub use slip::{Proof, SlipId, SlipOutcome, SlipRecord, SlipState};
pub use ticket::{Class, Hold, Nonce, Prefix, Reference, Ticket, TicketId, TicketNumber, TicketState};
pub use trouble::SlipTrouble;
pub use visitors::Visitors;

/// A moment in the site's own time. Indonesian zones have no summer time, so a fixed offset is exact.
pub type At = chrono::DateTime<chrono::FixedOffset>;
