//! `[backup]` and `[data]`: when and where the day is copied, and how long all of it is kept.

use std::path::{Path, PathBuf};

use chrono::NaiveTime;

use super::hours::time;
use super::reader::{Table, Value};

/// The nightly backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupConfig {
    /// In the site's time.
    pub at: NaiveTime,
    /// None: `backups` in the data folder.
    pub folder: Option<PathBuf>,
    /// A second place for the same.
    pub also: Option<PathBuf>,
    /// All backups of so many days are kept.
    pub keep_days: u32,
    /// And of so many months before, the first.
    pub keep_months: u32,
}

pub(super) fn backup(root: &mut Table<'_>) -> Option<BackupConfig> {
    let mut table = root.optional_section("backup")?;
    // A mall is closed then, and the business day has just changed.
    let at = table.optional("at", NaiveTime::from_hms_opt(1, 30, 0)?, time);
    let folder = table.maybe("folder", whole_path);
    let also = table.maybe("also", whole_path);
    let keep_days = table.optional("keep_days", 14, |value| value.integer(2..=3650));
    let keep_months = table.optional("keep_months", 12, |value| value.integer(0..=240));
    let (folder, also) = (folder?, also?);
    if folder.is_some() && folder == also {
        return table.refuse("same_folder", "`also` is the same as `folder`", "name another disk".to_owned());
    }
    Some(BackupConfig { at: at?, folder, also, keep_days: keep_days?, keep_months: keep_months? })
}

/// How many business days stay in the database; 0 is for ever.
pub(super) fn data(root: &mut Table<'_>) -> Option<Option<u32>> {
    let mut table = root.optional_section("data")?;
    let keep_days = table.optional("keep_days", 730, |value| {
        let days: u32 = value.integer(0..=36_500)?;
        if (1..30).contains(&days) {
            let hint = "write 0 to keep all days, or at least 30".to_owned();
            return value.refuse(
                "out_of_range",
                format!("{days} days are too few for a monthly report"),
                hint,
            );
        }
        Some(days)
    });
    keep_days.map(|days| Some(days).filter(|days| *days > 0))
}

/// A folder by its whole path: where the box is started from does not matter.
fn whole_path(value: &Value<'_>) -> Option<PathBuf> {
    let path = Path::new(value.str()?);
    if path.is_absolute() {
        return Some(path.to_owned());
    }
    let hint = "write it from the root on, such as \"/media/backup\"".to_owned();
    value.refuse("relative_path", format!("`{}` is not a whole path", path.display()), hint)
}
