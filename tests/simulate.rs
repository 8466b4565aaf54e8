//! A day that never was: it keeps the rules of a day that is, it is the same for the same seed, and it never
//! touches what is real.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use antrean::config::Options;
use antrean::hall::Hall;
use antrean::queue::rules::Parts;
use antrean::queue::{
    Class, Command, Conduct, Day, Event, Lineage, Recorded, Rules, Seq, SlipOutcome, Ticket, TicketState,
};
use antrean::simulate::{self, Between, NoPlay, Pace, Play, Played, Season, Sums, faults};
use support::house::House;
use support::malls;
use support::program::{Running, antrean, run, stderr, stdout};
use support::rules::{at, parts, time};

const MONDAY: &str = "2026-11-23";
const FRIDAY: &str = "2026-11-27";

/// Four counters of two agencies, with the house rules of the commented config.
fn site() -> Rules {
    Parts { conduct: Conduct::default(), ..parts() }.into()
}

struct Simulated {
    journal: Vec<Recorded>,
    played: Played,
}

impl Simulated {
    fn day(rules: &Rules, date: &str, seed: u64) -> Self {
        Self::until(rules, date, seed, None, Pace::Max, |_| ())
    }

    /// With somebody who acts when the house is entered.
    fn until(
        rules: &Rules,
        date: &str,
        seed: u64,
        until: Option<&str>,
        pace: Pace,
        person: impl Fn(&Hall),
    ) -> Self {
        let play = Play::new(Arc::new(rules.clone()), date.parse().unwrap(), seed, until.map(time)).unwrap();
        let begins = play.begins().format("%Y-%m-%d %H:%M").to_string();
        let house = House::at(rules.clone(), &begins);
        person(&house.hall);
        let played =
            simulate::perform(play, &house.hall, &house.clock, pace, &AtomicBool::new(false), |_| ());
        Self { journal: house.journal(), played }
    }

    fn sums(&self, rules: &Rules) -> Sums {
        Sums::of(rules, &self.journal)
    }

    /// What is on disk, as text.
    fn text(&self) -> Vec<String> {
        let line = |it: &Recorded| {
            format!("{} {} {} {}", it.seq, it.day, it.at, serde_json::to_string(&it.event).unwrap())
        };
        self.journal.iter().map(line).collect()
    }

    fn times(&self, of: impl Fn(&Event) -> bool) -> Vec<antrean::queue::At> {
        self.journal.iter().filter(|line| of(&line.event)).map(|line| line.at).collect()
    }
}

#[test]
fn a_whole_day_is_played_and_everything_told_is_on_disk() {
    let rules = site();
    let day = Simulated::day(&rules, MONDAY, 1);
    assert_eq!(faults(&day.journal, &day.played), Vec::<String>::new());
    let sums = day.sums(&rules);
    assert_eq!(sums.issued, sums.served + sums.no_show + sums.cancelled + sums.left);
    assert_eq!(day.played.handed.len() as u32, sums.issued);
    // 4 counters of 8 hours, 10 minutes a visitor, a little more than half of that.
    assert!((80..130).contains(&sums.issued), "{sums:?}");
    assert!(sums.served * 100 >= sums.issued * 85, "{sums:?}");
    assert!(sums.left * 100 <= sums.issued * 5, "{sums:?}");
    for agency in &sums.agencies {
        assert!(agency.issued > 0, "{agency:?}");
        let (mean, p90) = (agency.mean_s().unwrap(), agency.percentile_s(90).unwrap());
        assert!((30..5400).contains(&mean) && p90 >= agency.percentile_s(50).unwrap(), "{agency:?}");
    }
    assert_eq!(sums.slips.0 + sums.slips.1 + sums.slips.2, slips(&day.journal));
    assert_eq!(sums.slips.2, 1, "one slip is uncertain: {sums:?}");
}

fn slips(journal: &[Recorded]) -> u32 {
    let asked = |event: &Event| {
        matches!(event, Event::TicketIssued { printer: Some(_), .. } | Event::TicketReprinted { .. })
    };
    journal.iter().filter(|line| asked(&line.event)).count() as u32
}

