//! Every screen that a visitor can meet, and how the kiosk came there.

use antrean::config::Options;
use antrean::kiosk::visit::Custom;
use antrean::kiosk::{News, Settings};
use antrean::queue::{Actor, Command, Leniency, Proof, SlipOutcome, SlipTrouble, Visitors, Week};
use antrean_ui as ui;
use slint::ComponentHandle;

use crate::support::house::House;
use crate::support::kiosk::{Kiosk, settings};
use crate::support::malls::{langsa, large, one_agency};
use crate::support::mode::Mode;

pub struct Scene {
    pub name: &'static str,
    /// The kiosk on this screen, and the house that it stands in.
    pub set: fn(Mode) -> (House, Kiosk),
}

macro_rules! scenes {
    ($($name:literal: $set:expr,)*) => { &[$(Scene { name: $name, set: $set },)*] };
}

pub const SCENES: &[Scene] = scenes! {
    "preparing": preparing,
    "home": |mode| ask(busy(), mode),
    "home-priority": |mode| {
        let (house, kiosk) = priority(mode);
        kiosk.stage.app().global::<ui::Priority>().invoke_accepted();
        (house, kiosk)
    },
    "home-mixed": |mode| ask(mixed(), mode),
    "home-one-agency": |mode| ask(House::with(one_agency()), mode),
    "home-25-agencies": |mode| ask(House::with(large()), mode),
    "priority": priority,
    "services": |mode| choose(ask(busy(), mode), "dukcapil"),
    "services-mixed": |mode| choose(ask(mixed(), mode), "dukcapil"),
    "services-40": |mode| choose(ask(House::with(large()), mode), "lain-0"),
    "card": card,
    "long-wait": long_wait,
    "issuing": |mode| issuing(busy(), mode, "dukcapil", "ktp"),
    "take-ticket": |mode| report(issuing(busy(), mode, "dukcapil", "ktp"), PRINTED),
    "take-ticket-a1000": |mode| report(issuing(a_thousand(), mode, "lain-0", "lain-0-0"), PRINTED),
    "take-ticket-unproven": |mode| report(issuing(busy(), mode, "bea-cukai", "imei"), SlipOutcome::Sent),
    "number-on-screen": |mode| {
        report(issuing(busy(), mode, "bpjs-kesehatan", "jkn-kelas"), SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut })
    },
    "see-staff": see_staff,
    "still-here": |mode| {
        let (house, kiosk) = see_staff(mode);
        kiosk.later(if mode.large { 60_000 } else { 30_000 });
        (house, kiosk)
    },
    "unavailable-stopped": |mode| {
        let (house, kiosk) = choose(ask(mixed(), mode), "dukcapil");
        kiosk.stage.app().global::<ui::Services>().invoke_service_chosen("kk".into());
        (house, kiosk)
    },
    "unavailable-full": |mode| choose(ask(mixed(), mode), "imigrasi"),
    "closed": |mode| {
        let mut rules = langsa(Options::default());
        rules.hours.days[0].clear();
        ask(House::with(rules), mode)
    },
    "before-opening": |mode| ask(House::at(langsa(Options::default()), "2026-11-23 07:15"), mode),
};

/// Screens with a code for phones. Each code is another, so they are no pictures to agree on.
pub const CODED: &[Scene] = scenes! {
    "code-take-ticket": |mode| report(coded(busy(), mode, "dukcapil", "ktp"), PRINTED),
    "code-take-ticket-a1000": |mode| report(coded(a_thousand(), mode, "lain-0", "lain-0-0"), PRINTED),
    "code-take-ticket-unproven": |mode| report(coded(busy(), mode, "bea-cukai", "imei"), SlipOutcome::Sent),
    "code-number-on-screen": |mode| {
        report(coded(busy(), mode, "bpjs-kesehatan", "jkn-kelas"), SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut })
    },
};

const PRINTED: SlipOutcome = SlipOutcome::Printed { proof: Proof::Status };

fn always() -> Options {
    Options { always_open: true, ..Options::default() }
}

/// A morning: some visitors wait, two clerks are there, one of them free.
fn busy() -> House {
    let house = House::with(langsa(always()));
    house.open_counter("loket-3");
    house.open_counter("loket-7");
    house.serve("ktp", "loket-3", 5);
    for service in ["ktp", "ktp", "kk", "paspor", "paspor", "pbb", "jht", "nib"] {
        house.issue(service).unwrap();
    }
    house
}

