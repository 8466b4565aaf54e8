//! Open or closed, why, and until when: tables a supervisor could read. A row is a moment and what is
//! said then; `until` is when that changes by itself, `opens` when numbers can be had again.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::calendar::{DatedDay, Exception, Period};
use antrean::queue::rules::Parts;
use antrean::queue::{
    Board, Class, Command, Console, CounterPhase, Day, Event, Language, Leniency, Lineage, Openness, Refusal,
    Rules, Seen, Seq, Span, Terms, Text, Week, calendar,
};
use chrono::TimeDelta;
use support::rules::{always_open, at, offset, parts, rules, span};
use support::scenario::{Paper, check, finish, loket};

/// What is said of a service, in words.
fn said(rules: &Rules, day: &Day, service: &str, now: antrean::queue::At) -> String {
    let (agency, service) = rules.service(&service.into()).unwrap();
    let time = |at: Option<antrean::queue::At>| {
        at.map_or("-".to_owned(), |at| at.with_timezone(&offset()).format("%a %H:%M").to_string())
    };
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    match calendar::openness(rules, day, agency, service, now) {
        Openness::Open { warning: None, until } => format!("open until {}", time(until)),
        Openness::Open { warning: Some(warning), until } => {
            format!("open, {} until {}", word(serde_json::to_value(warning).unwrap()), time(until))
        }
        Openness::Closed(closed) => {
            let name =
                closed.name.map_or(String::new(), |name| format!(" ({})", name.in_language(Language::EN)));
            let code = word(serde_json::to_value(closed.code).unwrap());
            format!("{code}{name} until {} opens {}", time(closed.until), time(closed.opens))
        }
    }
}

/// A table of what the calendar alone says of a service: `when | what is said`.
fn table(rules: &Rules, service: &str, rows: &str) {
    let day = Day::blank(Lineage("test".into()), Seq(0));
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (when, expected) = row.split_once('|').unwrap();
        assert_eq!(said(rules, &day, service, at(when.trim())), expected.trim(), "at {when}");
    }
}

fn now(paper: &Paper, service: &str) -> String {
    said(&paper.rules, &paper.day, service, paper.now)
}

fn with(change: impl FnOnce(&mut Parts)) -> Rules {
    let mut parts = parts();
    change(&mut parts);
    parts.into()
}

fn terms(terms: Terms) -> Rules {
    with(|parts| parts.agencies[0].services[0].terms = terms)
}

fn holiday(name: &str) -> Exception {
    Exception { agency: None, name: Text::same(name), day: DatedDay::Closed }
}

fn working(hours: Vec<Span>) -> Exception {
    Exception { agency: None, name: Text::same("Instead"), day: DatedDay::Hours(hours) }
}

fn on(parts: &mut Parts, date: &str, exception: Exception) {
    parts.exceptions.dates.entry(date.parse().unwrap()).or_default().push(exception);
}

fn ramadan() -> Period {
    let mut week = Week::default();
    for day in &mut week.days[..4] {
        *day = vec![span("08:00", "12:30"), span("13:00", "15:00")];
    }
    week.days[4] = vec![span("08:00", "12:00"), span("13:30", "16:00")];
    week.breaks[4] = Some(Text::new("Salat Jumat", "Friday prayer"));
    let (first, last) = ("2026-02-18".parse().unwrap(), "2026-03-19".parse().unwrap());
    Period { agency: None, name: Text::same("Ramadan"), first, last, week }
}

#[test]
fn a_week_has_its_hours_and_a_friday_its_prayer() {
    let rules = with(|parts| parts.hours.breaks[4] = Some(Text::new("Salat Jumat", "Friday prayer")));
    table(
        &rules,
        "ktp",
        "
        2026-11-26 07:59 | not_yet_open until Thu 08:00 opens Thu 08:00
        2026-11-26 08:00 | open until Thu 16:00
        2026-11-26 16:00 | day_over until Fri 00:00 opens Fri 08:00
        2026-11-27 11:29 | open until Fri 11:30
        2026-11-27 11:30 | break (Friday prayer) until Fri 14:00 opens Fri 14:00
        2026-11-27 14:00 | open until Fri 16:30
        2026-11-27 16:30 | day_over until Sat 00:00 opens Mon 08:00
        2026-11-28 10:00 | day_off until Mon 00:00 opens Mon 08:00
        2026-11-30 00:00 | not_yet_open until Mon 08:00 opens Mon 08:00
        ",
    );
}

