//! The lines of one business day.

use std::collections::HashMap;

use antrean::queue::{
    Actor, At, CounterId, Delivery, Event, Forecast, Language, Nonce, Origin, Part, PartTrouble, Prefix,
    Proof, Recorded, Rules, Seq, SlipId, SlipOutcome, SlipTrouble, TicketId, TicketNumber,
};
use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::slots::{Act, Slots, Visitor, of_day};

/// What a day leaves to the next one.
pub struct Evening {
    date: NaiveDate,
    /// Who was missed, and never came back.
    missed: Vec<TicketId>,
}

/// A day of so many tickets, following line `seq`.
pub fn lines(
    rules: &Rules,
    date: NaiveDate,
    count: usize,
    seq: u64,
    before: Option<Evening>,
) -> (Vec<Recorded>, Evening) {
    let mut chance = fastrand::Rng::with_seed(u64::from(date.to_epoch_days().unsigned_abs()));
    let slots = of_day(rules, date, count, &mut chance);
    let mut page = Page {
        rules,
        date,
        seq,
        lines: Vec::with_capacity(count * 6 + 100),
        given: vec![None; slots.visitors.len()],
        last: HashMap::new(),
        stops: vec![0; slots.visitors.len()],
        chance,
    };
    page.begin(before);
    let eight = page.at(8, 0);
    let before_eight = slots.moments.partition_point(|(at, ..)| *at < eight);
    for (nth, (at, _, act, visitor)) in slots.moments.iter().enumerate() {
        if nth == before_eight {
            page.open_counters();
        }
        page.write(&slots, *at, *act, *visitor);
    }
    let missed = page.end();
    (page.lines, Evening { date, missed })
}

struct Page<'a> {
    rules: &'a Rules,
    date: NaiveDate,
    seq: u64,
    lines: Vec<Recorded>,
    /// Each visitor's ticket.
    given: Vec<Option<(TicketId, TicketNumber)>>,
    /// The last number of each prefix.
    last: HashMap<Prefix, u32>,
    /// Which of their counters each visitor has come to.
    stops: Vec<usize>,
    chance: fastrand::Rng,
}

