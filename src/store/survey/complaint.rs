//! Suggestions and complaints: received, replied to, closed.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::Channel;
use crate::queue::{AgencyId, At, StaffId, TicketId};
use crate::store::writer::timestamp;
use crate::survey::Refusal;

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Suggestion,
    Complaint,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Complaint => "complaint",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        [Self::Suggestion, Self::Complaint].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Received,
    Answered,
    Closed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        [Self::Received, Self::Answered, Self::Closed].into_iter().find(|state| state.as_str() == word)
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    pub kind: Kind,
    /// None: it is about the house.
    pub agency: Option<AgencyId>,
    /// One of the site's.
    pub topic: String,
    /// Cleaned, not empty.
    pub words: String,
}

/// Something is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// By which its writer finds it again; eight characters, drawn by chance.
    pub reference: String,
    /// None: told to the desk without one.
    pub ticket: Option<TicketId>,
    /// As many may be filed with one ticket.
    pub per_ticket: u32,
    pub matter: Matter,
    pub channel: Channel,
    pub day: NaiveDate,
    pub at: At,
}

/// One as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComplaintRow {
    pub reference: String,
    pub kind: Kind,
    pub state: State,
    pub day: String,
    pub agency: Option<String>,
    pub topic: String,
    pub words: String,
    pub channel: String,
    /// RFC 3339.
    pub received_at: String,
    pub reply: Option<String>,
    pub replied_at: Option<String>,
    pub replied_by: Option<String>,
    pub closed_at: Option<String>,
}

pub(super) const COLUMNS: &str =
    "SELECT reference, kind, day, agency, topic, words, channel, received_at, reply,
        replied_at, replied_by, closed_at FROM complaint";

impl ComplaintRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (reply, closed_at): (Option<String>, Option<String>) = (row.get(8)?, row.get(11)?);
        let state = match (&reply, &closed_at) {
            (_, Some(_)) => State::Closed,
            (Some(_), None) => State::Answered,
            (None, None) => State::Received,
        };
        // The table knows no other words.
        let kind = Kind::of(&row.get::<_, String>(1)?).unwrap_or(Kind::Suggestion);
        Ok(Self {
            reference: row.get(0)?,
            kind,
            state,
            day: row.get(2)?,
            agency: row.get(3)?,
            topic: row.get(4)?,
            words: row.get(5)?,
            channel: row.get(6)?,
            received_at: row.get(7)?,
            reply,
            replied_at: row.get(9)?,
            replied_by: row.get(10)?,
            closed_at,
        })
    }
}

/// Files one.
///
/// # Errors
/// `Ok(Err(..))`: the ticket has filed as many as it may.
pub fn file(conn: &Connection, filing: &Filing) -> rusqlite::Result<Result<(), Refusal>> {
    let ticket = filing.ticket.map(|ticket| ticket.0.0);
    if let Some(ticket) = ticket
        && is_there(conn, ticket, &filing.matter)?
    {
        return Ok(Ok(()));
    }
    let filed: u32 = conn
        .prepare_cached("SELECT count(*) FROM complaint WHERE ticket = ?1")?
        .query_row([ticket], |row| row.get(0))?;
    if filed >= filing.per_ticket && ticket.is_some() {
        return Ok(Err(Refusal::TooMany));
    }
    let Matter { kind, agency, topic, words } = &filing.matter;
    conn.prepare_cached(
        "INSERT INTO complaint (reference, ticket, kind, day, agency, topic, words, channel, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        filing.reference,
        ticket,
        kind.as_str(),
        filing.day.to_string(),
        agency.as_ref().map(AgencyId::as_str),
        topic,
        words,
        filing.channel.as_str(),
        timestamp(filing.at)
    ])?;
    Ok(Ok(()))
}

/// Whether a ticket has said just this: a second tap, or a page that was sent again.
fn is_there(conn: &Connection, ticket: u64, matter: &Matter) -> rusqlite::Result<bool> {
    let Matter { kind, agency, topic, words } = matter;
    conn.prepare_cached(
        "SELECT 1 FROM complaint WHERE ticket = ?1 AND kind = ?2 AND agency IS ?3 AND topic = ?4 AND words = ?5",
    )?
    .exists(params![ticket, kind.as_str(), agency.as_ref().map(AgencyId::as_str), topic, words])
}

/// Replies to one, once.
///
/// # Errors
/// `Ok(Err(..))`: there is none, or it has a reply.
pub fn reply(
    conn: &Connection,
    reference: &str,
    words: &str,
    by: &StaffId,
    at: At,
) -> rusqlite::Result<Result<(), Refusal>> {
    let refusal = match state(conn, reference)? {
        None => Refusal::UnknownComplaint,
        Some(State::Answered | State::Closed) => Refusal::AlreadyReplied,
        Some(State::Received) => {
            conn.prepare_cached(
                "UPDATE complaint SET reply = ?2, replied_at = ?3, replied_by = ?4 WHERE reference = ?1",
            )?
            .execute(params![reference, words, timestamp(at), by.as_str()])?;
            return Ok(Ok(()));
        }
    };
    Ok(Err(refusal))
}

/// Closes one that has a reply.
///
/// # Errors
/// `Ok(Err(..))`: there is none, it has no reply, or it is closed.
pub fn close(
    conn: &Connection,
    reference: &str,
    by: &StaffId,
    at: At,
) -> rusqlite::Result<Result<(), Refusal>> {
    let refusal = match state(conn, reference)? {
        None => Refusal::UnknownComplaint,
        Some(State::Received) => Refusal::NotReplied,
        Some(State::Closed) => Refusal::AlreadyClosed,
        Some(State::Answered) => {
            conn.prepare_cached("UPDATE complaint SET closed_at = ?2, closed_by = ?3 WHERE reference = ?1")?
                .execute(params![reference, timestamp(at), by.as_str()])?;
            return Ok(Ok(()));
        }
    };
    Ok(Err(refusal))
}

fn state(conn: &Connection, reference: &str) -> rusqlite::Result<Option<State>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE reference = ?1"))?
        .query_row([reference], |row| Ok(ComplaintRow::read(row)?.state))
        .optional()
}
