//! The package: what it promises is there, and what its units start exists.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;

const UNITS: [&str; 2] = ["packaging/antrean.service", "packaging/kiosk/antrean-kiosk.service"];

fn repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repo(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `(source, place in the package)` of every asset.
fn assets() -> Vec<(String, String)> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().unwrap().clone();
    let pairs = assets.iter().map(|asset| {
        let text = |at: usize| asset[at].as_str().unwrap().to_owned();
        (text(0), text(1))
    });
    pairs.collect()
}

/// Where a source lands: a place that ends with `/` is a folder.
fn landing(source: &str, place: &str) -> String {
    let name = if place.ends_with('/') { source.rsplit('/').next().unwrap() } else { "" };
    format!("/{place}{name}")
}

fn of<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

#[test]
fn every_file_of_the_package_exists() {
    let assets = assets();
    assert!(assets.len() > 10);
    for (source, _) in assets.iter().filter(|(source, _)| !source.starts_with("target/")) {
        let Some((folder, name)) = source.rsplit_once('/').filter(|(_, name)| name.contains('*')) else {
            assert!(repo(source).is_file(), "{source} is in the package, and not here");
            continue;
        };
        let (before, after) = name.split_once('*').unwrap();
        let found = std::fs::read_dir(repo(folder)).unwrap().any(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.starts_with(before) && name.ends_with(after)
        });
        assert!(found, "nothing here is {source}");
    }
}

#[test]
fn every_kept_config_file_is_in_the_package() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let installed: Vec<String> = assets().iter().map(|(source, place)| landing(source, place)).collect();
    let kept = manifest["package"]["metadata"]["deb"]["conf-files"].as_array().unwrap();
    for file in kept.iter().map(|file| file.as_str().unwrap()) {
        assert!(installed.iter().any(|place| place == file), "{file} is not installed");
    }
    let in_etc = installed.iter().filter(|place| place.starts_with("/etc/")).count();
    assert_eq!(in_etc, kept.len(), "a file in /etc that an upgrade would overwrite");
}

#[test]
fn what_the_units_start_is_installed_and_known() {
    let installed: Vec<String> = assets().iter().map(|(source, place)| landing(source, place)).collect();
    for path in UNITS {
        let unit = read(path);
        let starts = of(&unit, "ExecStart");
        assert_eq!(starts.len(), 1, "{path}");
        let program = starts[0].split(' ').next().unwrap();
        assert!(installed.iter().any(|place| place == program), "{path} starts {program}");
        let kiosk =
            of(&unit, "Environment").into_iter().find_map(|line| line.strip_prefix("\"KIOSK_COMMAND="));
        let line = kiosk.map_or(starts[0], |line| line.trim_end_matches('"'));
        knows(path, line);
    }
}

/// Whether the program of this build takes a unit's line.
fn knows(unit: &str, line: &str) {
    let mut words = line.split(' ').skip(1);
    let command = words.next().unwrap();
    let help = Command::new(env!("CARGO_BIN_EXE_antrean")).args([command, "--help"]).output().unwrap();
    assert!(help.status.success(), "{unit}: there is no antrean {command}");
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in words.filter(|word| word.starts_with("--")) {
        assert!(help.contains(flag), "{unit}: antrean {command} knows no {flag}");
    }
}

#[test]
fn both_units_never_give_up_and_are_watched() {
    for path in UNITS {
        let unit = read(path);
        let is = |key: &str, value: &str| assert_eq!(of(&unit, key), [value], "{path}: {key}");
        is("Type", "notify");
        is("Restart", "always");
        is("StartLimitIntervalSec", "0");
        is("User", "antrean");
        is("StateDirectory", "antrean");
        is("StateDirectoryMode", "0700");
        is("UMask", "0077");
        assert_eq!(of(&unit, "WatchdogSec").len(), 1, "{path}: nobody watches");
    }
    assert!(of(&read(UNITS[1]), "Conflicts")[0].contains("antrean.service"), "two boxes on one data folder");
}

/// Runs `systemd-analyze`; `None` where there is none, said aloud.
fn analyze(args: &[&str]) -> Option<(bool, String)> {
    let Ok(output) = Command::new("systemd-analyze").args(args).output() else {
        eprintln!("not looked at: this computer has no systemd-analyze");
        return None;
    };
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn the_service_is_hardened_to_one_and_a_half_and_the_kiosk_with_its_display_to_two_and_a_half() {
    for (path, threshold) in UNITS.iter().zip(["--threshold=15", "--threshold=27"]) {
        let unit = repo(path);
        let args = ["security", "--offline=true", threshold, unit.to_str().unwrap()];
        if let Some((fine, said)) = analyze(&args) {
            assert!(fine, "{path}: {said}");
        }
    }
}

/// Whoever fills both doors makes the box slow, and does not have it ended.
#[test]
fn both_doors_full_at_their_worst_fit_into_the_memory_of_the_units() {
    let worst_kib = 2 * antrean::web::Limits::default().connections * 130;
    for path in UNITS {
        let unit = read(path);
        let most = of(&unit, "MemoryMax")[0];
        let kib = match most.strip_suffix('G') {
            Some(gib) => gib.parse::<usize>().unwrap() << 20,
            None => most.strip_suffix('M').unwrap().parse::<usize>().unwrap() << 10,
        };
        assert!(worst_kib + (128 << 10) < kib, "{path}: {worst_kib} KiB and what a box has anyway, of {kib}");
    }
}

#[test]
fn systemd_finds_nothing_to_say_about_the_units() {
    // What they start is not installed here: programs of this computer stand in.
    let folder = tempfile::tempdir().unwrap();
    for path in UNITS {
        let unit = read(path);
        let start = of(&unit, "ExecStart")[0];
        let program = start.split(' ').next().unwrap();
        let copy = folder.path().join(path.rsplit('/').next().unwrap());
        let unit = unit.replace(program, "/bin/sh");
        let unit = unit.replace("Documentation=file:///usr/share/doc/antrean/", "# guide: ");
        std::fs::write(&copy, unit).unwrap();
        let Some((fine, said)) = analyze(&["verify", "--man=no", copy.to_str().unwrap()]) else { return };
        let ours: Vec<&str> = said.lines().filter(|line| line.contains("antrean")).collect();
        assert!(fine && ours.is_empty(), "{path}:\n{said}");
    }
}

#[test]
fn the_scripts_are_shell() {
    let scripts =
        ["deb/postinst", "deb/prerm", "deb/postrm", "antrean-box", "try-deb.sh", "kiosk/antrean-session"];
    for script in scripts {
        let path = repo("packaging").join(script);
        let shell =
            if std::fs::read_to_string(&path).unwrap().starts_with("#!/bin/bash") { "bash" } else { "sh" };
        let output = Command::new(shell).arg("-n").arg(&path).output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
