//! Old days are forgotten whole, one at a time: the pages they leave are used again, line numbers and lineage
//! stay, and what remains can still be projected from its lines.

use std::path::Path;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

/// The projected tables, in an order in which rows can be removed, each with the column that names a line of
/// the journal, or the ticket that is named by one.
pub const PROJECTED: [(&str, &str); 9] = [
    ("delivery", "ticket"),
    ("pause", "seq"),
    ("slip", "id"),
    ("stop", "ticket"),
    ("ticket", "id"),
    ("counter_span", "seq"),
    ("service_stop", "seq"),
    ("day_ledger", "seq"),
    ("downtime", "seq"),
];

/// Forgets the oldest business day where it is before `before`; never the last one nor the one before it.
pub fn forget_day_before(conn: &Connection, before: NaiveDate) -> rusqlite::Result<()> {
    let Some(oldest) = oldest_day(conn)? else { return Ok(()) };
    let Some((next, first_of_next)) = day_after(conn, &oldest)? else { return Ok(()) };
    // Dates of this form sort as they follow each other.
    if oldest >= before.to_string() || day_after(conn, &next)?.is_none() {
        return Ok(());
    }
    for (table, column) in PROJECTED {
        conn.execute(&format!("DELETE FROM {table} WHERE {column} < ?1"), [first_of_next])?;
    }
    conn.execute("DELETE FROM journal WHERE seq < ?1", [first_of_next])?;
    super::survey::forget_day(conn, &next)?;
    Ok(())
}

/// The first business day of a data folder's journal; none where it has none, or cannot be read.
pub fn oldest(data: &Path) -> Option<NaiveDate> {
    let conn = super::verify::open_to_read(&data.join("antrean.db")).ok()?;
    oldest_day(&conn).ok()??.parse().ok()
}

fn oldest_day(conn: &Connection) -> rusqlite::Result<Option<String>> {
    conn.query_row("SELECT day FROM journal ORDER BY seq LIMIT 1", [], |row| row.get(0)).optional()
}

/// The business day after one, and its first line: by it the day before was settled.
fn day_after(conn: &Connection, day: &str) -> rusqlite::Result<Option<(String, u64)>> {
    let query = "SELECT day, seq FROM journal WHERE day > ?1 ORDER BY day, seq LIMIT 1";
    conn.query_row(query, [day], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}