/// One agency closed, one full, nobody at the counters, one service stopped.
fn mixed() -> House {
    let mut rules = langsa(Options::default());
    rules.agencies[2].hours = Some(Week::default());
    let services = rules.agencies.iter_mut().flat_map(|agency| &mut agency.services);
    services.for_each(|service| service.terms.unstaffed = Leniency::Warn);
    rules.agencies[1].services.iter_mut().for_each(|service| service.terms.quota = Some(1));
    rules.agencies[8].services.iter_mut().for_each(|service| service.terms.unstaffed = Leniency::Refuse);
    let house = House::with(rules);
    for service in ["ktp", "paspor", "paspor-ambil", "paspor-hilang", "imigrasi-info"] {
        house.issue(service).unwrap();
    }
    let (reason, by) = ("material".into(), Actor::Staff("ani".into()));
    house.wish(Command::StopService { service: "kk".into(), reason, until: None, by }).unwrap();
    house
}

/// The next number of two letters is the thousandth.
fn a_thousand() -> House {
    let house = House::with(large());
    // Fifty numbers before it are kept for a power failure.
    for _ in 0..949 {
        house.issue("lain-0-0").unwrap();
    }
    house
}

fn kiosk(mode: Mode, needs_paper: bool, visitors: Option<Visitors>) -> Kiosk {
    let custom = Custom { needs_paper, ask_over_min: Some(45), dark_after_min: None };
    let kiosk = Kiosk::drawn(Settings { custom, visitors, ..settings() }, mode.size);
    kiosk.stage.app().global::<ui::Access>().set_has_sound(true);
    kiosk
}

fn preparing(mode: Mode) -> (House, Kiosk) {
    let kiosk = kiosk(mode, false, None);
    mode.set(&kiosk);
    (House::with(one_agency()), kiosk)
}

/// Before the kiosk's first question.
fn ask(house: House, mode: Mode) -> (House, Kiosk) {
    stand(house, mode, false)
}

fn stand(house: House, mode: Mode, needs_paper: bool) -> (House, Kiosk) {
    enter(house, kiosk(mode, needs_paper, None), mode)
}

fn enter(house: House, kiosk: Kiosk, mode: Mode) -> (House, Kiosk) {
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    mode.set(&kiosk);
    kiosk.later(500);
    (house, kiosk)
}

fn choose((house, kiosk): (House, Kiosk), agency: &str) -> (House, Kiosk) {
    kiosk.stage.app().global::<ui::Home>().invoke_agency_chosen(agency.into());
    kiosk.later(500);
    (house, kiosk)
}

fn priority(mode: Mode) -> (House, Kiosk) {
    let (house, kiosk) = ask(busy(), mode);
    kiosk.stage.app().global::<ui::Home>().invoke_priority_asked();
    kiosk.later(500);
    (house, kiosk)
}

fn card(mode: Mode) -> (House, Kiosk) {
    let (house, kiosk) = choose(ask(busy(), mode), "dukcapil");
    kiosk.stage.app().global::<ui::Services>().invoke_card_asked("ktp".into());
    (house, kiosk)
}

fn long_wait(mode: Mode) -> (House, Kiosk) {
    let house = House::with(langsa(always()));
    house.open_counter("loket-6");
    house.serve("paspor", "loket-6", 5);
    for _ in 0..14 {
        house.issue("paspor").unwrap();
    }
    let (house, kiosk) = choose(ask(house, mode), "imigrasi");
    kiosk.stage.app().global::<ui::Services>().invoke_service_chosen("paspor".into());
    (house, kiosk)
}

fn issuing(house: House, mode: Mode, agency: &str, service: &str) -> (House, Kiosk) {
    issued(ask(house, mode), agency, service)
}

/// The same where visitors have a network with a long name.
fn coded(house: House, mode: Mode, agency: &str, service: &str) -> (House, Kiosk) {
    let (url, wifi) = ("http://192.168.100.200:8081".into(), Some("MPP Kota Langsa Pengunjung 5 GHz".into()));
    let kiosk = kiosk(mode, false, Some(Visitors { url, wifi }));
    issued(enter(house, kiosk, mode), agency, service)
}

fn issued(stand: (House, Kiosk), agency: &str, service: &str) -> (House, Kiosk) {
    let (house, mut kiosk) = choose(stand, agency);
    kiosk.stage.app().global::<ui::Services>().invoke_service_chosen(service.into());
    kiosk.hear();
    (house, kiosk)
}

/// The printer says what became of the slip.
fn report((house, kiosk): (House, Kiosk), outcome: SlipOutcome) -> (House, Kiosk) {
    let slip = house.hall.present().day.queued_slips().last().unwrap().id;
    house.wish(Command::ReportSlip { slip, outcome, by: None }).unwrap();
    kiosk.stage.hear(News::Bell);
    (house, kiosk)
}

fn see_staff(mode: Mode) -> (House, Kiosk) {
    let (house, kiosk) = choose(stand(busy(), mode, true), "dukcapil");
    kiosk.stage.hear(News::Printer { ready: false });
    kiosk.stage.app().global::<ui::Services>().invoke_service_chosen("ktp".into());
    (house, kiosk)
}
