//! A finger on the real screens, in front of a real hall.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::kiosk::visit::Custom;
use antrean::kiosk::{News, Settings};
use antrean::queue::{Command, Proof, SlipOutcome, SlipTrouble};
use antrean_ui as ui;
use slint::ComponentHandle;
use support::house::{House, issue};
use support::kiosk::{Kiosk, settings};
use support::rules::parts;

fn open() -> (House, Kiosk) {
    let house = House::open();
    let kiosk = Kiosk::open(&house.hall);
    (house, kiosk)
}

/// The printer says what became of the slip that waits.
fn report(house: &House, kiosk: &Kiosk, outcome: SlipOutcome) {
    let slip = house.hall.present().day.queued_slips().next().unwrap().id;
    house.wish(Command::ReportSlip { slip, outcome, by: None }).unwrap();
    kiosk.stage.hear(News::Bell);
}

#[test]
fn two_taps_give_the_first_number_of_the_day() {
    let (house, mut kiosk) = open();
    assert_eq!(kiosk.screen(), ui::Screen::Home);
    kiosk.tap("dukcapil");
    assert_eq!(kiosk.screen(), ui::Screen::Services);
    kiosk.tap("ktp");
    assert_eq!(kiosk.screen(), ui::Screen::Issuing);
    kiosk.hear();
    report(&house, &kiosk, SlipOutcome::Printed { proof: Proof::Status });
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::TakeTicket, "A001"));
    kiosk.later(12_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn the_kiosk_is_getting_ready_until_the_hall_is_open() {
    let kiosk = Kiosk::preparing(settings());
    assert_eq!(kiosk.screen(), ui::Screen::Preparing);
    let house = House::open();
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn without_paper_the_number_is_on_the_screen() {
    let (house, mut kiosk) = open();
    kiosk.tap("imigrasi");
    kiosk.hear();
    report(&house, &kiosk, SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::NumberOnScreen, "B001"));
    let why = kiosk.stage.app().global::<ui::Ticket>().get_ticket().why;
    assert_eq!(why, "Kertas tiket sedang habis. Petugas sudah diberi tahu.");
    kiosk.later(60_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn language_is_a_touch_away_and_goes_back_by_itself() {
    let (_house, kiosk) = open();
    let language = || kiosk.stage.app().global::<ui::Access>().get_language_mark();
    assert_eq!(language(), "ID");
    kiosk.stage.app().global::<ui::Access>().invoke_language_toggled();
    assert_eq!(language(), "EN");
    assert_eq!(kiosk.stage.app().global::<ui::Stage>().get_place(), "Public Service Mall");
    kiosk.later(60_000);
    assert_eq!(language(), "ID");
}

#[test]
fn wild_taps_make_one_ticket() {
    let (house, kiosk) = open();
    for _ in 0..40 {
        kiosk.later(50);
        let app = kiosk.stage.app();
        app.global::<ui::Home>().invoke_agency_chosen("imigrasi".into());
        app.global::<ui::Services>().invoke_service_chosen("ktp".into());
        app.global::<ui::Home>().invoke_agency_chosen("dukcapil".into());
    }
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.hall.present().day.tickets().count(), 1);
}

#[test]
fn a_closed_building_says_when_it_opens() {
    let rules = antrean::queue::rules::Parts { hours: antrean::queue::Week::default(), ..parts() };
    let house = House::with(rules.into());
    assert_eq!(Kiosk::open(&house.hall).screen(), ui::Screen::Closed);
}

#[test]
fn at_night_the_screen_is_dark_until_somebody_touches_it() {
    let rules = antrean::queue::rules::Parts { hours: antrean::queue::Week::default(), ..parts() };
    let house = House::with(rules.into());
    let custom = Custom { dark_after_min: Some(30), ..Custom::default() };
    let kiosk = Kiosk::preparing(Settings { custom, ..settings() });
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    let dark = || kiosk.stage.app().global::<ui::Stage>().get_dark();
    kiosk.later(1_000);
    assert!(!dark());
    kiosk.later(30 * 60_000);
    assert!(dark());
    kiosk.touch_at(500.0, 900.0);
    assert!(!dark());
}

#[test]
fn live_counts_reach_the_tiles() {
    let (house, kiosk) = open();
    house.issue("paspor").unwrap();
    kiosk.stage.hear(News::Bell);
    let tiles = kiosk.stage.app().global::<ui::Home>().get_agencies();
    let imigrasi = slint::Model::iter(&tiles).find(|tile| tile.id == "imigrasi").unwrap();
    assert_eq!((imigrasi.waiting, imigrasi.state), (1, ui::TileState::Waiting));
}

#[test]
fn walk_straight_in_is_promised_only_where_a_clerk_is_free() {
    let (house, kiosk) = open();
    let state = |id: &str| {
        kiosk.stage.hear(News::Bell);
        let tiles = kiosk.stage.app().global::<ui::Home>().get_agencies();
        slint::Model::iter(&tiles).find(|tile| tile.id == id).unwrap().state
    };
    assert_eq!(state("imigrasi"), ui::TileState::Waiting, "nobody is there yet");
    house.open_counter("loket-6");
    assert_eq!(state("imigrasi"), ui::TileState::WalkIn);
    house.issue("paspor").unwrap();
    house.call("loket-6").unwrap();
    assert_eq!(state("imigrasi"), ui::TileState::Waiting, "nobody waits, and the clerk is busy");
    assert_eq!(state("dukcapil"), ui::TileState::Waiting);
}

#[test]
fn a_row_counts_who_waits_at_its_counters_for_other_services_too() {
    let (house, kiosk) = open();
    house.issue("ktp").unwrap();
    house.issue("ktp").unwrap();
    kiosk.tap("dukcapil");
    let rows = kiosk.stage.app().global::<ui::Services>().get_services();
    let row = |id: &str| slint::Model::iter(&rows).find(|row| row.id == id).unwrap();
    assert_eq!((row("ktp").waiting, row("ktp").state), (2, ui::TileState::Waiting));
    assert_eq!((row("kk").waiting, row("kk").state), (2, ui::TileState::Waiting), "the same counters");
}

#[test]
fn tile_and_ticket_say_how_long_it_takes() {
    let (house, mut kiosk) = open();
    house.open_counter("loket-6");
    house.serve("paspor", "loket-6", 5);
    house.issue("paspor").unwrap();
    house.call("loket-6").unwrap();
    house.issue("paspor").unwrap();
    kiosk.stage.hear(News::Bell);
    let tiles = kiosk.stage.app().global::<ui::Home>().get_agencies();
    let tile = |id: &str| slint::Model::iter(&tiles).find(|tile| tile.id == id).unwrap();
    assert_eq!(tile("imigrasi").wait, "10–15 menit");
    assert_eq!(tile("dukcapil").wait, "", "nobody is there who could call");
    kiosk.tap("imigrasi");
    kiosk.hear();
    let ticket = kiosk.stage.app().global::<ui::Ticket>().get_ticket();
    assert_eq!((ticket.wait.as_str(), ticket.ahead), ("10–15 menit", 1));
}

#[test]
fn where_numbers_need_paper_a_printer_in_trouble_sends_the_visitor_to_the_staff() {
    let house = House::open();
    let kiosk = Kiosk::preparing(Settings {
        custom: Custom { needs_paper: true, ..Custom::default() },
        ..settings()
    });
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    kiosk.stage.hear(News::Printer { ready: false });
    kiosk.tap("imigrasi");
    assert_eq!(kiosk.screen(), ui::Screen::SeeStaff);
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.hall.present().day.tickets().count(), 0);
}

#[test]
fn while_there_is_no_paper_home_says_so_before_a_finger_moves() {
    let (_house, kiosk) = open();
    let notice = || kiosk.stage.app().global::<ui::Home>().get_notice();
    assert_eq!(notice(), "");
    kiosk.stage.hear(News::Printer { ready: false });
    assert_eq!(notice(), "Sementara tanpa kertas: nomor tampil di layar");
    kiosk.stage.app().global::<ui::Access>().invoke_language_toggled();
    assert_eq!(notice(), "No paper for now: your number appears on the screen");
    kiosk.stage.hear(News::Printer { ready: true });
    assert_eq!(notice(), "");
}

#[test]
fn a_hall_that_has_ended_gives_no_number_and_says_so() {
    let (house, kiosk) = open();
    house.hall.close();
    house.hall.wait(antrean::queue::Seq(u64::MAX), std::time::Duration::from_secs(20));
    kiosk.tap("imigrasi");
    assert_eq!(kiosk.screen(), ui::Screen::SeeStaff);
}

#[test]
fn after_a_power_cut_the_kiosk_opens_on_the_number_that_may_have_no_paper() {
    let house = House::open();
    let Command::Issue(mut wish) = issue(&house.hall, "ktp") else { unreachable!() };
    wish.printer = Some("printer-1".into());
    house.wish(Command::Issue(wish)).unwrap();
    let house = house.restart("2026-11-23 09:00");
    let kiosk = Kiosk::open(&house.hall);
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::NumberOnScreen, "A001"));
}
