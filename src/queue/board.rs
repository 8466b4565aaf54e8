//! What everyone may see of the day, and how it changes.
//!
//! **Invariant:** these types are an allow-list. No token, nonce, staff name, class, key, or reason given
//! for a visitor is reachable from them; why a service gives no numbers is for visitors, and is. What is
//! not a field here does not leave the house without a session.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::day::Call;
use super::{
    Agency, AgencyId, At, Class, Closed, Counter, CounterId, CounterPhase, Day, Event, Forecast, Lineage,
    Nonce, Notice, Prefix, Recorded, Reference, Rules, Seq, Service, ServiceId, SlipState, Text, Ticket,
    TicketId, TicketNumber, TicketState, Told, Warning, ZoneId, forecast, turn,
};

/// The present, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Board {
    pub lineage: Lineage,
    pub seq: Seq,
    pub day: Option<NaiveDate>,
    pub agencies: Vec<AgencyRow>,
    pub counters: Vec<CounterRow>,
    /// The last calls, oldest first.
    pub calls: Vec<CallRow>,
    /// What a supervisor tells everyone, oldest first.
    #[serde(default)]
    pub notices: Vec<Notice>,
}

/// One agency on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgencyRow {
    pub id: AgencyId,
    pub name: Text,
    pub prefix: Prefix,
    /// Open when any of its services is.
    pub open: bool,
    pub closed: Option<Closed>,
    /// What holds for every service that is open.
    #[serde(default)]
    pub warning: Option<Warning>,
    pub waiting: usize,
    pub services: Vec<ServiceRow>,
}

/// One service on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceRow {
    pub id: ServiceId,
    pub name: Text,
    pub prefix: Prefix,
    pub open: bool,
    pub closed: Option<Closed>,
    #[serde(default)]
    pub warning: Option<Warning>,
    pub waiting: usize,
}

/// What a counter is doing, as the lobby knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterActivity {
    Closed,
    Paused,
    Ready,
    Called,
    Serving,
}

/// One counter on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CounterRow {
    pub id: CounterId,
    pub number: u16,
    pub agency: AgencyId,
    pub zone: Option<ZoneId>,
    pub services: Vec<ServiceId>,
    pub state: CounterActivity,
    /// The number called or in service.
    pub ticket: Option<TicketNumber>,
}

/// One call, for the lobby to show and speak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRow {
    pub seq: Seq,
    pub number: TicketNumber,
    pub agency: Option<AgencyId>,
    pub counter: CounterId,
    pub counter_number: Option<u16>,
    pub zone: Option<ZoneId>,
    #[schema(value_type = String, format = DateTime)]
    pub at: At,
    pub recall: bool,
}

/// One change of the board: the rows that are new, and the call if there was one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicEvent {
    pub seq: Seq,
    #[schema(value_type = String, format = DateTime)]
    pub at: At,
    pub day: Option<NaiveDate>,
    pub agencies: Vec<AgencyRow>,
    pub counters: Vec<CounterRow>,
    pub call: Option<CallRow>,
    /// The calls of the day before are over.
    pub day_changed: bool,
    /// All notices, where they have changed.
    #[serde(default)]
    pub notices: Option<Vec<Notice>>,
}

impl Board {
    /// The board of a committed day.
    pub fn of(rules: &Rules, day: &Day) -> Self {
        Self {
            lineage: day.lineage().clone(),
            seq: day.seq(),
            day: day.date(),
            agencies: rules.agencies.iter().map(|agency| agency_row(day, agency)).collect(),
            counters: rules.counters.iter().map(|counter| counter_row(day, counter)).collect(),
            calls: day.calls().map(|call| call_row(rules, call)).collect(),
            notices: day.notices().cloned().collect(),
        }
    }

    /// Follows one change, as every screen does.
    pub fn apply(&mut self, event: &PublicEvent) {
        self.seq = event.seq;
        self.day = event.day;
        for row in &event.agencies {
            if let Some(mine) = self.agencies.iter_mut().find(|mine| mine.id == row.id) {
                *mine = row.clone();
            }
        }
        for row in &event.counters {
            if let Some(mine) = self.counters.iter_mut().find(|mine| mine.id == row.id) {
                *mine = row.clone();
            }
        }
        if event.day_changed {
            self.calls.clear();
        }
        if let Some(notices) = &event.notices {
            self.notices.clone_from(notices);
        }
        if let Some(call) = &event.call {
            self.calls.push(call.clone());
            if self.calls.len() > super::day::CALLS_KEPT {
                self.calls.remove(0);
            }
        }
    }
}

