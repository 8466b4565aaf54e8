//! The last sign of life of the box: a line of fixed length in the data folder, written over in its place.
//!
//! It is not forced to the disk and no file is made anew for it, so that a quiet minute costs the flash one block
//! at most; what the kernel had not written yet when the power went is about half a minute that counts as dark.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::queue::At;

const FILE: &str = "lives";
/// As long as every time that is written.
const UNKNOWN: &str = "unknown                      ";

/// When the box lived last; none where no box has run yet, or nobody knew the time.
pub fn read(data: &Path) -> Option<At> {
    std::fs::read_to_string(data.join(FILE)).ok()?.trim().parse().ok()
}

/// Notes that the box lives. None: at a time that nobody believes.
///
/// # Errors
/// The folder cannot be written.
pub fn note(data: &Path, now: Option<At>) -> io::Result<()> {
    let word = now.map_or(UNKNOWN.to_owned(), |now| now.format("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string());
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(data.join(FILE))?;
    file.write_all_at(format!("{word}\n").as_bytes(), 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_last_sign_of_life_is_read_back_whatever_stood_there_before() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None, "no box has run");
        let now = At::parse_from_rfc3339("2026-11-26T08:00:00+07:00").unwrap();
        for noted in [Some(now), None, Some(now + chrono::TimeDelta::milliseconds(1))] {
            note(folder.path(), noted).unwrap();
            assert_eq!(read(folder.path()), noted);
            assert_eq!(std::fs::metadata(folder.path().join(FILE)).unwrap().len(), 30);
        }
        std::fs::write(folder.path().join(FILE), "2026-11-2").unwrap();
        assert_eq!(read(folder.path()), None, "a torn line says nothing");
    }
}
