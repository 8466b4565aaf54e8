//! Wishes. A command may be refused; what happened is an event.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::InForce;
use super::{
    AlarmId, At, BoxTrouble, Class, CounterId, Doubt, KioskId, Language, Nonce, NoticeId, OutcomeId, Part,
    PartTrouble, PrinterId, ReasonId, Recovery, Seq, ServiceId, SlipId, SlipOutcome, StaffId, Text, TicketId,
    TicketNumber,
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

/// A visitor holds a number that was printed beforehand and handed out while the box was dark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopt {
    /// Of the band that ordinary numbering leaves out.
    pub number: TicketNumber,
    pub service: ServiceId,
    pub class: Class,
    pub language: Language,
    /// When the visitor came: the place in the queue counts from then.
    pub entered_at: At,
    pub origin: Origin,
    /// Chance drawn by the hall.
    pub nonce: Nonce,
}

/// Who acts on a ticket without being a counter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// The visitor, by the token of the ticket.
    Visitor,
    Staff(StaffId),
    Api(String),
}

/// How a service ends, where the clerk says more than "done".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// One of the config's list; the first of it where nothing is said.
    pub outcome: Option<OutcomeId>,
    /// What the visitor really came for.
    pub corrected: Option<ServiceId>,
    /// What was delivered besides.
    pub additional: Vec<Delivery>,
}

/// A service delivered, so many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    pub service: ServiceId,
    /// From 1 to 99.
    #[schema(minimum = 1, maximum = 99)]
    pub quantity: u16,
}

impl Delivery {
    /// More of one service at one visit is a slip of the finger.
    pub const MOST: u16 = 99;
    /// More services at one visit too.
    pub const KINDS: usize = 10;
}

/// A wish of somebody or something that may be granted or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Issue(Issue),
    Adopt(Adopt),
    /// What the hall itself found out about the system's clock.
    FollowClock {
        offset_ms: i64,
        doubt: Option<Doubt>,
        /// How far the time of the house moved, where the clock is believed again.
        step_ms: i64,
        /// What the system's clock shows.
        system: At,
    },
    /// A supervisor or technician says what time it is.
    ConfirmClock {
        truth: At,
        /// What the system's clock showed then.
        system: At,
        by: Actor,
    },
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
        ending: Ending,
    },
    /// This ticket, out of turn.
    Call {
        counter: CounterId,
        seen: Seen,
        ticket: TicketId,
        reason: ReasonId,
    },
    /// The visitor fetches something and comes back.
    Hold {
        counter: CounterId,
        seen: Seen,
        reason: ReasonId,
        /// When the ticket waits again by itself.
        until: At,
    },
    /// A ticket on hold, before its time.
    Resume {
        counter: CounterId,
        seen: Seen,
        ticket: TicketId,
    },
    /// On to another service: with its rank before it was served, as a referral afterwards.
    Transfer {
        counter: CounterId,
        seen: Seen,
        service: ServiceId,
        /// Only this counter may call it, while that is open.
        only_at: Option<CounterId>,
    },
    NoShow {
        counter: CounterId,
        seen: Seen,
    },
    Cancel {
        ticket: TicketId,
        by: Actor,
    },
    /// Who was missed has come.
    Return {
        ticket: TicketId,
        by: Actor,
    },
    SetClass {
        ticket: TicketId,
        class: Class,
        by: Actor,
    },
    /// Takes back one's own finish, no-show, cancel or transfer.
    Undo {
        ticket: TicketId,
        /// The counter at which whoever acts sits.
        counter: Option<CounterId>,
        by: Actor,
    },
    OpenCounter {
        counter: CounterId,
        staff: StaffId,
    },
    /// What a counter serves for the rest of the day.
    AssignCounter {
        counter: CounterId,
        services: Vec<ServiceId>,
        by: StaffId,
    },
    PauseCounter {
        counter: CounterId,
    },
    CloseCounter {
        counter: CounterId,
    },
    /// Whoever sits at a counter asks to close it, for a reason of the config's list.
    RequestClosure {
        counter: CounterId,
        reason: ReasonId,
        by: StaffId,
    },
    /// A supervisor's answer; or the clerk's own, who needs it no more.
    DecideClosure {
        counter: CounterId,
        granted: bool,
        by: StaffId,
    },
    /// A line for everyone to read in the lobby, until a moment of the same day.
    PostNotice {
        text: Text,
        until: At,
        by: StaffId,
    },
    /// The same taken down before its time.
    EndNotice {
        notice: NoticeId,
        by: StaffId,
    },
    /// Somebody knows of what is wrong and sees to it.
    AcknowledgeAlarm {
        alarm: AlarmId,
        by: StaffId,
    },
    /// No numbers for a service, for a reason that visitors are told.
    StopService {
        service: ServiceId,
        reason: ReasonId,
        /// When numbers are given again by themselves; at the latest when the day ends.
        until: Option<At>,
        by: Actor,
    },
    /// Numbers again.
    AcceptService {
        service: ServiceId,
        by: Actor,
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
    /// How a printer or a kiosk is, as the house sees it.
    ReportPart {
        part: Part,
        /// None: it works.
        trouble: Option<PartTrouble>,
        /// Since when, where that is known better than by the report.
        since: Option<At>,
    },
    /// The box was dark, before it started.
    ReportDark {
        trouble: BoxTrouble,
        /// The last sign of life.
        from: At,
        /// The first one after it.
        to: At,
    },
    /// Another config is in force from here on.
    ChangeRules(InForce),
    /// The box has started: what the last run left on its way is uncertain now.
    Settle,
    /// The box has started on another journal than the one it wrote last.
    Recover(Recovery),
    /// The clock has moved: change the day, note what opened and closed.
    Tick,
}
