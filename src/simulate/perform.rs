//! The hands: they move the clock of the house to what is due next, ask the hall for it, and look at what
//! was committed, as every room does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::{Play, Season};
use crate::clock::SetClock;
use crate::hall::{Hall, No, Present};
use crate::queue::board::CallRow;
use crate::queue::{At, Board, Command, Event, PrinterId, Seq, SlipId, SlipTrouble, TicketNumber, calendar};

/// How fast the clock of the house runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many seconds a second.
    Times(f64),
    /// It stands while anything is done, and jumps to what is due next.
    Max,
}

/// What the rooms that are no hall shall show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    Printer {
        printer: PrinterId,
        trouble: Option<SlipTrouble>,
    },
    /// A slip came out.
    Slip {
        slip: SlipId,
    },
}

/// What visitors and screens were told, to be compared with the journal.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// The newest line of the journal when it was over.
    pub seq: Seq,
    /// Every call, as a lobby screen got it from the feed.
    pub calls: Vec<CallRow>,
    /// Every number that was handed to somebody.
    pub handed: Vec<TicketNumber>,
    /// Who came and got none.
    pub turned_away: u32,
    /// Where screens, rules and hall did not agree, or the play had to be broken off.
    pub faults: Vec<String>,
}

/// Between two moves of a clock that runs.
const STEP: Duration = Duration::from_millis(40);
/// How often a busy hall is asked again, and how long it is left alone between.
const PATIENCE: (u32, Duration) = (100, Duration::from_millis(50));

/// What a house does between two days that are played in it.
pub struct Between<'a> {
    /// The time of day at which it does the work of the night.
    pub nightly_at: NaiveTime,
    /// A day is over: what was told in it.
    pub evening: &'a mut dyn FnMut(NaiveDate, Played),
    /// Waits until the work of the night that is due at a moment is done.
    pub night: &'a mut dyn FnMut(At) -> Result<(), String>,
}

/// Performs a play to its end, or until `leaving`. The clock must stand where the play begins.
pub fn perform(
    mut play: Play,
    hall: &Hall,
    clock: &SetClock,
    pace: Pace,
    leaving: &AtomicBool,
    mut show: impl FnMut(Sight),
) -> Played {
    Hands::new(hall, clock, pace, leaving, play.begins()).day(&mut play, &mut show)
}

/// Performs the days of a season, and at once what lies between them, until all are over, or `leaving`. The
/// clock must stand where the season begins.
pub fn perform_season(
    season: &Season,
    hall: &Hall,
    clock: &SetClock,
    pace: Pace,
    leaving: &AtomicBool,
    mut show: impl FnMut(Sight),
    between: Between<'_>,
) {
    let mut hands = Hands::new(hall, clock, pace, leaving, season.begins());
    for (date, play) in season.plays() {
        let mut play = match play {
            Ok(play) => play,
            Err(reason) => {
                tracing::warn!("{date} is passed over: {reason}");
                continue;
            }
        };
        hands.pass_to(season, &mut play, &mut show, &between.nightly_at, between.night);
        if hands.must_leave() {
            return;
        }
        let played = hands.day(&mut play, &mut show);
        (between.evening)(date, played);
        if hands.over || hands.must_leave() {
            return;
        }
    }
}

enum Waited {
    There,
    News,
    Leave,
}

struct Hands<'a> {
    hall: &'a Hall,
    clock: &'a SetClock,
    pace: Pace,
    leaving: &'a AtomicBool,
    /// What the clock of the house shows, and since when by ours.
    now: At,
    since: (At, Instant),
    present: Arc<Present>,
    /// When the calendar changes something next.
    crossing: At,
    /// The board as a lobby screen has it.
    screen: Board,
    told: Played,
    over: bool,
}

impl<'a> Hands<'a> {
    fn new(hall: &'a Hall, clock: &'a SetClock, pace: Pace, leaving: &'a AtomicBool, now: At) -> Self {
        let present = hall.present();
        Self {
            hall,
            clock,
            pace,
            leaving,
            now,
            since: (now, Instant::now()),
            crossing: calendar::next_crossing(&present.rules, &present.day, now),
            screen: Board::clone(present.board()),
            present,
            told: Played::default(),
            over: false,
        }
    }

    /// A day, from the moment at which it begins.
    fn day(&mut self, play: &mut Play, show: &mut impl FnMut(Sight)) -> Played {
        self.since = (self.now, Instant::now());
        let mut shown = Vec::new();
        self.look(play, show);
        while let Some(due) = play.due() {
            let crossing = self.crossing();
            match self.wait_until(due.min(crossing), play, show) {
                Waited::There => {}
                // Something happened on the way: another thing may be due first now.
                Waited::News => continue,
                Waited::Leave => break,
            }
            // What changes by itself changes at its time, at every pace.
            if crossing <= due {
                self.ask(Command::Tick, play);
            } else if let Some(command) = play.act(&self.present.day) {
                self.ask(command, play);
            }
            self.look(play, show);
            for (printer, trouble) in play.printers(self.now) {
                let known = shown.iter_mut().find(|(known, _)| known == printer);
                match known {
                    Some((_, told)) if *told == trouble => continue,
                    Some((_, told)) => *told = trouble,
                    None => shown.push((printer.clone(), trouble)),
                }
                show(Sight::Printer { printer: printer.clone(), trouble });
            }
            if self.over {
                break;
            }
        }
        self.told.seq = self.present.day.seq();
        self.told.turned_away = play.turned_away();
        std::mem::take(&mut self.told)
    }

