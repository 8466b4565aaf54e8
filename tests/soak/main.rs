//! Days and nights in one process, with screens that stay, pages that are fetched, and somebody who reads the
//! figures: what it holds in the evening of the third day it holds in the evening of the last.
//!
//! In the short form four days of one agency; `make soak` plays a month of the whole mall
//! (`ANTREAN_SOAK_DAYS=22`) and prints the table.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod guests;
mod program;
mod sample;

use guests::Guests;
use program::Program;
use sample::{Sample, table, worries};

/// So many working days, or a short form.
fn days() -> (usize, &'static str) {
    match std::env::var("ANTREAN_SOAK_DAYS").ok().map(|days| days.parse().expect("a number of days")) {
        Some(days) => (days, "config/antrean.toml"),
        None => (4, "config/samples/one-agency.toml"),
    }
}

#[test]
fn what_a_house_holds_on_the_third_evening_it_holds_on_the_last() {
    let (days, config) = days();
    assert!(days > 3, "the third evening is compared with a later one");
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::simulate(folder.path(), config, days);
    let guests = Guests::come(&program.address);
    let mut samples: Vec<Sample> = Vec::new();
    for evening in 1..=days {
        let told = program.evening();
        assert!(told.contains("the journal agrees"), "{told}\n{}", program.log());
        let screens = guests.rest();
        samples.push(program.sample(&told, samples.get(2).filter(|_| evening == days)));
        drop(screens);
        if evening == days {
            guests.expect_the_end();
        }
        program.go_on();
    }
    let said = program.end();
    assert!(said.contains("The journal holds every number"), "{said}\n{}", program.log());
    let visits = guests.leave();
    println!("{}", table(&samples));
    println!(
        "{} screens heard {} events and never lost their line; {} pages, {} readings of /metrics",
        guests::SCREENS,
        visits.events,
        visits.pages,
        visits.readings
    );
    assert!(visits.events > 0 && visits.pages >= days && visits.readings >= days, "{visits:?}");
    assert_eq!(visits.trouble, Vec::<String>::new());
    assert_eq!(worries(&samples), Vec::<String>::new());
}
