//! What a visitor will do.

use chrono::TimeDelta;

use super::chance::Chance;
use crate::queue::{At, Class};

/// Whoever does not come when called, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absence {
    /// Has left the building.
    Gone,
    /// Is outside and comes to the information desk so long after being missed.
    Late(TimeDelta),
}

/// Somebody with a ticket.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// From the seat to any counter.
    walk: TimeDelta,
    absence: Option<Absence>,
    /// When they stand, or will stand, at the counter that calls them.
    at_counter: Option<At>,
}

impl Visitor {
    pub fn new(chance: &mut Chance, class: Class) -> Self {
        let median_s = match class {
            Class::Regular => 13.0,
            Class::Priority => 22.0,
        };
        let walk = chance.lognormal(median_s, 0.45);
        let absence = match chance.weighted(&[0.92, 0.045, 0.035]) {
            Some(1) => Some(Absence::Gone),
            Some(2) => Some(Absence::Late(chance.minutes(2..=25))),
            _ => None,
        };
        Self { walk: walk.clamp(TimeDelta::seconds(4), TimeDelta::seconds(75)), absence, at_counter: None }
    }

    /// The number is called for the first time.
    pub fn hears(&mut self, now: At) {
        self.at_counter = self.absence.is_none().then(|| now + self.walk);
    }

    pub fn at_counter(&self) -> Option<At> {
        self.at_counter
    }

    /// Was missed: how long until they stand at the information desk, if ever. Once there they listen.
    pub fn missed(&mut self) -> Option<TimeDelta> {
        match self.absence {
            Some(Absence::Late(back)) => {
                self.absence = None;
                Some(back)
            }
            Some(Absence::Gone) | None => None,
        }
    }
}
