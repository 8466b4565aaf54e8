//! A technician at a terminal: finds a printer, tries it, breaks it, and pulls the plug of the box.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{ChildStdin, Output, Stdio};
use std::time::{Duration, Instant};

use antrean::fake::{Condition, Model, Speed};
use serde_json::Value;
use support::paper::Paper;
use support::program::{Desk, antrean, run, stderr, stdout};

fn printer(desk: &Desk, args: &[&str]) -> Output {
    let (config, data) = (desk.config(), desk.data());
    let mut all = vec!["printer", "--config", &config, "--data", data.to_str().unwrap()];
    all.extend(args);
    run(&all)
}

fn status(desk: &Desk) -> Value {
    let output = printer(desk, &["status", "--json"]);
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)))
}

/// Asks until the printer is as wanted.
fn wait_for(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let now = status(desk)[0].clone();
        if wanted(&now) {
            return now;
        }
        assert!(Instant::now() < until, "{now:#}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn ports_are_listed_with_who_answers_there() {
    let paper = Paper::of(Model::EPSON);
    let port = paper.port();
    let ports = |port: &str| stdout(&run(&["printer", "ports", port]));
    let said = ports(port.to_str().unwrap());
    assert!(said.contains("answers at 9600 baud: ready") && said.contains("process_id"), "{said}");
    paper.begin(Condition::CoverOpen);
    let said = ports(port.to_str().unwrap());
    assert!(said.contains("cover_open"), "{said}");
    paper.begin(Condition::Mute);
    assert!(ports(port.to_str().unwrap()).contains("nobody answers at 9600, 19200"));
    assert!(ports("/dev/no-such-port").contains("cannot be opened"));
    assert!(paper.slips().is_empty() && paper.machine(|machine| machine.unfinished().text.is_empty()));
}

#[test]
fn without_a_box_the_printer_is_asked_directly() {
    let paper = Paper::of(Model::EPSON);
    let desk = Desk::with_printer(&paper.port());
    let said = stdout(&printer(&desk, &["status"]));
    assert!(said.contains("No box is running") && said.contains("process_id"), "{said}");
    let tested = printer(&desk, &["test"]);
    assert!(tested.status.success(), "{}", stderr(&tested));
    let page = paper.wait_for_slips(1).remove(0);
    for part in ["Proof of paper: process_id", "115200 8N1", "[QR ANTREAN]", "48 columns", "[cut]"] {
        assert!(page.contains(part), "{part:?} is not on\n{page}");
    }
    paper.begin(Condition::PaperOut);
    let tested = printer(&desk, &["test"]);
    assert_eq!(tested.status.code(), Some(1));
    assert!(stderr(&tested).contains("[paper_out]"), "{}", stderr(&tested));
}

#[test]
fn the_running_box_is_asked_and_goes_on() {
    let paper = Paper::of(Model::GENERIC);
    let desk = Desk::with_printer(&paper.port());
    let running = desk.serve();
    assert_eq!(desk.issue_on_paper(&running.address), Some(1));
    let now = wait_for(&desk, |now| now["waiting"] == 0);
    assert_eq!((&now["state"], &now["proof"]), (&"ready".into(), &"fence".into()), "{now:#}");
    assert!(printer(&desk, &["test", "printer-1"]).status.success());
    assert_eq!(paper.wait_for_slips(2).len(), 2);
    let refused = printer(&desk, &["test", "printer-9"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("there are: printer-1. [unknown_printer]"), "{}", stderr(&refused));
    paper.begin(Condition::CutterJam);
    let now = wait_for(&desk, |now| now["fault"] == "cutter");
    assert_eq!(now["doubtful"], 0);
    assert_eq!(printer(&desk, &["status"]).status.code(), Some(1));
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn emergency_numbers_are_printed_and_never_given_by_the_box() {
    let paper = Paper::of(Model::EPSON);
    let desk = Desk::with_printer(&paper.port());
    let printed = printer(&desk, &["emergency", "A", "B", "--count", "2"]);
    assert!(printed.status.success(), "{}", stderr(&printed));
    let slips = paper.wait_for_slips(4);
    for (slip, number) in slips.iter().zip(["A900", "A901", "B900", "B901"]) {
        assert!(slip.contains(&format!("{number}\n")) && slip.contains("NOMOR DARURAT"), "{slip}");
        assert!(!slip.contains("2026"), "no date: {slip}");
    }
    let all = stdout(&printer(&desk, &["emergency", "--dry-run"]));
    assert!(all.contains("A900 to A949, 50 slips: Dukcapil"), "{all}");
    let refused = printer(&desk, &["emergency", "ZZ"]);
    assert!(stderr(&refused).contains("[unknown_prefix]"), "{}", stderr(&refused));
    paper.begin(Condition::CoverOpen);
    let stopped = printer(&desk, &["emergency", "A", "--count", "2"]);
    assert_eq!(stopped.status.code(), Some(1));
    assert!(stderr(&stopped).contains("A900 and those after it are missing"), "{}", stderr(&stopped));
}

/// `antrean printer fake` with keys through a pipe.
struct Fake {
    child: std::process::Child,
    keys: Option<ChildStdin>,
}

impl Fake {
    fn press(&mut self, key: u8) {
        let keys = self.keys.as_mut().unwrap();
        keys.write_all(&[key]).unwrap();
        keys.flush().unwrap();
    }

    /// Its keys end, and with them the fake; what it has shown.
    fn end(mut self) -> String {
        drop(self.keys.take());
        let output = self.child.wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[test]
fn the_fake_printer_is_a_program_with_keys() {
    let folder = tempfile::tempdir().unwrap();
    let port = folder.path().join("fake");
    let mut command = antrean(&["printer", "fake", "--model", "epson", "--port", port.to_str().unwrap()]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut fake = Fake { keys: child.stdin.take(), child };
    let desk = Desk::with_printer(&port);
    let running = desk.serve();
    wait_for(&desk, |now| now["state"] == "ready");
    for (key, fault) in [(b'p', "paper_out"), (b'c', "cover_open"), (b'm', "mute"), (b'u', "unplugged")] {
        fake.press(key);
        wait_for(&desk, |now| now["fault"] == fault);
        fake.press(key);
        wait_for(&desk, |now| now["state"] == "ready");
    }
    assert_eq!(desk.issue_on_paper(&running.address), Some(1));
    wait_for(&desk, |now| now["waiting"] == 0);
    let shown = fake.end();
    for part in ["paper: out", "cover: closed", "answers: none", "plug: in", "A001", "Referensi"] {
        assert!(shown.contains(part), "{part:?} was not shown:\n{shown}");
    }
    running.kill();
}

/// The box is killed at every stage of a slip's way, and started again. No number is on two papers, and
/// after the start nothing prints by itself.
#[test]
fn a_box_killed_at_any_stage_of_a_slip_never_prints_it_twice() {
    let kills = std::env::var("ANTREAN_KILLS").ok().map_or(8, |count| count.parse().expect("a count"));
    for model in [Model::EPSON, Model { cutter: true, ..Model::CHEAP }] {
        // The slip takes a third of a second on its way: the kills are spread over all of it.
        let paper = Paper::paced(model, Speed { drain: Some(4000), paper: Some(500) }, Some(19_200));
        let desk = Desk::with_printer(&paper.port());
        let mut numbers = Vec::new();
        for kill in 0..kills {
            let running = desk.serve();
            wait_for(&desk, |now| now["state"] == "ready");
            let number = desk.issue_on_paper(&running.address).unwrap();
            std::thread::sleep(Duration::from_millis(500) * kill / kills);
            running.kill();
            numbers.push(number);
        }
        let running = desk.serve();
        wait_for(&desk, |now| now["state"] == "ready");
        let last = desk.issue_on_paper(&running.address).unwrap();
        wait_for(&desk, |now| now["waiting"] == 0);
        numbers.push(last);
        let states = slip_states(&desk);
        for number in &numbers {
            let label = format!("A{number:03}");
            let papers = paper.sheets_of(&label);
            assert!(papers <= 1, "{label} is on {papers} papers");
            match states[number].as_str() {
                "printed" => assert_eq!(papers, 1, "{label} is printed and there is no paper"),
                "uncertain" => {}
                state => panic!("{label} is {state}"),
            }
        }
        assert_eq!(states[&last], "printed");
        assert!(paper.slips().last().unwrap().starts_with("MODE PERAGAAN\n"), "{:?}", paper.slips());
        assert_eq!(running.terminate(), Some(0));
    }
}

fn slip_states(desk: &Desk) -> BTreeMap<u64, String> {
    let conn = rusqlite::Connection::open(desk.data().join("antrean.db")).unwrap();
    let mut select = conn
        .prepare(
            "SELECT ticket.n, slip.state FROM slip JOIN ticket ON ticket.id = slip.ticket ORDER BY slip.id",
        )
        .unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_box_started_twice_is_refused_and_the_first_still_answers() {
    let paper = Paper::of(Model::EPSON);
    let desk = Desk::with_printer(&paper.port());
    let running = desk.serve();
    wait_for(&desk, |now| now["state"] == "ready");
    let (config, data) = (desk.config(), desk.data());
    let second = run(&[
        "serve",
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--config",
        &config,
        "--data",
        data.to_str().unwrap(),
    ]);
    assert_eq!(second.status.code(), Some(3), "{}", stderr(&second));
    assert_eq!(status(&desk)[0]["state"], "ready");
    running.kill();
}
