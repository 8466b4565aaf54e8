#![allow(clippy::unwrap_used)]
use super::*;
use crate::queue::{Refusal, SlipTrouble};

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn away() -> Panel {
    Panel::new(true)
}

/// The mark was pressed at 1 s for long enough.
fn at_pin() -> Panel {
    let mut panel = away();
    panel.press_mark(1_000);
    panel.tick(true, 6_000);
    assert_eq!(panel.sheet(), &Sheet::Pin);
    panel
}

fn type_pin(panel: &mut Panel, now: Ms) -> Option<Errand> {
    let typed: Vec<Errand> = "246810".chars().filter_map(|digit| panel.digit(digit, now)).collect();
    assert!(typed.len() <= 1);
    typed.into_iter().next()
}

fn wrong(panel: &mut Panel, now: Ms) {
    assert!(type_pin(panel, now).is_some(), "a PIN may be typed");
    panel.checked(None, now);
}

/// A technician is in since 10 s.
fn in_panel() -> Panel {
    let mut panel = at_pin();
    assert!(type_pin(&mut panel, 9_000).is_some());
    panel.checked(Some("tek-1".into()), 10_000);
    assert_eq!(panel.sheet(), &Sheet::Panel);
    panel
}

/// On the sheet of the clock since 11 s, at a time of the house.
fn in_clock(house: &str) -> Panel {
    let mut panel = in_panel();
    panel.ask_clock(at(house), 11_000);
    assert_eq!(panel.sheet(), &Sheet::Clock);
    panel
}

#[test]
fn only_five_seconds_on_the_mark_lead_in() {
    let mut panel = away();
    panel.press_mark(1_000);
    panel.tick(true, 5_999);
    assert!(!panel.is_open());
    panel.release_mark();
    panel.tick(true, 7_000);
    assert!(!panel.is_open(), "a shorter press does nothing");
    panel.press_mark(8_000);
    panel.tick(true, 13_000);
    assert_eq!(panel.sheet(), &Sheet::Pin);
}

#[test]
fn presses_that_are_added_up_are_no_long_press() {
    let mut panel = away();
    for begin in [1_000, 4_000, 7_000] {
        panel.press_mark(begin);
        panel.tick(true, begin + 2_500);
        panel.release_mark();
    }
    panel.tick(true, 60_000);
    assert!(!panel.is_open());
}

#[test]
fn while_a_number_is_on_its_way_nobody_comes_between() {
    let mut panel = away();
    panel.press_mark(1_000);
    panel.tick(true, 3_000);
    panel.tick(false, 4_000);
    panel.tick(true, 9_000);
    assert!(!panel.is_open(), "the press that was interrupted is over");
    panel.call(10_000);
    panel.tick(false, 10_200);
    panel.tick(true, 10_400);
    assert!(!panel.is_open(), "nor does a key wait until it may");
}

#[test]
fn a_key_leads_in_at_once() {
    let mut panel = away();
    panel.call(1_000);
    panel.tick(true, 1_200);
    assert_eq!(panel.sheet(), &Sheet::Pin);
}

#[test]
fn six_digits_are_checked_once_and_lead_to_the_panel() {
    let mut panel = at_pin();
    "12345".chars().for_each(|digit| assert_eq!(panel.digit(digit, 7_000), None));
    panel.erase(7_000);
    assert_eq!(panel.typed(), 4);
    assert_eq!(panel.digit('5', 7_000), None);
    assert!(matches!(panel.digit('6', 7_000), Some(Errand::Check(pin)) if pin.is_whole()));
    assert!(panel.is_checking());
    assert_eq!(panel.digit('7', 7_050), None, "nothing is typed during the check");
    panel.checked(Some("tek-1".into()), 7_100);
    assert_eq!((panel.sheet(), panel.who(), panel.typed()), (&Sheet::Panel, Some(&"tek-1".into()), 0));
}

#[test]
fn a_wrong_pin_says_so_until_the_next_digit() {
    let mut panel = at_pin();
    wrong(&mut panel, 7_000);
    assert_eq!((panel.was_wrong(), panel.typed(), panel.sheet()), (true, 0, &Sheet::Pin));
    panel.digit('1', 8_000);
    assert!(!panel.was_wrong());
}

#[test]
fn after_three_wrong_pins_nothing_is_typed_until_the_pause_is_over() {
    let mut panel = at_pin();
    (0..3).for_each(|_| wrong(&mut panel, 7_000));
    assert_eq!(panel.pause_s(7_000), 30);
    assert_eq!(type_pin(&mut panel, 36_999), None);
    assert_eq!(panel.typed(), 0);
    wrong(&mut panel, 37_000);
    assert_eq!(panel.pause_s(37_000), 60);
}

