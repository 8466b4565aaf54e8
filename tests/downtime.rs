//! When a printer, the kiosk or the box was out: decided, written, and noticed by the box itself.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use antrean::appliance::downtime::{self, Dark, Rounds, Window};
use antrean::health::{PrinterNow, lives, starts};
use antrean::queue::rules::Parts;
use antrean::queue::{
    Actor, BoxTrouble, Command, Doubt, Event, KioskTrouble, Part, PartTrouble, Rules, SlipTrouble, Text,
};
use antrean::store::backup::Backup;
use antrean::store::{self, DataFolder};
use antrean::tasks::Pulse;
use chrono::TimeDelta;
use support::house::House;
use support::rules::{always_open, at, parts};
use support::scenario::Paper;
use tokio::sync::watch;

const PAPER: PartTrouble = PartTrouble::Printer(SlipTrouble::PaperOut);
const COVER: PartTrouble = PartTrouble::Printer(SlipTrouble::CoverOpen);

fn printer() -> Part {
    Part::Printer("printer-1".into())
}

fn report(trouble: impl Into<Option<PartTrouble>>) -> Command {
    Command::ReportPart { part: printer(), trouble: trouble.into(), since: None }
}

fn failed(trouble: PartTrouble) -> Event {
    Event::PartFailed { part: printer(), trouble, since: None }
}

fn mended() -> Event {
    Event::PartMended { part: printer(), until: None }
}

/// Every row of the table, in order: day, part, trouble, `+` where it goes on from a day before, from, to.
fn rows(house: &House) -> Vec<String> {
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let question = "SELECT substr(day, 6) || ' ' || part || ' ' || trouble || iif(continues, ' + ', ' ') ||
                           substr(from_at, 6, 14) || ' ' || coalesce(substr(to_at, 6, 14), '-')
                    FROM downtime ORDER BY seq, part";
    let mut rows = conn.prepare(question).unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn is_sound(house: &House) {
    let found = Backup::named(house.folder.path()).verify().unwrap();
    assert!(found.is_sound(), "{found:?}");
}

#[test]
fn only_what_changes_is_written_and_another_trouble_ends_the_one_before() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    assert_eq!(paper.wish(&report(None)), Ok(vec![]), "it was well before");
    assert_eq!(paper.wish(&report(PAPER)), Ok(vec![failed(PAPER)]));
    assert_eq!(paper.wish(&report(PAPER)), Ok(vec![]));
    assert_eq!(paper.wish(&report(COVER)), Ok(vec![mended(), failed(COVER)]));
    assert_eq!(paper.wish(&report(None)), Ok(vec![mended()]));
    assert_eq!(paper.day.failures().count(), 0);
}

#[test]
fn a_slip_that_came_too_late_and_the_trouble_of_something_else_are_no_fault_of_the_printer() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    for trouble in SlipTrouble::ALL {
        let stops = !matches!(trouble, SlipTrouble::TooLate | SlipTrouble::Restarted);
        let events = paper.wish(&report(PartTrouble::Printer(trouble))).unwrap();
        assert_eq!(!events.is_empty(), stops, "{trouble:?}");
        paper.wish(&report(None)).unwrap();
    }
    assert_eq!(paper.wish(&report(PartTrouble::Kiosk(KioskTrouble::Hung))), Ok(vec![]));
    let part = Part::Kiosk("anjungan-1".into());
    assert_eq!(paper.wish(&Command::ReportPart { part, trouble: Some(PAPER), since: None }), Ok(vec![]));
}

#[test]
fn nobody_misses_what_the_config_does_not_name() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    let strange =
        Command::ReportPart { part: Part::Printer("other".into()), trouble: Some(PAPER), since: None };
    assert_eq!(paper.wish(&strange), Ok(vec![]));
    paper.wish(&report(PAPER)).unwrap();
    paper.rules = Rules::from(Parts { always_open: true, printers: vec![], ..parts() });
    assert!(paper.wish(&Command::Tick).unwrap().contains(&mended()), "it left the config");
    assert_eq!(paper.day.failures().count(), 0);
}

#[test]
fn a_box_that_was_dark_for_a_moment_or_for_an_unknown_time_was_not_out() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    let dark = |paper: &Paper, seconds: i64| Command::ReportDark {
        trouble: BoxTrouble::Power,
        from: paper.now - TimeDelta::seconds(seconds),
        to: paper.now,
    };
    for (seconds, events) in [(-60, 0), (4, 0), (5, 2), (90_000, 2)] {
        let wish = dark(&paper, seconds);
        assert_eq!(paper.wish(&wish).unwrap().len(), events, "{seconds} s");
    }
    let system = paper.now;
    paper
        .wish(&Command::FollowClock { offset_ms: 0, doubt: Some(Doubt::Stepped), step_ms: 0, system })
        .unwrap();
    let wish = dark(&paper, 600);
    assert_eq!(paper.wish(&wish), Ok(vec![]), "nobody knows the time");
}

