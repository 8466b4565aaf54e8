//! The technician's data: backups while the hall works, restore, rebuild, days that are forgotten, the night.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use antrean::appliance::archive::Archive;
use antrean::appliance::nightly;
use antrean::config::BackupConfig;
use antrean::queue::recovery::{Cause, SAFE_GAP};
use antrean::store::backup::{self, Backup, BackupNote, Keep};
use antrean::store::{self, DataFolder};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use support::house::{House, issue};
use support::rules::at;
use tempfile::TempDir;

fn backups(house: &House) -> PathBuf {
    let folder = house.folder.path().join("backups");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn backed_up(house: &House) -> Backup {
    let taken = backup::take(house.folder.path(), &backups(house), house.time.now()).unwrap();
    Backup::named(&taken.path)
}

fn count(database: &std::path::Path, question: &str) -> i64 {
    let conn = rusqlite::Connection::open(database).unwrap();
    conn.query_row(question, [], |row| row.get(0)).unwrap()
}

fn is_sound(house: &House) {
    let report = Backup::named(house.folder.path()).verify().unwrap();
    assert!(report.is_sound(), "{report:?}");
}

/// Puts a backup back, as `antrean restore` does.
fn restored(files: &TempDir, backup: &Backup, now: &str) -> store::Intent {
    let folder = DataFolder::open(files.path()).unwrap();
    let intent = store::intend(&folder, backup, at(now)).unwrap();
    let kept = store::restore(&folder, &intent).unwrap();
    assert!(kept.join("antrean.db").exists() || intent.now.is_none());
    intent
}

#[test]
fn a_backup_taken_in_the_rush_holds_everything_answered_before_it_and_stops_nobody() {
    let house = House::open();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    house.wish(issue(&house.hall, "ktp")).unwrap();
                    // A rush of visitors, not of processors: the more numbers, the longer it takes to verify them.
                    std::thread::sleep(Duration::from_millis(2));
                }
            });
        }
        for _ in 0..4 {
            let answered = house.hall.present().day.seq();
            let backup = backed_up(&house);
            // Somebody was served while it was taken.
            let patience = Instant::now() + Duration::from_secs(30);
            while house.hall.present().day.seq() == answered && Instant::now() < patience {
                std::thread::yield_now();
            }
            let report = backup.verify().unwrap();
            assert!(report.is_sound(), "{report:?}");
            assert!(report.seq >= answered.0 && house.hall.present().day.seq() > answered);
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(backup::list(&backups(&house)).len(), 4, "one a second at the most, and each has a name");
    is_sound(&house);
}

/// How long a visitor waits for a number while a backup is taken; `ANTREAN_BACKUP_TICKETS=200000` for a real one.
#[test]
fn the_hall_goes_on_giving_numbers_while_a_backup_is_taken() {
    let tickets = std::env::var("ANTREAN_BACKUP_TICKETS").ok().map_or(300, |n| n.parse().unwrap());
    let house = House::open();
    for asked in (0..tickets).collect::<Vec<_>>().chunks(500) {
        let asked: Vec<_> =
            asked.iter().map(|_| house.hall.knock(issue(&house.hall, "ktp").into()).unwrap()).collect();
        asked.into_iter().for_each(|answer| drop(answer.blocking_recv().unwrap().unwrap()));
    }
    let give = |until: &dyn Fn(usize) -> bool| {
        let mut waits = Vec::new();
        while !until(waits.len()) {
            let begun = Instant::now();
            house.issue("kk").unwrap();
            waits.push(begun.elapsed());
        }
        waits.sort_unstable();
        let at = |part: usize| waits[waits.len() * part / 100];
        (waits.len(), at(50), at(99))
    };
    let before = give(&|given| given == 300);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let taking = scope.spawn(|| {
            let begun = Instant::now();
            let taken = backup::take(house.folder.path(), &backups(&house), house.time.now());
            over.store(true, Ordering::Release);
            (taken.unwrap(), begun.elapsed())
        });
        let during = give(&|given| given > 0 && over.load(Ordering::Acquire));
        let (good, took) = taking.join().unwrap();
        println!(
            "{tickets} tickets, {} bytes, {took:?}; a number before: {before:?}, meanwhile: {during:?}",
            good.bytes
        );
        assert!(during.0 > 1, "nobody was served meanwhile");
    });
}

