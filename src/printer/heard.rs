//! What a printer has said and nobody has made use of yet.
//!
//! Answers, blocks and automatic status come in any order, early, late and unasked. Each is kept here
//! until somebody asks for it, so that nothing heard while doing something else is lost. What looks
//! like an answer and was never asked for is noise.

use super::status::Reading;

/// Everything heard and not yet taken.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    question: Option<Question>,
    fences_asked: u32,
    fences: u32,
    ids: Vec<[u8; 4]>,
    cleared: bool,
    automatic: Option<[u8; 4]>,
    noise: u32,
}

/// The one status question that is open: DLE EOT answers do not say which it was.
#[derive(Debug, Clone, Copy)]
struct Question {
    n: u8,
    answer: Option<u8>,
}

impl Heard {
    /// Takes in what the line brought.
    pub fn take(&mut self, readings: impl IntoIterator<Item = Reading>) {
        for reading in readings {
            self.take_one(reading);
        }
    }

    fn take_one(&mut self, reading: Reading) {
        match reading {
            Reading::Xon | Reading::Xoff => {}
            Reading::RealTime(byte) => match &mut self.question {
                // Clones set bit 7 of the first answer for "not torn off yet"; elsewhere it is noise.
                Some(Question { n, answer: answer @ None }) if byte & 0x80 == 0 || *n == 1 => {
                    *answer = Some(byte);
                }
                _ => self.noise += 1,
            },
            Reading::Asb(status) => self.automatic = Some(status),
            Reading::Answer(_) if self.fences < self.fences_asked => self.fences += 1,
            Reading::Block(block) => match *block.as_slice() {
                [0x22, a, b, c, d] => self.ids.push([a, b, c, d]),
                [0x25] => self.cleared = true,
                _ => self.noise += 1,
            },
            Reading::Answer(_) | Reading::Garbage(_) => self.noise += 1,
        }
    }

    /// DLE EOT n has been asked; an answer to a question before it comes too late.
    pub fn asked(&mut self, n: u8) {
        self.question = Some(Question { n, answer: None });
    }

    /// The answer to the open question.
    pub fn answer(&mut self) -> Option<u8> {
        let answer = self.question?.answer?;
        self.question = None;
        Some(answer)
    }

    /// GS r has been asked.
    pub fn asked_fence(&mut self) {
        self.fences_asked += 1;
    }

    /// Whether an answer to GS r has come; it is taken.
    pub fn fence(&mut self) -> bool {
        let came = self.fences > 0;
        if came {
            self.fences -= 1;
            self.fences_asked -= 1;
        }
        came
    }

    /// Nobody waits for answers to GS r any more.
    pub fn forget_fences(&mut self) {
        (self.fences, self.fences_asked) = (0, 0);
    }

    /// Whether this process id has come back; it is taken.
    pub fn id(&mut self, id: [u8; 4]) -> bool {
        let before = self.ids.len();
        self.ids.retain(|heard| *heard != id);
        self.ids.len() < before
    }

    /// Whether the printer has said that its buffers are empty; it is taken.
    pub fn cleared(&mut self) -> bool {
        std::mem::take(&mut self.cleared)
    }

    /// The newest automatic status; it is taken.
    pub fn automatic(&mut self) -> Option<[u8; 4]> {
        self.automatic.take()
    }

    /// Bytes that were no answer to anything since this was last asked.
    pub fn noise(&mut self) -> u32 {
        std::mem::take(&mut self.noise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_belongs_to_the_question_that_is_open() {
        let mut heard = Heard::default();
        heard.take([Reading::RealTime(0x12)]);
        heard.asked(2);
        assert_eq!(heard.answer(), None, "what was said before the question is no answer");
        heard.take([Reading::RealTime(0x16), Reading::RealTime(0x12)]);
        assert_eq!(heard.answer(), Some(0x16));
        assert_eq!(heard.noise(), 2);
    }

    #[test]
    fn bit_7_is_only_right_in_the_first_answer() {
        let mut heard = Heard::default();
        heard.asked(1);
        heard.take([Reading::RealTime(0x92)]);
        assert_eq!(heard.answer(), Some(0x92));
        for n in 2..=4 {
            heard.asked(n);
            heard.take([Reading::RealTime(0xf2), Reading::RealTime(0x12)]);
            assert_eq!(heard.answer(), Some(0x12), "DLE EOT {n}");
        }
    }

    #[test]
    fn proofs_wait_until_they_are_asked_for() {
        let mut heard = Heard::default();
        heard.take([Reading::Answer(0)]);
        heard.asked_fence();
        assert!(!heard.fence(), "an answer before the question proves nothing");
        heard.asked(1);
        heard.take([
            Reading::Answer(0),
            Reading::Block(b"\x22A001".to_vec()),
            Reading::RealTime(0x12),
            Reading::Block(b"\x25".to_vec()),
            Reading::Asb([0x18, 0, 0x0f, 0]),
        ]);
        assert_eq!(heard.answer(), Some(0x12));
        assert!(heard.fence() && !heard.fence());
        assert!(!heard.id(*b"A002") && heard.id(*b"A001") && !heard.id(*b"A001"));
        assert!(heard.cleared() && !heard.cleared());
        assert_eq!(heard.automatic(), Some([0x18, 0, 0x0f, 0]));
    }
}