#[test]
fn the_hours_nearest_to_the_service_count() {
    let rules = with(|parts| {
        let mornings = |from: &str, to: &str| {
            let mut week = Week::default();
            week.days[0] = vec![span(from, to)];
            Some(week)
        };
        parts.agencies[0].hours = mornings("09:00", "12:00");
        parts.agencies[0].services[1].hours = mornings("10:00", "11:00");
    });
    table(&rules, "paspor", "2026-11-23 08:30 | open until Mon 16:00");
    table(
        &rules,
        "ktp",
        "
        2026-11-23 08:30 | not_yet_open until Mon 09:00 opens Mon 09:00
        2026-11-24 09:00 | day_off until Mon 00:00 opens Mon 09:00
        ",
    );
    table(&rules, "kk", "2026-11-23 09:30 | not_yet_open until Mon 10:00 opens Mon 10:00");
}

#[test]
fn a_dated_exception_outranks_the_week() {
    let rules = with(|parts| {
        on(parts, "2026-12-24", holiday("Joint leave"));
        on(parts, "2026-12-25", holiday("Christmas"));
        on(parts, "2026-12-26", working(vec![span("08:00", "12:00")]));
        on(
            parts,
            "2026-12-24",
            Exception { agency: Some("imigrasi".into()), ..working(vec![span("09:00", "10:00")]) },
        );
    });
    table(
        &rules,
        "ktp",
        "
        2026-12-23 16:00 | day_over until Thu 00:00 opens Sat 08:00
        2026-12-24 09:00 | holiday (Joint leave) until Fri 00:00 opens Sat 08:00
        2026-12-25 09:00 | holiday (Christmas) until Sat 00:00 opens Sat 08:00
        2026-12-26 09:00 | open until Sat 12:00
        2026-12-26 12:00 | day_over until Sun 00:00 opens Mon 08:00
        ",
    );
    // What an agency says of itself outranks what the site says of everybody.
    table(&rules, "paspor", "2026-12-24 09:00 | open until Thu 10:00");
    table(&rules, "paspor", "2026-12-25 09:00 | holiday (Christmas) until Sat 00:00 opens Sat 08:00");
}

#[test]
fn ramadan_has_hours_of_its_own_and_a_holiday_in_it_is_one() {
    let mondays = |parts: &mut Parts| {
        let mut week = Week::default();
        week.days[0] = vec![span("08:00", "16:00")];
        parts.agencies[1].hours = Some(week);
    };
    let rules = with(|parts| {
        parts.exceptions.periods.push(ramadan());
        on(parts, "2026-03-19", holiday("Nyepi"));
        mondays(parts);
    });
    table(
        &rules,
        "ktp",
        "
        2026-02-17 15:30 | open until Tue 16:00
        2026-02-18 12:30 | break until Wed 13:00 opens Wed 13:00
        2026-02-18 15:00 | day_over until Thu 00:00 opens Thu 08:00
        2026-02-20 12:00 | break (Friday prayer) until Fri 13:30 opens Fri 13:30
        2026-02-20 15:59 | open until Fri 16:00
        2026-03-18 15:00 | day_over until Thu 00:00 opens Fri 08:00
        2026-03-19 09:00 | holiday (Nyepi) until Fri 00:00 opens Fri 08:00
        2026-03-20 12:00 | break until Fri 14:00 opens Fri 14:00
        ",
    );
    // Who comes on Mondays comes on Mondays, at Ramadan's hours.
    table(
        &rules,
        "paspor",
        "
        2026-02-19 09:00 | day_off until Mon 00:00 opens Mon 08:00
        2026-02-23 15:00 | day_over until Tue 00:00 opens Mon 08:00
        ",
    );
}

