//! The commands about the data, as a technician types them.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::house::House;
use support::program::{Desk, run, stderr, stdout};

fn code(output: &std::process::Output) -> Option<i32> {
    output.status.code()
}

/// Runs a command on a desk's data.
fn on(desk: &Desk, args: &[&str]) -> std::process::Output {
    let (config, data) = (desk.config(), desk.data().display().to_string());
    let common = ["--config", &config, "--data", &data];
    run(&args.iter().copied().chain(common).collect::<Vec<_>>())
}

fn json(output: &std::process::Output) -> Value {
    assert_eq!(code(output), Some(0), "{}", stderr(output));
    serde_json::from_str(&stdout(output)).unwrap()
}

#[test]
fn a_day_is_saved_checked_and_put_back() {
    let desk = Desk::new();
    let stick = desk.folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let running = desk.serve();
    for n in 1..=3 {
        assert_eq!(desk.issue(&running.address), Some(n));
    }
    // By the running box.
    let taken = json(&on(&desk, &["backup", "--json", "--to", stick.to_str().unwrap()]));
    let path = PathBuf::from(taken["path"].as_str().unwrap());
    assert!(path.starts_with(&stick) && taken["bytes"].as_u64().unwrap() > 10_000);
    let said = on(&desk, &["backup"]);
    assert!(
        stdout(&said).contains("backups/antrean-") && stdout(&said).contains("read back"),
        "{}",
        stdout(&said)
    );
    let missing = on(&desk, &["backup", "--to", "/no/such/stick"]);
    assert_eq!(code(&missing), Some(1));
    assert!(stderr(&missing).contains("[backup_folder]"), "{}", stderr(&missing));

    for args in [vec!["verify", "--json"], vec!["verify", "--json", path.to_str().unwrap()]] {
        let report = json(&on(&desk, &args));
        assert_eq!(
            (report["sound"].as_bool(), report["tickets"].as_u64()),
            (Some(true), Some(3)),
            "{report}"
        );
    }
    assert_eq!(desk.issue(&running.address), Some(4));

    for command in [vec!["restore", "--yes", path.to_str().unwrap()], vec!["rebuild"]] {
        let refused = on(&desk, &command);
        assert_eq!(code(&refused), Some(3), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("[data_in_use]"));
    }
    assert_eq!(running.terminate(), Some(0));

    let asked = on(&desk, &["restore", path.to_str().unwrap()]);
    assert_eq!(code(&asked), Some(1), "nobody at a terminal said yes");
    assert!(stdout(&asked).contains("A004 to A004"), "{}", stdout(&asked));
    assert_eq!(desk.rows("SELECT count(*) FROM ticket"), 4);
    let done = on(&desk, &["restore", "--yes", path.join("antrean.db").to_str().unwrap()]);
    assert_eq!(code(&done), Some(0), "{}", stderr(&done));
    assert!(stdout(&done).contains("replaced-"), "{}", stdout(&done));
    assert_eq!(desk.rows("SELECT count(*) FROM ticket"), 3);

    let running = desk.serve();
    assert_eq!(desk.issue(&running.address), Some(5), "A004 is in somebody's hand");
    assert_eq!(running.terminate(), Some(0));
    // While no box runs the command opens the folder itself.
    let alone = json(&on(&desk, &["backup", "--json"]));
    assert!(Path::new(alone["path"].as_str().unwrap()).join("site.key").exists());
}

#[test]
fn a_box_with_a_broken_database_starts_says_it_and_gives_no_number_again() {
    let desk = Desk::new();
    let running = desk.serve();
    for n in 1..=3 {
        assert_eq!(desk.issue(&running.address), Some(n));
    }
    assert_eq!(code(&on(&desk, &["backup"])), Some(0));
    assert_eq!(desk.issue(&running.address), Some(4));
    running.kill();
    std::fs::write(desk.data().join("antrean.db"), "flash").unwrap();
    let mut running = desk.serve();
    assert!(running.log.iter().any(|line| line.contains("put together again")), "{:#?}", running.log);
    assert!(running.log.iter().any(|line| line.contains("damaged-")), "{:#?}", running.log);
    let next = desk.issue(&running.address).unwrap();
    assert!(next > 4, "{next}");
    assert_eq!(running.leave(), Some(0));
    assert_eq!(json(&on(&desk, &["verify", "--json"]))["sound"], true);
}

#[test]
fn every_difference_is_named_and_a_rebuild_ends_them() {
    let desk = Desk::new();
    let running = desk.serve();
    desk.issue(&running.address).unwrap();
    assert_eq!(running.terminate(), Some(0));
    let conn = rusqlite::Connection::open(desk.data().join("antrean.db")).unwrap();
    conn.execute_batch("UPDATE ticket SET n = 77").unwrap();
    drop(conn);
    let found = on(&desk, &["verify"]);
    assert_eq!(code(&found), Some(1));
    assert!(stderr(&found).contains("n is 77, the journal gives 1 [difference]"), "{}", stderr(&found));
    let rebuilt = on(&desk, &["rebuild"]);
    assert_eq!(code(&rebuilt), Some(0), "{}", stderr(&rebuilt));
    assert!(stdout(&rebuilt).contains("differences before: 1, now: 0"), "{}", stdout(&rebuilt));
    assert_eq!(code(&on(&desk, &["verify"])), Some(0));
    assert_eq!(code(&on(&desk, &["verify", "/no/such/backup"])), Some(2));
    let nowhere = run(&["verify", "--data", "/no/such/data"]);
    assert_eq!(code(&nowhere), Some(3), "{}", stderr(&nowhere));
    assert_eq!(code(&run(&["rebuild", "--data", "/no/such/data"])), Some(3));
    assert!(!Path::new("/no/such").exists());
}

