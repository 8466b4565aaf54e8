//! The data folder: made, locked, and refused with a remedy when it cannot be used.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

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
    #[error("the database {path}: {source}")]
    Database { path: PathBuf, source: rusqlite::Error },
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
    _lock: File,
}

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
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
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
