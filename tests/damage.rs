//! A damaged database: whatever was broken, the house opens, says so, and gives no number of today again.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use antrean::hall::Fate;
use antrean::queue::recovery::{Cause, SAFE_GAP};
use antrean::queue::{Event, Lineage, TicketNumber};
use antrean::store::backup::{self, Backup};
use antrean::store::{DataFolder, OpenError};
use support::house::{House, copy_of};
use support::rules::at;
use tempfile::TempDir;

/// Tickets of the backup, and of the house.
const THEN: u32 = 5;
const NOW: u32 = 12;

/// A house with a backup of five tickets that has given twelve.
fn house() -> House {
    let house = House::open();
    (0..THEN).for_each(|_| drop(house.issue("ktp").unwrap()));
    backed_up(&house);
    (THEN..NOW).for_each(|_| drop(house.issue("ktp").unwrap()));
    house
}

fn backed_up(house: &House) -> Backup {
    let folder = house.folder.path().join("backups");
    std::fs::create_dir_all(&folder).unwrap();
    Backup::named(&backup::take(house.folder.path(), &folder, house.time.now()).unwrap().path)
}

/// The next number of a house that is opened on these files.
fn next(folder: TempDir) -> (u32, House) {
    let house = House::on(folder, "2026-11-23 09:30").unwrap();
    let n = house.issue("ktp").unwrap().ticket.unwrap().number.n;
    house.hall.present().day.check().unwrap();
    (n, house)
}

fn is_sound(house: &House) {
    let report = Backup::named(house.folder.path()).verify().unwrap();
    assert!(report.is_sound(), "{report:?}");
}

fn lineage(house: &House) -> Lineage {
    house.hall.present().day.lineage().clone()
}

/// The folders that keep what was damaged.
fn kept(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("damaged-"))
        .map(|entry| entry.path())
        .collect()
}

