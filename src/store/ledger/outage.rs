//! When a printer, a kiosk or the box was out.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rusqlite::types::Type;

use super::{Ledgers, Unreadable};

/// A part was out, in the site's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// "printer:…", "kiosk:…" or "box".
    pub part: String,
    pub trouble: String,
    /// It went on from the day before.
    pub continues: bool,
    pub from: NaiveDateTime,
    /// None while it goes on.
    pub to: Option<NaiveDateTime>,
}

impl Ledgers {
    /// What was out on any of some dates, both included, in the order in which it began.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn outages(&self, (first, last): (NaiveDate, NaiveDate)) -> Result<Vec<Outage>, Unreadable> {
        // Times of one zone sort as they follow each other.
        let mut query = self.conn.prepare_cached(
            "SELECT part, trouble, continues, from_at, to_at FROM downtime
             WHERE substr(from_at, 1, 10) <= ?2 AND (to_at IS NULL OR substr(to_at, 1, 10) >= ?1)
             ORDER BY from_at, seq, part",
        )?;
        let rows = query.query_map([first.to_string(), last.to_string()], |row| {
            Ok(Outage {
                part: row.get(0)?,
                trouble: row.get(1)?,
                continues: row.get(2)?,
                from: local(3, &row.get::<_, String>(3)?)?,
                to: row.get::<_, Option<String>>(4)?.map(|at| local(4, &at)).transpose()?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn local(column: usize, text: &str) -> rusqlite::Result<NaiveDateTime> {
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))?;
    Ok(at.naive_local())
}
