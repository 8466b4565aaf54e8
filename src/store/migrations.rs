//! From any older schema to today's, one step a version, each in a transaction of its own.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

/// The steps; the schema's version is how many were taken (`PRAGMA user_version`).
const STEPS: &[&str] = &[
    include_str!("migrations/001_begin.sql"),
    include_str!("migrations/002_slip_settled_by.sql"),
    include_str!("migrations/003_acts.sql"),
    include_str!("migrations/004_credentials.sql"),
    include_str!("migrations/005_rows_of_a_ticket.sql"),
    include_str!("migrations/006_survey.sql"),
    include_str!("migrations/007_complaint.sql"),
    include_str!("migrations/008_downtime.sql"),
    include_str!("migrations/009_day_ledger.sql"),
    include_str!("migrations/010_tokens_of_a_day.sql"),
];

/// From this version on days that are over are packed.
const LEDGERS: i64 = 9;

/// "Antr" in ASCII: `PRAGMA application_id` tells our files from others.
const APPLICATION_ID: i64 = 0x416e_7472;

/// What was found in the file.
pub enum Found {
    /// Made or brought up to date.
    Ours,
    Newer {
        found: i64,
        known: i64,
    },
    Foreign,
}

/// What a file is, without changing it.
pub enum Kind {
    Ours { version: i64, known: i64 },
    Empty,
    Foreign,
}

/// Looks at a database that may be anybody's.
pub fn found(conn: &Connection) -> rusqlite::Result<Kind> {
    let number = |query: &str| conn.query_row(query, [], |row| row.get::<_, i64>(0));
    let (version, application) = (number("PRAGMA user_version")?, number("PRAGMA application_id")?);
    Ok(if application == APPLICATION_ID {
        Kind::Ours { version, known: STEPS.len() as i64 }
    } else if number("SELECT count(*) FROM sqlite_schema")? == 0 {
        Kind::Empty
    } else {
        Kind::Foreign
    })
}

/// Asks every table of today's schema for every column of it, and holds what each was made by against its sum.
///
/// # Errors
/// What is not there: a bit has turned in the schema itself.
pub fn probe(conn: &Connection) -> rusqlite::Result<()> {
    let mut whole = Connection::open_in_memory()?;
    migrate(&mut whole)?;
    let columns =
        "SELECT m.name, group_concat(c.name, ', ') FROM sqlite_schema m, pragma_table_info(m.name) c
                   WHERE m.type = 'table' GROUP BY m.name";
    let mut query = whole.prepare(columns)?;
    let mut tables = query.query([])?;
    while let Some(table) = tables.next()? {
        let (name, columns): (String, String) = (table.get(0)?, table.get(1)?);
        conn.prepare(&format!("SELECT {columns} FROM {name}"))?;
    }
    let written: Option<String> =
        conn.query_row("SELECT value FROM meta WHERE key = 'schema'", [], |row| row.get(0)).optional()?;
    let written: BTreeMap<String, String> =
        written.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let found = sums(conn)?;
    let turned = written.iter().find(|(name, sum)| found.get(*name).is_some_and(|found| found != *sum));
    match turned {
        Some((name, _)) => {
            Err(rusqlite::Error::InvalidColumnName(format!("the schema of {name} has changed")))
        }
        None => Ok(()),
    }
}

/// What each table and index was made by, as a sum: a bit that turns in a constraint would refuse what is right.
fn sums(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut query = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let sum = |sql: &str| Sha256::digest(sql)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    rows.map(|row| row.map(|(name, sql)| (name, sum(&sql)))).collect()
}

/// Brings a database up to today's schema. A step may make a table anew, so references are not looked
/// after meanwhile; whoever opened the database looks after them again afterwards.
pub fn migrate(conn: &mut Connection) -> rusqlite::Result<Found> {
    let known = STEPS.len() as i64;
    conn.execute_batch("PRAGMA foreign_keys = OFF")?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pragma = |name: &str| tx.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let (version, application) = (pragma("user_version")?, pragma("application_id")?);
    let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION_ID {
        return Ok(Found::Foreign);
    }
    if version > known {
        return Ok(Found::Newer { found: version, known });
    }
    for step in &STEPS[version as usize..] {
        tx.execute_batch(step)?;
    }
    if version < LEDGERS {
        super::ledger::keep_all(&tx)?;
    }
    if version < known {
        tx.execute_batch(&format!(
            "PRAGMA user_version = {known}; PRAGMA application_id = {APPLICATION_ID};"
        ))?;
    }
    let noted: bool = tx.query_row("SELECT count(*) FROM meta WHERE key = 'schema'", [], |row| row.get(0))?;
    if version < known || !noted {
        let json = serde_json::to_string(&sums(&tx)?)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?1)", [json])?;
    }
    tx.commit()?;
    Ok(Found::Ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_version_wrote_is_kept() {
        let mut conn = Connection::open_in_memory().unwrap();
        for step in &STEPS[..2] {
            conn.execute_batch(step).unwrap();
        }
        conn.execute_batch(&format!(
            "PRAGMA user_version = 2; PRAGMA application_id = {APPLICATION_ID};
             INSERT INTO ticket VALUES (7, '2026-11-23', 'A', 1, 'ktp', 'dukcapil', 'regular', 'id', 'api:x', NULL,
                 'AAAAAA', x'00', 'done', 'loket-3', 1, 'a', 'b', 'c', 'd', 'completed');
             INSERT INTO stop VALUES (7, 1, 'ktp', 'loket-3', 'a', 'b', 'c', 'd', 'completed');
             INSERT INTO slip (id, ticket, printer, reprint, state, queued_at) VALUES (7, 7, 'p', 0, 'printed', 'a');"
        ))
        .unwrap();
        assert!(matches!(migrate(&mut conn).unwrap(), Found::Ours));
        let kept = "SELECT count(*) FROM stop JOIN ticket ON ticket.id = stop.ticket JOIN slip ON slip.ticket = ticket.id
                    WHERE stop.agency = 'dukcapil' AND stop.calls = 1 AND ticket.outcome = 'completed'";
        assert_eq!(conn.query_row(kept, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA foreign_key_check;").unwrap();
        assert!(
            conn.execute("INSERT INTO stop (ticket, ord, service, entered_at) VALUES (99, 1, 'x', 'x')", [])
                .is_err()
        );
    }

    #[test]
    fn a_database_of_every_older_version_is_brought_up_to_today() {
        for version in 0..STEPS.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            for step in &STEPS[..version] {
                conn.execute_batch(step).unwrap();
            }
            if version > 0 {
                conn.execute_batch(&format!(
                    "PRAGMA user_version = {version}; PRAGMA application_id = {APPLICATION_ID};"
                ))
                .unwrap();
            }
            assert!(matches!(migrate(&mut conn).unwrap(), Found::Ours), "from version {version}");
            assert!(matches!(migrate(&mut conn).unwrap(), Found::Ours), "and a second time");
            conn.prepare("SELECT settled_by FROM slip").unwrap();
            conn.prepare("SELECT pin_hash FROM credential").unwrap();
        }
    }
}
