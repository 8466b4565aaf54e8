//! The journal's lines as they are on disk.

use rusqlite::{Connection, OptionalExtension, Row};

use super::project::Line;
use super::writer::timestamp;
use crate::queue::{Event, Recorded, Seq};

/// A line, not yet understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub seq: u64,
    pub day: String,
    pub at: String,
    pub event: String,
    pub body: String,
}

/// Why a line cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("its text is broken: {0}")]
    Broken(serde_json::Error),
    /// Whole, and of a kind that this program does not know.
    #[error("{0}")]
    Unknown(serde_json::Error),
    #[error("its {column} is `{found}`")]
    Column { column: &'static str, found: String },
}

const COLUMNS: &str = "SELECT seq, day, at, event, body FROM journal";

impl Written {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            day: row.get(1)?,
            at: row.get(2)?,
            event: row.get(3)?,
            body: row.get(4)?,
        })
    }

    /// What it says.
    ///
    /// # Errors
    /// See [`Unread`].
    pub fn recorded(&self) -> Result<Recorded, Unread> {
        let wrong = |column, found: &str| Unread::Column { column, found: found.to_owned() };
        let event: Event = serde_json::from_str(&self.body).map_err(|error| {
            let whole = serde_json::from_str::<serde::de::IgnoredAny>(&self.body).is_ok();
            if whole { Unread::Unknown(error) } else { Unread::Broken(error) }
        })?;
        let at = self.at.parse().map_err(|_| wrong("time", &self.at))?;
        let day = self.day.parse().map_err(|_| wrong("day", &self.day))?;
        if event.name() != self.event {
            return Err(wrong("event", &self.event));
        }
        if timestamp(at) != self.at {
            return Err(wrong("time", &self.at));
        }
        Ok(Recorded { seq: Seq(self.seq), at, day, event })
    }
}

/// The same for the tables.
pub fn line(recorded: &Recorded) -> Line<'_> {
    Line {
        seq: recorded.seq.0,
        at: timestamp(recorded.at),
        day: recorded.day.to_string(),
        event: &recorded.event,
    }
}

/// Writes a line of another journal into this one, and what it changes.
pub fn copy(
    conn: &Connection,
    key: &super::SiteKey,
    line: &Written,
    recorded: &Recorded,
) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO journal (seq, day, at, event, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(rusqlite::params![line.seq, line.day, line.at, line.event, line.body])?;
    super::project::project(conn, key, &self::line(recorded))
}

/// The lines of a business day.
pub fn of_day(conn: &Connection, day: &str) -> rusqlite::Result<Vec<Written>> {
    let mut query = conn.prepare(&format!("{COLUMNS} WHERE day = ?1 ORDER BY seq"))?;
    query.query_map([day], Written::read)?.collect()
}

/// Calls `each` with the lines from `from` on, until it breaks off or a line cannot be read.
pub fn each_from(
    conn: &Connection,
    from: u64,
    mut each: impl FnMut(Written) -> rusqlite::Result<std::ops::ControlFlow<()>>,
) -> rusqlite::Result<()> {
    let mut query = conn.prepare(&format!("{COLUMNS} WHERE seq >= ?1 ORDER BY seq"))?;
    let mut rows = query.query([from])?;
    while let Some(row) = rows.next()? {
        if each(Written::read(row)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The newest line.
pub fn last(conn: &Connection) -> rusqlite::Result<Option<Written>> {
    conn.query_row(&format!("{COLUMNS} ORDER BY seq DESC LIMIT 1"), [], Written::read).optional()
}

/// One line.
pub fn at(conn: &Connection, seq: u64) -> rusqlite::Result<Option<Written>> {
    conn.query_row(&format!("{COLUMNS} WHERE seq = ?1"), [seq], Written::read).optional()
}

/// What `meta` says under a key.
pub fn meta(conn: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}
