//! The box explains itself: to a terminal, to its service manager, and to whoever is told of alarms.
#![allow(clippy::unwrap_used)]

mod support;

use std::os::unix::net::UnixDatagram;

use serde_json::{Value, json};
use support::program::{Desk, Running, antrean, run, stdout};

fn keys(lines: &Value) -> Vec<&str> {
    lines.as_array().unwrap().iter().map(|line| line["key"].as_str().unwrap()).collect()
}

#[test]
fn the_doctor_asks_the_box_that_runs_and_looks_by_himself_where_none_does() {
    let desk = Desk::new();
    let (config, data) = (desk.config(), desk.data().display().to_string());
    let ask = || {
        let said =
            run(&["doctor", "--json", "--config", &config, "--data", &data, "--listen", "127.0.0.1:0"]);
        (said.status.code(), serde_json::from_str::<Value>(&stdout(&said)).unwrap())
    };
    let (code, lines) = ask();
    assert_eq!(code, Some(1), "a box that does not run is at fault");
    assert!(keys(&lines).contains(&"hall:not_running"), "{lines}");
    assert_eq!(lines[0]["health"], "fault", "the worst is first: {lines}");
    assert!(lines[0]["remedy"].as_str().unwrap().contains("systemctl start antrean"), "{lines}");

    let running = desk.serve();
    desk.issue(&running.address).unwrap();
    let (_, lines) = ask();
    let found = keys(&lines);
    assert!(found.contains(&"hall:fine") && found.contains(&"database:fine"), "{lines}");
    assert!(found.contains(&"starts:fine") && found.contains(&"printer:printer-1:fine"), "{lines}");
    let waiting = lines.as_array().unwrap().iter().find(|line| line["key"] == "waiting:fine").unwrap();
    assert!(waiting["says"].as_str().unwrap().starts_with("1 waiting"), "{waiting}");
}

#[test]
fn the_doctor_speaks_the_language_of_the_terminal() {
    let desk = Desk::new();
    let data = desk.data().display().to_string();
    let said = |language: &str| {
        let mut doctor = antrean(&["doctor", "--data", &data, "--config", &desk.config()]);
        stdout(&doctor.env_remove("LC_ALL").env("LANG", language).output().unwrap())
    };
    assert!(said("id_ID.UTF-8").contains("Kotak tidak jalan."));
    let english = said("C.UTF-8");
    assert!(english.contains("FAULT") && english.contains("The box does not run."), "{english}");
}

#[test]
fn a_box_that_was_killed_counts_it_and_one_that_left_does_not() {
    let desk = Desk::new();
    let falls = || {
        let starts = std::fs::read(desk.data().join("starts.json")).unwrap();
        serde_json::from_slice::<Value>(&starts).unwrap()["falls"].as_u64().unwrap()
    };
    assert_eq!(desk.serve().terminate(), Some(0));
    desk.serve().kill();
    assert_eq!(falls(), 0, "nobody knows before the next start");
    assert_eq!(desk.serve().terminate(), Some(0));
    assert_eq!(falls(), 1);
}

#[test]
fn the_service_manager_hears_ready_life_and_leave() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    let mut command = antrean(&["serve", "--listen", "127.0.0.1:0", "--demo", "--config", &desk.config()]);
    command.arg("--data").arg(desk.data()).env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "600000");
    command.env_remove("WATCHDOG_PID");
    let running = Running::start(command);
    let hear = || {
        let mut said = [0; 512];
        let length = manager.recv(&mut said).unwrap();
        String::from_utf8_lossy(&said[..length]).into_owned()
    };
    let mut heard = Vec::new();
    while !(heard.iter().any(|said: &String| said.contains("READY=1"))
        && heard.iter().filter(|said| said.contains("WATCHDOG=1")).count() >= 3)
    {
        heard.push(hear());
    }
    assert_eq!(running.terminate(), Some(0));
    while !hear().contains("STOPPING=1") {}
}

/// A port that is not there is a fault of the printer: the program that the config names is told once.
#[test]
fn an_alarm_is_told_to_the_program_of_the_config() {
    let desk = Desk::with_printer(std::path::Path::new("/dev/no-such-printer"));
    let told = desk.folder.path().join("told");
    let path = desk.folder.path().join("antrean.toml");
    let script = format!("cat >> {0}; echo >> {0}", told.display());
    let command = format!("[alarms]\ncommand = {}", json!(["/bin/sh", "-c", script]));
    let config = std::fs::read_to_string(&path).unwrap();
    assert_eq!(config.matches("\n[alarms]\n").count(), 1);
    std::fs::write(&path, config.replace("\n[alarms]\n", &format!("\n{command}\n"))).unwrap();
    let heard = || {
        let text = std::fs::read_to_string(&told).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["id"].as_str().unwrap().starts_with("printer:")).collect::<Vec<_>>()
    };
    // Not a demonstration: those tell nobody outside.
    let serve = || Running::serve(&desk.data(), &["--config", &desk.config()]);
    let mut running = serve();
    running.wait_for_line("The printer's cable is off");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while heard().is_empty() {
        assert!(std::time::Instant::now() < until, "nobody was told");
        std::thread::yield_now();
    }
    assert_eq!(heard()[0]["state"], "raised");
    assert_eq!(heard()[0]["weight"], "fault");
    assert!(heard()[0]["says"]["id"].as_str().unwrap().contains("Kabel printer lepas"));
    assert_eq!(running.terminate(), Some(0));
}
