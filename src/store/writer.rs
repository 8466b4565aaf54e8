//! The one writer: batches of commands in one durable transaction.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

use super::exchange;
use super::folder::{DataFolder, OpenError};
use super::journal;
use super::key::SiteKey;
use super::migrations::{Found, migrate};
use super::numbers::Numbers;
use super::primary::{self, Credential, DeviceRow, Key, SessionRow};
use super::project::{Line, project};
use super::retention;
use super::survey::{Filing, Step, Visit};
use crate::queue::{At, Day, Event, Lineage, Recorded, Recovery, Seq, StaffId, TicketNumber};
use crate::survey;

/// Older ones have the WAL-reset race (sqlite.org/wal.html, fixed 3.51.3).
const SQLITE_NEEDED: (i32, &str) = (3_051_003, "3.51.3");

/// How a transaction failed.
#[derive(Debug)]
pub enum Failure {
    /// It is certain that nothing of it is on disk. The batch may be tried again.
    RolledBack(rusqlite::Error),
    /// The disk failed while committing: it may be on disk or not. Nobody may be told anything; only
    /// reading the file again after a new start can tell.
    Unknown(rusqlite::Error),
    /// Something could not be written in a batch without savepoints: what came before it cannot be told from it,
    /// and nothing of the batch is on disk. With [`Savepoints::Each`] it is undone alone.
    Mixed(rusqlite::Error),
    /// The file is damaged. A new start looks at the whole of it, and mends it.
    Damaged(rusqlite::Error),
}

/// Whether an error says that the file itself is broken, and not that a disk is full or away.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// How a batch is told apart.
///
/// A savepoint has SQLite keep a copy of every page that a command touches. What the rules have allowed can be
/// written, but for a fault of this program or of the disk: so a batch is tried without, and again with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Savepoints {
    /// All of it is written, or nothing.
    None,
    /// Each write is undone alone where it fails.
    Each,
}

/// The only connection that writes.
#[derive(Debug)]
pub struct Writer {
    conn: Connection,
    key: SiteKey,
    numbers: Numbers,
    recovery: Option<Recovery>,
    /// After the connection: what is closed last says that all of it was closed.
    folder: DataFolder,
}

impl Writer {
    /// Opens or makes the database of a data folder.
    ///
    /// # Errors
    /// See [`OpenError`]; nothing was changed then.
    pub fn open(folder: DataFolder) -> Result<Self, OpenError> {
        if rusqlite::version_number() < SQLITE_NEEDED.0 {
            return Err(OpenError::OldSqlite {
                found: rusqlite::version().to_owned(),
                needed: SQLITE_NEEDED.1,
            });
        }
        exchange::finish(folder.path())
            .map_err(|source| OpenError::Folder { path: folder.path().to_owned(), source })?;
        let path = folder.database();
        let new_site = !path.exists();
        let key_path = folder.key_file();
        let key = SiteKey::read_or_draw(&key_path, new_site)
            .map_err(|source| OpenError::Key { path: key_path, source })?;
        let conn = open_database(&path)?;
        let recovery = recovery(&conn).map_err(|source| OpenError::Database { path, source })?;
        let numbers = Numbers::open(folder.path())
            .map_err(|source| OpenError::Folder { path: folder.path().to_owned(), source })?;
        folder.used();
        Ok(Self { conn, key, numbers, recovery, folder })
    }

    /// What was put in the place of the journal that was, until the journal says so itself.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// The next start looks at every page.
    pub fn suspect(&self) {
        if let Err(error) = std::fs::write(self.folder.suspect(), "") {
            tracing::warn!(%error, "that the database is damaged cannot be noted");
        }
    }

    /// Notes up to which number each prefix has got, for a day when this file cannot say it.
    pub fn cover(&mut self, day: &Day) {
        let (Some(date), Some(at)) = (day.date(), day.last_at()) else { return };
        let numbers: Vec<TicketNumber> =
            day.last_numbers().map(|(prefix, n)| TicketNumber { prefix: prefix.clone(), n }).collect();
        if let Err(error) = self.numbers.cover(numbers.iter().map(|number| (date, number, at))) {
            tracing::warn!(%error, "the numbers of today cannot be noted beside the database; it is tried again with the next ticket");
        }
    }

    /// Notes ahead what whoever comes next would have to wait for.
    pub fn cover_ahead(&mut self, now: At) {
        if let Err(error) = self.numbers.cover_ahead(now) {
            tracing::warn!(%error, "the numbers to come cannot be noted ahead; the next ticket tries it again");
        }
    }

