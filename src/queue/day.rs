//! One business day in memory: what the events of the day add up to.
//!
//! The collections share their structure between copies, so a copy costs next to nothing: the hall
//! keeps the committed day beside the one it works on, and hands committed days to every reader.

mod believe;
mod put_right;

use std::sync::Arc;

use chrono::NaiveDate;
use imbl::{HashMap, OrdMap, OrdSet, Vector};

use super::event::InForce;
use super::{
    Agency, AlarmId, At, Band, Belief, Class, Closed, Counter, CounterId, CounterPhase, CounterState,
    Failure, Lineage, Notice, NoticeId, Part, Prefix, Recovered, Rules, Seq, ServiceId, SlipId, SlipRecord,
    SlipState, StaffId, Stop, Ticket, TicketId, TicketNumber, TicketState, Told,
};

/// Calls kept for screens that come back after a break: more than a lobby speaks in ten minutes.
pub const CALLS_KEPT: usize = 64;

/// Cycles kept of a service: the last hour or two.
const CYCLES: usize = 30;
/// Those that are carried into the next morning.
const CYCLES_OVERNIGHT: usize = 12;
/// A counter that called nobody for longer than this, though somebody waited, was not at work.
const LONGEST_GAP_S: i64 = 300;

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

    pub fn of(&self, class: Class) -> &OrdSet<Rank> {
        match class {
            Class::Regular => &self.regular,
            Class::Priority => &self.priority,
        }
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
    /// Who may be called by one counter only, and waits for it.
    bound: OrdMap<CounterId, Waiting>,
    /// Who is on hold, by the moment at which they wait again.
    held: OrdSet<Rank>,
    last_numbers: HashMap<Prefix, u32>,
    counters: OrdMap<CounterId, CounterState>,
    slips: OrdMap<SlipId, Arc<SlipRecord>>,
    queued_slips: OrdSet<SlipId>,
    told: HashMap<ServiceId, Told>,
    stops: HashMap<ServiceId, Arc<Stop>>,
    /// Tickets issued for a service and not cancelled.
    places_taken: HashMap<ServiceId, u32>,
    /// The last line about a ticket of each service, and when.
    last_acts: HashMap<ServiceId, (Seq, At)>,
    /// How long the last visitors occupied a counter, seconds, oldest first.
    cycles: HashMap<ServiceId, Vector<u32>>,
    calls: Vector<Call>,
    /// What everyone is told, oldest first.
    notices: OrdMap<NoticeId, Arc<Notice>>,
    /// Alarms that somebody sees to.
    acknowledged: OrdMap<AlarmId, StaffId>,
    /// What is out.
    failed: OrdMap<Part, Failure>,
    /// Numbers given on paper while the box was dark.
    adopted: OrdSet<TicketNumber>,
    clock: Belief,
    config: Option<Arc<InForce>>,
    /// Tickets since the last that was invited to the survey, from one day to the next.
    since_invited: u32,
    /// What was lost and mended today.
    recovered: Option<Arc<Recovered>>,
    /// When the last line was written.
    last_at: Option<At>,
    /// The newest place in the queue: nobody who comes later stands before it, whatever the clock says.
    last_rank: Option<At>,
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
            bound: OrdMap::new(),
            held: OrdSet::new(),
            last_numbers: HashMap::new(),
            counters: OrdMap::new(),
            slips: OrdMap::new(),
            queued_slips: OrdSet::new(),
            told: HashMap::new(),
            stops: HashMap::new(),
            places_taken: HashMap::new(),
            last_acts: HashMap::new(),
            cycles: HashMap::new(),
            calls: Vector::new(),
            notices: OrdMap::new(),
            acknowledged: OrdMap::new(),
            failed: OrdMap::new(),
            adopted: OrdSet::new(),
            clock: Belief::default(),
            config: None,
            since_invited: 0,
            recovered: None,
            last_at: None,
            last_rank: None,
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

    /// The place of who comes now: behind everybody, even when the clock was set back.
    pub fn end_of_queue(&self, now: At) -> At {
        self.last_rank.map_or(now, |last| now.max(last))
    }

    /// The config that is in force, where the journal says so.
    pub fn config(&self) -> Option<&Arc<InForce>> {
        self.config.as_ref()
    }

    /// Tickets since the last that was invited to the survey.
    pub fn since_invited(&self) -> u32 {
        self.since_invited
    }

    /// What is believed of the system's clock.
    pub fn clock(&self) -> Belief {
        self.clock
    }

    /// What was put in the place of lost lines today, if anything was; of several, the last.
    pub fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_deref()
    }

    /// The last number of each prefix; those of the emergency band count only where numbering reached it.
    pub fn last_numbers(&self) -> impl Iterator<Item = (&Prefix, u32)> {
        self.last_numbers.iter().map(|(prefix, n)| (prefix, *n))
    }

    /// When the last line of the journal was written, in the time of the house.
    pub fn last_at(&self) -> Option<At> {
        self.last_at
    }

    /// Every ticket of the day, in the order of issue.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values().map(Arc::as_ref)
    }

    pub fn ticket_numbered(&self, number: &TicketNumber) -> Option<&Ticket> {
        self.tickets().find(|ticket| &ticket.number == number)
    }

    /// Who waits for a service at any counter.
    pub fn waiting(&self, service: &ServiceId) -> Option<&Waiting> {
        self.waiting.get(service)
    }

    /// How many wait for a service, those included who wait for one counter.
    pub fn waiting_count(&self, service: &ServiceId) -> usize {
        let bound = self.bound.values().flat_map(|waiting| waiting.regular.iter().chain(&waiting.priority));
        let of_it = |(_, id): &&Rank| self.ticket(*id).is_some_and(|ticket| &ticket.service == service);
        self.waiting.get(service).map_or(0, Waiting::len) + bound.filter(of_it).count()
    }

    /// The queues from which a counter calls: its services', and its own.
    pub fn queues(&self, counter: &Counter) -> Vec<&Waiting> {
        let services = self.services_at(counter).iter().filter_map(|service| self.waiting.get(service));
        services.chain(self.bound.get(&counter.id)).collect()
    }

    /// What a counter serves today.
    pub fn services_at<'a>(&'a self, counter: &'a Counter) -> &'a [ServiceId] {
        let assigned = self.counters.get(&counter.id).and_then(|state| state.assigned.as_deref());
        assigned.unwrap_or(&counter.services)
    }

    /// The counters at which a service is offered today, in the order of the config.
    pub fn counters_serving<'a, 'd>(
        &'d self,
        rules: &'a Rules,
        service: &'d ServiceId,
    ) -> impl Iterator<Item = &'a Counter> + use<'a, 'd> {
        rules.counters.iter().filter(move |counter| self.services_at(counter).contains(service))
    }

    /// The counters that may call a ticket.
    pub fn counters_for<'a, 'd>(
        &'d self,
        rules: &'a Rules,
        ticket: &'d Ticket,
    ) -> impl Iterator<Item = &'a Counter> + use<'a, 'd> {
        let bound = |counter: &&Counter| ticket.only_at.as_ref().is_none_or(|only| *only == counter.id);
        self.counters_serving(rules, &ticket.service).filter(bound)
    }

    /// Who is on hold, by the moment at which they wait again.
    pub fn held(&self) -> impl Iterator<Item = &Ticket> {
        self.held.iter().filter_map(|(_, id)| self.ticket(*id))
    }

    /// What everyone is told, oldest first.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values().map(Arc::as_ref)
    }

    /// Who sees to an alarm.
    pub fn acknowledged(&self, alarm: &AlarmId) -> Option<&StaffId> {
        self.acknowledged.get(alarm)
    }

    /// What is out, each with its trouble.
    pub fn failures(&self) -> impl Iterator<Item = (&Part, &Failure)> {
        self.failed.iter()
    }

    /// What keeps a part from its work, where the journal says that something does.
    pub fn failed(&self, part: &Part) -> Option<&Failure> {
        self.failed.get(part)
    }

    /// When the first of those on hold waits again, or the first notice is taken down.
    pub fn next_return(&self) -> Option<At> {
        let held = self.held.get_min().map(|(until, _)| *until);
        held.into_iter().chain(self.notices().map(|notice| notice.until)).min()
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
        self.told(service).map(|told| match told {
            Told::Open(_) => None,
            Told::Closed(closed) => Some(closed.clone()),
        })
    }

    /// The same with what visitors are warned of.
    pub fn told(&self, service: &ServiceId) -> Option<&Told> {
        self.told.get(service)
    }

    /// The last stop of a service today, unless staff have ended it; its own time may have.
    pub fn stop(&self, service: &ServiceId) -> Option<&Stop> {
        self.stops.get(service).map(Arc::as_ref)
    }

    /// How many of a service's places for today are taken.
    pub fn places_taken(&self, service: &ServiceId) -> u32 {
        self.places_taken.get(service).copied().unwrap_or(0)
    }

    /// The day as the last act at an agency left it, and when that was: a forecast of it does not move by
    /// what happens elsewhere, nor by the telling of who is open. None before the first act.
    pub fn at_the_last_act(&self, rules: &Rules, agency: &Agency) -> Option<(Self, At)> {
        let tickets = agency.services.iter().filter_map(|service| self.last_acts.get(&service.id).copied());
        let own = rules.counters.iter().filter(|counter| counter.agency == agency.id);
        let counters = own.filter_map(|counter| self.counters.get(&counter.id)?.last_act);
        let (seq, at) = tickets.chain(counters).max()?;
        Some((Self { seq, ..self.clone() }, at))
    }

    /// The last calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// How long the last visitors of a service occupied a counter, from when it could have called them
    /// until they left; seconds, oldest first.
    pub fn cycles(
        &self,
        service: &ServiceId,
    ) -> imbl::vector::Iter<'_, u32, imbl::shared_ptr::DefaultSharedPtr> {
        static NONE: std::sync::LazyLock<Vector<u32>> = std::sync::LazyLock::new(Vector::new);
        self.cycles.get(service).unwrap_or(&NONE).iter()
    }

    /// The newest of them, for the next morning.
    pub fn cycles_to_keep(&self) -> std::collections::BTreeMap<ServiceId, Vec<u32>> {
        let newest = |times: &Vector<u32>| {
            times.iter().skip(times.len().saturating_sub(CYCLES_OVERNIGHT)).copied().collect()
        };
        self.cycles.iter().map(|(service, times)| (service.clone(), newest(times))).collect()
    }

    /// Who waits for one counter only.
    pub fn bound(&self, counter: &CounterId) -> Option<&Waiting> {
        self.bound.get(counter)
    }

    /// The number that a ticket takes now: behind the last one, and none that was given on paper.
    pub fn free_number(&self, prefix: &Prefix, emergency: Band) -> TicketNumber {
        let mut number = emergency.skipped(self.next_number(prefix));
        // The band may have been another one when they were adopted.
        while self.adopted.contains(&number) {
            number = emergency.skipped(TicketNumber { n: number.n + 1, ..number });
        }
        number
    }

    /// The number behind the last one of this prefix.
    pub fn next_number(&self, prefix: &Prefix) -> TicketNumber {
        let last = self.last_numbers.get(prefix).copied().unwrap_or(0);
        TicketNumber { prefix: prefix.clone(), n: last + 1 }
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
            let place = (ticket.rank_at, ticket.id);
            let waiting = match &ticket.only_at {
                Some(counter) => self.bound.get(counter),
                None => self.waiting.get(&ticket.service),
            };
            let queued = waiting.is_some_and(|waiting| waiting.of(ticket.class).contains(&place));
            let held = ticket.hold.as_ref().is_some_and(|hold| self.held.contains(&(hold.until, ticket.id)));
            if held != (ticket.state == TicketState::OnHold) {
                return Err(format!("{} is {:?}, listed as held: {held}", ticket.number, ticket.state));
            }
            if queued != (ticket.state == TicketState::Waiting) {
                return Err(format!("{} is {:?}, in the queue: {queued}", ticket.number, ticket.state));
            }
            let holders = self.counters.values().filter(|counter| counter.active == Some(ticket.id)).count();
            if holders != usize::from(ticket.state.is_active()) {
                return Err(format!("{} is {:?} at {holders} counters", ticket.number, ticket.state));
            }
        }
        let queued: usize = self.waiting.values().chain(self.bound.values()).map(Waiting::len).sum();
        let waiting = self.tickets().filter(|ticket| ticket.state == TicketState::Waiting).count();
        if queued != waiting {
            return Err(format!("{queued} places in the queue for {waiting} waiting tickets"));
        }
        for (id, counter) in &self.counters {
            if counter.active.is_some() && counter.phase != CounterPhase::Open {
                return Err(format!("{id} is {:?} with a ticket", counter.phase));
            }
        }
        for (service, taken) in &self.places_taken {
            let counts =
                |ticket: &&Ticket| ticket.issued_for == *service && ticket.state != TicketState::Cancelled;
            let issued = self.tickets().filter(counts).count();
            if issued != *taken as usize {
                return Err(format!("{issued} tickets for {service} hold {taken} places"));
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