#[test]
fn the_day_of_a_mall_has_everything_that_happens_in_one() {
    let rules = malls::langsa(Options::default());
    let day = Simulated::until(&rules, MONDAY, 3, Some("13:00"), Pace::Max, |_| ());
    assert_eq!(faults(&day.journal, &day.played), Vec::<String>::new());
    let happened: BTreeSet<&str> = day.journal.iter().map(|line| line.event.name()).collect();
    for event in [
        "ticket_issued",
        "ticket_called",
        "ticket_recalled",
        "ticket_missed",
        "ticket_returned",
        "ticket_held",
        "hold_ended",
        "ticket_resumed",
        "ticket_transferred",
        "ticket_cancelled",
        "ticket_reprinted",
        "counter_opened",
        "counter_paused",
        "service_finished",
    ] {
        assert!(happened.contains(event), "no {event}: {happened:?}");
    }
    let classes = day.journal.iter().filter_map(|line| match &line.event {
        Event::TicketIssued { class, .. } => Some(*class),
        _ => None,
    });
    let (priority, all) = classes
        .fold((0, 0), |(priority, all), class| (priority + usize::from(class == Class::Priority), all + 1));
    assert!(priority * 100 >= all * 3 && priority * 100 <= all * 15, "{priority} of {all}");
    let unprinted = day.times(|event| {
        matches!(event, Event::SlipSettled { outcome: SlipOutcome::NotSent { .. }, by: None, .. })
    });
    let (first, last) = (unprinted.first().unwrap(), unprinted.last().unwrap());
    assert!((*last - *first).num_minutes() <= 10, "the paper was out for longer: {first} to {last}");
}

#[test]
fn one_counter_opens_late() {
    let rules = malls::langsa(Options::default());
    let day = Simulated::until(&rules, MONDAY, 5, Some("08:50"), Pace::Max, |_| ());
    let opened = day.times(|event| matches!(event, Event::CounterOpened { .. }));
    assert_eq!(opened.len(), rules.counters.len());
    let late = opened.iter().filter(|opened| **opened >= at("2026-11-23 08:25")).count();
    assert_eq!(late, 1, "{opened:?}");
}

#[test]
fn the_same_seed_makes_the_same_journal_and_another_one_another() {
    let rules = site();
    let day = |seed| Simulated::until(&rules, MONDAY, seed, Some("10:30"), Pace::Max, |_| ()).text();
    let once = day(7);
    assert!(once.len() > 100, "{}", once.len());
    assert_eq!(once, day(7));
    assert_ne!(once, day(8));
}

#[test]
fn at_every_speed_it_is_the_same_day() {
    let rules = site();
    let day = |pace| Simulated::until(&rules, MONDAY, 7, Some("08:40"), pace, |_| ()).text();
    let jumping = day(Pace::Max);
    assert!(jumping.len() > 20, "{}", jumping.len());
    assert_eq!(jumping, day(Pace::Times(4000.0)));
}

#[test]
fn more_come_in_the_morning_than_at_noon() {
    let rules = malls::langsa(Options::default());
    let day = Simulated::until(&rules, MONDAY, 2, Some("13:15"), Pace::Max, |_| ());
    let issued = day.times(|event| matches!(event, Event::TicketIssued { .. }));
    let between = |from, to| {
        let (from, to) = (at(&format!("{MONDAY} {from}")), at(&format!("{MONDAY} {to}")));
        issued.iter().filter(|issued| (from..to).contains(*issued)).count()
    };
    let (first, second, noon) =
        (between("08:30", "09:30"), between("10:00", "11:00"), between("12:00", "13:00"));
    assert!(first > 2 * noon && second > 2 * noon, "{first}, {second}, {noon}");
}

/// At each call in turn, no older ticket of the same class waits that this counter could have called.
#[test]
fn who_waits_is_called_in_order() {
    let rules = site();
    let simulated = Simulated::day(&rules, FRIDAY, 4);
    let mut day = Day::blank(Lineage("test".into()), Seq(0));
    let mut looked_at = 0;
    for line in &simulated.journal {
        if let Event::TicketCalled { ticket, counter, reason: None, .. } = &line.event {
            let called = day.ticket(*ticket).unwrap().clone();
            let counter = rules.counter(counter).unwrap();
            let may = |waits: &&Ticket| {
                waits.state == TicketState::Waiting
                    && day.counters_for(&rules, waits).any(|it| it.id == counter.id)
            };
            let older = day.tickets().filter(may).find(|waits| {
                waits.class == called.class && (waits.rank_at, waits.id) < (called.rank_at, called.id)
            });
            assert!(older.is_none(), "{} before {:?}", called.number, older.map(|it| &it.number));
            looked_at += 1;
        }
        day.apply(line);
    }
    assert!(looked_at > 50, "{looked_at}");
}