#[test]
fn numbers_can_be_had_before_opening_and_no_longer_before_closing() {
    let rules = terms(Terms { numbers_from_min: 30, numbers_until_min: 15, ..Terms::default() });
    table(
        &rules,
        "ktp",
        "
        2026-11-27 07:29 | not_yet_open until Fri 07:30 opens Fri 07:30
        2026-11-27 07:30 | open until Fri 11:15
        2026-11-27 11:15 | cut_off until Fri 11:30 opens Fri 14:00
        2026-11-27 11:30 | break until Fri 14:00 opens Fri 14:00
        2026-11-27 16:15 | cut_off until Fri 16:30 opens Mon 07:30
        ",
    );
    table(&rules, "kk", "2026-11-27 07:30 | not_yet_open until Fri 08:00 opens Fri 08:00");
    // A holiday has neither; spans that touch are one.
    let rules = with(|parts| {
        parts.agencies[0].services[0].terms.numbers_until_min = 15;
        parts.hours.days[0] = vec![span("08:00", "12:00"), span("12:00", "16:00")];
        on(parts, "2026-11-24", holiday("Local"));
    });
    table(
        &rules,
        "ktp",
        "
        2026-11-23 11:50 | open until Mon 15:45
        2026-11-24 09:00 | holiday (Local) until Wed 00:00 opens Wed 08:00
        ",
    );
}

#[test]
fn numbers_before_opening_are_never_yesterdays() {
    let rules = with(|parts| {
        parts.change_at = support::rules::time("07:45");
        parts.agencies[0].services[0].terms.numbers_from_min = 60;
    });
    table(&rules, "ktp", "2026-11-23 07:30 | not_yet_open until Mon 07:45 opens Mon 07:45");
}

