//! Rows for others to reckon with: by business day, without anything that opens a door.

use std::path::Path;

use chrono::NaiveDate;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::folder::OpenError;
use super::migrations::{self, Kind};
use super::verify::open_to_read;

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A row a ticket.
    Tickets,
    /// A row a visit of a ticket to a service.
    Stops,
    /// The journal's lines, without the chance from which tokens are made.
    Events,
}

impl What {
    /// Columns are named one by one: a table that grows does not tell more by itself.
    fn query(self) -> &'static str {
        match self {
            Self::Tickets => {
                "SELECT id, day, printf('%s%03d', prefix, n) AS number, agency, service, class, language, origin, printer,
                        state, outcome, counter, calls, issued_at, called_at, started_at, ended_at
                 FROM ticket WHERE day = ?1 ORDER BY id"
            }
            Self::Stops => {
                "SELECT stop.ticket, ticket.day, printf('%s%03d', ticket.prefix, ticket.n) AS number, stop.ord AS stop,
                        stop.agency, stop.service, ticket.class, stop.counter, stop.entered_at, stop.called_at,
                        stop.started_at, stop.ended_at, stop.ended_as, stop.calls, stop.call_reason, stop.missed,
                        stop.forecast_low_s, stop.forecast_high_s,
                        (SELECT CAST(ROUND(SUM((julianday(COALESCE(to_at, from_at)) - julianday(from_at)) * 86400)) AS INTEGER)
                         FROM pause WHERE pause.ticket = stop.ticket AND pause.ord = stop.ord) AS away_s
                 FROM stop JOIN ticket ON ticket.id = stop.ticket
                 WHERE ticket.day = ?1 ORDER BY stop.ticket, stop.ord"
            }
            Self::Events => {
                "SELECT seq, day, at, event, json_remove(body, '$.event', '$.nonce') AS body
                 FROM journal WHERE day = ?1 ORDER BY seq"
            }
        }
    }
}

/// An open data folder, for reading only, a day at a time: no transaction of this is open while the rows are
/// written anywhere.
pub struct Export {
    conn: Connection,
    what: What,
    days: std::vec::IntoIter<String>,
}

impl Export {
    /// Opens the database of a data folder, whether a box runs there or not; the days are both included.
    ///
    /// # Errors
    /// It cannot be read, or is none of ours.
    pub fn open(data: &Path, what: What, days: (NaiveDate, NaiveDate)) -> Result<Self, OpenError> {
        let path = data.join("antrean.db");
        let broken = |source| OpenError::Database { path: path.clone(), source };
        let conn = open_to_read(&path).map_err(broken)?;
        if !matches!(migrations::found(&conn).map_err(broken)?, Kind::Ours { .. }) {
            return Err(OpenError::Foreign { path });
        }
        let days = days_between(&conn, days).map_err(broken)?.into_iter();
        Ok(Self { conn, what, days })
    }

    /// The names of the columns.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn columns(&self) -> rusqlite::Result<Vec<String>> {
        let query = self.conn.prepare(self.what.query())?;
        Ok(query.column_names().map(str::to_owned).collect())
    }

    /// The rows of the next day; none at the end.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn next_day(&mut self) -> rusqlite::Result<Option<Vec<Vec<Value>>>> {
        let Some(day) = self.days.next() else { return Ok(None) };
        let mut query = self.conn.prepare_cached(self.what.query())?;
        let columns = query.column_count();
        let rows = query.query_map([day], |row| {
            (0..columns).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
        })?;
        rows.collect::<rusqlite::Result<_>>().map(Some)
    }
}

fn days_between(conn: &Connection, (from, to): (NaiveDate, NaiveDate)) -> rusqlite::Result<Vec<String>> {
    let mut query =
        conn.prepare("SELECT DISTINCT day FROM journal WHERE day BETWEEN ?1 AND ?2 ORDER BY day")?;
    query.query_map([from.to_string(), to.to_string()], |row| row.get(0))?.collect()
}
