//! How long a lone visitor waits on an idle box: from the tap to the commit, and to the first byte of the slip.
//!
//! `cargo bench --bench idle`: one number at a time, so far apart that everything has fallen asleep, to the house's
//! fake printer on a pseudo-terminal. The control appends 4 KiB to a file on the same disk and waits for it, in turn.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/rows.rs"]
mod rows;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use antrean::fake::Model;
use antrean::printer::Deadlines;
use antrean::queue::Command;
use rows::{keep, percentile};
use support::house::{House, issue};
use support::office::{Office, serial, settings};
use support::paper::Paper;

const ROUNDS: usize = 5;
/// Visitors of a round; 200 in all.
const VISITORS: usize = 40;
/// Nothing of the house stays awake so long, and what is done when nobody is there is done.
const REST: Duration = Duration::from_millis(1_100);

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        all.iter_mut().zip(round()).for_each(|(all, times)| all.extend(times));
    }
    let [fsync, commit, byte] = all.map(|times| percentile(&times, 99) * 1e3);
    println!("p99 of {}, ms: fsync {fsync:.2}, commit {commit:.2}, first byte {byte:.2}", ROUNDS * VISITORS);
    keep("idle-commit", &[commit - fsync]);
    keep("idle-byte", &[byte - fsync]);
}

/// Seconds of the control, to the commit, and to the first byte.
fn round() -> [Vec<f64>; 3] {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut control = File::create(folder.path().join("control")).unwrap();
    let paper = Paper::of(Model::EPSON);
    let house = House::on(folder, "2026-11-23 09:00").unwrap();
    let mut office =
        Office::in_house(house, settings("printer-1", serial(&paper), None, Deadlines::default()));
    office.wait_until_ready();
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for nth in 0..VISITORS {
        std::thread::sleep(REST);
        let began = Instant::now();
        control.write_all(&[nth as u8; 4096]).unwrap();
        control.sync_data().unwrap();
        times[0].push(began.elapsed().as_secs_f64());
        let before = paper.machine(|machine| machine.tape().len());
        let hall = &office.house.hall;
        let Command::Issue(mut wish) = issue(hall, "ktp") else { unreachable!() };
        wish.printer = Some("printer-1".into());
        let tapped = Instant::now();
        let ticket = hall.execute_blocking(Command::Issue(wish)).unwrap().ticket.unwrap().id;
        times[1].push(tapped.elapsed().as_secs_f64());
        paper.wait_for(|machine| machine.tape().len() > before);
        times[2].push(tapped.elapsed().as_secs_f64());
        office.fate(ticket);
    }
    times
}
