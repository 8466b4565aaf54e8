//! One figure, rounded once.

use crate::queue::Language;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Plain,
    Percent,
    Minutes,
    Hours,
}

/// What stands in a table's cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known: there was nothing to reckon with.
    Empty,
    /// A number with so many decimal places: 781 with one place is 78.1.
    Number {
        scaled: i64,
        places: u8,
        unit: Unit,
    },
    Text(String),
}

const MS_A_MINUTE: u64 = 60_000;
const MS_AN_HOUR: u64 = 3_600_000;

impl Cell {
    pub fn count(count: u64) -> Self {
        Self::Number { scaled: i64::try_from(count).unwrap_or(i64::MAX), places: 0, unit: Unit::Plain }
    }

    /// `part` of `whole` in percent, one decimal place.
    pub fn share(part: u64, whole: u64) -> Self {
        Self::ratio(u128::from(part) * 100, u128::from(whole), 1, Unit::Percent)
    }

    /// A mean of milliseconds in minutes, one decimal place.
    pub fn minutes(sum_ms: u64, n: u64) -> Self {
        Self::ratio(u128::from(sum_ms), u128::from(n) * u128::from(MS_A_MINUTE), 1, Unit::Minutes)
    }

    /// Milliseconds in hours, one decimal place.
    pub fn hours(ms: u64) -> Self {
        Self::ratio(u128::from(ms), u128::from(MS_AN_HOUR), 1, Unit::Hours)
    }

    /// A mean with one decimal place.
    pub fn mean(sum: u64, n: u64) -> Self {
        Self::ratio(u128::from(sum), u128::from(n), 1, Unit::Plain)
    }

    /// `above / below`, half rounded up; empty where there is nothing below.
    pub fn ratio(above: u128, below: u128, places: u8, unit: Unit) -> Self {
        if below == 0 {
            return Self::Empty;
        }
        let tens = 10u128.pow(u32::from(places));
        let scaled = (above * tens * 2 + below) / (below * 2);
        Self::Number { scaled: i64::try_from(scaled).unwrap_or(i64::MAX), places, unit }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// How much more this is than `before`, in its own unit; empty where either is.
    pub fn since(&self, before: &Self) -> Self {
        match (self, before) {
            (
                Self::Number { scaled, places, unit },
                Self::Number { scaled: then, places: as_many, unit: same },
            ) if places == as_many && unit == same => {
                Self::Number { scaled: scaled - then, places: *places, unit: *unit }
            }
            _ => Self::Empty,
        }
    }

    /// For a machine: a point before the decimals, nothing where nothing is known.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number { scaled, places, .. } => decimal(*scaled, *places, ".", ""),
            Self::Text(text) => text.clone(),
        }
    }

    /// For people: decimals and thousands as their language writes them.
    pub fn shown(&self, language: Language) -> String {
        match self {
            Self::Empty => "–".to_owned(),
            Self::Number { scaled, places, unit } => {
                let (point, thousands) = (language.pick(",", "."), language.pick(".", ","));
                let number = decimal(*scaled, *places, point, thousands);
                match unit {
                    Unit::Percent => format!("{number}%"),
                    Unit::Plain | Unit::Minutes | Unit::Hours => number,
                }
            }
            Self::Text(text) => text.clone(),
        }
    }

    /// The number itself; none where it is no number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number { scaled, places, .. } => Some(*scaled as f64 / 10f64.powi(i32::from(*places))),
            Self::Empty | Self::Text(_) => None,
        }
    }
}

fn decimal(scaled: i64, places: u8, point: &str, thousands: &str) -> String {
    let digits = format!("{:0>width$}", scaled.unsigned_abs(), width = usize::from(places) + 1);
    let (whole, decimals) = digits.split_at(digits.len() - usize::from(places));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push_str(thousands);
        }
        grouped.push(digit);
    }
    let sign = if scaled < 0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}{point}{decimals}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_rounded_up_and_nothing_is_no_number() {
        assert_eq!(Cell::share(1, 8).plain(), "12.5");
        assert_eq!(Cell::share(1, 2000).plain(), "0.1", "0.05 is a half");
        assert_eq!(Cell::share(0, 0), Cell::Empty);
        assert_eq!(Cell::minutes(90_000, 1).plain(), "1.5");
        assert_eq!(Cell::minutes(3_000, 1).plain(), "0.1");
        assert_eq!(Cell::minutes(2_999, 1).plain(), "0.0");
        assert_eq!(Cell::Empty.plain(), "");
    }

    #[test]
    fn people_read_it_in_their_own_way() {
        let cell = Cell::Number { scaled: 12_345_678, places: 1, unit: Unit::Plain };
        assert_eq!(cell.shown(Language::ID), "1.234.567,8");
        assert_eq!(cell.shown(Language::EN), "1,234,567.8");
        assert_eq!(Cell::share(41, 1000).shown(Language::ID), "4,1%");
        assert_eq!(Cell::count(4).since(&Cell::count(10)).plain(), "-6");
        assert_eq!(Cell::share(1, 200).since(&Cell::share(1, 100)).plain(), "-0.5");
    }
}
