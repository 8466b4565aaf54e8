//! Backups: one folder each, with the database, the site key and a note that says what they were.
//!
//! A backup is taken beside the running hall by `VACUUM INTO`: one read transaction that writes a whole,
//! compact file. SQLite's other way, the backup API, begins anew whenever somebody commits between two of its
//! steps, and a busy hall commits all day. WAL readers never keep the writer waiting.
//!
//! **Invariant:** what bears a backup's name was read back, compared with its journal, and is on the disk.

mod keep;
mod note;
mod take;

use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

pub use keep::{Keep, prune};
pub use note::{BackupNote, Good, Trouble};
pub use take::{BackupError, copy_to, take};

use super::files;
use super::key::SiteKey;
use super::verify::{self, Report};
use crate::queue::At;

/// The time in a backup's name.
const NAME: &str = "antrean-%Y%m%d-%H%M%S";

/// A backup by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// The time in its name, in the time of the house; none where a person named it.
    pub taken: Option<NaiveDateTime>,
}

/// What a backup says of itself, in `label.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub at: At,
    pub seq: u64,
    pub lineage: String,
    /// Length and SHA-256 of the database and of the key.
    pub database: (u64, String),
    pub key: (u64, String),
    /// The program that took it.
    pub antrean: String,
}

impl Backup {
    /// The backup that a person names: its folder, or the database within.
    pub fn named(path: &Path) -> Self {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let taken = NaiveDateTime::parse_from_str(name, NAME).ok();
        Self { path: folder.to_owned(), taken }
    }

    pub fn database(&self) -> PathBuf {
        self.path.join("antrean.db")
    }

    pub fn key_file(&self) -> PathBuf {
        self.path.join("site.key")
    }

    /// What it says of itself; a copy made by hand says nothing.
    pub fn label(&self) -> Option<Label> {
        serde_json::from_slice(&std::fs::read(self.path.join("label.json")).ok()?).ok()
    }

    /// Reads all of it: the files are those that were written, and the database holds together.
    ///
    /// # Errors
    /// It cannot be read, or has no key.
    pub fn verify(&self) -> Result<Report, BackupError> {
        let unreadable = |source| BackupError::Unreadable { path: self.path.clone(), source };
        let key = SiteKey::read_or_draw(&self.key_file(), false).map_err(unreadable)?;
        let mut changed = Vec::new();
        if let Some(label) = self.label() {
            for (path, said) in [(self.database(), &label.database), (self.key_file(), &label.key)] {
                if files::sum(&path).map_err(unreadable)? != *said {
                    changed.push(format!("{} is not as it was written", path.display()));
                }
            }
        }
        let database = self.database();
        let broken = |source| BackupError::Database { path: database.clone(), source };
        let mut report = if database.exists() {
            match verify::open_to_read(&database).and_then(|conn| verify::verify(&conn, &key)) {
                Err(error) if super::writer::is_damage(&error) => {
                    Report { differences: vec![format!("the file is damaged: {error}")], ..Report::default() }
                }
                report => report.map_err(broken)?,
            }
        } else {
            let source = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(BackupError::Unreadable { path: database, source });
        };
        changed.into_iter().for_each(|difference| report.tell(difference));
        Ok(report)
    }
}

/// The backups in a folder, newest first; none where it cannot be read.
pub fn list(folder: &Path) -> Vec<Backup> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<Backup> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("antrean-"))
        .map(|entry| Backup::named(&entry.path()))
        .filter(|backup| backup.taken.is_some() && backup.database().exists())
        .collect();
    found.sort_by_key(|backup| std::cmp::Reverse(backup.taken));
    found
}

fn name(at: At) -> String {
    at.naive_local().format(NAME).to_string()
}
