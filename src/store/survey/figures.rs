//! What reports read: counts, never a row of somebody.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::Reader;
use super::complaint::{Kind, State};
use crate::survey::{About, Tally};

/// Whose answers are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// The key of the set.
    pub asked: String,
    pub agency: String,
    pub service: String,
}

/// The responses of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// With a score for every question: index and means are of these alone.
    pub complete: u64,
    /// With fewer: told beside them.
    pub partial: u64,
    /// The scores of complete responses.
    pub tally: Tally,
    /// Complete responses by what visitors said of themselves: band key → count. Who said nothing is in none.
    pub about: BTreeMap<(About, String), u64>,
}

/// Complaints counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComplaintCount {
    /// None: about the house.
    pub agency: Option<String>,
    pub kind: String,
    pub topic: String,
    pub state: String,
    pub count: u64,
}

/// All of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub responses: BTreeMap<Group, Response>,
    /// Tickets that were invited and served, by agency: of these a share has answered.
    pub invited: BTreeMap<String, u64>,
    pub complaints: Vec<ComplaintCount>,
}

impl Reader {
    /// Business days from `from` to `to`, both counted, as they stand at one moment.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn figures(&self, from: NaiveDate, to: NaiveDate) -> rusqlite::Result<Figures> {
        let mut conn = self.open()?;
        let tx = conn.transaction()?;
        let days = [from.to_string(), to.to_string()];
        Ok(Figures {
            responses: responses(&tx, &days)?,
            invited: invited(&tx, &days)?,
            complaints: complaints(&tx, &days)?,
        })
    }
}

fn responses(conn: &Connection, [from, to]: &[String; 2]) -> rusqlite::Result<BTreeMap<Group, Response>> {
    let mut groups: BTreeMap<Group, Response> = BTreeMap::new();
    let group = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Group> {
        Ok(Group { asked: row.get(0)?, agency: row.get(1)?, service: row.get(2)? })
    };
    let counted = "SELECT asked, agency, service, complete, count(*) FROM survey_answer
                   WHERE day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4";
    let mut query = conn.prepare(counted)?;
    let mut rows = query.query(params![from, to])?;
    while let Some(row) = rows.next()? {
        let response = groups.entry(group(row)?).or_default();
        match row.get(3)? {
            true => response.complete = row.get(4)?,
            false => response.partial = row.get(4)?,
        }
    }
    let scored = "SELECT asked, agency, service, question, score, count(*)
                  FROM survey_answer JOIN survey_score ON answer = id
                  WHERE complete AND day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4, 5";
    let mut query = conn.prepare(scored)?;
    let mut rows = query.query(params![from, to])?;
    while let Some(row) = rows.next()? {
        let (question, score, times): (String, u8, u64) = (row.get(3)?, row.get(4)?, row.get(5)?);
        groups.entry(group(row)?).or_default().tally.add(&question, score, times);
    }
    for about in About::ALL {
        let said = format!(
            "SELECT asked, agency, service, {0}, count(*) FROM survey_answer
             WHERE complete AND {0} IS NOT NULL AND day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4",
            about.key()
        );
        let mut query = conn.prepare(&said)?;
        let mut rows = query.query(params![from, to])?;
        while let Some(row) = rows.next()? {
            groups.entry(group(row)?).or_default().about.insert((about, row.get(3)?), row.get(4)?);
        }
    }
    Ok(groups)
}

fn invited(conn: &Connection, [from, to]: &[String; 2]) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut query = conn.prepare(
        "SELECT agency, count(*) FROM ticket
         WHERE invited AND state = 'done' AND day BETWEEN ?1 AND ?2 GROUP BY 1",
    )?;
    query.query_map(params![from, to], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn complaints(conn: &Connection, [from, to]: &[String; 2]) -> rusqlite::Result<Vec<ComplaintCount>> {
    let state = format!(
        "CASE WHEN closed_at IS NOT NULL THEN '{}' WHEN reply IS NOT NULL THEN '{}' ELSE '{}' END",
        State::Closed.as_str(),
        State::Answered.as_str(),
        State::Received.as_str()
    );
    let mut query = conn.prepare(&format!(
        "SELECT agency, kind, topic, {state}, count(*) FROM complaint
         WHERE day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    ))?;
    let rows = query.query_map(params![from, to], |row| {
        let kind: String = row.get(1)?;
        debug_assert!(Kind::of(&kind).is_some(), "the table knows two kinds");
        Ok(ComplaintCount {
            agency: row.get(0)?,
            kind,
            topic: row.get(2)?,
            state: row.get(3)?,
            count: row.get(4)?,
        })
    })?;
    rows.collect()
}