fn flip(path: &Path, byte: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[byte] ^= 0xff;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_sound_database_is_left_as_it_is() {
    let before = house();
    let was = lineage(&before);
    let (n, house) = next(before.close());
    assert_eq!((n, lineage(&house)), (NOW + 1, was));
    assert!(house.hall.present().day.recovered().is_none());
    let (n, house) = next(house.cut());
    assert_eq!((n, kept(house.folder.path()).len()), (NOW + 2, 0), "after a power cut");
}

/// Cut at many lengths, down to nothing.
#[test]
fn a_database_that_was_cut_short_is_mended_and_no_number_is_given_twice() {
    let files = house().close();
    let length = std::fs::metadata(files.path().join("antrean.db")).unwrap().len();
    let lengths = (0..12).map(|nth| length * nth / 12).chain([1, 99, 100, 512, 4096, length - 4096]);
    for cut in lengths {
        let copy = copy_of(files.path());
        let file = std::fs::OpenOptions::new().write(true).open(copy.path().join("antrean.db")).unwrap();
        file.set_len(cut).unwrap();
        drop(file);
        let (n, house) = next(copy);
        assert!(n > NOW && n <= NOW + 21, "{n} after a cut at {cut} of {length}");
        let kept = kept(house.folder.path());
        assert_eq!(kept.len(), 1, "cut at {cut}");
        assert_eq!(std::fs::metadata(kept[0].join("antrean.db")).unwrap().len(), cut);
        assert!(house.hall.present().day.recovered().is_some(), "cut at {cut}");
        is_sound(&house);
    }
}

/// A bit of it still stands in whatever SQLite checks, but it is no text any more.
#[test]
fn a_name_that_is_no_text_any_more_is_mended() {
    let files = house().close();
    let conn = rusqlite::Connection::open(files.path().join("antrean.db")).unwrap();
    conn.execute("UPDATE meta SET value = CAST(x'6162ff64' AS TEXT) WHERE key = 'lineage'", []).unwrap();
    drop(conn);
    let (n, house) = next(files);
    assert!(n > NOW, "{n}");
    assert!(house.hall.present().day.recovered().is_some());
    is_sound(&house);
}

/// What is not noticed did no harm to the numbers; what is noticed is mended.
#[test]
fn a_byte_that_has_turned_anywhere_never_gives_a_number_twice() {
    let files = house().close();
    let path = files.path().join("antrean.db");
    let length = usize::try_from(std::fs::metadata(&path).unwrap().len()).unwrap();
    let step = std::env::var("ANTREAN_FLIP_STEP").ok().map_or(1499, |step| step.parse().unwrap());
    let mut mended = 0;
    for byte in (0..100).step_by(9).chain((100..length).step_by(step)) {
        let copy = copy_of(files.path());
        flip(&copy.path().join("antrean.db"), byte);
        let house = match House::on(copy, "2026-11-23 09:30") {
            Ok(house) => house,
            // The version of the schema is not a thing to guess at.
            Err(OpenError::Newer { .. }) if (60..64).contains(&byte) => continue,
            Err(error) => panic!("byte {byte}: {error}"),
        };
        let n = house.issue("ktp").unwrap().ticket.unwrap().number.n;
        assert!(n > NOW, "A{n:03} again after byte {byte} turned");
        mended += usize::from(house.hall.present().day.recovered().is_some());
    }
    assert!(mended > 3, "nothing was ever noticed");
}

#[test]
fn a_byte_that_has_turned_in_the_wal_never_gives_a_number_twice() {
    let house = house();
    let files = house.cut();
    let length =
        usize::try_from(std::fs::metadata(files.path().join("antrean.db-wal")).unwrap().len()).unwrap();
    assert!(length > 100_000, "the WAL holds the day");
    let mut mended = 0;
    for byte in (0..32).step_by(5).chain((32..length).step_by(length / 40)).chain([length - 4000, length - 1])
    {
        let copy = copy_of(files.path());
        flip(&copy.path().join("antrean.db-wal"), byte);
        let (n, house) = next(copy);
        assert!(n > NOW, "A{n:03} again after byte {byte} of {length} turned");
        mended += usize::from(house.hall.present().day.recovered().is_some());
    }
    assert!(mended > 20, "only {mended} were noticed");
}

#[test]
fn a_wal_that_is_gone_is_noticed_and_no_number_is_given_twice() {
    // All of the day was in it.
    let files = house().cut();
    std::fs::remove_file(files.path().join("antrean.db-wal")).unwrap();
    let (n, house) = next(files);
    assert!(n > NOW && n <= NOW + 21, "{n}");
    // The end of it.
    let before = house.restart("2026-11-23 09:40");
    let was = lineage(&before);
    let n = before.issue("ktp").unwrap().ticket.unwrap().number.n;
    let files = before.cut();
    std::fs::remove_file(files.path().join("antrean.db-wal")).unwrap();
    let (after, house) = next(files);
    assert!(after > n && after <= n + 21, "{after} after {n}");
    assert_ne!(lineage(&house), was, "lines are written anew: no screen may take them for the old ones");
    let day = house.hall.present().day.clone();
    assert_eq!(day.recovered().unwrap().cause, Cause::Missing);
    is_sound(&house);
}

#[test]
fn a_box_that_wrote_nothing_since_its_start_may_be_killed() {
    let quiet = house().restart("2026-11-23 09:00");
    let files = quiet.cut();
    assert_eq!(std::fs::metadata(files.path().join("antrean.db-wal")).map_or(0, |wal| wal.len()), 0);
    let (n, house) = next(files);
    assert_eq!(n, NOW + 1, "no number is skipped");
    assert_eq!(house.hall.present().day.recovered(), None, "nothing was lost");
}

#[test]
fn an_older_copy_of_the_database_put_there_by_hand_is_noticed() {
    let house = house();
    let (n, house) = next(copy_of(house.close().path()));
    assert_eq!(n, NOW + 1);
    (0..200).for_each(|_| drop(house.issue("ktp").unwrap()));
    let backup = backup::list(&house.folder.path().join("backups")).remove(0);
    let files = house.close();
    std::fs::copy(backup.database(), files.path().join("antrean.db")).unwrap();
    let (n, house) = next(files);
    // Numbers went fast: more of them were noted at once.
    assert!(n > NOW + 201 && n <= NOW + 201 + 640, "{n}");
    is_sound(&house);
}

/// Only the tables are broken: every line of the journal is saved.
#[test]
fn lines_beyond_the_backup_are_saved_where_they_are_whole() {
    let files = house().close();
    let path = files.path().join("antrean.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page: usize = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'slip'", [], |row| row.get(0))
        .unwrap();
    let size: usize = conn.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    drop(conn);
    flip(&path, (page - 1) * size);
    let (n, house) = next(files);
    assert_eq!(n, NOW + 1, "nothing was lost, so nothing is passed over");
    let day = house.hall.present().day.clone();
    let recovered = day.recovered().unwrap();
    assert!(recovered.whole && !recovered.guessed && recovered.passed.is_empty(), "{recovered:?}");
    assert_eq!(recovered.saved, u64::from(NOW - THEN), "a line a ticket");
    assert_eq!(day.tickets().count() as u32, NOW + 1);
    is_sound(&house);
}

#[test]
fn without_a_backup_what_can_be_read_of_the_journal_is_the_newest_good_state() {
    let before = house();
    std::fs::remove_dir_all(before.folder.path().join("backups")).unwrap();
    let files = before.close();
    let path = files.path().join("antrean.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'stop'",
    )
    .unwrap();
    drop(conn);
    let (n, house) = next(files);
    assert!(n > NOW && n <= NOW + 21, "{n}");
    assert!(house.hall.present().day.recovered().is_some());
    is_sound(&house);
}

#[test]
fn with_nothing_left_at_all_numbers_go_on_behind_those_that_were_noted() {
    let before = house();
    std::fs::remove_dir_all(before.folder.path().join("backups")).unwrap();
    let files = before.close();
    std::fs::write(files.path().join("antrean.db"), vec![0xa5; 200_000]).unwrap();
    let noted = copy_of(files.path());
    let (n, house) = next(noted);
    assert!(n > NOW && n <= NOW + 21, "{n}");
    is_sound(&house);
    // Not even the note: a gap that no day fills.
    std::fs::remove_file(files.path().join("numbers")).unwrap();
    let (n, house) = next(files);
    assert_eq!(n, SAFE_GAP + 1);
    let day = house.hall.present().day.clone();
    assert!(day.recovered().unwrap().guessed);
    is_sound(&house);
    // And not even a file: the key is left, and says that a house was here.
    let files = house.close();
    for name in ["antrean.db", "numbers"] {
        std::fs::remove_file(files.path().join(name)).unwrap();
    }
    let (n, house) = next(files);
    assert_eq!(n, SAFE_GAP + 1);
    assert_eq!(house.hall.present().day.recovered().unwrap().cause, Cause::Missing);
    is_sound(&house);
}

#[test]
fn a_file_that_is_none_of_ours_is_set_aside_and_kept() {
    for content in ["a shopping list, and a long one, so that it is no header of anything at all", ""] {
        let files = house().close();
        std::fs::write(files.path().join("antrean.db"), content).unwrap();
        let (n, house) = next(files);
        assert!(n > NOW, "{content:?}");
        let kept = kept(house.folder.path());
        assert_eq!(std::fs::read_to_string(kept[0].join("antrean.db")).unwrap(), content);
    }
    let files = house().close();
    let path = files.path().join("antrean.db");
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE recipes (id)").unwrap();
    let (n, house) = next(files);
    assert!(n > NOW);
    assert_eq!(kept(house.folder.path()).len(), 1);
    // Gone altogether.
    let files = house.close();
    std::fs::remove_file(files.path().join("antrean.db")).unwrap();
    let (again, house) = next(files);
    assert!(again > n);
    assert_eq!(house.hall.present().day.recovered().unwrap().cause, Cause::Missing);
}

#[test]
fn a_lost_key_comes_back_from_the_backup_with_the_damage() {
    let files = house().close();
    let key = std::fs::read(files.path().join("site.key")).unwrap();
    std::fs::remove_file(files.path().join("site.key")).unwrap();
    std::fs::write(files.path().join("antrean.db"), "x").unwrap();
    let (_, house) = next(files);
    assert_eq!(std::fs::read(house.folder.path().join("site.key")).unwrap(), key);
}

/// What is no damage is said, and nothing is touched.
#[test]
fn a_newer_database_and_one_that_cannot_be_opened_are_refused_and_left_alone() {
    let files = house().close();
    let path = files.path().join("antrean.db");
    let sql = |statement: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(statement).unwrap();
    sql("PRAGMA user_version = 9999");
    let before = std::fs::read(&path).unwrap();
    let open = |path: &Path| {
        let folder = DataFolder::open(path).unwrap();
        antrean::store::open(folder, &[path.join("backups")], at("2026-11-23 09:30")).unwrap_err().code()
    };
    assert_eq!(open(files.path()), "database_newer");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    sql(
        "PRAGMA user_version = 5; UPDATE journal SET event = 'dance', body = '{\"event\":\"dance\"}' WHERE seq = (SELECT max(seq) FROM journal)",
    );
    assert_eq!(open(files.path()), "journal_line", "a line of a newer antrean");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(open(files.path()), "data_folder");
    assert_eq!(kept(files.path()).len(), 0);
}

#[test]
fn the_day_after_numbers_begin_at_one_again() {
    let files = house().close();
    std::fs::write(files.path().join("antrean.db"), "x").unwrap();
    let house = House::on(files, "2026-11-24 07:30").unwrap();
    assert_eq!(house.number("ktp"), "A001");
    let files = house.close();
    std::fs::write(files.path().join("antrean.db"), "x").unwrap();
    std::fs::remove_file(files.path().join("numbers")).unwrap();
    let house = House::on(files, "2026-11-24 09:30").unwrap();
    let number: TicketNumber = house.number("ktp").parse().unwrap();
    assert_eq!(number.n, SAFE_GAP + 1);
    let house = house.restart("2026-11-25 08:00");
    assert_eq!(house.number("ktp"), "A001");
}

/// The hall ends, so that whoever started the box starts it again.
#[test]
fn damage_that_is_met_while_running_is_mended_by_the_next_start() {
    let house = house().restart("2026-11-23 09:10");
    let path = house.database();
    let length = usize::try_from(std::fs::metadata(&path).unwrap().len()).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xa5; length - 4096], 4096).unwrap();
    drop(file);
    // Pages in memory are still good: some numbers may be given before it is met.
    let mut given = NOW;
    while let Ok(answer) = house.issue("ktp") {
        given = answer.ticket.unwrap().number.n;
        assert!(given < 3_000, "it was never met");
    }
    let (fate, files) = house.ended();
    assert_eq!(fate, Fate::Damaged);
    assert!(files.path().join("suspect").exists());
    let (n, house) = next(files);
    assert!(n > given, "{n} after {given}");
    assert!(!house.folder.path().join("suspect").exists());
    is_sound(&house);
}

