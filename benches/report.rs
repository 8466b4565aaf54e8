//! Figures of a year: how long they take, and whether anybody who takes a number meanwhile notices.
//!
//! `cargo bench --bench report`, on a store with a million tickets that the first run fills (a few minutes, two to
//! three gigabytes in `target/million`). `-- --tickets 20000 --days 20` takes a smaller one.
//!
//! First the reports themselves: seconds, and how far the memory of the process grew at its peak. Then numbers are
//! given alone and beside somebody who reads in turn, the same number of times; what is told are medians and their
//! ratio. The numbers are of a day behind the last one that was filled, so that what is read stays the same.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/million.rs"]
mod million;
#[path = "support/rows.rs"]
mod rows;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Instant;

use antrean::clock::Clock;
use antrean::hall::{self, Hall};
use antrean::queue::{Class, Command, Issue, Language, Origin, Rules};
use antrean::report::{By, Period, Targets, Wanted, report};
use antrean::store::ledger::Ledgers;
use antrean::store::{DataFolder, Writer};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use million::Fill;
use rows::percentile;
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
    let copy = million::copy(&million::folder(fill));
    let folder = copy.path();
    let asked = Asked::of(folder, fill);
    println!("{:<34} {:>12} {:>12}", "a report", "seconds", "peak MiB");
    asked.tell("a month by agency", asked.month(), By::Agency);
    let all = asked.tell("everything by service", asked.everything(), By::Service);
    let whole = fill.tickets == usual.tickets;
    if whole {
        rows::keep("report", &[all]);
    }
    asked.tell("everything by day", asked.everything(), By::Day);
    let (hall, close) = open(folder, fill);
    beside(&hall, "every stop is read", || read_every_stop(folder));
    let slowed =
        beside(&hall, "everything is reported by service", || asked.reckon(asked.everything(), By::Service));
    if whole {
        rows::keep("report-beside", &[slowed]);
    }
    beside(&hall, "a month is reported by agency", || asked.reckon(asked.month(), By::Agency));
    close();
}

/// Somebody who wants to know.
struct Asked<'a> {
    folder: &'a Path,
    rules: Rules,
    first: NaiveDate,
    last: NaiveDate,
}

impl<'a> Asked<'a> {
    fn of(folder: &'a Path, fill: Fill) -> Self {
        let (first, last) = (fill.dates().next().unwrap(), fill.dates().last().unwrap());
        Self { folder, rules: million::rules(), first, last }
    }

    fn everything(&self) -> Period {
        Period::between(self.first, self.last).unwrap()
    }

    /// The last thirty days.
    fn month(&self) -> Period {
        Period::between(self.first.max(self.last - TimeDelta::days(29)), self.last).unwrap()
    }

    fn reckon(&self, period: Period, by: By) {
        let tomorrow = self.last + TimeDelta::days(1);
        let now = self.rules.instant(tomorrow, NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        let wanted = Wanted { period, agency: None, by, targets: Targets::default(), now };
        let ledgers = Ledgers::open(self.folder).unwrap();
        let report = report(&ledgers, &self.rules, &wanted, Language::ID).unwrap();
        assert!(report.reckoned.total.visits > 0, "there is nothing to report");
    }

    fn tell(&self, what: &str, period: Period, by: By) -> f64 {
        let before = fresh_peak();
        let began = Instant::now();
        self.reckon(period, by);
        let (took, grown) = (began.elapsed().as_secs_f64(), memory("VmHWM:") - before);
        println!("{what:<34} {took:>12.3} {:>12.1}", grown as f64 / 1024.0);
        took
    }
}

/// Forgets the highest memory there was so far (proc(5), `clear_refs`); what is taken now, KiB.
fn fresh_peak() -> i64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    memory("VmRSS:")
}

/// What the kernel says of this process, KiB.
fn memory(name: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
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

/// How much slower numbers are given while somebody reads again and again.
fn beside(hall: &Hall, what: &str, read: impl Fn() + Sync) -> f64 {
    let (mut alone, mut beside, mut readings) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.extend(give(hall));
        let (over, begun) = (AtomicBool::new(false), Barrier::new(2));
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| read_on(&read, &over, &begun));
            begun.wait();
            beside.extend(give(hall));
            over.store(true, Ordering::Relaxed);
            readings.extend(reader.join().unwrap());
        });
    }
    let (alone_p99, beside_p99) = (percentile(&alone, 99), percentile(&beside, 99));
    let (alone, beside) = (percentile(&alone, 50), percentile(&beside, 50));
    println!("\n{:<34} {:>12} {:>12}", "giving a number", "median ms", "p99 ms");
    println!("{:<34} {:>12.3} {:>12.3}", "alone", alone * 1e3, alone_p99 * 1e3);
    println!("{:<34} {:>12.3} {:>12.3}", format!("while {what}"), beside * 1e3, beside_p99 * 1e3);
    println!("ratio of the medians {:.2}, of the p99s {:.2}", beside / alone, beside_p99 / alone_p99);
    println!("one reading: {:.2} s", percentile(&readings, 50));
    beside / alone
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

/// Reads again and again until it is over; seconds of each reading.
fn read_on(read: impl Fn(), over: &AtomicBool, begun: &Barrier) -> Vec<f64> {
    let mut took = Vec::new();
    begun.wait();
    // At least one, however quickly the numbers are given.
    while took.is_empty() || !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        read();
        took.push(began.elapsed().as_secs_f64());
    }
    took
}

/// What a report would cost without packed days.
fn read_every_stop(folder: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(folder.join("antrean.db"), flags).unwrap();
    let question = "SELECT agency, count(*), avg(julianday(called_at) - julianday(entered_at)) FROM stop
                    GROUP BY agency";
    let mut rows = conn.prepare(question).unwrap();
    let agencies = rows.query_map([], |row| row.get::<_, i64>(1)).unwrap().map(Result::unwrap).count();
    assert!(agencies > 1, "there is nothing to read");
}
