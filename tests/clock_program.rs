//! The program itself under clocks that are wrong: libfaketime shows it another time of day, and the time since
//! the machine was switched on stays what it is.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::program::{Desk, Running, antrean};

/// Only a broken box needs so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where Debian's `faketime` lays it; none, said with what to do, where it is not installed.
fn library() -> Option<PathBuf> {
    let places = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf"];
    let found = places
        .map(|place| Path::new("/usr/lib").join(place).join("faketime/libfaketimeMT.so.1"))
        .into_iter()
        .find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("ANTREAN_STRICT").is_none(), "there is no libfaketime");
        println!("SKIPPED: there is no libfaketime (apt-get install faketime)");
    }
    found
}

/// A box whose system's clock shows what the file says, in UTC.
fn serve(desk: &Desk, library: &Path, clock: &str) -> Running {
    let file = desk.folder.path().join("clock");
    std::fs::write(&file, clock).unwrap();
    let config = desk.config();
    let mut command = antrean(&["serve", "--demo", "--config", &config, "--listen", "127.0.0.1:0", "--data"]);
    command.arg(desk.data()).env("LD_PRELOAD", library).env("TZ", "UTC");
    command.env("FAKETIME_TIMESTAMP_FILE", file).env("FAKETIME_NO_CACHE", "1");
    command.env("DONT_FAKE_MONOTONIC", "1");
    Running::start(command)
}

fn set(desk: &Desk, clock: &str) {
    std::fs::write(desk.folder.path().join("clock"), clock).unwrap();
}

/// The business day as the board has it.
fn day(running: &Running) -> String {
    let board = ureq::get(format!("http://{}/api/v1/board", running.address)).call().unwrap();
    let board = board.into_body().read_to_string().unwrap();
    let board: serde_json::Value = serde_json::from_str(&board).unwrap();
    board["day"].as_str().unwrap().to_owned()
}

/// What time it is in the house.
fn time(running: &Running) -> chrono::DateTime<chrono::FixedOffset> {
    let page = ureq::get(format!("http://{}/lobby", running.address)).call().unwrap();
    page.headers()["x-site-time"].to_str().unwrap().parse().unwrap()
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn doubts(desk: &Desk) -> i64 {
    desk.rows("SELECT count(*) FROM journal WHERE event = 'clock_doubted'")
}

#[test]
fn a_box_that_starts_in_1970_goes_on_with_its_day() {
    let Some(library) = library() else { return };
    let desk = Desk::new();
    let running = serve(&desk, &library, "@2026-11-23 03:00:00");
    assert_eq!((day(&running).as_str(), desk.issue(&running.address)), ("2026-11-23", Some(1)));
    assert_eq!(running.terminate(), Some(0));
    let running = serve(&desk, &library, "@1970-01-01 00:10:00");
    assert_eq!((day(&running).as_str(), desk.issue(&running.address)), ("2026-11-23", Some(2)));
    assert_eq!(time(&running).date_naive().to_string(), "2026-11-23");
    assert_eq!(doubts(&desk), 1);
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn an_hour_back_while_it_runs_is_a_question_and_numbers_go_on() {
    let Some(library) = library() else { return };
    let desk = Desk::new();
    // It runs on from there.
    let running = serve(&desk, &library, "@2026-11-23 03:00:00");
    assert_eq!(desk.issue(&running.address), Some(1));
    let (before, of) = (time(&running), day(&running));
    assert_eq!(doubts(&desk), 0, "nobody doubts a right clock");
    set(&desk, "@2026-11-23 02:00:00");
    until("nobody noticed", || doubts(&desk) == 1);
    assert!(time(&running) >= before, "the house went back with it");
    assert_eq!((day(&running), desk.issue(&running.address)), (of, Some(2)));
    set(&desk, "@2026-11-23 03:00:00");
    until("a right clock is doubted", || {
        desk.rows("SELECT count(*) FROM journal WHERE event = 'clock_believed'") == 1
    });
    assert_eq!(desk.issue(&running.address), Some(3));
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn the_second_after_which_31_bits_are_full_is_a_second_like_others() {
    let Some(library) = library() else { return };
    let desk = Desk::new();
    let running = serve(&desk, &library, "@2038-01-19 03:14:03");
    assert_eq!((day(&running).as_str(), desk.issue(&running.address)), ("2038-01-19", Some(1)));
    until("the clock stopped", || time(&running).timestamp() > i64::from(i32::MAX) + 1);
    assert_eq!((day(&running).as_str(), desk.issue(&running.address)), ("2038-01-19", Some(2)));
    assert_eq!(doubts(&desk), 0);
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn at_midnight_numbers_begin_anew() {
    let Some(library) = library() else { return };
    let desk = Desk::new();
    // Five minutes to midnight in Langsa; a clock that is put forward by less is believed.
    let running = serve(&desk, &library, "@2026-11-23 16:55:00");
    assert_eq!((day(&running).as_str(), desk.issue(&running.address)), ("2026-11-23", Some(1)));
    assert_eq!(desk.issue(&running.address), Some(2));
    set(&desk, "@2026-11-23 16:59:50");
    until("the day did not change", || day(&running) == "2026-11-24");
    assert_eq!(desk.issue(&running.address), Some(1));
    assert_eq!(doubts(&desk), 0);
    assert_eq!(running.terminate(), Some(0));
}
