//! Taking a backup, and a second copy of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;

use super::{Backup, Good, Label, name};
use crate::queue::At;
use crate::store::files;
use crate::store::verify::open_to_read;

/// Room that is left on the disk besides a backup: the hall may need it.
const MARGIN: u64 = 16 << 20;
/// What was begun and not finished so long ago is nobody's any more.
const STALE: Duration = Duration::from_secs(3600);

/// Why there is no backup; older ones are untouched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "the folder for backups {path} cannot be used: {source}. Is the disk or the USB stick in its place, and may antrean write there?"
    )]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "there is too little room in {path}: {needed} bytes are needed, {free} are free. Make room, or name another folder"
    )]
    Room { path: PathBuf, needed: u64, free: u64 },
    #[error("the database {path} cannot be read: {source}")]
    Database { path: PathBuf, source: rusqlite::Error },
    #[error("{path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the backup cannot be written to {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("what was written is not sound: {first}. Compare with `antrean verify`")]
    Unsound { first: String },
}

impl BackupError {
    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "backup_folder",
            Self::Room { .. } => "backup_room",
            Self::Database { .. } => "backup_database",
            Self::Unreadable { .. } => "backup_unreadable",
            Self::Write { .. } => "backup_write",
            Self::Unsound { .. } => "backup_unsound",
        }
    }
}

/// Takes a backup of a data folder into `folder`, which is there already, while the hall goes on: written under
/// another name, read back, and only then called a backup. It takes as long as reading all of it twice.
///
/// # Errors
/// See [`BackupError`]; nothing is left of it then.
pub fn take(data: &Path, folder: &Path, mut at: At) -> Result<Good, BackupError> {
    let unusable = |source| BackupError::Folder { path: folder.to_owned(), source };
    sweep(folder).map_err(unusable)?;
    while folder.join(name(at)).exists() {
        at += TimeDelta::seconds(1);
    }
    let part = folder.join(format!(".{}.part", name(at)));
    files::make_folder(&part).map_err(unusable)?;
    let done = fill(data, &part, at).and_then(|(bytes, seq)| {
        let path = folder.join(name(at));
        publish(&part, &path).map_err(|source| BackupError::Write { path: path.clone(), source })?;
        Ok(Good { at, path, bytes, seq })
    });
    if done.is_err() {
        let _ = fs::remove_dir_all(&part);
    }
    done
}

/// Makes a second copy of a backup in another folder, and reads it back.
///
/// # Errors
/// See [`BackupError`]; nothing is left of the copy then.
pub fn copy_to(backup: &Path, folder: &Path) -> Result<PathBuf, BackupError> {
    let from = Backup::named(backup);
    let name = backup.file_name().unwrap_or_default().to_string_lossy();
    let unusable = |source| BackupError::Folder { path: folder.to_owned(), source };
    let path = folder.join(name.as_ref());
    let failed = |source| BackupError::Write { path: path.clone(), source };
    sweep(folder).map_err(unusable)?;
    let length = fs::metadata(from.database()).map_err(failed)?.len();
    room(folder, length)?;
    let part = folder.join(format!(".{name}.part"));
    files::make_folder(&part).map_err(unusable)?;
    let copied = ["antrean.db", "site.key", "label.json"].iter().try_for_each(|file| {
        let sum = files::copy(&backup.join(file), &part.join(file)).map_err(failed)?;
        if files::sum(&part.join(file)).map_err(failed)? == sum {
            Ok(())
        } else {
            Err(BackupError::Unsound { first: format!("{file} reads back as something else") })
        }
    });
    let done = copied.and_then(|()| publish(&part, &path).map_err(failed));
    if done.is_err() {
        let _ = fs::remove_dir_all(&part);
    }
    done.map(|()| path.clone())
}

/// Writes and reads back; says how long it is and which line is its newest.
fn fill(data: &Path, part: &Path, at: At) -> Result<(u64, u64), BackupError> {
    let source = data.join("antrean.db");
    let broken = |error| BackupError::Database { path: source.clone(), source: error };
    let conn = open_to_read(&source).map_err(broken)?;
    let pages = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, u64>(0));
    let length = pages("page_count").map_err(broken)? * pages("page_size").map_err(broken)?;
    room(part, length)?;
    let backup = Backup { path: part.to_owned(), taken: None };
    let failed = |source| BackupError::Write { path: part.to_owned(), source };
    // Made beforehand, so that nobody else can ever read it.
    files::write(&backup.database(), b"").map_err(failed)?;
    let into = backup.database();
    conn.execute("VACUUM INTO ?1", [into.to_string_lossy()]).map_err(|error| {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => failed(io::Error::from(io::ErrorKind::StorageFull)),
            _ => broken(error),
        }
    })?;
    drop(conn);
    let written = fs::File::open(&into).map_err(failed)?;
    written.sync_all().map_err(failed)?;
    let key_file = data.join("site.key");
    let unreadable = |source| BackupError::Unreadable { path: key_file.clone(), source };
    let key = files::sum(&key_file).map_err(unreadable)?;
    if files::copy(&key_file, &backup.key_file()).map_err(failed)? != key {
        return Err(BackupError::Unsound { first: "the site key changed meanwhile".to_owned() });
    }
    let report = backup.verify()?;
    if let Some(first) = report.differences.first() {
        return Err(BackupError::Unsound { first: first.clone() });
    }
    let database = files::sum(&into).map_err(failed)?;
    let bytes = database.0;
    let antrean = env!("CARGO_PKG_VERSION").to_owned();
    let (seq, lineage) = (report.seq, report.lineage);
    let label = Label { at, seq, lineage, database, key, antrean };
    let json = serde_json::to_vec_pretty(&label).map_err(|error| failed(error.into()))?;
    files::write(&part.join("label.json"), &json).map_err(failed)?;
    Ok((bytes, seq))
}

/// Gives it its name, for good.
fn publish(part: &Path, path: &Path) -> io::Result<()> {
    files::sync_folder(part)?;
    fs::rename(part, path)?;
    path.parent().map_or(Ok(()), files::sync_folder)
}

fn room(folder: &Path, needed: u64) -> Result<(), BackupError> {
    let free =
        files::free(folder).map_err(|source| BackupError::Folder { path: folder.to_owned(), source })?;
    let needed = needed.saturating_add(MARGIN);
    if free < needed { Err(BackupError::Room { path: folder.to_owned(), needed, free }) } else { Ok(()) }
}

/// Removes what a power cut left half made.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with(".antrean-") || !name.ends_with(".part") {
            continue;
        }
        let begun = entry.metadata()?.modified()?;
        if SystemTime::now().duration_since(begun).is_ok_and(|age| age > STALE) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
