//! On what terms numbers are given while the doors are open.

/// What becomes of a wish for a number that may come to nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Leniency {
    /// The number is given.
    #[default]
    Accept,
    /// The number is given, and the visitor is told before.
    Warn,
    /// No number.
    Refuse,
}

/// The terms of one service, its agency's and the site's where it has none of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// Numbers can be had so many minutes before the day's first hour. A break has no such time: it is
    /// there to be left alone.
    pub numbers_from_min: u16,
    /// The last numbers are given so many minutes before closing, and before a break.
    pub numbers_until_min: u16,
    /// Numbers a day. A cancelled ticket frees its place; a transfer keeps the place it took.
    pub quota: Option<u32>,
    /// While the doors are open and nobody is at a counter.
    pub unstaffed: Leniency,
    /// When the expected wait passes the day's closing.
    pub past_closing: Leniency,
}

impl Terms {
    /// Whether acts change the answer, and not the clock alone.
    pub fn look_at_the_day(&self) -> bool {
        self.quota.is_some() || self.unstaffed != Leniency::Accept || self.past_closing != Leniency::Accept
    }
}
