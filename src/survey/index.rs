//! The index of satisfaction: Σ (mean of an element × its weight) × 25.

use serde::Serialize;

use super::{Grade, Points, QuestionSet, Tally};

/// What an element weighs among nine. Offices compute with all three, and 29 answers of a real worksheet give
/// 90.56, 91.38 and 91.48: a report says which it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Weight {
    /// 1/9, exact: a perfect survey has 100.
    #[default]
    Exact,
    /// 0.111: a perfect survey has 99.90.
    Thousandths,
    /// 0.11: a perfect survey has 99.
    Hundredths,
}

impl Weight {
    /// As the config and reports write it, with the number that goes with it.
    pub const WORDS: [(&'static str, Self); 3] =
        [("1/9", Self::Exact), ("0.111", Self::Thousandths), ("0.11", Self::Hundredths)];

    /// As the config names it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, weight)| *weight == self).map_or("", |(word, _)| word)
    }

    /// Of one of so many elements, as a fraction. Rounded weights are of nine elements; others weigh the same each.
    pub fn of(self, elements: usize) -> (u128, u128) {
        match (self, elements) {
            (Self::Thousandths, 9) => (111, 1_000),
            (Self::Hundredths, 9) => (11, 100),
            _ => (1, elements as u128),
        }
    }
}

/// The index of some responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Index {
    pub points: Points,
    pub grade: Grade,
    /// Complete responses it is of.
    pub responses: u64,
}

/// Why there is no index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error("nobody has answered the whole questionnaire")]
    Nobody,
    #[error("element `{0}` was not answered by all whose other answers are counted")]
    Uneven(String),
}

impl Index {
    /// The index of a set, from the scores of complete responses: every element was answered equally often.
    ///
    /// Computed in whole numbers and rounded once.
    ///
    /// # Errors
    /// There is none, and why: nobody answered, or an element lacks answers (the questionnaire was changed
    /// meanwhile, or partial responses were counted in).
    pub fn of(set: &QuestionSet, tally: &Tally, weight: Weight) -> Result<Self, Missing> {
        let scores = || set.questions.iter().map(|question| (&question.key, tally.of(&question.key)));
        let responses = scores().map(|(_, scores)| scores.count()).max().unwrap_or_default();
        if responses == 0 {
            return Err(Missing::Nobody);
        }
        if let Some((key, _)) = scores().find(|(_, scores)| scores.count() != responses) {
            return Err(Missing::Uneven(key.clone()));
        }
        let sum: u128 = scores().map(|(_, scores)| u128::from(scores.sum())).sum();
        let (part, whole) = weight.of(set.questions.len());
        let points = Points::ratio(sum * part * 25, u128::from(responses) * whole);
        Ok(Self { points, grade: Grade::of(points), responses })
    }
}
