//! Every call, aloud and once, while somebody is still to come.
//!
//! **Invariant:** a call is said in the order of the journal, and only while it is younger than a hall's
//! patience and its ticket still called at that counter. What was called before this box started, or was
//! said already, is never said again; a recall is a call of its own.

use std::collections::HashSet;
use std::time::Duration;

use super::number::Reading;
use super::phrase::{Audience, Phrase};
use super::speaker::Speaker;
use crate::clock::Clock;
use crate::hall::{Hall, Present, Rang};
use crate::queue::{At, Call, CounterId, Rules, Seq, TicketState};

/// What a call sounds like; none where its counter is no longer in the config.
pub fn announcement(rules: &Rules, call: &Call, reading: Reading) -> Option<Phrase> {
    let counter = rules.counter(&call.counter)?;
    Some(Phrase::call(&call.number, reading, rules.agency(&counter.agency), counter.number))
}

/// A call that is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub call: Call,
    pub phrase: Phrase,
}

impl Announcement {
    /// Whether it is still to be said: it is young, and nobody has come yet.
    pub fn stands(&self, present: &Present, now: At) -> bool {
        let age = now.signed_duration_since(self.call.at);
        let young = age.to_std().map_or(true, |age| age < Audience::Hall.patience());
        let still_called = |ticket: &crate::queue::Ticket| {
            ticket.state == TicketState::Called && ticket.counter.as_ref() == Some(&self.call.counter)
        };
        young && present.day.ticket(self.call.ticket).is_some_and(still_called)
    }
}

/// Whoever calls aloud for some of the counters.
#[derive(Debug)]
pub struct Crier {
    counters: HashSet<CounterId>,
    reading: Reading,
    /// The last line of the journal that was looked at.
    seen: Seq,
}

impl Crier {
    /// Calls from now on: what was called before is over.
    pub fn new(counters: HashSet<CounterId>, reading: Reading, present: &Present) -> Self {
        Self { counters, reading, seen: present.day.seq() }
    }

    /// What was called since the last time, in order.
    pub fn hear(&mut self, present: &Present) -> Vec<Announcement> {
        let seen = std::mem::replace(&mut self.seen, present.day.seq());
        let new = present.day.calls().filter(|call| call.seq > seen);
        let own = new.filter(|call| self.counters.contains(&call.counter));
        let announced = own.filter_map(|call| {
            let phrase = announcement(&present.rules, call, self.reading)?;
            Some(Announcement { call: call.clone(), phrase })
        });
        announced.collect()
    }
}

/// How long a bell that does not ring is waited for.
const QUIET: Duration = Duration::from_secs(3600);

/// Says the calls of these counters through the box's loudspeaker, on a thread of its own, until the hall
/// closes.
pub fn cry(hall: Hall, clock: Clock, speaker: Speaker, counters: HashSet<CounterId>, reading: Reading) {
    if counters.is_empty() {
        return;
    }
    let mut crier = Crier::new(counters, reading, &hall.present());
    crate::tasks::thread("crier", move || {
        while hall.wait(crier.seen, QUIET) != Rang::Closed {
            for announcement in crier.hear(&hall.present()) {
                let (hall, clock) = (hall.clone(), clock.clone());
                let phrase = announcement.phrase.clone();
                speaker.say_while(phrase, move || announcement.stands(&hall.present(), clock.now()));
            }
        }
    });
}