#[test]
fn nobody_is_called_or_gets_a_number_during_the_prayer() {
    let day = Simulated::day(&site(), FRIDAY, 4);
    let begun = day.times(|event| {
        matches!(
            event,
            Event::TicketIssued { .. } | Event::TicketCalled { .. } | Event::ServiceStarted { .. }
        )
    });
    let (from, to) = (at("2026-11-27 11:30"), at("2026-11-27 14:00"));
    let within: Vec<_> = begun.iter().filter(|at| (from..to).contains(*at)).collect();
    assert!(within.is_empty(), "{within:?}");
    assert!(begun.iter().any(|at| *at < from) && begun.iter().any(|at| *at >= to));
}

#[test]
fn a_person_who_opens_a_counter_has_it_alone() {
    let rules = site();
    let open = |hall: &Hall| {
        let wish = Command::OpenCounter { counter: "loket-4".into(), staff: "ani".into() };
        hall.execute_blocking(wish).unwrap();
    };
    let day = Simulated::until(&rules, MONDAY, 1, Some("10:00"), Pace::Max, open);
    let at_counter = |counter: &str| {
        day.times(|event| matches!(event, Event::TicketCalled { counter: at, .. } if at.as_str() == counter))
    };
    assert!(at_counter("loket-4").is_empty());
    assert!(!at_counter("loket-3").is_empty());
    assert_eq!(faults(&day.journal, &day.played), Vec::<String>::new());
}

#[test]
fn whatever_differs_from_the_journal_is_found() {
    let rules = site();
    let day = Simulated::until(&rules, MONDAY, 1, Some("09:00"), Pace::Max, |_| ());
    let Simulated { journal, played } = &day;
    assert_eq!(faults(journal, played), Vec::<String>::new());
    let found = |journal: &[Recorded], played: &Played, word: &str| {
        let found = faults(journal, played);
        assert!(found.iter().any(|fault| fault.contains(word)), "no {word:?} in {found:?}");
    };
    assert!(played.calls.len() > 2 && played.handed.len() > 2);

    let mut missed = played.clone();
    missed.calls.remove(1);
    found(journal, &missed, "the feed told of");
    let mut cut = played.clone();
    cut.calls.pop();
    found(journal, &cut, "calls were made");
    let mut swapped = played.clone();
    swapped.calls.swap(0, 1);
    found(journal, &swapped, "the feed told of");
    let mut twice = played.clone();
    twice.handed.push(twice.handed[0].clone());
    found(journal, &twice, "handed to two visitors");
    let mut lost = played.clone();
    lost.handed.push("Z777".parse().unwrap());
    found(journal, &lost, "is lost");

    let issued = journal.iter().position(|line| matches!(line.event, Event::TicketIssued { .. })).unwrap();
    let mut gap = journal.clone();
    gap.remove(issued);
    found(&gap, played, "the journal goes from line");
    let mut again = journal.clone();
    let last = again.last().unwrap();
    let (seq, event) = (last.seq.next(), journal[issued].event.clone());
    again.push(Recorded { seq, event, ..last.clone() });
    found(&again, played, "was given twice");
    let called = journal.iter().position(|line| matches!(line.event, Event::TicketCalled { .. })).unwrap();
    let mut both = journal[..=called].to_vec();
    let mut event = both[called].event.clone();
    if let Event::TicketCalled { counter, .. } = &mut event {
        *counter = "loket-99".into();
    }
    both.push(Recorded { seq: both[called].seq.next(), event, ..both[called].clone() });
    found(&both, played, "while it was at");
}

