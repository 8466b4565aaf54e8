//! What a technician reads when a config is wrong: each mistake with the whole of its report, to be read in
//! review. A case is a file `tests/broken/NAME.toml`; what is said of it stands in `NAME.snap` beside it.
//! After a wanted change: `INSTA_UPDATE=always cargo test --test broken`.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use antrean::config::{self, Options};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn good() -> String {
    fs::read_to_string(folder().join("good.toml")).unwrap()
}

/// `antrean check` on a file of a folder, as it stands there: what it says, and its exit code.
fn check(folder: &Path, file: &str, args: &[&str]) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_antrean"))
        .args(["check", file, "--data", "no-box"])
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = if args.contains(&"--json") { &output.stdout } else { &output.stderr };
    (String::from_utf8(said.clone()).unwrap(), output.status.code().unwrap())
}

/// Holds what is said against what was agreed, without what is random of it.
fn agree(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("broken");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said.trim_end()));
}

/// Every case by its name.
fn cases() -> BTreeMap<String, PathBuf> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let cases = files.filter(|path| path.extension().is_some_and(|it| it == "toml"));
    let named = cases.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path));
    named.filter(|(name, _)| name != "good").collect()
}

#[test]
fn the_file_that_the_cases_were_made_of_is_fine() {
    let config = config::load(&folder().join("good.toml"), Options::default()).unwrap();
    assert!(config.warnings.is_none(), "{}", config.warnings.unwrap());
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_remedy() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for name in cases.keys() {
        let (said, code) = check(&folder(), &format!("{name}.toml"), &[]);
        let (json, same) = check(&folder(), &format!("{name}.toml"), &["--json"]);
        assert_eq!(code, same, "{name}");
        let json: Vec<Value> = serde_json::from_str(&json).unwrap();
        assert!(!json.is_empty(), "{name} is fine");
        let errors = json.iter().any(|problem| problem["level"] == "error");
        assert_eq!(code, i32::from(errors), "{name}:\n{said}");
        for problem in &json {
            assert!(problem["line"].as_u64().unwrap() > 0, "{name}: {problem}");
            assert!(
                problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
                "{name} has no remedy: {problem}"
            );
        }
        agree(name, &said);
    }
}

#[test]
fn no_two_mistakes_sound_alike() {
    let mut heard: BTreeMap<String, String> = BTreeMap::new();
    for (name, path) in cases() {
        let report = match config::load(&path, Options::default()) {
            Ok(config) => config.warnings.unwrap().render(false),
            Err(error) => error.report(),
        };
        let words = report.replace(&path.display().to_string(), "");
        if let Some(other) = heard.insert(words, name.clone()) {
            panic!("{name} and {other} are told in the same words");
        }
    }
}

/// A file of these bytes, checked.
fn of_bytes(name: &str, bytes: &[u8]) -> (String, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(format!("{name}.toml")), bytes).unwrap();
    check(folder.path(), &format!("{name}.toml"), &[])
}

#[test]
fn bytes_that_are_no_text_are_told_with_what_to_do_in_the_editor() {
    let latin: Vec<u8> =
        good().replace("Mal Pelayanan", "Caf\u{e9} Pelayanan").chars().map(|c| c as u8).collect();
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(good().encode_utf16().flat_map(bytes)).collect()
    };
    let mut nul = good().into_bytes();
    nul[9] = 0;
    for (name, bytes) in [
        ("encoding-latin-1", latin),
        ("encoding-utf-16-le", utf16([0xFF, 0xFE], u16::to_le_bytes)),
        ("encoding-utf-16-be", utf16([0xFE, 0xFF], u16::to_be_bytes)),
        ("encoding-nul", nul),
        ("encoding-binary", b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20\0\0\xff\xd8".to_vec()),
        ("encoding-empty", Vec::new()),
        ("encoding-only-blanks", b" \n\t\n".to_vec()),
        ("encoding-only-comments", b"# Konfigurasi\n# menyusul\n".to_vec()),
        ("encoding-escape-codes", good().replacen("WIB", "\u{1b}[31mWIB", 1).into_bytes()),
    ] {
        let (said, code) = of_bytes(name, &bytes);
        assert_eq!(code, 1, "{name}: {said}");
        agree(name, &said);
    }
}

#[test]
fn a_mark_of_windows_and_its_line_ends_are_accepted() {
    for (name, text) in [("mark", format!("\u{FEFF}{}", good())), ("line-ends", good().replace('\n', "\r\n"))]
    {
        assert_eq!(of_bytes(name, text.as_bytes()).1, 0, "{name}");
    }
    // And the place of a mistake behind them is the place in the editor.
    let wrong = format!("\u{FEFF}{}", good()).replacen("WIB", "WIP", 1).replace('\n', "\r\n");
    let (said, _) = of_bytes("windows", wrong.as_bytes());
    assert!(said.contains("windows.toml:4:12"), "{said}");
}

#[test]
fn what_is_no_file_to_be_read_is_said_without_reading_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder.toml")).unwrap();
    symlink("nowhere.toml", at("link.toml")).unwrap();
    symlink("circle.toml", at("circle.toml")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe.toml")).status().unwrap().success());
    // Sparse: nobody has to write it, and nobody may read it whole.
    fs::File::create(at("huge.toml")).unwrap().set_len(64 << 30).unwrap();
    fs::write(at("large.toml"), format!("{}# {}", good(), "x".repeat(1 << 20))).unwrap();
    for name in ["folder", "missing", "link", "circle", "pipe", "huge", "large"] {
        let (said, code) = check(folder.path(), &format!("{name}.toml"), &[]);
        assert_eq!(code, 2, "{name}: {said}");
        let (json, _) = check(folder.path(), &format!("{name}.toml"), &["--json"]);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json[0]["code"], "unreadable", "{json}");
        agree(&format!("unreadable-{name}"), &said);
    }
}

#[test]
fn a_file_that_may_not_be_read_says_who_may() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("closed.toml");
    fs::write(&path, good()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        eprintln!("this user may read everything: nothing to be seen");
        return;
    }
    let (said, code) = check(folder.path(), "closed.toml", &[]);
    assert_eq!(code, 2, "{said}");
    agree("unreadable-closed", &said);
}

#[test]
fn an_address_that_another_program_has_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap();
    let phones = format!(
        "{}\n[visitors]\nlisten = \"{taken}\"\nurl = \"http://192.168.100.200:{}\"\n",
        good(),
        taken.port()
    );
    fs::write(folder.path().join("phones.toml"), phones).unwrap();
    let (said, code) = check(folder.path(), "phones.toml", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("address_in_use") && said.contains("another program has it"), "{said}");
    let (said, code) = check(&self::folder(), "good.toml", &["--listen", &taken.to_string()]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("--listen") && said.contains("address_in_use"), "{said}");
    drop(other);
    assert_eq!(check(&self::folder(), "good.toml", &["--listen", &taken.to_string()]).1, 0);
}

#[test]
fn recordings_that_nobody_would_hear_are_told_of() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("voice.toml"), good()).unwrap();
    fs::create_dir(folder.path().join("voice")).unwrap();
    fs::write(folder.path().join("voice/instansi-dukcapil.ogg"), "no sound").unwrap();
    fs::write(folder.path().join("voice/selamat.wav"), "no sound").unwrap();
    let (said, code) = check(folder.path(), "voice.toml", &[]);
    assert_eq!(code, 0, "{said}");
    for part in ["bad_clip", "instansi-dukcapil.ogg", "unused_clip", "voice/selamat.wav"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
