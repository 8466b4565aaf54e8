//! Who is served where and when on a day, before any line is written.

use antrean::queue::{At, Class, Rules};
use chrono::{NaiveDate, NaiveTime, TimeDelta};

/// What happens to a ticket at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Issue,
    Slip,
    Call,
    Recall,
    Start,
    Miss,
    Finish,
    /// On to what the counter of this number serves.
    Refer(usize),
    Cancel,
}

/// An act in the order of the day; of two at once, the one that was noted first.
pub type Moment = (At, usize, Act, usize);

/// A visitor; places are those in the rules.
pub struct Visitor {
    pub agency: usize,
    pub service: usize,
    pub class: Class,
    /// Who serves them: counters in turn.
    pub counters: Vec<usize>,
}

pub struct Slots {
    pub visitors: Vec<Visitor>,
    pub moments: Vec<Moment>,
}

/// Of a hundred visitors: those who are not there when they are called, who go on to another agency, who give up.
const MISSED: f64 = 0.06;
const REFERRED: f64 = 0.03;
const CANCELLED: f64 = 0.015;
const PRIORITY: f64 = 0.08;
const RECALLED: f64 = 0.12;

/// The day of so many visitors, shared among the counters of the mall.
pub fn of_day(rules: &Rules, date: NaiveDate, count: usize, chance: &mut fastrand::Rng) -> Slots {
    let opens = rules.instant(date, NaiveTime::from_hms_opt(8, 1, 0).unwrap());
    let counters = rules.counters.len();
    let mut slots = Slots { visitors: Vec::with_capacity(count), moments: Vec::with_capacity(count * 6) };
    // Eight hours, and nobody at two counters at once.
    let each = TimeDelta::hours(8) * counters as i32 / count.max(1) as i32;
    let mut left: Vec<Option<Finished>> = vec![None; counters];
    let mut nth = 0;
    while slots.visitors.len() < count {
        let (at, turn) = (nth % counters, nth / counters);
        let called = opens + each * turn as i32 + each * at as i32 / counters as i32;
        let slot = Slot { counter: at, called, length: each };
        if chance.f64() < CANCELLED && slots.visitors.len() + 1 < count {
            slots.gives_up(rules, slot, chance);
        }
        slots.serve(rules, slot, &mut left, chance);
        nth += 1;
    }
    slots.moments.sort_unstable();
    slots
}

/// A visit that has ended, and may turn out to go on elsewhere.
#[derive(Debug, Clone, Copy)]
struct Finished {
    visitor: usize,
    moment: usize,
    at: At,
}

#[derive(Clone, Copy)]
struct Slot {
    counter: usize,
    called: At,
    length: TimeDelta,
}

impl Slots {
    fn note(&mut self, at: At, act: Act, visitor: usize) {
        let order = self.moments.len();
        self.moments.push((at, order, act, visitor));
    }

    fn serve(
        &mut self,
        rules: &Rules,
        slot: Slot,
        left: &mut [Option<Finished>],
        chance: &mut fastrand::Rng,
    ) {
        let Slot { counter, called, length } = slot;
        let visitor = match self.referred(rules, slot, left, chance) {
            Some(visitor) => visitor,
            None => self.comes(rules, slot, chance),
        };
        let part =
            |share: f64| called + TimeDelta::milliseconds((length.num_milliseconds() as f64 * share) as i64);
        self.visitors[visitor].counters.push(counter);
        self.note(called, Act::Call, visitor);
        if chance.f64() < RECALLED {
            self.note(part(0.1), Act::Recall, visitor);
        }
        if chance.f64() < MISSED {
            self.note(part(0.3), Act::Miss, visitor);
            left[counter] = None;
            return;
        }
        self.note(part(0.12 + 0.1 * chance.f64()), Act::Start, visitor);
        let over = part(0.3 + 0.65 * chance.f64());
        left[counter] = Some(Finished { visitor, moment: self.moments.len(), at: over });
        self.note(over, Act::Finish, visitor);
    }

    /// Somebody new, who has waited for anything from a minute to an hour and a half.
    fn comes(&mut self, rules: &Rules, slot: Slot, chance: &mut fastrand::Rng) -> usize {
        let counter = &rules.counters[slot.counter];
        // What stands first in a counter's list is asked for most.
        let place = (chance.f64() * chance.f64() * counter.services.len() as f64) as usize;
        let id = &counter.services[place.min(counter.services.len() - 1)];
        let agency = rules.agencies.iter().position(|agency| agency.id == counter.agency).unwrap();
        let service = rules.agencies[agency].services.iter().position(|service| service.id == *id).unwrap();
        let class = if chance.f64() < PRIORITY { Class::Priority } else { Class::Regular };
        let visitor = self.visitors.len();
        self.visitors.push(Visitor { agency, service, class, counters: Vec::with_capacity(1) });
        let waited = TimeDelta::seconds(60 + (5_340.0 * chance.f64() * chance.f64()) as i64);
        let came = (slot.called - waited).max(slot.called - TimeDelta::minutes(45) - slot.length * 8);
        self.note(came, Act::Issue, visitor);
        self.note(came + TimeDelta::milliseconds(1_800), Act::Slip, visitor);
        visitor
    }

    /// Somebody who does not wait to be called.
    fn gives_up(&mut self, rules: &Rules, slot: Slot, chance: &mut fastrand::Rng) {
        let visitor = self.comes(rules, slot, chance);
        self.note(slot.called - TimeDelta::seconds(20), Act::Cancel, visitor);
    }

    /// Somebody who was served at another agency and was sent here: it turns out afterwards, when there is room.
    fn referred(
        &mut self,
        rules: &Rules,
        slot: Slot,
        left: &mut [Option<Finished>],
        chance: &mut fastrand::Rng,
    ) -> Option<usize> {
        if chance.f64() >= REFERRED {
            return None;
        }
        let from = chance.usize(..left.len());
        let other = rules.counters[from].agency != rules.counters[slot.counter].agency;
        let finished = left[from].take_if(|finished| other && finished.at < slot.called)?;
        self.moments[finished.moment].2 = Act::Refer(slot.counter);
        Some(finished.visitor)
    }
}
