//! From which day to which.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::queue::Language;

/// Business days, both included; never reversed, never absurd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

/// Why these days cannot be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Reversed,
    TooLong { days: i64 },
    Absurd,
}

/// The longest period: ten years.
const MOST_DAYS: i64 = 3653;

impl Period {
    /// The days between two dates.
    ///
    /// # Errors
    /// The last is before the first, they are too far apart, or of no year in which there are numbers.
    pub fn between(first: NaiveDate, last: NaiveDate) -> Result<Self, Refused> {
        let sane = |date: NaiveDate| (2000..2200).contains(&date.year());
        let days = (last - first).num_days() + 1;
        match () {
            () if !sane(first) || !sane(last) => Err(Refused::Absurd),
            () if last < first => Err(Refused::Reversed),
            () if days > MOST_DAYS => Err(Refused::TooLong { days }),
            () => Ok(Self { first, last }),
        }
    }

    /// One day.
    ///
    /// # Errors
    /// It is of no year in which there are numbers.
    pub fn day(day: NaiveDate) -> Result<Self, Refused> {
        Self::between(day, day)
    }

    pub fn first(self) -> NaiveDate {
        self.first
    }

    pub fn last(self) -> NaiveDate {
        self.last
    }

    pub fn ends(self) -> (NaiveDate, NaiveDate) {
        (self.first, self.last)
    }

    /// How many days; at least one.
    fn day_count(self) -> u64 {
        (self.last - self.first).num_days().unsigned_abs() + 1
    }

    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }

    pub fn has(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// What it is compared with: as many calendar months before it where it is whole ones; the same weekdays of
    /// the week before where it is (the beginning of) a week; the same days of the month before where it is the
    /// beginning of a month; else as many days right before it.
    ///
    /// None at the beginning of all years.
    pub fn before(self) -> Option<Self> {
        let yesterday = self.first.pred_opt()?;
        let months = |n| self.first.checked_sub_months(Months::new(n));
        let days = |n| self.first.checked_sub_days(Days::new(n));
        let month = |date: NaiveDate| (date.year(), date.month());
        let of_a_month =
            self.first.day() == 1 && month(self.first) == month(self.last) && self.day_count() > 7;
        let (first, last) = match self.whole_months() {
            Some(n) => (months(n)?, yesterday),
            None if self.first.weekday() == Weekday::Mon && self.day_count() <= 7 => {
                (days(7)?, self.last.checked_sub_days(Days::new(7))?)
            }
            None if of_a_month => (months(1)?, self.last.checked_sub_months(Months::new(1))?),
            None => (days(self.day_count())?, yesterday),
        };
        Self::between(first, last).ok()
    }

    /// How many calendar months it is, where it is whole ones.
    fn whole_months(self) -> Option<u32> {
        let after = self.last.succ_opt()?;
        let whole = self.first.day() == 1 && after.day() == 1;
        let month = |date: NaiveDate| date.year() * 12 + date.month0() as i32;
        whole.then(|| (month(after) - month(self.first)).unsigned_abs())
    }

    /// "16–20 November 2026".
    pub fn shown(self, language: Language) -> String {
        let (from, to) = self.ends();
        let whole = |date| date_in_words(date, language);
        if from == to {
            return whole(from);
        }
        match (from.year() == to.year(), from.month() == to.month()) {
            (true, true) => format!("{}–{}", from.day(), whole(to)),
            (true, false) => format!("{} {} – {}", from.day(), month_name(from.month(), language), whole(to)),
            (false, _) => format!("{} – {}", whole(from), whole(to)),
        }
    }
}

/// "20 November 2026".
pub fn date_in_words(date: NaiveDate, language: Language) -> String {
    format!("{} {} {}", date.day(), month_name(date.month(), language), date.year())
}

/// "November", of months from 1.
pub fn month_name(month: u32, language: Language) -> &'static str {
    const ID: [&str; 12] = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = language.pick(&ID, &EN);
    names[(month.clamp(1, 12) - 1) as usize]
}

impl Refused {
    /// The word a program acts on.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reversed => "range_reversed",
            Self::TooLong { .. } => "range_too_long",
            Self::Absurd => "range_absurd",
        }
    }

    /// What is wrong, and what to do.
    pub fn sentence(self, language: Language) -> String {
        match self {
            Self::Reversed => language
                .pick(
                    "Tanggal akhir mendahului tanggal awal. Tukar keduanya.",
                    "The last day is before the first. Exchange them.",
                )
                .to_owned(),
            Self::TooLong { days } => language.pick(
                format!("{days} hari terlalu panjang: paling banyak {MOST_DAYS} hari."),
                format!("{days} days are too many: at most {MOST_DAYS}."),
            ),
            Self::Absurd => language
                .pick("Tahun harus antara 2000 dan 2199.", "The year must be from 2000 to 2199.")
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(first: &str, last: &str) -> Result<Period, Refused> {
        Period::between(first.parse().unwrap(), last.parse().unwrap())
    }

    #[test]
    fn a_period_is_compared_with_the_one_right_before_it() {
        let before = |first, last| {
            let ends = period(first, last).unwrap().before().unwrap().ends();
            format!("{}..{}", ends.0, ends.1)
        };
        assert_eq!(before("2026-11-16", "2026-11-20"), "2026-11-09..2026-11-13", "a week so far");
        assert_eq!(before("2026-11-17", "2026-11-20"), "2026-11-13..2026-11-16");
        assert_eq!(before("2026-03-01", "2026-03-30"), "2026-02-01..2026-02-28", "a month so far");
        assert_eq!(before("2025-01-01", "2026-01-15"), "2023-12-18..2024-12-31");
        assert_eq!(before("2026-11-16", "2026-11-22"), "2026-11-09..2026-11-15");
        assert_eq!(before("2026-03-01", "2026-03-31"), "2026-02-01..2026-02-28");
        assert_eq!(before("2026-01-01", "2026-12-31"), "2025-01-01..2025-12-31");
        assert_eq!(before("2028-03-01", "2028-03-01"), "2028-02-29..2028-02-29");
    }

    #[test]
    fn absurd_days_are_refused_with_a_code() {
        assert_eq!(period("2026-11-20", "2026-11-16").unwrap_err().code(), "range_reversed");
        assert_eq!(period("2010-01-01", "2026-11-16").unwrap_err().code(), "range_too_long");
        assert_eq!(period("0001-01-01", "2026-11-16").unwrap_err().code(), "range_absurd");
        assert_eq!(period("2026-01-01", "9999-12-31").unwrap_err().code(), "range_absurd");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let said = |first, last| period(first, last).unwrap().shown(Language::ID);
        assert_eq!(said("2026-11-16", "2026-11-20"), "16–20 November 2026");
        assert_eq!(said("2026-10-28", "2026-11-20"), "28 Oktober – 20 November 2026");
        assert_eq!(said("2025-12-28", "2026-01-02"), "28 Desember 2025 – 2 Januari 2026");
        assert_eq!(said("2026-11-20", "2026-11-20"), "20 November 2026");
    }
}
