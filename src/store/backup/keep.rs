//! Which backups are kept.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::{Backup, list};
use crate::queue::At;

/// How long backups are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// All of the last days.
    pub days: u32,
    /// Of as many months before, the first of each.
    pub months: u32,
}

/// Removes the backups of a folder that need not be kept at `now`, and says which.
///
/// # Errors
/// One cannot be removed; those before it are.
pub fn prune(folder: &Path, keep: Keep, now: At) -> io::Result<Vec<PathBuf>> {
    let backups = list(folder);
    let surplus: Vec<&Backup> = surplus(&backups, keep, now.naive_local());
    for backup in &surplus {
        // What is half removed bears no backup's name.
        let going = backup.path.with_file_name(format!(".{}.part", file_name(&backup.path)));
        std::fs::rename(&backup.path, &going)?;
        std::fs::remove_dir_all(&going)?;
    }
    Ok(surplus.into_iter().map(|backup| backup.path.clone()).collect())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Those that need not be kept. The newest always is, and so is what bears a time that has not come: the clock
/// was wrong then or is wrong now.
fn surplus(backups: &[Backup], keep: Keep, now: NaiveDateTime) -> Vec<&Backup> {
    let mut dated: Vec<(NaiveDateTime, &Backup)> =
        backups.iter().filter_map(|backup| Some((backup.taken?, backup))).collect();
    dated.sort_by_key(|(taken, _)| *taken);
    let newest = dated.last().map(|(taken, _)| *taken);
    let since = now - TimeDelta::days(i64::from(keep.days));
    let month = |at: NaiveDateTime| at.year() * 12 + at.month0() as i32;
    let oldest_month = month(now) - i32::try_from(keep.months).unwrap_or(i32::MAX);
    let mut months = BTreeSet::new();
    let needless = dated.into_iter().filter(|(taken, _)| {
        let first_of_month = months.insert(month(*taken)) && month(*taken) > oldest_month;
        !first_of_month && *taken < since && Some(*taken) != newest
    });
    needless.map(|(_, backup)| backup).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn left(taken: &[&str], keep: Keep, now: &str) -> Vec<String> {
        let backup = |text: &&str| Backup {
            path: PathBuf::from(text),
            taken: Some(format!("{text}T01:30:00").parse().unwrap()),
        };
        let backups: Vec<Backup> = taken.iter().map(backup).collect();
        let gone = surplus(&backups, keep, format!("{now}T01:31:00").parse().unwrap());
        let kept = backups.iter().filter(|backup| !gone.contains(backup));
        kept.map(|backup| backup.path.display().to_string()).collect()
    }

    #[test]
    fn the_last_days_and_the_first_of_each_month_are_kept() {
        let keep = Keep { days: 3, months: 2 };
        let taken = [
            "2026-08-30",
            "2026-09-02",
            "2026-09-03",
            "2026-10-01",
            "2026-10-02",
            "2026-11-01",
            "2026-11-20",
            "2026-11-21",
            "2026-11-22",
            "2026-11-23",
        ];
        let wanted = ["2026-10-01", "2026-11-01", "2026-11-21", "2026-11-22", "2026-11-23"];
        assert_eq!(left(&taken, keep, "2026-11-23"), wanted);
    }

    #[test]
    fn the_newest_is_never_removed_nor_one_of_a_time_that_has_not_come() {
        let keep = Keep { days: 3, months: 0 };
        assert_eq!(left(&["2025-01-01", "2025-01-02"], keep, "2026-11-23"), ["2025-01-02"]);
        assert_eq!(left(&["2026-11-22", "2031-01-01"], keep, "2026-11-23"), ["2026-11-22", "2031-01-01"]);
    }
}
