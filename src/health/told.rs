//! Whom to tell of what, once: what has begun and what is over since the last look, remembered across starts.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Alarm, Line, pressing};
use crate::queue::{AlarmId, At, Text};
use crate::store::replace;

/// What was told, and since when what presses is so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// By the line's key.
    since: BTreeMap<String, At>,
    /// What somebody was told of, by what it is: the same trouble has a new beginning after a start.
    alarms: BTreeMap<String, Known>,
}

/// An alarm that somebody was told of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    id: AlarmId,
    about: Text,
    /// Looks in which it was not there any more.
    missed: u8,
}

/// Missed so often it is over: a printer that has just been opened, or a cable that is loose, says
/// nothing for a moment.
const OVER: u8 = 3;

/// Something to be told.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    Raised(Alarm),
    /// It is well again.
    Ended {
        id: AlarmId,
        about: Text,
    },
}

fn file(data: &Path) -> PathBuf {
    data.join("alarms.json")
}

impl Told {
    /// What the last run knew; nothing where that cannot be read.
    pub fn read(data: &Path) -> Self {
        let bytes = std::fs::read(file(data)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Keeps it for the next run. A half-written file never takes the place of a whole one.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, data: &Path) -> io::Result<()> {
        replace(&file(data), &serde_json::to_vec(self)?)
    }

    /// Since when each of these lines that presses is so; what is well again is forgotten.
    pub fn since(&mut self, lines: &[Line], now: At) -> BTreeMap<String, At> {
        let known = std::mem::take(&mut self.since);
        let since = |line: &Line| (line.key.clone(), known.get(&line.key).copied().unwrap_or(now));
        self.since = pressing(lines).map(since).collect();
        self.since.clone()
    }

    /// What has begun and what is over since it was asked last.
    pub fn turns(&mut self, alarms: &[Alarm]) -> Vec<Turn> {
        let mut turns = Vec::new();
        for known in self.alarms.values_mut() {
            known.missed += 1;
        }
        for alarm in alarms {
            let (id, about) = (alarm.id.clone(), alarm.about.clone());
            match self.alarms.get_mut(what(&alarm.id)) {
                Some(known) => known.missed = 0,
                None => {
                    self.alarms.insert(what(&alarm.id).to_owned(), Known { id, about, missed: 0 });
                    turns.push(Turn::Raised(alarm.clone()));
                }
            }
        }
        let over = |known: &Known| known.missed >= OVER;
        let ended = |known: &Known| Turn::Ended { id: known.id.clone(), about: known.about.clone() };
        turns.extend(self.alarms.values().filter(|known| over(known)).map(ended));
        self.alarms.retain(|_, known| !over(known));
        turns
    }
}

/// What an alarm is, whenever it began.
fn what(id: &AlarmId) -> &str {
    id.as_str().rsplit_once(':').map_or(id.as_str(), |(what, _)| what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::health::Health;

    fn alarm(id: &str) -> Alarm {
        Alarm {
            id: id.into(),
            weight: Health::Fault,
            about: Text::same("Disk"),
            says: Text::same("Disk"),
            remedy: None,
            since: At::parse_from_rfc3339("2026-11-26T08:00:00+07:00").unwrap(),
            acknowledged: None,
        }
    }

    #[test]
    fn each_trouble_is_told_once_when_it_begins_and_once_when_it_is_over_also_across_starts() {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Told::read(folder.path());
        assert_eq!(told.turns(&[alarm("disk:full:1")]), [Turn::Raised(alarm("disk:full:1"))]);
        assert_eq!(told.turns(&[alarm("disk:full:1")]), []);
        told.write(folder.path()).unwrap();
        let mut told = Told::read(folder.path());
        // It is found again with another beginning.
        assert_eq!(told.turns(&[alarm("disk:full:5"), alarm("clock:2")]), [Turn::Raised(alarm("clock:2"))]);
        let over = Turn::Ended { id: "disk:full:1".into(), about: Text::same("Disk") };
        let one = [alarm("clock:2")];
        assert_eq!([told.turns(&one), told.turns(&one)], [[], []], "a moment's silence ends nothing");
        assert_eq!(told.turns(&one), [over]);
        assert_eq!(told.turns(&[alarm("disk:full:9"), alarm("clock:2")]).len(), 1, "and it may come again");
    }
}
