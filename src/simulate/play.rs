//! The play: what is on the agenda, what becomes of it, and what follows from each committed event.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::agenda::{Agenda, Cue};
use super::chance::Chance;
use super::clerk::{Clerk, Duty, How, Plan, sit_down};
use super::crowd::{self, Arrival};
use super::hours::{self, Stretch};
use super::press::Press;
use super::visitor::Visitor;
use super::{STAFF, desk};
use crate::queue::{
    At, Class, Command, CounterId, CounterPhase, Day, Event, Issue, KioskId, Origin, PrinterId, Recorded,
    Refusal, Rules, SlipId, SlipOutcome, SlipTrouble, TicketId, TicketState, Told,
};

/// Why there is nothing to play.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlay {
    #[error("nothing is open on {date}. Name another date with --date; the next one is {}", next.map_or("beyond this calendar".to_owned(), |next| next.to_string()))]
    Closed { date: NaiveDate, next: Option<NaiveDate> },
    #[error("{date} is before 2026: no clock of this house can show it. Name a later date with --date")]
    TooEarly { date: NaiveDate },
    #[error("the day begins at {begins} and cannot end before that. Name a later --until")]
    EndsFirst { begins: chrono::NaiveTime },
}

impl NoPlay {
    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed { .. } => "nothing_open",
            Self::TooEarly { .. } => "date_too_early",
            Self::EndsFirst { .. } => "ends_first",
        }
    }
}

/// Of all visitors: those whose patience is short, and those whom the greeter lets go first.
const GIVES_UP: f64 = 0.04;
const PREFERRED: f64 = 0.01;
/// Of those who were sent to fetch something.
const BACK_EARLY: f64 = 0.4;
/// How long before the first opening the house is entered, and how long after the last closing it is empty.
const BEFORE: TimeDelta = TimeDelta::minutes(30);
const AFTER: TimeDelta = TimeDelta::minutes(75);

/// A simulated day.
#[derive(Debug)]
pub struct Play {
    rules: Arc<Rules>,
    chance: Chance,
    agenda: Agenda,
    arrivals: Vec<Arrival>,
    visitors: HashMap<TicketId, Visitor>,
    clerks: Vec<Clerk>,
    presses: Vec<Press>,
    /// On hold, and back before their time.
    back: Vec<TicketId>,
    /// What the last wish was about.
    doing: Option<Cue>,
    begins: At,
    ends: At,
    turned_away: u32,
}

impl Play {
    /// The day of a site at a date.
    ///
    /// # Errors
    /// [`NoPlay`].
    pub fn new(
        rules: Arc<Rules>,
        date: NaiveDate,
        seed: u64,
        until: Option<chrono::NaiveTime>,
    ) -> Result<Self, NoPlay> {
        if chrono::Datelike::year(&date) < 2026 {
            return Err(NoPlay::TooEarly { date });
        }
        let Some((opens, closes)) = doors(&rules, date) else {
            let next = date.iter_days().skip(1).take(60).find(|date| doors(&rules, *date).is_some());
            return Err(NoPlay::Closed { date, next });
        };
        let begins = (opens - BEFORE).max(rules.day_begins(date));
        // What is left at the change of the day belongs to nobody's day.
        let last = (closes + AFTER).min(rules.day_begins(date + TimeDelta::days(1)) - TimeDelta::seconds(1));
        let ends = until.map_or(last, |until| rules.instant(date, until).min(last));
        if ends <= begins {
            return Err(NoPlay::EndsFirst { begins: begins.time() });
        }
        let mut chance = Chance::of(seed);
        let arrivals = crowd::arrivals(&rules, date, &mut chance);
        let late = (rules.counters.len() > 1).then(|| chance.pick(&rules.counters)).flatten();
        let late = late.map(|counter| counter.id.clone());
        let mut clerks = Vec::new();
        for counter in &rules.counters {
            let late =
                if late.as_ref() == Some(&counter.id) { chance.minutes(25..=45) } else { TimeDelta::zero() };
            clerks.push(Clerk::new(&rules, date, counter, late, &mut chance));
        }
        let presses = rules.printers.iter().map(|id| Press::new(id, (opens, closes), &mut chance)).collect();
        let mut play = Self {
            chance,
            agenda: Agenda::default(),
            arrivals,
            visitors: HashMap::new(),
            clerks,
            presses,
            back: Vec::new(),
            doing: None,
            begins,
            ends,
            turned_away: 0,
            rules,
        };
        play.note_the_day();
        Ok(play)
    }

    /// When somebody enters the house.
    pub fn begins(&self) -> At {
        self.begins
    }

