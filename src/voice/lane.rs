//! Who speaks next: one voice at a time.
//!
//! **Invariant:** two phrases never overlap. Calls are said in order and to their end; of the kiosk's
//! sentences only the newest counts, and it waits for calls. A call that no longer stands is not said.

use std::collections::VecDeque;
use std::time::Instant;

use super::phrase::{Audience, Phrase};

/// Asked when its turn has come: is it still true?
pub(super) type Stands = Box<dyn Fn() -> bool + Send>;

/// A phrase, when it was asked for, until when it is true, and what goes with it.
pub(super) struct Turn<T> {
    pub phrase: Phrase,
    pub asked: Instant,
    pub stands: Stands,
    pub with: T,
}

impl<T> Turn<T> {
    fn is_to_be_said(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.asked) < self.phrase.audience().patience() && (self.stands)()
    }
}

pub(super) struct Lane<T> {
    speaks: Option<Audience>,
    calls: VecDeque<Turn<T>>,
    sentence: Option<Turn<T>>,
}

/// Whether what is being said goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    GoesOn,
    Breaks,
}

impl<T> Lane<T> {
    pub fn new() -> Self {
        Self { speaks: None, calls: VecDeque::new(), sentence: None }
    }

    /// Takes a phrase in. A newer sentence of the kiosk breaks off an older one.
    pub fn say(&mut self, turn: Turn<T>) -> Voice {
        match turn.phrase.audience() {
            Audience::Hall => {
                self.calls.push_back(turn);
                Voice::GoesOn
            }
            Audience::Visitor => {
                self.sentence = Some(turn);
                self.stop_sentence()
            }
        }
    }

    /// Nothing more to the visitor; calls go on.
    pub fn hush(&mut self) -> Voice {
        self.sentence = None;
        self.stop_sentence()
    }

    fn stop_sentence(&mut self) -> Voice {
        if self.speaks == Some(Audience::Visitor) {
            self.speaks = None;
            Voice::Breaks
        } else {
            Voice::GoesOn
        }
    }

    /// The voice has ended.
    pub fn ended(&mut self) {
        self.speaks = None;
    }

    /// Who speaks now that nobody does; whoever waited too long, or says what no longer stands, does not.
    pub fn next(&mut self, now: Instant) -> Option<Turn<T>> {
        if self.speaks.is_some() {
            return None;
        }
        let call = std::iter::from_fn(|| self.calls.pop_front()).find(|call| call.is_to_be_said(now));
        let next = call.or_else(|| self.sentence.take().filter(|turn| turn.is_to_be_said(now)))?;
        self.speaks = Some(next.phrase.audience());
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::super::number::Reading;
    use super::super::phrase::Prompt;
    use super::*;

    fn call(number: &str) -> Phrase {
        Phrase::number(&number.parse().unwrap(), Reading::Digits)
    }

    fn home() -> Phrase {
        Phrase::prompt(Prompt::Home)
    }

    fn services() -> Phrase {
        Phrase::prompt(Prompt::Services)
    }

    fn turn(phrase: Phrase, asked: Instant) -> Turn<()> {
        Turn { phrase, asked, stands: Box::new(|| true), with: () }
    }

    fn said(lane: &mut Lane<()>, now: Instant) -> Option<Phrase> {
        lane.next(now).map(|turn| turn.phrase)
    }

    #[test]
    fn calls_are_said_in_order_and_never_overlap() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        assert_eq!(lane.say(turn(call("A001"), now)), Voice::GoesOn);
        assert_eq!(said(&mut lane, now), Some(call("A001")));
        assert_eq!(lane.say(turn(call("B001"), now)), Voice::GoesOn);
        assert_eq!(said(&mut lane, now), None, "A001 is still being said");
        lane.ended();
        assert_eq!(said(&mut lane, now), Some(call("B001")));
    }

    #[test]
    fn a_newer_sentence_breaks_off_the_older_one() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        lane.say(turn(home(), now));
        assert_eq!(said(&mut lane, now), Some(home()));
        assert_eq!(lane.say(turn(services(), now)), Voice::Breaks);
        assert_eq!(said(&mut lane, now), Some(services()));
    }

    #[test]
    fn a_sentence_waits_for_the_call_and_calls_come_first() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        lane.say(turn(call("A001"), now));
        assert_eq!(said(&mut lane, now), Some(call("A001")));
        assert_eq!(lane.say(turn(home(), now)), Voice::GoesOn);
        lane.say(turn(services(), now));
        lane.say(turn(call("B001"), now));
        lane.ended();
        assert_eq!(said(&mut lane, now), Some(call("B001")));
        lane.ended();
        assert_eq!(said(&mut lane, now), Some(services()), "of two sentences the newer one");
        lane.ended();
        assert_eq!(said(&mut lane, now), None);
    }

    #[test]
    fn hush_is_for_the_visitor_and_not_for_the_hall() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        lane.say(turn(call("A001"), now));
        assert_eq!(said(&mut lane, now), Some(call("A001")));
        lane.say(turn(home(), now));
        assert_eq!(lane.hush(), Voice::GoesOn);
        lane.ended();
        assert_eq!(said(&mut lane, now), None, "the sentence that waited is not said");
        lane.say(turn(home(), now));
        assert_eq!(said(&mut lane, now), Some(home()));
        assert_eq!(lane.hush(), Voice::Breaks);
        assert_eq!(said(&mut lane, now), None);
    }

    #[test]
    fn a_call_that_was_answered_while_it_waited_is_not_said() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        let stands = Arc::new(AtomicBool::new(true));
        let asked = stands.clone();
        lane.say(turn(call("A001"), now));
        let stands_still: Stands = Box::new(move || asked.load(Ordering::SeqCst));
        lane.say(Turn { stands: stands_still, ..turn(call("A002"), now) });
        lane.say(turn(call("B001"), now));
        assert_eq!(said(&mut lane, now), Some(call("A001")));
        stands.store(false, Ordering::SeqCst);
        lane.ended();
        assert_eq!(said(&mut lane, now), Some(call("B001")));
    }

    #[test]
    fn what_waited_too_long_is_not_said() {
        let (mut lane, now) = (Lane::new(), Instant::now());
        let later = |s| now + Duration::from_secs(s);
        lane.say(turn(call("A001"), now));
        lane.say(turn(call("B001"), later(20)));
        lane.say(turn(home(), later(20)));
        assert_eq!(said(&mut lane, later(50)), Some(call("B001")), "A001 was called 50 s ago");
        lane.ended();
        assert_eq!(said(&mut lane, later(55)), None, "that screen has gone");
    }
}
