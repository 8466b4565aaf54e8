//! Every call by which the box changes its disk, one after the other: killed there, torn there, failing there
//! once or from there on. The run begins with an empty folder, so that the first start is broken too.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::errand::Errand;
use crate::faulty::{Deed, Disk};
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// Does it at every call of the run, or in the short form at one in so many.
fn at_every_call(deed: Deed, for_ever: bool) {
    let desk = Desk::without_printer().far_from_midnight();
    let whole = run(&desk, Deed::Nothing, 0, false);
    let calls = if deed == Deed::EioReads { whole.reads } else { whole.calls };
    assert!(calls > 20 && whole.ended == "served", "{whole:?}");
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    let mut met = 0;
    // The short form meets some ten of them.
    for call in (1..=calls).step_by(long("ANTREAN_CALL_STEP", (calls / 8).max(1) as usize)) {
        let done = run(&desk, deed, call, for_ever);
        // A run that went another way may end before it.
        met += u32::from(done.befell > 0);
        let killed = done.ended == "killed";
        assert_eq!(
            killed,
            done.befell > 0 && matches!(deed, Deed::Kill | Deed::Tear),
            "{deed:?} at {call}: {done:?}"
        );
        *ends.entry(done.ended).or_default() += 1;
    }
    assert!(met >= 6, "it happened {met} times only: {ends:?}");
    println!("{deed:?}, for ever {for_ever}: met {met} calls of {calls}; {ends:?}");
}

#[derive(Debug)]
struct Done {
    calls: u64,
    reads: u64,
    befell: u64,
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
    let (code, log) = match Running::try_start(command) {
        Ok(mut running) => {
            let whole = errand.go_on(&running.address, |_, _| ());
            let code = match whole {
                // Whatever was to come comes while it leaves.
                true if disk.befell() == 0 => Some(running.leave()),
                true => {
                    running.kill_and_hear();
                    Some(Some(0))
                }
                false if !for_ever && heals(&mut errand, &running.address) => Some(running.leave()),
                false => running.ends_soon(),
            };
            assert!(for_ever || code.is_some(), "{what}: it goes on, and does not heal");
            (code, std::mem::take(&mut running.log))
        }
        Err((code, log)) => (Some(code), log),
    };
    let ended = ended(code, &log, &what);
    let (calls, reads, befell) = (disk.calls(), disk.reads(), disk.befell());
    let running = Running::try_start(serve(desk))
        .unwrap_or_else(|(code, log)| panic!("{what}: it does not come back, {code:?}\n{}", log.join("\n")));
    assert!(errand.go_on(&running.address, |_, _| ()), "{what}: it does not answer again");
    running.kill();
    errand.check(&what);
    Done { calls, reads, befell, ended }
}

/// After one fault the same box grants what it could not, or is gone.
fn heals(errand: &mut Errand<'_>, address: &str) -> bool {
    (0..3).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        errand.go_on(address, |_, _| ())
    })
}

/// How it ended: by the kill, in order, or with a code and a word that says why. Never by a panic.
fn ended(code: Option<Option<i32>>, log: &[String], what: &str) -> String {
    let said = log.join("\n");
    assert!(!said.contains("panicked"), "{what}: {said}");
    let Some(code) = code else { return "answered busy".to_owned() };
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

#[test]
fn a_read_that_fails_at_any_place() {
    at_every_call(Deed::EioReads, false);
}

#[test]
fn reads_that_fail_at_any_place_and_ever_after() {
    at_every_call(Deed::EioReads, true);
}
