//! What a day came to, added up from its journal.

use std::collections::HashMap;

use crate::queue::{AgencyId, At, Event, Recorded, Rules, Text, TicketId};

/// The day's sums. Tickets, where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    pub issued: u32,
    pub served: u32,
    pub no_show: u32,
    pub cancelled: u32,
    /// Neither: waiting, called, in service or on hold.
    pub left: u32,
    pub calls: u32,
    pub recalls: u32,
    pub returns: u32,
    pub holds: u32,
    pub transfers: u32,
    /// Slips that came out, that did not, and that nobody could be sure of.
    pub slips: (u32, u32, u32),
    /// In the order of the config.
    pub agencies: Vec<AgencySums>,
}

/// One agency's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencySums {
    pub name: Text,
    pub issued: u32,
    /// From the entry into a queue of this agency to the first call, seconds, shortest first: a ticket that is
    /// sent on waits again.
    pub waits_s: Vec<i64>,
}

impl AgencySums {
    pub fn mean_s(&self) -> Option<i64> {
        let count = i64::try_from(self.waits_s.len()).ok().filter(|count| *count > 0)?;
        Some(self.waits_s.iter().sum::<i64>() / count)
    }

    /// The wait that so many of a hundred did not exceed (nearest rank).
    pub fn percentile_s(&self, of_hundred: usize) -> Option<i64> {
        let rank = (self.waits_s.len() * of_hundred).div_ceil(100).max(1);
        self.waits_s.get(rank - 1).copied()
    }
}

/// Where a ticket stands.
struct Standing {
    agency: AgencyId,
    /// When it came to this stop, until it is called there.
    entered: Option<At>,
    end: Option<End>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Served,
    NoShow,
    Cancelled,
}

impl Sums {
    /// Takes another day's in. Both are of the same agencies.
    pub fn add(&mut self, other: &Self) {
        let counts = [
            (&mut self.issued, other.issued),
            (&mut self.served, other.served),
            (&mut self.no_show, other.no_show),
            (&mut self.cancelled, other.cancelled),
            (&mut self.left, other.left),
            (&mut self.calls, other.calls),
            (&mut self.recalls, other.recalls),
            (&mut self.returns, other.returns),
            (&mut self.holds, other.holds),
            (&mut self.transfers, other.transfers),
            (&mut self.slips.0, other.slips.0),
            (&mut self.slips.1, other.slips.1),
            (&mut self.slips.2, other.slips.2),
        ];
        counts.into_iter().for_each(|(sum, more)| *sum += more);
        if self.agencies.is_empty() {
            self.agencies.clone_from(&other.agencies);
            return;
        }
        for (agency, more) in self.agencies.iter_mut().zip(&other.agencies) {
            agency.issued += more.issued;
            agency.waits_s.extend(&more.waits_s);
            agency.waits_s.sort_unstable();
        }
    }

    /// Adds up the lines of one day.
    pub fn of(rules: &Rules, journal: &[Recorded]) -> Self {
        let mut sums = Self::default();
        let mut waits: HashMap<AgencyId, (u32, Vec<i64>)> = HashMap::new();
        let mut tickets: HashMap<TicketId, Standing> = HashMap::new();
        for Recorded { at, event, .. } in journal {
            match event {
                Event::TicketIssued { ticket, agency, .. } => {
                    sums.issued += 1;
                    waits.entry(agency.clone()).or_default().0 += 1;
                    let standing = Standing { agency: agency.clone(), entered: Some(*at), end: None };
                    tickets.insert(*ticket, standing);
                }
                Event::TicketRecalled { .. } => sums.recalls += 1,
                Event::TicketHeld { .. } => sums.holds += 1,
                Event::SlipSettled { outcome, by: None, .. } => match outcome.trouble() {
                    None => sums.slips.0 += 1,
                    Some(_) if outcome.state() == crate::queue::SlipState::NotSent => sums.slips.1 += 1,
                    Some(_) => sums.slips.2 += 1,
                },
                _ => {}
            }
            let Some(standing) = event.ticket().and_then(|id| tickets.get_mut(&id)) else { continue };
            match event {
                Event::TicketCalled { .. } | Event::TicketResumed { .. } => {
                    sums.calls += 1;
                    if let Some(entered) = standing.entered.take() {
                        waits
                            .entry(standing.agency.clone())
                            .or_default()
                            .1
                            .push((*at - entered).num_seconds());
                    }
                }
                Event::TicketTransferred { agency, .. } => {
                    sums.transfers += 1;
                    (standing.agency, standing.entered) = (agency.clone(), Some(*at));
                }
                Event::TicketReturned { .. } => {
                    sums.returns += 1;
                    standing.end = None;
                }
                Event::TicketReopened { .. } => standing.end = None,
                Event::ServiceFinished { .. } => standing.end = Some(End::Served),
                Event::TicketMissed { .. } => standing.end = Some(End::NoShow),
                Event::TicketCancelled { .. } => standing.end = Some(End::Cancelled),
                _ => {}
            }
        }
        let ended = |end| tickets.values().filter(|it| it.end == end).count() as u32;
        (sums.served, sums.no_show) = (ended(Some(End::Served)), ended(Some(End::NoShow)));
        (sums.cancelled, sums.left) = (ended(Some(End::Cancelled)), ended(None));
        sums.agencies = rules
            .agencies
            .iter()
            .map(|agency| {
                let (issued, mut waits_s) = waits.remove(&agency.id).unwrap_or_default();
                waits_s.sort_unstable();
                AgencySums { name: agency.name.clone(), issued, waits_s }
            })
            .collect();
        sums
    }
}
