//! Whether a number or a call takes longer where a year, or ten, of old tickets is in the file.
//!
//! `cargo bench --bench old`, on the million tickets that `--bench report` reads too (the first run fills them);
//! `-- --ten` on ten millions as well: the same again nine times before them, written by SQL, ten gigabytes more.
//! Acts on the old file and on a young one in turn, each on a new day; what is kept are ratios of medians. The young
//! one is empty, and then one of a single day: that tells what is the file's from what is the house's, which reckons
//! with each number when its holder's turn will come as soon as it knows how long its services take.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/million.rs"]
mod million;
#[path = "support/rows.rs"]
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use antrean::clock::Clock;
use antrean::hall::{self, Fate, Hall};
use antrean::queue::{Class, Command, CounterId, Issue, Language, Origin, Seen};
use antrean::store::{DataFolder, Writer};
use chrono::{NaiveTime, TimeDelta};
use million::Fill;
use rows::{keep, median};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::oneshot;

const ROUNDS: usize = 5;
const ACTS: usize = 400;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    measure("old-1", &million::folder(Fill::default()));
    if args.iter().any(|arg| arg == "--ten") {
        measure("old-10", &ten_millions());
    }
}

/// An open hall on a day that nothing happened on yet.
struct Open {
    hall: Hall,
    fate: oneshot::Receiver<Fate>,
    seconds: f64,
}

impl Open {
    fn on(folder: &Path) -> Self {
        let rules = million::rules();
        let began = Instant::now();
        let writer = Writer::open(DataFolder::open(folder).unwrap()).unwrap();
        let last = writer.day().unwrap().date();
        let today = last.or(Fill::default().dates().last()).unwrap() + TimeDelta::days(1);
        let (clock, _) = Clock::set(rules.instant(today, NaiveTime::from_hms_opt(9, 0, 0).unwrap()));
        let (hall, fate) = hall::open(writer, Arc::new(rules), clock).unwrap();
        // What the first screen shows.
        hall.present().board();
        Self { hall, fate, seconds: began.elapsed().as_secs_f64() }
    }

    fn close(self) {
        self.hall.close();
        self.fate.blocking_recv().unwrap();
    }

    fn issue(&self) -> f64 {
        self.took(Command::Issue(Issue {
            service: "ktp".into(),
            class: Class::Regular,
            language: Language::ID,
            origin: Origin::Kiosk("anjungan-1".into()),
            printer: None,
            nonce: self.hall.new_nonce(),
        }))
    }

    /// A call; the visitor before is finished with it.
    fn call(&self, counter: &CounterId) -> f64 {
        let took = self.took(Command::CallNext { counter: counter.clone(), seen: Seen::Unsaid });
        self.took(Command::Start { counter: counter.clone(), seen: Seen::Unsaid });
        took
    }

    fn took(&self, command: Command) -> f64 {
        let began = Instant::now();
        self.hall.execute_blocking(command).unwrap();
        began.elapsed().as_secs_f64()
    }
}

/// Against an empty file, and against one of a single day.
fn measure(row: &str, old: &Path) {
    let usual = Fill::default();
    let a_day = million::folder(Fill { tickets: usual.tickets / usual.days, days: 1 });
    let opened = against(row, old, || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
    keep(&format!("{row}-open"), &opened);
    against(&format!("{row}-day"), old, || million::copy(&a_day));
}

/// Seconds until the hall was open on the old file.
fn against(row: &str, old: &Path, control: impl Fn() -> TempDir) -> Vec<f64> {
    let copy = million::copy(old);
    let (mut issues, mut calls, mut opened) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let young = control();
        let sides = [Open::on(copy.path()), Open::on(young.path())];
        opened.push(sides[0].seconds);
        let rules = sides[0].hall.present().rules.clone();
        let ktp = "ktp".into();
        let counter = &rules.counters.iter().find(|counter| counter.services.contains(&ktp)).unwrap().id;
        for side in &sides {
            side.took(Command::OpenCounter { counter: counter.clone(), staff: "ani".into() });
        }
        issues.push(ratio(&sides, Open::issue));
        calls.push(ratio(&sides, |side| side.call(counter)));
        sides.into_iter().for_each(Open::close);
    }
    println!("{row}: issue {issues:.2?}, call {calls:.2?}, open {opened:.3?} s");
    keep(&format!("{row}-issue"), &issues);
    keep(&format!("{row}-call"), &calls);
    opened
}

/// The median on the old file, in units of that on the young one; act by act in turn.
fn ratio(sides: &[Open; 2], act: impl Fn(&Open) -> f64) -> f64 {
    let pairs: Vec<[f64; 2]> = (0..ACTS).map(|_| [act(&sides[0]), act(&sides[1])]).collect();
    let of = |side: usize| median(&pairs.iter().map(|pair| pair[side]).collect::<Vec<_>>());
    of(0) / of(1)
}

/// A copy of the million with nine more before it: tickets, stops, slips, packed days, and of the journal the lines
/// that issue. What was before line 1 has a negative number; nobody who acts reads it.
fn ten_millions() -> PathBuf {
    let one = million::folder(Fill::default());
    let ten = one.with_file_name(format!("{}-ten", one.file_name().unwrap().to_str().unwrap()));
    if ten.exists() {
        return ten;
    }
    let draft = ten.with_extension("draft");
    let _ = std::fs::remove_dir_all(&draft);
    std::fs::create_dir(&draft).unwrap();
    for name in ["antrean.db", "site.key"] {
        std::fs::copy(one.join(name), draft.join(name)).unwrap();
    }
    let conn = Connection::open(draft.join("antrean.db")).unwrap();
    conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        .unwrap();
    let lines: i64 = conn.query_row("SELECT MAX(seq) FROM journal", [], |row| row.get(0)).unwrap();
    for years in 1..10 {
        let (back, day) = (years * lines, format!("date(day, '-{} days')", years * 364));
        conn.execute_batch(&format!(
            "BEGIN;
             INSERT INTO journal (seq, day, at, event, body)
               SELECT seq - {back}, {day}, at, event, body FROM journal WHERE seq > 0 AND event = 'ticket_issued';
             INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, printer, reference,
                                 token_hash, state, counter, calls, issued_at, called_at, started_at, ended_at, outcome)
               SELECT id - {back}, {day}, prefix, n, service, agency, class, language, origin, printer, reference,
                      randomblob(32), state, counter, calls, issued_at, called_at, started_at, ended_at, outcome
               FROM ticket WHERE id > 0 AND state NOT IN ('called', 'serving');
             INSERT INTO stop (ticket, ord, service, agency, counter, entered_at, called_at, started_at, ended_at, ended_as)
               SELECT ticket - {back}, ord, service, agency, counter, entered_at, called_at, started_at, ended_at, ended_as
               FROM stop WHERE ticket > 0;
             INSERT INTO slip (id, ticket, printer, reprint, state, queued_at, settled_at)
               SELECT id - {back}, ticket - {back}, printer, reprint, state, queued_at, settled_at FROM slip WHERE id > 0;
             INSERT INTO day_ledger (seq, day, body) SELECT seq - {back}, {day}, body FROM day_ledger WHERE seq > 0;
             COMMIT"
        ))
        .unwrap();
        println!("filling: {} million tickets", years + 1);
    }
    drop(conn);
    std::fs::rename(&draft, &ten).unwrap();
    ten
}
