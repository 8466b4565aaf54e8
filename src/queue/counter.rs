//! Counters: the numbered desks, and what each is doing now.

use serde::{Deserialize, Serialize};

use super::{AgencyId, At, CounterId, ReasonId, Seq, ServiceId, StaffId, TicketId, Week, ZoneId};

/// A numbered desk as the config names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    pub id: CounterId,
    /// The number on the sign above it.
    pub number: u16,
    pub agency: AgencyId,
    /// What it serves; never empty.
    pub services: Vec<ServiceId>,
    pub zone: Option<ZoneId>,
    /// Hours of its own, where it is not there all day. When they end it closes by itself once nobody is
    /// at it; who opens it all the same is welcome.
    pub hours: Option<Week>,
}

/// Whether a counter takes visitors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterPhase {
    #[default]
    Closed,
    Open,
    Paused,
}

/// What the day knows of one counter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CounterState {
    pub phase: CounterPhase,
    /// Since when in this phase.
    pub since: Option<At>,
    /// The journal line that opened, paused, assigned or closed it last, and when.
    pub last_act: Option<(Seq, At)>,
    pub staff: Option<StaffId>,
    /// What it serves today, where that is not what the config says.
    pub assigned: Option<Vec<ServiceId>>,
    /// The one ticket it has called or is serving.
    pub active: Option<TicketId>,
    /// Regular tickets called since this counter last let a priority ticket overtake; none before
    /// the first overtaking of the day, when the way is free.
    pub regulars_since_overtaking: Option<u32>,
    /// When it last became free.
    pub freed_at: Option<At>,
    /// Since when it has been occupied by its present ticket, the way to the counter included.
    pub cycle_from: Option<At>,
    /// When it last called by call-next.
    pub last_call_at: Option<At>,
    /// What whoever sits there asks the supervisor.
    pub closure: Option<Closure>,
}

/// A request to close a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    pub reason: ReasonId,
    pub by: StaffId,
    pub at: At,
    /// The answer was yes: it closes once nobody is at it.
    pub granted: bool,
}

impl CounterState {
    /// The visitor at it is the last.
    pub fn is_closing(&self) -> bool {
        self.closure.as_ref().is_some_and(|closure| closure.granted)
    }
}