#[test]
fn there_is_no_play_where_nothing_is_open() {
    let play = |date: &str, until: Option<&str>| {
        Play::new(Arc::new(site()), date.parse().unwrap(), 1, until.map(time)).map(|play| play.begins())
    };
    assert_eq!(play(MONDAY, None), Ok(at("2026-11-23 07:30")));
    let (sunday, monday) = ("2026-11-22".parse().unwrap(), MONDAY.parse().unwrap());
    assert_eq!(play("2026-11-22", None), Err(NoPlay::Closed { date: sunday, next: Some(monday) }));
    assert!(matches!(play("2024-08-05", None), Err(NoPlay::TooEarly { .. })));
    assert!(matches!(play(MONDAY, Some("07:00")), Err(NoPlay::EndsFirst { .. })));
}

/// Three days over a weekend, with the nights in which the work of the house was due.
fn season(rules: &Rules, seed: u64) -> (Vec<(String, Played)>, Vec<String>, Vec<Recorded>) {
    let season = Season::new(Arc::new(rules.clone()), FRIDAY.parse().unwrap(), 3, seed, None).unwrap();
    let begins = season.begins().format("%Y-%m-%d %H:%M").to_string();
    let house = House::at(rules.clone(), &begins);
    let (mut days, mut nights) = (Vec::new(), Vec::new());
    let between = Between {
        nightly_at: time("01:30"),
        evening: &mut |date, played| days.push((date.to_string(), played)),
        night: &mut |due| {
            nights.push(due.format("%m-%d %H:%M").to_string());
            Ok(())
        },
    };
    let leaving = AtomicBool::new(false);
    simulate::perform_season(&season, &house.hall, &house.clock, Pace::Max, &leaving, |_| (), between);
    let lines = |(date, _): &(String, Played)| {
        antrean::store::lines_of(house.folder.path(), date.parse().unwrap()).unwrap()
    };
    let lines = days.iter().flat_map(lines).collect();
    (days, nights, lines)
}

#[test]
fn days_follow_each_other_with_all_that_lies_between_them() {
    let rules = site();
    let (days, nights, journal) = season(&rules, 4);
    let dates: Vec<&str> = days.iter().map(|(date, _)| date.as_str()).collect();
    assert_eq!(dates, [FRIDAY, "2026-11-30", "2026-12-01"], "the weekend is passed over");
    assert_eq!(nights, ["11-28 01:30", "11-29 01:30", "11-30 01:30", "12-01 01:30"]);
    let mut sums = Sums::default();
    for (date, played) in &days {
        let of_day: Vec<Recorded> =
            journal.iter().filter(|line| line.day.to_string() == *date).cloned().collect();
        assert_eq!(faults(&of_day, played), Vec::<String>::new(), "{date}");
        let day = Sums::of(&rules, &of_day);
        assert!(day.issued > 30, "{date}: {day:?}");
        assert_eq!(day.issued as usize, played.handed.len(), "{date}");
        let letters = |number: &String| number.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let numbers: BTreeSet<String> = played.handed.iter().map(ToString::to_string).collect();
        let first = numbers.iter().filter(|number| number.ends_with("001")).count();
        assert_eq!(first, numbers.iter().map(letters).collect::<BTreeSet<_>>().len(), "{date}: {numbers:?}");
        sums.add(&day);
    }
    assert_eq!(sums.issued, sums.served + sums.no_show + sums.cancelled + sums.left);
    assert_eq!(sums.issued, sums.agencies.iter().map(|agency| agency.issued).sum::<u32>());
    assert_ne!(days[1].1.handed.len(), 0);
    // Each day has chance of its own, and all of it hangs on the seed.
    assert_ne!(days[1].1.calls.len(), days[2].1.calls.len());
    assert_eq!(season(&rules, 4).2, journal);
}

#[test]
fn the_first_day_of_a_season_is_the_day_of_the_same_seed() {
    let rules = site();
    let (days, ..) = season(&rules, 4);
    let alone = Simulated::day(&rules, FRIDAY, 4);
    assert_eq!(days[0].1.calls, alone.played.calls);
}

