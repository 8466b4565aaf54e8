//! A month of a mall on one data folder, quickly: plays of working days, and on some of them what a play leaves
//! out. No thread, no waiting, a write a day: the same seed makes the same lines.

mod book;
mod ordeal;
pub mod site;

use std::sync::Arc;

use antrean::queue::event::InForce;
use antrean::queue::{At, Command, Part, PartTrouble, Recorded, Refusal, Rules, calendar};
use antrean::simulate::Play;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use tempfile::TempDir;

use super::rules;
use book::Book;
use ordeal::Ordeal;
use site::HOLIDAY;

/// When the house is locked.
const EVENING: chrono::NaiveTime = chrono::NaiveTime::from_hms_opt(17, 25, 0).unwrap();

/// What is on the folder, and by which rules it came to be.
pub struct Month {
    /// A data folder like that of a box that was stopped.
    pub folder: TempDir,
    /// The rules of each date from the first to the last, days without a visitor included.
    pub days: Vec<(NaiveDate, Arc<Rules>)>,
    /// Every line of the journal.
    pub lines: Vec<Recorded>,
}

impl Month {
    pub fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("antrean.db")
    }
}

/// November 2026, played with a seed.
pub fn played(seed: u64) -> Month {
    november(seed, 30)
}

/// The first days of it.
pub fn november(seed: u64, days: u32) -> Month {
    let folder = tempfile::tempdir().unwrap();
    let (all, left) = site::rules();
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let dates: Vec<NaiveDate> = first.iter_days().take(days as usize).collect();
    let mut book = Book::open(folder.path(), all.clone(), all.day_begins(first));
    let of = |date: NaiveDate| if date.day() <= 15 { &all } else { &left };
    for date in &dates {
        let config = InForce { hash: of(*date).hash.clone(), partly: false };
        book.rules = of(*date).clone();
        live(&mut book, *date, seed);
        // As at every start and change of the config; on the first day the journal begins with it.
        book.wish(&Command::ChangeRules(config)).unwrap();
        book.write();
    }
    let days = dates.into_iter().map(|date| (date, of(date).clone())).collect();
    Month { folder, days, lines: book.lines }
}

/// One date, from its beginning; a box that was switched off for the weekend begins on Monday morning.
fn live(book: &mut Book, date: NaiveDate, seed: u64) {
    let ordeal = Ordeal::of(date);
    if ordeal == Ordeal::SwitchedOff {
        return;
    }
    let until = (ordeal == Ordeal::CutShort).then(|| rules::time("11:00"));
    let play = Play::new(book.rules.clone(), date, seed.wrapping_mul(1009) + u64::from(date.day()), until);
    // Whatever changes by itself has changed when the box is there again.
    let on_monday = play.as_ref().ok().filter(|_| ordeal == Ordeal::AfterTheWeekend);
    book.now = on_monday.map_or(book.rules.day_begins(date), |play| play.begins() - ordeal::EARLY);
    book.wish(&Command::Tick).unwrap();
    match play {
        Ok(play) => Performance { book, play, chance: ordeal::Chance::of(seed, date), ordeal }.perform(),
        Err(_) => assert!(is_closed(date), "{date} has a play"),
    }
}

fn is_closed(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun) || date == HOLIDAY.parse().unwrap()
}

/// A day's play, and what befalls it.
struct Performance<'a> {
    book: &'a mut Book,
    play: Play,
    chance: ordeal::Chance,
    ordeal: Ordeal,
}

impl Performance<'_> {
    fn perform(mut self) {
        let mut befalls = self.ordeal.befalls(&self.book.rules, self.play.begins());
        while let Some(due) = self.play.due() {
            let crossing = self.crossing();
            let next = befalls.first().map(|(at, _)| *at).filter(|at| *at <= due.min(crossing));
            if let Some(at) = next {
                let (_, wish) = befalls.remove(0);
                self.book.now = self.book.now.max(at);
                let wish = wish(self.book);
                self.ask(&wish);
                continue;
            }
            let dark = self.ordeal.dark(&self.book.rules, due);
            if crossing <= due && dark.is_none() {
                self.book.now = self.book.now.max(crossing);
                self.ask(&Command::Tick);
                continue;
            }
            let wish = self.play.act(&self.book.day);
            if let Some(over) = dark {
                // Nobody gets an answer; clerks look again when the screens are back.
                let wait_s = u32::try_from((over - due).num_seconds()).unwrap() + 60;
                self.play.refused(&Refusal::TooSoon { wait_s }, due);
                continue;
            }
            self.book.now = self.book.now.max(due);
            if let Some(wish) = wish.and_then(|wish| self.ordeal.lets(wish)) {
                let wish = self.chance.varied(&self.book.rules, &self.book.day, wish);
                self.ask(&wish);
            }
            self.look_at_printers();
        }
        for (at, wish) in befalls {
            self.book.now = self.book.now.max(at);
            let wish = wish(self.book);
            self.ask(&wish);
        }
        self.end();
    }

    /// When something changes by itself next.
    fn crossing(&self) -> At {
        let (day, rules) = (&self.book.day, &self.book.rules);
        let crossing = calendar::next_crossing(rules, day, self.book.now);
        day.next_return().map_or(crossing, |back| back.min(crossing))
    }

    /// The evening, in which nobody does anything any more.
    fn end(&mut self) {
        let evening = self.book.rules.instant(self.play.begins().date_naive(), EVENING);
        loop {
            let crossing = self.crossing();
            if crossing > evening {
                return;
            }
            self.book.now = self.book.now.max(crossing);
            self.ask(&Command::Tick);
        }
    }

    fn ask(&mut self, wish: &Command) {
        match self.book.wish(wish) {
            Err(refusal) => self.play.refused(&refusal, self.book.now),
            Ok(news) => {
                news.iter().for_each(|line| self.play.hear(&self.book.day, line));
                if let Some(undo) = news.iter().find_map(|line| self.chance.undo(&line.event)) {
                    self.book.now += TimeDelta::seconds(3);
                    self.ask(&undo);
                }
            }
        }
    }

    /// As the box reports its printers.
    fn look_at_printers(&mut self) {
        let now = self.book.now;
        let seen: Vec<_> = self.play.printers(now).map(|(id, trouble)| (id.clone(), trouble)).collect();
        for (id, trouble) in seen {
            let part = Part::Printer(id);
            let known = self.book.day.failed(&part).map(|failure| failure.trouble);
            let trouble = trouble.map(PartTrouble::Printer);
            if known != trouble && !self.ordeal.breaks(known) {
                self.ask(&Command::ReportPart { part, trouble, since: None });
            }
        }
    }
}