impl Page<'_> {
    fn line(&mut self, at: At, event: Event) {
        self.seq += 1;
        self.lines.push(Recorded { seq: Seq(self.seq), at, day: self.date, event });
    }

    fn at(&self, hour: u32, minute: u32) -> At {
        self.rules.instant(self.date, NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
    }

    fn begin(&mut self, before: Option<Evening>) {
        let (from, expired) = before.map_or((None, vec![]), |before| (Some(before.date), before.missed));
        let changed = Event::DayChanged {
            from,
            to: self.date,
            expired,
            ended: vec![],
            closed: vec![],
            cycles: Default::default(),
            clock: Default::default(),
            config: None,
            failed: Default::default(),
            since_invited: 0,
        };
        self.line(self.at(0, 0), changed);
        let part = Part::Printer(self.rules.printers[0].clone());
        let trouble = PartTrouble::Printer(SlipTrouble::PaperOut);
        self.line(self.at(7, 0), Event::PartFailed { part: part.clone(), trouble, since: None });
        self.line(self.at(7, 6), Event::PartMended { part, until: None });
    }

    fn open_counters(&mut self) {
        let at = self.at(8, 0);
        for counter in &self.rules.counters {
            let staff = format!("{}-clerk", counter.id).into();
            self.line(at, Event::CounterOpened { counter: counter.id.clone(), staff });
        }
    }

    /// Everybody goes home; who was missed is told of.
    fn end(&mut self) -> Vec<TicketId> {
        let at = self.lines.last().map_or(self.at(16, 0), |line| line.at) + TimeDelta::minutes(1);
        for counter in &self.rules.counters {
            self.line(at, Event::CounterClosed { counter: counter.id.clone() });
        }
        let missed = |line: &Recorded| match &line.event {
            Event::TicketMissed { ticket, .. } => Some(*ticket),
            _ => None,
        };
        self.lines.iter().filter_map(missed).collect()
    }

    fn write(&mut self, slots: &Slots, at: At, act: Act, nth: usize) {
        let visitor = &slots.visitors[nth];
        if act == Act::Issue {
            return self.issue(visitor, at, nth);
        }
        let Some((ticket, number)) = self.given[nth].clone() else { return };
        let counter = || self.rules.counters[visitor.counters[self.stops[nth]]].id.clone();
        let event = match act {
            Act::Issue => return,
            Act::Slip => {
                let outcome = SlipOutcome::Printed { proof: Proof::Status };
                Event::SlipSettled { slip: SlipId(ticket.0), ticket, outcome, by: None }
            }
            Act::Call => {
                let counter = counter();
                Event::TicketCalled { ticket, number, counter, regulars_since_overtaking: None, reason: None }
            }
            Act::Recall => Event::TicketRecalled { ticket, number, counter: counter(), calls: 2 },
            Act::Start => Event::ServiceStarted { ticket, counter: counter() },
            Act::Miss => Event::TicketMissed { ticket, counter: counter() },
            Act::Cancel => Event::TicketCancelled { ticket, counter: None, by: Actor::Visitor },
            Act::Finish => {
                let counter = counter();
                self.finished(visitor, ticket, counter, nth)
            }
            Act::Refer(to) => {
                let (from, to) = (counter(), &self.rules.counters[to]);
                self.stops[nth] += 1;
                Event::TicketTransferred {
                    ticket,
                    counter: from,
                    service: to.services[0].clone(),
                    agency: to.agency.clone(),
                    only_at: None,
                    rank_at: at,
                    served: true,
                }
            }
        };
        self.line(at, event);
    }

    fn issue(&mut self, visitor: &Visitor, at: At, nth: usize) {
        let agency = &self.rules.agencies[visitor.agency];
        let service = &agency.services[visitor.service];
        let n = self.last.entry(service.prefix.clone()).or_default();
        *n = self.rules.emergency.skipped(TicketNumber { prefix: service.prefix.clone(), n: *n + 1 }).n;
        let number = TicketNumber { prefix: service.prefix.clone(), n: *n };
        let ticket = TicketId(Seq(self.seq + 1));
        self.given[nth] = Some((ticket, number.clone()));
        let mut nonce = [0; 16];
        self.chance.fill(&mut nonce);
        let low_s = 300 * self.chance.u32(1..=8);
        let kiosk = &self.rules.kiosks[0];
        let event = Event::TicketIssued {
            ticket,
            number,
            service: service.id.clone(),
            agency: agency.id.clone(),
            class: visitor.class,
            language: Language::ID,
            origin: Origin::Kiosk(kiosk.id.clone()),
            printer: kiosk.printer.clone(),
            nonce: Nonce(nonce),
            forecast: Some(Forecast { low_s, high_s: low_s + 300 * self.chance.u32(1..=3) }),
            entered_at: None,
            invited: false,
        };
        self.line(at, event);
    }

    fn finished(&mut self, visitor: &Visitor, ticket: TicketId, counter: CounterId, nth: usize) -> Event {
        let outcomes = &self.rules.conduct.outcomes;
        let usual = self.chance.f64() < 0.88;
        let outcome = if usual { &outcomes[0] } else { &outcomes[self.chance.usize(..outcomes.len())] };
        let service = match self.stops[nth] {
            0 => self.rules.agencies[visitor.agency].services[visitor.service].id.clone(),
            stop => self.rules.counters[visitor.counters[stop]].services[0].clone(),
        };
        let delivered = outcome.delivered.then_some(Delivery { service, quantity: 1 });
        let outcome = outcome.id.clone();
        let delivered = delivered.into_iter().collect();
        Event::ServiceFinished { ticket, counter, outcome, corrected: None, delivered }
    }
}