#[test]
fn a_backup_is_for_its_owner_alone_and_holds_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::open();
    house.issue("ktp").unwrap();
    let backup = backed_up(&house);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&backup.path), mode(&backup.database()), mode(&backup.key_file())),
        (0o700, 0o600, 0o600)
    );
    let own = std::fs::read(house.folder.path().join("site.key")).unwrap();
    assert_eq!(std::fs::read(backup.key_file()).unwrap(), own);
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind_and_the_older_ones_as_they_were() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let first = backed_up(&house);
    let code = |folder: &std::path::Path| {
        backup::take(house.folder.path(), folder, house.time.now()).unwrap_err().code()
    };
    assert_eq!(code(&house.folder.path().join("no-such-stick")), "backup_folder");
    // A table that says something else than the journal: no backup is made of it.
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    conn.execute_batch("UPDATE ticket SET service = 'kk'").unwrap();
    assert_eq!(code(&backups(&house)), "backup_unsound");
    let left: Vec<_> =
        std::fs::read_dir(backups(&house)).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, std::slice::from_ref(&first.path));
    assert!(first.verify().unwrap().is_sound());
}

#[test]
fn a_backup_with_one_other_bit_is_not_sound() {
    let house = House::open();
    (0..20).for_each(|_| drop(house.issue("ktp").unwrap()));
    let backup = backed_up(&house);
    let bytes = std::fs::read(backup.database()).unwrap();
    for byte in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut turned = bytes.clone();
        turned[byte] ^= 1;
        std::fs::write(backup.database(), turned).unwrap();
        assert!(!backup.verify().unwrap().is_sound(), "byte {byte}");
    }
    std::fs::write(backup.database(), bytes).unwrap();
    assert!(backup.verify().unwrap().is_sound());
}

#[test]
fn restored_on_the_same_day_no_number_is_given_again() {
    let house = House::open();
    house.open_counter("loket-3");
    (0..5).for_each(|_| drop(house.issue("ktp").unwrap()));
    house.issue("paspor").unwrap();
    let backup = backed_up(&house);
    (0..7).for_each(|_| drop(house.issue("ktp").unwrap()));
    let lineage = house.hall.present().day.lineage().clone();
    let files = house.close();
    let intent = restored(&files, &backup, "2026-11-23 09:20");
    assert_eq!(intent.then.numbers[&"A".parse().unwrap()], 5);
    let replaced = std::fs::read_dir(files.path()).unwrap().map(|entry| entry.unwrap().path());
    let replaced: Vec<PathBuf> =
        replaced.filter(|path| path.display().to_string().contains("replaced-")).collect();
    assert_eq!(
        count(&replaced[0].join("antrean.db"), "SELECT count(*) FROM ticket"),
        13,
        "what it replaced is kept"
    );
    let house = House::on(files, "2026-11-23 09:30").unwrap();
    assert_eq!((house.number("ktp"), house.number("paspor")), ("A013".to_owned(), "B002".to_owned()));
    let day = house.hall.present().day.clone();
    assert_ne!(day.lineage(), &lineage);
    let recovered = day.recovered().unwrap();
    assert_eq!((recovered.cause, recovered.guessed, recovered.whole), (Cause::Restored, false, false));
    is_sound(&house);
    let house = house.restart("2026-11-23 09:40");
    assert_eq!(house.number("ktp"), "A014");
}

#[test]
fn restored_over_a_database_that_cannot_be_read_no_number_is_given_again() {
    let house = House::open();
    (0..5).for_each(|_| drop(house.issue("ktp").unwrap()));
    let backup = backed_up(&house);
    (0..7).for_each(|_| drop(house.issue("ktp").unwrap()));
    let files = house.close();
    std::fs::write(files.path().join("antrean.db"), "nothing").unwrap();
    let other = support::house::copy_of(files.path());
    restored(&files, &backup, "2026-11-23 09:20");
    let house = House::on(files, "2026-11-23 09:30").unwrap();
    let n = house.issue("ktp").unwrap().ticket.unwrap().number.n;
    assert!((13..=33).contains(&n), "{n}");
    // Not even the numbers were noted, as on a new box in the place of a broken one.
    std::fs::remove_file(other.path().join("numbers")).unwrap();
    restored(&other, &backup, "2026-11-23 09:20");
    let house = House::on(other, "2026-11-23 09:30").unwrap();
    let n = house.issue("ktp").unwrap().ticket.unwrap().number.n;
    assert_eq!(n, 5 + SAFE_GAP + 1);
}

