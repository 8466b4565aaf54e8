//! Figures of a year: how long they take, and whether anybody who takes a number meanwhile notices.
//!
//! `cargo bench --bench report`, on a store with a million tickets that the first run fills (a few minutes, two to
//! three gigabytes in `target/million`). `-- --tickets 20000 --days 20` takes a smaller one.
//!
//! Numbers are given alone and beside a reader in turn, the same number of times; what is told are medians and
//! their ratio. The numbers are of a day behind the last one that was filled, so that what is read stays the same.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/million.rs"]
mod million;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Instant;

use antrean::clock::Clock;
use antrean::hall::{self, Hall};
use antrean::queue::{Class, Command, Issue, Language, Origin};
use antrean::store::{DataFolder, Writer};
use chrono::{NaiveTime, TimeDelta};
use million::Fill;
use rusqlite::{Connection, OpenFlags};

const ROUNDS: usize = 5;
/// Numbers given in each half of a round.
const NUMBERS: usize = 400;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let usual = Fill::default();
    let fill = Fill {
        tickets: told("--tickets").unwrap_or(usual.tickets),
        days: told("--days").unwrap_or(usual.days),
    };
    let folder = million::folder(fill);
    let (hall, close) = open(&folder, fill);
    beside_a_reader(&hall, &folder);
    close();
}

fn told(name: &str) -> Option<usize> {
    let mut args = std::env::args().skip_while(|arg| arg != name);
    args.nth(1).map(|value| value.parse().unwrap())
}

/// The hall on the store, on the day behind the last one.
fn open(folder: &Path, fill: Fill) -> (Hall, impl FnOnce()) {
    let rules = Arc::new(million::rules());
    let today = fill.dates().last().unwrap() + TimeDelta::days(1);
    let (clock, _) = Clock::set(rules.instant(today, NaiveTime::from_hms_opt(9, 0, 0).unwrap()));
    let writer = Writer::open(DataFolder::open(folder).unwrap()).unwrap();
    let (hall, fate) = hall::open(writer, rules, clock).unwrap();
    let closing = hall.clone();
    let close = move || {
        closing.close();
        fate.blocking_recv().unwrap();
    };
    (hall, close)
}

/// How much slower numbers are given while somebody reads every stop of the year.
fn beside_a_reader(hall: &Hall, folder: &Path) {
    let (mut alone, mut beside, mut scans) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.extend(give(hall));
        let (over, begun) = (AtomicBool::new(false), Barrier::new(2));
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| read_on(folder, &over, &begun));
            begun.wait();
            beside.extend(give(hall));
            over.store(true, Ordering::Relaxed);
            scans.extend(reader.join().unwrap());
        });
    }
    let (alone_p99, beside_p99) = (percentile(&mut alone, 99), percentile(&mut beside, 99));
    let (alone, beside) = (percentile(&mut alone, 50), percentile(&mut beside, 50));
    println!("{:<34} {:>12} {:>12}", "giving a number", "median ms", "p99 ms");
    println!("{:<34} {:>12.3} {:>12.3}", "alone", alone * 1e3, alone_p99 * 1e3);
    println!("{:<34} {:>12.3} {:>12.3}", "while every stop is read", beside * 1e3, beside_p99 * 1e3);
    println!("ratio of the medians {:.2}, of the p99s {:.2}", beside / alone, beside_p99 / alone_p99);
    println!("one reading of all stops: {:.1} s", percentile(&mut scans, 50));
}

/// Seconds of each answer.
fn give(hall: &Hall) -> Vec<f64> {
    let one = || {
        let asked = Instant::now();
        hall.execute_blocking(wish(hall)).unwrap();
        asked.elapsed().as_secs_f64()
    };
    (0..NUMBERS).map(|_| one()).collect()
}

fn wish(hall: &Hall) -> Command {
    Command::Issue(Issue {
        service: "ktp".into(),
        class: Class::Regular,
        language: Language::ID,
        origin: Origin::Kiosk("anjungan-1".into()),
        printer: None,
        nonce: hall.new_nonce(),
    })
}

/// Reads every stop again and again until it is over; seconds of each reading that came to its end.
fn read_on(folder: &Path, over: &AtomicBool, begun: &Barrier) -> Vec<f64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(folder.join("antrean.db"), flags).unwrap();
    let mut took = Vec::new();
    begun.wait();
    // At least one, however quickly the numbers are given.
    while took.is_empty() || !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        let question = "SELECT agency, count(*), avg(julianday(called_at) - julianday(entered_at)) FROM stop
                        GROUP BY agency";
        let mut rows = conn.prepare_cached(question).unwrap();
        let agencies = rows.query_map([], |row| row.get::<_, i64>(1)).unwrap().map(Result::unwrap).count();
        assert!(agencies > 1, "there is nothing to read");
        took.push(began.elapsed().as_secs_f64());
    }
    took
}

fn percentile(times: &mut [f64], part: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() - 1) * part / 100]
}
