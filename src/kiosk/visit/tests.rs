#![allow(clippy::unwrap_used)]
use super::*;
use crate::queue::{ClosedCode, Seq};

const CLOSED: Closed = Closed { code: ClosedCode::Break, until: None, opens: None, name: None };

/// Nothing is foretold yet.
const NOTHING: Foretell<'static> = &|_, _| None;
/// 95 minutes, more or less; with priority a quarter of an hour.
const LONG: Foretell<'static> = &|_, class| {
    Some(match class {
        Class::Regular => Forecast { low_s: 80 * 60, high_s: 110 * 60 },
        Class::Priority => Forecast { low_s: 10 * 60, high_s: 20 * 60 },
    })
};

fn offers() -> Vec<Offer> {
    let offer = |agency: &str, services: &[&str]| Offer {
        agency: agency.into(),
        closed: None,
        services: services.iter().map(|&id| (id.into(), None)).collect(),
    };
    vec![offer("dukcapil", &["ktp", "kk"]), offer("pdam", &["rekening"])]
}

fn at_home() -> Visit {
    let mut visit = Visit::new(Custom::default());
    visit.hall_offers(offers(), 0);
    assert_eq!(visit.screen(), &Screen::Home);
    visit
}

fn ticket() -> TicketId {
    TicketId(Seq(7))
}

fn issuing(service: &str) -> Screen {
    Screen::Issuing(service.into())
}

fn paper(state: SlipState) -> Paper {
    Paper { state, trouble: None }
}

/// Taps the only service of an agency, so that a wish is on its way at 1 s.
fn asked() -> Visit {
    let mut visit = at_home();
    assert!(visit.choose_agency(&"pdam".into(), NOTHING, 1_000).is_some());
    visit
}