    /// Lets the time until a play begins pass at once: days change, holds end, the work of the nights is done.
    fn pass_to(
        &mut self,
        season: &Season,
        next: &mut Play,
        show: &mut impl FnMut(Sight),
        nightly_at: &NaiveTime,
        night: &mut dyn FnMut(At) -> Result<(), String>,
    ) {
        while self.now < next.begins() && !self.over && !self.must_leave() {
            let today = season.rules().instant(self.now.date_naive(), *nightly_at);
            let nightly = if today > self.now { today } else { today + TimeDelta::days(1) };
            let crossing = self.crossing();
            let then = next.begins().min(nightly).min(crossing);
            self.move_clock(then);
            if crossing <= then {
                self.ask(Command::Tick, next);
            }
            self.look(next, show);
            if nightly == then
                && let Err(why) = night(then)
            {
                self.told.faults.push(format!("in the night, at {}: {why}", then.format("%Y-%m-%d %H:%M")));
            }
        }
    }

    fn must_leave(&self) -> bool {
        self.leaving.load(Ordering::Relaxed) || self.hall.is_over()
    }

    /// When something changes by itself next.
    fn crossing(&self) -> At {
        self.present.day.next_return().map_or(self.crossing, |back| back.min(self.crossing))
    }

    /// Lets time pass, and looks around meanwhile: people may act as well.
    fn wait_until(&mut self, then: At, play: &mut Play, show: &mut impl FnMut(Sight)) -> Waited {
        loop {
            if self.must_leave() {
                return Waited::Leave;
            }
            let Pace::Times(speed) = self.pace else {
                self.move_clock(then);
                return Waited::There;
            };
            let passed = self.since.1.elapsed();
            let by_now =
                self.since.0 + TimeDelta::milliseconds((passed.as_secs_f64() * speed * 1000.0) as i64);
            if by_now >= then {
                self.move_clock(then);
                return Waited::There;
            }
            self.move_clock(by_now);
            if self.look(play, show) {
                return Waited::News;
            }
            let left = (then - by_now).num_milliseconds() as f64 / 1000.0 / speed;
            std::thread::sleep(STEP.min(Duration::from_secs_f64(left.max(0.001))));
        }
    }

    fn move_clock(&mut self, then: At) {
        if then > self.now {
            self.clock.advance(then - self.now);
            self.now = then;
        }
    }

    fn ask(&mut self, command: Command, play: &mut Play) {
        for _ in 0..PATIENCE.0 {
            match self.hall.execute_blocking(command.clone()) {
                Ok(answer) => {
                    if let (Command::Issue(_), Some(ticket)) = (&command, answer.ticket) {
                        self.told.handed.push(ticket.number);
                    }
                    return;
                }
                Err(No::Refused(refusal)) => return play.refused(&refusal, self.now),
                Err(No::Busy) => std::thread::sleep(PATIENCE.1),
                Err(no @ (No::KeyReused | No::Survey(_) | No::Gone)) => return self.break_off(no.code()),
            }
        }
        self.break_off(No::Busy.code());
    }

    fn break_off(&mut self, code: &str) {
        self.told
            .faults
            .push(format!("the hall could not be had at {}: {code}", self.now.format("%H:%M:%S")));
        self.over = true;
    }

    /// Looks at what was committed since; true where there was anything.
    fn look(&mut self, play: &mut Play, show: &mut impl FnMut(Sight)) -> bool {
        let (seen, present) = (self.present.day.seq(), self.hall.present());
        if present.day.seq() == seen {
            return false;
        }
        self.present = present.clone();
        let Some(news) = present.since(seen) else {
            return self.catch_up(seen);
        };
        for heard in &news {
            self.screen.apply(heard.public());
            if let Event::DayChanged { .. } = heard.recorded.event {
                // What somebody called in the evening stands among the lines of the day that is over.
                self.told.calls.clear();
            }
            self.told.calls.extend(heard.public().call.clone());
            play.hear(&present.day, &heard.recorded);
            if let Event::SlipSettled { slip, outcome, by: None, .. } = &heard.recorded.event
                && outcome.trouble().is_none()
            {
                show(Sight::Slip { slip: *slip });
            }
        }
        let events = news.iter().map(|heard| &heard.recorded.event);
        let ticked = self.now >= self.crossing;
        if ticked || calendar::shifts(&present.rules, events) {
            self.crossing = calendar::next_crossing(&present.rules, &present.day, self.now);
        }
        if self.screen != **present.board() {
            self.told.faults.push(format!("a lobby screen shows another board than the hall at line {seen}"));
            self.screen = Board::clone(present.board());
        }
        true
    }

    /// More happened than the ring keeps: as a screen does, take the board anew.
    fn catch_up(&mut self, seen: Seq) -> bool {
        self.told.faults.push(format!("the feed forgot what came after line {seen} before it was looked at"));
        self.screen = Board::clone(self.present.board());
        self.crossing = calendar::next_crossing(&self.present.rules, &self.present.day, self.now);
        true
    }
}
