//! The sample sites: each is read without a word, and gives a number for everything it offers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use antrean::config::{self, Config, Options};
use support::house::House;

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/samples");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn load(path: &Path) -> Config {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23);
    let config = config::load(path, Options { always_open: true, today });
    config.unwrap_or_else(|error| panic!("{}", error.report()))
}

#[test]
fn nothing_is_wrong_with_a_sample_and_nobody_is_warned() {
    assert!(samples().len() >= 2);
    for path in samples() {
        let config = load(&path);
        assert!(config.warnings.is_none(), "{}", config.warnings.unwrap());
    }
}

#[test]
fn a_number_can_be_had_for_every_service_of_a_sample_and_is_called_where_it_says() {
    for path in samples() {
        let rules = load(&path).rules;
        let house = House::with(rules.clone());
        let mut numbers = BTreeSet::new();
        for service in rules.agencies.iter().flat_map(|agency| &agency.services) {
            let number = house.number(service.id.as_str());
            assert!(number.starts_with(service.prefix.as_str()), "{number}");
            assert!(numbers.insert(number), "a number was given twice");
        }
        for counter in &rules.counters {
            house.open_counter(counter.id.as_str());
        }
        let present = house.hall.present();
        for ticket in present.day.tickets() {
            assert!(
                present.day.counters_for(&rules, ticket).next().is_some(),
                "{} waits for ever",
                ticket.number
            );
        }
        present.day.check().unwrap();
    }
}

#[test]
fn the_large_sample_is_a_mall() {
    let mall = samples().into_iter().find(|path| path.ends_with("mall-25.toml")).unwrap();
    let config = load(&mall);
    let rules = &config.rules;
    assert_eq!(rules.agencies.len(), 25);
    let two = rules.agencies.iter().filter(|agency| agency.prefix.as_str().len() == 2).count();
    assert!((5..20).contains(&two), "{two} agencies have two letters");
    assert_eq!((rules.zones.len(), config.printers.len(), config.kiosks.len()), (3, 2, 2));
    for zone in &rules.zones {
        assert!(
            rules.agencies.iter().any(|agency| agency.zone.as_ref() == Some(&zone.id)),
            "{} is empty",
            zone.id
        );
    }
}
