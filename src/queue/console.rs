//! What one counter's clerk sees: the ticket at the counter, who is next and why, who waits.

use serde::Serialize;

use super::board::{AgencyRow, Board, CounterActivity, activity};
use super::overview::Asked;
use super::turn::{self, Why};
use super::{
    AgencyId, Class, Closed, ClosedCode, Counter, CounterId, Day, Language, Refusal, Rules, Seq, ServiceId,
    SlipId, SlipState, StaffId, Stop, Text, Ticket, TicketId, TicketNumber, TicketState, TicketView, Told,
    Undone, Warning,
};

/// How many waiting tickets a console lists by name.
const LISTED: usize = 7;

/// The console of one counter at one committed line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Console {
    pub seq: Seq,
    pub counter: CounterId,
    pub number: u16,
    pub state: CounterActivity,
    pub staff: Option<StaffId>,
    /// What was asked of the supervisor.
    pub closure: Option<Asked>,
    /// The system's clock is not believed: somebody has to say what day it is.
    pub clock_doubted: bool,
    pub ticket: Option<TicketView>,
    /// Name of the service of the ticket at the counter.
    pub service: Option<Text>,
    pub target_min: Option<u32>,
    pub calls: u32,
    pub next: Option<Next>,
    pub waiting: Vec<Listed>,
    pub waiting_total: usize,
    /// Tickets of this agency on hold, by the moment at which they wait again.
    pub held: Vec<Held>,
    /// Tickets of this agency whose visitor did not come, the latest first.
    pub missed: Vec<Missed>,
    /// What was done last at this counter and can be taken back, while its time has not run out.
    pub undo: Option<Undoable>,
    pub today: Today,
    /// What this counter offers, and whether numbers for it can be had.
    pub services: Vec<Offered>,
    pub others: Vec<Other>,
    /// Slips of this agency that somebody should look at.
    pub slips: Vec<SlipNote>,
}

/// The ticket in turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Next {
    pub number: TicketNumber,
    pub service: Option<Text>,
    pub class: Class,
    pub why: WhyWord,
    /// Regular tickets called since the last overtaking, where that is the reason.
    pub regulars_called: Option<u32>,
}

/// Why a ticket is next, as a word for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyWord {
    Oldest,
    Priority,
    RegularsFirst,
}

/// One waiting ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub service: Option<Text>,
    pub class: Class,
    pub issued_at: super::At,
}

/// One ticket on hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub service: Option<Text>,
    pub reason: Option<Text>,
    pub until: super::At,
}

/// One ticket whose visitor did not come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missed {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub service: Option<Text>,
    pub at: Option<super::At>,
}

/// An act that can be taken back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Undoable {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub act: Undone,
    /// Afterwards it stands.
    pub until: super::At,
}

/// A service of this counter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offered {
    pub service: ServiceId,
    pub name: Text,
    pub open: bool,
    pub warning: Option<Warning>,
    pub closed: Option<Closed>,
    /// While staff have stopped it.
    pub stop: Option<Stop>,
    /// Numbers a day, and how many of them have been given.
    pub quota: Option<u32>,
    pub places_taken: u32,
}

/// This counter's day so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Today {
    pub served: u32,
    pub missed: u32,
    /// Mean from issue to call of the tickets served here, seconds.
    pub mean_wait_s: Option<i64>,
    /// Mean from start to finish, seconds.
    pub mean_service_s: Option<i64>,
}

/// Another agency at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Other {
    pub name: Text,
    pub prefix: super::Prefix,
    pub waiting: usize,
    pub closed: Option<Closed>,
}

/// A slip that may not have come out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlipNote {
    pub slip: SlipId,
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub state: SlipState,
    /// What is wrong with the printer that staff can do something about.
    pub trouble: Option<Text>,
    pub kiosk: Option<Text>,
}