#[test]
fn what_goes_wrong_in_a_night_is_a_fault_of_the_next_day() {
    let rules = site();
    let season = Season::new(Arc::new(rules.clone()), MONDAY.parse().unwrap(), 2, 1, Some(time("08:30")));
    let house = House::at(rules, "2026-11-23 07:30");
    let mut told = Vec::new();
    let between = Between {
        nightly_at: time("01:30"),
        evening: &mut |_, played| told.push(played.faults),
        night: &mut |_| Err("no backup was taken".to_owned()),
    };
    let leaving = AtomicBool::new(false);
    simulate::perform_season(
        &season.unwrap(),
        &house.hall,
        &house.clock,
        Pace::Max,
        &leaving,
        |_| (),
        between,
    );
    let in_the_night = "in the night, at 2026-11-24 01:30: no backup was taken".to_owned();
    assert_eq!(told, [vec![], vec![in_the_night]]);
}

fn simulate<'a>(data: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let config = "config/samples/one-agency.toml";
    let common =
        ["simulate", "--config", config, "--date", MONDAY, "--listen", "127.0.0.1:0", "--data", data];
    [&common, more].concat()
}

#[test]
fn the_program_plays_a_day_twice_in_the_same_folder_and_says_what_it_came_to() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("scratch").display().to_string();
    let play = || run(&simulate(&data, &["--speed", "max", "--seed", "9", "--until", "11:00"]));
    let once = play();
    assert_eq!(once.status.code(), Some(0), "{}", stderr(&once));
    let told = stdout(&once);
    assert!(told.contains("Monday 2026-11-23") && told.contains("tickets issued"), "{told}");
    assert!(told.contains("The journal holds every number"), "{told}");
    let again = play();
    assert_eq!(stdout(&again), told, "{}", stderr(&again));
}

#[test]
fn between_two_days_the_program_does_the_work_of_the_night() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("scratch");
    let path = data.display().to_string();
    let played = run(&simulate(&path, &["--speed", "max", "--days", "3", "--until", "09:00"]));
    assert_eq!(played.status.code(), Some(0), "{}", stderr(&played));
    let told = stdout(&played);
    assert_eq!(told.matches("; the journal agrees").count(), 3, "{told}");
    assert!(told.contains("3 days, 2026-11-23 to 2026-11-25"), "{told}");
    let backups = names(&data.join("backups"));
    for night in ["antrean-20261124-013000", "antrean-20261125-013000"] {
        assert!(backups.contains(night), "{night} is not among {backups:?}");
    }
    let conn = rusqlite::Connection::open(data.join("antrean.db")).unwrap();
    let packed: i64 = conn.query_row("SELECT count(*) FROM day_ledger", [], |row| row.get(0)).unwrap();
    assert_eq!(packed, 2, "the days that are over are packed");
}

#[test]
fn the_program_leaves_the_data_of_a_site_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let box_ = Running::serve(&data, &["--config", "config/samples/one-agency.toml"]);
    assert_eq!(box_.terminate(), Some(0));
    let before = names(&data);
    assert!(before.contains("antrean.db"));
    let path = data.display().to_string();
    let refused = run(&simulate(&path, &["--speed", "max"]));
    assert_eq!(refused.status.code(), Some(3));
    let said = stderr(&refused);
    assert!(said.contains("[data_not_simulated]") && said.contains("--data"), "{said}");
    assert_eq!(names(&data), before);
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_simulated_day_is_live_and_says_that_it_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("scratch").display().to_string();
    let running = Running::start(antrean(&simulate(&data, &["--speed", "1"])));
    let get = |path: &str| {
        let answer = ureq::get(format!("http://{}{path}", running.address)).call().unwrap();
        answer.into_body().read_to_string().unwrap()
    };
    assert!(get("/lobby").contains("MODE PERAGAAN"));
    let board: serde_json::Value = serde_json::from_str(&get("/api/v1/board")).unwrap();
    assert_eq!(board["day"], MONDAY);
    assert_eq!(running.terminate(), Some(0));
    // A mall's working day does not go where the next simulation empties.
    let before = names(Path::new(&data));
    let refused = run(&[
        "serve",
        "--config",
        "config/samples/one-agency.toml",
        "--data",
        &data,
        "--listen",
        "127.0.0.1:0",
    ]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("[data_simulated]"), "{}", stderr(&refused));
    assert_eq!(names(Path::new(&data)), before);
}