    /// When the next thing is to happen; none when the day is over.
    pub fn due(&self) -> Option<At> {
        self.agenda.first().filter(|at| *at <= self.ends)
    }

    /// Who came and got no number.
    pub fn turned_away(&self) -> u32 {
        self.turned_away
    }

    /// What is wrong with each printer.
    pub fn printers(&self, now: At) -> impl Iterator<Item = (&PrinterId, Option<SlipTrouble>)> {
        self.presses.iter().map(move |press| (&press.printer, press.trouble(now)))
    }

    /// Takes the next cue: a wish, if anything comes of it. The clock must stand at [`due`](Self::due).
    pub fn act(&mut self, day: &Day) -> Option<Command> {
        let (now, number, cue) = self.agenda.take()?;
        self.doing = Some(cue);
        match cue {
            Cue::Arrival(i) => self.ask_for_a_number(day, i),
            Cue::SitDown(i) => self.sit_down(day, i),
            Cue::StandUp(i) => self.stand_up(day, i, now),
            Cue::Work(i) => self.work(day, i, number, now),
            Cue::Paper(slip) => self.paper(day, slip, now),
            Cue::Trouble(_) => None,
            Cue::Settle(slip) => self.settle(day, slip, now),
            Cue::Return(ticket) => desk::take_back(day, ticket),
            Cue::Prefer(ticket) => desk::prefer(day, ticket),
            Cue::GiveUp(ticket) => desk::give_up(day, ticket),
            Cue::Back(ticket) => {
                self.back.push(ticket);
                self.wake(day, ticket, now);
                None
            }
        }
    }

    /// The last wish was not granted.
    pub fn refused(&mut self, refusal: &Refusal, now: At) {
        match (self.doing, refusal) {
            (Some(Cue::Arrival(_)), _) => self.turned_away += 1,
            (Some(Cue::Work(i)), Refusal::NobodyWaiting) => {
                // The key that finishes and calls: there is only something to finish.
                if let Some(plan) = &mut self.clerks[i].plan {
                    plan.how = How::Finish(Default::default());
                }
                self.work_at(i, now + TimeDelta::seconds(2));
            }
            (Some(Cue::Work(i)), Refusal::TooSoon { wait_s }) => {
                self.work_at(i, now + TimeDelta::seconds(i64::from(*wait_s).max(1)));
            }
            // Somebody else was quicker: the clerk looks at the screen again.
            (Some(Cue::Work(i)), _) => self.work_at(i, now + TimeDelta::seconds(5)),
            _ => {}
        }
    }

