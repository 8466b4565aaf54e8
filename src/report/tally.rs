//! What is counted of visits.
//!
//! The definitions stand in `docs/figures.md`; each field here is one of them.

use super::spread::Spread;
use crate::store::ledger::{DayLedger, End, Visit};

/// Counts and lengths of some visits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Numbers that were issued: tickets whose first stop is among the visits.
    pub tickets: u64,
    /// Those of them that are of the priority class.
    pub priority: u64,
    /// People who were served: tickets with at least one of the visits in which a service was begun.
    pub persons: u64,
    /// Stops: a referral is a visit of its own.
    pub visits: u64,
    /// Visits that have ended, however.
    pub ended: u64,
    /// Services that were delivered, those that a clerk counted beside the first included.
    pub delivered: u64,
    /// From entry to the first call, of visits that were called.
    pub wait: Spread,
    /// From the call to the beginning of the service, of visits in which nobody was missed.
    pub walk: Spread,
    /// From the beginning to the end of a service, without what the visitor was away in between.
    pub serve: Spread,
    /// From the number to the end of the last service, of tickets that were served to the end.
    pub stay: Spread,
    /// Visits called within the target.
    pub within: u64,
    /// Visits that can be held against the target: called, or left uncalled after it had passed.
    pub measured: u64,
    pub no_show: u64,
    /// Given up, or given up on: cancelled, or still uncalled when the day ended.
    pub cancelled: u64,
    pub expired: u64,
    /// Sent on without having been served.
    pub transferred: u64,
    /// Sent on after having been served.
    pub referred: u64,
    /// Slips that were printed again, of its tickets.
    pub reprinted: u64,
    /// Visits that still go on.
    pub open: u64,
    person: Option<(chrono::NaiveDate, u32)>,
}

impl Tally {
    /// Takes one visit in; visits come in the order of the days and of their tickets.
    pub fn add(&mut self, day: &DayLedger, visit: &Visit, target_ms: i64) {
        self.visits += 1;
        self.add_ticket(day, visit);
        self.add_wait(visit, target_ms);
        self.delivered += visit.delivered.iter().map(|(_, quantity)| u64::from(*quantity)).sum::<u64>();
        if let (Some(called), Some(started), 0) = (visit.called, visit.started, visit.missed) {
            self.walk.add(started - called);
        }
        self.add_service(day, visit);
        self.add_end(visit);
    }

    fn add_ticket(&mut self, day: &DayLedger, visit: &Visit) {
        let Some(ticket) = day.tickets.get(visit.ticket as usize).filter(|_| visit.ord == 1) else { return };
        self.tickets += 1;
        self.priority += u64::from(ticket.priority);
        self.reprinted += u64::from(ticket.reprints);
        if let Some(left) = ticket.left {
            self.stay.add(left - ticket.issued);
        }
    }

    fn add_wait(&mut self, visit: &Visit, target_ms: i64) {
        if let Some(called) = visit.called {
            let wait = called - visit.entered;
            if wait < 0 {
                return;
            }
            self.wait.add(wait);
            self.within += u64::from(wait <= target_ms);
            self.measured += 1;
        } else if visit.ended.is_some_and(|ended| ended - visit.entered > target_ms) {
            self.measured += 1;
        }
    }

    fn add_service(&mut self, day: &DayLedger, visit: &Visit) {
        let Some(started) = visit.started else { return };
        let person = Some((day.day, visit.ticket));
        if self.person != person {
            self.person = person;
            self.persons += 1;
        }
        // Nobody knows when a service ended that the day's end found going on.
        let known = matches!(visit.end, End::Done | End::Referred);
        if let (true, Some(ended)) = (known, visit.ended) {
            self.serve.add(ended - started - i64::from(visit.away));
        }
    }

    fn add_end(&mut self, visit: &Visit) {
        self.ended += u64::from(visit.end != End::Open);
        match visit.end {
            End::Open => self.open += 1,
            End::Done | End::DayEnded => {}
            End::Referred => self.referred += 1,
            End::Transferred => self.transferred += 1,
            End::NoShow => self.no_show += 1,
            End::Cancelled => self.cancelled += 1,
            End::Expired => self.expired += 1,
        }
    }

    /// Takes in what was counted of other days.
    pub fn append(&mut self, other: Self) {
        self.tickets += other.tickets;
        self.priority += other.priority;
        self.persons += other.persons;
        self.visits += other.visits;
        self.ended += other.ended;
        self.delivered += other.delivered;
        self.wait.append(other.wait);
        self.walk.append(other.walk);
        self.serve.append(other.serve);
        self.stay.append(other.stay);
        self.within += other.within;
        self.measured += other.measured;
        self.no_show += other.no_show;
        self.cancelled += other.cancelled;
        self.expired += other.expired;
        self.transferred += other.transferred;
        self.referred += other.referred;
        self.reprinted += other.reprinted;
        self.open += other.open;
    }

    /// Visits that ended because the visitor, or the day, gave up.
    pub fn abandoned(&self) -> u64 {
        self.cancelled + self.expired
    }
}
