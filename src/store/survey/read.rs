//! Reading a ticket of any day that is kept, what it has answered, and what was filed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::complaint::{COLUMNS, ComplaintRow, State};
use crate::queue::{AgencyId, At, Language, ServiceId, TicketId};
use crate::store::verify::open_to_read;

/// A ticket, as far as survey and complaints go. It may be of a day that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyTicket {
    pub id: TicketId,
    /// `A012`.
    pub number: String,
    pub reference: String,
    /// The business day.
    pub day: chrono::NaiveDate,
    pub agency: AgencyId,
    pub service: ServiceId,
    pub language: Language,
    pub invited: bool,
    /// When its service ended; none where it has not been served to the end.
    pub done_at: Option<At>,
}

/// What a ticket has answered of one set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Scores by the question's key.
    pub scores: BTreeMap<String, u8>,
    /// Sent, or its link removed: nothing can be changed any more.
    pub over: bool,
}

/// Reads a data folder's database, each time from a connection of its own: it sees what is committed, and keeps
/// nobody waiting.
#[derive(Debug, Clone)]
pub struct Reader {
    path: PathBuf,
}

const TICKET: &str =
    "SELECT id, prefix, n, reference, day, agency, service, language, invited, state, ended_at";

/// Every day of which there are tickets, the newest first, each found from the one before by the index.
const DAYS: &str = "WITH RECURSIVE days (date) AS (
                        SELECT max(day) FROM ticket
                        UNION ALL
                        SELECT (SELECT max(day) FROM ticket WHERE day < date) FROM days WHERE date IS NOT NULL)";
/// Tokens lie in an index by days (migration 10): a look at each day, until one has it.
const OF_TOKEN: &str = "FROM days CROSS JOIN ticket INDEXED BY ticket_day_token ON day = date
                        WHERE token_hash = ?1 LIMIT 1";

impl Reader {
    /// Of the data folder.
    pub fn new(data: &Path) -> Self {
        Self { path: data.join("antrean.db") }
    }

    /// The ticket that has this token.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn by_token(&self, hash: [u8; 32]) -> rusqlite::Result<Option<SurveyTicket>> {
        self.open()?.query_row(&format!("{DAYS} {TICKET} {OF_TOKEN}"), [hash], ticket).optional()
    }

    /// The newest ticket with this reference. Not by its number: everybody reads that on the lobby's screens.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn by_words(&self, words: &str, day: chrono::NaiveDate) -> rusqlite::Result<Option<SurveyTicket>> {
        let words = words.trim().to_ascii_uppercase();
        // Of the days on which a ticket may still answer, so that not all of a history is looked through.
        let since = (day - chrono::TimeDelta::days(8)).to_string();
        let found =
            format!("{TICKET} FROM ticket WHERE day >= ?2 AND reference = ?1 ORDER BY id DESC LIMIT 1");
        self.open()?.query_row(&found, params![words, since], ticket).optional()
    }

    /// What a ticket has answered of a set.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn progress(&self, ticket: TicketId, asked: &str) -> rusqlite::Result<Progress> {
        let conn = self.open()?;
        let key = params![ticket.0.0, asked];
        let row: Option<(i64, bool)> = conn
            .query_row(
                "SELECT id, finished_at IS NOT NULL FROM survey_answer WHERE ticket = ?1 AND asked = ?2",
                key,
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((id, over)) = row else {
            let used =
                conn.prepare("SELECT 1 FROM survey_used WHERE ticket = ?1 AND asked = ?2")?.exists(key)?;
            return Ok(Progress { scores: BTreeMap::new(), over: used });
        };
        let mut query = conn.prepare("SELECT question, score FROM survey_score WHERE answer = ?1")?;
        let scores = query.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Progress { scores: scores.collect::<rusqlite::Result<_>>()?, over })
    }

    /// What was filed with a ticket, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn complaints_of(&self, ticket: TicketId) -> rusqlite::Result<Vec<ComplaintRow>> {
        let conn = self.open()?;
        let mut query = conn.prepare(&format!("{COLUMNS} WHERE ticket = ?1 ORDER BY received_at"))?;
        query.query_map([ticket.0.0], ComplaintRow::read)?.collect()
    }

    /// The one with this reference.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn complaint(&self, reference: &str) -> rusqlite::Result<Option<ComplaintRow>> {
        let reference = reference.trim().to_ascii_uppercase();
        let found = format!("{COLUMNS} WHERE reference = ?1");
        self.open()?.query_row(&found, [reference], ComplaintRow::read).optional()
    }

    /// Those of an agency, or of the whole house, in one state or any; newest first, at most 500.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn complaints(
        &self,
        agency: Option<&AgencyId>,
        state: Option<State>,
    ) -> rusqlite::Result<Vec<ComplaintRow>> {
        let conn = self.open()?;
        let in_state = match state {
            None => "1",
            Some(State::Received) => "reply IS NULL",
            Some(State::Answered) => "reply IS NOT NULL AND closed_at IS NULL",
            Some(State::Closed) => "closed_at IS NOT NULL",
        };
        let found = format!(
            "{COLUMNS} WHERE {in_state} AND (?1 IS NULL OR agency = ?1) ORDER BY received_at DESC LIMIT 500"
        );
        let mut query = conn.prepare(&found)?;
        query.query_map([agency.map(AgencyId::as_str)], ComplaintRow::read)?.collect()
    }

    pub(super) fn open(&self) -> rusqlite::Result<Connection> {
        open_to_read(&self.path)
    }
}

