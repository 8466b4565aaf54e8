//! What whoever runs the hall does: numbers from a day without power, closures, notices, and the overview.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::console::Console;
use antrean::queue::rules::Parts;
use antrean::queue::{
    Adopt, AlarmId, Board, Class, Command, CounterPhase, Day, Event, Language, Lineage, Nonce, Notice,
    NoticeId, Origin, Overview, PublicEvent, Refusal, Rules, Seen, Seq, Text,
};
use chrono::TimeDelta;
use support::rules::{at, parts, rules};
use support::scenario::{Paper, finish, loket};

fn house() -> Rules {
    let emergency = antrean::queue::Band { from: 900, count: 50 };
    Parts { emergency, ..parts() }.into()
}

fn adopt(paper: &mut Paper, number: &str, service: &str, came_at: &str) -> Result<Vec<Event>, Refusal> {
    let seed = paper.day.seq().0 as u8;
    paper.wish(&Command::Adopt(Adopt {
        number: number.parse().unwrap(),
        service: service.into(),
        class: Class::Regular,
        language: Language::ID,
        entered_at: at(came_at),
        origin: Origin::Desk("siti".into()),
        nonce: Nonce([seed; 16]),
    }))
}

fn call(paper: &mut Paper, counter: &str) -> String {
    paper.wish(&Command::CallNext { counter: loket(counter), seen: Seen::Unsaid }).unwrap();
    paper.day.active(&loket(counter)).unwrap().number.to_string()
}

fn open(paper: &mut Paper, counter: &str) {
    paper.wish(&Command::OpenCounter { counter: loket(counter), staff: "ani".into() }).unwrap();
}