#[test]
fn who_leaves_and_comes_again_has_not_got_round_the_pause() {
    let mut panel = at_pin();
    (0..3).for_each(|_| wrong(&mut panel, 7_000));
    panel.back(8_000);
    assert!(!panel.is_open());
    panel.call(9_000);
    panel.tick(true, 9_000);
    assert_eq!((panel.sheet(), panel.pause_s(9_000)), (&Sheet::Pin, 28));
    assert_eq!(type_pin(&mut panel, 9_500), None);
}

#[test]
fn who_has_gone_before_the_check_is_over_is_not_let_in() {
    let mut panel = at_pin();
    assert!(type_pin(&mut panel, 7_000).is_some());
    panel.back(7_100);
    panel.checked(Some("tek-1".into()), 7_200);
    assert!(!panel.is_open());
    assert_eq!(panel.who(), None);
}

#[test]
fn where_nobody_has_a_pin_none_is_taken() {
    let mut panel = Panel::new(false);
    panel.call(1_000);
    panel.tick(true, 1_000);
    assert_eq!(panel.sheet(), &Sheet::Pin);
    assert_eq!(type_pin(&mut panel, 2_000), None);
    assert_eq!(panel.typed(), 0);
}

#[test]
fn a_minute_without_a_touch_ends_every_sheet_but_cleaning() {
    type Reach = fn(&mut Panel);
    let sheets: [(Reach, &str); 6] = [
        (|_| (), "the panel"),
        (|panel| panel.ask_clock(at("2026-11-26 09:00"), 10_500), "clock"),
        (|panel| drop(panel.print_test(10_500)), "printing"),
        (|panel| panel.ask(Act::Restart, 10_500), "a question"),
        (
            |panel| {
                panel.ask(Act::Restart, 10_500);
                panel.agree(11_000);
                panel.unable(Unable::NoSystemd, 11_500);
            },
            "a failure",
        ),
        (
            |panel| {
                panel.print_test(10_500);
                panel.tested(Tested::Printed, 11_000);
            },
            "a test",
        ),
    ];
    for (reach, name) in sheets {
        let mut panel = in_panel();
        reach(&mut panel);
        panel.touch(20_000);
        panel.tick(true, 79_999);
        assert!(panel.is_open(), "{name}");
        panel.tick(true, 80_000);
        assert!(!panel.is_open(), "{name}");
        assert_eq!(panel.who(), None, "{name}");
    }
    let mut panel = at_pin();
    panel.tick(true, 66_000);
    assert!(!panel.is_open(), "the PIN");
}

#[test]
fn the_last_twenty_seconds_are_counted_and_a_touch_begins_anew() {
    let mut panel = in_panel();
    assert_eq!(panel.closes_in_s(49_999), None);
    assert_eq!(panel.closes_in_s(50_000), Some(20));
    assert_eq!(panel.closes_in_s(69_999), Some(1));
    panel.touch(69_999);
    assert_eq!(panel.closes_in_s(70_000), None);
}

#[test]
fn cleaning_takes_its_minute_whatever_is_touched() {
    let mut panel = in_panel();
    panel.clean(11_000);
    assert_eq!((panel.sheet(), panel.cleaning(11_000)), (&Sheet::Cleaning, (60, 1.0)));
    for now in (11_000..70_000).step_by(700) {
        panel.touch(now);
        panel.back(now);
        panel.ask(Act::ShutDown, now);
        panel.agree(now);
        panel.print_test(now);
        panel.digit('1', now);
        panel.tick(true, now);
        assert_eq!(panel.sheet(), &Sheet::Cleaning);
        assert_eq!(panel.closes_in_s(now), None);
    }
    assert_eq!(panel.cleaning(41_000), (30, 0.5));
    panel.tick(true, 70_999);
    assert_eq!((panel.sheet(), panel.cleaning(70_999).0), (&Sheet::Cleaning, 1));
    panel.tick(true, 71_000);
    assert_eq!(panel.sheet(), &Sheet::Panel);
    panel.tick(true, 130_999);
    assert!(panel.is_open(), "and then there is a minute as ever");
}

#[test]
fn a_test_page_is_under_way_until_the_printer_is_heard_of() {
    for tested in [Tested::Printed, Tested::Trouble(SlipTrouble::PaperOut), Tested::NoPrinter] {
        let mut panel = in_panel();
        assert_eq!(panel.print_test(11_000), Some(Errand::TestPage));
        assert_eq!(panel.print_test(12_000), None, "one at a time");
        panel.back(13_000);
        assert_eq!(panel.sheet(), &Sheet::Printing);
        panel.tested(tested.clone(), 14_000);
        assert_eq!(panel.sheet(), &Sheet::Tested(tested));
        panel.back(15_000);
        assert_eq!(panel.sheet(), &Sheet::Panel);
    }
}