#[test]
fn restored_from_an_older_day_the_day_changes_and_only_todays_numbers_are_passed_over() {
    let house = House::open();
    (0..5).for_each(|_| drop(house.issue("ktp").unwrap()));
    let backup = backed_up(&house);
    let house = house.restart("2026-11-24 08:00");
    (0..3).for_each(|_| drop(house.issue("ktp").unwrap()));
    let files = house.close();
    restored(&files, &backup, "2026-11-24 08:20");
    let house = House::on(files, "2026-11-24 08:30").unwrap();
    assert_eq!(house.number("ktp"), "A004");
    is_sound(&house);
    // Ten days later: nothing of then is in anybody's hand.
    let files = house.close();
    restored(&files, &backup, "2026-11-24 18:00");
    let house = House::on(files, "2026-11-25 08:00").unwrap();
    assert_eq!(house.number("ktp"), "A001");
}

#[test]
fn a_backup_of_long_ago_does_not_make_the_clock_doubtful() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let backup = backed_up(&house);
    // A day at a time: nobody doubts a clock over a week-end.
    let house = (26..30).fold(house, |house, day| house.restart(&format!("2026-11-{day} 08:00")));
    house.issue("ktp").unwrap();
    let files = house.close();
    restored(&files, &backup, "2026-11-29 09:00");
    let house = House::on(files, "2026-11-29 09:05").unwrap();
    let present = house.hall.present();
    assert_eq!(
        (present.day.clock().doubt, present.day.date()),
        (None, NaiveDate::from_ymd_opt(2026, 11, 29))
    );
    assert_eq!(house.number("ktp"), "A002");
}

/// What a restore replaced is put back like any other backup, with what only its WAL holds.
#[test]
fn a_restore_can_be_undone() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let backup = backed_up(&house);
    (0..3).for_each(|_| drop(house.issue("ktp").unwrap()));
    let files = house.cut();
    let intend = |backup: &Backup| {
        let folder = DataFolder::open(files.path()).unwrap();
        let intent = store::intend(&folder, backup, at("2026-11-23 09:20")).unwrap();
        Backup::named(&store::restore(&folder, &intent).unwrap())
    };
    let replaced = intend(&backup);
    assert_eq!(Backup::named(files.path()).verify().unwrap().tickets, 1);
    intend(&replaced);
    let house = House::on(files, "2026-11-23 09:30").unwrap();
    assert_eq!(house.hall.present().day.tickets().count(), 4);
    assert_eq!(house.number("ktp"), "A005");
}

#[test]
fn sign_ins_end_with_a_restore() {
    let house = House::open();
    let expires_at = at("2026-11-23 20:00");
    let row = antrean::hall::SessionRow {
        id_hash: [7; 32],
        staff: "ani".into(),
        counter: None,
        created_at: at("2026-11-23 09:00"),
        expires_at,
    };
    tokio::runtime::Runtime::new().unwrap().block_on(house.hall.keep_session(row)).unwrap();
    let backup = backed_up(&house);
    let files = house.close();
    restored(&files, &backup, "2026-11-23 09:20");
    let house = House::on(files, "2026-11-23 09:30").unwrap();
    assert!(house.hall.sessions().iter().all(|row| row.expires_at < expires_at));
    assert_eq!(house.hall.sessions().len(), 1, "whoever looks after sign-ins closes what they left");
}