#[test]
fn a_number_from_the_strip_takes_its_place_by_when_the_visitor_came() {
    let mut paper = Paper::open(house(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    paper.now = at("2026-11-23 09:40");
    paper.issue("ktp", Class::Regular).unwrap();
    adopt(&mut paper, "A900", "ktp", "2026-11-23 09:20").unwrap();
    paper.day.check().unwrap();
    let ticket = paper.day.ticket_numbered(&"A900".parse().unwrap()).unwrap();
    assert_eq!((ticket.issued_at, ticket.entered_at), (at("2026-11-23 09:20"), at("2026-11-23 09:20")));
    // Ordinary numbering goes on where it stood.
    paper.issue("ktp", Class::Regular).unwrap();
    open(&mut paper, "3");
    let mut called = Vec::new();
    for _ in 0..4 {
        called.push(call(&mut paper, "3"));
        paper.wish(&Command::Start { counter: loket("3"), seen: Seen::Unsaid }).unwrap();
        paper.wish(&finish("3", antrean::queue::Ending::default())).unwrap();
    }
    assert_eq!(called, ["A001", "A900", "A002", "A003"]);
}

#[test]
fn a_strip_is_taken_once_a_day_and_only_where_it_belongs() {
    let mut paper = Paper::open(house(), "2026-11-23 09:40");
    let no =
        |paper: &mut Paper, number, service, came_at| adopt(paper, number, service, came_at).unwrap_err();
    let came = "2026-11-23 09:20";
    assert_eq!(no(&mut paper, "A012", "ktp", came), Refusal::NotEmergency);
    assert_eq!(no(&mut paper, "A950", "ktp", came), Refusal::NotEmergency);
    assert_eq!(no(&mut paper, "B901", "ktp", came), Refusal::WrongPrefix);
    assert_eq!(no(&mut paper, "A901", "nothing", came), Refusal::UnknownService);
    assert_eq!(no(&mut paper, "A901", "ktp", "2026-11-23 09:41"), Refusal::BadEntry);
    assert_eq!(no(&mut paper, "A901", "ktp", "2026-11-22 09:20"), Refusal::BadEntry);
    adopt(&mut paper, "A901", "ktp", came).unwrap();
    assert_eq!(no(&mut paper, "A901", "ktp", came), Refusal::NumberTaken);
    assert_eq!(no(&mut paper, "A901", "kk", came), Refusal::NumberTaken);
    paper.now = at("2026-11-24 09:40");
    paper.wish(&Command::Tick).unwrap();
    adopt(&mut paper, "A901", "ktp", "2026-11-24 09:20").unwrap();
}

#[test]
fn an_adopted_number_is_never_given_again_even_where_the_band_is_gone() {
    let mut paper = Paper::open(house(), "2026-11-23 09:40");
    adopt(&mut paper, "A900", "ktp", "2026-11-23 09:20").unwrap();
    let none = antrean::queue::Band::NONE;
    let next = |day: &Day, last: u32| {
        // As if the counting had come to the band.
        let prefix = "A".parse().unwrap();
        let mut day = day.clone();
        for n in day.next_number(&prefix).n..=last {
            let Event::TicketIssued { .. } = issued(&mut day, n) else { unreachable!() };
        }
        day.free_number(&prefix, none).to_string()
    };
    assert_eq!(next(&paper.day, 898), "A899");
    assert_eq!(next(&paper.day, 899), "A901");
}

/// An ordinary ticket with a number.
fn issued(day: &mut Day, n: u32) -> Event {
    let seq = day.seq().next();
    let event = Event::TicketIssued {
        invited: false,
        ticket: antrean::queue::TicketId(seq),
        number: format!("A{n:03}").parse().unwrap(),
        service: "ktp".into(),
        agency: "dukcapil".into(),
        class: Class::Regular,
        language: Language::ID,
        origin: Origin::Api("test".into()),
        printer: None,
        nonce: Nonce::default(),
        forecast: None,
        entered_at: None,
    };
    let date = day.date().unwrap();
    day.apply(&antrean::queue::Recorded { seq, at: at("2026-11-23 09:50"), day: date, event: event.clone() });
    event
}

fn request(paper: &mut Paper, counter: &str) -> Result<Vec<Event>, Refusal> {
    paper.wish(&Command::RequestClosure {
        counter: loket(counter),
        reason: "system".into(),
        by: "ani".into(),
    })
}

fn answer(paper: &mut Paper, counter: &str, granted: bool) -> Result<Vec<Event>, Refusal> {
    paper.wish(&Command::DecideClosure { counter: loket(counter), granted, by: "siti".into() })
}

fn phase(paper: &Paper, counter: &str) -> CounterPhase {
    paper.day.counter(&loket(counter)).phase
}

#[test]
fn a_closure_is_asked_once_and_answered_once() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    assert_eq!(request(&mut paper, "3").unwrap_err(), Refusal::CounterNotOpen);
    open(&mut paper, "3");
    assert_eq!(answer(&mut paper, "3", true).unwrap_err(), Refusal::NoClosure);
    let why = Command::RequestClosure { counter: loket("3"), reason: "tired".into(), by: "ani".into() };
    assert_eq!(paper.wish(&why).unwrap_err(), Refusal::UnknownReason);
    request(&mut paper, "3").unwrap();
    assert_eq!(request(&mut paper, "3").unwrap_err(), Refusal::ClosurePending);
    answer(&mut paper, "3", false).unwrap();
    assert_eq!(phase(&paper, "3"), CounterPhase::Open);
    assert_eq!(answer(&mut paper, "3", true).unwrap_err(), Refusal::NoClosure);
    request(&mut paper, "3").unwrap();
    answer(&mut paper, "3", true).unwrap();
    assert_eq!(phase(&paper, "3"), CounterPhase::Closed);
    // Whoever opens it again begins anew.
    open(&mut paper, "3");
    assert_eq!(paper.day.counter(&loket("3")).closure, None);
}

#[test]
fn the_visitor_at_a_counter_that_may_close_is_the_last() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    for _ in 0..2 {
        paper.issue("ktp", Class::Regular).unwrap();
    }
    open(&mut paper, "3");
    call(&mut paper, "3");
    paper.wish(&Command::Start { counter: loket("3"), seen: Seen::Unsaid }).unwrap();
    request(&mut paper, "3").unwrap();
    answer(&mut paper, "3", true).unwrap();
    assert_eq!(phase(&paper, "3"), CounterPhase::Open);
    assert_eq!(answer(&mut paper, "3", false).unwrap_err(), Refusal::ClosureDecided);
    let console = Console::of(&paper.rules, &paper.day, &loket("3")).unwrap();
    assert!(console.closure.unwrap().granted);
    let next = Command::CallNext { counter: loket("3"), seen: Seen::Unsaid };
    assert_eq!(paper.wish(&next).unwrap_err(), Refusal::CounterClosing);
    let events = paper.wish(&finish("3", antrean::queue::Ending::default())).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::ServiceFinished { .. }, Event::CounterClosed { .. }]),
        "{events:?}"
    );
    paper.day.check().unwrap();
    assert_eq!(paper.day.waiting(&"ktp".into()).unwrap().len(), 1);
}

