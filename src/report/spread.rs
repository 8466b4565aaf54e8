//! How long something took, over many visits.

use super::Cell;

/// Lengths in milliseconds: 4 bytes each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    sum: u64,
    all: Vec<u32>,
}

impl Spread {
    /// Takes one in; what is negative (a clock was put right in between) is none.
    pub fn add(&mut self, ms: i64) {
        if let Ok(ms) = u32::try_from(ms) {
            self.sum += u64::from(ms);
            self.all.push(ms);
        }
    }

    /// Takes in others.
    pub fn append(&mut self, mut other: Self) {
        self.sum += other.sum;
        self.all.append(&mut other.all);
    }

    pub fn n(&self) -> u64 {
        self.all.len() as u64
    }

    pub fn mean(&self) -> Cell {
        Cell::minutes(self.sum, self.n())
    }

    /// The middle one; between two middle ones their mean.
    pub fn median(&mut self) -> Cell {
        let n = self.all.len();
        if n == 0 {
            return Cell::Empty;
        }
        let upper = self.rank(n / 2);
        if n % 2 == 1 {
            return Cell::minutes(upper, 1);
        }
        let lower = self.all[..n / 2].iter().copied().max().map_or(0, u64::from);
        Cell::minutes(lower + upper, 2)
    }

    /// The shortest that nine of ten did not exceed (nearest rank).
    pub fn p90(&mut self) -> Cell {
        match self.all.len() {
            0 => Cell::Empty,
            n => Cell::minutes(self.rank((n * 9).div_ceil(10) - 1), 1),
        }
    }

    pub fn longest(&self) -> Cell {
        self.all.iter().max().map_or(Cell::Empty, |longest| Cell::minutes(u64::from(*longest), 1))
    }

    /// The one at a place of the order, from 0; shorter ones stand before it afterwards.
    fn rank(&mut self, place: usize) -> u64 {
        u64::from(*self.all.select_nth_unstable(place).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(minutes: &[i64]) -> Spread {
        let mut spread = Spread::default();
        minutes.iter().for_each(|minutes| spread.add(minutes * 60_000));
        spread
    }

    #[test]
    fn the_middle_and_the_ninth_of_ten() {
        let mut ten = of(&[10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
        assert_eq!(ten.median().plain(), "5.5");
        assert_eq!(ten.p90().plain(), "9.0");
        assert_eq!(ten.mean().plain(), "5.5");
        assert_eq!(ten.longest().plain(), "10.0");
        let mut three = of(&[30, 1, 2]);
        assert_eq!(three.median().plain(), "2.0");
        assert_eq!(three.p90().plain(), "30.0");
        let mut one = of(&[7]);
        assert_eq!((one.median().plain(), one.p90().plain()), ("7.0".to_owned(), "7.0".to_owned()));
    }

    #[test]
    fn of_nothing_nothing_is_known_and_no_time_runs_backwards() {
        let mut none = of(&[-5]);
        assert_eq!(
            (none.n(), none.mean(), none.median(), none.p90(), none.longest()),
            (0, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty)
        );
    }
}
