//! Other rules while visitors wait: what counts at once, what waits until the day ends, and that nobody
//! who holds a number is forgotten.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use antrean::hall::No;
use antrean::queue::event::InForce;
use antrean::queue::rules::{Line, Parts, When, change};
use antrean::queue::{
    Agency, Command, Console, CounterId, Day, Event, Lineage, Overview, Refusal, Rules, Seen, Seq, Service,
    Text, TicketState,
};
use proptest::prelude::*;
use support::chance::cases;
use support::days::{Op, command, config, op};
use support::house::House;
use support::rules::{at, parts};

/// The small site without hours, under a hash, with something changed.
fn rules(hash: &str, edit: impl FnOnce(&mut Parts)) -> Rules {
    let mut parts = Parts { always_open: true, ..parts() };
    edit(&mut parts);
    let mut rules = Rules::from(parts);
    rules.hash = hash.to_owned();
    rules
}

fn apply(house: &House, rules: Rules) -> Vec<Line> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(house.hall.change_rules(Arc::new(rules))).unwrap()
}

fn open() -> House {
    House::with(rules("one", |_| ()))
}

/// Whether what is said of a change in English begins with these words, and when it counts.
fn said(lines: &[Line], words: &str) -> Option<When> {
    lines.iter().find(|line| line.what.en.contains(words)).map(|line| line.when)
}

fn agency<'p>(parts: &'p mut Parts, id: &str) -> &'p mut Agency {
    parts.agencies.iter_mut().find(|agency| agency.id.as_str() == id).unwrap()
}

fn without(parts: &mut Parts, id: &str) {
    parts.agencies.retain(|agency| agency.id.as_str() != id);
    parts.counters.retain(|counter| counter.agency.as_str() != id);
}

#[test]
fn a_new_name_counts_at_once_and_the_numbers_go_on() {
    let house = open();
    assert_eq!(house.number("ktp"), "A001");
    let lines =
        apply(&house, rules("two", |parts| agency(parts, "dukcapil").name = Text::same("Disdukcapil")));
    assert_eq!(said(&lines, "renamed to Disdukcapil"), Some(When::Now));
    assert_eq!(&*house.hall.present().board().agencies[0].name.id, "Disdukcapil");
    assert_eq!(house.number("ktp"), "A002");
    house.open_counter("loket-3");
    assert_eq!(house.call("loket-3").unwrap().ticket.unwrap().number.to_string(), "A001");
}

