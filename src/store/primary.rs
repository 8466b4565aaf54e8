//! Tables that are no projection: sessions and remembered answers.

use rusqlite::{Connection, OptionalExtension, params};

use crate::queue::{At, CounterId, StaffId};

/// Names one wish, so that saying it twice grants it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Who says it: a session, a kiosk, a bearer token's name.
    pub credential: String,
    pub key: String,
    /// SHA-256 of everything that was asked.
    pub body: [u8; 32],
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie; the cookie itself is nowhere on disk.
    pub id_hash: [u8; 32],
    pub staff: StaffId,
    pub counter: Option<CounterId>,
    pub created_at: At,
    pub expires_at: At,
}

/// The remembered body hash and answer of a key.
pub fn remembered(conn: &Connection, key: &Key) -> rusqlite::Result<Option<([u8; 32], String)>> {
    conn.prepare_cached("SELECT body, answer FROM idempotency WHERE credential = ?1 AND key = ?2")?
        .query_row(params![key.credential, key.key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub fn remember(conn: &Connection, key: &Key, answer: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO idempotency (credential, key, body, answer) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![key.credential, key.key, key.body, answer])?;
    Ok(())
}

/// Keys are kept for the day.
pub fn forget_answers(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM idempotency")?.execute([])?;
    Ok(())
}

pub fn keep_session(conn: &Connection, row: &SessionRow) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO session (id_hash, staff, counter, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        row.id_hash,
        row.staff.as_str(),
        row.counter.as_ref().map(CounterId::as_str),
        row.created_at,
        row.expires_at
    ])?;
    Ok(())
}

pub fn forget_session(conn: &Connection, id_hash: &[u8; 32]) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM session WHERE id_hash = ?1")?.execute(params![id_hash])?;
    Ok(())
}

pub fn sessions(conn: &Connection) -> rusqlite::Result<Vec<SessionRow>> {
    let mut query = conn.prepare("SELECT id_hash, staff, counter, created_at, expires_at FROM session")?;
    let rows = query.query_map([], |row| {
        Ok(SessionRow {
            id_hash: row.get(0)?,
            staff: StaffId::from(row.get::<_, String>(1)?),
            counter: row.get::<_, Option<String>>(2)?.map(CounterId::from),
            created_at: row.get(3)?,
            expires_at: row.get(4)?,
        })
    })?;
    rows.collect()
}
