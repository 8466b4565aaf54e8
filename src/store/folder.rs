//! The data folder: made, locked, and refused with a remedy when it cannot be used.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Why the data folder or its database cannot be used, each with what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the data folder {path} cannot be made or written: {source}. Give its owner the right to write there, or name another folder with --data"
    )]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "the data folder {path} is in use by another antrean. Stop that one first, or name another folder with --data"
    )]
    InUse { path: PathBuf },
    #[error(
        "the site key {path} cannot be read: {source}. Put it back from a backup; without it old tickets cannot be looked up"
    )]
    Key { path: PathBuf, source: io::Error },
    #[error(
        "the database {path} was made by a newer antrean (schema {found}, this program knows {known}). Install the newer program again, or restore a backup made with this one"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("{path} is not a database of antrean")]
    Foreign { path: PathBuf },
    #[error("SQLite {found} is linked, at least {needed} is needed: older ones can corrupt a WAL file")]
    OldSqlite { found: String, needed: &'static str },
    #[error(
        "the file system of {path} does not allow SQLite's WAL mode (it offers {mode}). Put the data folder on a local disk"
    )]
    NoWal { path: PathBuf, mode: String },
    #[error("the journal line {seq} cannot be understood: {reason}. It may come from a newer antrean")]
    Line { seq: u64, reason: String },
    #[error(
        "nothing can be written in {path}. Make room on the disk, or look at the log for what else is wrong with it"
    )]
    Unwritable { path: PathBuf },
    #[error(
        "the folder {path} holds a journal that no simulation made; it is left as it is. Name another folder with --data"
    )]
    NotScratch { path: PathBuf },
    #[error(
        "the folder {path} is a simulation's: the next simulation would empty it. Name another folder with --data"
    )]
    Scratch { path: PathBuf },
    #[error("the database {path}: {source}. {}", remedy(source))]
    Database { path: PathBuf, source: rusqlite::Error },
}

/// What whoever reads it can do.
fn remedy(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    match error.sqlite_error_code() {
        Some(DiskFull) => "Make room on that disk, then start again",
        Some(SystemIoFailure) => {
            "The disk fails: look at dmesg, then put the data folder, or a backup of it (antrean restore), on a sound disk"
        }
        Some(CannotOpen | PermissionDenied | ReadOnly) => {
            "See that the disk is mounted for writing and that the user who runs this owns the folder"
        }
        Some(DatabaseBusy | DatabaseLocked) => "Another program holds it: close that, then start again",
        _ => "Look at it with antrean verify; a backup is put in its place by antrean restore",
    }
}

impl OpenError {
    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "data_folder",
            Self::InUse { .. } => "data_in_use",
            Self::Key { .. } => "site_key",
            Self::Newer { .. } => "database_newer",
            Self::Foreign { .. } => "database_foreign",
            Self::OldSqlite { .. } => "sqlite_old",
            Self::NoWal { .. } => "no_wal",
            Self::Line { .. } => "journal_line",
            Self::Unwritable { .. } => "data_unwritable",
            Self::NotScratch { .. } => "data_not_simulated",
            Self::Scratch { .. } => "data_simulated",
            Self::Database { .. } => "database",
        }
    }
}

/// A data folder that is ours as long as this value lives.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    lock: File,
    /// The last box here was not closed, or the disk has not told that it was.
    was_left: bool,
    used: AtomicBool,
    noted: AtomicBool,
}

/// What the lock says while something may be in the WAL alone.
const OPEN: &[u8] = b"open\n";

impl DataFolder {
    /// Makes the folder if needed and locks it against a second box.
    ///
    /// # Errors
    /// [`OpenError::Folder`] without rights, [`OpenError::InUse`] while another box runs.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Folder { path: path.to_owned(), source };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {
                let was_left = std::fs::read(path.join("lock")).map_err(unusable)? == OPEN;
                let (used, noted) = (AtomicBool::new(false), AtomicBool::new(was_left));
                Ok(Self { path: path.to_owned(), lock, was_left, used, noted })
            }
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// Whether the last box here ended without closing its database: then the newest lines are in the WAL.
    pub fn was_left(&self) -> bool {
        self.was_left
    }

    /// The database is open.
    pub(super) fn used(&self) {
        self.used.store(true, Ordering::Relaxed);
    }

    /// Something was committed; where it changed anything it is in the WAL, which is then no longer empty. Only
    /// a hint: that it cannot be written is no reason to stop.
    pub(super) fn wrote(&self) {
        if self.noted.load(Ordering::Relaxed) || !std::fs::metadata(self.wal()).is_ok_and(|wal| wal.len() > 0)
        {
            return;
        }
        self.noted.store(true, Ordering::Relaxed);
        let _ = self.lock.write_all_at(OPEN, 0);
    }

    /// Another database is there now, and nothing of it is in a WAL.
    pub(super) fn forget_left(&self) {
        if self.lock.set_len(0).is_ok() {
            self.noted.store(false, Ordering::Relaxed);
        }
    }

    /// It is there after damage was met: the next start looks at every page.
    pub(super) fn suspect(&self) -> PathBuf {
        self.path.join("suspect")
    }

    pub fn wal(&self) -> PathBuf {
        self.path.join("antrean.db-wal")
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn database(&self) -> PathBuf {
        self.path.join("antrean.db")
    }

    pub fn key_file(&self) -> PathBuf {
        self.path.join("site.key")
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        // Whoever closes a database takes all of its WAL in, and removes it.
        if self.used.load(Ordering::Relaxed) && !self.wal().exists() {
            let _ = self.lock.set_len(0);
        }
    }
}
