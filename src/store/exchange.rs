//! One database in the place of another, whole or not at all, whenever the power fails: what was there goes
//! into a folder of its own and is never deleted here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files;

const NEXT_DATABASE: &str = "antrean.db.next";
const NEXT_KEY: &str = "site.key.next";
/// It names the folder for what was there. From when it exists, the exchange is decided.
const DECIDED: &str = "exchange";

/// Where the next database is prepared.
pub fn next_database(data: &Path) -> PathBuf {
    data.join(NEXT_DATABASE)
}

/// Where the next site key is prepared, if there is one.
pub fn next_key(data: &Path) -> PathBuf {
    data.join(NEXT_KEY)
}

/// Copies a database to where the next one is prepared, with what may be in its WAL alone.
pub fn prepare(from: &Path, data: &Path) -> rusqlite::Result<()> {
    let next = next_database(data);
    let failed = |error: io::Error| {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
        rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
    };
    let mut wal = from.as_os_str().to_owned();
    wal.push("-wal");
    if !Path::new(&wal).exists() {
        return files::copy(from, &next).map(drop).map_err(failed);
    }
    files::write(&next, b"").map_err(failed)?;
    super::verify::open_to_read(from)?.execute("VACUUM INTO ?1", [next.to_string_lossy()])?;
    fs::File::open(&next).and_then(|file| file.sync_all()).map_err(failed)
}

/// Removes what an exchange left that was never decided.
pub fn clear(data: &Path) -> io::Result<()> {
    clear_database(data)?;
    gone(fs::remove_file(next_key(data)))
}

/// The same of the database alone.
pub fn clear_database(data: &Path) -> io::Result<()> {
    let sides = ["", "-wal", "-shm", "-journal"];
    sides.iter().try_for_each(|side| gone(fs::remove_file(data.join(format!("{NEXT_DATABASE}{side}")))))
}

/// What is not there need not be removed or moved.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts what was prepared in place. What was there is in the folder `keep_in` of the data folder afterwards;
/// with `numbers`, the note of today's numbers too: it is of a time that has not come.
pub fn exchange(data: &Path, keep_in: &str, numbers: bool) -> io::Result<()> {
    files::sync_folder(data)?;
    let more = if numbers { "\nnumbers" } else { "" };
    files::replace(&data.join(DECIDED), format!("{keep_in}{more}").as_bytes())?;
    finish(data)
}

/// Finishes an exchange that was decided; nothing where none was.
pub fn finish(data: &Path) -> io::Result<()> {
    let decided = match fs::read_to_string(data.join(DECIDED)) {
        Ok(decided) => decided,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut words = decided.lines();
    let keep_in = data.join(words.next().unwrap_or_default());
    let with_numbers = words.next().is_some();
    files::make_folder(&keep_in)?;
    // As long as the next one waits, what bears its name is the old one.
    if data.join(NEXT_DATABASE).exists() {
        let numbers = with_numbers.then_some("numbers");
        for name in ["antrean.db", "antrean.db-wal", "antrean.db-shm"].into_iter().chain(numbers) {
            set_aside(data, name, &keep_in)?;
        }
        if data.join(NEXT_KEY).exists() {
            set_aside(data, "site.key", &keep_in)?;
            fs::rename(data.join(NEXT_KEY), data.join("site.key"))?;
        }
        files::sync_folder(&keep_in)?;
        files::sync_folder(data)?;
        fs::rename(data.join(NEXT_DATABASE), data.join("antrean.db"))?;
        files::sync_folder(data)?;
    }
    fs::remove_file(data.join(DECIDED))?;
    files::sync_folder(data)
}

fn set_aside(data: &Path, name: &str, keep_in: &Path) -> io::Result<()> {
    gone(fs::rename(data.join(name), keep_in.join(name)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The power may fail between any two steps: what is on disk then is finished at the next start.
    #[test]
    fn an_exchange_that_was_interrupted_anywhere_is_finished() {
        for moved in 0..=5 {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path();
            for name in ["antrean.db", "antrean.db-wal", "site.key"] {
                fs::write(data.join(name), "old").unwrap();
            }
            fs::write(next_database(data), "new").unwrap();
            fs::write(next_key(data), "new").unwrap();
            fs::write(data.join(DECIDED), "replaced-x").unwrap();
            let kept = data.join("replaced-x");
            fs::create_dir(&kept).unwrap();
            let steps: [(PathBuf, PathBuf); 5] = [
                (data.join("antrean.db"), kept.join("antrean.db")),
                (data.join("antrean.db-wal"), kept.join("antrean.db-wal")),
                (data.join("site.key"), kept.join("site.key")),
                (next_key(data), data.join("site.key")),
                (next_database(data), data.join("antrean.db")),
            ];
            for (from, to) in &steps[..moved] {
                fs::rename(from, to).unwrap();
            }
            finish(data).unwrap();
            finish(data).unwrap();
            let read = |path: PathBuf| fs::read_to_string(path).unwrap();
            for name in ["antrean.db", "site.key"] {
                assert_eq!(read(data.join(name)), "new", "{name} after {moved} steps");
                assert_eq!(read(kept.join(name)), "old", "{name} after {moved} steps");
            }
            assert_eq!(read(kept.join("antrean.db-wal")), "old");
            assert!(!data.join("antrean.db-wal").exists());
        }
    }

    #[test]
    fn what_was_not_decided_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        fs::write(data.join("antrean.db"), "old").unwrap();
        fs::write(next_database(data), "half").unwrap();
        finish(data).unwrap();
        clear(data).unwrap();
        assert_eq!(fs::read_to_string(data.join("antrean.db")).unwrap(), "old");
        assert!(!next_database(data).exists());
    }
}