#[test]
fn an_added_agency_gives_numbers_at_once_and_stands_behind_the_others_until_the_day_ends() {
    let house = open();
    let added = |parts: &mut Parts| {
        let mut bpjs = agency(parts, "imigrasi").clone();
        (bpjs.id, bpjs.prefix, bpjs.name) = ("bpjs".into(), "BP".parse().unwrap(), Text::same("BPJS"));
        bpjs.services.truncate(1);
        bpjs.services[0].id = "jkn".into();
        bpjs.services[0].prefix = bpjs.prefix.clone();
        let mut counter = parts.counters[0].clone();
        (counter.id, counter.number, counter.agency) = ("loket-9".into(), 9, bpjs.id.clone());
        counter.services = vec!["jkn".into()];
        parts.agencies.insert(0, bpjs);
        parts.counters.push(counter);
    };
    house.issue("ktp").unwrap();
    let lines = apply(&house, rules("two", added));
    assert_eq!(said(&lines, "BPJS is added"), Some(When::Now));
    assert_eq!(said(&lines, "order of agencies"), Some(When::DayEnd));
    assert_eq!(house.number("jkn"), "BP001");
    let order = |house: &House| {
        house.hall.present().board().agencies.iter().map(|row| row.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order(&house).last().map(String::as_str), Some("bpjs"));
    house.clock.advance(chrono::TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    apply(&house, rules("two", added));
    assert_eq!(order(&house)[0], "bpjs");
}

#[test]
fn an_agency_ends_when_nobody_waits_for_it_any_more() {
    let house = open();
    house.issue("paspor").unwrap();
    let retired = |parts: &mut Parts| without(parts, "imigrasi");
    let lines = apply(&house, rules("two", retired));
    assert_eq!(said(&lines, "imigrasi is retired"), Some(When::DayEnd));
    // Whoever waits is called, at the counter that was theirs.
    let counter: CounterId = {
        let present = house.hall.present();
        present.rules.counters.iter().find(|it| it.agency.as_str() == "imigrasi").unwrap().id.clone()
    };
    house.open_counter(counter.as_str());
    assert!(house.call(counter.as_str()).unwrap().ticket.is_some());
    house.clock.advance(chrono::TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    let lines = apply(&house, rules("two", retired));
    assert_eq!(said(&lines, "imigrasi is retired"), Some(When::Now));
    assert!(house.hall.present().rules.agency(&"imigrasi".into()).is_none());
    assert_eq!(house.issue("paspor").unwrap_err(), No::Refused(Refusal::UnknownService));
}

#[test]
fn an_agency_that_nobody_waits_for_ends_at_once_and_its_tickets_of_today_stay_in_the_books() {
    let house = open();
    house.open_counter("loket-3");
    let ticket = house.issue("ktp").unwrap().ticket.unwrap().id;
    house.call("loket-3").unwrap();
    let counter = CounterId::from("loket-3");
    house.wish(Command::Start { counter: counter.clone(), seen: Seen::Unsaid }).unwrap();
    let ending = antrean::queue::Ending::default();
    house.wish(Command::Finish { counter: counter.clone(), seen: Seen::Unsaid, ending }).unwrap();
    house.wish(Command::CloseCounter { counter }).unwrap();
    let lines = apply(&house, rules("two", |parts| without(parts, "dukcapil")));
    assert_eq!(said(&lines, "dukcapil is retired"), Some(When::Now));
    let house = house.restart("2026-11-23 10:00");
    let present = house.hall.present();
    assert_eq!(present.day.ticket(ticket).unwrap().state, TicketState::Done);
    present.day.check().unwrap();
}

/// A box that is started under rules that do not know what people wait for still shows every page.
#[test]
fn after_a_start_without_an_agency_no_page_stumbles_over_its_tickets() {
    let house = open();
    house.open_counter("loket-3");
    for service in ["ktp", "kk", "paspor"] {
        house.issue(service).unwrap();
    }
    house.call("loket-3").unwrap();
    let journal = house.journal();
    let mut day = Day::blank(Lineage("".into()), Seq(0));
    journal.iter().for_each(|recorded| day.apply(recorded));
    let bare = rules("two", |parts| without(parts, "dukcapil"));
    for counter in &bare.counters {
        Console::of(&bare, &day, &counter.id).unwrap();
    }
    Overview::of(&bare, &day, None);
    antrean::queue::Board::of(&bare, &day);
    for ticket in day.tickets() {
        antrean::queue::TicketView::at(&bare, &day, ticket, at("2026-11-23 09:30"));
        antrean::printer::content(&bare, &day, ticket, None);
    }
    day.check().unwrap();
}

#[test]
fn a_letter_under_which_numbers_were_given_stays_until_the_day_ends() {
    let house = open();
    house.issue("ktp").unwrap();
    let moved = |parts: &mut Parts| {
        let letter: antrean::queue::Prefix = "K".parse().unwrap();
        let dukcapil = agency(parts, "dukcapil");
        let old = std::mem::replace(&mut dukcapil.prefix, letter.clone());
        dukcapil.services.iter_mut().filter(|it| it.prefix == old).for_each(|it| it.prefix = letter.clone());
    };
    let lines = apply(&house, rules("two", moved));
    assert_eq!(said(&lines, "prefix A"), Some(When::DayEnd));
    assert_eq!(house.number("ktp"), "A002");
    house.clock.advance(chrono::TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    apply(&house, rules("two", moved));
    assert_eq!(house.number("ktp"), "K001");
}

#[test]
fn two_agencies_that_swap_their_letters_never_give_one_number_twice() {
    let house = open();
    house.issue("ktp").unwrap();
    let swap = |parts: &mut Parts| {
        for (id, letter) in [("dukcapil", "B"), ("imigrasi", "A")] {
            let agency = agency(parts, id);
            agency.prefix = letter.parse().unwrap();
            for service in &mut agency.services {
                service.prefix = letter.parse().unwrap();
            }
        }
    };
    let lines = apply(&house, rules("two", swap));
    assert!(lines.iter().all(|line| line.when == When::DayEnd), "{lines:?}");
    assert_eq!((house.number("ktp"), house.number("paspor")), ("A002".to_owned(), "B001".to_owned()));
}

#[test]
fn a_counter_at_which_somebody_sits_stays_as_it_is_until_the_day_ends() {
    let house = open();
    house.open_counter("loket-3");
    let renumbered = |parts: &mut Parts| {
        parts.counters.iter_mut().find(|it| it.id.as_str() == "loket-3").unwrap().number = 33;
    };
    let lines = apply(&house, rules("two", renumbered));
    assert_eq!(said(&lines, "counter 3 becomes 33"), Some(When::DayEnd));
    assert_eq!(house.hall.present().rules.counter(&"loket-3".into()).unwrap().number, 3);
    house.wish(Command::CloseCounter { counter: "loket-3".into() }).unwrap();
    let lines = apply(&house, rules("two", renumbered));
    assert_eq!(said(&lines, "counter 3 becomes 33"), Some(When::Now));
}

#[test]
fn time_zone_and_printers_wait_for_a_restart() {
    let house = open();
    let lines = apply(
        &house,
        rules("two", |parts| {
            parts.offset = chrono::FixedOffset::east_opt(9 * 3600).unwrap();
            parts.change_at = support::rules::time("03:00");
            parts.printers.clear();
        }),
    );
    assert_eq!(said(&lines, "time zone"), Some(When::Restart));
    assert_eq!(said(&lines, "when the day changes"), Some(When::Restart));
    let rules = house.hall.present().rules.clone();
    assert_eq!((rules.offset, rules.printers.len()), (support::rules::offset(), parts().printers.len()));
}

#[test]
fn a_survey_that_is_new_begins_with_a_restart_and_another_k_at_once() {
    let house = open();
    let invited = |house: &House| {
        let ticket = house.issue("ktp").unwrap().ticket.unwrap().id;
        house.hall.present().day.ticket(ticket).unwrap().invited
    };
    let lines = apply(&house, rules("two", |parts| parts.invite_every = Some(1)));
    assert_eq!(said(&lines, "invited to the survey"), Some(When::Restart));
    assert!(!invited(&house), "no slip invites to a survey that is not there");
    let asking = House::with(rules("one", |parts| parts.invite_every = Some(100)));
    assert!(!invited(&asking));
    let lines = apply(&asking, rules("two", |parts| parts.invite_every = Some(1)));
    assert_eq!(said(&lines, "invited to the survey"), Some(When::Now));
    assert!(invited(&asking));
}

fn changes(house: House) -> Vec<InForce> {
    let journal = house.journal();
    let configs = journal.iter().filter_map(|recorded| match &recorded.event {
        Event::RulesChanged(config) => Some((**config).clone()),
        _ => None,
    });
    configs.collect()
}

#[test]
fn every_config_in_force_is_a_line_of_the_journal_and_the_same_one_is_no_second() {
    let in_force = |hash: &str, partly| InForce { hash: hash.to_owned(), partly };
    let house = open().restart("2026-11-23 10:00");
    house.issue("paspor").unwrap();
    apply(&house, rules("two", |parts| agency(parts, "dukcapil").hint = Text::same("KTP")));
    apply(&house, rules("two", |parts| agency(parts, "dukcapil").hint = Text::same("KTP")));
    apply(&house, rules("three", |parts| without(parts, "imigrasi")));
    assert_eq!(changes(house), [in_force("one", false), in_force("two", false), in_force("three", true)]);
}

#[test]
fn the_next_day_knows_the_config_of_the_day_before() {
    let house = open();
    house.clock.advance(chrono::TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    let house = house.restart("2026-11-24 10:00");
    assert_eq!(house.hall.present().day.config().unwrap().hash, "one");
    assert_eq!(changes(house), [], "it was the same config on both days");
}

#[test]
fn a_screen_that_was_away_while_names_changed_gets_a_fresh_board() {
    let house = open();
    let before = house.hall.present().day.seq();
    apply(&house, rules("two", |parts| agency(parts, "dukcapil").name = Text::same("Disdukcapil")));
    let after = house.hall.present().day.seq();
    assert!(house.hall.present().since(before).is_none());
    house.issue("ktp").unwrap();
    assert_eq!(house.hall.present().since(after).map(|news| news.len()), Some(1));
}

/// Whether a rule is as a config promises.
fn sound(rules: &Rules) -> Result<(), String> {
    let services: Vec<&Service> = rules.agencies.iter().flat_map(|agency| &agency.services).collect();
    for counter in &rules.counters {
        for service in &counter.services {
            let (owner, _) = rules.service(service).ok_or(format!("{service} is served and not offered"))?;
            if owner.id != counter.agency {
                return Err(format!("{} serves {service} of another agency", counter.id));
            }
        }
    }
    for service in services {
        if !rules.counters.iter().any(|counter| counter.services.contains(&service.id)) {
            return Err(format!("nobody serves {}", service.id));
        }
        for other in &rules.agencies {
            let (own, _) = rules.service(&service.id).unwrap();
            let theirs = other.services.iter().any(|it| it.prefix == service.prefix);
            if other.id != own.id && (theirs || other.prefix == service.prefix) {
                return Err(format!("{} and {} share {}", own.id, other.id, service.prefix));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(48))]

    /// Whatever happened today: what comes out of a change is sound, and whoever waits can be called.
    #[test]
    fn no_change_loses_anybody_who_waits(
        ops in prop::collection::vec(op(), 1..60),
        from in 0usize..4,
        to in 0usize..4,
        retire in 0usize..4,
    ) {
        let running = config(from);
        let mut paper = support::scenario::Paper::open(running.clone(), "2026-11-23 09:00");
        for op in &ops {
            if !matches!(op, Op::Config(_)) {
                let _ = paper.wish(&command(&paper.day, paper.now, op));
            }
        }
        let mut wanted = config(to);
        if retire < wanted.agencies.len() && wanted.agencies.len() > 1 {
            let gone = wanted.agencies[retire].id.clone();
            let mut left = Parts { always_open: true, ..parts() };
            left.agencies = wanted.agencies.iter().filter(|agency| agency.id != gone).cloned().collect();
            left.counters = wanted.counters.iter().filter(|counter| counter.agency != gone).cloned().collect();
            wanted = left.into();
        }
        let (rules, _) = change(&running, &wanted, &paper.day);
        if sound(&running).is_ok() && sound(&wanted).is_ok() {
            prop_assert_eq!(sound(&rules), Ok(()));
        }
        for ticket in paper.day.tickets().filter(|it| it.state == TicketState::Waiting) {
            if running.service(&ticket.service).is_some() {
                prop_assert!(rules.service(&ticket.service).is_some(), "{} waits for nothing", ticket.number);
            }
        }
    }
}
