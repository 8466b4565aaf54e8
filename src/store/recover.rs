//! Opening a data folder whose database may be damaged: the damaged file is set aside and kept, the newest
//! good state takes its place, and no number of today is given again.
//!
//! The newest good state is the newest backup that holds together, and every line of the damaged journal
//! beyond it that is whole; or, where its lines are only fewer than they were, the database as it is.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use rusqlite::{Connection, params};

use super::backup::{self, Backup};
use super::exchange;
use super::files;
use super::folder::{DataFolder, OpenError};
use super::journal::{self, Written};
use super::key::SiteKey;
use super::look::{self, Damage, Standing};
use super::numbers::Covered;
use super::verify::open_to_read;
use super::writer::{Writer, open_database};
use crate::queue::{At, Given, Recovery, house_time, recovery::Cause};

/// A clock may be so far behind what the house has seen.
const FOLLOWED: TimeDelta = house_time::FOLLOWED;

/// What was done at a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// What was wrong.
    pub why: String,
    /// Where the damaged files are; none where they went on being used.
    pub kept_in: Option<PathBuf>,
    /// The backup from which it goes on.
    pub backup: Option<PathBuf>,
    pub recovery: Recovery,
}

/// Opens a data folder, and mends it first where it must be. `backups` are the folders in which backups are.
///
/// # Errors
/// See [`OpenError`]: what is no damage is not mended.
pub fn open(folder: DataFolder, backups: &[PathBuf], now: At) -> Result<(Writer, Option<Mended>), OpenError> {
    exchange::finish(folder.path()).map_err(|source| unusable(&folder, source))?;
    let known = newest_first(backups);
    let mended = match look::look(&folder, !known.is_empty())? {
        Ok(_) => None,
        Err(damage) => Some(mend(&folder, &known, &damage, now)?),
    };
    let _ = std::fs::remove_file(folder.suspect());
    Ok((Writer::open(folder)?, mended))
}

fn unusable(folder: &DataFolder, source: io::Error) -> OpenError {
    OpenError::Folder { path: folder.path().to_owned(), source }
}

fn newest_first(folders: &[PathBuf]) -> Vec<Backup> {
    let mut all: Vec<Backup> = folders.iter().flat_map(|folder| backup::list(folder)).collect();
    all.sort_by_key(|backup| std::cmp::Reverse(backup.taken));
    all
}

fn mend(folder: &DataFolder, known: &[Backup], damage: &Damage, now: At) -> Result<Mended, OpenError> {
    let data = folder.path();
    let io = |source| unusable(folder, source);
    let broken = |source| OpenError::Database { path: folder.database(), source };
    tracing::error!(code = "database_damaged", "{damage}; the newest good state is looked for");
    let sound = known.iter().find(|backup| backup.verify().is_ok_and(|report| report.is_sound()));
    let covered = Covered::read(data).map_err(io)?;
    let own = match damage {
        Damage::Behind(_) => Some(standing(&folder.database()).map_err(broken)?),
        Damage::Gone | Damage::Broken(_) => None,
    };
    let newer = |own: &Standing| {
        sound.and_then(Backup::label).is_none_or(|label| {
            let mine = open_to_read(&folder.database()).and_then(|conn| journal::meta(&conn, "lineage"));
            mine.is_ok_and(|mine| mine.as_ref() != Some(&label.lineage)) || label.seq <= own.seq
        })
    };
    let cause = if matches!(damage, Damage::Broken(_)) { Cause::Damaged } else { Cause::Missing };
    let blank = Recovery {
        cause,
        at: now,
        backup_at: None,
        saved: 0,
        whole: false,
        known_at: None,
        given: Given::Unknown,
    };
    let mended = if let Some(own) = own.filter(newer) {
        let recovery = Recovery { ..known_from(own.last_at, None, &covered, now, blank) };
        let conn = open_database(&folder.database())?;
        begin_anew(&conn, &recovery).map_err(broken)?;
        conn.close().map_err(|(_, error)| broken(error))?;
        Mended { why: damage.to_string(), kept_in: None, backup: None, recovery }
    } else {
        let built = Built::from(folder, sound, &covered)?;
        let whole = built.whole.then_some(&built.standing);
        let recovery = Recovery {
            backup_at: sound.and_then(Backup::label).map(|label| label.at),
            saved: built.saved,
            ..known_from(built.standing.last_at, whole, &covered, now, blank)
        };
        begin_anew(&built.conn, &recovery).map_err(broken)?;
        built.close().map_err(broken)?;
        let kept = free_name(data, "damaged", now);
        exchange::exchange(data, &kept, is_ahead(&covered, now)).map_err(io)?;
        Mended {
            why: damage.to_string(),
            kept_in: Some(data.join(kept)),
            backup: sound.map(|backup| backup.path.clone()),
            recovery,
        }
    };
    folder.forget_left();
    say(&mended);
    Ok(mended)
}