impl PublicEvent {
    /// What everyone may know of a committed event; `after` is the day that has just believed it.
    pub fn of(rules: &Rules, after: &Day, recorded: &Recorded) -> Self {
        let mut told = Self {
            seq: recorded.seq,
            at: recorded.at,
            day: after.date(),
            agencies: vec![],
            counters: vec![],
            call: None,
            day_changed: false,
            notices: None,
        };
        let (mut services, mut counter) = (Vec::new(), None);
        let of = |ticket: &TicketId| after.ticket(*ticket).map(|ticket| &ticket.service);
        match &recorded.event {
            Event::DayChanged { .. } => {
                let board = Board::of(rules, after);
                (told.agencies, told.counters, told.day_changed) = (board.agencies, board.counters, true);
                told.notices = Some(board.notices);
            }
            Event::ServiceOpened { service: of, .. }
            | Event::ServiceClosed { service: of, .. }
            | Event::TicketIssued { service: of, .. } => services.push(of),
            Event::TicketCalled { ticket, counter: at, .. }
            | Event::TicketTransferred { ticket, counter: at, .. }
            | Event::TicketHandedBack { ticket, counter: at } => {
                services.extend(of(ticket));
                counter = Some(at);
            }
            Event::HoldEnded { ticket } | Event::TicketReturned { ticket, .. } => services.extend(of(ticket)),
            Event::TicketCancelled { ticket, counter: at, .. } => {
                services.extend(of(ticket));
                counter = at.as_ref();
            }
            Event::TicketReopened { service, left, counter: at, .. } => {
                services.extend([service, left]);
                counter = at.as_ref();
            }
            Event::TicketRecalled { counter: at, .. }
            | Event::ServiceStarted { counter: at, .. }
            | Event::ServiceFinished { counter: at, .. }
            | Event::TicketMissed { counter: at, .. }
            | Event::TicketHeld { counter: at, .. }
            | Event::TicketResumed { counter: at, .. }
            | Event::CounterAssigned { counter: at, .. }
            | Event::CounterOpened { counter: at, .. }
            | Event::CounterPaused { counter: at }
            | Event::CounterClosed { counter: at } => counter = Some(at),
            // Who is open now is told by the lines that follow.
            Event::ServiceStopped { .. } | Event::ServiceAccepted { .. } => {}
            Event::NoticePosted { .. } | Event::NoticeEnded { .. } => {
                told.notices = Some(after.notices().cloned().collect());
            }
            // Between a clerk and the supervisor, until the counter closes.
            Event::ClosureRequested { .. } | Event::ClosureDecided { .. } => {}
            // The clock's last answer moves a notice's time too.
            Event::ClockBelieved { .. } | Event::ClockConfirmed { .. } => {
                told.notices = Some(after.notices().cloned().collect());
            }
            // Names may have changed: whoever was away gets a fresh board.
            Event::RulesChanged(_) => {
                let board = Board::of(rules, after);
                (told.agencies, told.counters) = (board.agencies, board.counters);
            }
            Event::AlarmAcknowledged { .. }
            | Event::PartFailed { .. }
            | Event::PartMended { .. }
            | Event::Recovered(_)
            | Event::ClassChanged { .. }
            | Event::SlipSettled { .. }
            | Event::TicketReprinted { .. }
            | Event::ClockDoubted { .. } => {}
        }
        for (agency, _) in services.into_iter().filter_map(|service| rules.service(service)) {
            if told.agencies.iter().all(|row| row.id != agency.id) {
                told.agencies.push(agency_row(after, agency));
            }
        }
        if let Some(counter) = counter.and_then(|counter| rules.counter(counter)) {
            told.counters.push(counter_row(after, counter));
        }
        let calls = |event: &Event| {
            matches!(
                event,
                Event::TicketCalled { .. } | Event::TicketRecalled { .. } | Event::TicketResumed { .. }
            )
        };
        if calls(&recorded.event) {
            told.call = after.calls().next_back().map(|call| call_row(rules, call));
        }
        told
    }
}

fn agency_row(day: &Day, agency: &Agency) -> AgencyRow {
    let services: Vec<ServiceRow> = agency.services.iter().map(|service| service_row(day, service)).collect();
    let open = services.iter().any(|service| service.open);
    // Of several reasons the one after which numbers can be had first: then the visitor may come back.
    let reasons = services.iter().filter_map(|service| service.closed.as_ref());
    let soonest = reasons.min_by_key(|closed| (closed.opens.is_none(), closed.opens));
    let closed = if open { None } else { soonest.cloned() };
    let mut warnings = services.iter().filter(|service| service.open).map(|service| service.warning);
    let first = warnings.next().flatten();
    let warning = first.filter(|first| warnings.all(|other| other.as_ref() == Some(first)));
    AgencyRow {
        id: agency.id.clone(),
        name: agency.name.clone(),
        prefix: agency.prefix.clone(),
        open,
        closed,
        warning,
        waiting: services.iter().map(|service| service.waiting).sum(),
        services,
    }
}

