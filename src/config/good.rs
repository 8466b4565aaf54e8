//! The last good copy: what the box was last run by, kept in the data folder, for the start at which the
//! technician's file cannot be used.
//!
//! **Invariant:** a copy is whole or not there. A new one is written beside the old one and takes its place
//! by one rename.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::source::Source;

/// The folder of the copy, within the data folder.
const FOLDER: &str = "config-good";
/// What it is while it is written, and while the old one makes room.
const NEW: &str = "config-good.new";
const OLD: &str = "config-good.old";
/// The config's text within it.
const TEXT: &str = "antrean.toml";
/// Which copy stands for which file.
const LIST: &str = "files.json";

/// The copies of the files a config names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(skip)]
    copies: PathBuf,
    /// Where the config stood: what was not copied is looked for there.
    pub folder: Option<PathBuf>,
    /// Paths as the config has them; the copy of each is named by its place here.
    files: Vec<String>,
}

impl Kept {
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The copy of a file.
    pub fn of(&self, written: &str) -> Option<PathBuf> {
        let at = self.files.iter().position(|file| file == written)?;
        Some(self.copies.join(copy(at)))
    }
}

/// The text of the last good copy of a data folder, and the copies of what it names.
///
/// # Errors
/// There is none, or it cannot be read.
pub(super) fn read(data: &Path, most: u64) -> io::Result<(PathBuf, Vec<u8>, Kept)> {
    let folder = [FOLDER, OLD].map(|name| data.join(name)).into_iter().find(|folder| folder.is_dir());
    let folder = folder.unwrap_or_else(|| data.join(FOLDER));
    let path = folder.join(TEXT);
    let bytes = super::beside::read_whole(&path, most)?;
    let list = super::beside::read_whole(&folder.join(LIST), most)?;
    let mut kept: Kept = serde_json::from_slice(&list)?;
    kept.copies = folder;
    Ok((path, bytes, kept))
}

/// Keeps a config that the box runs by.
///
/// # Errors
/// The data folder cannot be written.
pub fn keep(data: &Path, source: &Source) -> io::Result<()> {
    let (new, old, place) = (data.join(NEW), data.join(OLD), data.join(FOLDER));
    clear(&new)?;
    fs::DirBuilder::new().mode(0o700).create(&new)?;
    write(&new.join(TEXT), source.text.as_bytes())?;
    let copied: Vec<_> = source.files.iter().filter(|file| file.may_be_copied).collect();
    for (at, file) in copied.iter().enumerate() {
        write(&new.join(copy(at)), &file.bytes)?;
    }
    let folder = source.folder.as_deref().map(std::path::absolute).transpose()?;
    let files = copied.iter().map(|file| file.written.clone()).collect();
    let kept = Kept { copies: PathBuf::new(), folder, files };
    write(&new.join(LIST), &serde_json::to_vec_pretty(&kept)?)?;
    File::open(&new)?.sync_all()?;
    // From here on there is always one of them.
    if place.is_dir() {
        clear(&old)?;
        fs::rename(&place, &old)?;
    }
    fs::rename(&new, &place)?;
    File::open(data)?.sync_all()?;
    clear(&old)
}

fn copy(at: usize) -> String {
    format!("file-{at}")
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