#[test]
fn two_taps_lead_from_home_to_paper() {
    let mut visit = at_home();
    assert_eq!(visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000), None);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()));
    let wish = visit.choose_service(&"ktp".into(), NOTHING, 2_000).unwrap();
    assert_eq!((wish.service.as_str(), wish.class, wish.language), ("ktp", Class::Regular, Language::Id));
    assert_eq!(visit.screen(), &issuing("ktp"));
    visit.granted(ticket(), true, 2_010);
    assert_eq!(visit.screen(), &issuing("ktp"));
    visit.paper(paper(SlipState::Printed), 3_000);
    assert_eq!(visit.screen(), &Screen::TakeTicket { ticket: ticket(), unproven: false });
    visit.tick(14_999);
    assert_ne!(visit.screen(), &Screen::Home);
    visit.tick(15_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn an_agency_with_one_service_takes_one_tap() {
    assert_eq!(asked().screen(), &issuing("rekening"));
}

#[test]
fn wild_taps_make_one_ticket() {
    let mut visit = at_home();
    let mut wishes = 0;
    for now in (1_000..9_000).step_by(90) {
        wishes += usize::from(visit.choose_agency(&"dukcapil".into(), NOTHING, now).is_some());
        wishes += usize::from(visit.choose_service(&"ktp".into(), NOTHING, now).is_some());
        wishes += usize::from(visit.choose_service(&"kk".into(), NOTHING, now).is_some());
        visit.leave(now);
    }
    assert_eq!(wishes, 1);
}

#[test]
fn a_second_tap_of_the_same_finger_does_not_choose_a_service() {
    let mut visit = at_home();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    assert_eq!(visit.choose_service(&"ktp".into(), NOTHING, 1_399), None);
    assert!(visit.choose_service(&"ktp".into(), NOTHING, 1_400).is_some());
}

#[test]
fn a_tile_that_has_just_changed_does_not_act() {
    let mut visit = at_home();
    let mut closing = offers();
    closing[1].closed = Some(CLOSED);
    visit.hall_offers(closing, 1_000);
    visit.choose_agency(&"pdam".into(), NOTHING, 1_300);
    assert_eq!(visit.screen(), &Screen::Home);
    visit.choose_agency(&"pdam".into(), NOTHING, 1_800);
    assert_eq!(
        visit.screen(),
        &Screen::Unavailable { agency: "pdam".into(), service: None, closed: Some(CLOSED) }
    );
}

#[test]
fn without_paper_the_number_is_on_the_screen_and_late_paper_changes_nothing() {
    let mut visit = asked();
    visit.granted(ticket(), true, 1_100);
    visit.tick(9_099);
    assert_eq!(visit.screen(), &issuing("rekening"));
    visit.tick(9_100);
    let shown = Screen::NumberOnScreen { ticket: ticket(), trouble: Some(SlipTrouble::TooLate) };
    assert_eq!(visit.screen(), &shown);
    visit.paper(paper(SlipState::Printed), 9_200);
    assert_eq!(visit.screen(), &shown);
    visit.touch(60_000);
    visit.tick(119_999);
    assert_eq!(visit.screen(), &shown);
    visit.tick(120_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn a_fault_during_printing_shows_the_number_at_once() {
    let mut visit = asked();
    visit.granted(ticket(), true, 1_100);
    visit.paper(Paper { state: SlipState::NotSent, trouble: Some(SlipTrouble::PaperOut) }, 1_200);
    let trouble = Some(SlipTrouble::PaperOut);
    assert_eq!(visit.screen(), &Screen::NumberOnScreen { ticket: ticket(), trouble });
}

#[test]
fn a_printer_that_cannot_prove_paper_asks_to_note_the_number() {
    let mut visit = asked();
    visit.granted(ticket(), true, 1_100);
    visit.paper(paper(SlipState::Sent), 1_200);
    assert_eq!(visit.screen(), &Screen::TakeTicket { ticket: ticket(), unproven: true });
}

#[test]
fn where_the_config_wants_paper_a_fault_leads_to_the_staff_and_no_ticket_is_made() {
    let mut visit = Visit::new(Custom { needs_paper: true, ..Custom::default() });
    visit.hall_offers(offers(), 0);
    visit.printer(false);
    assert_eq!(visit.choose_agency(&"pdam".into(), NOTHING, 1_000), None);
    assert_eq!(visit.screen(), &Screen::SeeStaff);
}

#[test]
fn a_refusal_explains_and_a_busy_hall_leads_to_the_staff() {
    let mut visit = asked();
    visit.refused(&No::Refused(crate::queue::Refusal::ServiceClosed(CLOSED)), Some("pdam".into()), 1_100);
    assert_eq!(
        visit.screen(),
        &Screen::Unavailable {
            agency: "pdam".into(),
            service: Some("rekening".into()),
            closed: Some(CLOSED)
        }
    );
    let mut visit = asked();
    visit.refused(&No::Busy, Some("pdam".into()), 1_100);
    assert_eq!(visit.screen(), &Screen::SeeStaff);
}

#[test]
fn a_hall_that_answers_late_still_shows_the_number() {
    let mut visit = asked();
    visit.tick(16_000);
    assert_eq!(visit.screen(), &Screen::SeeStaff);
    visit.granted(ticket(), false, 17_000);
    assert_eq!(visit.screen(), &Screen::NumberOnScreen { ticket: ticket(), trouble: None });
}

#[test]
fn an_idle_visitor_is_asked_and_then_the_kiosk_goes_home() {
    let mut visit = at_home();
    visit.toggle_language();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    assert_eq!(visit.still_here_s(25_000), None);
    assert_eq!(visit.still_here_s(26_000), Some(20));
    visit.touch(30_000);
    assert_eq!(visit.still_here_s(31_000), None);
    visit.tick(74_999);
    assert_eq!(visit.still_here_s(74_999), Some(1));
    visit.tick(75_000);
    assert_eq!((visit.screen(), visit.access().language), (&Screen::Home, Language::Id));
}

#[test]
fn large_text_gives_more_time() {
    let mut visit = at_home();
    visit.toggle_large();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    visit.tick(75_000);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()));
    visit.tick(76_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn where_everybody_reads_large_text_everybody_has_the_time_for_it() {
    let mut visit = at_home();
    visit.close_set(true);
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    assert_eq!(visit.still_here_s(55_999), None);
    assert_eq!(visit.still_here_s(56_000), Some(20));
    visit.tick(75_999);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()));
    visit.tick(76_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn settings_go_back_a_minute_after_the_last_touch_on_home() {
    let mut visit = at_home();
    visit.touch(1_000);
    visit.toggle_contrast();
    visit.tick(60_999);
    assert!(visit.access().contrast);
    visit.tick(61_000);
    assert_eq!(visit.access(), Access::default());
}

#[test]
fn priority_holds_for_one_ticket() {
    let mut visit = at_home();
    visit.ask_priority(1_000);
    visit.answer_priority(true, 2_000);
    assert_eq!(visit.screen(), &Screen::Home);
    let wish = visit.choose_agency(&"pdam".into(), NOTHING, 3_000).unwrap();
    assert_eq!(wish.class, Class::Priority);
    visit.granted(ticket(), false, 3_100);
    assert!(!visit.is_priority());
}

#[test]
fn a_closed_building_says_so_and_opens_by_itself() {
    let mut visit = at_home();
    let closed: Vec<Offer> =
        offers().into_iter().map(|offer| Offer { closed: Some(CLOSED), ..offer }).collect();
    visit.hall_offers(closed, 1_000);
    assert_eq!(visit.screen(), &Screen::Closed);
    visit.hall_offers(offers(), 2_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn a_lost_hall_does_not_disturb_who_reads_a_number() {
    let mut visit = asked();
    visit.granted(ticket(), false, 1_100);
    visit.hall_offers(vec![], 1_200);
    assert_eq!(visit.screen(), &Screen::NumberOnScreen { ticket: ticket(), trouble: None });
    visit.leave(2_000);
    assert_eq!(visit.screen(), &Screen::Preparing);
}

fn asking_over(min: u32) -> Visit {
    let mut visit = Visit::new(Custom { ask_over_min: Some(min), ..Custom::default() });
    visit.hall_offers(offers(), 0);
    visit
}

#[test]
fn a_long_wait_is_asked_about_once_and_yes_takes_the_number() {
    let mut visit = asking_over(90);
    visit.choose_agency(&"dukcapil".into(), LONG, 1_000);
    assert_eq!(visit.choose_service(&"ktp".into(), LONG, 2_000), None);
    let wait = Forecast { low_s: 80 * 60, high_s: 110 * 60 };
    assert_eq!(visit.screen(), &Screen::LongWait { service: "ktp".into(), wait });
    assert_eq!(visit.answer_long_wait(true, 2_100), None, "the same finger");
    let wish = visit.answer_long_wait(true, 3_000).unwrap();
    assert_eq!((wish.service.as_str(), visit.screen()), ("ktp", &issuing("ktp")));
    assert_eq!(visit.answer_long_wait(true, 4_000), None);
}

#[test]
fn no_to_a_long_wait_leads_back_to_where_it_was_chosen() {
    let mut visit = asking_over(90);
    visit.choose_agency(&"dukcapil".into(), LONG, 1_000);
    visit.choose_service(&"ktp".into(), LONG, 2_000);
    assert_eq!(visit.answer_long_wait(false, 3_000), None);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()));
    visit.leave(4_000);
    visit.choose_agency(&"pdam".into(), LONG, 5_000);
    assert!(matches!(visit.screen(), Screen::LongWait { .. }), "the agency's only service");
    visit.leave(6_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn nobody_is_asked_about_a_wait_below_the_limit_with_priority_or_where_none_is_set() {
    let mut below = asking_over(95);
    assert!(below.choose_agency(&"pdam".into(), LONG, 1_000).is_some());
    let mut first = asking_over(90);
    first.ask_priority(1_000);
    first.answer_priority(true, 2_000);
    assert!(first.choose_agency(&"pdam".into(), LONG, 3_000).is_some());
    assert!(at_home().choose_agency(&"pdam".into(), LONG, 1_000).is_some());
}

#[test]
fn a_card_is_read_and_printed_without_a_number() {
    let mut visit = at_home();
    visit.read_card(&"ktp".into(), 500);
    assert_eq!(visit.screen(), &Screen::Home, "a card is opened from the list of services");
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    visit.read_card(&"rekening".into(), 2_000);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()), "of another agency");
    visit.read_card(&"ktp".into(), 3_000);
    let card = Screen::Card { agency: "dukcapil".into(), service: "ktp".into() };
    assert_eq!(visit.screen(), &card);
    assert_eq!(visit.print_card(4_000), Some("ktp".into()));
    assert_eq!(visit.print_card(4_100), None, "one touch, one sheet");
    assert_eq!(visit.screen(), &card);
    visit.printer(false);
    assert_eq!(visit.print_card(5_000), None);
    visit.leave(6_000);
    assert_eq!(visit.screen(), &Screen::Services("dukcapil".into()));
}

#[test]
fn a_number_can_be_taken_on_the_card_that_is_read_and_on_no_other() {
    let mut visit = at_home();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    visit.read_card(&"ktp".into(), 2_000);
    assert_eq!(visit.choose_service(&"kk".into(), NOTHING, 3_000), None);
    assert!(visit.choose_service(&"ktp".into(), NOTHING, 4_000).is_some());
    assert_eq!(visit.screen(), &issuing("ktp"));
}

#[test]
fn the_card_of_an_agencys_only_service_is_read_from_home_and_its_tile_still_gives_a_number() {
    let mut visit = at_home();
    visit.read_card(&"rekening".into(), 1_000);
    let card = Screen::Card { agency: "pdam".into(), service: "rekening".into() };
    assert_eq!(visit.screen(), &card);
    assert_eq!(visit.print_card(2_000), Some("rekening".into()));
    visit.leave(3_000);
    assert_eq!(visit.screen(), &Screen::Home, "there is no list to go back to");
    visit.read_card(&"rekening".into(), 3_100);
    assert_eq!(visit.screen(), &Screen::Home, "the same finger");
    visit.read_card(&"rekening".into(), 4_000);
    assert!(visit.choose_service(&"rekening".into(), NOTHING, 5_000).is_some());
    assert_eq!(visit.screen(), &issuing("rekening"));
    assert_eq!(asked().screen(), &issuing("rekening"), "who reads nothing has a number in one tap");
}

#[test]
fn the_card_of_a_closed_agency_can_be_read_and_gives_no_number() {
    let mut visit = at_home();
    let mut closing = offers();
    closing[1].closed = Some(CLOSED);
    closing[1].services[0].1 = Some(CLOSED);
    visit.hall_offers(closing, 0);
    visit.read_card(&"rekening".into(), 1_000);
    assert!(matches!(visit.screen(), Screen::Card { .. }));
    assert_eq!(visit.choose_service(&"rekening".into(), NOTHING, 2_000), None);
    assert!(matches!(visit.screen(), Screen::Unavailable { service: Some(_), .. }));
}

#[test]
fn who_reads_a_card_for_long_is_asked_whether_they_are_there() {
    let mut visit = at_home();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    visit.read_card(&"ktp".into(), 2_000);
    assert_eq!(visit.still_here_s(27_000), Some(20));
    visit.tick(47_000);
    assert_eq!(visit.screen(), &Screen::Home);
}

#[test]
fn lower_layout_and_silence_are_the_visitors_own_and_end_with_the_visit() {
    let mut visit = at_home();
    visit.toggle_low();
    visit.toggle_sound();
    assert!(visit.access().low && visit.access().mute);
    visit.choose_agency(&"pdam".into(), NOTHING, 1_000);
    visit.granted(ticket(), false, 1_100);
    visit.leave(2_000);
    assert_eq!(visit.access(), Access::default());
}

#[test]
fn while_a_technician_is_here_nothing_acts_and_nobody_is_idle() {
    let mut visit = at_home();
    visit.toggle_language();
    assert!(visit.admits_technician());
    visit.technician(true, 1_000);
    assert_eq!(visit.choose_agency(&"pdam".into(), NOTHING, 2_000), None);
    visit.ask_priority(3_000);
    for now in (4_000..200_000).step_by(200) {
        visit.technician(true, now);
        visit.tick(now);
    }
    assert_eq!((visit.screen(), visit.access().language), (&Screen::Home, Language::En));
    visit.technician(false, 200_000);
    assert_eq!((visit.screen(), visit.access()), (&Screen::Home, Access::default()));
    assert!(visit.choose_agency(&"pdam".into(), NOTHING, 201_000).is_some());
}

#[test]
fn a_technician_comes_between_only_where_no_number_is_at_stake() {
    let mut visit = at_home();
    visit.choose_agency(&"dukcapil".into(), NOTHING, 1_000);
    assert!(!visit.admits_technician(), "somebody is choosing");
    let mut visit = asked();
    assert!(!visit.admits_technician());
    visit.tick(16_000);
    assert_eq!(visit.screen(), &Screen::SeeStaff);
    assert!(!visit.admits_technician(), "the hall may still answer");
    visit.refused(&No::Busy, None, 17_000);
    assert!(visit.admits_technician());
    let mut visit = asked();
    visit.granted(ticket(), false, 1_100);
    assert!(!visit.admits_technician());
    assert!(Visit::new(Custom::default()).admits_technician(), "a kiosk without a hall needs one most");
}

#[test]
fn a_number_that_came_up_beneath_a_technician_is_still_there_afterwards() {
    let mut visit = Visit::new(Custom::default());
    visit.technician(true, 1_000);
    visit.resume(ticket(), None, 2_000);
    visit.technician(false, 90_000);
    assert_eq!(visit.screen(), &Screen::NumberOnScreen { ticket: ticket(), trouble: None });
    visit.tick(149_999);
    assert_ne!(visit.screen(), &Screen::Preparing);
    visit.tick(150_000);
    assert_eq!(visit.screen(), &Screen::Preparing);
}

#[test]
fn the_screen_is_dark_while_nobody_is_there_and_nothing_opens_soon() {
    const MIN: Ms = 60_000;
    let night = Some(10 * 60 * MIN);
    let mut visit = Visit::new(Custom { dark_after_min: Some(30), ..Custom::default() });
    let closed = || offers().into_iter().map(|offer| Offer { closed: Some(CLOSED), ..offer }).collect();
    visit.hall_offers(offers(), 0);
    assert!(!visit.is_dark(night, 60 * MIN), "open");
    visit.hall_offers(closed(), 60 * MIN);
    assert!(!visit.is_dark(night, 90 * MIN - 1));
    assert!(visit.is_dark(night, 90 * MIN));
    visit.touch(100 * MIN);
    assert!(!visit.is_dark(night, 100 * MIN), "a touch makes it light");
    assert!(visit.is_dark(night, 130 * MIN));
    assert!(visit.is_dark(None, 130 * MIN), "nobody knows when anything opens");
    assert!(!visit.is_dark(Some(15 * MIN), 700 * MIN), "light before the doors open");
    let mut never = Visit::new(Custom::default());
    never.hall_offers(closed(), 0);
    assert!(!never.is_dark(night, 900 * MIN));
}
