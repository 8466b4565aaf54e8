//! One business day in memory: what the events of the day add up to.
//!
//! The collections share their structure between copies, so a copy costs next to nothing: the hall
//! keeps the committed day beside the one it works on, and hands committed days to every reader.

use std::sync::Arc;

use chrono::NaiveDate;
use imbl::{HashMap, OrdMap, OrdSet, Vector};

use super::{
    At, Class, Closed, CounterId, CounterPhase, CounterState, Event, Lineage, Prefix, PrinterId, Recorded,
    Seq, ServiceId, SlipId, SlipRecord, SlipState, Ticket, TicketId, TicketNumber, TicketState,
};

/// Calls kept for screens that come back after a break: more than a lobby speaks in ten minutes.
pub const CALLS_KEPT: usize = 64;

/// A place in the queue: the instant it counts from, then the journal line.
pub type Rank = (At, TicketId);

/// Who waits for one service, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waiting {
    pub regular: OrdSet<Rank>,
    pub priority: OrdSet<Rank>,
}

impl Waiting {
    pub fn len(&self) -> usize {
        self.regular.len() + self.priority.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn class_mut(&mut self, class: Class) -> &mut OrdSet<Rank> {
        match class {
            Class::Regular => &mut self.regular,
            Class::Priority => &mut self.priority,
        }
    }
}

/// One call as the lobby shows and speaks it. A recall is a call of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub seq: Seq,
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub counter: CounterId,
    pub at: At,
    pub recall: bool,
}

/// The day.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    lineage: Lineage,
    seq: Seq,
    date: Option<NaiveDate>,
    tickets: OrdMap<TicketId, Arc<Ticket>>,
    waiting: HashMap<ServiceId, Waiting>,
    last_numbers: HashMap<Prefix, u32>,
    counters: OrdMap<CounterId, CounterState>,
    slips: OrdMap<SlipId, Arc<SlipRecord>>,
    queued_slips: OrdSet<SlipId>,
    closed: HashMap<ServiceId, Option<Closed>>,
    calls: Vector<Call>,
}

impl Day {
    /// The day before the first event: empty, standing at line `seq` of the journal.
    pub fn blank(lineage: Lineage, seq: Seq) -> Self {
        Self {
            lineage,
            seq,
            date: None,
            tickets: OrdMap::new(),
            waiting: HashMap::new(),
            last_numbers: HashMap::new(),
            counters: OrdMap::new(),
            slips: OrdMap::new(),
            queued_slips: OrdSet::new(),
            closed: HashMap::new(),
            calls: Vector::new(),
        }
    }