#[test]
fn a_late_answer_changes_nothing_for_who_is_elsewhere() {
    let mut panel = in_panel();
    panel.print_test(11_000);
    panel.tick(true, 71_000);
    panel.tested(Tested::Printed, 72_000);
    panel.unable(Unable::NoSystemd, 72_000);
    panel.clock_answered(Ok(()), 72_000);
    panel.checked(Some("tek-1".into()), 72_000);
    assert!(!panel.is_open());
}

#[test]
fn the_clock_is_confirmed_by_who_signed_in() {
    let mut panel = in_clock("2026-11-26 09:00");
    panel.turn(Hand::Hour, true, 12_000);
    assert_eq!(panel.dial(12_000), at("2026-11-26 10:00") + TimeDelta::seconds(1));
    let errand = panel.confirm_clock(at("2026-11-26 07:00"), 13_000).unwrap();
    let truth = at("2026-11-26 10:00") + TimeDelta::seconds(2);
    assert_eq!(errand, Errand::ConfirmClock { truth, by: "tek-1".into() });
    assert_eq!(panel.confirm_clock(at("2026-11-26 07:00"), 14_000), None, "said once");
    panel.clock_answered(Ok(()), 15_000);
    assert_eq!((panel.sheet(), panel.clock_set()), (&Sheet::Panel, true));
    panel.ask(Act::Leave, 16_000);
    assert!(!panel.clock_set());
}

#[test]
fn a_time_more_than_a_day_from_the_systems_clock_is_asked_about_twice() {
    let mut panel = in_clock("2026-11-26 09:00");
    let far = at("2026-11-25 08:00");
    assert_eq!(panel.confirm_clock(far, 12_000), None);
    assert_eq!(panel.sheet(), &Sheet::Sure);
    panel.back(13_000);
    assert_eq!(panel.sheet(), &Sheet::Clock, "it can be set again");
    panel.confirm_clock(far, 14_000);
    assert_eq!(panel.confirm_clock(far, 14_100), None, "a double tap is one");
    assert!(panel.confirm_clock(far, 15_000).is_some());
    let mut panel = in_clock("2026-11-26 09:00");
    assert!(panel.confirm_clock(at("2026-11-25 09:30"), 12_000).is_some(), "less than a day");
}

#[test]
fn a_time_the_hall_refuses_can_be_set_again() {
    let mut panel = in_clock("2026-11-26 09:00");
    panel.confirm_clock(at("2026-11-26 09:00"), 12_000).unwrap();
    let no = No::Refused(Refusal::BadDate);
    panel.clock_answered(Err(no.clone()), 12_100);
    assert_eq!((panel.sheet(), panel.refused()), (&Sheet::Clock, Some(&no)));
    panel.turn(Hand::Minute, true, 13_000);
    assert_eq!(panel.refused(), None);
    assert!(panel.confirm_clock(at("2026-11-26 09:00"), 14_000).is_some());
}

#[test]
fn restart_shut_down_and_leave_are_asked_once() {
    for act in [Act::Restart, Act::ShutDown, Act::Leave] {
        let mut panel = in_panel();
        assert_eq!(panel.agree(10_500), None, "nothing was asked");
        panel.ask(act, 11_000);
        assert_eq!(panel.sheet(), &Sheet::Ask(act));
        assert_eq!(panel.agree(11_300), None, "a double tap is no answer");
        panel.back(12_000);
        assert_eq!(panel.sheet(), &Sheet::Panel);
        panel.ask(act, 13_000);
        assert_eq!(panel.agree(14_000), Some(Errand::Do(act)));
        assert_eq!(panel.agree(15_000), None, "done once");
        assert_eq!(panel.sheet(), &Sheet::Doing(act));
    }
}

#[test]
fn what_the_system_refuses_is_told_and_leads_back() {
    let mut panel = in_panel();
    panel.ask(Act::ShutDown, 11_000);
    panel.agree(12_000);
    let why = Unable::Refused("Access denied".to_owned());
    panel.unable(why.clone(), 12_500);
    assert_eq!(panel.sheet(), &Sheet::Failed(Act::ShutDown, why));
    panel.back(13_500);
    assert_eq!(panel.sheet(), &Sheet::Panel);
}

#[test]
fn nothing_is_done_without_a_pin() {
    for mut panel in [away(), at_pin()] {
        let before = panel.sheet().clone();
        assert_eq!(panel.print_test(7_000), None);
        panel.ask_clock(at("2026-11-26 09:00"), 7_000);
        assert_eq!(panel.confirm_clock(at("2026-11-26 09:00"), 8_000), None);
        panel.clean(8_000);
        panel.ask(Act::ShutDown, 9_000);
        assert_eq!(panel.agree(10_000), None);
        assert_eq!(panel.sheet(), &before);
    }
}

#[test]
fn back_leads_from_the_panel_to_the_visitors() {
    let mut panel = in_panel();
    panel.back(10_300);
    assert!(panel.is_open(), "the tap that typed the last digit does not close it");
    panel.back(10_400);
    assert!(!panel.is_open());
}
