//! Up to which number of each prefix may have been given today, in a small file of its own: whatever happens
//! to the database, no number is given again.
//!
//! A number is covered before it is committed. Lines are only ever added, each for [`AHEAD`] numbers more (and
//! for more where they go fast), so that few tickets wait for a second write; and when nobody is there more are
//! covered before they are needed, so that a lone visitor seldom does.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, TimeDelta};

use super::files;
use super::writer::timestamp;
use crate::queue::{At, Prefix, TicketNumber};

/// How many numbers are covered at once.
const AHEAD: u32 = 20;
/// Where fewer are left than this, more are covered when nobody is there.
const FEW: u32 = 10;
/// Where the last ones were used up within this time, twice as many are covered next, up to so many.
const FAST: TimeDelta = TimeDelta::seconds(10);
const MOST: u32 = 640;

/// What is covered of one prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// The number that was about to be committed.
    pub n: u32,
    pub up_to: u32,
    /// When, in the time of the house.
    pub at: At,
}

/// What is covered of the last business day that the file knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    pub day: Option<NaiveDate>,
    pub notes: BTreeMap<Prefix, Note>,
}

impl Covered {
    /// Reads the file beside a database; nothing where there is none. A line that a power cut tore is passed over.
    pub fn read(data: &Path) -> io::Result<Self> {
        let text = match std::fs::read(path(data)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let mut covered = Self::default();
        text.lines().filter_map(line).for_each(|(day, prefix, note)| covered.note(day, prefix, note));
        Ok(covered)
    }

    /// The numbers up to which each prefix may have been given.
    pub fn up_to(&self) -> BTreeMap<Prefix, u32> {
        self.notes.iter().map(|(prefix, note)| (prefix.clone(), note.up_to)).collect()
    }

    /// When the newest line was written, in the time of the house.
    pub fn at(&self) -> Option<At> {
        self.notes.values().map(|note| note.at).max()
    }

    fn note(&mut self, day: NaiveDate, prefix: Prefix, note: Note) {
        if self.day.is_none_or(|known| day > known) {
            *self = Self { day: Some(day), ..Self::default() };
        }
        let newer = self.notes.get(&prefix).is_none_or(|known| known.up_to < note.up_to);
        if self.day == Some(day) && newer {
            self.notes.insert(prefix, note);
        }
    }

    /// The note that a number needs before it is committed, if it needs one.
    fn needed(&self, day: NaiveDate, number: &TicketNumber, at: At) -> Option<Note> {
        let last = match self.day {
            // A day that is over is nobody's concern.
            Some(known) if day < known => return None,
            Some(known) if day == known => self.notes.get(&number.prefix),
            _ => None,
        };
        if last.is_some_and(|last| number.n <= last.up_to) {
            return None;
        }
        let fast = last.filter(|last| (TimeDelta::zero()..FAST).contains(&(at - last.at)));
        let ahead = fast.map_or(AHEAD, |last| ((last.up_to - last.n) * 2).clamp(AHEAD, MOST));
        Some(Note { n: number.n, up_to: number.n.saturating_add(ahead), at })
    }
}

fn line(text: &str) -> Option<(NaiveDate, Prefix, Note)> {
    let mut words = text.split(' ');
    let mut word = || words.next();
    let (day, prefix) = (word()?.parse().ok()?, word()?.parse().ok()?);
    let note = Note { n: word()?.parse().ok()?, up_to: word()?.parse().ok()?, at: word()?.parse().ok()? };
    (word().is_none() && note.n <= note.up_to).then_some((day, prefix, note))
}

fn path(data: &Path) -> PathBuf {
    data.join("numbers")
}

/// The file, open for the one who writes.
#[derive(Debug)]
pub struct Numbers {
    file: File,
    covered: Covered,
    /// The last number of each prefix that may have been given since the file was opened, and on which day.
    given: BTreeMap<Prefix, (NaiveDate, u32)>,
    /// The last write failed: a part of a line may stand at the end, and nothing is written ahead.
    failed: bool,
}

impl Numbers {
    /// Opens it, or makes it anew with the lines of the last day alone.
    pub fn open(data: &Path) -> io::Result<Self> {
        let covered = Covered::read(data)?;
        let path = path(data);
        let mut text = String::new();
        if let Some(day) = covered.day {
            covered.notes.iter().for_each(|(prefix, note)| text += &record(day, prefix, note));
        }
        if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            files::replace(&path, text.as_bytes())?;
        }
        let file = OpenOptions::new().append(true).mode(0o600).open(&path)?;
        Ok(Self { file, covered, given: BTreeMap::new(), failed: false })
    }

    /// Covers these numbers; they may be committed afterwards.
    ///
    /// # Errors
    /// The disk: nothing of it may be committed then.
    pub fn cover<'a>(
        &mut self,
        numbers: impl IntoIterator<Item = (NaiveDate, &'a TicketNumber, At)>,
    ) -> io::Result<()> {
        let mut covered = self.covered.clone();
        let mut text = String::new();
        for (day, number, at) in numbers {
            if let Some(note) = covered.needed(day, number, at) {
                text += &record(day, &number.prefix, &note);
                covered.note(day, number.prefix.clone(), note);
            }
            self.given.insert(number.prefix.clone(), (day, number.n));
        }
        self.write(covered, &text)
    }

