//! Whether a database holds together: its pages, its journal, and every projected row against what the
//! journal gives.
//!
//! The journal is believed anew, day by day, into tables in memory. A row belongs to the day whose lines its
//! number lies between, so that a whole history needs no more memory than its fullest day.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::journal::{self, Written};
use super::key::SiteKey;
use super::migrations::{self, migrate};
use super::project::project;
use super::retention::PROJECTED;
use super::writer::is_damage;
use crate::queue::{At, Day, Event, Lineage, Recorded, Seq};

/// Differences that are named; of more only the number is told.
const NAMED: usize = 100;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whatever is wrong, a sentence each; none: the database is sound.
    pub differences: Vec<String>,
    /// How many more there are.
    pub more: usize,
    pub lineage: String,
    pub lines: u64,
    /// The newest line; 0 in a journal without any.
    pub seq: u64,
    pub last_at: Option<At>,
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    pub days: u64,
    pub tickets: u64,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.differences.is_empty()
    }

    pub(super) fn tell(&mut self, difference: String) {
        if self.differences.len() < NAMED {
            self.differences.push(difference);
        } else {
            self.more += 1;
        }
    }
}

/// Opens a database without ever changing it.
pub fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(conn)
}

/// Looks at all of a database, as it stands at this moment.
///
/// # Errors
/// It cannot be read: no file, no rights, a disk that fails. Damage is no error: it is what the report says.
pub fn verify(conn: &Connection, key: &SiteKey) -> rusqlite::Result<Report> {
    let mut report = Report::default();
    let looked = look(conn, key, &mut report);
    match looked {
        Err(error) if is_damage(&error) || is_nonsense(&error) => {
            report.tell(format!("the file is damaged: {error}"));
            Ok(report)
        }
        Err(error) => Err(error),
        Ok(()) => Ok(report),
    }
}

/// What is there cannot be what was written: a table is not what its name says, a text is no text.
pub fn is_nonsense(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(code) => code == rusqlite::ErrorCode::Unknown,
        None => true,
    }
}

fn look(conn: &Connection, key: &SiteKey, report: &mut Report) -> rusqlite::Result<()> {
    // One moment of a database in which others go on writing.
    conn.execute_batch("BEGIN")?;
    let done = look_within(conn, key, report);
    conn.execute_batch("COMMIT")?;
    done
}

fn look_within(conn: &Connection, key: &SiteKey, report: &mut Report) -> rusqlite::Result<()> {
    match migrations::found(conn)? {
        migrations::Kind::Ours { version, known } if version == known => migrations::probe(conn)?,
        migrations::Kind::Ours { version, known } => {
            report.tell(format!("its schema is {version}, this antrean has {known}: start the box on it once, or use the antrean that made it"));
            return Ok(());
        }
        migrations::Kind::Empty => {
            report.tell("it is empty".to_owned());
            return Ok(());
        }
        migrations::Kind::Foreign => {
            report.tell("it is not a database of antrean".to_owned());
            return Ok(());
        }
    }
    for found in integrity(conn, 20)? {
        report.tell(format!("the file is damaged: {found}"));
    }
    let mut broken = conn.prepare("PRAGMA foreign_key_check")?;
    let rows = broken.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))?;
    for row in rows {
        let (table, id) = row?;
        report.tell(format!("a row of {table} ({}) belongs to no ticket", id.unwrap_or_default()));
    }
    let lineage = journal::meta(conn, "lineage")?;
    if lineage.is_none() {
        report.tell("the journal has no lineage".to_owned());
    }
    report.lineage = lineage.unwrap_or_default();
    replay(conn, key, report)
}