    pub fn key(&self) -> &SiteKey {
        &self.key
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The journal mode and the level of `synchronous` (2 is FULL) in force.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn durability(&self) -> rusqlite::Result<(String, i64)> {
        let mode = self.conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        let level = self.conn.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        Ok((mode, level))
    }

    /// Folds the last business day of the journal.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it cannot be understood.
    pub fn day(&self) -> Result<Day, OpenError> {
        let lineage: String = self
            .conn
            .query_row("SELECT value FROM meta WHERE key = 'lineage'", [], |row| row.get(0))
            .map_err(|source| self.broken(source))?;
        let mut day = Day::blank(Lineage(lineage.into()), Seq(0));
        for recorded in self.lines()? {
            day.apply(&recorded);
        }
        Ok(day)
    }

    /// The lines of the last business day of the journal, in order.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it cannot be understood.
    pub fn lines(&self) -> Result<Vec<Recorded>, OpenError> {
        let broken = |source| self.broken(source);
        let last: Option<String> = self
            .conn
            .query_row("SELECT day FROM journal ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(broken)?;
        let Some(last) = last else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for line in journal::of_day(&self.conn, &last).map_err(broken)? {
            lines.push(
                line.recorded()
                    .map_err(|error| OpenError::Line { seq: line.seq, reason: error.to_string() })?,
            );
        }
        Ok(lines)
    }

    fn broken(&self, source: rusqlite::Error) -> OpenError {
        OpenError::Database { path: self.folder.database(), source }
    }

    /// The sessions as stored.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sessions(&self) -> rusqlite::Result<Vec<SessionRow>> {
        primary::sessions(&self.conn)
    }

    /// The PINs that staff chose for themselves.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn credentials(&self) -> rusqlite::Result<Vec<Credential>> {
        primary::credentials(&self.conn)
    }

    /// The hashes of devices that have signed in before.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn devices(&self) -> rusqlite::Result<Vec<[u8; 32]>> {
        primary::devices(&self.conn)
    }

    /// Begins a transaction in which each write is undone alone where it fails.
    ///
    /// # Errors
    /// The database is locked or the disk fails; nothing was written.
    pub fn begin(&mut self) -> Result<Batch<'_>, Failure> {
        self.begin_with(Savepoints::Each)
    }

    /// Begins a transaction for a batch of commands.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_with(&mut self, savepoints: Savepoints) -> Result<Batch<'_>, Failure> {
        let key = self.key.clone();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(rolled_back)?;
        Ok(Batch { tx, savepoints, key, numbers: &mut self.numbers, folder: &self.folder, given: Vec::new() })
    }
}

/// One open transaction.
pub struct Batch<'w> {
    tx: Transaction<'w>,
    savepoints: Savepoints,
    key: SiteKey,
    numbers: &'w mut Numbers,
    folder: &'w DataFolder,
    given: Vec<(NaiveDate, TicketNumber, At)>,
}

impl Batch<'_> {
    /// The remembered answer of an idempotency key, with the hash of what was asked then.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn remembered(&self, key: &Key) -> rusqlite::Result<Option<([u8; 32], String)>> {
        primary::remembered(&self.tx, key)
    }

    /// Runs `write`: all of it is in the batch, or nothing.
    ///
    /// # Errors
    /// `Ok(Err(..))` when this write failed alone and the batch goes on; `Err(..)` when the whole batch is lost
    /// with it, as on a full disk, or without savepoints.
    pub fn attempt<T>(
        &mut self,
        write: impl FnOnce(&mut Lines<'_>) -> rusqlite::Result<T>,
    ) -> Result<rusqlite::Result<T>, Failure> {
        self.is_open()?;
        let run = |statement| self.tx.prepare_cached(statement)?.execute([]).map(|_| ());
        let alone = self.savepoints == Savepoints::Each;
        if alone {
            run("SAVEPOINT command").map_err(rolled_back)?;
        }
        let done = write(&mut Lines { conn: &self.tx, key: &self.key, given: &mut self.given });
        let done = match done {
            Err(error) if is_damage(&error) => return Err(Failure::Damaged(error)),
            done => done,
        };
        if self.tx.is_autocommit() {
            return match done {
                Err(error) => Err(Failure::RolledBack(error)),
                Ok(_) => Err(Failure::RolledBack(rusqlite::Error::QueryReturnedNoRows)),
            };
        }
        if !alone {
            return done.map(Ok).map_err(Failure::Mixed);
        }
        let undone = if done.is_err() { run("ROLLBACK TO command") } else { Ok(()) };
        match (undone.and_then(|()| run("RELEASE command")), done) {
            (Ok(()), done) => Ok(done),
            (Err(_), Err(error)) | (Err(error), Ok(_)) => Err(rolled_back(error)),
        }
    }

    /// SQLite ends a transaction by itself where the disk fails in the middle of one, even of a read. Nothing of it
    /// is on disk then, and whatever were written now would be there at once, and alone.
    fn is_open(&self) -> Result<(), Failure> {
        if !self.tx.is_autocommit() {
            return Ok(());
        }
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT_ROLLBACK);
        let words = "an error of the disk has ended the transaction".to_owned();
        Err(Failure::RolledBack(rusqlite::Error::SqliteFailure(code, Some(words))))
    }

    /// Makes the batch durable. Only after this may anybody be told of it.
    ///
    /// # Errors
    /// [`Failure::Unknown`] when the disk failed in the act.
    pub fn commit(self) -> Result<(), Failure> {
        self.is_open()?;
        // Whatever becomes of the database: no number that somebody holds is given again.
        let given = self.given.iter().map(|(day, number, at)| (*day, number, *at));
        self.numbers.cover(given).map_err(|error| {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
            let words = format!("the numbers of today cannot be noted: {error}");
            Failure::RolledBack(rusqlite::Error::SqliteFailure(code, Some(words)))
        })?;
        // A full disk is found before the commit frame is written, so nothing of the batch counts;
        // after any other error of the disk the frame may be there (reliability: fsync at COMMIT).
        let Self { tx, folder, .. } = self;
        tx.commit().map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Failure::RolledBack(error)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Failure::Damaged(error),
            _ => Failure::Unknown(error),
        })?;
        folder.wrote();
        Ok(())
    }
}

