//! Times that were noted while nobody knew the time, put right.

use rusqlite::{Connection, params};

use super::writer::timestamp;
use crate::queue::event::Moved;

/// The tables with times of a day, the condition that finds its rows, and the columns.
const TIMES: [(&str, &str, &[&str]); 7] = [
    ("ticket", "day = ?1", &["issued_at", "called_at", "started_at", "ended_at"]),
    ("stop", OF_THE_DAY, &["entered_at", "called_at", "started_at", "ended_at"]),
    ("slip", OF_THE_DAY, &["queued_at", "settled_at"]),
    ("pause", OF_THE_DAY, &["from_at", "to_at"]),
    ("counter_span", "day = ?1", &["from_at", "to_at"]),
    ("service_stop", "day = ?1", &["from_at", "to_at"]),
    ("downtime", "day = ?1", &["from_at", "to_at"]),
];
const OF_THE_DAY: &str = "ticket IN (SELECT id FROM ticket WHERE day = ?1)";

/// Moves what the tables say of the time since the clock was doubted. The journal keeps what it said;
/// both lines that tell of the clock are there.
pub fn times_of_the_day(conn: &Connection, day: &str, moved: &Moved) -> rusqlite::Result<()> {
    let (Some(since), true) = (moved.since, moved.step_ms != 0) else { return Ok(()) };
    let step = format!("{:+.3} seconds", moved.step_ms as f64 / 1000.0);
    for (table, rows, columns) in TIMES {
        for column in columns {
            // The zone stays as it is written: only the naive time before it moves.
            conn.execute(
                &format!(
                    "UPDATE {table} SET {column} =
                         strftime('%Y-%m-%dT%H:%M:%f', substr({column}, 1, 23), ?3) || substr({column}, 24)
                     WHERE {rows} AND {column} > ?2"
                ),
                params![day, timestamp(since), step],
            )?;
        }
    }
    Ok(())
}
