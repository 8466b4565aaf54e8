//! Tables that are no projection: sessions, own PINs, known devices and remembered answers.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

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

/// A PIN that somebody chose for themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub staff: StaffId,
    /// Argon2id in PHC form.
    pub pin_hash: String,
    /// SHA-256 of the config's hash that it took the place of: it counts as long as the config says that one.
    pub first: [u8; 32],
    pub chosen_at: At,
}

impl Credential {
    /// A PIN chosen in the place of the config's.
    pub fn chosen(staff: StaffId, pin_hash: String, first_hash: &str, chosen_at: At) -> Self {
        Self { staff, pin_hash, first: Sha256::digest(first_hash).into(), chosen_at }
    }

    /// Whether it took the place of this hash of the config's.
    pub fn is_in_place_of(&self, first_hash: &str) -> bool {
        self.first == <[u8; 32]>::from(Sha256::digest(first_hash))
    }
}

/// No log shows a hash of six digits: trying all of them takes hours.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({})", self.staff)
    }
}

/// A browser that has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// SHA-256 of its cookie.
    pub id_hash: [u8; 32],
    pub seen_at: At,
}

/// Devices that are remembered; beyond them those that have been away longest are forgotten.
const DEVICES: u32 = 1_000;

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

/// Ends the sign-ins of somebody, all but one: they go on until whoever looks has closed their counters.
pub fn expire_sessions(
    conn: &Connection,
    staff: &StaffId,
    except: Option<&[u8; 32]>,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE session SET expires_at = created_at WHERE staff = ?1 AND id_hash IS NOT ?2")?
        .execute(params![staff.as_str(), except])?;
    Ok(())
}

pub fn keep_credential(conn: &Connection, row: &Credential) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO credential (staff, pin_hash, first, chosen_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![row.staff.as_str(), row.pin_hash, row.first, row.chosen_at])?;
    Ok(())
}

pub fn forget_credential(conn: &Connection, staff: &StaffId) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM credential WHERE staff = ?1")?.execute([staff.as_str()])?;
    Ok(())
}

pub fn credentials(conn: &Connection) -> rusqlite::Result<Vec<Credential>> {
    let mut query = conn.prepare("SELECT staff, pin_hash, first, chosen_at FROM credential")?;
    let rows = query.query_map([], |row| {
        Ok(Credential {
            staff: StaffId::from(row.get::<_, String>(0)?),
            pin_hash: row.get(1)?,
            first: row.get(2)?,
            chosen_at: row.get(3)?,
        })
    })?;
    rows.collect()
}

pub fn keep_device(conn: &Connection, row: &DeviceRow) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO device (id_hash, seen_at) VALUES (?1, ?2)")?
        .execute(params![row.id_hash, row.seen_at])?;
    conn.prepare_cached(
        "DELETE FROM device WHERE id_hash IN (SELECT id_hash FROM device ORDER BY seen_at DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([DEVICES])?;
    Ok(())
}

pub fn devices(conn: &Connection) -> rusqlite::Result<Vec<[u8; 32]>> {
    let mut query = conn.prepare("SELECT id_hash FROM device")?;
    let rows = query.query_map([], |row| row.get(0))?;
    rows.collect()
}
