//! A data folder that may be thrown away: only what a simulation has made is.

use std::fs;
use std::io;
use std::path::Path;

use super::folder::{DataFolder, OpenError};

/// Says that everything in a data folder was made by a simulation. It is there before the journal is.
const MARK: &str = "simulated";

/// What a box makes in its data folder.
const FILES: [&str; 9] = [
    "antrean.db",
    "antrean.db-wal",
    "antrean.db-shm",
    "site.key",
    "site.key.new",
    "numbers",
    "backup.json",
    "starts.json",
    "alarms.json",
];
const FOLDERS: [&str; 3] = ["preview", "printer", "backups"];

/// Makes a folder for a simulation, or empties one that a simulation has used.
///
/// # Errors
/// [`OpenError::NotScratch`] where there is a journal that no simulation made: nothing is touched then;
/// [`OpenError::InUse`] while a box runs on it; [`OpenError::Folder`] without rights.
pub fn empty_scratch(path: &Path) -> Result<(), OpenError> {
    let mark = path.join(MARK);
    let marked = mark.exists();
    if !marked && FILES.iter().any(|file| path.join(file).exists()) {
        return Err(OpenError::NotScratch { path: path.to_owned() });
    }
    let _lock = DataFolder::open(path)?;
    let made = if marked { clear(path) } else { fs::write(&mark, NOTE) };
    made.map_err(|source| OpenError::Folder { path: path.to_owned(), source })
}

/// For a box that keeps what it is given: the folder is no simulation's.
///
/// # Errors
/// [`OpenError::Scratch`] where it is.
pub fn refuse_scratch(path: &Path) -> Result<(), OpenError> {
    if path.join(MARK).exists() { Err(OpenError::Scratch { path: path.to_owned() }) } else { Ok(()) }
}

const NOTE: &str = "Dibuat oleh `antrean simulate`: bukan data sungguhan, dihapus pada simulasi berikutnya.\n\
                    Made by `antrean simulate`: no real data, deleted by the next simulation.\n";

fn clear(path: &Path) -> io::Result<()> {
    let gone = |done: io::Result<()>| match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    FILES.iter().try_for_each(|file| gone(fs::remove_file(path.join(file))))?;
    FOLDERS.iter().try_for_each(|folder| gone(fs::remove_dir_all(path.join(folder))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_a_simulation_made_is_thrown_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        empty_scratch(folder.path()).unwrap();
        for made in ["antrean.db", "site.key", "notes.txt"] {
            fs::write(folder.path().join(made), "x").unwrap();
        }
        fs::create_dir(folder.path().join("preview")).unwrap();
        empty_scratch(folder.path()).unwrap();
        let there = |name: &str| folder.path().join(name).exists();
        assert_eq!(["antrean.db", "site.key", "preview"].map(there), [false; 3]);
        assert!(there("notes.txt") && there(MARK));
    }

    #[test]
    fn a_journal_that_no_simulation_made_is_not_touched() {
        for file in ["antrean.db", "site.key"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(file), "the site's").unwrap();
            let error = empty_scratch(folder.path()).unwrap_err();
            assert_eq!(error.code(), "data_not_simulated");
            let files = fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, 1, "a file was left beside it");
            assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), "the site's");
        }
    }
}
