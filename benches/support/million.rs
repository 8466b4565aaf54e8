//! A store with a million tickets, for whoever measures how long figures take.
//!
//! Every row is written by the store itself, from journal lines that a hall could have written; what is left out is
//! the deciding. A business day is a transaction. What was filled is kept in `target/million` under the name of
//! what it was filled by, so that only the first bench of a version waits for it.

#[path = "million/day.rs"]
mod day;
#[path = "million/slots.rs"]
mod slots;

use std::path::{Path, PathBuf};
use std::time::Instant;

use antrean::config::{self, Options};
use antrean::queue::{Recorded, Rules};
use antrean::store::{DataFolder, Lines, Writer};
use chrono::{Datelike, NaiveDate, Weekday};
use tempfile::TempDir;

/// Raised whenever the same numbers would fill a store with something else.
const VERSION: u32 = 2;

/// How much is in it.
#[derive(Debug, Clone, Copy)]
pub struct Fill {
    pub tickets: usize,
    /// Working days, from Monday, 5 January 2026.
    pub days: usize,
}

impl Default for Fill {
    /// As many as a busy mall gives in a year.
    fn default() -> Self {
        Self { tickets: 1_000_000, days: 250 }
    }
}

impl Fill {
    /// The working days that are filled.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        let first = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        let works = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        first.iter_days().filter(works).take(self.days)
    }
}

/// The site whose days these are: the mall of Langsa, without hours.
pub fn rules() -> Rules {
    let options = Options { always_open: true, ..Options::default() };
    config::read("antrean.toml", config::DEFAULT, options).unwrap().rules
}

/// A copy of a filled store, which may be written to: what is kept stays as it was filled.
pub fn copy(kept: &Path) -> TempDir {
    let copy = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for name in ["antrean.db", "site.key"] {
        std::fs::copy(kept.join(name), copy.path().join(name)).unwrap();
    }
    copy
}

/// The data folder of a filled store that is kept, to be copied; it is filled where none of this version is there.
pub fn folder(fill: Fill) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("million");
    let name = format!("{}-{VERSION}-{}-{}", env!("CARGO_PKG_VERSION"), fill.tickets, fill.days);
    let kept = all.join(name);
    if !kept.exists() {
        // Under its name only once it is whole.
        let draft = tempfile::Builder::new().prefix("draft-").tempdir_in(parent(&all)).unwrap();
        write(draft.path(), fill);
        std::fs::rename(draft.keep(), &kept).unwrap();
    }
    kept
}

fn parent(all: &Path) -> &Path {
    std::fs::create_dir_all(all).unwrap();
    all
}

/// Fills a data folder of its own.
pub fn write(folder: &Path, fill: Fill) {
    let (rules, began) = (rules(), Instant::now());
    let mut writer = Writer::open(DataFolder::open(folder).unwrap()).unwrap();
    let (mut seq, mut left, mut lines) = (0, fill.tickets, 0);
    let mut before: Option<day::Evening> = None;
    for (nth, date) in fill.dates().enumerate() {
        let count = left / (fill.days - nth);
        left -= count;
        let (news, evening) = day::lines(&rules, date, count, seq, before.take());
        seq += news.len() as u64;
        lines += news.len();
        before = Some(evening);
        put(&mut writer, &news);
        if nth % 25 == 24 {
            println!("filling: {} of {} tickets, {:?}", fill.tickets - left, fill.tickets, began.elapsed());
        }
    }
    println!("filled with {} tickets in {lines} lines in {:?}", fill.tickets, began.elapsed());
}

fn put(writer: &mut Writer, news: &[Recorded]) {
    let mut batch = writer.begin().unwrap();
    let append = |lines: &mut Lines<'_>| news.iter().try_for_each(|line| lines.append(line));
    batch.attempt(append).unwrap().unwrap();
    batch.commit().unwrap();
}