    /// What everybody does about something that has happened; `day` is the committed day.
    pub fn hear(&mut self, day: &Day, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::TicketIssued { ticket, class, printer, .. } => {
                self.welcome(*ticket, *class, at);
                self.ask_printer(printer.as_ref(), SlipId(recorded.seq), at);
                self.wake(day, *ticket, at);
            }
            Event::TicketReprinted { printer, .. } => {
                self.ask_printer(Some(printer), SlipId(recorded.seq), at);
            }
            Event::TicketCalled { ticket, counter, .. } | Event::TicketResumed { ticket, counter, .. } => {
                if let Some(visitor) = self.visitors.get_mut(ticket) {
                    visitor.hears(at);
                }
                self.await_visitor(counter, *ticket, at);
            }
            Event::TicketRecalled { ticket, counter, .. } => self.await_visitor(counter, *ticket, at),
            Event::ServiceStarted { ticket, counter } => self.begin(day, counter, *ticket, at),
            Event::ServiceFinished { counter, .. }
            | Event::TicketHandedBack { counter, .. }
            | Event::TicketCancelled { counter: Some(counter), .. } => self.freed(counter, at),
            Event::TicketMissed { ticket, counter } => {
                self.freed(counter, at);
                if let Some(back) = self.visitors.get_mut(ticket).and_then(Visitor::missed) {
                    self.agenda.note(at + back, Cue::Return(*ticket));
                }
            }
            Event::TicketHeld { ticket, counter, until, .. } => {
                self.freed(counter, at);
                if self.chance.share(BACK_EARLY) {
                    self.agenda.note(at + (*until - at) * 2 / 3, Cue::Back(*ticket));
                }
            }
            Event::TicketTransferred { ticket, counter, .. } => {
                self.freed(counter, at);
                self.wake(day, *ticket, at);
            }
            Event::HoldEnded { ticket } | Event::TicketReturned { ticket, .. } => self.wake(day, *ticket, at),
            Event::TicketReopened { counter: Some(counter), .. } => {
                if let Some(i) = self.clerk(counter) {
                    self.work_at(i, at + TimeDelta::seconds(10));
                }
            }
            Event::CounterOpened { counter, staff } => self.opened(counter, staff.as_str() == STAFF, at),
            Event::CounterPaused { counter } | Event::CounterClosed { counter } => self.left(counter, at),
            Event::SlipSettled { slip, outcome, by: None, .. } => self.doubt(*slip, *outcome, at),
            _ => {}
        }
    }

    fn note_the_day(&mut self) {
        for (i, arrival) in self.arrivals.iter().enumerate() {
            self.agenda.note(arrival.at, Cue::Arrival(i));
        }
        for (i, clerk) in self.clerks.iter().enumerate() {
            for (from, to) in &clerk.shifts {
                self.agenda.note(*from, Cue::SitDown(i));
                self.agenda.note(*to, Cue::StandUp(i));
            }
        }
        for (i, press) in self.presses.iter().enumerate() {
            self.agenda.note(press.without_paper.0, Cue::Trouble(i));
            self.agenda.note(press.without_paper.1, Cue::Trouble(i));
        }
    }

    /// A kiosk shows what is closed: nobody presses that.
    fn ask_for_a_number(&mut self, day: &Day, i: usize) -> Option<Command> {
        let arrival = &self.arrivals[i];
        if !matches!(day.told(&arrival.service), Some(Told::Open(_))) {
            self.turned_away += 1;
            return None;
        }
        let kiosk = self.chance.pick(&self.rules.kiosks);
        let origin = |id: &KioskId| Origin::Kiosk(id.clone());
        Some(Command::Issue(Issue {
            service: arrival.service.clone(),
            class: arrival.class,
            language: arrival.language,
            origin: kiosk.map_or(Origin::Desk(STAFF.into()), |kiosk| origin(&kiosk.id)),
            printer: kiosk.and_then(|kiosk| kiosk.printer.clone()),
            nonce: self.chance.nonce(),
        }))
    }

    fn sit_down(&mut self, day: &Day, i: usize) -> Option<Command> {
        let clerk = &mut self.clerks[i];
        let taken = day.counter(&clerk.counter).staff.is_some_and(|staff| staff.as_str() != STAFF);
        clerk.relieved |= taken;
        if clerk.relieved {
            return None;
        }
        clerk.duty = Duty::AtWork;
        Some(sit_down(&clerk.counter))
    }

    fn stand_up(&mut self, day: &Day, i: usize, now: At) -> Option<Command> {
        let clerk = &mut self.clerks[i];
        clerk.stands_up(now);
        if clerk.idle || day.active(&clerk.counter).is_none() {
            self.work_at(i, now);
        }
        None
    }

    /// What a clerk does next is what the counter's state asks for.
    fn work(&mut self, day: &Day, i: usize, number: u64, now: At) -> Option<Command> {
        let rules = self.rules.clone();
        let clerk = &mut self.clerks[i];
        let state = day.counter(&clerk.counter);
        let mine = state.staff.as_ref().is_some_and(|staff| staff.as_str() == STAFF);
        if clerk.work != Some(number) || !mine || state.phase != CounterPhase::Open {
            return None;
        }
        clerk.work = None;
        let Some(ticket) = day.active(&clerk.counter) else {
            let wish = clerk.at_free_counter(&rules, day, &self.back, now);
            clerk.idle = wish.is_none();
            return wish;
        };
        if ticket.state == TicketState::Called {
            let visitor = self.visitors.get(&ticket.id)?;
            return Some(clerk.at_called(&rules, ticket, visitor, now, &mut self.chance));
        }
        let plan = clerk.plan.take_if(|plan| plan.ticket == ticket.id);
        let plan = plan.unwrap_or_else(|| Plan::new(&rules, day, ticket, now, &mut self.chance));
        let over_at = plan.over_at;
        let wish =
            (over_at <= now).then(|| clerk.at_serving(&rules, ticket, &plan.how, now, &mut self.chance));
        clerk.plan = Some(plan);
        if wish.is_none() {
            self.work_at(i, over_at);
        }
        wish
    }

    fn paper(&mut self, day: &Day, slip: SlipId, now: At) -> Option<Command> {
        let record = day.slip(slip)?;
        let press = self.presses.iter_mut().find(|press| press.printer == record.printer)?;
        Some(Command::ReportSlip { slip, outcome: press.outcome(now), by: None })
    }

    fn settle(&mut self, day: &Day, slip: SlipId, now: At) -> Option<Command> {
        let printer = &day.slip(slip)?.printer;
        let press = self.presses.iter().find(|press| press.printer == *printer);
        let well = press.is_some_and(|press| press.trouble(now).is_none());
        desk::settle(day, slip, well, &mut self.chance)
    }

    /// Somebody holds a number: what they will do is settled now.
    fn welcome(&mut self, ticket: TicketId, class: Class, now: At) {
        self.visitors.insert(ticket, Visitor::new(&mut self.chance, class));
        if self.chance.share(GIVES_UP) {
            let patience = self.chance.minutes(6..=40);
            self.agenda.note(now + patience, Cue::GiveUp(ticket));
        } else if class == Class::Regular && self.chance.share(PREFERRED) {
            let seen = self.chance.minutes(1..=5);
            self.agenda.note(now + seen, Cue::Prefer(ticket));
        }
    }

    fn ask_printer(&mut self, printer: Option<&PrinterId>, slip: SlipId, now: At) {
        let asked = self.presses.iter_mut().find(|press| Some(&press.printer) == printer);
        if let Some(press) = asked {
            let out = press.takes(now);
            self.agenda.note(out, Cue::Paper(slip));
        }
    }

    /// The clerk looks up when somebody stands there, or when it is time to call again.
    fn await_visitor(&mut self, counter: &CounterId, ticket: TicketId, now: At) {
        let Some(i) = self.clerk(counter) else { return };
        let patience = i64::from(self.rules.conduct.call_gap_s) + self.chance.seconds(2..=8).num_seconds();
        let again = now + TimeDelta::seconds(patience);
        let comes = self.visitors.get(&ticket).and_then(Visitor::at_counter);
        let greeted = comes.map(|at| at.max(now) + self.chance.seconds(1..=4));
        self.work_at(i, greeted.map_or(again, |greeted| greeted.min(again)));
    }

    fn begin(&mut self, day: &Day, counter: &CounterId, ticket: TicketId, now: At) {
        let (Some(i), Some(ticket)) = (self.clerk(counter), day.ticket(ticket)) else { return };
        let plan = Plan::new(&self.rules, day, ticket, now, &mut self.chance);
        self.work_at(i, plan.over_at);
        self.clerks[i].plan = Some(plan);
    }

    fn freed(&mut self, counter: &CounterId, now: At) {
        let pause = self.chance.seconds(5..=25);
        if let Some(i) = self.clerk(counter) {
            self.clerks[i].plan = None;
            self.work_at(i, now + pause);
        }
    }

    fn opened(&mut self, counter: &CounterId, by_us: bool, now: At) {
        let ready = self.chance.seconds(5..=40);
        let Some(i) = self.index(counter) else { return };
        self.clerks[i].relieved = !by_us;
        if by_us {
            self.work_at(i, now + ready);
        }
    }

    /// A counter was left; one that a person has left is taken again while its hours last.
    fn left(&mut self, counter: &CounterId, now: At) {
        let Some(i) = self.index(counter) else { return };
        let clerk = &mut self.clerks[i];
        (clerk.work, clerk.idle) = (None, false);
        if std::mem::take(&mut clerk.relieved) && clerk.is_on(now) {
            self.agenda.note(now + TimeDelta::minutes(2), Cue::SitDown(i));
        }
    }

    /// Paper may be missing: somebody looks after it in a while.
    fn doubt(&mut self, slip: SlipId, outcome: SlipOutcome, now: At) {
        if outcome.trouble().is_some() {
            let later = self.chance.minutes(2..=14);
            self.agenda.note(now + later, Cue::Settle(slip));
        }
    }

    /// Clerks who wait for somebody look up.
    fn wake(&mut self, day: &Day, ticket: TicketId, now: At) {
        let Some(ticket) = day.ticket(ticket) else { return };
        let rules = self.rules.clone();
        for counter in day.counters_for(&rules, ticket) {
            if let Some(i) = self.clerk(&counter.id).filter(|i| self.clerks[*i].idle) {
                let notice = self.chance.seconds(2..=9);
                self.work_at(i, now + notice);
            }
        }
    }

    fn work_at(&mut self, i: usize, at: At) {
        let number = self.agenda.note(at, Cue::Work(i));
        let clerk = &mut self.clerks[i];
        (clerk.work, clerk.idle) = (Some(number), false);
    }

    /// The simulated clerk at a counter; none where a person sits.
    fn clerk(&self, counter: &CounterId) -> Option<usize> {
        self.index(counter).filter(|i| !self.clerks[*i].relieved)
    }

    fn index(&self, counter: &CounterId) -> Option<usize> {
        self.clerks.iter().position(|clerk| clerk.counter == *counter)
    }
}

/// From the first opening of a date to its last closing.
pub(super) fn doors(rules: &Rules, date: NaiveDate) -> Option<Stretch> {
    let spans: Vec<Stretch> =
        rules.counters.iter().flat_map(|counter| hours::of_counter(rules, date, counter)).collect();
    Some((spans.iter().map(|span| span.0).min()?, spans.iter().map(|span| span.1).max()?))
}
