//! The config and its calendar, as bytes on a disk.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use antrean::config::{self, Config, LoadError, Options, Problems};
use antrean::hall::No;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::mangled::{harms, mangled};
use crate::support::chance::cases;
use crate::support::house::House;

/// Reads them as a start of the box does.
fn load(config: &[u8], holidays: &[u8]) -> Result<Config, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("antrean.toml", config);
    write("holidays-2026.toml", holidays);
    let today = "2026-11-23".parse().ok();
    config::load(&folder.path().join("antrean.toml"), Options { today, ..Options::default() })
}

/// Every problem stands at a place within its file and says what to write instead, in words without controls.
fn tells(problems: &Problems) -> Result<(), TestCaseError> {
    let lines = problems.text.matches('\n').count() + 1;
    for problem in &problems.list {
        let place = problems.place(problem);
        prop_assert!((1..=lines).contains(&place.line) && place.column > 0, "{problem:?}");
        prop_assert!(problem.hint.as_ref().is_some_and(|hint| !hint.trim().is_empty()), "{problem:?}");
        prop_assert!(!problem.code.is_empty() && !problem.message.trim().is_empty(), "{problem:?}");
    }
    let report = problems.render(false);
    let harmless = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\t');
    prop_assert!(report.chars().all(harmless), "{report:?}");
    problems.beside.iter().try_for_each(tells)
}

/// A house with these rules opens, serves, and changes its day.
fn serves(config: &Config) -> Result<(), TestCaseError> {
    let house = House::at(config.rules.clone(), "2026-11-23 09:00");
    let Some(service) = config.rules.agencies.iter().flat_map(|agency| &agency.services).next() else {
        return Err(TestCaseError::fail("a config without a service was taken"));
    };
    for hours in [0, 3, 9, 24] {
        house.clock.advance(chrono::TimeDelta::hours(hours));
        match house.issue(service.id.as_str()) {
            Ok(_) | Err(No::Refused(_)) => {}
            Err(no) => return Err(TestCaseError::fail(format!("{no:?} after {hours} hours"))),
        }
        let counter = &config.rules.counters[0].id;
        prop_assert!(matches!(house.call(counter.as_str()), Ok(_) | Err(No::Refused(_))));
    }
    prop_assert_eq!(house.hall.present().day.check(), Ok(()));
    Ok(())
}

fn is_well_read(read: Result<Config, LoadError>, taken: &AtomicUsize) -> Result<(), TestCaseError> {
    match read {
        Ok(config) => {
            taken.fetch_add(1, Ordering::Relaxed);
            config.warnings.iter().try_for_each(tells)?;
            serves(&config)
        }
        Err(LoadError::Wrong(problems)) => {
            prop_assert!(problems.are_errors());
            tells(&problems)
        }
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// Good files made worse are refused with reasons, or serve; both happen.
fn made_worse(config: &'static str, holidays: &'static str, harm_config: bool, short: u32) {
    let (tried, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut runner = TestRunner::new(cases(short));
    let ran = runner.run(&harms(), |harms| {
        tried.fetch_add(1, Ordering::Relaxed);
        let (config, holidays) = if harm_config {
            (mangled(config, &harms), holidays.as_bytes().to_vec())
        } else {
            (config.as_bytes().to_vec(), mangled(holidays, &harms))
        };
        is_well_read(load(&config, &holidays), &taken)
    });
    ran.unwrap_or_else(|failed| panic!("{failed}"));
    let (tried, taken) = (tried.into_inner(), taken.into_inner());
    assert!(taken * 20 > tried && taken < tried, "{taken} of {tried} were taken");
}

#[test]
fn a_config_made_worse_is_refused_with_reasons_or_serves() {
    made_worse(config::DEFAULT, config::HOLIDAYS, true, 40);
}

#[test]
fn a_small_config_made_worse_is_refused_with_reasons_or_serves() {
    made_worse(include_str!("../../config/samples/one-agency.toml"), config::HOLIDAYS, true, 80);
}

#[test]
fn a_calendar_made_worse_is_refused_with_reasons_or_serves() {
    made_worse(config::DEFAULT, config::HOLIDAYS, false, 40);
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn bytes_that_are_no_config_are_told_to_be_none(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        is_well_read(load(&bytes, config::HOLIDAYS.as_bytes()), &AtomicUsize::new(0))?;
    }

    #[test]
    fn words_that_are_no_config_are_told_to_be_none(text in "([a-z_]{1,9} = |\\[\\[?[a-z.]{1,12}\\]\\]?|[\"'{}\\[\\]=,#0-9:.\\-]|[a-zé\u{202e}\u{0}]|\n){0,80}") {
        is_well_read(load(text.as_bytes(), config::HOLIDAYS.as_bytes()), &AtomicUsize::new(0))?;
    }
}

#[test]
fn the_good_files_are_taken_as_they_are() {
    let taken = AtomicUsize::new(0);
    assert!(Path::new("config/antrean.toml").exists());
    is_well_read(load(config::DEFAULT.as_bytes(), config::HOLIDAYS.as_bytes()), &taken).unwrap();
    assert_eq!(taken.into_inner(), 1);
}