impl Console {
    /// # Errors
    /// [`Refusal::UnknownCounter`].
    pub fn of(rules: &Rules, day: &Day, counter: &CounterId) -> Result<Self, Refusal> {
        let counter = rules.counter(counter).ok_or(Refusal::UnknownCounter)?;
        let state = day.counter(&counter.id);
        let active = day.active(&counter.id);
        let name = |service| rules.service(service).map(|(_, service)| service.name.clone());
        let in_turn = || turn::order(rules, day, counter);
        let next = in_turn().next().and_then(|turn| {
            let ticket = day.ticket(turn.ticket)?;
            let (why, regulars_called) = match turn.why {
                Why::Oldest => (WhyWord::Oldest, None),
                Why::Overtakes { regulars_called } => (WhyWord::Priority, regulars_called),
                Why::RegularsFirst => (WhyWord::RegularsFirst, None),
            };
            let number = ticket.number.clone();
            Some(Next { number, service: name(&ticket.service), class: ticket.class, why, regulars_called })
        });
        let listed = in_turn().filter_map(|turn| day.ticket(turn.ticket)).take(LISTED).map(|ticket| Listed {
            ticket: ticket.id,
            number: ticket.number.clone(),
            service: name(&ticket.service),
            class: ticket.class,
            issued_at: ticket.issued_at,
        });
        Ok(Self {
            seq: day.seq(),
            counter: counter.id.clone(),
            number: counter.number,
            state: activity(day, &counter.id),
            staff: state.staff.clone(),
            closure: state.closure.clone().map(|closure| Asked::of(rules, closure)),
            clock_doubted: day.clock().doubt.is_some(),
            ticket: active.map(|ticket| TicketView::of(rules, day, ticket)),
            service: active.and_then(|ticket| name(&ticket.service)),
            target_min: active
                .and_then(|ticket| rules.service(&ticket.service))
                .map(|(_, service)| service.target_min),
            calls: active.map_or(0, |ticket| ticket.calls),
            next,
            waiting: listed.collect(),
            waiting_total: day.queues(counter).into_iter().map(super::day::Waiting::len).sum(),
            held: held(rules, day, counter),
            missed: missed(rules, day, counter),
            undo: undoable(rules, day, counter),
            today: today(day, counter),
            services: offered(rules, day, counter),
            others: others(rules, day, counter),
            slips: slips_to_look_at(rules, day, Some(&counter.agency)),
        })
    }
}

fn today(day: &Day, counter: &Counter) -> Today {
    let mut today = Today::default();
    let (mut waits, mut services) = (Mean::default(), Mean::default());
    for ticket in day.tickets().filter(|ticket| ticket.counter.as_ref() == Some(&counter.id)) {
        match ticket.state {
            TicketState::NoShow => today.missed += 1,
            TicketState::Done => {
                today.served += 1;
                if let (Some(started), Some(ended)) = (ticket.started_at, ticket.ended_at) {
                    services.add((ended - started).num_seconds() - ticket.away_s);
                }
            }
            _ => {}
        }
        if let (Some(called), true) = (ticket.called_at, ticket.state == TicketState::Done) {
            waits.add((called - ticket.entered_at).num_seconds());
        }
    }
    today.mean_wait_s = waits.value();
    today.mean_service_s = services.value();
    today
}

fn held(rules: &Rules, day: &Day, counter: &Counter) -> Vec<Held> {
    let row = |ticket: &Ticket| {
        let (agency, service) = rules.service(&ticket.service)?;
        let hold = ticket.hold.as_ref().filter(|_| agency.id == counter.agency)?;
        let reason = rules.conduct.hold_reasons.iter().find(|reason| reason.id == hold.reason);
        Some(Held {
            ticket: ticket.id,
            number: ticket.number.clone(),
            service: Some(service.name.clone()),
            reason: reason.map(|reason| reason.name.clone()),
            until: hold.until,
        })
    };
    day.held().filter_map(row).collect()
}

/// How many absent visitors a console lists: who comes back later is found by number.
const MISSED: usize = 5;

