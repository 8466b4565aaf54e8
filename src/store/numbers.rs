//! Up to which number of each prefix may have been given today, in a small file of its own: whatever happens
//! to the database, no number is given again.
//!
//! A number is covered before it is committed. Lines are only ever added, each for [`AHEAD`] numbers more, so
//! that one ticket in so many waits for a second write.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::files;
use super::writer::timestamp;
use crate::queue::{At, Prefix, TicketNumber};

/// How many numbers are covered at once.
pub const AHEAD: u32 = 20;

/// What is covered of the last business day that it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    pub day: Option<NaiveDate>,
    pub up_to: BTreeMap<Prefix, u32>,
    /// When the newest line was written, in the time of the house.
    pub at: Option<At>,
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
        text.lines().filter_map(line).for_each(|(day, prefix, n, at)| covered.note(day, prefix, n, at));
        Ok(covered)
    }

    fn note(&mut self, day: NaiveDate, prefix: Prefix, n: u32, at: At) {
        if self.day.is_none_or(|known| day > known) {
            *self = Self { day: Some(day), ..Self::default() };
        }
        if self.day == Some(day) {
            let known = self.up_to.entry(prefix).or_default();
            *known = (*known).max(n);
            self.at = self.at.max(Some(at));
        }
    }

    fn covers(&self, day: NaiveDate, number: &TicketNumber) -> bool {
        // A day that is over is nobody's concern.
        self.day.is_some_and(|known| day < known)
            || (self.day == Some(day) && self.up_to.get(&number.prefix).is_some_and(|n| number.n <= *n))
    }
}

fn line(text: &str) -> Option<(NaiveDate, Prefix, u32, At)> {
    let mut words = text.split(' ');
    let mut word = || words.next();
    let line = (word()?.parse().ok()?, word()?.parse().ok()?, word()?.parse().ok()?, word()?.parse().ok()?);
    word().is_none().then_some(line)
}

fn path(data: &Path) -> PathBuf {
    data.join("numbers")
}

/// The file, open for the one who writes.
#[derive(Debug)]
pub struct Numbers {
    file: File,
    covered: Covered,
}

impl Numbers {
    /// Opens it, or makes it anew with the lines of the last day alone.
    pub fn open(data: &Path) -> io::Result<Self> {
        let covered = Covered::read(data)?;
        let path = path(data);
        let mut text = String::new();
        if let (Some(day), Some(at)) = (covered.day, covered.at) {
            for (prefix, n) in &covered.up_to {
                text += &record(day, prefix, *n, at);
            }
        }
        if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            files::replace(&path, text.as_bytes())?;
        }
        let file = OpenOptions::new().append(true).mode(0o600).open(&path)?;
        Ok(Self { file, covered })
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
            if !covered.covers(day, number) {
                let n = number.n.saturating_add(AHEAD);
                text += &record(day, &number.prefix, n, at);
                covered.note(day, number.prefix.clone(), n, at);
            }
        }
        if !text.is_empty() {
            self.file.write_all(text.as_bytes())?;
            self.file.sync_data()?;
            self.covered = covered;
        }
        Ok(())
    }
}

/// It begins with a new line, in case the one before was torn.
fn record(day: NaiveDate, prefix: &Prefix, n: u32, at: At) -> String {
    format!("\n{day} {prefix} {n} {}\n", timestamp(at))
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
            covered.up_to.get(&prefix.parse().unwrap()).copied()
        };
        let mut numbers = Numbers::open(folder.path()).unwrap();
        assert_eq!(up_to("A"), None);
        numbers.cover([(day, &number("A001"), at), (day, &number("B007"), at)]).unwrap();
        numbers.cover([(day, &number("A021"), at)]).unwrap();
        assert_eq!((up_to("A"), up_to("B")), (Some(21), Some(27)));
        let written = std::fs::read(path(folder.path())).unwrap();
        numbers.cover([(day, &number("A022"), at)]).unwrap();
        assert_eq!(up_to("A"), Some(42));
        // A power cut within the last line.
        let whole = std::fs::read(path(folder.path())).unwrap();
        for cut in written.len()..whole.len() - 1 {
            std::fs::write(path(folder.path()), &whole[..cut]).unwrap();
            assert_eq!(up_to("A"), Some(21), "cut at {cut}");
            let mut again = Numbers::open(folder.path()).unwrap();
            again.cover([(day, &number("A030"), at)]).unwrap();
            assert_eq!(up_to("A"), Some(50));
        }
        let mut numbers = Numbers::open(folder.path()).unwrap();
        numbers.cover([(next, &number("B001"), at)]).unwrap();
        assert_eq!((up_to("A"), up_to("B")), (None, Some(21)));
        numbers.cover([(day, &number("A999"), at)]).unwrap();
        assert_eq!(up_to("A"), None, "a day that is over");
    }
}
