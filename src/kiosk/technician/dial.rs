//! A date and time that a person sets by plus and minus, and that goes on meanwhile.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::super::visit::Ms;

/// What a finger turns. Each goes round within itself and leaves the others alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Day,
    Month,
    Year,
    Hour,
    Minute,
}

/// The years that can be set: none before this program, none that nobody will see.
const YEARS: std::ops::RangeInclusive<i32> = 2026..=2099;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dial {
    set: NaiveDateTime,
    at: Ms,
}

impl Dial {
    /// Begins at a time of day; a year that cannot be becomes the first that can.
    pub fn new(start: NaiveDateTime, now: Ms) -> Self {
        let set = if YEARS.contains(&start.year()) { start } else { in_year(start, *YEARS.start()) };
        Self { set, at: now }
    }

    /// What it shows.
    pub fn shows(&self, now: Ms) -> NaiveDateTime {
        let gone = TimeDelta::milliseconds(i64::try_from(now.saturating_sub(self.at)).unwrap_or(i64::MAX));
        self.set.checked_add_signed(gone).unwrap_or(self.set)
    }

    /// One step forward or back.
    pub fn turn(&mut self, hand: Hand, forward: bool, now: Ms) {
        let before = self.shows(now);
        let (year, month) = (before.year(), before.month0());
        let after = match hand {
            Hand::Day => {
                let last = u32::from(before.date().num_days_in_month());
                before.with_day0(round(before.day0(), last, forward))
            }
            Hand::Month => in_month(before, round(month, 12, forward)),
            Hand::Year => {
                let wanted = if forward { year + 1 } else { year - 1 };
                YEARS.contains(&wanted).then(|| in_year(before, wanted))
            }
            Hand::Hour => before.with_hour(round(before.hour(), 24, forward)),
            Hand::Minute => before.with_minute(round(before.minute(), 60, forward)),
        };
        *self = Self { set: after.unwrap_or(before), at: now };
    }
}

fn round(value: u32, of: u32, forward: bool) -> u32 {
    (value + if forward { 1 } else { of - 1 }) % of
}

/// The same day of another month, or its last where it is shorter.
fn in_month(at: NaiveDateTime, month0: u32) -> Option<NaiveDateTime> {
    let first = NaiveDate::from_ymd_opt(at.year(), 1, 1)?.checked_add_months(Months::new(month0))?;
    let last = u32::from(first.num_days_in_month()) - 1;
    Some(first.checked_add_days(Days::new(u64::from(at.day0().min(last))))?.and_time(at.time()))
}

/// The same day of another year; 29 February becomes the 28th.
fn in_year(at: NaiveDateTime, year: i32) -> NaiveDateTime {
    at.with_year(year).or_else(|| at.with_day(28)?.with_year(year)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn turned(start: &str, hand: Hand, forward: bool) -> String {
        let mut dial = Dial::new(at(start), 0);
        dial.turn(hand, forward, 0);
        dial.shows(0).format("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn every_hand_goes_round_within_itself() {
        for (start, hand, forward, shown) in [
            ("2026-11-26 09:42", Hand::Day, true, "2026-11-27 09:42"),
            ("2026-11-30 09:42", Hand::Day, true, "2026-11-01 09:42"),
            ("2026-11-01 09:42", Hand::Day, false, "2026-11-30 09:42"),
            ("2026-12-31 09:42", Hand::Month, true, "2026-01-31 09:42"),
            ("2027-01-31 09:42", Hand::Month, true, "2027-02-28 09:42"),
            ("2028-03-31 09:42", Hand::Month, false, "2028-02-29 09:42"),
            ("2028-02-29 09:42", Hand::Year, true, "2029-02-28 09:42"),
            ("2026-11-26 09:42", Hand::Year, false, "2026-11-26 09:42"),
            ("2099-11-26 09:42", Hand::Year, true, "2099-11-26 09:42"),
            ("2026-11-26 23:42", Hand::Hour, true, "2026-11-26 00:42"),
            ("2026-11-26 00:42", Hand::Hour, false, "2026-11-26 23:42"),
            ("2026-11-26 09:59", Hand::Minute, true, "2026-11-26 09:00"),
            ("2026-11-26 09:00", Hand::Minute, false, "2026-11-26 09:59"),
        ] {
            assert_eq!(turned(start, hand, forward), shown, "{start} {hand:?} {forward}");
        }
    }

    #[test]
    fn it_goes_on_while_it_is_set() {
        let mut dial = Dial::new(at("2026-11-26 09:42"), 1_000);
        dial.turn(Hand::Hour, true, 31_000);
        assert_eq!(dial.shows(61_000), at("2026-11-26 10:43"));
    }

    #[test]
    fn it_never_begins_in_a_year_that_cannot_be() {
        assert_eq!(Dial::new(at("1970-01-01 07:00"), 0).shows(0), at("2026-01-01 07:00"));
        assert_eq!(Dial::new(at("1972-02-29 07:00"), 0).shows(0), at("2026-02-28 07:00"));
    }
}
