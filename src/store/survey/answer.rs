//! Answering, one question at a time, and forgetting who answered.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use crate::queue::{AgencyId, At, ServiceId, TicketId};
use crate::store::writer::timestamp;
use crate::survey::{About, Refusal};

/// Where something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// On the visitor's own phone.
    Phone,
    /// On the tablet of the information desk, or told to it.
    Desk,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
        }
    }
}

/// The name of a response: drawn by chance, so that it tells nothing of when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerId(pub i64);

/// Whose answer it is, and to which set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub ticket: TicketId,
    /// The key of the set.
    pub asked: String,
    /// The questions of the set by their keys: with a score for each a response is complete.
    pub questions: Vec<String>,
    /// The business day, agency and service of the ticket.
    pub day: NaiveDate,
    pub agency: AgencyId,
    pub service: ServiceId,
    pub channel: Channel,
    /// For the row, where this is its beginning.
    pub id: AnswerId,
    pub at: At,
}

/// What was just said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Score { question: String, score: u8 },
    About { about: About, band: &'static str },
    Finish,
}

/// Writes one step of a response. A step that is said again is what it was; after the end nothing changes.
///
/// # Errors
/// `Ok(Err(..))`: nothing was written, and why.
pub fn answer(conn: &Connection, visit: &Visit, step: &Step) -> rusqlite::Result<Result<(), Refusal>> {
    let key = params![visit.ticket.0.0, visit.asked];
    let begun: Option<(i64, bool)> = conn
        .prepare_cached(
            "SELECT id, finished_at IS NOT NULL FROM survey_answer WHERE ticket = ?1 AND asked = ?2",
        )?
        .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let used = || -> rusqlite::Result<bool> {
        conn.prepare_cached("SELECT 1 FROM survey_used WHERE ticket = ?1 AND asked = ?2")?.exists(key)
    };
    let id = match (begun, step) {
        (Some((_, true)), _) => return Ok(Err(Refusal::AlreadyAnswered)),
        (Some((id, false)), Step::Finish) if !has_scores(conn, id)? => {
            return Ok(Err(Refusal::NothingAnswered));
        }
        (Some((id, false)), _) => id,
        // Its link was removed: nobody knows any more which answer is its.
        (None, _) if used()? => return Ok(Err(Refusal::AlreadyAnswered)),
        (None, Step::Finish) => return Ok(Err(Refusal::NothingAnswered)),
        (None, _) => begin(conn, visit)?,
    };
    match step {
        Step::Score { question, score } => {
            conn.prepare_cached(
                "INSERT INTO survey_score (answer, question, score) VALUES (?1, ?2, ?3)
                 ON CONFLICT (answer, question) DO UPDATE SET score = excluded.score",
            )?
            .execute(params![id, question, score])?;
            conn.prepare_cached(
                "UPDATE survey_answer SET complete = NOT EXISTS
                     (SELECT 1 FROM json_each(?2) AS asked WHERE asked.value NOT IN
                         (SELECT question FROM survey_score WHERE answer = ?1)) WHERE id = ?1",
            )?
            .execute(params![id, serde_json::json!(visit.questions).to_string()])?;
        }
        // The column is one of four names of the house.
        Step::About { about, band } => {
            conn.prepare_cached(&format!("UPDATE survey_answer SET {} = ?2 WHERE id = ?1", about.key()))?
                .execute(params![id, band])?;
        }
        Step::Finish => {
            conn.prepare_cached("UPDATE survey_answer SET finished_at = ?2 WHERE id = ?1")?
                .execute(params![id, timestamp(visit.at)])?;
        }
    }
    Ok(Ok(()))
}

fn has_scores(conn: &Connection, id: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM survey_score WHERE answer = ?1")?.exists([id])
}

fn begin(conn: &Connection, visit: &Visit) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "INSERT INTO survey_answer (id, ticket, asked, day, agency, service, channel, started_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        visit.id.0,
        visit.ticket.0.0,
        visit.asked,
        visit.day.to_string(),
        visit.agency.as_str(),
        visit.service.as_str(),
        visit.channel.as_str(),
        timestamp(visit.at)
    ])?;
    conn.prepare_cached("INSERT INTO survey_used (ticket, asked, day) VALUES (?1, ?2, ?3)")?
        .execute(params![visit.ticket.0.0, visit.asked, visit.day.to_string()])?;
    Ok(visit.id.0)
}

/// Removes the link, and every time, from responses of before `before`, and from those of after `ahead`, which were
/// noted while the clock was wrong; half ones can not be gone on with
/// then. Marks of tickets that had their day before `marks_before` are forgotten.
pub fn unlink(conn: &Connection, before: At, ahead: At, marks_before: NaiveDate) -> rusqlite::Result<()> {
    // Moments of one site are written alike, so their texts sort as they follow each other.
    conn.prepare_cached(
        "UPDATE survey_answer SET ticket = NULL, started_at = NULL,
                                  finished_at = CASE WHEN finished_at IS NULL THEN NULL ELSE day END
         WHERE ticket IS NOT NULL
           AND (COALESCE(finished_at, started_at) < ?1 OR COALESCE(finished_at, started_at) > ?2)",
    )?
    .execute([timestamp(before), timestamp(ahead)])?;
    conn.prepare_cached(
        "UPDATE complaint SET ticket = NULL WHERE ticket IS NOT NULL AND (received_at < ?1 OR received_at > ?2)",
    )?
    .execute([timestamp(before - chrono::TimeDelta::days(MARKS_DAYS)), timestamp(ahead)])?;
    conn.prepare_cached("DELETE FROM survey_used WHERE day < ?1")?.execute([marks_before.to_string()])?;
    Ok(())
}

/// How long a complaint is known to be of its ticket at least: its writer reads the reply on the ticket's page.
const MARKS_DAYS: i64 = 30;

/// Forgets the answers and complaints of business days before this one.
pub fn forget_day(conn: &Connection, before: &str) -> rusqlite::Result<()> {
    conn.execute(
        "DELETE FROM survey_score WHERE answer IN (SELECT id FROM survey_answer WHERE day < ?1)",
        [before],
    )?;
    for table in ["survey_answer", "survey_used", "complaint"] {
        conn.execute(&format!("DELETE FROM {table} WHERE day < ?1"), [before])?;
    }
    Ok(())
}
