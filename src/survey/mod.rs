//! The satisfaction survey: questions as data, and what the regulations make of the answers.
//!
//! The formula, the weights and the bands are those of Permen PANRB 14/2017 for the index of satisfaction
//! (*Indeks Kepuasan Masyarakat*, IKM). A site may ask other sets as well: they are counted the same way.
//!
//! **Which answers count:** a response is *complete* when every question of its set has a score. Index and means
//! are of complete responses only, so that every element is the mean of the same people; *partial* responses are
//! kept, counted, and told beside them.
//!
//! **Invariant:** no file, clock, chance or floating point is touched here. Every figure is a whole number of
//! hundredths, rounded once, at the end, half up; a grade is read from the rounded figure, as it is printed.

mod about;
mod feedback;
mod grade;
mod index;
mod refusal;
mod sampling;
mod set;
mod tally;

pub use about::{About, Band};
pub use feedback::{Feedback, Topic};
pub use grade::Grade;
pub use index::{Index, Missing, Weight};
pub use refusal::Refusal;
pub use sampling::{invite_every, sample_size};
pub use set::{Order, Question, QuestionSet, SetError};
pub use tally::{Mean, Points, Scores, Tally};

/// The best score; the worst is 1.
pub const BEST: u8 = 4;

/// The survey of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// What is asked, the first first; at least one.
    pub sets: Vec<std::sync::Arc<QuestionSet>>,
    pub weight: Weight,
    /// What is asked of the visitor after the questions; nothing has to be answered.
    pub about: Vec<About>,
    /// How long after its service a ticket may answer, hours.
    pub open_for_h: u32,
    /// How long an answer is known to be of its ticket, hours.
    pub unlink_after_h: u32,
}

impl Survey {
    pub fn set(&self, key: &str) -> Option<&std::sync::Arc<QuestionSet>> {
        self.sets.iter().find(|set| set.key == key)
    }
}