#[test]
fn a_request_ends_with_the_day() {
    let mut paper = Paper::open(rules(), "2026-11-23 15:00");
    open(&mut paper, "3");
    request(&mut paper, "3").unwrap();
    paper.now = at("2026-11-24 08:00");
    paper.wish(&Command::Tick).unwrap();
    open(&mut paper, "3");
    assert_eq!(answer(&mut paper, "3", true).unwrap_err(), Refusal::NoClosure);
}

fn post(paper: &mut Paper, text: &str, minutes: i64) -> Result<Vec<Event>, Refusal> {
    let until = paper.now + TimeDelta::minutes(minutes);
    paper.wish(&Command::PostNotice { text: Text::same(text), until, by: "siti".into() })
}

fn texts(paper: &Paper) -> Vec<String> {
    Board::of(&paper.rules, &paper.day).notices.into_iter().map(|notice| notice.text.id.to_string()).collect()
}

#[test]
fn a_notice_is_read_until_its_time_and_then_comes_down_by_itself() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    post(&mut paper, "Genset diuji.", 30).unwrap();
    post(&mut paper, "Parkir timur penuh.", 60).unwrap();
    assert_eq!(texts(&paper), ["Genset diuji.", "Parkir timur penuh."]);
    assert_eq!(paper.day.next_return(), Some(at("2026-11-23 09:30")));
    paper.now = at("2026-11-23 09:30");
    paper.wish(&Command::Tick).unwrap();
    assert_eq!(texts(&paper), ["Parkir timur penuh."]);
    let left = paper.day.notices().next().unwrap().id;
    let end = |notice| Command::EndNotice { notice, by: "siti".into() };
    paper.wish(&end(left)).unwrap();
    assert_eq!(paper.wish(&end(left)).unwrap_err(), Refusal::UnknownNotice);
    assert_eq!(paper.wish(&end(NoticeId(Seq(1)))).unwrap_err(), Refusal::UnknownNotice);
    assert_eq!(texts(&paper), [""; 0]);
}

#[test]
fn a_notice_of_a_known_time_stays_and_one_of_a_doubted_time_moves_with_it() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    post(&mut paper, "Genset diuji.", 90).unwrap();
    let follow = |paper: &mut Paper, doubt, system| {
        paper.wish(&Command::FollowClock { offset_ms: 0, doubt, step_ms: 0, system: at(system) }).unwrap()
    };
    paper.now = at("2026-11-23 09:10");
    follow(&mut paper, Some(antrean::queue::Doubt::Stepped), "2026-11-23 06:00");
    paper.now = at("2026-11-23 09:20");
    post(&mut paper, "Parkir timur penuh.", 30).unwrap();
    let truth = at("2026-11-23 09:50");
    let by = support::scenario::desk();
    paper.wish(&Command::ConfirmClock { truth, system: at("2026-11-23 06:10"), by }).unwrap();
    let until: Vec<_> = paper.day.notices().map(|notice| notice.until).collect();
    assert_eq!(until, [at("2026-11-23 10:30"), at("2026-11-23 10:20")]);
}

