//! A hall on a real file in a folder of its own, with a clock that the test sets.

use std::sync::Arc;

use antrean::clock::{Clock, SetClock};
use antrean::hall::{self, Answer, Fate, Hall, No};
use antrean::queue::{At, Class, Command, CounterId, Issue, Language, Origin, Recorded, Rules, Seen};
use antrean::store::{self, DataFolder, OpenError, Writer};
use tokio::sync::oneshot;

use super::rules::{always_open, at};

pub struct House {
    pub hall: Hall,
    pub clock: SetClock,
    /// The same time, for the other rooms.
    pub time: Clock,
    pub folder: tempfile::TempDir,
    rules: Rules,
    fate: oneshot::Receiver<Fate>,
}

impl House {
    pub fn open() -> Self {
        Self::with(always_open())
    }

    pub fn with(rules: Rules) -> Self {
        Self::at(rules, "2026-11-23 09:00")
    }

    /// A new house at an hour of its own.
    pub fn at(rules: Rules, now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, hand) = Clock::set(at(now));
        let (hall, fate) = open(folder.path(), &rules, clock.clone()).unwrap();
        Self { hall, clock: hand, time: clock, folder, rules, fate }
    }

    /// The same on a folder that was used before.
    pub fn on(folder: tempfile::TempDir, now: &str) -> Result<Self, OpenError> {
        Self::of(folder, always_open(), at(now))
    }

    /// The same with rules of its own.
    pub fn of(folder: tempfile::TempDir, rules: Rules, now: At) -> Result<Self, OpenError> {
        let (clock, hand) = Clock::set(now);
        let (hall, fate) = open(folder.path(), &rules, clock.clone())?;
        Ok(Self { hall, clock: hand, time: clock, folder, rules, fate })
    }

    /// Ends the hall as a clean stop does, and leaves its files.
    pub fn close(self) -> tempfile::TempDir {
        let Self { hall, folder, fate, .. } = self;
        hall.close();
        assert_eq!(fate.blocking_recv(), Ok(Fate::Closed));
        folder
    }

    /// Waits until the hall has ended by itself.
    pub fn ended(self) -> (Fate, tempfile::TempDir) {
        let Self { hall, folder, fate, .. } = self;
        let fate = fate.blocking_recv().unwrap();
        drop(hall);
        (fate, folder)
    }

    /// What a power cut would leave at this moment, in a folder of its own.
    pub fn cut(&self) -> tempfile::TempDir {
        copy_of(self.folder.path())
    }

    /// Ends the hall as a clean stop does, and opens it again on the same files.
    pub fn restart(self, now: &str) -> Self {
        self.restart_with(now, |_| ())
    }

    /// The same, with something done to the files in between.
    pub fn restart_with(self, now: &str, between: impl FnOnce(&std::path::Path)) -> Self {
        let Self { hall, folder, rules, fate, .. } = self;
        hall.close();
        assert_eq!(fate.blocking_recv(), Ok(Fate::Closed));
        between(folder.path());
        let (clock, hand) = Clock::set(at(now));
        let (hall, fate) = open(folder.path(), &rules, clock.clone()).unwrap();
        Self { hall, clock: hand, time: clock, folder, rules, fate }
    }

    /// Ends the hall, and reads what is on disk of its last day.
    pub fn journal(self) -> Vec<Recorded> {
        let Self { hall, folder, fate, .. } = self;
        hall.close();
        assert_eq!(fate.blocking_recv(), Ok(Fate::Closed));
        Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap().lines().unwrap()
    }

    pub fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("antrean.db")
    }

    pub fn wish(&self, command: Command) -> Result<Answer, No> {
        self.hall.execute_blocking(command)
    }

    pub fn issue(&self, service: &str) -> Result<Answer, No> {
        self.wish(issue(&self.hall, service))
    }

    /// The number a new visitor gets.
    pub fn number(&self, service: &str) -> String {
        self.issue(service).unwrap().ticket.unwrap().number.to_string()
    }

    pub fn open_counter(&self, counter: &str) {
        self.wish(Command::OpenCounter { counter: counter.into(), staff: "ani".into() }).unwrap();
    }

    /// So many visitors are served at an open counter, one after the other, for six minutes each.
    pub fn serve(&self, service: &str, counter: &str, visitors: usize) {
        for _ in 0..visitors {
            self.issue(service).unwrap();
            self.call(counter).unwrap();
            self.clock.advance(chrono::TimeDelta::minutes(6));
            let counter = CounterId::from(counter);
            self.wish(Command::Start { counter: counter.clone(), seen: Seen::Unsaid }).unwrap();
            let ending = antrean::queue::Ending::default();
            self.wish(Command::Finish { counter, seen: Seen::Unsaid, ending }).unwrap();
        }
    }

    pub fn call(&self, counter: &str) -> Result<Answer, No> {
        self.wish(Command::CallNext { counter: CounterId::from(counter), seen: Seen::Unsaid })
    }
}

/// The files of a data folder, copied while nobody writes.
pub fn copy_of(from: &std::path::Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(from, folder.path());
    folder
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn open(
    path: &std::path::Path,
    rules: &Rules,
    clock: Clock,
) -> Result<(Hall, oneshot::Receiver<Fate>), OpenError> {
    // As the box opens it.
    let (writer, _) = store::open(DataFolder::open(path)?, &[path.join("backups")], clock.now())?;
    hall::open(writer, Arc::new(rules.clone()), clock)
}

/// A wish for a ticket as a kiosk sends it.
pub fn issue(hall: &Hall, service: &str) -> Command {
    Command::Issue(Issue {
        service: service.into(),
        class: Class::Regular,
        language: Language::ID,
        origin: Origin::Kiosk("anjungan-1".into()),
        printer: None,
        nonce: hall.new_nonce(),
    })
}
