//! What time the house goes by: the system's clock while it can be believed, else the time since the
//! machine was switched on, counted from the last moment that was sure.
//!
//! A box without a network has a battery clock and nobody to correct it (`product.md` §4, "Wrong clock").
//! Small steps are followed; a large one is a question to a person, and until it is answered the last day
//! simply goes on.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{At, Rules};

/// A step up to this is a correction and is followed.
pub const FOLLOWED: TimeDelta = TimeDelta::minutes(5);

/// No clock of a house that runs this program is before this year.
const FIRST_YEAR: i32 = 2026;

/// Why the system's clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// At the start it was before the last line of the journal: the battery is empty.
    Behind,
    /// At the start it was days after the last line: a long holiday, or a wrong date.
    Ahead,
    /// At the start it could be right, and so could what was confirmed; they are different days.
    Unsure,
    /// While the box ran, it was set to something else.
    Stepped,
}

impl Doubt {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Ahead => "ahead",
            Self::Unsure => "unsure",
            Self::Stepped => "stepped",
        }
    }

    /// Whether a person who sets the system's clock to a likely time has answered the question.
    fn of_a_start(self) -> bool {
        matches!(self, Self::Behind | Self::Ahead)
    }
}

/// What is believed of the system's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belief {
    /// Milliseconds to be added to the system's clock, as a person has said.
    #[serde(default)]
    pub offset_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// When the doubt began, in the time of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<At>,
}

impl Belief {
    /// The system's clock is simply right.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What both clocks of the machine show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The system's clock.
    pub wall: At,
    /// Milliseconds since the machine was switched on, sleep included; nobody can set it.
    pub boot_ms: i64,
}

/// The time of the house, as one run of the box knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct HouseTime {
    /// The last moment that was looked at, by both.
    at: At,
    boot_ms: i64,
    offset: TimeDelta,
    doubt: Option<Doubt>,
    /// How far the time of the house moved when it was last believed again.
    step: TimeDelta,
    max_forward: TimeDelta,
}

impl HouseTime {
    /// At the start of the box; `last` is the newest line of the journal.
    pub fn start(rules: &Rules, last: Option<At>, belief: Belief, reading: Reading) -> Self {
        let max_forward = TimeDelta::days(i64::from(rules.max_forward_days));
        let mut this = Self {
            at: reading.wall,
            boot_ms: reading.boot_ms,
            offset: TimeDelta::zero(),
            doubt: None,
            step: TimeDelta::zero(),
            max_forward,
        };
        let Some(last) = last else {
            this.doubt = (!possible(reading.wall)).then_some(Doubt::Behind);
            return this;
        };
        let offset = TimeDelta::milliseconds(belief.offset_ms);
        let likely = |at: At| (last - FOLLOWED..=last + max_forward).contains(&at);
        let (wall, shifted) = (reading.wall, reading.wall + offset);
        let day = |at: At| rules.business_day(at);
        let found = match belief.doubt {
            // A restart answers no question.
            Some(doubt) if !doubt.of_a_start() => Err(doubt),
            _ if offset.is_zero() && likely(wall) => Ok((wall, offset)),
            _ if offset.is_zero() => Err(if wall < last { Doubt::Behind } else { Doubt::Ahead }),
            _ => match (likely(wall), likely(shifted)) {
                (true, true) if day(wall) != day(shifted) => Err(Doubt::Unsure),
                (_, true) => Ok((shifted, offset)),
                (true, false) => Ok((wall, TimeDelta::zero())),
                (false, false) => Err(if wall < last { Doubt::Behind } else { Doubt::Ahead }),
            },
        };
        match found {
            Ok((at, offset)) => (this.at, this.offset) = (at, offset),
            Err(doubt) => (this.at, this.offset, this.doubt) = (last, offset, Some(doubt)),
        }
        this
    }

    /// The time of the house at a reading.
    pub fn read(&mut self, reading: Reading) -> At {
        let expected = self.at + TimeDelta::milliseconds(reading.boot_ms - self.boot_ms);
        let near = |at: At| (at - expected).abs() <= FOLLOWED && possible(at);
        let (wall, shifted) = (reading.wall, reading.wall + self.offset);
        let set_right = self.doubt.is_some_and(Doubt::of_a_start)
            && (expected - FOLLOWED..=expected + self.max_forward).contains(&wall)
            && possible(wall);
        let believed = if near(wall) || set_right {
            Some((wall, TimeDelta::zero()))
        } else if self.doubt.is_none() && near(shifted) {
            Some((shifted, self.offset))
        } else {
            None
        };
        self.boot_ms = reading.boot_ms;
        match believed {
            Some((at, offset)) => {
                if self.doubt.take().is_some() {
                    self.step = at - expected;
                }
                (self.at, self.offset) = (at, offset);
            }
            None => {
                self.at = expected;
                self.doubt.get_or_insert(Doubt::Stepped);
            }
        }
        self.at
    }

    /// A person has said what time it is: `offset` from the system's clock.
    pub fn confirm(&mut self, offset: TimeDelta, reading: Reading) {
        self.at = reading.wall + offset;
        self.boot_ms = reading.boot_ms;
        self.offset = offset;
        self.doubt = None;
        self.step = TimeDelta::zero();
    }

    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// To be added to the system's clock.
    pub fn offset(&self) -> TimeDelta {
        self.offset
    }

    /// How far the time of the house moved when the system's clock was last believed again.
    pub fn step(&self) -> TimeDelta {
        self.step
    }
}

/// Whether a house that runs this program can have seen this moment.
pub fn possible(at: At) -> bool {
    chrono::Datelike::year(&at) >= FIRST_YEAR
}

/// What a person's answer makes of the system's clock: an offset, none where the clock agrees.
pub fn offset_of(truth: At, wall: At) -> TimeDelta {
    let offset = truth - wall;
    if offset.abs() <= FOLLOWED { TimeDelta::zero() } else { offset }
}