    /// Covers more of each prefix of which few are left.
    ///
    /// # Errors
    /// The disk: they are covered when they are given.
    pub fn cover_ahead(&mut self, at: At) -> io::Result<()> {
        let Some(day) = self.covered.day.filter(|_| !self.failed) else { return Ok(()) };
        let mut covered = self.covered.clone();
        let mut text = String::new();
        for (prefix, note) in &self.covered.notes {
            let given = self.given.get(prefix).filter(|(on, n)| *on == day && *n <= note.up_to);
            let Some(&(_, n)) = given else { continue };
            if note.up_to - n < FEW {
                let note = Note { n, up_to: n.saturating_add(AHEAD), at };
                text += &record(day, prefix, &note);
                covered.note(day, prefix.clone(), note);
            }
        }
        self.write(covered, &text)
    }

    fn write(&mut self, covered: Covered, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        // What was torn off stands on a line of its own, and is passed over.
        let fresh = if self.failed { "\n" } else { "" };
        self.failed = true;
        self.file.write_all(format!("{fresh}{text}").as_bytes())?;
        self.file.sync_data()?;
        (self.failed, self.covered) = (false, covered);
        Ok(())
    }
}

/// It begins with a new line, in case the one before was torn.
fn record(day: NaiveDate, prefix: &Prefix, note: &Note) -> String {
    format!("\n{day} {prefix} {} {} {}\n", note.n, note.up_to, timestamp(note.at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn number(text: &str) -> TicketNumber {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_covered_before_it_is_given_and_a_torn_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let at: At = "2026-11-23T09:00:00+07:00".parse().unwrap();
        let (day, next) = (at.date_naive(), at.date_naive().succ_opt().unwrap());
        let up_to = |prefix: &str| {
            let covered = Covered::read(folder.path()).unwrap();
            covered.up_to().get(&prefix.parse().unwrap()).copied()
        };
        let mut numbers = Numbers::open(folder.path()).unwrap();
        assert_eq!(up_to("A"), None);
        numbers.cover([(day, &number("A001"), at), (day, &number("B007"), at)]).unwrap();
        numbers.cover([(day, &number("A021"), at)]).unwrap();
        assert_eq!((up_to("A"), up_to("B")), (Some(21), Some(27)));
        let written = std::fs::read(path(folder.path())).unwrap();
        let later = at + FAST;
        numbers.cover([(day, &number("A022"), later)]).unwrap();
        assert_eq!(up_to("A"), Some(42));
        // A power cut within the last line.
        let whole = std::fs::read(path(folder.path())).unwrap();
        for cut in written.len()..whole.len() - 1 {
            std::fs::write(path(folder.path()), &whole[..cut]).unwrap();
            assert_eq!(up_to("A"), Some(21), "cut at {cut}");
            let mut again = Numbers::open(folder.path()).unwrap();
            again.cover([(day, &number("A030"), later)]).unwrap();
            assert_eq!(up_to("A"), Some(50));
        }
        let mut numbers = Numbers::open(folder.path()).unwrap();
        numbers.cover([(next, &number("B001"), at)]).unwrap();
        assert_eq!((up_to("A"), up_to("B")), (None, Some(21)));
        numbers.cover([(day, &number("A999"), at)]).unwrap();
        assert_eq!(up_to("A"), None, "a day that is over");
    }

    #[test]
    fn where_numbers_go_fast_more_are_covered_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let at: At = "2026-11-23T09:00:00+07:00".parse().unwrap();
        let mut numbers = Numbers::open(folder.path()).unwrap();
        let mut lines = 0;
        for n in 1..=5_000 {
            let number = TicketNumber { prefix: "A".parse().unwrap(), n };
            let before = numbers.covered.clone();
            numbers.cover([(at.date_naive(), &number, at)]).unwrap();
            lines += usize::from(numbers.covered != before);
        }
        assert!(lines < 15, "{lines} writes for 5,000 numbers");
    }

    #[test]
    fn when_nobody_is_there_more_are_covered_before_they_are_needed() {
        let folder = tempfile::tempdir().unwrap();
        let at: At = "2026-11-23T09:00:00+07:00".parse().unwrap();
        let up_to = || Covered::read(folder.path()).unwrap().up_to();
        let mut numbers = Numbers::open(folder.path()).unwrap();
        numbers.cover_ahead(at).unwrap();
        assert!(up_to().is_empty());
        for n in 1..=60 {
            let number = TicketNumber { prefix: "A".parse().unwrap(), n };
            let before = up_to();
            numbers.cover([(at.date_naive(), &number, at + FAST * n as i32)]).unwrap();
            assert!(n == 1 || up_to() == before, "A{n:03} had to wait");
            numbers.cover_ahead(at).unwrap();
            let left = up_to()[&number.prefix] - n;
            assert!((FEW..=AHEAD).contains(&left), "{left} are left after A{n:03}");
        }
    }
}
