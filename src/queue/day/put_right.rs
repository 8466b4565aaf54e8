//! Times that were noted while nobody knew the time.

use std::sync::Arc;

use chrono::TimeDelta;

use super::super::counter::Closure;
use super::super::{At, CounterState, Failure, Notice, SlipRecord, Stop, Ticket};
use super::Day;

/// Moves what was noted after a moment, so that durations stay what they were. Places in the queue stay:
/// they are an order, not a time.
pub(super) fn times(day: &mut Day, since: At, step: TimeDelta) {
    let put = Put { since, step };
    day.tickets = day.tickets.iter().map(|(id, known)| (*id, put.ticket(known))).collect();
    day.counters = day.counters.iter().map(|(id, known)| (id.clone(), put.counter(known))).collect();
    day.slips = day.slips.iter().map(|(id, known)| (*id, put.slip(known))).collect();
    day.stops = day.stops.iter().map(|(id, known)| (id.clone(), put.stop(known))).collect();
    let acts = day.last_acts.iter().map(|(id, (seq, at))| (id.clone(), (*seq, put.at(*at))));
    day.last_acts = acts.collect();
    day.notices = day.notices.iter().map(|(id, known)| (*id, put.notice(known))).collect();
    let failed = day.failed.iter();
    day.failed = failed
        .map(|(part, known)| (part.clone(), Failure { since: put.at(known.since), ..*known }))
        .collect();
    let held = day.held.iter().filter_map(|(_, id)| day.ticket(*id));
    day.held = held.filter_map(|ticket| Some((ticket.hold.as_ref()?.until, ticket.id))).collect();
}

struct Put {
    since: At,
    step: TimeDelta,
}

impl Put {
    fn at(&self, at: At) -> At {
        if at > self.since { at + self.step } else { at }
    }

    fn ticket(&self, known: &Arc<Ticket>) -> Arc<Ticket> {
        let mut ticket = Ticket::clone(known);
        let at = |at: Option<At>| at.map(|at| self.at(at));
        ticket.issued_at = self.at(ticket.issued_at);
        ticket.entered_at = self.at(ticket.entered_at);
        ticket.called_at = at(ticket.called_at);
        ticket.recalled_at = at(ticket.recalled_at);
        ticket.started_at = at(ticket.started_at);
        ticket.ended_at = at(ticket.ended_at);
        if let Some(hold) = ticket.hold.as_mut().filter(|hold| hold.since > self.since) {
            hold.since += self.step;
            hold.until += self.step;
        }
        // Fifteen seconds of which time? Whoever wants to take something back is asked to do it otherwise.
        ticket.undo = None;
        Arc::new(ticket)
    }

    fn counter(&self, known: &CounterState) -> CounterState {
        let at = |at: Option<At>| at.map(|at| self.at(at));
        CounterState {
            since: at(known.since),
            freed_at: at(known.freed_at),
            cycle_from: at(known.cycle_from),
            last_call_at: at(known.last_call_at),
            last_act: known.last_act.map(|(seq, at)| (seq, self.at(at))),
            closure: known.closure.clone().map(|closure| Closure { at: self.at(closure.at), ..closure }),
            ..known.clone()
        }
    }

    fn stop(&self, known: &Arc<Stop>) -> Arc<Stop> {
        let mut stop = Stop::clone(known);
        if stop.since > self.since {
            stop.since += self.step;
            stop.until = stop.until.map(|until| until + self.step);
        }
        Arc::new(stop)
    }

    /// One was posted for so long from a moment that nobody knew: it stays up for that long.
    fn notice(&self, known: &Arc<Notice>) -> Arc<Notice> {
        let mut notice = Notice::clone(known);
        if notice.since > self.since {
            notice.since += self.step;
            notice.until += self.step;
        }
        Arc::new(notice)
    }

    fn slip(&self, known: &Arc<SlipRecord>) -> Arc<SlipRecord> {
        Arc::new(SlipRecord { queued_at: self.at(known.queued_at), ..SlipRecord::clone(known) })
    }
}
