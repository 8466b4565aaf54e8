//! Numbers kept for a day without power.

use super::{Prefix, TicketNumber};

/// A band of numbers of every prefix that ordinary numbering leaves out. They are printed beforehand,
/// handed out while the box is dark, and adopted afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub from: u32,
    /// How many; none at 0.
    pub count: u32,
}

impl Band {
    pub const NONE: Self = Self { from: 1, count: 0 };

    pub fn contains(self, n: u32) -> bool {
        n >= self.from && n - self.from < self.count
    }

    /// The number itself, or the first one behind the band.
    pub fn skipped(self, number: TicketNumber) -> TicketNumber {
        let n = if self.contains(number.n) { self.from.saturating_add(self.count) } else { number.n };
        TicketNumber { n, ..number }
    }

    /// The band's numbers of a prefix, in order.
    pub fn numbers(self, prefix: &Prefix) -> impl Iterator<Item = TicketNumber> {
        (0..self.count).map(move |at| TicketNumber { prefix: prefix.clone(), n: self.from + at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_numbers_pass_over_the_band() {
        let prefix: Prefix = "A".parse().unwrap();
        let band = Band { from: 900, count: 50 };
        let after = |n| band.skipped(TicketNumber { prefix: prefix.clone(), n }).n;
        assert_eq!([899, 900, 949, 950, 951].map(after), [899, 950, 950, 950, 951]);
        let numbers: Vec<String> = band.numbers(&prefix).map(|number| number.to_string()).collect();
        assert_eq!((numbers.len(), numbers[0].as_str(), numbers[49].as_str()), (50, "A900", "A949"));
        assert_eq!(Band::NONE.skipped(TicketNumber { prefix: prefix.clone(), n: 1 }).n, 1);
        assert_eq!(Band::NONE.numbers(&prefix).count(), 0);
    }
}
