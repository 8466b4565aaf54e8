//! Scores counted, and means of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{BEST, Grade};

/// How often each score was given to one question: `[0]` is score 1, the worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Scores(pub [u64; BEST as usize]);

impl Scores {
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The scores added up.
    pub fn sum(&self) -> u64 {
        (1..).zip(self.0).map(|(score, count): (u64, u64)| score * count).sum()
    }

    /// The mean of the element (*nilai rata-rata*, NRR); none where nobody answered.
    pub fn mean(&self) -> Option<Mean> {
        let n = self.count();
        (n > 0).then(|| Mean { sum: self.sum(), n })
    }

    pub fn add(&mut self, score: u8, times: u64) {
        if let Some(count) = usize::from(score).checked_sub(1).and_then(|at| self.0.get_mut(at)) {
            *count += times;
        }
    }
}

/// The scores of one set of questions, by the question's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally(BTreeMap<String, Scores>);

impl Tally {
    pub fn add(&mut self, question: &str, score: u8, times: u64) {
        self.0.entry(question.to_owned()).or_default().add(score, times);
    }

    pub fn of(&self, question: &str) -> Scores {
        self.0.get(question).copied().unwrap_or_default()
    }
}

/// An exact mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mean {
    pub sum: u64,
    /// Never 0.
    pub n: u64,
}

impl Mean {
    /// In units of `1 / 10^decimals`, half up: 3.2759 is 32759 with four decimals.
    pub fn rounded(self, decimals: u32) -> u64 {
        let scaled = u128::from(self.sum) * 10_u128.pow(decimals.min(9));
        half_up(scaled, u128::from(self.n)) as u64
    }

    /// As points of 100: the mean × 25.
    pub fn points(self) -> Points {
        Points::ratio(u128::from(self.sum) * 25, u128::from(self.n))
    }

    /// The grade of one element.
    pub fn grade(self) -> Grade {
        Grade::of(self.points())
    }
}

/// A figure of 100 with two decimals, rounded: what is printed and what the grade is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Points(u32);

impl Points {
    /// A quotient, rounded half up to hundredths. `of` is never 0.
    pub(super) fn ratio(this: u128, of: u128) -> Self {
        Self(half_up(this * 100, of) as u32)
    }

    pub fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    pub fn hundredths(self) -> u32 {
        self.0
    }
}

/// `91.48`; a page in Indonesian writes a comma itself.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A quotient of whole numbers, rounded half up.
pub(super) fn half_up(this: u128, by: u128) -> u128 {
    (2 * this + by) / (2 * by)
}