fn missed(rules: &Rules, day: &Day, counter: &Counter) -> Vec<Missed> {
    let of_agency = |ticket: &&Ticket| {
        let agency = rules.service(&ticket.service).map(|(agency, _)| &agency.id);
        ticket.state == TicketState::NoShow && agency == Some(&counter.agency)
    };
    let mut missed: Vec<&Ticket> = day.tickets().filter(of_agency).collect();
    missed.sort_by_key(|ticket| std::cmp::Reverse(ticket.seq));
    let row = |ticket: &Ticket| Missed {
        ticket: ticket.id,
        number: ticket.number.clone(),
        service: rules.service(&ticket.service).map(|(_, service)| service.name.clone()),
        at: ticket.ended_at,
    };
    missed.into_iter().take(MISSED).map(row).collect()
}

fn undoable(rules: &Rules, day: &Day, counter: &Counter) -> Option<Undoable> {
    let here = |ticket: &Ticket| {
        let undo = ticket.undo.as_ref().filter(|undo| undo.counter.as_ref() == Some(&counter.id))?;
        let until = undo.at + chrono::TimeDelta::seconds(rules.conduct.undo_within_s.into());
        Some(Undoable { ticket: ticket.id, number: ticket.number.clone(), act: undo.undone, until })
    };
    day.tickets().filter_map(here).max_by_key(|undo| undo.until)
}

#[derive(Default)]
struct Mean {
    sum: i64,
    count: i64,
}

impl Mean {
    fn add(&mut self, value: i64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(&self) -> Option<i64> {
        (self.count > 0).then(|| self.sum / self.count)
    }
}

fn others(rules: &Rules, day: &Day, counter: &Counter) -> Vec<Other> {
    let rows = Board::of(rules, day).agencies.into_iter().filter(|row| row.id != counter.agency);
    let other = |row: AgencyRow| Other {
        name: row.name,
        prefix: row.prefix,
        waiting: row.waiting,
        closed: row.closed,
    };
    rows.map(other).collect()
}

fn offered(rules: &Rules, day: &Day, counter: &Counter) -> Vec<Offered> {
    let known = day.services_at(counter).iter().filter_map(|id| rules.service(id));
    let line = |(_, service): (_, &super::Service)| {
        let (warning, closed) = match day.told(&service.id) {
            Some(Told::Open(warning)) => (*warning, None),
            Some(Told::Closed(closed)) => (None, Some(closed.clone())),
            None => (None, None),
        };
        let stopped = closed.as_ref().is_some_and(|closed| closed.code == ClosedCode::Stopped);
        Offered {
            service: service.id.clone(),
            name: service.name.clone(),
            open: matches!(day.told(&service.id), Some(Told::Open(_))),
            warning,
            closed,
            stop: day.stop(&service.id).filter(|_| stopped).cloned(),
            quota: service.terms.quota,
            places_taken: day.places_taken(&service.id),
        }
    };
    known.map(line).collect()
}

/// Slips of tickets still in use that may not have come out: of one agency, or of all.
pub fn slips_to_look_at(rules: &Rules, day: &Day, of: Option<&AgencyId>) -> Vec<SlipNote> {
    let doubtful = day.slips().filter(|slip| slip.needs_attention());
    let of_agency = doubtful.filter_map(|slip| {
        let ticket = day.ticket(slip.ticket)?;
        let (agency, _) = rules.service(&ticket.service)?;
        let here = of.is_none_or(|wanted| agency.id == *wanted);
        let still_needed = matches!(ticket.state, TicketState::Waiting | TicketState::Called);
        (here && still_needed && ticket.slip == Some(slip.id)).then(|| SlipNote {
            slip: slip.id,
            ticket: ticket.id,
            number: ticket.number.clone(),
            state: slip.state,
            trouble: slip
                .trouble
                .map(|trouble| Text::new(trouble.for_staff(Language::ID), trouble.for_staff(Language::EN))),
            kiosk: match &ticket.origin {
                super::Origin::Kiosk(kiosk) => rules.kiosk(kiosk).map(|kiosk| kiosk.name.clone()),
                super::Origin::Desk(_) | super::Origin::Api(_) => None,
            },
        })
    });
    of_agency.collect()
}