#[test]
fn what_was_mended_stands_in_the_journal_once() {
    let files = house().close();
    std::fs::write(files.path().join("antrean.db"), "x").unwrap();
    let (_, house) = next(files);
    let house = house.restart("2026-11-23 10:00").restart("2026-11-23 10:30");
    let said = house.journal();
    let said = said.iter().filter(|line| matches!(line.event, Event::Recovered(_)));
    assert_eq!(said.count(), 1);
}

#[test]
fn what_visitors_answered_and_complained_of_is_saved_with_the_mended_database() {
    let house = house();
    let (saved, given_again) = {
        let conn = rusqlite::Connection::open(house.database()).unwrap();
        let ids = conn.prepare("SELECT id FROM ticket ORDER BY id").unwrap();
        let ids = {
            let mut ids = ids;
            ids.query_map([], |row| row.get::<_, i64>(0)).unwrap().map(Result::unwrap).collect::<Vec<_>>()
        };
        let beyond = 1_000_000;
        for (answer, ticket) in [(1, ids[0]), (2, beyond)] {
            conn.execute("INSERT INTO survey_answer (id, ticket, asked, day, agency, service, channel, complete, started_at)
                          VALUES (?1, ?2, 'skm', '2026-11-23', 'dukcapil', 'ktp', 'phone', 1, '2026-11-23T09:00:00.000+07:00')", [answer, ticket]).unwrap();
            conn.execute("INSERT INTO survey_score VALUES (?1, 'waktu', 4)", [answer]).unwrap();
            conn.execute(
                "INSERT INTO survey_used (ticket, asked, day) VALUES (?1, 'skm', '2026-11-23')",
                [ticket],
            )
            .unwrap();
        }
        conn.execute("INSERT INTO complaint (reference, ticket, kind, day, topic, words, channel, received_at)
                      VALUES ('AAAABBBB', ?1, 'complaint', '2026-11-23', 'waktu', 'Lama', 'phone', '2026-11-23T09:00:00.000+07:00')", [ids[0]]).unwrap();
        (ids[0], beyond)
    };
    let folder = house.close();
    let path = folder.path().join("antrean.db");
    // A projected table that is not what the journal says, on a page of its own.
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page: i64 = conn
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'slip'", [], |row| row.get(0))
        .unwrap();
    let size: i64 = conn.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    conn.close().unwrap();
    (0..16).for_each(|byte| flip(&path, ((page - 1) * size + byte) as usize));
    let (_, house) = next(folder);
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let count = |ask: &str, ticket: i64| conn.query_row(ask, [ticket], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM survey_score WHERE ?1 = ?1", 0), 2);
    assert_eq!(count("SELECT count(*) FROM survey_answer WHERE ticket = ?1", saved), 1);
    assert_eq!(
        count("SELECT count(*) FROM survey_used WHERE ticket = ?1", saved),
        1,
        "nor can it answer twice"
    );
    assert_eq!(count("SELECT count(*) FROM complaint WHERE ticket = ?1", saved), 1);
    for table in ["survey_answer", "survey_used"] {
        let ask = format!("SELECT count(*) FROM {table} WHERE ticket = ?1");
        assert_eq!(count(&ask, given_again), 0, "{table}: that number will be somebody else's");
    }
    is_sound(&house);
}