fn say(mended: &Mended) {
    let Mended { why, kept_in, backup, recovery } = mended;
    let shown =
        |path: &Option<PathBuf>| path.as_ref().map_or("-".to_owned(), |path| path.display().to_string());
    let lost = if recovery.whole {
        "nothing is missing"
    } else {
        "tickets since then are missing; no number of today is given again"
    };
    tracing::error!(
        code = "recovered",
        kept_in = shown(kept_in),
        backup = shown(backup),
        saved_lines = recovery.saved,
        "the database was put together again: {why}; {lost}"
    );
}

/// What may have been given, as far as it is known.
pub fn known_from(
    last_at: Option<At>,
    whole: Option<&Standing>,
    covered: &Covered,
    now: At,
    recovery: Recovery,
) -> Recovery {
    let up_to = |(day, numbers)| Given::UpTo { day, numbers };
    let noted = covered.day.filter(|_| !is_ahead(covered, now));
    let given = match whole {
        Some(standing) => standing.day.map(|day| (day, standing.numbers.clone())),
        None => noted.map(|day| (day, covered.up_to())),
    };
    let given = given.map_or(Given::Unknown, up_to);
    // Where nobody can say, the house goes by its clock: a person stands before it, or the backup is old.
    let guess = Some(now).filter(|now| given == Given::Unknown && house_time::possible(*now));
    let known_at = [last_at, covered.at(), recovery.known_at, guess].into_iter().flatten();
    let known_at = known_at.filter(|at| *at <= now + FOLLOWED).max();
    Recovery { whole: whole.is_some(), known_at, given, ..recovery }
}

/// Whether the note beside the database is of a time that has not come: the clock was wrong when it was made.
pub fn is_ahead(covered: &Covered, now: At) -> bool {
    house_time::possible(now) && covered.at().is_some_and(|at| at > now + TimeDelta::days(1))
}

/// Lines go on from here under another lineage, everybody signs in again, and the hall is told what happened.
pub fn begin_anew(conn: &Connection, recovery: &Recovery) -> rusqlite::Result<()> {
    let json = serde_json::to_string(recovery)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.execute(
        "INSERT OR REPLACE INTO meta (key, value) VALUES ('lineage', lower(hex(randomblob(8))))",
        [],
    )?;
    conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('recovery', ?1)", params![json])?;
    // Out of time rather than gone: whoever looks after sign-ins closes the counters that they left.
    conn.execute("UPDATE session SET expires_at = created_at", [])?;
    conn.execute_batch("COMMIT")
}

/// `damaged-20261123-091500`, or with a number behind it.
pub fn free_name(data: &Path, what: &str, now: At) -> String {
    let name = format!("{what}-{}", now.format("%Y%m%d-%H%M%S"));
    let mut names = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}-{n}")));
    names.find(|name| !data.join(name).exists()).unwrap_or(name)
}

/// How far a database that can be read is.
fn standing(path: &Path) -> rusqlite::Result<Standing> {
    let conn = open_to_read(path)?;
    Ok(look::fold(&conn)?.ok().and_then(Result::ok).unwrap_or_default())
}

/// The next database, prepared beside the old one.
struct Built {
    conn: Connection,
    saved: u64,
    /// All lines of the journal that was are in it.
    whole: bool,
    standing: Standing,
}

impl Built {
    fn from(folder: &DataFolder, backup: Option<&Backup>, covered: &Covered) -> Result<Self, OpenError> {
        let data = folder.path();
        let io = |source| unusable(folder, source);
        exchange::clear(data).map_err(io)?;
        let key = next_key(folder, backup)?;
        let path = exchange::next_database(data);
        let broken = |source| OpenError::Database { path: path.clone(), source };
        let begin = || -> Result<Connection, OpenError> {
            exchange::clear_database(data).map_err(io)?;
            match backup {
                Some(backup) => exchange::prepare(&backup.database(), data).map_err(broken)?,
                None => files::write(&path, b"").map_err(io)?,
            }
            open_database(&path)
        };
        let mut conn = begin()?;
        let base = journal::last(&conn).map_err(broken)?;
        let (mut saved, clean) = save_lines(&folder.database(), &conn, &key, base.as_ref(), None);
        if !clean && base.is_none() {
            // Old lines are damaged; those of today may be whole.
            if let Some(first) = first_of_last_day(&folder.database()) {
                // Closed before: a database that is closed takes its WAL along.
                drop(conn);
                conn = begin()?;
                (saved, _) = save_lines(&folder.database(), &conn, &key, None, Some(first));
            }
        }
        save_primary(&folder.database(), &conn);
        let standing = look::fold(&conn).map_err(broken)?;
        let standing = standing?.unwrap_or_default();
        let whole = clean && !standing.lacks(covered, 0);
        Ok(Self { conn, saved, whole, standing })
    }

    /// One file, all of it on the disk.
    fn close(self) -> rusqlite::Result<()> {
        self.conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        self.conn.close().map_err(|(_, error)| error)
    }
}

/// The site key for the next database: the one that is there, else the backup's, else a new one.
fn next_key(folder: &DataFolder, backup: Option<&Backup>) -> Result<SiteKey, OpenError> {
    let (own, next) = (folder.key_file(), exchange::next_key(folder.path()));
    if let Ok(key) = SiteKey::read_or_draw(&own, false) {
        return Ok(key);
    }
    let made = match backup {
        Some(backup) => files::copy(&backup.key_file(), &next).map(drop),
        None => Ok(()),
    };
    made.and_then(|()| SiteKey::read_or_draw(&next, true))
        .map_err(|source| OpenError::Key { path: own, source })
}

