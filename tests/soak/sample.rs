//! What a process holds, and whether it grows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// SQLite takes the WAL over after 1,000 pages of 4 KiB; twice that where somebody reads meanwhile.
const WAL_KIB: u64 = 8 * 1024;
/// Memory of the last evening beyond that of the third, or in a month beyond that of the sixth: the allocator keeps
/// what the largest page, report or backup so far has needed, and a mall has shown its largest after a week. Seen in
/// four months: 3 to 11 MiB from the third to the sixth evening, 2 to 7 after it, in steps.
const GROWTH_KIB: u64 = 8 * 1024;
/// Memory of the last evening beyond that of the third, in a month too.
const WHOLE_GROWTH_KIB: u64 = 16 * 1024;
/// What every second evening of the later half adds at most, where there are enough to tell steps from a leak:
/// 1 KiB in each of a mall's 500 calls a day would be 500.
const A_DAY_KIB: u64 = 256;
const ENOUGH: usize = 12;
/// Threads of the runtime: two that work, and those lent to whatever waits for the disk, which come and go.
const POOL: &str = "async";
const LENT: usize = 4;

/// An evening.
#[derive(Debug, Clone)]
pub struct Sample {
    pub day: String,
    pub memory_kib: u64,
    /// Open files, sockets and the like.
    pub handles: usize,
    /// How many bear each name, but for the runtime's.
    pub threads: BTreeMap<String, usize>,
    pub pool: usize,
    pub wal_kib: u64,
    pub database_kib: u64,
}

impl Sample {
    pub fn of(told: &str, pid: u32, data: &Path) -> Self {
        let proc = Path::new("/proc").join(pid.to_string());
        let status = fs::read_to_string(proc.join("status")).unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let mut threads = BTreeMap::new();
        for task in fs::read_dir(proc.join("task")).unwrap().flatten() {
            // One that has just ended has no name any more.
            if let Ok(name) = fs::read_to_string(task.path().join("comm")) {
                *threads.entry(name.trim_end().to_owned()).or_default() += 1;
            }
        }
        Self {
            day: told.split(':').next().unwrap().to_owned(),
            memory_kib: memory.trim_end_matches("kB").trim().parse().unwrap(),
            handles: fs::read_dir(proc.join("fd")).unwrap().count(),
            pool: threads.remove(POOL).unwrap_or(0),
            threads,
            wal_kib: fs::metadata(data.join("antrean.db-wal")).map_or(0, |file| file.len() / 1024),
            database_kib: pages_kib(data),
        }
    }
}

/// The database as a reader sees it, with what is still in the WAL.
fn pages_kib(data: &Path) -> u64 {
    let reading = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let conn = rusqlite::Connection::open_with_flags(data.join("antrean.db"), reading).unwrap();
    let asked =
        |what: &str| conn.query_row(&format!("PRAGMA {what}"), [], |row| row.get::<_, u64>(0)).unwrap();
    asked("page_count") * asked("page_size") / 1024
}

/// One evening a line.
pub fn table(samples: &[Sample]) -> String {
    let mut text = format!(
        "{:<14}{:>11}{:>9}{:>9}{:>6}{:>9}{:>14}{:>9}\n",
        "evening", "memory KiB", "handles", "threads", "pool", "WAL KiB", "database KiB", "a day"
    );
    let mut before = 0;
    for it in samples {
        let threads: usize = it.threads.values().sum();
        text += &format!(
            "{:<14}{:>11}{:>9}{:>9}{:>6}{:>9}{:>14}{:>9}\n",
            it.day,
            it.memory_kib,
            it.handles,
            threads,
            it.pool,
            it.wal_kib,
            it.database_kib,
            it.database_kib.saturating_sub(before)
        );
        before = it.database_kib;
    }
    text
}

/// What grew from the third evening to the last, in words.
pub fn worries(samples: &[Sample]) -> Vec<String> {
    let (third, last) = (&samples[2], &samples[samples.len() - 1]);
    let mut worries = Vec::new();
    let mut worry = |grows: bool, words: String| worries.extend(grows.then_some(words));
    worry(last.handles > third.handles, format!("handles: {} became {}", third.handles, last.handles));
    worry(last.threads != third.threads, format!("threads: {:?} became {:?}", third.threads, last.threads));
    worry(last.pool > third.pool + LENT, format!("the pool: {} became {}", third.pool, last.pool));
    let warm = if samples.len() >= ENOUGH { &samples[5] } else { third };
    worry(
        last.memory_kib > warm.memory_kib + GROWTH_KIB,
        format!("memory: {} KiB became {}", warm.memory_kib, last.memory_kib),
    );
    worry(
        last.memory_kib > third.memory_kib + WHOLE_GROWTH_KIB,
        format!("memory, in all: {} KiB became {}", third.memory_kib, last.memory_kib),
    );
    let usual = usual_growth_kib(&samples[samples.len() / 2..]);
    worry(
        samples.len() >= ENOUGH && usual > A_DAY_KIB,
        format!("memory: {usual} KiB more on every second evening of the later half"),
    );
    for it in samples {
        worry(it.wal_kib > WAL_KIB, format!("the WAL had {} KiB on {}", it.wal_kib, it.day));
    }
    worries
}

/// The median of what one evening adds to the one before: few steps do not change it, a leak does.
fn usual_growth_kib(evenings: &[Sample]) -> u64 {
    let mut added: Vec<u64> =
        evenings.windows(2).map(|pair| pair[1].memory_kib.saturating_sub(pair[0].memory_kib)).collect();
    added.sort_unstable();
    added.get(added.len() / 2).copied().unwrap_or(0)
}

#[test]
fn whatever_grows_is_found() {
    let sample = |memory_kib, handles, hall, wal_kib| Sample {
        day: "Mon".into(),
        memory_kib,
        handles,
        threads: BTreeMap::from([("hall".into(), hall)]),
        pool: 4,
        wal_kib,
        database_kib: 0,
    };
    let of = |last: Sample| worries(&[vec![sample(40_000, 20, 1, 4000); 3], vec![last]].concat());
    assert_eq!(of(sample(40_000 + GROWTH_KIB, 20, 1, 4000)), Vec::<String>::new());
    for (grown, word) in [
        (sample(40_001 + GROWTH_KIB, 20, 1, 4000), "memory"),
        (sample(40_000, 21, 1, 4000), "handles"),
        (sample(40_000, 20, 2, 4000), "threads"),
        (sample(40_000, 20, 1, WAL_KIB + 1), "WAL"),
        (Sample { pool: 9, ..sample(40_000, 20, 1, 4000) }, "pool"),
    ] {
        let found = of(grown);
        assert!(found.len() == 1 && found[0].contains(word), "{word}: {found:?}");
    }
    // A step is none, the same in small pieces is.
    let days = |memory: &dyn Fn(u64) -> u64| -> Vec<Sample> {
        (0..22).map(|day| sample(40_000 + memory(day), 20, 1, 4000)).collect()
    };
    assert_eq!(worries(&days(&|day| if day < 15 { 0 } else { 6_000 })), Vec::<String>::new());
    // Nor may a month begin with a jump as large as one likes.
    let jump = worries(&days(&|day| if day < 4 { 0 } else { WHOLE_GROWTH_KIB + 1 }));
    assert!(jump.len() == 1 && jump[0].contains("in all"), "{jump:?}");
    let leak = worries(&days(&|day| day * (A_DAY_KIB + 1)));
    assert!(leak.len() == 1 && leak[0].contains("every second evening"), "{leak:?}");
}
