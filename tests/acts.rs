//! What staff do with a ticket, as the house rules of a mall: calls, absence, hold, transfer, undo.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::rules::Parts;
use antrean::queue::{Class, Command, Conduct, Console, Delivery, Ending, Event, Rules, Seen};
use chrono::TimeDelta;
use support::rules::{always_open, parts, rules};
use support::scenario::{Paper, check, finish, loket};

/// The house rules of a mall that gives its visitors time.
fn patient_house() -> Rules {
    Parts { conduct: Conduct::default(), ..parts() }.into()
}

#[test]
fn a_visitor_is_called_again_and_given_time_before_being_missed() {
    check(
        patient_house(),
        "
        issue ktp
        open 3
        call 3     = A001
        no-show 3  ! call_again_first
        recall 3   ! too_soon
        wait 15s
        recall 3   = A001
        no-show 3  ! too_soon
        wait 15s
        recall 3   = A001
        wait 15s
        recall 3   = A001
        wait 15s
        recall 3   ! called_enough
        no-show 3  = A001
        ",
    );
}

#[test]
fn who_comes_back_soon_stands_behind_two_and_later_at_the_end() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        issue ktp
        issue ktp
        open 3
        call 3      = A001
        no-show 3
        call 3      = A002
        no-show 3
        return A003 ! not_missed
        return A001 = A001
        call 3      = A003
        no-show 3
        call 3      = A004
        no-show 3
        call 3      = A001
        start 3
        wait 16m
        return A002 = A002
        finish 3
        call 3      = A005
        no-show 3
        call 3      = A002
        ",
    );
}

#[test]
fn one_ticket_may_be_called_out_of_turn_for_a_reason_from_the_list() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        issue priority ktp = A004
        issue paspor
        open 3
        call A003 to 3 because fun       ! unknown_reason
        call B001 to 3 because urgent    ! foreign_ticket
        call A003 to 3 because urgent    = A003
        call A002 to 3 because urgent    ! ticket_active
        no-show 3
        call A003 to 3 because urgent    ! not_waiting
        call 3                           = A004
        no-show 3
        call A002 to 3 because urgent    = A002
        no-show 3
        issue priority ktp               = A005
        call 3                           = A001
        ",
    );
}

#[test]
fn who_fetches_something_keeps_the_place_and_frees_the_counter() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        open 3
        open 4
        call 3                = A001
        hold 3 for 10 copy    ! nothing_serving
        start 3
        hold 3 for 10 nap     ! unknown_reason
        hold 3 for 0 copy     ! bad_time
        hold 3 for 990 copy   ! bad_time
        hold 3 for 10 copy    = A001
        call 3                = A002
        resume A002 at 4      ! not_held
        resume A001 at 4      = A001
        start 4
        hold 4 for 10 copy    = A001
        wait 10m              = A001
        resume A001 at 4      ! not_held
        call 4                = A001
        ",
    );
}

#[test]
fn a_transfer_before_service_keeps_the_rank_and_a_referral_goes_behind() {
    check(
        rules(),
        "
        issue ktp              = A001
        issue ktp              = A002
        issue paspor           = B001
        open 3
        open 6
        call 3                 = A001
        transfer 3 to ktp      ! already_there
        transfer 3 to nothing  ! unknown_service
        transfer 3 to paspor   = A001
        call 6                 = A001
        start 6
        transfer 6 to ktp      = A001
        call 3                 = A002
        start 3
        transfer 3 to paspor   = A002
        call 3                 = A001
        call 6                 = B001
        start 6
        call 6                 = A002
        ",
    );
}

#[test]
fn a_referral_may_stand_behind_the_next_few() {
    let conduct = Conduct { referral_behind: Some(1), ..parts().conduct };
    check(
        Parts { conduct, ..parts() }.into(),
        "
        issue ktp
        issue paspor
        issue paspor
        open 3
        open 6
        call 3                 = A001
        start 3
        transfer 3 to paspor   = A001
        call 6                 = B001
        no-show 6
        call 6                 = A001
        no-show 6
        call 6                 = B002
        ",
    );
}

#[test]
fn a_transfer_to_a_counter_waits_for_it_and_goes_on_when_it_closes() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        open 3
        call 3                    = A001
        transfer 3 to ktp at 4    ! target_closed
        open 4
        transfer 3 to kia at 3    ! not_served_there
        transfer 3 to kk at 4     = A001
        call 3                    = A002
        no-show 3
        call 3                    ! nobody_waiting
        close 4
        call 3                    = A001
        ",
    );
}