/// What SQLite finds wrong in the pages, at most so many.
pub fn integrity(conn: &Connection, most: u32) -> rusqlite::Result<Vec<String>> {
    let mut query = conn.prepare(&format!("PRAGMA integrity_check({most})"))?;
    let found: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// Believes every line again, and compares a day whenever the next begins.
fn replay(conn: &Connection, key: &SiteKey, report: &mut Report) -> rusqlite::Result<()> {
    let scratch = Scratch::new()?;
    let mut day = Day::blank(Lineage(report.lineage.as_str().into()), Seq(0));
    let mut from = 0;
    journal::each_from(conn, 0, |written| {
        report.lines += 1;
        if report.seq != 0 && written.seq != report.seq + 1 {
            report.tell(format!("the journal goes from line {} to line {}", report.seq, written.seq));
        }
        note_day(&written, report);
        report.seq = written.seq;
        let recorded = match written.recorded() {
            Ok(recorded) => recorded,
            Err(error) => {
                report.tell(format!("line {} of the journal cannot be understood: {error}", written.seq));
                return Ok(ControlFlow::Continue(()));
            }
        };
        if day.last_at().is_some() && day.date().is_some_and(|date| recorded.day < date) {
            report.tell(format!("line {} is of {}, which was over", written.seq, recorded.day));
        }
        report.last_at = Some(recorded.at);
        report.tickets += u64::from(matches!(recorded.event, Event::TicketIssued { .. }));
        if let Err(rule) = day.check() {
            report.tell(format!("before line {}: {rule}", written.seq));
        }
        let changes = matches!(recorded.event, Event::DayChanged { .. });
        scratch.believe(key, &recorded, report);
        if changes {
            scratch.compare(conn, (from, written.seq - 1), report)?;
            scratch.forget_before(written.seq)?;
            from = written.seq;
        }
        day.apply(&recorded);
        Ok(ControlFlow::Continue(()))
    })?;
    if let Err(rule) = day.check() {
        report.tell(format!("at the end of the journal: {rule}"));
    }
    scratch.compare(conn, (from, i64::MAX as u64), report)
}

fn note_day(written: &Written, report: &mut Report) {
    if report.last_day.as_ref() != Some(&written.day) {
        report.days += 1;
        report.first_day.get_or_insert_with(|| written.day.clone());
        report.last_day = Some(written.day.clone());
    }
}

/// The projected tables of one day, in memory.
struct Scratch(Connection);

impl Scratch {
    fn new() -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        migrate(&mut conn)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(Self(conn))
    }

    fn believe(&self, key: &SiteKey, recorded: &Recorded, report: &mut Report) {
        if let Err(error) = project(&self.0, key, &journal::line(recorded)) {
            report.tell(format!("line {} of the journal cannot be believed: {error}", recorded.seq));
        }
    }

    /// What a change of the day itself begins is of the new day.
    fn forget_before(&self, seq: u64) -> rusqlite::Result<()> {
        PROJECTED.iter().try_for_each(|(table, column)| {
            self.0.execute(&format!("DELETE FROM {table} WHERE {column} < ?1"), [seq]).map(drop)
        })
    }

    /// Compares the rows whose number lies between two lines, both included.
    fn compare(&self, kept: &Connection, lines: (u64, u64), report: &mut Report) -> rusqlite::Result<()> {
        for (table, column) in PROJECTED {
            let given = Rows::read(&self.0, table, column, lines)?;
            let mut found = Rows::read(kept, table, column, lines)?;
            for (id, row) in given.rows {
                match found.rows.remove(&id) {
                    None => report.tell(format!("{table} {id} is missing; the journal gives it")),
                    Some(kept) => differ(table, &id, &given.columns, &row, &kept, report),
                }
            }
            for id in found.rows.keys() {
                report.tell(format!("{table} {id} is there; the journal gives no such row"));
            }
        }
        Ok(())
    }
}

fn differ(table: &str, id: &str, columns: &[String], given: &[Value], kept: &[Value], report: &mut Report) {
    for ((column, given), kept) in columns.iter().zip(given).zip(kept) {
        if given == kept {
            continue;
        }
        report.tell(if column == "token_hash" {
            format!("{table} {id} was made with another site key")
        } else {
            format!("{table} {id}: {column} is {}, the journal gives {}", shown(kept), shown(given))
        });
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Text(text) => format!("`{}`", text.escape_debug()),
        Value::Blob(_) => "bytes".to_owned(),
    }
}

/// Rows of a table by what identifies them.
struct Rows {
    columns: Vec<String>,
    rows: BTreeMap<String, Vec<Value>>,
}

impl Rows {
    fn read(conn: &Connection, table: &str, column: &str, lines: (u64, u64)) -> rusqlite::Result<Self> {
        let mut key = conn.prepare_cached(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"
        ))?;
        let key: Vec<String> = key.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut query =
            conn.prepare_cached(&format!("SELECT * FROM {table} WHERE {column} BETWEEN ?1 AND ?2"))?;
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        let places: Vec<usize> =
            columns.iter().enumerate().filter(|(_, it)| key.contains(it)).map(|(at, _)| at).collect();
        let mut rows = BTreeMap::new();
        let mut found = query.query([lines.0, lines.1])?;
        while let Some(row) = found.next()? {
            let row: Vec<Value> =
                (0..columns.len()).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
            let id: Vec<String> = places.iter().map(|at| shown(&row[*at])).collect();
            rows.insert(id.join(", "), row);
        }
        Ok(Self { columns, rows })
    }
}
