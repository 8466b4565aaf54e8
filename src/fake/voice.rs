//! What the machine says, unless something keeps it from speaking sense.

use super::condition::{Condition, State};

/// What a babbling printer says: nothing that any printer means by it.
const NOISE: [u8; 4] = [0xff, 0xd1, 0xb3, 0xf5];

/// Answers on their way out, and the automatic status last told.
#[derive(Debug, Clone, Default)]
pub(super) struct Voice {
    answers: Vec<u8>,
    spoken: usize,
    automatic: Option<[u8; 4]>,
}

impl Voice {
    /// One answer, said whole or not at all.
    pub fn say(&mut self, state: &State, answer: &[u8]) {
        let silent = [Condition::Mute, Condition::Stalled, Condition::Unplugged, Condition::PowerOff];
        if silent.into_iter().any(|condition| state.has(condition)) {
            return;
        }
        self.spoken += 1;
        if state.has(Condition::HalfAnswers) && self.spoken.is_multiple_of(2) {
            return;
        }
        if state.has(Condition::Babble) {
            self.answers.push(NOISE[self.spoken % NOISE.len()]);
        } else {
            self.answers.extend_from_slice(answer);
        }
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answers)
    }

    /// From now on each change is told, and how things are now at once.
    pub fn begin_automatic(&mut self, state: &State) {
        self.automatic = Some(state.automatic());
        self.say(state, &state.automatic());
    }

    pub fn end_automatic(&mut self) {
        self.automatic = None;
    }

    /// Tells a change that nobody was told of.
    pub fn tell_change(&mut self, state: &State) {
        if self.automatic.is_some_and(|told| told != state.automatic()) {
            self.begin_automatic(state);
        }
    }
}
