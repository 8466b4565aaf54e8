//! Putting a backup back, on purpose.

use std::path::PathBuf;

use super::backup::{Backup, BackupError};
use super::exchange;
use super::files;
use super::folder::{DataFolder, OpenError};
use super::look::{self, Standing};
use super::numbers::Covered;
use super::recover::{begin_anew, free_name, is_ahead, known_from};
use super::verify::{Report, open_to_read};
use super::writer::open_database;
use crate::queue::{At, Given, Recovery, recovery::Cause};

/// Why a backup was not put back; everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("{path} is not sound: {first}. Take another backup")]
    Unsound { path: PathBuf, first: String },
    #[error(transparent)]
    Data(#[from] OpenError),
}

impl RestoreError {
    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Backup(error) => error.code(),
            Self::Unsound { .. } => "backup_unsound",
            Self::Data(error) => error.code(),
        }
    }
}

/// What putting a backup back would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub backup: Backup,
    /// What was found in the backup.
    pub report: Report,
    /// How far the backup is.
    pub then: Standing,
    /// What is in the data folder now; none where that cannot be read.
    pub now: Option<Standing>,
    pub recovery: Recovery,
    numbers_ahead: bool,
}

/// Looks at a backup and at what it would replace; nothing is changed.
///
/// # Errors
/// The backup is not sound, or the data folder cannot be used.
pub fn intend(folder: &DataFolder, backup: &Backup, at: At) -> Result<Intent, RestoreError> {
    let report = backup.verify()?;
    if let Some(first) = report.differences.first() {
        return Err(RestoreError::Unsound { path: backup.path.clone(), first: first.clone() });
    }
    let data = folder.path();
    let unusable = |source| OpenError::Folder { path: data.to_owned(), source };
    exchange::finish(data).map_err(unusable)?;
    let path = backup.database();
    let then = open_to_read(&path).and_then(|conn| look::fold(&conn));
    let then = then.map_err(|source| BackupError::Database { path, source })??.unwrap_or_default();
    let covered = Covered::read(data).map_err(unusable)?;
    // What cannot be read is what a backup is put back for.
    let now = look::look(folder, true).ok().and_then(Result::ok).flatten().filter(|now| now.day.is_some());
    let blank = Recovery {
        cause: Cause::Restored,
        at,
        backup_at: backup.label().map(|label| label.at).or(report.last_at),
        saved: 0,
        whole: false,
        known_at: now.as_ref().and_then(|now| now.last_at),
        given: Given::Unknown,
    };
    let recovery = known_from(then.last_at, now.as_ref(), &covered, at, blank);
    let recovery = Recovery { whole: now.as_ref().is_some_and(|now| now.seq == then.seq), ..recovery };
    let numbers_ahead = is_ahead(&covered, at);
    Ok(Intent { backup: backup.clone(), report, then, now, recovery, numbers_ahead })
}

/// Puts the backup in the place of what is there, and says where that is kept.
///
/// # Errors
/// The disk; whatever happens, it is the one or the other afterwards.
pub fn restore(folder: &DataFolder, intent: &Intent) -> Result<PathBuf, RestoreError> {
    let data = folder.path();
    let unusable = |source| OpenError::Folder { path: data.to_owned(), source };
    exchange::clear(data).map_err(unusable)?;
    let next = exchange::next_database(data);
    let broken = |source| OpenError::Database { path: next.clone(), source };
    exchange::prepare(&intent.backup.database(), data).map_err(broken)?;
    let conn = open_database(&next)?;
    begin_anew(&conn, &intent.recovery).map_err(broken)?;
    conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(broken)?;
    conn.close().map_err(|(_, error)| broken(error))?;
    files::copy(&intent.backup.key_file(), &exchange::next_key(data)).map_err(unusable)?;
    let kept = free_name(data, "replaced", intent.recovery.at);
    exchange::exchange(data, &kept, intent.numbers_ahead).map_err(unusable)?;
    folder.forget_left();
    Ok(data.join(kept))
}