fn service_row(day: &Day, service: &Service) -> ServiceRow {
    let (open, closed, warning) = match day.told(&service.id) {
        Some(Told::Open(warning)) => (true, None, *warning),
        Some(Told::Closed(closed)) => (false, Some(closed.clone()), None),
        None => (false, None, None),
    };
    ServiceRow {
        id: service.id.clone(),
        name: service.name.clone(),
        prefix: service.prefix.clone(),
        open,
        closed,
        warning,
        waiting: day.waiting_count(&service.id),
    }
}

/// What a counter is doing, in one word.
pub fn activity(day: &Day, counter: &CounterId) -> CounterActivity {
    match (day.counter(counter).phase, day.active(counter).map(|ticket| ticket.state)) {
        (_, Some(TicketState::Called)) => CounterActivity::Called,
        (_, Some(_)) => CounterActivity::Serving,
        (CounterPhase::Closed, None) => CounterActivity::Closed,
        (CounterPhase::Paused, None) => CounterActivity::Paused,
        (CounterPhase::Open, None) => CounterActivity::Ready,
    }
}

fn counter_row(day: &Day, counter: &Counter) -> CounterRow {
    CounterRow {
        id: counter.id.clone(),
        number: counter.number,
        agency: counter.agency.clone(),
        zone: counter.zone.clone(),
        services: day.services_at(counter).to_vec(),
        state: activity(day, &counter.id),
        ticket: day.active(&counter.id).map(|ticket| ticket.number.clone()),
    }
}

fn call_row(rules: &Rules, call: &Call) -> CallRow {
    let counter = rules.counter(&call.counter);
    CallRow {
        seq: call.seq,
        number: call.number.clone(),
        agency: counter.map(|counter| counter.agency.clone()),
        counter: call.counter.clone(),
        counter_number: counter.map(|counter| counter.number),
        zone: counter.and_then(|counter| counter.zone.clone()),
        at: call.at,
        recall: call.recall,
    }
}

/// One ticket, for whoever holds it or may act on it. Not public: it goes to its holder by token, to
/// the issuer once, and to staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketView {
    pub id: TicketId,
    pub number: TicketNumber,
    pub reference: Reference,
    pub service: ServiceId,
    pub agency: Option<AgencyId>,
    pub class: Class,
    pub state: TicketState,
    /// To be named by an act that must not hit something newer.
    pub seq: Seq,
    pub counter: Option<CounterId>,
    pub counter_number: Option<u16>,
    /// The numbers of the counters that may call it.
    pub counters: Vec<u16>,
    /// Tickets that would be called before it; none unless it waits.
    pub ahead: Option<u32>,
    /// How long it will wait, of a ticket that waits, where that can be said.
    pub forecast: Option<Forecast>,
    /// Where its newest slip stands; none if no printer was asked.
    pub slip: Option<SlipState>,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: At,
    /// Its visits to services so far, and when it came to this one.
    pub stop: u32,
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: At,
    /// When it waits again, of a ticket on hold.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub hold_until: Option<At>,
    /// Seconds of its service in which the visitor was away.
    pub away_s: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub called_at: Option<At>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recalled_at: Option<At>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<At>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<At>,
    /// Chance from which the token is made; it never leaves the house.
    #[serde(skip)]
    pub nonce: Nonce,
}

impl TicketView {
    /// A ticket as it stands at an instant.
    pub fn at(rules: &Rules, day: &Day, ticket: &Ticket, now: At) -> Self {
        Self { forecast: forecast::of_ticket(rules, day, ticket, now), ..Self::of(rules, day, ticket) }
    }

    /// A ticket as it stands whenever; nothing is foretold.
    pub fn of(rules: &Rules, day: &Day, ticket: &Ticket) -> Self {
        let counter = ticket.counter.as_ref();
        Self {
            id: ticket.id,
            number: ticket.number.clone(),
            reference: ticket.reference(),
            service: ticket.service.clone(),
            agency: rules.service(&ticket.service).map(|(agency, _)| agency.id.clone()),
            class: ticket.class,
            state: ticket.state,
            seq: ticket.seq,
            counter: counter.cloned(),
            counter_number: counter.and_then(|id| rules.counter(id)).map(|counter| counter.number),
            counters: day.counters_for(rules, ticket).map(|counter| counter.number).collect(),
            ahead: turn::ahead(rules, day, ticket),
            forecast: None,
            slip: ticket.slip.and_then(|slip| day.slip(slip)).map(|slip| slip.state),
            issued_at: ticket.issued_at,
            stop: ticket.stop,
            entered_at: ticket.entered_at,
            hold_until: ticket
                .hold
                .as_ref()
                .filter(|_| ticket.state == TicketState::OnHold)
                .map(|hold| hold.until),
            away_s: ticket.away_s,
            called_at: ticket.called_at,
            recalled_at: ticket.recalled_at,
            started_at: ticket.started_at,
            ended_at: ticket.ended_at,
            nonce: ticket.nonce,
        }
    }
}
