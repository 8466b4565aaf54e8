//! Every call by which the box changes its disk, one after the other: killed there, torn there, failing there
//! once or from there on. The run begins with an empty folder, so that the first start is broken too.

use std::collections::BTreeMap;

use crate::errand::Errand;
use crate::faulty::{Deed, Disk};
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// Does it at every call of the run, or in the short form at one in so many; the last is past the end.
fn at_every_call(deed: Deed, for_ever: bool) {
    let desk = Desk::without_printer();
    let whole = run(&desk, Deed::Nothing, 0, false);
    assert!(whole.calls > 100 && whole.ended == "served", "{whole:?}");
    let step = long("ANTREAN_CALL_STEP", 37);
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    let mut met = 0;
    for call in (1..=whole.calls).step_by(step) {
        let done = run(&desk, deed, call, for_ever);
        met += u32::from(done.calls >= call);
        *ends.entry(done.ended).or_default() += 1;
    }
    assert!(met > 0, "it never happened");
    println!("{deed:?}, for ever {for_ever}: {met} calls of {}; {ends:?}", whole.calls);
}

#[derive(Debug)]
struct Done {
    calls: u64,
    ended: String,
}

/// One run from an empty folder, broken at a call; then a start on a sound disk, and the rest of it.
fn run(desk: &Desk, deed: Deed, call: u64, for_ever: bool) -> Done {
    let what = format!("{deed:?} at call {call}, for ever {for_ever}");
    let _ = std::fs::remove_dir_all(desk.data());
    let disk = Disk::below(&desk.data());
    disk.will(deed, call, for_ever);
    let mut errand = Errand::new(desk);
    let mut command = serve(desk);
    disk.under(&mut command);
    let ended = match Running::try_start(command) {
        Ok(mut running) => {
            let whole = errand.go_on(&running.address, |_, _| ());
            if whole && disk.calls() < call || deed == Deed::Nothing {
                ended(running.leave(), &running.log, &what)
            } else if whole {
                running.kill();
                "served".to_owned()
            } else {
                let end = running.ends_soon();
                end.map_or("answered busy".to_owned(), |(code, log)| ended(code, &log, &what))
            }
        }
        Err((code, log)) => ended(code, &log, &what),
    };
    let calls = disk.calls();
    let running = Running::try_start(serve(desk))
        .unwrap_or_else(|(code, log)| panic!("{what}: it does not come back, {code:?}\n{}", log.join("\n")));
    assert!(errand.go_on(&running.address, |_, _| ()), "{what}: it does not answer again");
    running.kill();
    errand.check(&what);
    Done { calls, ended }
}

/// How it ended: by the kill, in order, or with a code and a word that says why. Never by a panic.
fn ended(code: Option<i32>, log: &[String], what: &str) -> String {
    let said = log.join("\n");
    assert!(!said.contains("panicked"), "{what}: {said}");
    match code {
        None => "killed".to_owned(),
        Some(0) => "served".to_owned(),
        // Refused with a remedy and a code, before anything was served.
        Some(3) => {
            let refusal = log.last().map_or("", String::as_str);
            assert!(refusal.starts_with("antrean: ") && refusal.ends_with(']'), "{what}: {said}");
            "refused to start".to_owned()
        }
        // Nobody was told anything; the next start looks what is on the disk.
        Some(70) => {
            assert!(
                said.contains("only a new start can tell") || said.contains("the next start mends it"),
                "{what}: {said}"
            );
            "ended at the commit".to_owned()
        }
        Some(code) => panic!("{what}: exit code {code}: {said}"),
    }
}

#[test]
fn killed_at_any_call_that_changes_the_disk() {
    at_every_call(Deed::Kill, false);
}

#[test]
fn killed_with_any_write_half_done() {
    at_every_call(Deed::Tear, false);
}

#[test]
fn an_error_of_the_disk_at_any_call_once() {
    at_every_call(Deed::Eio, false);
}

#[test]
fn an_error_of_the_disk_at_any_call_and_ever_after() {
    at_every_call(Deed::Eio, true);
}

#[test]
fn a_full_disk_at_any_call_once() {
    at_every_call(Deed::Enospc, false);
}

#[test]
fn a_full_disk_at_any_call_and_ever_after() {
    at_every_call(Deed::Enospc, true);
}

#[test]
fn a_disk_that_turns_read_only_at_any_call() {
    at_every_call(Deed::Erofs, true);
}
