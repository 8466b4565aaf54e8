//! How often this box was switched off in the middle of its work: a small file in the data folder, written
//! at each start and each orderly end.
//!
//! A run that did not end in order and whose machine has started anew since was cut off by the power (or by
//! somebody's finger on the switch); one whose machine still runs fell by itself, or was killed.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::queue::{At, BoxTrouble};
use crate::store::replace;

/// What is counted since the data folder was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starts {
    pub starts: u64,
    /// When the first one was.
    pub first: Option<At>,
    /// The machine went off while the box ran.
    pub power_losses: u64,
    /// The program ended without having been asked to.
    pub falls: u64,
    pub last_power_loss: Option<At>,
    pub last_fall: Option<At>,
    /// How the run before this one ended; none at the first start.
    #[serde(skip)]
    pub was: Option<BoxTrouble>,
    /// The start of the machine in which the box ran last, as the kernel names it.
    boot: String,
    /// The last run ended in order.
    ended: bool,
}

fn file(data: &Path) -> PathBuf {
    data.join("starts.json")
}

/// What was counted until now; nothing where no box has run yet, or the file cannot be read.
pub fn read(data: &Path) -> Option<Starts> {
    serde_json::from_slice(&std::fs::read(file(data)).ok()?).ok()
}

/// Counts a start; `boot` names the machine's own.
///
/// # Errors
/// The folder cannot be written.
pub fn began(data: &Path, boot: &str, now: At) -> io::Result<Starts> {
    let before = read(data);
    let mut starts = before.clone().unwrap_or_default();
    starts.was = before.map(|before| match (before.ended, before.boot == boot) {
        (true, _) => BoxTrouble::Stopped,
        (false, true) => BoxTrouble::Fell,
        (false, false) => BoxTrouble::Power,
    });
    match starts.was {
        Some(BoxTrouble::Fell) => {
            starts.falls += 1;
            starts.last_fall = Some(now);
        }
        Some(BoxTrouble::Power) => {
            starts.power_losses += 1;
            starts.last_power_loss = Some(now);
        }
        Some(BoxTrouble::Stopped) | None => {}
    }
    starts.starts += 1;
    starts.first = starts.first.or(Some(now));
    boot.clone_into(&mut starts.boot);
    starts.ended = false;
    write(data, &starts)?;
    Ok(starts)
}

/// Notes that the run ended in order.
///
/// # Errors
/// The folder cannot be written.
pub fn ended(data: &Path) -> io::Result<()> {
    let starts = Starts { ended: true, ..read(data).unwrap_or_default() };
    write(data, &starts)
}

/// The start of this machine, as the kernel names it.
pub fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

fn write(data: &Path, starts: &Starts) -> io::Result<()> {
    replace(&file(data), &serde_json::to_vec(starts)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_power_cut_is_told_from_a_fall_and_from_an_orderly_end() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let at = |text| At::parse_from_rfc3339(text).unwrap();
        let (one, two) = (at("2026-11-26T08:00:00+07:00"), at("2026-11-26T09:00:00+07:00"));
        assert_eq!(read(data), None);
        let first = began(data, "boot-1", one).unwrap();
        assert_eq!((first.starts, first.power_losses, first.falls, first.was), (1, 0, 0, None));
        ended(data).unwrap();
        let second = began(data, "boot-1", one).unwrap();
        assert_eq!((second.starts, second.power_losses, second.falls), (2, 0, 0), "it ended in order");
        assert_eq!(second.was, Some(BoxTrouble::Stopped));
        let third = began(data, "boot-1", one).unwrap();
        assert_eq!((third.power_losses, third.falls, third.last_fall), (0, 1, Some(one)));
        assert_eq!(third.was, Some(BoxTrouble::Fell));
        let fourth = began(data, "boot-2", two).unwrap();
        assert_eq!((fourth.power_losses, fourth.falls, fourth.last_power_loss), (1, 1, Some(two)));
        assert_eq!(fourth.was, Some(BoxTrouble::Power));
        std::fs::write(file(data), "not ours").unwrap();
        assert_eq!(began(data, "boot-2", two).unwrap().starts, 1, "a torn file is begun anew");
    }
}
