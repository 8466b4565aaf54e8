//! The four grades of a service (*mutu pelayanan*), Permen PANRB 14/2017.

use serde::Serialize;

use super::Points;
use crate::words::Text;

/// A is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Grade {
    A,
    B,
    C,
    D,
}

impl Grade {
    /// The band a figure is in. The regulation's bands have two decimals and gaps between them, so what is asked
    /// for is the figure as it is printed: D up to 64.99, C up to 76.60, B up to 88.30, A above.
    pub fn of(points: Points) -> Self {
        match points.hundredths() {
            0..=6_499 => Self::D,
            6_500..=7_660 => Self::C,
            7_661..=8_830 => Self::B,
            _ => Self::A,
        }
    }

    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
        }
    }

    /// How the units of that grade perform (*kinerja*).
    pub fn name(self) -> Text {
        match self {
            Self::A => Text::new("Sangat baik", "Very good"),
            Self::B => Text::new("Baik", "Good"),
            Self::C => Text::new("Kurang baik", "Below par"),
            Self::D => Text::new("Tidak baik", "Poor"),
        }
    }
}
