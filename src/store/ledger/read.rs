//! Business days for reports, one after the other.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::{DayLedger, pack};
use crate::store::folder::OpenError;
use crate::store::migrations::{self, Kind};
use crate::store::verify::open_to_read;

/// A data folder at one moment, open for reading only: a box may run there meanwhile, and is not held up. It is
/// let go as soon as a report is made, for the log beside the database grows until then.
pub struct Ledgers {
    pub(super) conn: Connection,
}

/// Why the days cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
    #[error(
        "the packed day {0} cannot be read: `antrean verify` looks at it, `antrean rebuild` makes it again"
    )]
    Packed(String),
    #[error(
        "the database {} is of another version (schema {found}, this antrean has {known}): start the box on it once", path.display()
    )]
    Version { path: PathBuf, found: i64, known: i64 },
}

impl Ledgers {
    /// Opens the database of a data folder.
    ///
    /// # Errors
    /// It cannot be read, is none of ours, or is of another version.
    pub fn open(data: &Path) -> Result<Self, Unreadable> {
        let path = data.join("antrean.db");
        let conn =
            open_to_read(&path).map_err(|source| OpenError::Database { path: path.clone(), source })?;
        match migrations::found(&conn)? {
            Kind::Ours { version, known } if version == known => {
                // One moment: a day that is packed meanwhile is neither left out nor told twice.
                conn.execute_batch("BEGIN")?;
                Ok(Self { conn })
            }
            Kind::Ours { version: found, known } => Err(Unreadable::Version { path, found, known }),
            Kind::Empty | Kind::Foreign => Err(OpenError::Foreign { path }.into()),
        }
    }

    /// The first and the last business day there is; none where no box has run yet.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn extent(&self) -> Result<Option<(NaiveDate, NaiveDate)>, Unreadable> {
        let end = |order| {
            let query = format!("SELECT day FROM journal ORDER BY seq {order} LIMIT 1");
            self.conn.query_row(&query, [], |row| row.get::<_, NaiveDate>(0)).optional()
        };
        Ok(end("ASC")?.zip(end("DESC")?))
    }

    /// Gives the days of a span, both included, in order; one at a time is in memory. Days on which nothing
    /// happened are left out.
    ///
    /// # Errors
    /// A day cannot be read.
    pub fn each(
        &self,
        (first, last): (NaiveDate, NaiveDate),
        mut tell: impl FnMut(DayLedger),
    ) -> Result<(), Unreadable> {
        let (first, last) = (first.to_string(), last.to_string());
        let mut query = self
            .conn
            .prepare_cached("SELECT day, body FROM day_ledger WHERE day BETWEEN ?1 AND ?2 ORDER BY day")?;
        let mut rows = query.query([&first, &last])?;
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            match DayLedger::unsealed(body) {
                Some(day) => tell(day),
                None => return Err(Unreadable::Packed(row.get(0)?)),
            }
        }
        drop(rows);
        for day in self.running(&first, &last)? {
            let ledger = pack::packed(&self.conn, &day)?;
            if !ledger.is_empty() {
                tell(ledger);
            }
        }
        Ok(())
    }

    /// The days that are not packed: the one that runs, and empty ones before it.
    fn running(&self, first: &str, last: &str) -> rusqlite::Result<Vec<String>> {
        let packed: Option<String> =
            self.conn.query_row("SELECT MAX(day) FROM day_ledger", [], |row| row.get(0))?;
        // One bound only: SQLite would look through every line of the others' days.
        let (from, behind) = match packed.filter(|packed| packed.as_str() >= first) {
            Some(packed) => (packed, ">"),
            None => (first.to_owned(), ">="),
        };
        let query =
            format!("SELECT DISTINCT day FROM journal WHERE day {behind} ?1 AND day <= ?2 ORDER BY day");
        let mut query = self.conn.prepare_cached(&query)?;
        query.query_map([from.as_str(), last], |row| row.get(0))?.collect()
    }
}
