//! What the hall makes of clocks that are wrong: the table of cases, and what it means for visitors.
//!
//! The rules are those of `product.md` §4: a step of up to five minutes is followed; a larger one, or a
//! start before the last line or days after it, is a question to a person. Until it is answered the last
//! day goes on by the time since the machine was switched on.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::hall::No;
use antrean::queue::{Actor, Command, Refusal, TicketState};
use chrono::TimeDelta;
use support::house::{House, issue};
use support::rules::{always_open, at};

/// What happens to a box that was opened on Monday, 23 November, at 09:00.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many minutes pass.
    Pass(i64),
    /// Somebody, or something, sets the system's clock.
    Set(&'static str),
    /// The power comes back after a while; the system's clock shows this.
    Restart(&'static str),
    /// A supervisor says what time it is.
    Confirm(&'static str),
    /// The same, and is not believed.
    Refused(&'static str),
}
use Step::{Confirm, Pass, Refused, Restart, Set};

struct Case(&'static str, &'static [Step], &'static str, &'static str, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // what happened                                    how                                                     the house says      in doubt    day
    // While the box runs.
    Case("nothing but time",                            &[Pass(10)],                                            "11-23 09:10",      "",         "23"),
    Case("a machine that slept",                        &[Pass(120)],                                           "11-23 11:00",      "",         "23"),
    Case("a night",                                     &[Pass(23 * 60)],                                       "11-24 08:00",      "",         "24"),
    Case("five minutes forward",                        &[Set("11-23 09:05")],                                  "11-23 09:05",      "",         "23"),
    Case("six minutes forward",                         &[Set("11-23 09:06")],                                  "11-23 09:00",      "stepped",  "23"),
    Case("five minutes back",                           &[Set("11-23 08:55")],                                  "11-23 08:55",      "",         "23"),
    Case("six minutes back",                            &[Set("11-23 08:54")],                                  "11-23 09:00",      "stepped",  "23"),
    Case("two small steps",                             &[Set("11-23 09:04"), Set("11-23 09:08")],              "11-23 09:08",      "",         "23"),
    Case("a small step forward, a larger one back",     &[Set("11-23 09:04"), Set("11-23 08:56")],              "11-23 09:04",      "stepped",  "23"),
    Case("a step, and time",                            &[Set("11-23 10:00"), Pass(30)],                        "11-23 09:30",      "stepped",  "23"),
    Case("a step, and back again",                      &[Set("11-23 10:00"), Set("11-23 09:01")],              "11-23 09:01",      "",         "23"),
    Case("a step, and back after half an hour",         &[Set("11-25 10:00"), Pass(30), Set("11-23 09:30")],    "11-23 09:30",      "",         "23"),
    Case("tomorrow",                                    &[Set("11-24 09:00")],                                  "11-23 09:00",      "stepped",  "23"),
    Case("next month, over midnight",                   &[Set("12-23 09:00"), Pass(16 * 60)],                   "11-24 01:00",      "stepped",  "24"),
    Case("1970",                                        &[Set("1970-01-01 00:00")],                             "11-23 09:00",      "stepped",  "23"),
    Case("tomorrow, but it is today",                   &[Set("11-24 09:00"), Confirm("11-23 09:00"), Pass(9)], "11-23 09:09",      "",         "23"),
    Case("tomorrow, and it is",                         &[Set("11-24 09:00"), Confirm("11-24 09:00")],          "11-24 09:00",      "",         "24"),
    Case("tomorrow, and it is, three minutes later",    &[Set("11-24 09:00"), Confirm("11-24 09:03")],          "11-24 09:00",      "",         "24"),
    Case("an hour slow since ever",                     &[Confirm("11-23 10:00"), Pass(5)],                     "11-23 10:05",      "",         "23"),
    Case("a day fast since ever: the day never goes back", &[Confirm("11-22 09:00"), Pass(5)],                  "11-22 09:05",      "",         "23"),
    Case("confirmed, and then set right",               &[Set("11-24 10:00"), Confirm("11-23 09:00"), Set("11-23 09:02")], "11-23 09:02", "",   "23"),
    Case("confirmed, and then set again",               &[Set("11-24 09:00"), Confirm("11-23 09:00"), Set("11-25 09:00")], "11-23 09:00", "stepped", "23"),
    Case("the year mistyped, too early",                &[Set("11-24 09:00"), Refused("2016-11-23 09:00")],     "11-23 09:00",      "stepped",  "23"),
    Case("the year mistyped, too late",                 &[Set("11-24 09:00"), Refused("2028-11-23 09:00")],     "11-23 09:00",      "stepped",  "23"),
    Case("hours fast, answered, and no power the next minute", &[Set("11-23 11:00"), Pass(120), Confirm("11-23 09:30"), Restart("11-23 13:10")], "11-23 09:40", "", "23"),
    Case("the month mistyped where nobody asked",       &[Refused("12-23 09:00")],                              "11-23 09:00",      "",         "23"),
    // Across starts.
    Case("half an hour without power",                  &[Restart("11-23 09:30")],                              "11-23 09:30",      "",         "23"),
    Case("a start five minutes before the last line",   &[Restart("11-23 08:55")],                              "11-23 08:55",      "",         "23"),
    Case("a start six minutes before it",               &[Restart("11-23 08:54")],                              "11-23 09:00",      "behind",   "23"),
    Case("an empty battery",                            &[Restart("2000-01-01 00:00"), Pass(20)],               "11-23 09:20",      "behind",   "23"),
    Case("an empty battery, and no power twice",        &[Restart("2000-01-01 00:00"), Restart("2000-01-01 00:00")], "11-23 09:00", "behind",   "23"),
    Case("an empty battery, asked and answered",        &[Restart("2000-01-01 00:00"), Pass(20), Confirm("11-23 10:45"), Pass(1)], "11-23 10:46", "", "23"),
    Case("an empty battery, answered the next day",     &[Restart("2000-01-01 00:00"), Confirm("11-24 07:30")], "11-24 07:30",      "",         "24"),
    Case("an empty battery, the system set right",      &[Restart("2000-01-01 00:00"), Set("11-23 10:30")],     "11-23 10:30",      "",         "23"),
    Case("an empty battery, a right clock at the next start", &[Restart("2000-01-01 00:00"), Restart("11-23 11:00")], "11-23 11:00", "",        "23"),
    Case("the next morning",                            &[Restart("11-24 07:30")],                              "11-24 07:30",      "",         "24"),
    Case("a long weekend: three days",                  &[Restart("11-26 09:00")],                              "11-26 09:00",      "",         "26"),
    Case("a holiday: a minute more",                    &[Restart("11-26 09:01")],                              "11-23 09:00",      "ahead",    "23"),
    Case("a holiday, answered",                         &[Restart("11-30 07:30"), Confirm("11-30 07:31")],      "11-30 07:30",      "",         "30"),
    Case("a year ahead, set right",                     &[Restart("2027-11-23 09:30"), Set("11-23 09:30")],     "11-23 09:30",      "",         "23"),
    Case("a doubt is not forgotten at a start",         &[Set("11-24 09:00"), Restart("11-24 09:10")],          "11-23 09:00",      "stepped",  "23"),
    Case("an hour fast, confirmed, and started again",  &[Set("11-23 10:00"), Confirm("11-23 09:00"), Restart("11-23 11:00")], "11-23 10:00", "", "23"),
    Case("a day slow, confirmed, and started again",    &[Set("11-22 09:00"), Confirm("11-23 09:00"), Restart("11-22 11:00")], "11-23 11:00", "", "23"),
    Case("a day fast, confirmed, and started again: fast or set right?", &[Set("11-24 09:00"), Confirm("11-23 09:00"), Restart("11-24 10:00")], "11-23 09:00", "unsure", "23"),
    Case("a day slow, confirmed, set right while it was off", &[Set("11-22 09:00"), Confirm("11-23 09:00"), Restart("11-23 11:00")], "11-23 09:00", "unsure", "23"),
    Case("the same, and answered",                      &[Set("11-22 09:00"), Confirm("11-23 09:00"), Restart("11-23 11:00"), Confirm("11-23 11:00")], "11-23 11:00", "", "23"),
];

fn moment(text: &str) -> antrean::queue::At {
    if text.starts_with("20") || text.starts_with("19") { at(text) } else { at(&format!("2026-{text}")) }
}

fn confirm(house: &House, truth: &str) -> Result<(), No> {
    let (truth, (system, _)) = (moment(truth), house.time.read());
    house.wish(Command::ConfirmClock { truth, system, by: Actor::Staff("penyelia".into()) }).map(drop)
}

fn take(house: House, step: Step) -> House {
    let house = match step {
        Restart(wall) => {
            let wall = moment(wall).format("%Y-%m-%d %H:%M").to_string();
            house.restart(&wall)
        }
        _ => house,
    };
    match step {
        Pass(minutes) => house.clock.advance(TimeDelta::minutes(minutes)),
        Set(wall) => house.clock.set_system(moment(wall)),
        Confirm(truth) => confirm(&house, truth).unwrap(),
        Refused(truth) => {
            assert!(matches!(confirm(&house, truth), Err(No::Refused(Refusal::BadDate))), "{truth}");
        }
        Restart(_) => {}
    }
    // The hall looks at the clock with every wish, and every second.
    house.wish(Command::Tick).unwrap();
    house
}

#[test]
fn the_hall_knows_what_time_it_is_or_that_it_does_not() {
    assert!(CASES.len() >= 40);
    for Case(name, steps, now, doubt, day) in CASES {
        let house = steps.iter().fold(House::open(), |house, step| take(house, *step));
        let present = house.hall.present();
        let known = present.day.clock().doubt.map_or("", |doubt| doubt.as_str());
        let told = (house.time.now().format("%m-%d %H:%M").to_string(), known);
        assert_eq!((told.0.as_str(), told.1), (*now, *doubt), "{name}");
        assert_eq!(present.day.date().unwrap().format("%d").to_string(), *day, "{name}");
    }
}

/// What a system's clock may show at 09:00 on Monday, 23 November, and whether the house doubts it: when it jumps
/// there while the box runs, and when the box starts with it.
struct Shown(&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const SHOWN: &[Shown] = &[
    // what it is                                       it shows             live       at a start
    Shown("the right time",                             "11-23 09:00",       "",        ""),
    Shown("a minute fast",                              "11-23 09:01",       "",        ""),
    Shown("four minutes fast",                          "11-23 09:04",       "",        ""),
    Shown("five minutes fast",                          "11-23 09:05",       "",        ""),
    Shown("six minutes fast",                           "11-23 09:06",       "stepped", ""),
    Shown("half an hour fast",                          "11-23 09:30",       "stepped", ""),
    Shown("an hour fast: the zone of Makassar",         "11-23 10:00",       "stepped", ""),
    Shown("two hours fast: the zone of Jayapura",       "11-23 11:00",       "stepped", ""),
    Shown("the last minute of the day",                 "11-23 23:59",       "stepped", ""),
    Shown("the first minute of the next",               "11-24 00:00",       "stepped", ""),
    Shown("the next morning",                           "11-24 07:30",       "stepped", ""),
    Shown("a day fast",                                 "11-24 09:00",       "stepped", ""),
    Shown("two days fast",                              "11-25 09:00",       "stepped", ""),
    Shown("a minute less than three days fast",         "11-26 08:59",       "stepped", ""),
    Shown("three days fast",                            "11-26 09:00",       "stepped", ""),
    Shown("a minute more than three days fast",         "11-26 09:01",       "stepped", "ahead"),
    Shown("four days fast",                             "11-27 09:00",       "stepped", "ahead"),
    Shown("a week fast",                                "11-30 09:00",       "stepped", "ahead"),
    Shown("the next month",                             "12-01 00:00",       "stepped", "ahead"),
    Shown("the month mistyped",                         "12-23 09:00",       "stepped", "ahead"),
    Shown("the last minute of the year",                "12-31 23:59",       "stepped", "ahead"),
    Shown("the next year",                              "2027-01-01 00:00",  "stepped", "ahead"),
    Shown("a year fast",                                "2027-11-23 09:00",  "stepped", "ahead"),
    Shown("the day that only leap years have",          "2028-02-29 09:00",  "stepped", "ahead"),
    Shown("the end of the first era of NTP",            "2036-02-07 13:28",  "stepped", "ahead"),
    Shown("just before 31 bits of seconds are full",    "2038-01-19 10:13",  "stepped", "ahead"),
    Shown("just after",                                 "2038-01-19 10:15",  "stepped", "ahead"),
    Shown("two digits of a year, read as 2099",         "2099-11-23 09:00",  "stepped", "ahead"),
    Shown("a minute slow",                              "11-23 08:59",       "",        ""),
    Shown("four minutes slow",                          "11-23 08:56",       "",        ""),
    Shown("five minutes slow",                          "11-23 08:55",       "",        ""),
    Shown("six minutes slow",                           "11-23 08:54",       "stepped", "behind"),
    Shown("half an hour slow",                          "11-23 08:30",       "stepped", "behind"),
    Shown("an hour slow: a clock set for a summer",     "11-23 08:00",       "stepped", "behind"),
    Shown("seven hours slow: UTC taken for the time",   "11-23 02:00",       "stepped", "behind"),
    Shown("the first minute of the day",                "11-23 00:00",       "stepped", "behind"),
    Shown("the last minute of the day before",          "11-22 23:59",       "stepped", "behind"),
    Shown("a day slow",                                 "11-22 09:00",       "stepped", "behind"),
    Shown("three days slow",                            "11-20 09:00",       "stepped", "behind"),
    Shown("a month slow",                               "10-23 09:00",       "stepped", "behind"),
    Shown("the first minute of the year",               "01-01 00:00",       "stepped", "behind"),
    Shown("the year mistyped",                          "2025-11-23 09:00",  "stepped", "behind"),
    Shown("the day of an old image",                    "2020-02-01 00:00",  "stepped", "behind"),
    Shown("1,024 weeks slow: an old GPS",               "2007-04-09 09:00",  "stepped", "behind"),
    Shown("an empty battery",                           "2000-01-01 00:00",  "stepped", "behind"),
    Shown("a PC's first day",                           "1980-01-01 00:00",  "stepped", "behind"),
    Shown("the beginning, in UTC",                      "1970-01-01 07:00",  "stepped", "behind"),
    Shown("seven hours before it",                      "1970-01-01 00:00",  "stepped", "behind"),
];

/// A clock that is believed is followed, and a new day begins where it shows one; one that is doubted changes
/// nothing, and the numbers of the day go on.
#[test]
fn every_clock_is_judged_while_the_box_runs_and_when_it_starts() {
    assert!(SHOWN.len() >= 40);
    for Shown(name, shows, live, at_start) in SHOWN {
        for (how, step, doubt) in [("live", Set(shows), live), ("at a start", Restart(shows), at_start)] {
            let house = House::open();
            assert_eq!(house.number("ktp"), "A001");
            let house = take(house, step);
            let wall = moment(shows);
            let believed = if doubt.is_empty() { wall } else { at("2026-11-23 09:00") };
            let present = house.hall.present();
            let known = present.day.clock().doubt.map_or("", |doubt| doubt.as_str());
            assert_eq!((house.time.now(), known), (believed, *doubt), "{name}, {how}");
            assert_eq!(present.day.date(), Some(believed.date_naive()), "{name}, {how}");
            let next =
                if believed.date_naive() == at("2026-11-23 09:00").date_naive() { "A002" } else { "A001" };
            assert_eq!(house.number("ktp"), next, "{name}, {how}");
        }
    }
}

#[test]
fn a_new_box_with_an_empty_battery_asks_and_then_knows() {
    let house = House::at(always_open(), "1970-01-01 00:10");
    assert!(house.hall.present().day.clock().doubt.is_some());
    confirm(&house, "11-23 09:00").unwrap();
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.time.now(), at("2026-11-23 09:00"));
    assert!(house.hall.present().day.clock().doubt.is_none());
    assert_eq!(house.number("ktp"), "A001");
}

#[test]
fn while_nobody_knows_the_time_numbers_go_on_and_nobody_loses_a_place() {
    let house = House::open();
    house.open_counter("loket-3");
    assert_eq!(house.number("ktp"), "A001");
    let house = take(house, Restart("2000-01-01 00:00"));
    assert_eq!(house.number("ktp"), "A002");
    let house = take(house, Confirm("11-23 10:45"));
    assert_eq!(house.number("ktp"), "A003");
    for number in ["A001", "A002", "A003"] {
        assert_eq!(house.call("loket-3").unwrap().ticket.unwrap().number.to_string(), number);
        let counter = || "loket-3".into();
        house.wish(Command::Start { counter: counter(), seen: Default::default() }).unwrap();
        let ending = Default::default();
        house.wish(Command::Finish { counter: counter(), seen: Default::default(), ending }).unwrap();
    }
}

#[test]
fn a_clock_that_is_set_back_lets_nobody_overtake() {
    let house = take(House::open(), Pass(10));
    house.open_counter("loket-3");
    house.issue("ktp").unwrap();
    let house = take(house, Set("11-23 09:06"));
    assert_eq!(house.number("ktp"), "A002");
    assert_eq!(house.call("loket-3").unwrap().ticket.unwrap().number.to_string(), "A001");
}

/// What was noted between the doubt and the answer moves with the answer; what was noted before stands.
#[test]
fn times_noted_in_doubt_are_put_right() {
    let house = House::open();
    let before = house.issue("ktp").unwrap().ticket.unwrap().id;
    let house = take(take(house, Restart("2000-01-01 00:00")), Pass(10));
    let during = house.issue("ktp").unwrap().ticket.unwrap().id;
    let house = take(take(house, Pass(10)), Confirm("11-23 10:45"));
    let check = |house: &House| {
        let day = house.hall.present().day.clone();
        let conn = rusqlite::Connection::open(house.database()).unwrap();
        // Ten minutes ago, as the second visitor would say.
        for (ticket, issued) in [(before, "2026-11-23 09:00"), (during, "2026-11-23 10:35")] {
            assert_eq!(day.ticket(ticket).unwrap().issued_at, at(issued));
            let sql =
                "SELECT ticket.issued_at, stop.entered_at FROM ticket JOIN stop ON stop.ticket = ticket.id
                       WHERE ticket.id = ?1";
            let told: (String, String) =
                conn.query_row(sql, [ticket.0.0], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            let text = at(issued).to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
            assert_eq!(told, (text.clone(), text));
        }
    };
    check(&house);
    // And the journal tells the same story again.
    check(&take(house, Restart("11-23 10:50")));
}

#[test]
fn a_day_that_changes_with_the_answer_ends_what_was_left_of_the_old_one() {
    let house = House::open();
    let old = house.issue("ktp").unwrap().ticket.unwrap().id;
    let house = take(take(house, Restart("12-01 07:30")), Confirm("12-01 07:30"));
    assert_eq!(house.number("ktp"), "A001");
    assert!(house.hall.present().day.ticket(old).is_none());
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let sql = "SELECT state FROM ticket WHERE id = ?1";
    let state: String = conn.query_row(sql, [old.0.0], |row| row.get(0)).unwrap();
    assert_eq!(state, TicketState::Expired.as_str());
}

/// The answer and a visitor come at once: one transaction of the hall.
#[test]
fn a_number_given_together_with_the_answer_is_one_of_the_new_day() {
    let house = take(House::open(), Restart("12-01 07:30"));
    let system = house.time.read().0;
    let crowd: Vec<_> = (0..20).map(|_| house.hall.knock(issue(&house.hall, "kk").into()).unwrap()).collect();
    let by = Actor::Staff("penyelia".into());
    let answer = Command::ConfirmClock { truth: moment("12-01 07:30"), system, by };
    let answered = house.hall.knock(answer.into()).unwrap();
    let late = house.hall.knock(issue(&house.hall, "ktp").into()).unwrap();
    crowd.into_iter().for_each(|number| assert!(number.blocking_recv().unwrap().is_ok()));
    answered.blocking_recv().unwrap().unwrap();
    let late = late.blocking_recv().unwrap().unwrap().ticket.unwrap();
    house.wish(Command::Tick).unwrap();
    assert_eq!(late.number.to_string(), "A001");
    let day = house.hall.present().day.clone();
    assert_eq!(day.ticket(late.id).map(|ticket| ticket.state), Some(TicketState::Waiting));
}

#[test]
fn a_stop_made_in_doubt_ends_for_everyone_when_the_answer_says() {
    let house = take(take(House::open(), Set("11-23 12:00")), Pass(60));
    let until = Some(house.time.now() + TimeDelta::minutes(60));
    let by = Actor::Staff("ani".into());
    let stop = Command::StopService { service: "ktp".into(), reason: "system".into(), until, by };
    house.wish(stop).unwrap();
    confirm(&house, "11-23 09:40").unwrap();
    house.clock.advance(TimeDelta::minutes(61));
    house.issue("ktp").unwrap();
    let board = house.hall.present().board().clone();
    assert!(board.agencies[0].services[0].open, "{:?}", board.agencies[0].services[0].closed);
}
