//! Facts. An event has happened, is on disk, and says everything needed to believe it: applying one
//! never reads config, clock or chance. Variants and fields are only ever added.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::command::{Actor, Delivery};
use super::{
    AgencyId, AlarmId, At, Belief, Class, ClosedCode, CounterId, Doubt, Failure, Forecast, Language, Nonce,
    NoticeId, Origin, OutcomeId, Part, PartTrouble, PrinterId, ReasonId, Recovered, ServiceId, SlipId,
    SlipOutcome, StaffId, Text, TicketId, TicketNumber, TicketState, Warning,
};

/// Line number in the journal, from 1; 0 is before the first line.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Random name of one journal. A restore takes a new one, so that no screen mistakes line 7 of one
/// journal for line 7 of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Lineage(pub std::sync::Arc<str>);

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub seq: Seq,
    pub at: At,
    /// The business day it belongs to.
    pub day: NaiveDate,
    pub event: Event,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// The outcome of a service that was still going on when the business day ended.
pub const DAY_ENDED: &str = "day_ended";

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undone {
    Finish,
    NoShow,
    Cancel,
    Transfer,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A business day began. What was open of the day before is settled with it.
    DayChanged {
        from: Option<NaiveDate>,
        to: NaiveDate,
        /// Never served: waiting, called or missed when the day ended.
        expired: Vec<TicketId>,
        /// Being served when the day ended.
        ended: Vec<TicketId>,
        /// Counters that were still open or paused.
        closed: Vec<CounterId>,
        /// How long the last visitors took, seconds, oldest first: the morning's forecasts begin with
        /// them.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        cycles: BTreeMap<ServiceId, Vec<u32>>,
        /// What is believed of the system's clock.
        #[serde(default, skip_serializing_if = "Belief::is_plain")]
        clock: Belief,
        /// The config that was in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        config: Option<Arc<InForce>>,
        /// What is out, and stays so.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        failed: BTreeMap<Part, Failure>,
        /// Tickets since the last that was invited to the survey: they are counted on.
        #[serde(default, skip_serializing_if = "is_zero")]
        since_invited: u32,
    },
    /// Another config is in force: at a start, or while the box runs. What happened before stays as it was.
    RulesChanged(Arc<InForce>),
    /// The system's clock is not believed any more.
    ClockDoubted {
        why: Doubt,
        /// What it shows.
        system: At,
    },
    /// The system's clock is believed again, of itself.
    ClockBelieved {
        /// To be added to it.
        offset_ms: i64,
        #[serde(flatten)]
        moved: Moved,
    },
    /// A person has said what time it is.
    ClockConfirmed {
        offset_ms: i64,
        #[serde(flatten)]
        moved: Moved,
        by: Actor,
    },
    /// Numbers for a service can be had.
    ServiceOpened {
        service: ServiceId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warning: Option<Warning>,
    },
    /// Numbers for a service cannot be had; the fields are those of [`Closed`](super::Closed).
    ServiceClosed {
        service: ServiceId,
        code: ClosedCode,
        until: Option<At>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<At>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Text>,
    },
    /// Staff give no numbers for a service.
    ServiceStopped {
        service: ServiceId,
        agency: AgencyId,
        reason: ReasonId,
        /// What visitors are told.
        name: Text,
        until: Option<At>,
        by: Actor,
    },
    /// Staff give numbers for it again.
    ServiceAccepted {
        service: ServiceId,
        by: Actor,
    },
    TicketIssued {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        agency: AgencyId,
        class: Class,
        language: Language,
        origin: Origin,
        /// The printer asked for a slip; the slip is named by this line.
        printer: Option<PrinterId>,
        nonce: Nonce,
        /// How long it was told to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        forecast: Option<Forecast>,
        /// Handed out on paper while the box was dark, and adopted now: when the visitor came. The number
        /// is of a band of its own, and ordinary numbering goes on where it stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entered_at: Option<At>,
        /// Asked to answer the survey, once served.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        invited: bool,
    },
    TicketCalled {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterId,
        /// Regular tickets this counter called since its last overtaking, after this call.
        regulars_since_overtaking: Option<u32>,
        /// Why out of turn, where somebody chose this ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonId>,
    },
    TicketRecalled {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterId,
        /// How often it has been called now.
        calls: u32,
    },
    ServiceStarted {
        ticket: TicketId,
        counter: CounterId,
    },
    ServiceFinished {
        ticket: TicketId,
        counter: CounterId,
        outcome: OutcomeId,
        /// What the visitor really came for, and the agency it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrected: Option<(ServiceId, AgencyId)>,
        /// What was delivered, the service itself included.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        delivered: Vec<Delivery>,
    },
    /// The visitor fetches something; the counter is free.
    TicketHeld {
        ticket: TicketId,
        counter: CounterId,
        reason: ReasonId,
        until: At,
    },
    /// The time of a hold is over: the ticket waits again, with its old rank.
    HoldEnded {
        ticket: TicketId,
    },
    /// A ticket on hold was called to a counter.
    TicketResumed {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterId,
    },
    /// A stop has ended and the next begun.
    TicketTransferred {
        ticket: TicketId,
        /// Whence.
        counter: CounterId,
        service: ServiceId,
        agency: AgencyId,
        /// The one counter that may call it.
        only_at: Option<CounterId>,
        rank_at: At,
        /// It had been served there: a referral.
        served: bool,
    },
    /// Who was missed waits again.
    TicketReturned {
        ticket: TicketId,
        rank_at: At,
        by: Actor,
    },
    ClassChanged {
        ticket: TicketId,
        class: Class,
        by: Actor,
    },
    /// An act was taken back: the ticket stands as it stood before.
    TicketReopened {
        ticket: TicketId,
        undone: Undone,
        state: TicketState,
        /// The service it waited for when the act was taken back.
        left: ServiceId,
        service: ServiceId,
        agency: AgencyId,
        /// Where it stands again, called or in service.
        counter: Option<CounterId>,
        /// How often it had been called to its last counter, and when first; old lines do not say.
        #[serde(default)]
        calls: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        called_at: Option<At>,
        by: Actor,
    },
    TicketMissed {
        ticket: TicketId,
        counter: CounterId,
    },
    TicketCancelled {
        ticket: TicketId,
        counter: Option<CounterId>,
        by: Actor,
    },
    /// A counter closed with this ticket called or in service: it waits again, with its old rank.
    TicketHandedBack {
        ticket: TicketId,
        counter: CounterId,
    },
    CounterOpened {
        counter: CounterId,
        staff: StaffId,
    },
    CounterPaused {
        counter: CounterId,
    },
    /// What a counter serves for the rest of the day.
    CounterAssigned {
        counter: CounterId,
        services: Vec<ServiceId>,
        by: StaffId,
    },
    CounterClosed {
        counter: CounterId,
    },
    /// Whoever sits at a counter asks to close it.
    ClosureRequested {
        counter: CounterId,
        reason: ReasonId,
        by: StaffId,
    },
    /// What was answered. A counter whose closure is granted closes once nobody is at it.
    ClosureDecided {
        counter: CounterId,
        granted: bool,
        by: StaffId,
    },
    /// A line for everyone to read; it is named by this line of the journal.
    NoticePosted {
        notice: NoticeId,
        text: Text,
        until: At,
        by: StaffId,
    },
    /// The line is taken down: by somebody, or because its time is over.
    NoticeEnded {
        notice: NoticeId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
    },
    AlarmAcknowledged {
        alarm: AlarmId,
        by: StaffId,
    },
    SlipSettled {
        slip: SlipId,
        ticket: TicketId,
        outcome: SlipOutcome,
        /// Who said so, where that was not the printer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
    },
    /// A slip was asked for again; it is named by this line.
    TicketReprinted {
        ticket: TicketId,
        printer: PrinterId,
        by: StaffId,
    },
    /// A printer or a kiosk cannot do its work; or the box could not.
    PartFailed {
        part: Part,
        trouble: PartTrouble,
        /// Since when, where that was long before it could be written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<At>,
    },
    /// It can again, or has another trouble, or nobody misses it any more.
    PartMended {
        part: Part,
        /// Until when it was out, where that was long before it could be written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<At>,
    },
    /// The lines before this one are not all that the house wrote: a backup was put back, or damage was mended.
    Recovered(Recovered),
}

