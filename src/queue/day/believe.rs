//! What each committed event makes of the day. Nothing is refused here: what is on disk has happened.

use std::sync::Arc;

use chrono::TimeDelta;

use super::super::{
    Actor, At, Belief, Closed, CounterId, CounterPhase, CounterState, Event, Failure, Hold, Notice,
    PrinterId, Recorded, Seq, ServiceId, SlipId, SlipRecord, SlipState, Stop, Ticket, TicketId, TicketNumber,
    TicketState, Told, Undone, counter::Closure, ticket::Undo,
};
use super::{CALLS_KEPT, CYCLES, Call, Day, LONGEST_GAP_S};

impl Day {
    /// Believes one committed event. Never refuses: what is on disk has happened.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (seq, at) = (recorded.seq, recorded.at);
        (self.seq, self.last_at) = (seq, Some(at));
        let ticket = recorded.event.ticket();
        self.note_act(ticket, seq, at);
        match &recorded.event {
            Event::DayChanged { to, cycles, clock, config, failed, since_invited, .. } => {
                let kept = |(service, times): (&ServiceId, &Vec<u32>)| {
                    (service.clone(), times.iter().copied().collect())
                };
                *self = Self {
                    date: Some(*to),
                    cycles: cycles.iter().map(kept).collect(),
                    clock: *clock,
                    config: config.clone(),
                    failed: failed.iter().map(|(part, failure)| (part.clone(), *failure)).collect(),
                    since_invited: *since_invited,
                    last_at: self.last_at,
                    ..Self::blank(self.lineage.clone(), seq)
                };
            }
            Event::RulesChanged(config) => self.config = Some(config.clone()),
            Event::ClockDoubted { why, .. } => {
                self.clock.doubt = Some(*why);
                self.clock.since.get_or_insert(at);
            }
            Event::ClockBelieved { offset_ms, moved } | Event::ClockConfirmed { offset_ms, moved, .. } => {
                if let Some(since) = moved.since {
                    super::put_right::times(self, since, TimeDelta::milliseconds(moved.step_ms));
                }
                self.clock = Belief { offset_ms: *offset_ms, ..Belief::default() };
                // An answer was written down at the time that it puts right.
                if let Event::ClockConfirmed { .. } = &recorded.event {
                    self.last_at = Some(at + TimeDelta::milliseconds(moved.step_ms));
                }
            }
            Event::ServiceOpened { service, warning } => {
                self.told.insert(service.clone(), Told::Open(*warning));
            }
            Event::ServiceClosed { service, code, until, opens, name } => {
                let closed = Closed { code: *code, until: *until, opens: *opens, name: name.clone() };
                self.told.insert(service.clone(), Told::Closed(closed));
            }
            Event::ServiceStopped { service, reason, name, until, by, .. } => {
                let (reason, name, by) = (reason.clone(), name.clone(), by.clone());
                let stop = Stop { reason, name, since: at, until: *until, by };
                self.stops.insert(service.clone(), Arc::new(stop));
            }
            Event::ServiceAccepted { service, .. } => {
                self.stops.remove(service);
            }
            Event::TicketIssued {
                ticket,
                number,
                service,
                class,
                language,
                origin,
                printer,
                nonce,
                forecast,
                entered_at,
                invited,
                ..
            } => {
                let slip = printer.as_ref().map(|printer| self.queue_slip(recorded, *ticket, printer, false));
                match entered_at {
                    Some(_) => drop(self.adopted.insert(number.clone())),
                    None => drop(self.last_numbers.insert(number.prefix.clone(), number.n)),
                }
                // A number given on paper in the dark bears no invitation, so it is not counted.
                match (invited, entered_at) {
                    (true, _) => self.since_invited = 0,
                    (false, None) => self.since_invited = self.since_invited.saturating_add(1),
                    (false, Some(_)) => {}
                }
                let came_at = entered_at.unwrap_or(at);
                *self.places_taken.entry(service.clone()).or_default() += 1;
                self.tickets.insert(
                    *ticket,
                    Arc::new(Ticket {
                        id: *ticket,
                        number: number.clone(),
                        service: service.clone(),
                        issued_for: service.clone(),
                        only_at: None,
                        class: *class,
                        language: *language,
                        origin: origin.clone(),
                        printer: printer.clone(),
                        nonce: *nonce,
                        forecast: *forecast,
                        invited: *invited,
                        state: TicketState::Waiting,
                        seq,
                        rank_at: entered_at.unwrap_or_else(|| self.end_of_queue(at)),
                        issued_at: came_at,
                        stop: 1,
                        entered_at: came_at,
                        counter: None,
                        calls: 0,
                        called_at: None,
                        recalled_at: None,
                        started_at: None,
                        ended_at: None,
                        hold: None,
                        away_s: 0,
                        undo: None,
                        slip,
                    }),
                );
                self.enter_queue(*ticket);
            }
            Event::TicketCalled { ticket, number, counter, regulars_since_overtaking, reason } => {
                self.call(recorded, *ticket, number, counter);
                let state = self.counters.entry(counter.clone()).or_default();
                // A call out of turn says nothing of the turn.
                if reason.is_none() {
                    state.regulars_since_overtaking = *regulars_since_overtaking;
                    state.last_call_at = Some(at);
                }
            }
            Event::TicketResumed { ticket, number, counter } => self.call(recorded, *ticket, number, counter),
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
                ticket.started_at.get_or_insert(at);
                if let Some(hold) = ticket.hold.take() {
                    ticket.away_s += (at - hold.since).num_seconds().max(0);
                }
            }),
            Event::ServiceFinished { ticket, counter, corrected, .. } => {
                let undo = self.undo_of(*ticket, Undone::Finish, at, Some(counter), None);
                self.end(*ticket, TicketState::Done, Some(counter), seq, at);
                self.change(*ticket, seq, |ticket| {
                    ticket.undo = undo;
                    if let Some((service, _)) = corrected {
                        ticket.service = service.clone();
                    }
                });
            }
            Event::TicketMissed { ticket, counter } => {
                let undo = self.undo_of(*ticket, Undone::NoShow, at, Some(counter), None);
                self.end(*ticket, TicketState::NoShow, Some(counter), seq, at);
                self.change(*ticket, seq, |ticket| ticket.undo = undo);
            }
            Event::TicketCancelled { ticket, counter, by } => {
                // A hold is not taken up again: it had a time.
                let was_held = self.ticket(*ticket).is_some_and(|ticket| ticket.state == TicketState::OnHold);
                let undo = if was_held || *by == Actor::Visitor {
                    None
                } else {
                    self.undo_of(*ticket, Undone::Cancel, at, counter.as_ref(), Some(by))
                };
                self.free_place(*ticket);
                self.leave_queue(*ticket);
                self.end(*ticket, TicketState::Cancelled, counter.as_ref(), seq, at);
                self.change(*ticket, seq, |ticket| ticket.undo = undo);
            }
            Event::TicketHandedBack { ticket, counter } => {
                // What the counter would have taken is not known.
                self.free(counter, at);
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::Waiting;
                    // The service begins anew: nobody was away from it.
                    (ticket.started_at, ticket.hold, ticket.away_s) = (None, None, 0);
                });
                self.enter_queue(*ticket);
            }
            Event::TicketHeld { ticket, counter, reason, until } => {
                self.note_cycle(*ticket, counter, at);
                self.free(counter, at);
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::OnHold;
                    ticket.hold = Some(Hold { reason: reason.clone(), since: at, until: *until });
                });
                self.held.insert((*until, *ticket));
            }
            Event::HoldEnded { ticket } => {
                self.leave_queue(*ticket);
                self.change(*ticket, seq, |ticket| ticket.state = TicketState::Waiting);
                self.enter_queue(*ticket);
            }
            Event::TicketTransferred { ticket, counter, service, only_at, rank_at, .. } => {
                let undo = self.undo_of(*ticket, Undone::Transfer, at, Some(counter), None);
                self.note_cycle(*ticket, counter, at);
                self.free(counter, at);
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::Waiting;
                    ticket.service = service.clone();
                    ticket.only_at = only_at.clone();
                    ticket.rank_at = *rank_at;
                    ticket.stop += 1;
                    ticket.entered_at = at;
                    (ticket.counter, ticket.calls) = (None, 0);
                    (ticket.called_at, ticket.recalled_at, ticket.started_at) = (None, None, None);
                    (ticket.hold, ticket.away_s) = (None, 0);
                    ticket.undo = undo;
                });
                self.enter_queue(*ticket);
            }
            Event::TicketReturned { ticket, rank_at, .. } => {
                self.change(*ticket, seq, |ticket| {
                    ticket.state = TicketState::Waiting;
                    ticket.rank_at = *rank_at;
                    (ticket.counter, ticket.calls) = (None, 0);
                    (ticket.called_at, ticket.recalled_at, ticket.ended_at) = (None, None, None);
                });
                self.enter_queue(*ticket);
            }
            Event::ClassChanged { ticket, class, .. } => {
                let waits = self.ticket(*ticket).is_some_and(|ticket| ticket.state == TicketState::Waiting);
                if waits {
                    self.leave_queue(*ticket);
                }
                self.change(*ticket, seq, |ticket| ticket.class = *class);
                if waits {
                    self.enter_queue(*ticket);
                }
            }
            Event::TicketReopened { ticket, counter, .. } => self.reopen(*ticket, counter.as_ref(), seq),
            Event::CounterOpened { counter, staff } => {
                let state = self.counter_acts(counter, seq, at);
                state.phase = CounterPhase::Open;
                state.staff = Some(staff.clone());
                state.since = Some(at);
            }
            Event::CounterPaused { counter } => {
                let state = self.counter_acts(counter, seq, at);
                state.phase = CounterPhase::Paused;
                state.since = Some(at);
            }
            Event::CounterClosed { counter } => {
                let state = self.counter_acts(counter, seq, at);
                state.phase = CounterPhase::Closed;
                state.staff = None;
                state.since = Some(at);
                state.closure = None;
                self.unbind(counter);
            }
            Event::ClosureRequested { counter, reason, by } => {
                let closure = Closure { reason: reason.clone(), by: by.clone(), at, granted: false };
                self.counters.entry(counter.clone()).or_default().closure = Some(closure);
            }
            Event::ClosureDecided { counter, granted, .. } => {
                let state = self.counters.entry(counter.clone()).or_default();
                state.closure = state.closure.take().filter(|_| *granted);
                if let Some(closure) = &mut state.closure {
                    closure.granted = true;
                }
            }
            Event::NoticePosted { notice, text, until, .. } => {
                let (id, text, until) = (*notice, text.clone(), *until);
                self.notices.insert(id, Arc::new(Notice { id, text, since: at, until }));
            }
            Event::NoticeEnded { notice, .. } => {
                self.notices.remove(notice);
            }
            Event::AlarmAcknowledged { alarm, by } => {
                self.acknowledged.insert(alarm.clone(), by.clone());
            }
            Event::PartFailed { part, trouble, since } => {
                let failure = Failure { trouble: *trouble, since: since.unwrap_or(at) };
                self.failed.insert(part.clone(), failure);
            }
            Event::PartMended { part, .. } => {
                self.failed.remove(part);
            }
            Event::Recovered(recovered) => {
                for (prefix, n) in &recovered.passed {
                    let last = self.last_numbers.entry(prefix.clone()).or_default();
                    *last = (*last).max(*n);
                }
                self.recovered = Some(Arc::new(recovered.clone()));
            }
            Event::CounterAssigned { counter, services, .. } => {
                self.counter_acts(counter, seq, at).assigned = Some(services.clone());
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
        // It may have come to another service.
        self.note_act(ticket, seq, at);
    }

    fn note_act(&mut self, ticket: Option<TicketId>, seq: Seq, at: At) {
        if let Some(ticket) = ticket.and_then(|id| self.tickets.get(&id)) {
            self.last_acts.insert(ticket.service.clone(), (seq, at));
        }
    }

    fn counter_acts(&mut self, counter: &CounterId, seq: Seq, at: At) -> &mut CounterState {
        let state = self.counters.entry(counter.clone()).or_default();
        state.last_act = Some((seq, at));
        state
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
            // Whatever happens next, the act before it cannot be taken back alone.
            ticket.undo = None;
            change(ticket);
        }
    }

    fn end(&mut self, ticket: TicketId, state: TicketState, counter: Option<&CounterId>, seq: Seq, at: At) {
        if let Some(counter) = counter {
            self.note_cycle(ticket, counter, at);
            self.free(counter, at);
        }
        self.change(ticket, seq, |ticket| {
            ticket.state = state;
            ticket.ended_at = Some(at);
        });
    }

    fn free(&mut self, counter: &CounterId, at: At) {
        if let Some(state) = self.counters.get_mut(counter) {
            state.active = None;
            (state.cycle_from, state.freed_at) = (None, Some(at));
        }
    }

    /// Remembers how long a visitor who leaves a counter has occupied it.
    fn note_cycle(&mut self, ticket: TicketId, counter: &CounterId, at: At) {
        let from = self.counters.get(counter).and_then(|state| state.cycle_from);
        let time = from.and_then(|from| u32::try_from((at - from).num_seconds()).ok());
        let Some((ticket, time)) = self.tickets.get(&ticket).zip(time) else { return };
        let times = self.cycles.entry(ticket.service.clone()).or_default();
        times.push_back(time);
        if times.len() > CYCLES {
            times.pop_front();
        }
    }

    /// A counter is occupied from when it could have called this visitor: the way to the counter, and
    /// the clerk's moment between two visitors, are part of what the next one waits for.
    fn occupy(&mut self, counter: &CounterId, ticket: TicketId, at: At) {
        let entered_at = self.ticket(ticket).map(|ticket| ticket.entered_at);
        let state = self.counters.entry(counter.clone()).or_default();
        let waited = state.freed_at.filter(|freed| {
            entered_at.is_some_and(|entered| entered <= *freed)
                && (at - *freed).num_seconds() <= LONGEST_GAP_S
        });
        state.active = Some(ticket);
        state.cycle_from = Some(waited.unwrap_or(at));
    }

    fn free_place(&mut self, ticket: TicketId) {
        let Some(ticket) = self.tickets.get(&ticket) else { return };
        if let Some(taken) = self.places_taken.get_mut(&ticket.issued_for) {
            *taken = taken.saturating_sub(1);
        }
    }

    /// A cancelled ticket that is to be reopened counts again, even beyond the quota: it was given.
    fn take_place_again(&mut self, ticket: TicketId) {
        let Some(ticket) = self.tickets.get(&ticket) else { return };
        if ticket.state == TicketState::Cancelled && ticket.undo.is_some() {
            *self.places_taken.entry(ticket.issued_for.clone()).or_default() += 1;
        }
    }

    /// Puts a ticket where it waits now.
    fn enter_queue(&mut self, ticket: TicketId) {
        let Some(ticket) = self.tickets.get_mut(&ticket) else { return };
        // A counter that has closed meanwhile calls nobody.
        let closed = |id| self.counters.get(id).is_none_or(|state| state.phase == CounterPhase::Closed);
        if ticket.only_at.as_ref().is_some_and(closed) {
            Arc::make_mut(ticket).only_at = None;
        }
        let waiting = match &ticket.only_at {
            Some(counter) => self.bound.entry(counter.clone()).or_default(),
            None => self.waiting.entry(ticket.service.clone()).or_default(),
        };
        waiting.class_mut(ticket.class).insert((ticket.rank_at, ticket.id));
        self.last_rank = self.last_rank.max(Some(ticket.rank_at));
    }

    fn leave_queue(&mut self, ticket: TicketId) {
        let Some(ticket) = self.tickets.get(&ticket) else { return };
        let waiting = match &ticket.only_at {
            Some(counter) => self.bound.get_mut(counter),
            None => self.waiting.get_mut(&ticket.service),
        };
        if let Some(waiting) = waiting {
            waiting.class_mut(ticket.class).remove(&(ticket.rank_at, ticket.id));
        }
        if let Some(hold) = &ticket.hold {
            self.held.remove(&(hold.until, ticket.id));
        }
    }

    /// Who waited for a counter that has closed waits for the service.
    fn unbind(&mut self, counter: &CounterId) {
        let Some(waiting) = self.bound.remove(counter) else { return };
        // Not a change of where they stand: nobody saw anything else.
        for (_, id) in waiting.regular.iter().chain(&waiting.priority) {
            self.enter_queue(*id);
        }
    }

    fn call(&mut self, recorded: &Recorded, id: TicketId, number: &TicketNumber, counter: &CounterId) {
        let (seq, at) = (recorded.seq, recorded.at);
        self.leave_queue(id);
        self.change(id, seq, |ticket| {
            ticket.state = TicketState::Called;
            ticket.counter = Some(counter.clone());
            ticket.calls = 1;
            ticket.called_at = Some(at);
            ticket.recalled_at = None;
        });
        self.occupy(counter, id, at);
        let (number, counter) = (number.clone(), counter.clone());
        self.note_call(Call { seq, ticket: id, number, counter, at, recall: false });
    }

    /// The ticket as it stands before an act that can be taken back.
    fn undo_of(
        &self,
        ticket: TicketId,
        undone: Undone,
        at: At,
        counter: Option<&CounterId>,
        by: Option<&Actor>,
    ) -> Option<Undo> {
        let mut before = self.tickets.get(&ticket)?.clone();
        Arc::make_mut(&mut before).undo = None;
        Some(Undo { undone, before, at, counter: counter.cloned(), by: by.cloned() })
    }

    fn reopen(&mut self, id: TicketId, counter: Option<&CounterId>, seq: Seq) {
        self.leave_queue(id);
        self.take_place_again(id);
        self.change_with_undo(id, seq, |ticket, undo| {
            let slip = ticket.slip;
            *ticket = Ticket { slip, ..Ticket::clone(&undo.before) };
        });
        match counter {
            Some(counter) => self.counters.entry(counter.clone()).or_default().active = Some(id),
            None => self.enter_queue(id),
        }
    }

    fn change_with_undo(&mut self, ticket: TicketId, seq: Seq, change: impl FnOnce(&mut Ticket, Undo)) {
        let undo = self.ticket(ticket).and_then(|ticket| ticket.undo.clone());
        self.change(ticket, seq, |ticket| {
            if let Some(undo) = undo {
                change(ticket, undo);
                ticket.seq = seq;
            }
        });
    }

    fn note_call(&mut self, call: Call) {
        self.calls.push_back(call);
        if self.calls.len() > CALLS_KEPT {
            self.calls.pop_front();
        }
    }
}
