//! The program as a technician meets it: how it starts, refuses, leaves, and comes back.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use support::program::{Desk, Running, antrean, run, stderr, stdout};

#[test]
fn after_a_kill_the_next_number_is_right() {
    let desk = Desk::new();
    let running = desk.serve();
    assert_eq!(desk.issue(&running.address), Some(1));
    running.kill();
    let running = desk.serve();
    assert_eq!(desk.issue(&running.address), Some(2));
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn killed_in_the_middle_of_the_rush_nothing_told_is_lost_or_given_twice() {
    let desk = Desk::new();
    let mut told: Vec<u64> = Vec::new();
    for _ in 0..5 {
        let running = desk.serve();
        let address = running.address.clone();
        let (tell, numbers) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let (tell, desk, address) = (tell.clone(), &desk, &address);
                // Until the plug is pulled: then there is nobody left to answer.
                scope.spawn(
                    move || while desk.issue(address).is_some_and(|number| tell.send(number).is_ok()) {},
                );
            }
            drop(tell);
            told.extend(numbers.iter().take(40));
            running.kill();
            told.extend(numbers.iter());
        });
    }
    let distinct: BTreeSet<u64> = told.iter().copied().collect();
    assert_eq!(distinct.len(), told.len(), "a number was given twice: {told:?}");
    let list: Vec<String> = distinct.iter().map(u64::to_string).collect();
    let kept = format!("SELECT count(*) FROM ticket WHERE prefix = 'A' AND n IN ({})", list.join(","));
    assert_eq!(desk.rows(&kept), told.len() as i64, "a number that was told is lost");
    assert_eq!(desk.rows("SELECT max(seq) - count(*) FROM journal"), 0);
    let mismatch =
        "SELECT (SELECT count(*) FROM journal WHERE event = 'ticket_issued') - (SELECT count(*) FROM ticket)";
    assert_eq!(desk.rows(mismatch), 0);
}

#[test]
fn a_bad_config_is_refused_with_the_whole_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    let text = antrean::config::DEFAULT
        .replace("timezone = \"WIB\"", "timezone = \"WIBB\"")
        // Which calendars are missed depends on the date.
        .replace("file = \"holidays-{year}.toml\"", "");
    std::fs::write(&path, text.replace("prefix = \"B\"", "prefix = \"A\"")).unwrap();
    let path = path.display().to_string();
    for command in ["serve", "check"] {
        let refused = run(&[command, "--config", &path, "--data", "never"]);
        let report = stderr(&refused);
        assert_eq!(refused.status.code(), Some(1), "{report}");
        assert!(report.contains("error[unknown_word]") && report.contains("did you mean `WIB`?"), "{report}");
        assert!(report.contains("error[prefix_taken]") && report.contains("2 problems in"), "{report}");
    }
    assert!(!Path::new("never").exists());
    let missing = run(&["serve", "--config", "/no/such/antrean.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("antrean config default > /no/such/antrean.toml"));
}

/// A warning keeps no box from running: it is told, and the exit code says that the file is fine.
#[test]
fn a_config_to_be_warned_of_is_fine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    let text = antrean::config::DEFAULT.replace("# logo = \"logo.png\"", "logo = \"logo.png\"");
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    let told = run(&["check", &path]);
    assert_eq!(told.status.code(), Some(0));
    assert!(stderr(&told).contains("warning[unreadable_logo]"), "{}", stderr(&told));
    assert!(stdout(&told).contains("is fine: 10 agencies"), "{}", stdout(&told));
    let json = run(&["check", "--json", &path]);
    assert_eq!(json.status.code(), Some(0));
    assert!(stdout(&json).contains("\"level\": \"warning\""), "{}", stdout(&json));
}

#[test]
fn data_that_cannot_be_used_is_refused_with_a_remedy() {
    let desk = Desk::new();
    let refused = |data: &Path| {
        let mut command =
            antrean(&["serve", "--listen", "127.0.0.1:0", "--config", &desk.config(), "--data"]);
        let output = command.arg(data).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        stderr(&output)
    };
    let file = desk.folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    assert!(refused(&file).contains("name another folder with --data. [data_folder]"));

    let running = desk.serve();
    assert!(refused(&desk.data()).contains("[data_in_use]"));
    running.terminate();

    let newer = rusqlite::Connection::open(desk.data().join("antrean.db")).unwrap();
    newer.execute_batch("PRAGMA user_version = 9999").unwrap();
    drop(newer);
    assert!(refused(&desk.data()).contains("Install the newer program again"));
}

#[test]
fn a_taken_port_is_refused_with_a_remedy() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = desk.data().display().to_string();
    let refused = run(&["serve", "--listen", &address, "--config", &desk.config(), "--data", &data]);
    assert_eq!(refused.status.code(), Some(4), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("--listen"));
}