#[test]
fn a_rebuild_gives_the_tables_back_and_leaves_the_rest() {
    let house = House::open();
    house.open_counter("loket-3");
    house.serve("ktp", "loket-3", 4);
    house.issue("kk").unwrap();
    let files = house.close();
    let database = files.path().join("antrean.db");
    let conn = rusqlite::Connection::open(&database).unwrap();
    conn.execute_batch(
        "UPDATE ticket SET state = 'waiting' WHERE n = 2; UPDATE stop SET called_at = NULL WHERE ticket = (SELECT id FROM ticket WHERE n = 3);
         PRAGMA foreign_keys = OFF; DELETE FROM ticket WHERE n = 4;
         INSERT INTO slip VALUES (9999, 1, 'p', 0, 'printed', NULL, NULL, 'x', NULL, NULL);
         INSERT INTO device VALUES (randomblob(32), 'x')",
    )
    .unwrap();
    drop(conn);
    let found = Backup::named(files.path()).verify().unwrap();
    let named = found.differences.join("\n");
    for part in [
        "state is `waiting`, the journal gives `done`",
        "called_at is nothing",
        "is missing",
        "slip 9999 is there",
    ] {
        assert!(named.contains(part), "{part:?} is not in\n{named}");
    }
    let folder = DataFolder::open(files.path()).unwrap();
    let (before, after) = store::rebuild(&folder).unwrap();
    assert_eq!(before.differences, found.differences);
    assert!(after.is_sound(), "{after:?}");
    assert_eq!(count(&database, "SELECT count(*) FROM device"), 1);
    drop(folder);
    let house = House::on(files, "2026-11-23 10:30").unwrap();
    assert!(house.hall.present().day.recovered().is_none());
    assert_eq!(house.number("ktp"), "A006");
}

#[test]
fn old_days_are_forgotten_whole_and_the_rest_is_as_it_was() {
    let mut house = House::open();
    for day in 23..29 {
        house = house.restart(&format!("2026-11-{day} 09:00"));
        house.open_counter("loket-3");
        house.serve("ktp", "loket-3", 3);
    }
    let first = count(&house.database(), "SELECT min(seq) FROM journal");
    let last = count(&house.database(), "SELECT max(seq) FROM journal");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let forget =
        |before: &str| runtime.block_on(house.hall.forget_day_before(before.parse().unwrap())).unwrap();
    let days = || count(&house.database(), "SELECT count(DISTINCT day) FROM journal");
    forget("2026-11-23");
    assert_eq!((days(), count(&house.database(), "SELECT count(*) FROM ticket")), (6, 18));
    forget("2026-11-25");
    assert_eq!((days(), count(&house.database(), "SELECT count(*) FROM ticket")), (5, 15));
    is_sound(&house);
    (0..9).for_each(|_| forget("2999-01-01"));
    assert_eq!(days(), 2, "the last two days are never forgotten");
    for table in ["ticket", "stop", "counter_span", "journal"] {
        assert!(count(&house.database(), &format!("SELECT count(*) FROM {table}")) > 0, "{table}");
    }
    assert!(count(&house.database(), "SELECT min(seq) FROM journal") > first);
    assert_eq!(count(&house.database(), "SELECT max(seq) FROM journal"), last, "numbering goes on");
    is_sound(&house);
    assert_eq!(house.number("ktp"), "A004");
    let house = house.restart("2026-11-28 10:00");
    assert_eq!(house.number("ktp"), "A005");
}

fn nights(also: Option<PathBuf>) -> BackupConfig {
    let at = NaiveTime::from_hms_opt(1, 30, 0).unwrap();
    BackupConfig { at, folder: None, also, keep_days: 2, keep_months: 0 }
}

/// A night watch on a set clock, until a note satisfies.
struct Night {
    house: House,
    archive: Arc<Archive>,
    note: tokio::sync::watch::Receiver<BackupNote>,
    runtime: tokio::runtime::Runtime,
}

impl Night {
    fn begin(house: House, config: BackupConfig, keep_days: Option<u32>) -> Self {
        let archive = Arc::new(Archive::new(house.folder.path().to_owned(), config, house.time.clone()));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(nightly::keep(archive.clone(), house.hall.clone(), house.time.clone(), keep_days));
        // It has looked at the clock once before anybody moves it.
        std::thread::sleep(Duration::from_millis(60));
        Self { note: archive.note(), house, archive, runtime }
    }