#[test]
fn what_is_out_stays_so_over_night_and_over_a_restart_and_each_day_stands_by_itself() {
    let house = House::open();
    house.wish(report(PAPER)).unwrap();
    house.clock.advance(TimeDelta::days(1));
    house.issue("ktp").unwrap();
    let house = house.restart("2026-11-24 10:00");
    assert_eq!(house.hall.present().day.failed(&printer()).unwrap().trouble, PAPER);
    assert_eq!(house.hall.present().day.failed(&printer()).unwrap().since, at("2026-11-23 09:00"));
    house.wish(report(None)).unwrap();
    assert_eq!(
        rows(&house),
        [
            "11-23 printer:printer-1 paper_out 11-23T09:00:00 11-24T09:00:00",
            "11-24 printer:printer-1 paper_out + 11-24T09:00:00 11-24T10:00:00",
        ]
    );
    is_sound(&house);
    house.clock.advance(TimeDelta::days(1));
    house.issue("ktp").unwrap();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(house.hall.forget_day_before("2026-11-24".parse().unwrap()))
        .unwrap();
    let left = rows(&house);
    assert_eq!(left.len(), 1, "{left:?}");
    is_sound(&house);
    let files = house.close();
    let (before, after) = store::rebuild(&DataFolder::open(files.path()).unwrap()).unwrap();
    assert!(before.is_sound() && after.is_sound(), "{before:?} {after:?}");
}

#[test]
fn times_of_a_fault_that_were_noted_in_doubt_are_put_right() {
    let house = House::open();
    house.issue("ktp").unwrap();
    house.clock.set_system(at("2026-11-23 06:00"));
    house.issue("ktp").unwrap();
    assert!(house.hall.present().day.clock().doubt.is_some());
    house.clock.advance(TimeDelta::minutes(10));
    house.wish(report(PAPER)).unwrap();
    house.clock.advance(TimeDelta::minutes(10));
    let by = Actor::Staff("ani".into());
    let (system, _) = house.time.read();
    house.wish(Command::ConfirmClock { truth: at("2026-11-23 10:00"), system, by }).unwrap();
    house.clock.advance(TimeDelta::minutes(5));
    house.wish(report(None)).unwrap();
    assert_eq!(rows(&house), ["11-23 printer:printer-1 paper_out 11-23T09:50:00 11-23T10:05:00"]);
}

/// A box around a house: what it would report, round by round.
struct Running {
    house: House,
    rounds: Rounds,
    printers: watch::Sender<Vec<PrinterNow>>,
}

impl Running {
    fn start(house: House, boot: &str, window: Window) -> Self {
        let data = house.folder.path().to_owned();
        let counted = starts::began(&data, boot, house.time.now()).unwrap();
        let dark = Dark::before(&data, &counted, &house.hall, &house.time);
        let (printers, seen) = watch::channel(vec![]);
        let kiosk = Some(("anjungan-1".into(), window));
        let rounds = Rounds::new(data, (house.hall.clone(), house.time.clone()), seen, kiosk, dark);
        Self { house, rounds, printers }
    }

    /// What is so at two looks, one after the other.
    fn round(&mut self) {
        (0..2).for_each(|_| self.look());
    }

    fn look(&mut self) {
        tokio::runtime::Runtime::new().unwrap().block_on(self.rounds.go());
    }

    fn sees(&mut self, now: fn(PrinterNow) -> PrinterNow) {
        let well = PrinterNow::well("printer-1".into(), Text::same("Kios"), self.house.time.now());
        self.printers.send_replace(vec![now(well)]);
        self.round();
    }

    fn stop(self) -> House {
        let data = self.house.folder.path();
        downtime::leave(data, &self.house.hall, &self.house.time).unwrap();
        starts::ended(data).unwrap();
        self.house
    }
}

#[test]
fn the_box_reports_a_printer_that_it_has_heard_and_its_own_window() {
    let pulse = Pulse::new("window");
    let mut it = Running::start(House::open(), "boot-1", Window::Wanted(Some(pulse.clone())));
    it.sees(|well| PrinterNow { state: "unknown", fault: Some(SlipTrouble::Mute), ..well });
    assert_eq!(rows(&it.house), Vec::<String>::new(), "nothing was heard yet");
    it.sees(|well| PrinterNow { near_end: true, ..well });
    assert_eq!(rows(&it.house), Vec::<String>::new(), "it prints");
    it.sees(|well| well.in_trouble(SlipTrouble::PaperOut));
    pulse.within(Duration::ZERO);
    while pulse.is_alive(Instant::now()) {
        std::thread::yield_now();
    }
    it.house.clock.advance(TimeDelta::minutes(3));
    it.round();
    pulse.rest();
    it.house.clock.advance(TimeDelta::minutes(1));
    it.sees(|well| well);
    assert_eq!(
        rows(&it.house),
        [
            "11-23 printer:printer-1 paper_out 11-23T09:00:00 11-23T09:04:00",
            "11-23 kiosk:anjungan-1 hung 11-23T09:03:00 11-23T09:04:00",
        ]
    );
    is_sound(&it.house);
}