#[test]
fn without_a_display_it_says_so_in_one_line_and_serves() {
    let desk = Desk::new();
    let mut command =
        antrean(&["run", "--demo", "--listen", "127.0.0.1:0", "--config", &desk.config(), "--data"]);
    command.arg(desk.data());
    let running = Running::start(command);
    let said: Vec<_> = running.log.iter().filter(|line| line.contains("no window")).collect();
    assert_eq!(said.len(), 1, "{:?}", running.log);
    assert_eq!(desk.issue(&running.address), Some(1));
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn a_disk_that_fails_at_the_commit_ends_the_program_and_nothing_told_is_lost() {
    let desk = Desk::new();
    // No file may grow beyond this: the write that would fails, as on a disk going bad.
    let limit = format!(
        "trap '' XFSZ; ulimit -f 600; exec {} serve --demo --listen 127.0.0.1:0 --config {} --data {}",
        env!("CARGO_BIN_EXE_antrean"),
        desk.config(),
        desk.data().display()
    );
    let mut command = Command::new("sh");
    command.args(["-c", &limit]);
    let mut running = Running::start(command);
    let mut told = Vec::new();
    while let Some(number) = desk.issue(&running.address) {
        told.push(number);
        assert!(told.len() < 2_000, "the limit was never met");
    }
    assert_eq!(running.exit_code(), Some(70), "{:?}", running.log);
    assert!(running.log.iter().any(|line| line.contains("the disk failed in the act of committing")));
    drop(running);
    let running = desk.serve();
    let next = desk.issue(&running.address).unwrap();
    assert_eq!(told, (1..=told.len() as u64).collect::<Vec<_>>());
    // The one under way may have been written; it was never told to anybody.
    assert!((told.len() as u64 + 1..=told.len() as u64 + 2).contains(&next), "{next} after {}", told.len());
}

#[test]
fn a_full_disk_is_answered_busy_and_heals_when_there_is_room_again() {
    let allowed = Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("not tested here: this system lets nobody mount a small disk");
        return;
    }
    let desk = Desk::new();
    std::fs::create_dir(desk.data()).unwrap();
    // A config without the preview printer: its pictures would fill the disk by themselves.
    let config =
        std::fs::read_to_string(desk.config()).unwrap().replace("\"preview\"", "\"/dev/no-printer\"");
    std::fs::write(desk.config(), config).unwrap();
    let small_disk = format!(
        "mount -t tmpfs -o size=1m none {data} && head -c 400000 /dev/zero > {data}/ballast &&
         exec {} serve --demo --listen 127.0.0.1:0 --config {} --data {data}",
        env!("CARGO_BIN_EXE_antrean"),
        desk.config(),
        data = desk.data().display()
    );
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &small_disk]);
    let running = Running::start(command);
    let mut told = Vec::new();
    while let Some(number) = desk.issue(&running.address) {
        told.push(number);
        assert!(told.len() < 2_000, "the disk was never full");
    }
    let busy = desk.post(&running.address, "/api/v1/tickets", &json!({ "service": "ktp" })).unwrap();
    assert_eq!(busy["code"], "busy");
    // What is behind /proc is what the box itself sees.
    let seen_by_box = format!("/proc/{}/root{}/ballast", running.pid(), desk.data().display());
    std::fs::remove_file(seen_by_box).unwrap();
    assert_eq!(desk.issue(&running.address), Some(told.len() as u64 + 1));
    assert_eq!(told, (1..=told.len() as u64).collect::<Vec<_>>());
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn a_pin_and_a_token_give_blocks_that_the_config_takes() {
    use std::io::Write;
    let mut pin = antrean(&["pin", "--id", "ani", "--name", "Ani \"A\"", "--agency", "dukcapil"]);
    pin.stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let mut child = pin.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"135790\n").unwrap();
    let staff = stdout(&child.wait_with_output().unwrap());
    let token = run(&["token", "--name", "portal", "--scope", "issue,supervise"]);
    let blocks = stdout(&token);
    let (shown, block) = blocks.split_once("\n\n").unwrap();
    assert!(shown.starts_with("antrean_") && shown.len() == 56, "{shown}");
    assert!(!block.contains(shown));
    let text = format!("{}\n{staff}\n{block}", antrean::config::DEFAULT);
    let config = antrean::config::read("antrean.toml", &text, Default::default()).unwrap();
    assert_eq!((config.staff[0].name.as_str(), config.tokens[0].name.as_str()), ("Ani \"A\"", "portal"));

    for (typed, code, why) in [("1234\n", 2, "a PIN is six digits"), ("123456\n", 1, "[guessable_pin]")] {
        let mut pin = antrean(&["pin", "--id", "ani"]);
        pin.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = pin.spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let refused = child.wait_with_output().unwrap();
        assert_eq!(refused.status.code(), Some(code));
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    }
}

#[test]
fn every_command_explains_itself() {
    for command in ["run", "serve", "check", "pin", "token", "config"] {
        let help = run(&[command, "--help"]);
        assert!(help.status.success() && stdout(&help).contains("Usage: antrean"), "{command}");
    }
    let unknown = run(&["dance"]);
    assert_eq!(unknown.status.code(), Some(2));
    let default = run(&["config", "default"]);
    assert_eq!(stdout(&default), antrean::config::DEFAULT);
    assert_eq!(stdout(&run(&["config", "slip"])), antrean::slip::Template::DEFAULT);
}
