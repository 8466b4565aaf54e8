//! A finger on the real screens, in front of a real hall.
#![allow(clippy::unwrap_used)]

mod support;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use antrean::clock::Clock;
use antrean::kiosk::{News, Settings, Stage};
use antrean::queue::{Command, Proof, SlipOutcome, SlipTrouble, Text};
use antrean_ui as ui;
use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use slint::ComponentHandle;
use support::house::House;
use support::rules::{always_open, at, parts};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A kiosk without a display: real screens, real hall, a finger that finds what a person reads.
struct Kiosk {
    stage: Rc<Stage>,
    inbox: UnboundedReceiver<News>,
    ms: Rc<Cell<u64>>,
    house: House,
    _runtime: tokio::runtime::Runtime,
}

impl Kiosk {
    fn before(house: House) -> Self {
        i_slint_backend_testing::init_no_event_loop();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (outbox, inbox) = unbounded_channel();
        let ms = Rc::new(Cell::new(0));
        let settings = Settings {
            id: "anjungan-1".into(),
            printer: Some("printer-1".into()),
            needs_paper: false,
            full_screen: false,
            demo: false,
            place: Text::new("Mal Pelayanan Publik", "Public Service Mall"),
            city: Text::new("Kota Langsa", "Langsa City"),
        };
        let (clock, _) = Clock::set(at("2026-11-23 09:00"));
        let app = ui::App::new().unwrap();
        let time = ms.clone();
        let stage = Stage::new(app, settings, clock, move || time.get(), runtime.handle().clone(), outbox);
        stage.app().window().set_size(slint::PhysicalSize::new(1080, 1920));
        stage.app().show().unwrap();
        Self { stage, inbox, ms, house, _runtime: runtime }
    }

    fn open(house: House) -> Self {
        let kiosk = Self::before(house);
        kiosk.stage.hear(News::Opened(kiosk.house.hall.clone()));
        kiosk
    }

    fn screen(&self) -> ui::Screen {
        self.stage.app().global::<ui::Stage>().get_screen()
    }

    /// Lets the animations end and the time pass that a person needs.
    fn later(&self, ms: u64) {
        self.ms.set(self.ms.get() + ms);
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(ms));
        self.stage.pulse();
    }

    fn buttons(&self, label: &str) -> Vec<ElementHandle> {
        ElementHandle::find_by_accessible_label(self.stage.app(), label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .collect()
    }

    fn tap(&self, label: &str) {
        self.later(1_000);
        let found = self.buttons(label);
        assert_eq!(found.len(), 1, "buttons that read {label:?} on {:?}", self.screen());
        found[0].invoke_accessible_default_action();
        self.later(500);
    }

    /// What the hall says to this kiosk next.
    fn hear(&mut self) {
        let news = self.inbox.blocking_recv().unwrap();
        self.stage.hear(news);
    }

    fn report(&self, outcome: SlipOutcome) {
        let slip = self.house.hall.present().day.queued_slips().next().unwrap().id;
        self.house.wish(Command::ReportSlip { slip, outcome }).unwrap();
        self.stage.hear(News::Bell);
    }

    fn number(&self) -> String {
        let ticket = self.stage.app().global::<ui::Ticket>().get_ticket();
        format!("{}{}", ticket.letter, ticket.digits)
    }
}

#[test]
fn two_taps_give_the_first_number_of_the_day() {
    let mut kiosk = Kiosk::open(House::open());
    assert_eq!(kiosk.screen(), ui::Screen::Home);
    kiosk.tap("dukcapil");
    assert_eq!(kiosk.screen(), ui::Screen::Services);
    kiosk.tap("ktp");
    assert_eq!(kiosk.screen(), ui::Screen::Issuing);
    kiosk.hear();
    kiosk.report(SlipOutcome::Printed { proof: Proof::Status });
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::TakeTicket, "A001"));
    kiosk.later(12_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn the_kiosk_is_getting_ready_until_the_hall_is_open() {
    let kiosk = Kiosk::before(House::open());
    assert_eq!(kiosk.screen(), ui::Screen::Preparing);
    kiosk.stage.hear(News::Opened(kiosk.house.hall.clone()));
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn without_paper_the_number_is_on_the_screen() {
    let mut kiosk = Kiosk::open(House::open());
    kiosk.tap("imigrasi");
    kiosk.hear();
    kiosk.report(SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::NumberOnScreen, "B001"));
    let why = kiosk.stage.app().global::<ui::Ticket>().get_ticket().why;
    assert_eq!(why, "Kertas tiket sedang habis. Petugas sudah diberi tahu.");
    kiosk.later(60_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn language_is_a_touch_away_and_goes_back_by_itself() {
    let kiosk = Kiosk::open(House::open());
    let language = || kiosk.stage.app().global::<ui::Access>().get_language();
    assert_eq!(language(), "id");
    kiosk.stage.app().global::<ui::Access>().invoke_language_toggled();
    assert_eq!(language(), "en");
    assert_eq!(kiosk.stage.app().global::<ui::Stage>().get_place(), "Public Service Mall");
    kiosk.later(60_000);
    assert_eq!(language(), "id");
}

#[test]
fn wild_taps_make_one_ticket() {
    let kiosk = Kiosk::open(House::open());
    for _ in 0..40 {
        kiosk.later(50);
        let app = kiosk.stage.app();
        app.global::<ui::Home>().invoke_agency_chosen("imigrasi".into());
        app.global::<ui::Services>().invoke_service_chosen("ktp".into());
        app.global::<ui::Home>().invoke_agency_chosen("dukcapil".into());
    }
    let house = &kiosk.house;
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.hall.present().day.tickets().count(), 1);
}

#[test]
fn a_closed_building_says_when_it_opens() {
    let rules = antrean::queue::rules::Parts { hours: antrean::queue::Week::default(), ..parts() };
    let kiosk = Kiosk::open(House::with(rules.into()));
    assert_eq!(kiosk.screen(), ui::Screen::Closed);
    kiosk.house.hall.close();
}

#[test]
fn live_counts_reach_the_tiles() {
    let kiosk = Kiosk::open(House::with(always_open()));
    kiosk.house.issue("paspor").unwrap();
    kiosk.stage.hear(News::Bell);
    let tiles = kiosk.stage.app().global::<ui::Home>().get_agencies();
    let imigrasi = slint::Model::iter(&tiles).find(|tile| tile.id == "imigrasi").unwrap();
    assert_eq!((imigrasi.waiting, imigrasi.state), (1, ui::TileState::Waiting));
}