/// Takes over the lines of a damaged journal behind `base`, or all of them, or those from `from` on, as long as
/// each is whole, follows the one before and can be believed. Says how many, and whether those are all.
fn save_lines(
    damaged: &Path,
    next: &Connection,
    key: &SiteKey,
    base: Option<&Written>,
    from: Option<u64>,
) -> (u64, bool) {
    let Ok(old) = open_to_read(damaged) else { return (0, false) };
    // Only of the same journal: its line is there, letter by letter.
    if base.is_some_and(|base| journal::at(&old, base.seq).ok().flatten().as_ref() != Some(base)) {
        return (0, false);
    }
    let first = base.map_or(from.unwrap_or(0), |base| base.seq + 1);
    let (mut saved, mut expected, mut stopped) = (0, base.map(|base| base.seq + 1), false);
    let mut write = || -> rusqlite::Result<()> {
        next.execute_batch("BEGIN IMMEDIATE")?;
        let read = journal::each_from(&old, first, |line| {
            let follows = expected.is_none_or(|expected| expected == line.seq);
            let taken =
                follows && line.recorded().is_ok_and(|recorded| save_line(next, key, &line, &recorded));
            if !taken {
                stopped = true;
                return Ok(ControlFlow::Break(()));
            }
            (saved, expected) = (saved + 1, Some(line.seq + 1));
            Ok(ControlFlow::Continue(()))
        });
        next.execute_batch("COMMIT")?;
        read
    };
    let read = write();
    let whole = || integrity_of(&old, "journal");
    (saved, read.is_ok() && !stopped && whole())
}

fn save_line(next: &Connection, key: &SiteKey, line: &Written, recorded: &crate::queue::Recorded) -> bool {
    let run = |statement: &str| next.execute_batch(statement);
    if run("SAVEPOINT line").is_err() {
        return false;
    }
    let done = journal::copy(next, key, line, recorded);
    if done.is_err() {
        let _ = run("ROLLBACK TO line");
    }
    run("RELEASE line").is_ok() && done.is_ok()
}

fn first_of_last_day(damaged: &Path) -> Option<u64> {
    let conn = open_to_read(damaged).ok()?;
    let query = "SELECT seq FROM journal NOT INDEXED WHERE event = 'day_changed' ORDER BY seq DESC LIMIT 1";
    conn.query_row(query, [], |row| row.get(0)).ok()
}

/// Tables that are in no journal, those together of which one is nothing without the other.
const PRIMARY: [&[&str]; 5] = [
    &["credential"],
    &["device"],
    &["idempotency"],
    // A response before its scores, which go with it.
    &["survey_answer", "survey_score", "survey_used"],
    &["complaint"],
];

/// Own PINs, known devices, the answers of today, what visitors answered and complained of: where their tables
/// are whole.
fn save_primary(damaged: &Path, next: &Connection) {
    let Ok(old) = open_to_read(damaged) else { return };
    for tables in PRIMARY {
        if !tables.iter().all(|table| integrity_of(&old, table)) {
            tracing::warn!(?tables, "a damaged table was not taken over");
            continue;
        }
        if let Err(error) = copy_tables(&old, next, tables) {
            tracing::warn!(?tables, %error, "rows of the damaged database were not taken over");
        }
    }
}

/// All of some tables, or nothing of them. Tickets that were not saved have their numbers given again: nobody may
/// go on with a stranger's answers.
fn copy_tables(old: &Connection, next: &Connection, tables: &[&str]) -> rusqlite::Result<()> {
    let whole = next.unchecked_transaction()?;
    for table in tables {
        copy_rows(old, &whole, table)?;
    }
    whole.execute_batch(
        "UPDATE survey_answer SET ticket = NULL, started_at = NULL,
                                  finished_at = CASE WHEN finished_at IS NULL THEN NULL ELSE day END
             WHERE ticket > (SELECT COALESCE(MAX(seq), 0) FROM journal);
         DELETE FROM survey_used WHERE ticket > (SELECT COALESCE(MAX(seq), 0) FROM journal);
         UPDATE complaint SET ticket = NULL WHERE ticket > (SELECT COALESCE(MAX(seq), 0) FROM journal);",
    )?;
    whole.commit()
}

fn copy_rows(old: &Connection, next: &Connection, table: &str) -> rusqlite::Result<()> {
    let mut query = old.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = query.column_count();
    let places = vec!["?"; columns].join(", ");
    let mut insert = next.prepare(&format!("INSERT OR REPLACE INTO {table} VALUES ({places})"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<rusqlite::types::Value> =
            (0..columns).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
        insert.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

fn integrity_of(conn: &Connection, table: &str) -> bool {
    let looked = conn.prepare(&format!("PRAGMA integrity_check('{table}')")).and_then(|mut query| {
        query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()
    });
    looked.is_ok_and(|lines| lines == ["ok"])
}