#[test]
fn a_notice_is_one_line_of_today_and_there_are_few() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    let long = "a".repeat(Notice::LONGEST + 1);
    for bad in ["", " ", "two\nlines", "\u{7}", &long, " Genset"] {
        assert_eq!(post(&mut paper, bad, 30).unwrap_err(), Refusal::BadNotice, "{bad:?}");
    }
    assert_eq!(post(&mut paper, "Genset", 0).unwrap_err(), Refusal::BadTime);
    assert_eq!(post(&mut paper, "Genset", 24 * 60).unwrap_err(), Refusal::BadTime);
    for _ in 0..Notice::MOST {
        post(&mut paper, &"a".repeat(Notice::LONGEST), 30).unwrap();
    }
    assert_eq!(post(&mut paper, "Genset", 30).unwrap_err(), Refusal::TooManyNotices);
}

#[test]
fn every_screen_that_follows_reads_the_same_notices() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    let mut board = Board::of(&paper.rules, &paper.day);
    let mut day = Day::blank(Lineage("test".into()), Seq(0));
    post(&mut paper, "Genset diuji.", 30).unwrap();
    post(&mut paper, "Parkir timur penuh.", 5).unwrap();
    paper.now += TimeDelta::minutes(5);
    paper.wish(&Command::Tick).unwrap();
    for recorded in &paper.journal {
        day.apply(recorded);
        if recorded.seq > board.seq {
            board.apply(&PublicEvent::of(&paper.rules, &day, recorded));
        }
    }
    assert_eq!(board, Board::of(&paper.rules, &paper.day));
    assert_eq!(board.notices.len(), 1);
}

#[test]
fn an_alarm_is_acknowledged_by_whoever_says_so_first() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    let alarm: AlarmId = "printer:printer-1:no_paper:1".into();
    let known =
        |by: &str| Command::AcknowledgeAlarm { alarm: "printer:printer-1:no_paper:1".into(), by: by.into() };
    assert_eq!(paper.wish(&known("siti")).unwrap().len(), 1);
    assert_eq!(paper.wish(&known("ani")).unwrap(), []);
    assert_eq!(paper.day.acknowledged(&alarm), Some(&"siti".into()));
    assert_eq!(paper.day.acknowledged(&"printer:printer-1:no_paper:2".into()), None);
}

#[test]
fn the_overview_names_who_waited_longest_whatever_their_class_or_agency() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    paper.issue("paspor", Class::Regular).unwrap();
    paper.now += TimeDelta::minutes(1);
    paper.issue("ktp", Class::Regular).unwrap();
    paper.now += TimeDelta::minutes(1);
    paper.issue("ktp", Class::Priority).unwrap();
    open(&mut paper, "3");
    request(&mut paper, "3").unwrap();
    let numbers = |overview: &Overview| -> Vec<String> {
        overview.longest.iter().map(|waiter| waiter.number.to_string()).collect()
    };
    let all = Overview::of(&paper.rules, &paper.day, None);
    assert_eq!(numbers(&all), ["B001", "A001", "A002"]);
    assert_eq!((all.waiting, all.counters.len()), (3, paper.rules.counters.len()));
    let line = all.counters.iter().find(|line| line.number == 3).unwrap();
    assert_eq!((line.waiting, line.closure.as_ref().unwrap().by.as_str()), (2, "ani"));
    let own = Overview::of(&paper.rules, &paper.day, Some(&"dukcapil".into()));
    assert_eq!(numbers(&own), ["A001", "A002"]);
    assert!(own.counters.iter().all(|line| line.agency.as_str() == "dukcapil"));
}