#[test]
fn a_slip_of_the_finger_is_taken_back_within_fifteen_seconds_by_who_made_it() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        open 3
        open 4
        call 3              = A001
        undo A001 at 3      ! nothing_to_undo
        no-show 3           = A001
        undo A001 at 4      ! not_yours
        wait 1s
        undo A001 at 3      = A001
        start 3             = A001
        finish 3            = A001
        undo A001 at 3      = A001
        transfer 3 to kia   = A001
        undo A001 at 3      = A001
        finish 3            = A001
        wait 20s
        undo A001 at 3      ! too_late_to_undo
        call 3              = A002
        issue ktp           = A003
        no-show 3           = A002
        call 3              = A003
        undo A002 at 3      ! ticket_active
        no-show 3
        return A002         = A002
        undo A002 at 3      ! nothing_to_undo
        desk cancels A002   = A002
        undo A002           = A002
        cancel A002         = A002
        undo A002           ! nothing_to_undo
        ",
    );
}

#[test]
fn priority_can_be_given_and_taken_while_it_matters() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        open 3
        give priority A003
        call 3              = A003
        give priority A003  ! not_waiting
        no-show 3
        give priority A002
        take priority A002
        call 3              = A001
        ",
    );
}

#[test]
fn a_supervisor_says_what_a_counter_serves_for_the_rest_of_the_day() {
    check(
        rules(),
        "
        issue kia           = KA001
        issue ktp           = A001
        open 3
        assign 3            ! no_services
        assign 3 paspor     ! foreign_service
        assign 3 kia ktp
        call 3              = KA001
        clock 2026-11-24 08:00
        issue kia           = KA001
        issue ktp           = A001
        open 3
        call 3              = A001
        ",
    );
}

#[test]
fn a_clerk_says_how_a_service_ended_and_what_was_given_besides() {
    check(
        rules(),
        "
        issue ktp
        issue ktp
        issue ktp
        open 3
        call 3
        start 3
        finish 3 as eaten             ! unknown_outcome
        finish 3 and 0 kk             ! bad_quantity
        finish 3 and 100 kk           ! bad_quantity
        finish 3 really nothing       ! unknown_service
        finish 3 and 2 kk             = A001
        call 3
        start 3
        finish 3 as papers-missing    = A002
        call 3
        start 3
        finish 3 really kk            = A003
        ",
    );
}

#[test]
fn what_was_delivered_follows_from_the_ending() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let (counter, seen) = (loket("3"), Seen::Unsaid);
    paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
    paper.wish(&Command::CallNext { counter: counter.clone(), seen }).unwrap();
    paper.wish(&Command::Start { counter, seen }).unwrap();
    let kk = |quantity| Delivery { service: "kk".into(), quantity };
    let ending = Ending { corrected: Some("kk".into()), additional: vec![kk(2), kk(1)], ..Ending::default() };
    let events = paper.wish(&finish("3", ending)).unwrap();
    let Event::ServiceFinished { delivered, corrected, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(delivered, &[kk(4)], "the service itself, and three besides");
    let (service, agency) = corrected.as_ref().unwrap();
    assert_eq!((service.as_str(), agency.as_str()), ("kk", "dukcapil"));
}

#[test]
fn a_counter_that_the_config_no_longer_has_strands_nobody() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let seen = Seen::Unsaid;
    let open = |n| Command::OpenCounter { counter: loket(n), staff: "ani".into() };
    paper.wish(&open("3")).unwrap();
    paper.wish(&Command::CallNext { counter: loket("3"), seen }).unwrap();
    let mut fewer = parts();
    fewer.counters.retain(|counter| counter.number != 3);
    paper.rules = fewer.into();
    paper.wish(&Command::Tick).unwrap();
    paper.day.check().unwrap();
    paper.wish(&open("4")).unwrap();
    assert!(paper.wish(&Command::CallNext { counter: loket("4"), seen }).is_ok());
}

#[test]
fn a_service_that_begins_anew_after_a_hand_back_forgets_the_old_hold() {
    let mut paper = Paper::open(rules(), "2026-11-23 09:00");
    paper.issue("ktp", Class::Regular).unwrap();
    let seen = Seen::Unsaid;
    let open = |n| Command::OpenCounter { counter: loket(n), staff: "ani".into() };
    let ticket = paper.id("A001");
    paper.wish(&open("3")).unwrap();
    paper.wish(&Command::CallNext { counter: loket("3"), seen }).unwrap();
    paper.wish(&Command::Start { counter: loket("3"), seen }).unwrap();
    let until = paper.now + TimeDelta::minutes(30);
    paper.wish(&Command::Hold { counter: loket("3"), seen, reason: "copy".into(), until }).unwrap();
    paper.now += TimeDelta::minutes(10);
    paper.wish(&Command::Resume { counter: loket("3"), seen, ticket }).unwrap();
    paper.wish(&Command::CloseCounter { counter: loket("3") }).unwrap();
    paper.wish(&open("4")).unwrap();
    paper.wish(&Command::CallNext { counter: loket("4"), seen }).unwrap();
    paper.wish(&Command::Start { counter: loket("4"), seen }).unwrap();
    paper.now += TimeDelta::minutes(3);
    paper.wish(&finish("4", Ending::default())).unwrap();
    let today = Console::of(&paper.rules, &paper.day, &loket("4")).unwrap().today;
    assert_eq!(today.mean_service_s, Some(180));
}