    pub fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// The last journal line this day has believed.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The business day; none before the very first event of a journal.
    pub fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(&id).map(Arc::as_ref)
    }

    /// Every ticket of the day, in the order of issue.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values().map(Arc::as_ref)
    }

    pub fn ticket_numbered(&self, number: &TicketNumber) -> Option<&Ticket> {
        self.tickets().find(|ticket| &ticket.number == number)
    }

    pub fn waiting(&self, service: &ServiceId) -> Option<&Waiting> {
        self.waiting.get(service)
    }

    /// What a counter is doing; a counter nobody opened today is closed.
    pub fn counter(&self, id: &CounterId) -> CounterState {
        self.counters.get(id).cloned().unwrap_or_default()
    }

    /// The ticket a counter has called or is serving.
    pub fn active(&self, counter: &CounterId) -> Option<&Ticket> {
        self.ticket(self.counters.get(counter)?.active?)
    }

    pub fn counters(&self) -> impl Iterator<Item = (&CounterId, &CounterState)> {
        self.counters.iter()
    }

    pub fn slip(&self, id: SlipId) -> Option<&SlipRecord> {
        self.slips.get(&id).map(Arc::as_ref)
    }

    pub fn slips(&self) -> impl Iterator<Item = &SlipRecord> {
        self.slips.values().map(Arc::as_ref)
    }

    /// Slips nobody has reported on yet, oldest first.
    pub fn queued_slips(&self) -> impl Iterator<Item = &SlipRecord> {
        self.queued_slips.iter().filter_map(|id| self.slip(*id))
    }

    /// What the journal last said about a service: `None` before it said anything today.
    pub fn told_closed(&self, service: &ServiceId) -> Option<Option<Closed>> {
        self.closed.get(service).copied()
    }

    /// The last calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// The number the next ticket with this prefix will bear.
    pub fn next_number(&self, prefix: &Prefix) -> TicketNumber {
        let last = self.last_numbers.get(prefix).copied().unwrap_or(0);
        TicketNumber { prefix: prefix.clone(), n: last + 1 }
    }

    /// Believes one committed event. Never refuses: what is on disk has happened.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (seq, at) = (recorded.seq, recorded.at);
        self.seq = seq;
        match &recorded.event {
            Event::DayChanged { to, .. } => {
                *self = Self { date: Some(*to), ..Self::blank(self.lineage.clone(), seq) };
            }
            Event::ServiceOpened { service } => {
                self.closed.insert(service.clone(), None);
            }
            Event::ServiceClosed { service, code, until } => {
                self.closed.insert(service.clone(), Some(Closed { code: *code, until: *until }));
            }
            Event::TicketIssued {
                ticket, number, service, class, language, origin, printer, nonce, ..
            } => {
                let slip = printer.as_ref().map(|printer| self.queue_slip(recorded, *ticket, printer, false));
                self.last_numbers.insert(number.prefix.clone(), number.n);
                self.tickets.insert(
                    *ticket,
                    Arc::new(Ticket {
                        id: *ticket,
                        number: number.clone(),
                        service: service.clone(),
                        class: *class,
                        language: *language,
                        origin: origin.clone(),
                        printer: printer.clone(),
                        nonce: *nonce,
                        state: TicketState::Waiting,
                        seq,
                        rank_at: at,
                        issued_at: at,
                        counter: None,
                        calls: 0,
                        called_at: None,
                        recalled_at: None,
                        started_at: None,
                        ended_at: None,
                        slip,
                    }),
                );
                self.waiting.entry(service.clone()).or_default().class_mut(*class).insert((at, *ticket));
            }
            Event::TicketCalled { ticket, number, counter, regulars_since_overtaking } => {
                self.leave_queue(*ticket);
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::Called;
                    ticket.counter = Some(counter.clone());
                    ticket.calls += 1;
                    ticket.called_at = Some(at);
                    ticket.recalled_at = None;
                });
                let state = self.counters.entry(counter.clone()).or_default();
                state.active = Some(*ticket);
                state.regulars_since_overtaking = *regulars_since_overtaking;
                state.last_call_at = Some(at);
                self.note_call(Call {
                    seq,
                    ticket: *ticket,
                    number: number.clone(),
                    counter: counter.clone(),
                    at,
                    recall: false,
                });
            }
            Event::TicketRecalled { ticket, number, counter, calls } => {
                self.change(*ticket, seq, |ticket| {
                    ticket.calls = *calls;
                    ticket.recalled_at = Some(at);
                });
                self.note_call(Call {
                    seq,
                    ticket: *ticket,
                    number: number.clone(),
                    counter: counter.clone(),
                    at,
                    recall: true,
                });
            }
            Event::ServiceStarted { ticket, .. } => self.change(*ticket, seq, |ticket| {
                ticket.state = TicketState::Serving;
                ticket.started_at = Some(at);
            }),
            Event::ServiceFinished { ticket, counter, .. } => {
                self.end(*ticket, TicketState::Done, Some(counter), seq, at);
            }
            Event::TicketMissed { ticket, counter } => {
                self.end(*ticket, TicketState::NoShow, Some(counter), seq, at);
            }
            Event::TicketCancelled { ticket, counter, .. } => {
                self.leave_queue(*ticket);
                self.end(*ticket, TicketState::Cancelled, counter.as_ref(), seq, at);
            }
            Event::TicketHandedBack { ticket, counter } => {
                self.free(counter);
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::Waiting;
                    ticket.started_at = None;
                });
                if let Some(back) = self.tickets.get(ticket).cloned() {
                    self.waiting
                        .entry(back.service.clone())
                        .or_default()
                        .class_mut(back.class)
                        .insert((back.rank_at, back.id));
                }
            }
            Event::CounterOpened { counter, staff } => {
                let state = self.counters.entry(counter.clone()).or_default();
                state.phase = CounterPhase::Open;
                state.staff = Some(staff.clone());
                state.since = Some(at);
            }
            Event::CounterPaused { counter } => {
                let state = self.counters.entry(counter.clone()).or_default();
                state.phase = CounterPhase::Paused;
                state.since = Some(at);
            }
            Event::CounterClosed { counter } => {
                let state = self.counters.entry(counter.clone()).or_default();
                state.phase = CounterPhase::Closed;
                state.staff = None;
                state.since = Some(at);
            }
            Event::SlipSettled { slip, outcome, by, .. } => {
                self.queued_slips.remove(slip);
                if let Some(record) = self.slips.get_mut(slip) {
                    let record = Arc::make_mut(record);
                    record.state = outcome.state();
                    // What spoils a slip is the trouble it was in.
                    if outcome.state() != SlipState::Spoiled {
                        record.trouble = outcome.trouble();
                    }
                    record.settled_by = by.clone();
                }
            }
            Event::TicketReprinted { ticket, printer, .. } => {
                let slip = self.queue_slip(recorded, *ticket, printer, true);
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    // Not a change of where the ticket stands: acts that saw it before are not stale.
                    Arc::make_mut(ticket).slip = Some(slip);
                }
            }
        }
    }

    fn queue_slip(
        &mut self,
        recorded: &Recorded,
        ticket: TicketId,
        printer: &PrinterId,
        reprint: bool,
    ) -> SlipId {
        let id = SlipId(recorded.seq);
        let record = SlipRecord {
            id,
            ticket,
            printer: printer.clone(),
            reprint,
            state: SlipState::Queued,
            trouble: None,
            settled_by: None,
            queued_at: recorded.at,
        };
        self.slips.insert(id, Arc::new(record));
        self.queued_slips.insert(id);
        id
    }

    fn change(&mut self, ticket: TicketId, seq: Seq, change: impl FnOnce(&mut Ticket)) {
        if let Some(ticket) = self.tickets.get_mut(&ticket) {
            let ticket = Arc::make_mut(ticket);
            ticket.seq = seq;
            change(ticket);
        }
    }

    fn end(&mut self, ticket: TicketId, state: TicketState, counter: Option<&CounterId>, seq: Seq, at: At) {
        if let Some(counter) = counter {
            self.free(counter);
        }
        self.change(ticket, seq, |ticket| {
            ticket.state = state;
            ticket.ended_at = Some(at);
        });
    }

    fn free(&mut self, counter: &CounterId) {
        if let Some(state) = self.counters.get_mut(counter) {
            state.active = None;
        }
    }

    fn leave_queue(&mut self, ticket: TicketId) {
        let Some(ticket) = self.tickets.get(&ticket) else { return };
        if let Some(waiting) = self.waiting.get_mut(&ticket.service) {
            waiting.class_mut(ticket.class).remove(&(ticket.rank_at, ticket.id));
        }
    }

    fn note_call(&mut self, call: Call) {
        self.calls.push_back(call);
        if self.calls.len() > CALLS_KEPT {
            self.calls.pop_front();
        }
    }

    /// What must hold after every event; the first broken rule in words.
    ///
    /// # Errors
    /// A sentence naming the rule and what breaks it.
    pub fn check(&self) -> Result<(), String> {
        let mut numbers = std::collections::HashSet::new();
        for ticket in self.tickets() {
            if !numbers.insert(&ticket.number) {
                return Err(format!("{} was given twice", ticket.number));
            }
            let queued = self.waiting.get(&ticket.service).is_some_and(|waiting| {
                let place = (ticket.rank_at, ticket.id);
                waiting.regular.contains(&place) || waiting.priority.contains(&place)
            });
            if queued != (ticket.state == TicketState::Waiting) {
                return Err(format!("{} is {:?}, in the queue: {queued}", ticket.number, ticket.state));
            }
            let holders = self.counters.values().filter(|counter| counter.active == Some(ticket.id)).count();
            if holders != usize::from(ticket.state.is_active()) {
                return Err(format!("{} is {:?} at {holders} counters", ticket.number, ticket.state));
            }
        }
        let queued: usize = self.waiting.values().map(Waiting::len).sum();
        let waiting = self.tickets().filter(|ticket| ticket.state == TicketState::Waiting).count();
        if queued != waiting {
            return Err(format!("{queued} places in the queue for {waiting} waiting tickets"));
        }
        for (id, counter) in &self.counters {
            if counter.active.is_some() && counter.phase != CounterPhase::Open {
                return Err(format!("{id} is {:?} with a ticket", counter.phase));
            }
        }
        for slip in self.slips() {
            if self.queued_slips.contains(&slip.id) != (slip.state == SlipState::Queued) {
                return Err(format!("slip {} is {:?} and wrongly listed", slip.id, slip.state));
            }
        }
        Ok(())
    }
}