fn rolled_back(error: rusqlite::Error) -> Failure {
    if is_damage(&error) { Failure::Damaged(error) } else { Failure::RolledBack(error) }
}

/// Inside one savepoint.
pub struct Lines<'b> {
    conn: &'b Connection,
    key: &'b SiteKey,
    given: &'b mut Vec<(NaiveDate, TicketNumber, At)>,
}

impl Lines<'_> {
    /// Writes a journal line and what it changes in the projected tables.
    ///
    /// # Errors
    /// The disk, or a constraint that finds the rules broken.
    pub fn append(&mut self, recorded: &Recorded) -> rusqlite::Result<()> {
        let body = serde_json::to_string(&recorded.event)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        // Written as text once: a moment stands in up to four rows of one event.
        let line = Line {
            seq: recorded.seq.0,
            at: timestamp(recorded.at),
            day: recorded.day.to_string(),
            event: &recorded.event,
        };
        self.conn
            .prepare_cached("INSERT INTO journal (seq, day, at, event, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![line.seq, line.day, line.at, recorded.event.name(), body])?;
        project(self.conn, self.key, &line)?;
        match &recorded.event {
            Event::DayChanged { .. } => primary::forget_answers(self.conn)?,
            Event::TicketIssued { number, entered_at: None, .. } => {
                self.given.push((recorded.day, number.clone(), recorded.at));
            }
            // The journal says it now.
            Event::Recovered(_) => {
                self.conn.execute("DELETE FROM meta WHERE key = 'recovery'", [])?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Forgets the oldest business day where it is over before `before`; never the last one nor the one before.
    ///
    /// # Errors
    /// The disk.
    pub fn forget_day_before(&mut self, before: NaiveDate) -> rusqlite::Result<()> {
        retention::forget_day_before(self.conn, before)
    }

    /// Writes one step of a response to the survey.
    ///
    /// # Errors
    /// The disk; inside, that nothing was written and why.
    pub fn answer(&mut self, visit: &Visit, step: &Step) -> rusqlite::Result<Result<(), survey::Refusal>> {
        super::survey::answer(self.conn, visit, step)
    }

    /// Removes links from answers of before `before` or of after `ahead`, and marks of days before `marks_before`.
    ///
    /// # Errors
    /// The disk.
    pub fn unlink_answers(&mut self, before: At, ahead: At, marks_before: NaiveDate) -> rusqlite::Result<()> {
        super::survey::unlink(self.conn, before, ahead, marks_before)
    }

    /// Files a suggestion or a complaint.
    ///
    /// # Errors
    /// The disk; inside, that nothing was written and why.
    pub fn file(&mut self, filing: &Filing) -> rusqlite::Result<Result<(), survey::Refusal>> {
        super::survey::file(self.conn, filing)
    }

    /// Replies to one.
    ///
    /// # Errors
    /// The disk; inside, that nothing was written and why.
    pub fn reply(
        &mut self,
        reference: &str,
        words: &str,
        by: &StaffId,
        at: At,
    ) -> rusqlite::Result<Result<(), survey::Refusal>> {
        super::survey::reply(self.conn, reference, words, by, at)
    }

    /// Closes one.
    ///
    /// # Errors
    /// The disk; inside, that nothing was written and why.
    pub fn close_complaint(
        &mut self,
        reference: &str,
        by: &StaffId,
        at: At,
    ) -> rusqlite::Result<Result<(), survey::Refusal>> {
        super::survey::close(self.conn, reference, by, at)
    }

    /// # Errors
    /// The disk.
    pub fn remember(&mut self, key: &Key, answer: &str) -> rusqlite::Result<()> {
        primary::remember(self.conn, key, answer)
    }

    /// # Errors
    /// The disk.
    pub fn keep_session(&mut self, row: &SessionRow) -> rusqlite::Result<()> {
        primary::keep_session(self.conn, row)
    }

    /// # Errors
    /// The disk.
    pub fn forget_session(&mut self, id_hash: &[u8; 32]) -> rusqlite::Result<()> {
        primary::forget_session(self.conn, id_hash)
    }

    /// Ends the sign-ins of somebody, all but one.
    ///
    /// # Errors
    /// The disk.
    pub fn expire_sessions(&mut self, staff: &StaffId, except: Option<&[u8; 32]>) -> rusqlite::Result<()> {
        primary::expire_sessions(self.conn, staff, except)
    }

    /// # Errors
    /// The disk.
    pub fn keep_credential(&mut self, row: &Credential) -> rusqlite::Result<()> {
        primary::keep_credential(self.conn, row)
    }

    /// # Errors
    /// The disk.
    pub fn forget_credential(&mut self, staff: &StaffId) -> rusqlite::Result<()> {
        primary::forget_credential(self.conn, staff)
    }

    /// # Errors
    /// The disk.
    pub fn keep_device(&mut self, row: &DeviceRow) -> rusqlite::Result<()> {
        primary::keep_device(self.conn, row)
    }
}

/// An instant as the tables write it.
pub fn timestamp(at: At) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

fn recovery(conn: &Connection) -> rusqlite::Result<Option<Recovery>> {
    let kept: Option<String> =
        conn.query_row("SELECT value FROM meta WHERE key = 'recovery'", [], |row| row.get(0)).optional()?;
    kept.map(|json| serde_json::from_str(&json)).transpose().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

/// Opens a database for writing, as new or brought up to today.
pub fn open_database(path: &PathBuf) -> Result<Connection, OpenError> {
    let broken = |source| OpenError::Database { path: path.clone(), source };
    let mut conn = Connection::open(path).map_err(broken)?;
    conn.busy_timeout(std::time::Duration::from_secs(5)).map_err(broken)?;
    conn.set_prepared_statement_cache_capacity(64);
    let foreign = |source: rusqlite::Error| match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::Foreign { path: path.clone() },
        _ => broken(source),
    };
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(foreign)?;
    if mode != "wal" {
        return Err(OpenError::NoWal { path: path.clone(), mode });
    }
    // What is removed, such as the link of an answer, is not left in the file.
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA secure_delete = FAST;
         PRAGMA journal_size_limit = 67108864;",
    )
    .map_err(broken)?;
    match migrate(&mut conn).map_err(broken)? {
        Found::Ours => {}
        Found::Newer { found, known } => return Err(OpenError::Newer { path: path.clone(), found, known }),
        Found::Foreign => return Err(OpenError::Foreign { path: path.clone() }),
    }
    conn.execute_batch("PRAGMA foreign_keys = ON").map_err(broken)?;
    let draw_lineage =
        "INSERT OR IGNORE INTO meta (key, value) VALUES ('lineage', lower(hex(randomblob(8))))";
    conn.execute(draw_lineage, []).map_err(broken)?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_transaction_that_the_disk_has_ended_writes_nothing_more_and_commits_nothing() {
        for savepoints in [Savepoints::None, Savepoints::Each] {
            let folder = tempfile::tempdir().unwrap();
            let mut writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
            let batch = |writer: &mut Writer, ended: bool| {
                let mut batch = writer.begin_with(savepoints).unwrap();
                if ended {
                    // As SQLite does after a read that failed.
                    batch.tx.execute_batch("ROLLBACK").unwrap();
                }
                let tried = batch.attempt(|lines| {
                    lines.conn.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')", [])
                });
                (tried.map(|done| done.is_ok()), batch.commit())
            };
            let (tried, committed) = batch(&mut writer, true);
            assert!(matches!(tried, Err(Failure::RolledBack(_))), "{tried:?}");
            assert!(matches!(committed, Err(Failure::RolledBack(_))), "{committed:?}");
            let rows = |writer: &Writer| -> i64 {
                let count = "SELECT count(*) FROM meta WHERE key = 'a'";
                writer.conn.query_row(count, [], |row| row.get(0)).unwrap()
            };
            assert_eq!(rows(&writer), 0);
            assert!(matches!(batch(&mut writer, false), (Ok(true), Ok(()))));
            assert_eq!(rows(&writer), 1);
        }
    }
}