/// A config that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// SHA-256 of the config and the files it names, in hex.
    pub hash: String,
    /// Some of it waits until the business day ends, or for a restart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partly: bool,
}

/// How far the time of the house moved, and since when what was noted has to move with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub step_ms: i64,
    /// None: the time was not doubted, and what was noted stands.
    pub since: Option<At>,
}

impl Event {
    /// Whether a hall full of screens must hear of it at once. A number that was given changes no more there than how
    /// many wait; slips, printers and what staff agree on are not shown there at all. Whatever is not named here is
    /// urgent.
    pub fn is_urgent(&self) -> bool {
        !matches!(
            self,
            Self::TicketIssued { .. }
                | Self::SlipSettled { .. }
                | Self::TicketReprinted { .. }
                | Self::PartFailed { .. }
                | Self::PartMended { .. }
                | Self::AlarmAcknowledged { .. }
                | Self::ClosureRequested { .. }
        )
    }

    /// The ticket it is about.
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::TicketIssued { ticket, .. }
            | Self::TicketCalled { ticket, .. }
            | Self::TicketRecalled { ticket, .. }
            | Self::ServiceStarted { ticket, .. }
            | Self::ServiceFinished { ticket, .. }
            | Self::TicketHeld { ticket, .. }
            | Self::HoldEnded { ticket }
            | Self::TicketResumed { ticket, .. }
            | Self::TicketTransferred { ticket, .. }
            | Self::TicketReturned { ticket, .. }
            | Self::ClassChanged { ticket, .. }
            | Self::TicketReopened { ticket, .. }
            | Self::TicketMissed { ticket, .. }
            | Self::TicketCancelled { ticket, .. }
            | Self::TicketHandedBack { ticket, .. }
            | Self::SlipSettled { ticket, .. }
            | Self::TicketReprinted { ticket, .. } => Some(*ticket),
            Self::DayChanged { .. }
            | Self::RulesChanged(_)
            | Self::ClockDoubted { .. }
            | Self::ClockBelieved { .. }
            | Self::ClockConfirmed { .. }
            | Self::ServiceOpened { .. }
            | Self::ServiceClosed { .. }
            | Self::ServiceStopped { .. }
            | Self::ServiceAccepted { .. }
            | Self::CounterOpened { .. }
            | Self::CounterPaused { .. }
            | Self::CounterAssigned { .. }
            | Self::CounterClosed { .. }
            | Self::ClosureRequested { .. }
            | Self::ClosureDecided { .. }
            | Self::NoticePosted { .. }
            | Self::NoticeEnded { .. }
            | Self::AlarmAcknowledged { .. }
            | Self::PartFailed { .. }
            | Self::PartMended { .. }
            | Self::Recovered(_) => None,
        }
    }

    /// The word in the journal's `event` column.
    pub fn name(&self) -> &'static str {
        match self {
            Self::DayChanged { .. } => "day_changed",
            Self::RulesChanged(_) => "rules_changed",
            Self::ClockDoubted { .. } => "clock_doubted",
            Self::ClockBelieved { .. } => "clock_believed",
            Self::ClockConfirmed { .. } => "clock_confirmed",
            Self::ServiceOpened { .. } => "service_opened",
            Self::ServiceClosed { .. } => "service_closed",
            Self::ServiceStopped { .. } => "service_stopped",
            Self::ServiceAccepted { .. } => "service_accepted",
            Self::TicketIssued { .. } => "ticket_issued",
            Self::TicketCalled { .. } => "ticket_called",
            Self::TicketRecalled { .. } => "ticket_recalled",
            Self::ServiceStarted { .. } => "service_started",
            Self::ServiceFinished { .. } => "service_finished",
            Self::TicketMissed { .. } => "ticket_missed",
            Self::TicketHeld { .. } => "ticket_held",
            Self::HoldEnded { .. } => "hold_ended",
            Self::TicketResumed { .. } => "ticket_resumed",
            Self::TicketTransferred { .. } => "ticket_transferred",
            Self::TicketReturned { .. } => "ticket_returned",
            Self::ClassChanged { .. } => "class_changed",
            Self::TicketReopened { .. } => "ticket_reopened",
            Self::TicketCancelled { .. } => "ticket_cancelled",
            Self::TicketHandedBack { .. } => "ticket_handed_back",
            Self::CounterOpened { .. } => "counter_opened",
            Self::CounterPaused { .. } => "counter_paused",
            Self::CounterAssigned { .. } => "counter_assigned",
            Self::CounterClosed { .. } => "counter_closed",
            Self::ClosureRequested { .. } => "closure_requested",
            Self::ClosureDecided { .. } => "closure_decided",
            Self::NoticePosted { .. } => "notice_posted",
            Self::NoticeEnded { .. } => "notice_ended",
            Self::AlarmAcknowledged { .. } => "alarm_acknowledged",
            Self::SlipSettled { .. } => "slip_settled",
            Self::TicketReprinted { .. } => "ticket_reprinted",
            Self::PartFailed { .. } => "part_failed",
            Self::PartMended { .. } => "part_mended",
            Self::Recovered(_) => "recovered",
        }
    }
}