fn ticket(row: &Row<'_>) -> rusqlite::Result<SurveyTicket> {
    let (state, ended_at): (String, Option<At>) = (row.get(9)?, row.get(10)?);
    Ok(SurveyTicket {
        id: TicketId(crate::queue::Seq(row.get(0)?)),
        number: format!("{}{:03}", row.get::<_, String>(1)?, row.get::<_, u32>(2)?),
        reference: row.get(3)?,
        day: row.get(4)?,
        agency: AgencyId::from(row.get::<_, String>(5)?),
        service: ServiceId::from(row.get::<_, String>(6)?),
        language: Language::of(&row.get::<_, String>(7)?).unwrap_or_default(),
        invited: row.get(8)?,
        done_at: ended_at.filter(|_| state == "done"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::{DataFolder, Writer};

    /// Not by looking through all of them, on whatever day it was issued.
    #[test]
    fn a_ticket_of_any_day_is_found_by_its_token() {
        let folder = tempfile::tempdir().unwrap();
        drop(Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap());
        let reader = Reader::new(folder.path());
        assert_eq!(reader.by_token([1; 32]).unwrap(), None, "no day has a ticket");
        let conn = rusqlite::Connection::open(folder.path().join("antrean.db")).unwrap();
        for (id, day) in [(1u8, "2024-12-30"), (2, "2026-11-20"), (3, "2026-11-23"), (4, "2026-11-23")] {
            conn.execute(
                "INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, reference,
                                     token_hash, state, issued_at)
                 VALUES (?1, ?2, 'A', ?1, 'ktp', 'dukcapil', 'regular', 'id', 'kiosk:a', 'AAAAAA', ?3, 'done', '')",
                params![id, day, [id; 32]],
            )
            .unwrap();
        }
        for id in 1..=4u8 {
            assert_eq!(reader.by_token([id; 32]).unwrap().map(|ticket| ticket.id.0.0), Some(id.into()));
        }
        assert_eq!(reader.by_token([9; 32]).unwrap(), None);
        let plan = format!("EXPLAIN QUERY PLAN {DAYS} {TICKET} {OF_TOKEN}");
        let mut query = conn.prepare(&plan).unwrap();
        let steps = query.query_map([[1; 32]], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(!steps.iter().any(|step| step.starts_with("SCAN ticket")), "{steps:?}");
        assert!(steps.iter().any(|step| step.contains("(day=? AND token_hash=?)")), "{steps:?}");
    }
}
