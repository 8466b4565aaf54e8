//! How the last backup went, for whoever watches over the box.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::queue::At;
use crate::store::files;

/// A backup that was taken and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// In the time of the house.
    pub at: At,
    /// Its folder.
    pub path: PathBuf,
    pub bytes: u64,
    /// The newest line of the journal in it.
    pub seq: u64,
}

/// Why one was not taken, or its second copy not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub at: At,
    /// The word a program acts on.
    pub code: String,
    pub message: String,
}

/// Kept in `backup.json` of the data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupNote {
    pub last_good: Option<Good>,
    /// None once all went well again.
    pub last_trouble: Option<Trouble>,
}

impl BackupNote {
    /// Reads the note of a data folder; where there is none, or none that can be read, nothing is known.
    pub fn read(data: &Path) -> Self {
        let bytes = std::fs::read(path(data)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes it whole.
    ///
    /// # Errors
    /// The disk; the note is as it was then.
    pub fn write(&self, data: &Path) -> io::Result<()> {
        files::replace(&path(data), &serde_json::to_vec_pretty(self)?)
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("backup.json")
}
