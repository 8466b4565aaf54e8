//! The machine of the technician's screens: a long press, a PIN, and what can be done behind it.
//!
//! It touches no window, hall or clock: acts of a finger, answers from outside and how late it is go in;
//! the sheet that is shown, and sometimes an errand, come out. Times are milliseconds on a clock that
//! never jumps. A press of 5 s: design; the pauses after wrong PINs: `tries`.

use chrono::{NaiveDateTime, TimeDelta};

use super::super::visit::Ms;
use super::dial::{Dial, Hand};
use super::pin::Pin;
use super::tries::Tries;
use super::workshop::{Act, Tested, Unable};
use crate::hall::No;
use crate::queue::StaffId;

/// How long the mark is pressed: no visitor does that by chance.
const PRESS: Ms = 5_000;
/// Without a touch this long, the technician has gone.
const IDLE: Ms = 60_000;
/// The last part of it is counted down.
const COUNTED: Ms = 20_000;
/// How long the screen is deaf so that it can be wiped.
const CLEANING: Ms = 60_000;
/// A tap this soon after a sheet came was meant for the one before.
const SETTLES: Ms = 400;
/// A time this far from the system's clock is asked about twice.
const FAR: TimeDelta = TimeDelta::days(1);

/// What lies over the visitor's screens.
#[derive(Debug, Clone, PartialEq)]
pub enum Sheet {
    /// Nothing: the screens are the visitor's.
    Away,
    Pin,
    Panel,
    Printing,
    Tested(Tested),
    Clock,
    /// The time set is far from the system's: is it really so?
    Sure,
    Cleaning,
    Ask(Act),
    Doing(Act),
    Failed(Act, Unable),
}

/// What is to be done outside, off the window's loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    Check(Pin),
    TestPage,
    /// It is so late, says this technician.
    ConfirmClock {
        truth: NaiveDateTime,
        by: StaffId,
    },
    Do(Act),
}

/// The machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    sheet: Sheet,
    /// Somebody has a PIN at all.
    may_sign_in: bool,
    /// When the mark will have been pressed long enough.
    due: Option<Ms>,
    pin: Pin,
    checking: bool,
    was_wrong: bool,
    tries: Tries,
    who: Option<StaffId>,
    dial: Dial,
    setting: bool,
    /// Why the time that was set is not taken.
    refused: Option<No>,
    /// The time that was set is taken, and nothing was done since.
    clock_set: bool,
    touched: Ms,
    shown: Ms,
}

impl Panel {
    /// `may_sign_in`: the config knows a technician.
    pub fn new(may_sign_in: bool) -> Self {
        Self {
            sheet: Sheet::Away,
            may_sign_in,
            due: None,
            pin: Pin::default(),
            checking: false,
            was_wrong: false,
            tries: Tries::default(),
            who: None,
            dial: Dial::new(NaiveDateTime::default(), 0),
            setting: false,
            refused: None,
            clock_set: false,
            touched: 0,
            shown: 0,
        }
    }

    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Whether anything lies over the visitor's screens.
    pub fn is_open(&self) -> bool {
        self.sheet != Sheet::Away
    }

    pub fn may_sign_in(&self) -> bool {
        self.may_sign_in
    }

    /// Who has signed in.
    pub fn who(&self) -> Option<&StaffId> {
        self.who.as_ref()
    }

    pub fn typed(&self) -> usize {
        self.pin.len()
    }

    pub fn is_checking(&self) -> bool {
        self.checking
    }

    /// The last PIN was nobody's.
    pub fn was_wrong(&self) -> bool {
        self.was_wrong
    }

    /// Seconds until a PIN may be typed again.
    pub fn pause_s(&self, now: Ms) -> u64 {
        self.tries.pause_s(now)
    }

    /// The date and time as set so far.
    pub fn dial(&self, now: Ms) -> NaiveDateTime {
        self.dial.shows(now)
    }

    pub fn refused(&self) -> Option<&No> {
        self.refused.as_ref()
    }

    pub fn clock_set(&self) -> bool {
        self.clock_set
    }

    /// Seconds of cleaning left, and the share of them.
    pub fn cleaning(&self, now: Ms) -> (u64, f32) {
        let left = (self.shown + CLEANING).saturating_sub(now).min(CLEANING);
        (left.div_ceil(1000), left as f32 / CLEANING as f32)
    }

    /// Seconds until the panel goes by itself, once they are few.
    pub fn closes_in_s(&self, now: Ms) -> Option<u64> {
        let goes = self.is_open() && self.sheet != Sheet::Cleaning;
        let left = (self.touched + IDLE).saturating_sub(now);
        (goes && left <= COUNTED).then(|| left.div_ceil(1000))
    }

    /// A finger is on the mark.
    pub fn press_mark(&mut self, now: Ms) {
        if !self.is_open() {
            self.due = Some(now + PRESS);
        }
    }

    /// The finger has left the mark, or the mark the finger.
    pub fn release_mark(&mut self) {
        self.due = None;
    }

    /// The technician's key on a keyboard.
    pub fn call(&mut self, now: Ms) {
        if !self.is_open() {
            self.due = Some(now);
        }
    }

    /// A finger anywhere.
    pub fn touch(&mut self, now: Ms) {
        self.touched = now;
    }

    /// Time has passed. `admits`: the visitor's screen may be covered now.
    pub fn tick(&mut self, admits: bool, now: Ms) {
        match self.due {
            Some(_) if !admits => self.due = None,
            Some(due) if now >= due => self.show(Sheet::Pin, now),
            _ => {}
        }
        match self.sheet {
            Sheet::Away => {}
            Sheet::Cleaning if now < self.shown + CLEANING => {}
            Sheet::Cleaning => self.show(Sheet::Panel, now),
            _ if now >= self.touched + IDLE => self.show(Sheet::Away, now),
            _ => {}
        }
    }

