//! `[reports]`: what is held against the figures.

use super::reader::Table;

/// Targets of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportsConfig {
    /// Minutes within which a visitor should be called.
    pub wait_target_min: u32,
    /// So many of a hundred visitors should be.
    pub within_percent: u32,
    /// Minutes after which a counter has opened late.
    pub late_after_min: u32,
}

pub(super) fn reports(root: &mut Table<'_>) -> Option<ReportsConfig> {
    let mut table = root.optional_section("reports")?;
    let wait_target_min = table.optional("wait_target_min", 20, |value| value.integer(1..=240));
    let within_percent = table.optional("within_percent", 80, |value| value.integer(1..=100));
    let late_after_min = table.optional("late_after_min", 5, |value| value.integer(0..=120));
    Some(ReportsConfig {
        wait_target_min: wait_target_min?,
        within_percent: within_percent?,
        late_after_min: late_after_min?,
    })
}
