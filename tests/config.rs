//! The technician's file: what is wrong is said at once, with place and remedy.
#![allow(clippy::unwrap_used)]

use antrean::config::{self, Options, Problems};
use proptest::prelude::*;

fn problems(text: &str) -> Problems {
    config::read("antrean.toml", text, Options::default()).err().expect("a config with problems")
}

/// The built-in config with one text in it replaced.
fn with(from: &str, to: &str) -> String {
    assert!(config::DEFAULT.contains(from), "{from:?} is not in the default config");
    config::DEFAULT.replacen(from, to, 1)
}

#[test]
fn the_built_in_config_is_langsa() {
    let config = config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap();
    let prefixes: String = config.rules.agencies.iter().map(|agency| agency.prefix.as_str()).collect();
    assert_eq!(prefixes, "ABCDEFGHJK");
    let dukcapil = config.rules.counters.iter().filter(|counter| counter.agency.as_str() == "dukcapil");
    assert_eq!(dukcapil.map(|counter| counter.number).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(config.rules.counters.len(), 12);
    assert!(config.staff.is_empty(), "no sign-in that the technician did not make");
    assert!(config.tokens.is_empty());
}

#[test]
fn every_file_in_config_is_fine() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|ending| ending == "toml") {
            config::load(&file, Options::default()).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn every_pictogram_of_the_list_is_a_file_and_every_file_is_in_the_list() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/icons");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, config::ICONS);
}

#[test]
fn a_report_reads_like_a_compilers() {
    let text = r##"
[site]
place = { id = "Mal Pelayanan Publik", en = "Public Service Mall" }
city = "Kota Langsa"
timezone = "WIBB"

[hours]
mon = ["08:00-16:00"]
fri = ["14:00-08:00"]

[[agency]]
id = "dukcapil"
prefix = "O"
name = "Dukcapil"
accent = "#777777"
zona = "b"

[[agency.service]]
id = "ktp"
name = "KTP"

[[counter]]
number = 3
agency = "dukcapi"
"##;
    insta::assert_snapshot!(problems(text).render(false));
}

#[test]
fn each_problem_has_a_code_and_a_place() {
    let table = [
        (with("[site]", "[site"), "syntax"),
        (with("timezone = \"WIB\"", ""), "missing_key"),
        (with("timezone = \"WIB\"", "timezone = \"UTC\""), "unknown_timezone"),
        (with("change_at = \"00:00\"", "change_at = \"25:00\""), "bad_time"),
        (with("mon = [\"08:00-16:00\"]", "mon = [\"16:00-08:00\"]"), "impossible_hours"),
        (with("mon = [\"08:00-16:00\"]", "mon = [\"08:00-12:00\", \"11:00-16:00\"]"), "hours_overlap"),
        (with("mon = [\"08:00-16:00\"]", "mon = [\"pagi\"]"), "bad_hours"),
        (with("mon = [\"08:00-16:00\"]", "mon = 8"), "wrong_type"),
        (with("regular_between = 2", "regular_between = -1"), "out_of_range"),
        (with("regular_between = 2", "regular_betwen = 2"), "unknown_key"),
        (with("[queue]", "[queu]"), "unknown_key"),
        (with("id = \"imigrasi\"", "id = \"dukcapil\""), "duplicate"),
        (with("prefix = \"B\"", "prefix = \"A\""), "duplicate"),
        (with("prefix = \"B\"", "prefix = \"I\""), "bad_prefix"),
        (with("id = \"ktp\"", "id = \"KTP!\""), "bad_id"),
        (with("name = \"Dukcapil\"", "name = \"\""), "empty_text"),
        (with("name = \"Dukcapil\"", "name = \"Duk\\u0007capil\""), "control_character"),
        (with("accent = \"#2A57C1\"", "accent = \"blue\""), "bad_colour"),
        (with("accent = \"#2A57C1\"", "accent = \"#777777\""), "weak_contrast"),
        (with("icon = \"id-card\"", "icon = \"idcard\""), "unknown_icon"),
        (with("zone = \"b\"", "zone = \"z\""), "unknown_name"),
        (with("number = 2\n", "number = 1\n"), "duplicate"),
        (with("agency = \"bea-cukai\"", "agency = \"bea-cukay\""), "unknown_name"),
        (
            with(
                "number = 1\nagency = \"imigrasi\"",
                "number = 1\nagency = \"imigrasi\"\nservices = [\"ktp\"]",
            ),
            "unknown_name",
        ),
        (with("number = 1\nagency = \"imigrasi\"", "number = 1\nagency = \"bpkd\""), "unserved"),
        (with("\nport = \"preview\"", "\nport = \"COM3\""), "bad_port"),
        (with("paper_mm = 80", "paper_mm = 60"), "bad_paper"),
        (with("paper_mm = 80", "baud = 9601"), "bad_baud"),
        (with("\nwindow = \"full\"", "\nwindow = \"fool\""), "unknown_choice"),
        (with("\nprinter = \"printer-1\"", "\nprinter = \"printer-2\""), "unknown_name"),
        (with("host_names = [\"antrean.local\"]", "host_names = [\"http://antrean\"]"), "bad_host_name"),
        (format!("{}\n[[staff]]\nid = \"ani\"\npin_hash = \"123456\"\n", config::DEFAULT), "bad_hash"),
        (format!("{}\n[[api_token]]\nname = \"portal\"\nhash = \"secret\"\n", config::DEFAULT), "bad_hash"),
    ];
    for (text, code) in table {
        assert!(config::read("antrean.toml", &text, Options::default()).is_err(), "{code} was not found");
        let found = problems(&text);
        let codes: Vec<_> = found.list().iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&code), "{code} expected, found {codes:?}");
        for problem in found.list() {
            assert!(found.place(problem).line >= 1);
            assert!(problem.span.start <= text.len() && problem.code.len() > 3);
        }
        assert!(found.render(false).contains("antrean.toml"), "{code}");
    }
}

#[test]
fn the_place_is_where_the_mistake_is() {
    let text = with("agency = \"bea-cukai\"", "agency = \"bea-cukay\"");
    let line = text.lines().position(|line| line.contains("bea-cukay")).unwrap() + 1;
    let found = problems(&text);
    let wrong = found.list().iter().find(|problem| problem.code == "unknown_name").unwrap();
    assert_eq!((found.place(wrong).line, found.place(wrong).column), (line, 10));
    assert_eq!(wrong.hint.as_deref(), Some("did you mean `bea-cukai`?"));
}

proptest! {
    /// Whatever a hurried hand leaves in the file: a report, never a panic.
    #[test]
    fn a_damaged_file_is_reported_and_never_a_panic(cut in 0usize..16_000, gap in 0usize..200, letters in "[\"\\[\\]={}#\na-zé0-9 .]{0,12}") {
        let text = config::DEFAULT;
        let from = text.floor_char_boundary(cut);
        let to = text.floor_char_boundary((from + gap).min(text.len())).max(from);
        let damaged = format!("{}{letters}{}", &text[..from], &text[to..]);
        if let Err(problems) = config::read("antrean.toml", &damaged, Options::default()) {
            prop_assert!(!problems.list().is_empty());
            prop_assert!(!problems.render(false).is_empty());
        }
    }
}