#[test]
fn a_kiosk_without_a_display_is_out_until_the_box_runs_without_it_on_purpose() {
    let mut it = Running::start(House::open(), "boot-1", Window::Wanted(None));
    it.round();
    let mut it = Running::start(it.stop().restart("2026-11-23 09:00"), "boot-1", Window::NotWanted);
    it.house.clock.advance(TimeDelta::minutes(2));
    it.round();
    let kiosk = rows(&it.house).into_iter().find(|row| row.contains("kiosk:")).unwrap();
    assert_eq!(kiosk, "11-23 kiosk:anjungan-1 no_window 11-23T09:00:00 11-23T09:02:00");
}

#[test]
fn the_dark_time_before_a_start_is_told_with_its_cause() {
    let mut it = Running::start(House::open(), "boot-1", Window::NotWanted);
    it.round();
    assert_eq!(rows(&it.house), Vec::<String>::new(), "the first start: nothing was before it");
    it.house.clock.advance(TimeDelta::minutes(30));
    it.round();
    // The power goes; the machine comes back, and with it another start of the kernel.
    let mut it = Running::start(it.house.restart("2026-11-23 10:00"), "boot-2", Window::NotWanted);
    it.round();
    it.house.clock.advance(TimeDelta::minutes(10));
    it.house.issue("ktp").unwrap();
    // The program is killed: the last line of the journal is the last sign of life.
    let mut it = Running::start(it.house.restart("2026-11-23 10:12"), "boot-2", Window::NotWanted);
    it.round();
    it.house.clock.advance(TimeDelta::hours(5));
    let mut it = Running::start(it.stop().restart("2026-11-24 07:30"), "boot-3", Window::NotWanted);
    it.round();
    assert_eq!(
        rows(&it.house),
        [
            "11-23 box power 11-23T09:30:00 11-23T10:00:00",
            "11-23 box fell 11-23T10:10:00 11-23T10:12:00",
            "11-24 box stopped 11-23T15:12:00 11-24T07:30:00",
        ]
    );
    is_sound(&it.house);
}

#[test]
fn dark_time_is_told_when_the_clock_is_believed_and_never_invented() {
    let mut it = Running::start(House::open(), "boot-1", Window::NotWanted);
    it.round();
    it.house.issue("ktp").unwrap();
    let mut it = Running::start(it.house.restart("2026-01-01 00:00"), "boot-2", Window::NotWanted);
    it.round();
    assert!(it.house.hall.present().day.clock().doubt.is_some());
    assert_eq!(rows(&it.house), Vec::<String>::new());
    assert_eq!(lives::read(it.house.folder.path()), None, "a time that nobody believes is not noted");
    it.house.clock.advance(TimeDelta::minutes(20));
    let by = Actor::Staff("ani".into());
    let (system, _) = it.house.time.read();
    it.house.wish(Command::ConfirmClock { truth: at("2026-11-23 09:50"), system, by }).unwrap();
    it.round();
    assert_eq!(rows(&it.house), ["11-23 box power 11-23T09:00:00 11-23T09:30:00"]);
    // The battery is empty: again nobody knows the time, and the power goes before anybody says it.
    let mut it = Running::start(it.house.restart("2026-01-01 00:00"), "boot-3", Window::NotWanted);
    it.round();
    let mut it = Running::start(it.house.restart("2026-11-23 11:00"), "boot-4", Window::NotWanted);
    it.round();
    assert!(it.house.hall.present().day.clock().doubt.is_none());
    assert_eq!(rows(&it.house).len(), 1, "how long it was is not known");
}

#[test]
fn a_busy_hour_costs_no_sign_of_life_and_a_quiet_one_one_a_minute() {
    let mut it = Running::start(House::open(), "boot-1", Window::NotWanted);
    it.round();
    let noted = |it: &Running| lives::read(it.house.folder.path()).unwrap();
    let began = noted(&it);
    for _ in 0..10 {
        it.house.clock.advance(TimeDelta::seconds(30));
        it.house.issue("ktp").unwrap();
        it.round();
    }
    assert_eq!(noted(&it), began, "the journal says it");
    it.house.clock.advance(TimeDelta::seconds(59));
    it.round();
    assert_eq!(noted(&it), began);
    it.house.clock.advance(TimeDelta::seconds(1));
    it.round();
    assert_eq!(noted(&it), began + TimeDelta::minutes(6));
}

#[test]
fn a_cover_that_is_open_at_one_look_only_is_no_outage() {
    let mut running = Running::start(House::open(), "boot-1", Window::NotWanted);
    running.house.issue("ktp").unwrap();
    let well = PrinterNow::well("printer-1".into(), Text::same("Kios"), running.house.time.now());
    let open = PrinterNow { fault: Some(SlipTrouble::CoverOpen), ..well.clone() };
    for _ in 0..4 {
        for seen in [&open, &well] {
            running.printers.send_replace(vec![seen.clone()]);
            running.look();
        }
    }
    assert_eq!(rows(&running.house), Vec::<String>::new());
    running.printers.send_replace(vec![open]);
    running.round();
    assert_eq!(rows(&running.house).len(), 1);
}
