//! A quick look at a data folder before it is opened: whether its database can be gone on from.
//!
//! Only damage is found here. A disk that is full or away, missing rights, a newer schema are errors: nothing
//! is mended then, because nothing is broken.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chrono::NaiveDate;
use rusqlite::{Connection, OpenFlags};

use super::folder::{DataFolder, OpenError};
use super::journal::{self, Unread};
use super::migrations::{self, Kind};
use super::numbers::Covered;
use super::primary;
use super::verify::{integrity, is_nonsense};
use super::writer::is_damage;
use crate::queue::{At, Day, Lineage, Prefix, Seq};

/// Files up to this size are looked at page by page at every start; it takes a fraction of a second.
const SMALL: u64 = 64 << 20;
/// Commands that share a transaction at most: so many numbers were covered in vain where the power failed, or
/// the disk was full, just before their commit.
const BATCH: u32 = 64;

/// What is wrong with a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// It is gone, or empty, and was there.
    Gone,
    /// It can be read, and the newest lines are not in it.
    Behind(String),
    /// It cannot be read.
    Broken(String),
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gone => f.write_str("the database is gone"),
            Self::Behind(why) | Self::Broken(why) => f.write_str(why),
        }
    }
}

/// A database that can be gone on from, and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub seq: u64,
    pub day: Option<NaiveDate>,
    pub last_at: Option<At>,
    pub numbers: BTreeMap<Prefix, u32>,
    /// It was put in the place of another, and no box has run on it since.
    pub is_put_back: bool,
}

impl Standing {
    pub fn of(day: &Day) -> Self {
        Self {
            seq: day.seq().0,
            day: day.date(),
            last_at: day.last_at(),
            numbers: day.last_numbers().map(|(prefix, n)| (prefix.clone(), n)).collect(),
            is_put_back: false,
        }
    }

    /// Whether numbers were noted beside the database that are not in it.
    pub fn lacks(&self, covered: &Covered, slack: u32) -> bool {
        let last = |prefix: &Prefix| self.numbers.get(prefix).copied().unwrap_or(0);
        match (covered.day, self.day) {
            (None, _) => false,
            (Some(covered), Some(day)) if covered < day => false,
            (Some(of), day) if day == Some(of) => {
                covered.notes.iter().any(|(prefix, note)| last(prefix) + slack < note.n)
            }
            _ => true,
        }
    }
}

