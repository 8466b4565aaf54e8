//! The rules of the hall, as scenarios a greeter could read: turn, day, hours, slips.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::rules::Parts;
use antrean::queue::{
    Actor, Band, Class, Command, Console, Refusal, Seen, Seq, SlipId, SlipOutcome, SlipTrouble,
};
use support::rules::{always_open, parts, rules};
use support::scenario::{Paper, check, loket};

#[test]
fn a_visitor_is_called_served_and_done() {
    check(
        rules(),
        "
        issue ktp    = A001
        issue kk     = A002
        issue paspor = B001
        call 3       ! counter_not_open
        open 3
        call 3       = A001
        recall 3     = A001
        start 3      = A001
        finish 3     = A001
        call 3       = A002
        start 3
        call 3       ! nobody_waiting
        finish 3     = A002
        ",
    );
}

#[test]
fn call_next_while_serving_finishes_and_calls() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        open 3
        call 3  = A001
        call 3  ! ticket_called
        start 3
        call 3  = A002
        finish 3 ! nothing_serving
        no-show 3 = A002
        recall 3 ! nothing_called
        start 3 ! nothing_called
        ",
    );
}

#[test]
fn two_counters_never_get_the_same_ticket() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        open 3
        open 4
        call 3 = A001
        call 4 = A002
        ",
    );
}

#[test]
fn a_counter_serves_the_union_of_its_services_in_order_of_arrival() {
    check(
        rules(),
        "
        issue kia = KA001
        issue kk  = A001
        issue kia = KA002
        open 4
        call 4 = KA001
        start 4
        call 4 = A001
        start 4
        call 4 = KA002
        ",
    );
}

#[test]
fn priority_overtakes_but_two_regulars_are_called_between() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        issue ktp
        issue priority ktp = A005
        issue priority ktp = A006
        open 3
        call 3 = A005
        no-show 3
        call 3 = A001
        no-show 3
        call 3 = A002
        no-show 3
        call 3 = A006
        no-show 3
        call 3 = A003
        ",
    );
}

#[test]
fn a_counter_that_closes_hands_its_ticket_back_with_its_rank() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        open 3
        call 3 = A001
        pause 3 ! ticket_active
        close 3
        open 4
        call 4 = A001
        start 4
        close 4
        open 3
        call 3 = A001
        no-show 3
        pause 3
        call 3 ! counter_not_open
        ",
    );
}

#[test]
fn a_visitor_may_cancel_only_while_waiting() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        cancel A001 = A001
        cancel A001 ! not_cancellable
        open 3
        call 3 = A002
        cancel A002 ! not_cancellable
        ",
    );
}

#[test]
fn numbers_are_refused_outside_the_hours_and_those_who_wait_are_still_called() {
    check(
        rules(),
        "
        issue ktp
        clock 2026-11-23 16:00
        issue ktp ! service_closed
        open 3
        call 3 = A001
        clock 2026-11-27 11:30
        issue ktp ! service_closed
        clock 2026-11-27 14:00
        issue ktp = A001
        clock 2026-11-28 09:00
        issue ktp ! service_closed
        ",
    );
}

#[test]
fn numbers_start_again_at_one_each_day_and_nothing_is_left_over() {
    check(
        rules(),
        "
        issue ktp = A001
        issue ktp = A002
        open 3
        call 3 = A001
        start 3
        clock 2026-11-24 08:00
        call 3 ! counter_not_open
        issue ktp = A001
        open 3
        call 3 = A001
        ",
    );
}

#[test]
fn ordinary_numbers_pass_over_those_kept_for_a_power_failure() {
    let rules = Parts { emergency: Band { from: 2, count: 3 }, ..parts() }.into();
    check(
        rules,
        "
        issue ktp = A001
        issue ktp = A005
        issue kia = KA001
        issue kia = KA005
        issue ktp = A006
        ",
    );
}

#[test]
fn the_business_day_never_goes_back() {
    check(
        always_open(),
        "
        issue ktp = A001
        clock 2026-11-22 08:00
        issue ktp = A002
        clock 1970-01-01 08:00
        issue ktp = A003
        ",
    );
}

#[test]
fn an_act_on_what_has_changed_is_refused() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    paper.issue("ktp", Class::Regular).unwrap();
    let counter = loket("3");
    paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
    paper.wish(&Command::CallNext { counter: counter.clone(), seen: Seen::Free }).unwrap();
    let called = paper.day.active(&counter).unwrap();
    let seen = Seen::Ticket { ticket: called.id, seq: called.seq };
    paper.wish(&Command::Start { counter: counter.clone(), seen }).unwrap();
    // The second browser still shows the call.
    let late = paper.wish(&Command::NoShow { counter: counter.clone(), seen });
    assert_eq!(late, Err(Refusal::Changed));
    // And a third one still shows a free counter: it must not finish what it never saw.
    let blind = paper.wish(&Command::CallNext { counter, seen: Seen::Free });
    assert_eq!(blind, Err(Refusal::Changed));
}

#[test]
fn people_ahead_are_those_who_would_be_called_before() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    let ahead = |paper: &Paper, number: &str| {
        let ticket = paper.day.ticket_numbered(&number.parse().unwrap()).unwrap();
        antrean::queue::turn::ahead(&paper.rules, &paper.day, ticket)
    };
    for _ in 0..3 {
        paper.issue("ktp", Class::Regular).unwrap();
    }
    assert_eq!(ahead(&paper, "A003"), Some(2));
    paper.issue("ktp", Class::Priority).unwrap();
    // The priority ticket goes first, since this counter has not let anyone overtake yet.
    assert_eq!(["A004", "A001", "A002", "A003"].map(|number| ahead(&paper, number)), [0, 1, 2, 3].map(Some));
    paper.issue("paspor", Class::Regular).unwrap();
    assert_eq!(ahead(&paper, "B001"), Some(0));
}

