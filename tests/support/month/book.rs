//! A hall without threads: what is decided is believed and written at once, a business day a transaction.

use std::sync::Arc;

use antrean::queue::{At, Command, Day, Event, Recorded, Refusal, Rules, decide};
use antrean::store::{DataFolder, Lines, Writer};
use chrono::TimeDelta;

/// The writer's own book: everything of today that is not on disk yet.
pub struct Book {
    writer: Writer,
    pub rules: Arc<Rules>,
    pub day: Day,
    pub now: At,
    /// Every line since the book was opened.
    pub lines: Vec<Recorded>,
    written: usize,
}

impl Book {
    pub fn open(folder: &std::path::Path, rules: Arc<Rules>, now: At) -> Self {
        let writer = Writer::open(DataFolder::open(folder).unwrap()).unwrap();
        let day = writer.day().unwrap();
        Self { writer, rules, day, now, lines: Vec::new(), written: 0 }
    }

    /// What comes of a command, as the hall would have it.
    pub fn wish(&mut self, command: &Command) -> Result<Vec<Recorded>, Refusal> {
        let events = decide(&self.rules, &self.day, command, self.now)?;
        let before = self.lines.len();
        for event in events {
            let day = match &event {
                Event::DayChanged { to, .. } => *to,
                _ => self.day.date().unwrap_or_else(|| self.rules.business_day(self.now)),
            };
            let recorded = Recorded { seq: self.day.seq().next(), at: self.now, day, event };
            self.day.apply(&recorded);
            self.lines.push(recorded);
        }
        let news = self.lines[before..].to_vec();
        for recorded in &news {
            // As the hall does: it may be another day.
            if let Event::ClockConfirmed { moved, .. } | Event::ClockBelieved { moved, .. } = &recorded.event
            {
                self.now += TimeDelta::milliseconds(moved.step_ms);
                self.wish(&Command::Tick)?;
            }
        }
        Ok(news)
    }

    /// Puts what happened since on the disk.
    pub fn write(&mut self) {
        let news = &self.lines[self.written..];
        let mut batch = self.writer.begin().unwrap();
        let append = |lines: &mut Lines<'_>| news.iter().try_for_each(|line| lines.append(line));
        batch.attempt(append).unwrap().unwrap();
        batch.commit().unwrap();
        self.written = self.lines.len();
    }
}
