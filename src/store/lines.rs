//! Lines of the journal, read beside the one who writes it.

use std::path::Path;

use chrono::NaiveDate;

use super::folder::OpenError;
use super::journal;
use super::verify::open_to_read;
use crate::queue::Recorded;

/// What is committed of a business day, in order, whether a box runs on the folder or not.
///
/// # Errors
/// The file cannot be read, or a line of it cannot be understood.
pub fn lines_of(data: &Path, day: NaiveDate) -> Result<Vec<Recorded>, OpenError> {
    let path = data.join("antrean.db");
    let lines = open_to_read(&path).and_then(|conn| journal::of_day(&conn, &day.to_string()));
    let lines = lines.map_err(|source| OpenError::Database { path, source })?;
    let understood = lines.iter().map(|line| {
        line.recorded().map_err(|error| OpenError::Line { seq: line.seq, reason: error.to_string() })
    });
    understood.collect()
}
