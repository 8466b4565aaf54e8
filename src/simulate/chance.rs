//! Chance from a seed: the same seed, the same day. (`fastrand`: small, kept, and in the tree already.)

use std::ops::RangeInclusive;

use chrono::TimeDelta;

use crate::queue::Nonce;

#[derive(Debug, Clone)]
pub struct Chance(fastrand::Rng);

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// True in this share of all cases.
    pub fn share(&mut self, share: f64) -> bool {
        self.0.f64() < share
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        (!from.is_empty()).then(|| &from[self.0.usize(..from.len())])
    }

    /// One of those with these weights; none where all weigh nothing.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut left = self.0.f64() * total;
        let heavy = |weight: &f64| *weight > 0.0;
        let found = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0 && heavy(weight)
        });
        found.or_else(|| weights.iter().rposition(heavy))
    }

    /// A whole number with this mean: the next one below or above it.
    pub fn rounded(&mut self, mean: f64) -> usize {
        mean as usize + usize::from(self.share(mean.fract()))
    }

    /// A time between two, in seconds, to the millisecond.
    pub fn seconds(&mut self, range: RangeInclusive<i64>) -> TimeDelta {
        TimeDelta::milliseconds(self.0.i64(range.start() * 1000..=range.end() * 1000))
    }

    pub fn minutes(&mut self, range: RangeInclusive<i64>) -> TimeDelta {
        self.seconds(range.start() * 60..=range.end() * 60)
    }

    /// Times of people's work and walks: half of them are below `median_s`; `spread` is the standard
    /// deviation of their logarithm.
    pub fn lognormal(&mut self, median_s: f64, spread: f64) -> TimeDelta {
        let (radius, angle) = (1.0 - self.0.f64(), self.0.f64());
        // Box and Muller: a normal number from two even ones.
        let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
        TimeDelta::milliseconds((median_s * (spread * normal).exp() * 1000.0) as i64)
    }

    /// Chance for a ticket of the simulation: a token that can be known beforehand protects nobody.
    pub fn nonce(&mut self) -> Nonce {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        Nonce(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut chance = Chance::of(seed);
            (chance.nonce(), chance.seconds(1..=900), chance.lognormal(300.0, 0.4))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn half_of_all_times_are_below_the_median_and_the_mean_is_above_it() {
        let mut chance = Chance::of(1);
        let times: Vec<i64> = (0..4000).map(|_| chance.lognormal(300.0, 0.45).num_seconds()).collect();
        let below = times.iter().filter(|time| **time < 300).count();
        let mean = times.iter().sum::<i64>() / 4000;
        assert!((1900..2100).contains(&below), "{below}");
        assert!((315..345).contains(&mean), "{mean}");
    }

    #[test]
    fn what_weighs_nothing_is_never_drawn() {
        let mut chance = Chance::of(1);
        let drawn: std::collections::BTreeSet<_> =
            (0..500).map(|_| chance.weighted(&[0.0, 1.0, 0.0, 3.0, 0.0])).collect();
        assert_eq!(drawn, [Some(1), Some(3)].into());
        assert_eq!(chance.weighted(&[0.0, 0.0]), None);
    }
}
