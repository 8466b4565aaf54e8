//! The one writer: batches of commands in one durable transaction, each command in a savepoint.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

use super::folder::{DataFolder, OpenError};
use super::key::SiteKey;
use super::migrations::{Found, migrate};
use super::primary::{self, Credential, DeviceRow, Key, SessionRow};
use super::project::{Line, project};
use crate::queue::{At, Day, Event, Lineage, Recorded, Seq, StaffId};

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
}

/// The only connection that writes.
#[derive(Debug)]
pub struct Writer {
    conn: Connection,
    key: SiteKey,
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
        let path = folder.database();
        let new_site = !path.exists();
        let key_path = folder.key_file();
        let key = SiteKey::read_or_draw(&key_path, new_site)
            .map_err(|source| OpenError::Key { path: key_path, source })?;
        let conn = open_database(&path)?;
        Ok(Self { conn, key, folder })
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
        let mut query = self
            .conn
            .prepare("SELECT seq, at, day, body FROM journal WHERE day = ?1 ORDER BY seq")
            .map_err(broken)?;
        let rows = query
            .query_map([last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(broken)?;
        let mut lines = Vec::new();
        for row in rows {
            let (seq, at, day, body): (u64, _, _, String) = row.map_err(broken)?;
            let event: Event = serde_json::from_str(&body)
                .map_err(|error| OpenError::Line { seq, reason: error.to_string() })?;
            lines.push(Recorded { seq: Seq(seq), at, day, event });
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

    /// Begins a transaction for a batch of commands.
    ///
    /// # Errors
    /// The database is locked or the disk fails; nothing was written.
    pub fn begin(&mut self) -> Result<Batch<'_>, Failure> {
        let key = self.key.clone();
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Failure::RolledBack)?;
        Ok(Batch { tx, key })
    }
}

/// One open transaction.
pub struct Batch<'w> {
    tx: Transaction<'w>,
    key: SiteKey,
}

impl Batch<'_> {
    /// The remembered answer of an idempotency key, with the hash of what was asked then.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn remembered(&self, key: &Key) -> rusqlite::Result<Option<([u8; 32], String)>> {
        primary::remembered(&self.tx, key)
    }

    /// Runs `write` in a savepoint: all of it is in the batch, or nothing.
    ///
    /// # Errors
    /// `Ok(Err(..))` when this write failed alone and the batch goes on; `Err(..)` when the database
    /// has rolled the whole batch back with it, as on a full disk.
    pub fn attempt<T>(
        &mut self,
        write: impl FnOnce(&mut Lines<'_>) -> rusqlite::Result<T>,
    ) -> Result<rusqlite::Result<T>, Failure> {
        let run = |statement| self.tx.prepare_cached(statement)?.execute([]).map(|_| ());
        run("SAVEPOINT command").map_err(Failure::RolledBack)?;
        let done = write(&mut Lines { conn: &self.tx, key: &self.key });
        if self.tx.is_autocommit() {
            return match done {
                Err(error) => Err(Failure::RolledBack(error)),
                Ok(_) => Err(Failure::RolledBack(rusqlite::Error::QueryReturnedNoRows)),
            };
        }
        let undone = if done.is_err() { run("ROLLBACK TO command") } else { Ok(()) };
        match (undone.and_then(|()| run("RELEASE command")), done) {
            (Ok(()), done) => Ok(done),
            (Err(_), Err(error)) | (Err(error), Ok(_)) => Err(Failure::RolledBack(error)),
        }
    }

    /// Makes the batch durable. Only after this may anybody be told of it.
    ///
    /// # Errors
    /// [`Failure::Unknown`] when the disk failed in the act.
    pub fn commit(self) -> Result<(), Failure> {
        // A full disk is found before the commit frame is written, so nothing of the batch counts;
        // after any other error of the disk the frame may be there (reliability: fsync at COMMIT).
        self.tx.commit().map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Failure::RolledBack(error)
            }
            _ => Failure::Unknown(error),
        })
    }
}

/// Inside one savepoint.
pub struct Lines<'b> {
    conn: &'b Connection,
    key: &'b SiteKey,
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
        if matches!(recorded.event, Event::DayChanged { .. }) {
            primary::forget_answers(self.conn)?;
        }
        Ok(())
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

fn open_database(path: &PathBuf) -> Result<Connection, OpenError> {
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
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
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