    pub fn digit(&mut self, digit: char, now: Ms) -> Option<Errand> {
        self.touch(now);
        let takes = self.sheet == Sheet::Pin && self.may_sign_in && !self.checking && self.pause_s(now) == 0;
        if !takes {
            return None;
        }
        self.was_wrong = false;
        self.pin.push(digit);
        self.checking = self.pin.is_whole();
        self.checking.then(|| Errand::Check(self.pin.clone()))
    }

    pub fn erase(&mut self, now: Ms) {
        self.touch(now);
        if !self.checking {
            self.pin.pop();
        }
    }

    /// Whose PIN it was; none: nobody's. Who has gone meanwhile is not let in.
    pub fn checked(&mut self, who: Option<StaffId>, now: Ms) {
        if !std::mem::take(&mut self.checking) {
            return;
        }
        self.pin = Pin::default();
        match who {
            Some(who) => {
                self.tries.right();
                if self.sheet == Sheet::Pin {
                    self.who = Some(who);
                    self.show(Sheet::Panel, now);
                }
            }
            None => {
                self.was_wrong = true;
                self.tries.wrong(now);
            }
        }
    }

    pub fn print_test(&mut self, now: Ms) -> Option<Errand> {
        let prints = self.sheet == Sheet::Panel && self.acts(now);
        prints.then(|| {
            self.show(Sheet::Printing, now);
            Errand::TestPage
        })
    }

    pub fn tested(&mut self, tested: Tested, now: Ms) {
        if self.sheet == Sheet::Printing {
            self.show(Sheet::Tested(tested), now);
        }
    }

    /// Opens the dial at the time of the house.
    pub fn ask_clock(&mut self, house: NaiveDateTime, now: Ms) {
        if self.sheet == Sheet::Panel && self.acts(now) {
            self.dial = Dial::new(house, now);
            self.refused = None;
            self.show(Sheet::Clock, now);
        }
    }

    pub fn turn(&mut self, hand: Hand, forward: bool, now: Ms) {
        self.touch(now);
        if self.sheet == Sheet::Clock && !self.setting {
            self.dial.turn(hand, forward, now);
            self.refused = None;
        }
    }

    /// The time shown is right. One far from the system's clock is asked about once more.
    pub fn confirm_clock(&mut self, system: NaiveDateTime, now: Ms) -> Option<Errand> {
        let asks = matches!(self.sheet, Sheet::Clock | Sheet::Sure) && !self.setting;
        if !asks || !self.acts(now) {
            return None;
        }
        let truth = self.dial.shows(now);
        if self.sheet == Sheet::Clock && (truth - system).abs() > FAR {
            self.show(Sheet::Sure, now);
            return None;
        }
        let by = self.who.clone()?;
        self.setting = true;
        Some(Errand::ConfirmClock { truth, by })
    }

    /// What the hall made of it.
    pub fn clock_answered(&mut self, answer: Result<(), No>, now: Ms) {
        if !std::mem::take(&mut self.setting) || !matches!(self.sheet, Sheet::Clock | Sheet::Sure) {
            return;
        }
        match answer {
            Ok(()) => {
                self.show(Sheet::Panel, now);
                self.clock_set = true;
            }
            Err(no) => {
                self.show(Sheet::Clock, now);
                self.refused = Some(no);
            }
        }
    }

    pub fn clean(&mut self, now: Ms) {
        if self.sheet == Sheet::Panel && self.acts(now) {
            self.show(Sheet::Cleaning, now);
        }
    }

    pub fn ask(&mut self, act: Act, now: Ms) {
        if self.sheet == Sheet::Panel && self.acts(now) {
            self.show(Sheet::Ask(act), now);
        }
    }

    /// Yes, do it.
    pub fn agree(&mut self, now: Ms) -> Option<Errand> {
        let Sheet::Ask(act) = self.sheet else { return None };
        if !self.acts(now) {
            return None;
        }
        self.show(Sheet::Doing(act), now);
        Some(Errand::Do(act))
    }

    /// It could not be done.
    pub fn unable(&mut self, why: Unable, now: Ms) {
        if let Sheet::Doing(act) = self.sheet {
            self.show(Sheet::Failed(act, why), now);
        }
    }

    /// One step back; from the panel, to the visitors.
    pub fn back(&mut self, now: Ms) {
        let to = match self.sheet {
            Sheet::Away | Sheet::Printing | Sheet::Cleaning | Sheet::Doing(_) => return,
            Sheet::Pin | Sheet::Panel => Sheet::Away,
            Sheet::Sure => Sheet::Clock,
            Sheet::Tested(_) | Sheet::Clock | Sheet::Ask(_) | Sheet::Failed(..) => Sheet::Panel,
        };
        if self.acts(now) {
            self.show(to, now);
        }
    }

    /// A tap that was meant for this sheet.
    fn acts(&mut self, now: Ms) -> bool {
        self.touch(now);
        now >= self.shown + SETTLES
    }

    fn show(&mut self, sheet: Sheet, now: Ms) {
        if matches!(sheet, Sheet::Away | Sheet::Pin) {
            self.who = None;
            self.was_wrong = false;
            if !self.checking {
                self.pin = Pin::default();
            }
        }
        self.due = None;
        self.clock_set = false;
        self.sheet = sheet;
        self.shown = now;
        self.touched = now;
    }
}

#[cfg(test)]
mod tests;