    fn wait_for(&mut self, wanted: impl FnMut(&BackupNote) -> bool) -> BackupNote {
        let patience = Duration::from_secs(60);
        let waiting = self.note.wait_for(wanted);
        let note = self.runtime.block_on(async { tokio::time::timeout(patience, waiting).await });
        note.expect("the night never came").unwrap().clone()
    }

    fn taken(&self) -> usize {
        backup::list(&self.house.folder.path().join("backups")).len()
    }
}

#[test]
fn every_night_one_backup_is_taken_and_old_ones_go() {
    let house = House::open();
    house.issue("ktp").unwrap();
    std::fs::write(house.folder.path().join("backup.json"), "not a note").unwrap();
    let also = tempfile::tempdir().unwrap();
    let mut night = Night::begin(house, nights(Some(also.path().to_owned())), None);
    // It was never done: some minutes after the start, not before.
    night.house.clock.advance(TimeDelta::minutes(4));
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(night.taken(), 0);
    night.house.clock.advance(TimeDelta::minutes(2));
    let first = night.wait_for(|note| note.last_good.is_some());
    assert_eq!(first.last_good.as_ref().unwrap().at, night.house.time.now());
    let mut seen = first.last_good.clone();
    for _ in 0..4 {
        night.house.clock.advance(TimeDelta::hours(24));
        let note = night.wait_for(|note| note.last_good != seen);
        seen = note.last_good.clone();
        assert_eq!(note.last_trouble, None);
    }
    let mut left = 9;
    for _ in 0..200 {
        left = night.taken().max(backup::list(also.path()).len());
        if left == 3 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(left, 3, "two days are kept, in both places");
    assert_eq!(backup::list(also.path()).len(), 3);
    assert!(backup::list(also.path()).iter().all(|backup| backup.verify().unwrap().is_sound()));
    // The note on disk is whole before the next night, and others read it.
    let data = night.house.folder.path();
    let noted = (0..200).find(|_| {
        std::thread::sleep(Duration::from_millis(20));
        BackupNote::read(data).last_good == seen
    });
    assert!(noted.is_some());
    assert_eq!(night.archive.last_good(), seen.map(|good| good.at));
}

#[test]
fn a_stick_that_is_away_is_told_and_no_crash() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let away = house.folder.path().join("stick");
    let config = BackupConfig { folder: Some(away.clone()), ..nights(None) };
    let mut night = Night::begin(house, config, None);
    night.house.clock.advance(TimeDelta::minutes(6));
    let trouble = night.wait_for(|note| note.last_trouble.is_some()).last_trouble.unwrap();
    assert_eq!(trouble.code, "backup_folder");
    assert!(trouble.message.contains("USB stick"), "{}", trouble.message);
    assert!(!away.exists(), "a folder that is not there may be a disk that is not in its place");
    // Put in, it is used within the hour.
    std::fs::create_dir(&away).unwrap();
    night.house.clock.advance(TimeDelta::minutes(61));
    let note = night.wait_for(|note| note.last_good.is_some());
    assert_eq!(note.last_trouble, None);
}

#[test]
fn at_night_days_that_are_too_old_are_forgotten() {
    let house = House::open();
    let house = (24..29).fold(house, |house, day| {
        house.issue("ktp").unwrap();
        house.restart(&format!("2026-11-{day} 09:00"))
    });
    let database = house.database();
    let mut night = Night::begin(house, nights(None), Some(3));
    night.house.clock.advance(TimeDelta::minutes(6));
    night.wait_for(|note| note.last_good.is_some());
    let days = || count(&database, "SELECT count(DISTINCT day) FROM journal");
    let done = (0..500).find(|_| {
        std::thread::sleep(Duration::from_millis(20));
        days() == 4
    });
    assert!(done.is_some(), "{} days", days());
    is_sound(&night.house);
}

#[test]
fn nothing_is_removed_that_is_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["antrean-20200101-013000", "antrean-photos", "other"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("file"), "x").unwrap();
    }
    let keep = Keep { days: 1, months: 0 };
    assert!(backup::prune(folder.path(), keep, at("2026-11-23 01:30")).unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}