#[test]
fn a_slip_is_settled_once_and_late_proof_settles_an_uncertain_one() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let slip = paper.day.queued_slips().next().unwrap().id;
    let mut report = |outcome| paper.wish(&Command::ReportSlip { slip, outcome, by: None }).map(|_| ());
    report(SlipOutcome::Uncertain { trouble: SlipTrouble::PaperOut }).unwrap();
    assert_eq!(report(SlipOutcome::Sent), Err(Refusal::SlipSettled));
    report(SlipOutcome::Printed { proof: antrean::queue::Proof::ProcessId }).unwrap();
    assert_eq!(report(SlipOutcome::Spoiled), Err(Refusal::SlipSettled));
    let unknown =
        paper.wish(&Command::ReportSlip { slip: SlipId(Seq(99)), outcome: SlipOutcome::Sent, by: None });
    assert_eq!(unknown, Err(Refusal::UnknownSlip));
}

#[test]
fn what_was_on_its_way_is_uncertain_after_a_start() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    paper.wish(&Command::Settle).unwrap();
    let slip = paper.day.slips().next().unwrap();
    assert_eq!((slip.state.as_str(), slip.trouble), ("uncertain", Some(SlipTrouble::Restarted)));
    assert_eq!(paper.day.queued_slips().count(), 0);
}

/// A ticket whose slip is in trouble, as its printer reports it.
fn in_trouble(outcome: SlipOutcome) -> (Paper, antrean::queue::TicketId, SlipId) {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let ticket = paper.day.tickets().next().unwrap();
    let (ticket, slip) = (ticket.id, ticket.slip.unwrap());
    paper.wish(&Command::ReportSlip { slip, outcome, by: None }).unwrap();
    (paper, ticket, slip)
}

fn noted(paper: &Paper) -> usize {
    Console::of(&paper.rules, &paper.day, &loket("3")).unwrap().slips.len()
}

fn reprint(ticket: antrean::queue::TicketId) -> Command {
    Command::Reprint { ticket, printer: None, by: "ani".into() }
}

#[test]
fn a_reprint_bears_the_same_number_and_is_a_slip_of_its_own() {
    let (mut paper, ticket, first) = in_trouble(SlipOutcome::Uncertain { trouble: SlipTrouble::CoverOpen });
    assert_eq!(noted(&paper), 1);
    paper.wish(&reprint(ticket)).unwrap();
    let again = paper.day.ticket(ticket).unwrap().slip.unwrap();
    let record = paper.day.slip(again).unwrap();
    assert_ne!(again, first);
    assert!(record.reprint);
    assert_eq!((record.ticket, record.printer.as_str()), (ticket, "printer-1"));
    assert_eq!(noted(&paper), 0, "the newest slip is what counts");
    assert_eq!(paper.wish(&reprint(ticket)), Err(Refusal::SlipOnItsWay));
    paper.day.check().unwrap();
}

#[test]
fn a_reprint_does_not_make_what_a_clerk_saw_stale() {
    let (mut paper, ticket, _) = in_trouble(SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    let before = paper.day.ticket(ticket).unwrap().seq;
    paper.wish(&reprint(ticket)).unwrap();
    assert_eq!(paper.day.ticket(ticket).unwrap().seq, before);
}

#[test]
fn who_looked_settles_a_slip_and_it_is_no_longer_shown() {
    let staff = |slip, outcome| Command::ReportSlip { slip, outcome, by: Some("ani".into()) };
    let proof = antrean::queue::Proof::Staff;
    let (mut paper, _, slip) = in_trouble(SlipOutcome::Uncertain { trouble: SlipTrouble::Mute });
    paper.wish(&staff(slip, SlipOutcome::Printed { proof })).unwrap();
    assert_eq!(noted(&paper), 0);
    assert_eq!(paper.wish(&staff(slip, SlipOutcome::Spoiled)), Err(Refusal::SlipSettled));

    let (mut paper, _, slip) = in_trouble(SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    let seen = paper.wish(&staff(slip, SlipOutcome::Printed { proof }));
    assert_eq!(seen, Err(Refusal::SlipSettled), "nobody can have seen what never left the box");
    paper.wish(&staff(slip, SlipOutcome::Spoiled)).unwrap();
    assert_eq!(noted(&paper), 0);

    // The printer itself says that it threw the rest away: somebody should still look.
    let (paper, _, _) = in_trouble(SlipOutcome::Spoiled);
    assert_eq!(noted(&paper), 1);
}

#[test]
fn only_a_number_that_still_counts_is_printed_again() {
    let (mut paper, ticket, _) = in_trouble(SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    let elsewhere = Command::Reprint { ticket, printer: Some("printer-9".into()), by: "ani".into() };
    assert_eq!(paper.wish(&elsewhere), Err(Refusal::UnknownPrinter));
    paper.wish(&Command::Cancel { ticket, by: Actor::Visitor }).unwrap();
    assert_eq!(paper.wish(&reprint(ticket)), Err(Refusal::TicketOver));
    assert_eq!(paper.wish(&reprint(antrean::queue::TicketId(Seq(999)))), Err(Refusal::UnknownTicket));
}