#[test]
fn a_quota_is_filled_by_issue_and_freed_by_cancelling() {
    let rules = terms(Terms { quota: Some(2), ..Terms::default() });
    check(
        rules.clone(),
        "
        issue ktp
        issue ktp
        issue ktp ! service_closed
        issue kk  = A003
        cancel A001
        issue ktp = A004
        open 3
        call 3 = A002
        start 3
        transfer 3 to kk
        issue ktp ! service_closed
        clock 2026-11-24 08:00
        issue ktp = A001
        ",
    );
    let mut paper = Paper::open(rules, "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let events = paper.issue("ktp", Class::Regular).unwrap();
    // The line that says so comes with the ticket that filled it.
    assert!(matches!(events[..], [Event::TicketIssued { .. }, Event::ServiceClosed { .. }]), "{events:?}");
    assert_eq!(now(&paper, "ktp"), "quota_full until Mon 16:00 opens Tue 08:00");
    let events =
        paper.wish(&Command::Cancel { ticket: paper.id("A001"), by: antrean::queue::Actor::Visitor });
    assert!(matches!(events.unwrap()[..], [Event::TicketCancelled { .. }, Event::ServiceOpened { .. }]));
    assert_eq!(now(&paper, "ktp"), "open until Mon 16:00");
}

#[test]
fn a_break_outranks_a_full_quota_and_promises_no_number_after_it() {
    let mut paper = Paper::open(terms(Terms { quota: Some(1), ..Terms::default() }), "2026-11-27 11:00");
    paper.issue("ktp", Class::Regular).unwrap();
    assert_eq!(now(&paper, "ktp"), "quota_full until Fri 11:30 opens Mon 08:00");
    paper.now = at("2026-11-27 12:00");
    assert_eq!(now(&paper, "ktp"), "break until Fri 14:00 opens Mon 08:00");
}

#[test]
fn nobody_at_a_counter_warns_or_refuses() {
    let open =
        |paper: &mut Paper| paper.wish(&Command::OpenCounter { counter: loket("3"), staff: "ani".into() });
    let terms_of = |unstaffed| Terms { unstaffed, numbers_from_min: 30, ..Terms::default() };
    let mut paper = Paper::open(terms(terms_of(Leniency::Warn)), "2026-11-23 07:30");
    assert_eq!(now(&paper, "ktp"), "open until Mon 08:00", "before opening nobody is expected");
    paper.now = at("2026-11-23 08:00");
    paper.wish(&Command::Tick).unwrap();
    assert_eq!(now(&paper, "ktp"), "open, unstaffed until Mon 16:00");
    paper.issue("ktp", Class::Regular).unwrap();
    open(&mut paper).unwrap();
    assert_eq!(now(&paper, "ktp"), "open until Mon 16:00");
    paper.wish(&Command::PauseCounter { counter: loket("3") }).unwrap();
    assert_eq!(now(&paper, "ktp"), "open until Mon 16:00", "a counter on a break is attended");

    let mut paper = Paper::open(terms(terms_of(Leniency::Refuse)), "2026-11-23 07:30");
    paper.issue("ktp", Class::Regular).unwrap();
    paper.now = at("2026-11-23 08:00");
    paper.wish(&Command::Tick).unwrap();
    assert_eq!(now(&paper, "ktp"), "unstaffed until Mon 16:00 opens -");
    let refused = paper.issue("ktp", Class::Regular).unwrap_err();
    assert_eq!(refused.code(), "service_closed");
    assert!(refused.sentence(Language::ID).contains("Belum ada petugas"));
    let events = open(&mut paper).unwrap();
    assert!(matches!(events[..], [Event::CounterOpened { .. }, Event::ServiceOpened { .. }]), "{events:?}");
    paper.issue("ktp", Class::Regular).unwrap();
    let events = paper.wish(&Command::CloseCounter { counter: loket("3") }).unwrap();
    assert!(matches!(events.last(), Some(Event::ServiceClosed { .. })), "{events:?}");
    // A full day outranks an empty counter.
    let full = Terms { quota: Some(1), ..terms_of(Leniency::Refuse) };
    let mut paper = Paper::open(terms(full), "2026-11-23 07:30");
    paper.issue("ktp", Class::Regular).unwrap();
    paper.now = at("2026-11-23 09:00");
    assert_eq!(now(&paper, "ktp"), "quota_full until Mon 16:00 opens Tue 07:30");
}

/// Imigrasi with one counter at which a visitor takes twelve minutes.
fn twelve_minutes_each(past_closing: Leniency) -> Paper {
    let rules = with(|parts| parts.agencies[1].services[0].terms.past_closing = past_closing);
    let mut paper = Paper::open(rules, "2026-11-27 08:00");
    let (counter, seen) = (loket("6"), Seen::Unsaid);
    paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
    for _ in 0..5 {
        paper.issue("paspor", Class::Regular).unwrap();
        paper.wish(&Command::CallNext { counter: counter.clone(), seen }).unwrap();
        paper.wish(&Command::Start { counter: counter.clone(), seen }).unwrap();
        paper.now += TimeDelta::minutes(12);
        paper.wish(&finish("6", antrean::queue::Ending::default())).unwrap();
    }
    paper
}

#[test]
fn a_wait_that_passes_closing_warns_or_refuses() {
    // Nine o'clock on a Friday: 150 minutes until prayer and 150 after it.
    let mut paper = twelve_minutes_each(Leniency::Refuse);
    assert_eq!(paper.now, at("2026-11-27 09:00"));
    for _ in 0..20 {
        paper.issue("paspor", Class::Regular).unwrap();
    }
    // Twenty wait, 240 minutes: 60 minutes from now a newcomer would be called at closing.
    let told = now(&paper, "paspor");
    assert!(told.starts_with("open until Fri 09:5"), "{told}");
    let turns = {
        let (agency, service) = paper.rules.service(&"paspor".into()).unwrap();
        match calendar::openness(&paper.rules, &paper.day, agency, service, paper.now) {
            Openness::Open { until, .. } => until.unwrap(),
            closed => panic!("{closed:?}"),
        }
    };
    assert!(calendar::next_crossing(&paper.rules, &paper.day, paper.now) <= turns);
    paper.now = turns;
    let events = paper.wish(&Command::Tick).unwrap();
    assert!(events.iter().any(|event| matches!(event, Event::ServiceClosed { .. })), "{events:?}");
    assert_eq!(now(&paper, "paspor"), "past_closing until Fri 11:30 opens Mon 08:00");
    let refused = paper.issue("paspor", Class::Regular).unwrap_err();
    assert_eq!(refused.code(), "service_closed");
    // Whoever goes makes room.
    for number in ["B006", "B007", "B008", "B009", "B010", "B011"] {
        let ticket = paper.id(number);
        paper.wish(&Command::Cancel { ticket, by: antrean::queue::Actor::Visitor }).unwrap();
    }
    paper.issue("paspor", Class::Regular).unwrap();

    let mut paper = twelve_minutes_each(Leniency::Warn);
    for _ in 0..30 {
        paper.issue("paspor", Class::Regular).unwrap();
    }
    assert!(now(&paper, "paspor").starts_with("open, past_closing"), "{}", now(&paper, "paspor"));
    // Without a counter there is no forecast, and nothing is foretold.
    paper.wish(&Command::CloseCounter { counter: loket("6") }).unwrap();
    assert_eq!(now(&paper, "paspor"), "open until Fri 11:30");
}

#[test]
fn staff_stop_numbers_for_a_time_or_until_they_accept_or_the_day_ends() {
    check(
        rules(),
        "
        issue ktp
        stop ktp because fun             ! unknown_reason
        stop passport because system     ! unknown_service
        stop ktp for 900 because system  ! bad_time
        accept ktp                       ! not_stopped
        stop ktp because system
        stop ktp because system          ! already_stopped
        issue ktp                        ! service_closed
        issue kk                         = A002
        open 3
        call 3                           = A001
        accept ktp
        issue ktp                        = A003
        stop ktp for 30 because material
        wait 29m
        issue ktp                        ! service_closed
        wait 2m
        issue ktp                        = A004
        accept ktp                       ! not_stopped
        stop ktp because staff
        clock 2026-11-24 09:00
        issue ktp                        = A001
        ",
    );
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    let events = paper.stop("ktp", "system", Some(at("2026-11-23 10:00"))).unwrap();
    assert!(matches!(events[..], [Event::ServiceStopped { .. }, Event::ServiceClosed { .. }]), "{events:?}");
    assert_eq!(now(&paper, "ktp"), "stopped (The system is down) until Mon 10:00 opens Mon 10:00");
    let console = Console::of(&paper.rules, &paper.day, &loket("3")).unwrap();
    let stop = console.services[0].stop.clone().unwrap();
    assert_eq!((stop.reason.as_str(), stop.until), ("system", Some(at("2026-11-23 10:00"))));
    assert_eq!(console.services[1].stop, None);
    let board = serde_json::to_string(&Board::of(&paper.rules, &paper.day)).unwrap();
    assert!(board.contains("Gangguan sistem") && !board.contains("siti"), "{board}");
    paper.now = at("2026-11-23 10:00");
    paper.wish(&Command::Tick).unwrap();
    assert_eq!(Console::of(&paper.rules, &paper.day, &loket("3")).unwrap().services[0].stop, None);
    paper.stop("ktp", "system", None).unwrap();
    assert_eq!(now(&paper, "ktp"), "stopped (The system is down) until Tue 00:00 opens Tue 08:00");
}

#[test]
fn a_stop_outranks_everything_and_holds_in_the_demonstration() {
    let mut paper = Paper::open(with(|parts| on(parts, "2026-11-23", holiday("Local"))), "2026-11-23 09:00");
    paper.stop("ktp", "event", Some(at("2026-11-23 10:00"))).unwrap();
    assert_eq!(now(&paper, "ktp"), "stopped (An official event) until Mon 10:00 opens Tue 08:00");
    paper.now = at("2026-11-23 10:00");
    assert_eq!(now(&paper, "ktp"), "holiday (Local) until Tue 00:00 opens Tue 08:00");

    let demo = Parts { always_open: true, ..parts() };
    let mut paper = Paper::open(demo.into(), "2026-11-22 23:00");
    assert_eq!(now(&paper, "ktp"), "open until -");
    paper.stop("ktp", "system", None).unwrap();
    assert_eq!(now(&paper, "ktp"), "stopped (The system is down) until Mon 00:00 opens Mon 00:00");
    assert_eq!(paper.issue("ktp", Class::Regular).unwrap_err().code(), "service_closed");
    paper.wish(&Command::AcceptService { service: "ktp".into(), by: support::scenario::desk() }).unwrap();
    paper.issue("ktp", Class::Regular).unwrap();
}

#[test]
fn the_demonstration_ignores_quotas_and_empty_counters() {
    let rules = Parts {
        agencies: {
            let mut agencies = parts().agencies;
            let (unstaffed, past_closing) = (Leniency::Refuse, Leniency::Refuse);
            agencies[0].services[0].terms =
                Terms { quota: Some(1), unstaffed, past_closing, ..Terms::default() };
            agencies
        },
        always_open: true,
        ..parts()
    };
    check(rules.into(), "issue ktp\nissue ktp");
}

#[test]
fn a_counter_with_hours_of_its_own_goes_home_unless_somebody_is_at_it() {
    let rules = with(|parts| {
        let mut mornings = Week::default();
        mornings.days[0] = vec![span("08:00", "10:00")];
        parts.counters[3].hours = Some(mornings);
        parts.agencies[1].services[0].terms.unstaffed = Leniency::Refuse;
    });
    let mut paper = Paper::open(rules, "2026-11-23 09:00");
    let open = Command::OpenCounter { counter: loket("6"), staff: "ani".into() };
    paper.wish(&open).unwrap();
    assert_eq!(now(&paper, "paspor"), "open until Mon 10:00");
    assert_eq!(calendar::next_crossing(&paper.rules, &paper.day, paper.now), at("2026-11-23 10:00"));
    paper.issue("paspor", Class::Regular).unwrap();
    paper.wish(&Command::CallNext { counter: loket("6"), seen: Seen::Unsaid }).unwrap();
    paper.now = at("2026-11-23 10:00");
    paper.wish(&Command::Tick).unwrap();
    let phase = |paper: &Paper| paper.day.counter(&loket("6")).phase;
    assert_eq!(phase(&paper), CounterPhase::Open, "nobody takes a visitor from a clerk");
    assert_eq!(now(&paper, "paspor"), "unstaffed until Mon 16:00 opens -");
    paper.wish(&Command::NoShow { counter: loket("6"), seen: Seen::Unsaid }).unwrap();
    paper.wish(&Command::Tick).unwrap();
    assert_eq!(phase(&paper), CounterPhase::Closed);
    // Who opens it again stays on purpose.
    paper.now = at("2026-11-23 11:00");
    paper.wish(&open).unwrap();
    paper.wish(&Command::Tick).unwrap();
    assert_eq!((phase(&paper), now(&paper, "paspor").as_str()), (CounterPhase::Open, "open until Mon 16:00"));
}

#[test]
fn the_next_crossing_is_the_next_edge_of_any_answer() {
    let rules = with(|parts| parts.agencies[0].services[0].terms.numbers_until_min = 20);
    let day = Day::blank(Lineage("test".into()), Seq(0));
    let next = |now: &str| calendar::next_crossing(&rules, &day, at(now)).format("%a %H:%M").to_string();
    assert_eq!(next("2026-11-27 07:00"), "Fri 08:00");
    assert_eq!(next("2026-11-27 08:00"), "Fri 11:10");
    assert_eq!(next("2026-11-27 11:10"), "Fri 11:30");
    assert_eq!(next("2026-11-27 12:00"), "Fri 14:00");
    assert_eq!(next("2026-11-27 17:00"), "Sat 00:00");
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.stop("kia", "staff", Some(at("2026-11-23 09:40"))).unwrap();
    assert_eq!(calendar::next_crossing(&paper.rules, &paper.day, paper.now), at("2026-11-23 09:40"));
}

#[test]
fn what_an_older_version_told_is_still_believed() {
    let line =
        r#"{"event":"service_closed","service":"ktp","code":"day_over","until":"2026-11-24T08:00:00+07:00"}"#;
    let Event::ServiceClosed { opens, name, .. } = serde_json::from_str(line).unwrap() else { panic!() };
    assert_eq!((opens, name), (None, None));
    let line = r#"{"event":"service_opened","service":"ktp"}"#;
    assert!(matches!(serde_json::from_str(line).unwrap(), Event::ServiceOpened { warning: None, .. }));
}

#[test]
fn every_refusal_to_give_a_number_says_why_and_when_again() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    paper.stop("ktp", "material", Some(at("2026-11-23 10:30"))).unwrap();
    let Err(refusal @ Refusal::ServiceClosed(_)) = paper.issue("ktp", Class::Regular) else { panic!() };
    assert_eq!(
        refusal.sentence(Language::ID),
        "Layanan berhenti menerima nomor baru: Bahan atau blangko habis. Buka lagi 23-11 pukul 10.30."
    );
    assert_eq!(
        refusal.sentence(Language::EN),
        "The service takes no new numbers for now: Out of materials or forms. It opens again on 23-11 at 10:30."
    );
}

#[test]
fn the_pages_have_words_for_every_reason() {
    let words = include_str!("../assets/web/live.js");
    for code in antrean::queue::ClosedCode::ALL {
        let word = serde_json::to_value(code).unwrap();
        assert!(
            words.contains(&format!(" {}: \"", word.as_str().unwrap())),
            "{word} is not told in the lobby"
        );
    }
}
