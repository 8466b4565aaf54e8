//! The yearly calendars beside the config, and what is said of them.
#![allow(clippy::unwrap_used)]

use antrean::config::{self, Config, LoadError, Options, Problems};
use antrean::queue::calendar::{self, DatedDay};
use antrean::queue::{ClosedCode, Day, Leniency, Lineage, Openness, Seq, Terms};
use chrono::NaiveDate;

/// The Langsa config in a folder of its own, without calendars.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self::with(config::DEFAULT)
    }

    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("antrean.toml"), text).unwrap();
        Self(folder)
    }

    fn and(self, year: i32, text: &str) -> Self {
        std::fs::write(self.0.path().join(format!("holidays-{year}.toml")), text).unwrap();
        self
    }

    fn load(&self, today: Option<&str>) -> Result<Config, Problems> {
        let today = today.map(|date| date.parse().unwrap());
        match config::load(&self.0.path().join("antrean.toml"), Options { today, ..Options::default() }) {
            Ok(config) => Ok(config),
            Err(LoadError::Wrong(problems)) => Err(problems),
            Err(LoadError::Unreadable { source, .. }) => panic!("{source}"),
        }
    }

    fn fine(&self) -> Config {
        self.load(None).unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// `code file:line:column hint` of every problem or warning.
    fn told(&self, today: Option<&str>) -> Vec<String> {
        let problems = match self.load(today) {
            Ok(config) => config.warnings,
            Err(problems) => Some(problems),
        };
        let json = problems.map_or_else(|| serde_json::json!([]), |problems| problems.to_json());
        let folder = format!("{}/", self.0.path().display());
        let word = |problem: &serde_json::Value, key: &str| match &problem[key] {
            serde_json::Value::String(text) => text.replace(&folder, ""),
            other => other.to_string(),
        };
        let told = json.as_array().unwrap().iter().map(|problem| {
            let place = ["file", "line", "column"].map(|key| word(problem, key)).join(":");
            format!("{} {place} {}", word(problem, "code"), word(problem, "hint"))
        });
        told.collect()
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_year_beside_the_config_is_read() {
    let next = "
[[working_day]]
date = 2027-01-02
weekday = \"sat\"
name = \"Pengganti\"
hours = [\"08:00-12:00\"]
agency = \"dukcapil\"
";
    let folder = Folder::new().and(2026, config::HOLIDAYS).and(2027, next);
    std::fs::write(folder.0.path().join("holidays-old.toml"), "not of a year").unwrap();
    let exceptions = folder.fine().rules.exceptions;
    assert_eq!((exceptions.dates.len(), exceptions.periods.len()), (26, 1));
    assert_eq!(exceptions.last(), Some(date("2027-01-02")));
    let saturday = &exceptions.dates[&date("2027-01-02")][0];
    assert!(matches!(&saturday.day, DatedDay::Hours(spans) if spans.len() == 1));
    assert_eq!(saturday.agency, Some("dukcapil".into()));
}

#[test]
fn the_built_in_config_has_its_calendar_within() {
    let built_in = config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap();
    let rules = &built_in.rules;
    assert_eq!(rules.exceptions.dates.len(), 25, "17 national holidays, 8 days of joint leave");
    let said = |service: &str, now: &str| {
        let (agency, service) = rules.service(&service.into()).unwrap();
        let day = Day::blank(Lineage("test".into()), Seq(0));
        match calendar::openness(rules, &day, agency, service, now.parse().unwrap()) {
            Openness::Open { .. } => None,
            Openness::Closed(closed) => Some((closed.code, closed.name.map(|name| name.en.to_string()))),
        }
    };
    let named = |code, name: &str| Some((code, Some(name.to_owned())));
    let independence = said("ktp", "2026-08-17T10:00:00+07:00");
    assert_eq!(independence, named(ClosedCode::Holiday, "Independence Day"));
    assert_eq!(said("ktp", "2026-02-20T12:30:00+07:00"), named(ClosedCode::Break, "Friday prayer"));
    assert_eq!(said("ktp", "2026-11-27T12:30:00+07:00"), named(ClosedCode::Break, "Friday prayer"));
    assert_eq!(said("ktp", "2026-02-19T15:30:00+07:00"), Some((ClosedCode::DayOver, None)));
    assert_eq!(said("ktp", "2026-02-19T14:30:00+07:00"), None);
}

#[test]
fn a_calendar_that_will_be_missing_is_missed_from_december_on() {
    let folder = Folder::new().and(2026, config::HOLIDAYS);
    assert_eq!(folder.told(None), Vec::<String>::new());
    assert_eq!(folder.told(Some("2026-11-30")), Vec::<String>::new());
    let told = folder.told(Some("2026-12-01"));
    assert!(told.len() == 1 && told[0].starts_with("missing_calendar antrean.toml:"), "{told:?}");
    let both = Folder::new().told(Some("2026-12-01"));
    assert_eq!(both.len(), 2, "this year's and the next: {both:?}");
}

#[test]
fn a_name_without_a_year_is_no_calendar() {
    let text = config::DEFAULT.replace("holidays-{year}.toml", "holidays.toml");
    let told = Folder::with(&text).told(None);
    assert!(told.len() == 1 && told[0].starts_with("no_year antrean.toml:"), "{told:?}");
    let text = config::DEFAULT.replace("holidays-{year}.toml", "nowhere/holidays-{year}.toml");
    let told = Folder::with(&text).told(None);
    assert!(told.len() == 1 && told[0].starts_with("unreadable_file antrean.toml:"), "{told:?}");
}

#[test]
fn everything_wrong_with_a_calendar_is_told_at_its_place() {
    let calendar = "\
[[holiday]]
date = 2026-01-01
weekday = \"fri\"
name = \"Tahun Baru\"

[[holiday]]
date = \"2026-01-01\"
name = \"Lagi\"

[[holiday]]
date = 2025-12-25
name = \"Natal\"

[[holiday]]
date = \"1 Januari\"
name = \"\"

[[holiday]]
date = 2026-05-01
agency = \"dukcapi\"
name = \"Buruh\"
nmae = \"Buruh\"

[[working_day]]
date = 2026-07-25
name = \"Pengganti\"

[[working_day]]
date = 2026-08-01
name = \"Pengganti\"
hours = [\"08.00-16.00\"]

[[period]]
from = 2026-03-19
to = 2026-02-18
name = \"Ramadan\"
hours = { mon = [\"08:00-15:00\"], mon_break = \"Zuhur\" }

[[period]]
from = 2026-04-01
to = 2026-04-10
name = \"Satu\"
hours = { mon = [\"08:00-15:00\"] }

[[period]]
from = 2026-04-10
to = 2026-04-20
name = \"Dua\"
hours = { mon = [\"08:00-15:00\"] }

[[holyday]]

[[working_day]]
date = 2026-12-12
name = \"Kosong\"
hours = []
";
    let told = Folder::new().and(2026, calendar).told(None);
    let expected = [
        "wrong_weekday holidays-2026.toml:3:11 it is \"thu\": correct the date or the day",
        "duplicate holidays-2026.toml:7:8 the first is in line 2",
        "wrong_year holidays-2026.toml:11:8 each year has a file of its own",
        "bad_date holidays-2026.toml:15:8 write year, month and day: 2026-03-19",
        "empty_text holidays-2026.toml:16:8 write it, or remove the line",
        "unknown_name holidays-2026.toml:20:10 did you mean `dukcapil`?",
        "unknown_key holidays-2026.toml:22:1 did you mean `name`?",
        "missing_key holidays-2026.toml:24:1 write a line beneath it: hours = …",
        "bad_time holidays-2026.toml:31:10 did you mean \"08:00-16:00\"?",
        "reversed holidays-2026.toml:35:6 swap `from` and `to`",
        "no_break holidays-2026.toml:37:46 a break is the gap between two spans: [\"08:00-11:30\", \"14:00-16:30\"]",
        "overlap holidays-2026.toml:45:1 let one end before the other begins",
        "unknown_key holidays-2026.toml:51:3 did you mean `holiday`?",
        "never_open holidays-2026.toml:56:9 a date that is closed is a [[holiday]]",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_calendar_that_is_no_text_or_no_toml_is_told_of_too() {
    let folder = Folder::new().and(2026, "[[holiday]\ndate = 2026-01-01\n");
    assert!(folder.told(None)[0].starts_with("syntax holidays-2026.toml:1:"), "{:?}", folder.told(None));
    let folder = Folder::new();
    std::fs::write(folder.0.path().join("holidays-2026.toml"), b"# M\xE4l\n").unwrap();
    assert!(folder.told(None)[0].starts_with("not_utf8 holidays-2026.toml:1:"), "{:?}", folder.told(None));
    let folder = Folder::new().and(2026, &"# many words\n".repeat(6000));
    assert!(folder.told(None)[0].starts_with("unreadable_file antrean.toml:"), "{:?}", folder.told(None));
}

#[test]
fn terms_go_down_from_the_site_to_the_service() {
    let text = config::DEFAULT
        .replace("numbers_from_min = 0\n", "numbers_from_min = 30\n")
        .replace("unstaffed = \"accept\"\n", "unstaffed = \"warn\"\n")
        .replace("id = \"imigrasi\"\n", "id = \"imigrasi\"\nnumbers_until_min = 20\nunstaffed = \"refuse\"\n")
        .replace(
            "id = \"paspor\"\n",
            "id = \"paspor\"\nquota = 40\nunstaffed = \"accept\"\npast_closing = \"refuse\"\n",
        );
    let rules = Folder::with(&text).fine().rules;
    let terms = |service: &str| rules.service(&service.into()).unwrap().1.terms;
    let site = Terms { numbers_from_min: 30, unstaffed: Leniency::Warn, ..Terms::default() };
    let agency = Terms { numbers_until_min: 20, unstaffed: Leniency::Refuse, ..site };
    assert_eq!((terms("ktp"), terms("paspor-ambil")), (site, agency));
    let service =
        Terms { quota: Some(40), unstaffed: Leniency::Accept, past_closing: Leniency::Refuse, ..agency };
    assert_eq!(terms("paspor"), service);
    let wrong = config::DEFAULT.replace("unstaffed = \"accept\"", "unstaffed = \"acept\"");
    let wrong = wrong.replace("id = \"ktp\"\n", "id = \"ktp\"\nquota = 0\n");
    let told = Folder::with(&wrong).told(None);
    let codes: Vec<&str> = told.iter().map(|told| told.split(' ').next().unwrap()).collect();
    assert_eq!(codes, ["unknown_word", "out_of_range"], "{told:?}");
}