/// Looks. `Ok(Ok(None))`: nothing is there, and nothing was.
///
/// # Errors
/// The folder cannot be used, or its database is a newer one's.
pub fn look(folder: &DataFolder, backups: bool) -> Result<Result<Option<Standing>, Damage>, OpenError> {
    let path = folder.database();
    let covered = Covered::read(folder.path())
        .map_err(|source| OpenError::Folder { path: folder.path().to_owned(), source })?;
    let length = match std::fs::metadata(&path) {
        Ok(file) => Some(file.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => return Err(OpenError::Folder { path, source }),
    };
    let left_wal = std::fs::metadata(folder.wal()).is_ok_and(|wal| wal.len() > 0);
    if length.is_none_or(|length| length == 0 && !left_wal) {
        // A key is drawn for a new site alone: where there is one, numbers may have been given.
        let was_there = covered.day.is_some() || backups || folder.key_file().exists();
        return Ok(if was_there { Err(Damage::Gone) } else { Ok(None) });
    }
    let every_page = length.is_some_and(|length| length <= SMALL) || folder.suspect().exists();
    // Before SQLite takes in what it can of it, and forgets the rest.
    let torn = match (folder.was_left(), left_wal) {
        (false, _) => None,
        (true, false) => Some("the WAL beside the database is gone, and with it its newest lines"),
        (true, true) => super::wal::loss(&folder.wal())
            .map_err(|source| OpenError::Folder { path: folder.path().to_owned(), source })?,
    };
    let standing = match read(folder, every_page)? {
        Ok(standing) => standing,
        Err(damage) => return Ok(Err(damage)),
    };
    if let Some(torn) = torn {
        return Ok(Err(Damage::Behind(torn.to_owned())));
    }
    // Looking has closed what the last box left: all of its WAL is taken in now.
    if folder.was_left() && !folder.wal().exists() {
        folder.forget_left();
    }
    // What was put in its place a moment ago lacks them, and says so.
    if !standing.is_put_back && standing.lacks(&covered, BATCH) {
        return Ok(Err(Damage::Behind("numbers were given that are not in the database".into())));
    }
    Ok(Ok(Some(standing)))
}

fn read(folder: &DataFolder, every_page: bool) -> Result<Result<Standing, Damage>, OpenError> {
    let path = folder.database();
    match well_headed(&path) {
        Ok(true) => {}
        Ok(false) => return Ok(Err(Damage::Broken("the head of the database is broken".to_owned()))),
        Err(source) => return Err(OpenError::Folder { path, source }),
    }
    let opened = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let looked = opened.and_then(|conn| {
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        match migrations::found(&conn)? {
            Kind::Ours { version, known } if version > known => {
                return Ok(Err(OpenError::Newer { path: path.clone(), found: version, known }));
            }
            Kind::Ours { version, known } if version == known => {
                migrations::probe(&conn)?;
                read_beside_the_journal(&conn)?;
            }
            Kind::Ours { .. } => {}
            Kind::Empty | Kind::Foreign => {
                return Ok(Ok(Err(Damage::Broken("it is not a database of antrean".to_owned()))));
            }
        }
        if every_page && let Some(found) = integrity(&conn, 1)?.first() {
            return Ok(Ok(Err(Damage::Broken(found.clone()))));
        }
        fold(&conn)
    });
    match looked {
        Ok(looked) => looked,
        Err(error) if is_damage(&error) || is_nonsense(&error) => Ok(Err(Damage::Broken(error.to_string()))),
        Err(source) => Err(OpenError::Database { path, source }),
    }
}

/// Whether a file begins as a database that can be written to: SQLite opens one of an unknown format for reading
/// alone, as if there were no rights (sqlite.org/fileformat2.html, 1.3.3).
fn well_headed(path: &Path) -> io::Result<bool> {
    let mut head = [0; 20];
    let read = File::open(path)?.read(&mut head)?;
    // What is still in the WAL alone has no head yet.
    Ok(read == 0
        || (read == head.len()
            && head.starts_with(b"SQLite format 3\0")
            && head[18..].iter().all(|byte| matches!(byte, 1 | 2))))
}

/// All that the hall reads besides the journal as it opens: what cannot be read here would keep it from opening.
fn read_beside_the_journal(conn: &Connection) -> rusqlite::Result<()> {
    primary::sessions(conn)?;
    primary::devices(conn)?;
    primary::credentials(conn)?;
    journal::meta(conn, "lineage").map(|_| ())
}

type Folded = Result<Result<Standing, Damage>, OpenError>;

/// Believes the last day's lines, as the hall is about to.
pub fn fold(conn: &Connection) -> rusqlite::Result<Folded> {
    let Some(last) = journal::last(conn)? else { return Ok(Ok(Ok(Standing::default()))) };
    let mut day = Day::blank(Lineage("".into()), Seq(0));
    for line in journal::of_day(conn, &last.day)? {
        if day.seq() != Seq(0) && day.seq().next() != Seq(line.seq) {
            return Ok(Ok(Err(Damage::Broken(format!(
                "line {} of the journal is missing",
                day.seq().next()
            )))));
        }
        match line.recorded() {
            Ok(recorded) => day.apply(&recorded),
            Err(Unread::Unknown(error)) => {
                return Ok(Err(OpenError::Line { seq: line.seq, reason: error.to_string() }));
            }
            Err(error) => {
                let words = format!("line {} of the journal cannot be understood: {error}", line.seq);
                return Ok(Ok(Err(Damage::Broken(words))));
            }
        }
    }
    if day.seq() != Seq(last.seq) {
        return Ok(Ok(Err(Damage::Broken("the journal's index does not lead to its last line".to_owned()))));
    }
    let is_put_back = journal::meta(conn, "recovery")?.is_some();
    Ok(Ok(Ok(Standing { is_put_back, ..Standing::of(&day) })))
}