/// Two days with served, missed and waiting visitors, on a hall that still runs.
fn two_days() -> House {
    let house = House::open();
    house.open_counter("loket-3");
    house.serve("ktp", "loket-3", 3);
    house.issue("kk").unwrap();
    let house = house.restart("2026-11-24 09:00");
    house.open_counter("loket-3");
    house.serve("ktp", "loket-3", 2);
    house
}

fn export(house: &House, args: &[&str]) -> String {
    let data = house.folder.path().display().to_string();
    let common = ["export", "--data", &data];
    let output = run(&common.iter().copied().chain(args.iter().copied()).collect::<Vec<_>>());
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn an_export_is_what_the_journal_says_while_the_hall_goes_on() {
    let house = two_days();
    let csv = export(&house, &["--from", "2026-11-23", "--to", "2026-11-24"]);
    let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("id,day,number,agency,service"), "{}", lines[0]);
    assert_eq!(lines.len(), 1 + 6);
    assert!(lines[4].contains("2026-11-23,A004,dukcapil,kk") && lines[4].contains("expired"), "{}", lines[4]);
    let one_day = export(&house, &["--from", "2026-11-24", "--to", "2030-01-01", "--what", "stops"]);
    assert_eq!(one_day.split_terminator("\r\n").count(), 1 + 2);

    let events = export(
        &house,
        &["--from", "2026-11-23", "--to", "2026-11-24", "--what", "events", "--format", "jsonl"],
    );
    let events: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let mut query = conn.prepare("SELECT seq, event FROM journal ORDER BY seq").unwrap();
    let kept = query.query_map([], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?))).unwrap();
    let kept: Vec<(u64, String)> = kept.map(Result::unwrap).collect();
    let told: Vec<(u64, String)> = events
        .iter()
        .map(|line| (line["seq"].as_u64().unwrap(), line["event"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(told, kept);
    assert!(events.iter().any(|line| !line["body"]["number"].is_null()), "a line says what happened");
}

#[test]
fn an_export_opens_no_door() {
    let house = two_days();
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let mut query = conn
        .prepare("SELECT lower(hex(token_hash)) FROM ticket UNION ALL SELECT json_extract(body, '$.nonce') FROM journal WHERE event = 'ticket_issued'")
        .unwrap();
    let secrets: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(secrets.len(), 12);
    for what in ["tickets", "stops", "events"] {
        for format in ["csv", "jsonl"] {
            let text = export(
                &house,
                &["--from", "2026-11-01", "--to", "2026-12-01", "--what", what, "--format", format],
            );
            assert!(text.contains("2026-11-23"), "{what} {format}");
            let lower = text.to_lowercase();
            assert!(!lower.contains("nonce") && !lower.contains("token"), "{what} {format}");
            assert!(secrets.iter().all(|secret| !lower.contains(secret)), "{what} {format}");
        }
    }
}

/// A full disk is no damage: whether the start comes to serving or not, the database is as it was.
#[test]
fn a_start_on_a_full_disk_mends_nothing() {
    let allowed = Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("not tested here: this system lets nobody mount a small disk");
        return;
    }
    let desk = Desk::new();
    let running = desk.serve();
    for _ in 0..3 {
        desk.issue(&running.address).unwrap();
    }
    running.kill();
    let script = format!(
        "mkdir {small} && mount -t tmpfs -o size=2m none {small} && cp -p {data}/* {small}/ 2>/dev/null
         {} backup --config {} --data {small} --to {small} 2>&1
         cat /dev/zero > {small}/ballast 2>/dev/null
         timeout 8 {} serve --demo --listen 127.0.0.1:0 --config {} --data {small}; echo code $?
         rm {small}/ballast; ls {small}
         {} verify --data {small}; echo sound $?",
        env!("CARGO_BIN_EXE_antrean"),
        desk.config(),
        env!("CARGO_BIN_EXE_antrean"),
        desk.config(),
        env!("CARGO_BIN_EXE_antrean"),
        data = desk.data().display(),
        small = desk.folder.path().join("small").display(),
    );
    let output = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output().unwrap();
    let said = stdout(&output);
    assert!(said.contains("[backup_room]"), "room is looked for before: {said}");
    // It serves until somebody wants a number, or is refused.
    assert!(said.contains("code 124") || said.contains("code 3"), "{said}\n{}", stderr(&output));
    assert!(!said.contains("damaged-") && !said.contains("exchange"), "{said}");
    assert!(said.contains("sound 0") && said.contains("is sound: 3 tickets"), "{said}\n{}", stderr(&output));
}
