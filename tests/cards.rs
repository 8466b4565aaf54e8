//! A service's card on paper: several at once, and a printer that breaks in the middle of one. Whoever asked
//! is told the truth, and the next visitor's ticket comes out whole.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use antrean::appliance::Plan;
use antrean::appliance::technician::{Known, Technician};
use antrean::appliance::workshop::{Rooms, card_printer};
use antrean::config::{self, Options};
use antrean::fake::{Condition, Model};
use antrean::kiosk::{CardPrinter, News, Settings};
use antrean::printer::Ran;
use antrean::queue::{ServiceId, SlipState, SlipTrouble, TicketId};
use antrean_ui as ui;
use slint::ComponentHandle;
use support::house::House;
use support::kiosk::{Kiosk, settings};
use support::malls::langsa;
use support::office::{self, Office, serial, short};
use support::paper::Paper;

/// It can be asked how it is and nothing more, and it has a knife, so that sheets are told apart.
const CHEAP: Model = Model { cutter: true, ..Model::CHEAP };
const MODELS: [(&str, Model); 3] = [("epson", Model::EPSON), ("generic", Model::GENERIC), ("cheap", CHEAP)];

const PRINT: &str = "Cetak ini";
const PRINTING: &str = "Sedang dicetak…";
const PRINTED: &str = "Tercetak, silakan ambil";
const FAILED: &str = "Tidak bisa dicetak";

fn mall() -> House {
    House::with(langsa(always()))
}

fn always() -> Options {
    Options { always_open: true, ..Options::default() }
}

fn stand(house: &House, printer: CardPrinter) -> Kiosk {
    let kiosk = Kiosk::preparing(Settings { card_printer: Some(printer), ..settings() });
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    kiosk
}

/// From the services to a card.
fn read(kiosk: &Kiosk, service: &str) {
    kiosk.later(500);
    kiosk.stage.app().global::<ui::Services>().invoke_card_asked(service.into());
    kiosk.later(500);
    assert_eq!(kiosk.screen(), ui::Screen::Card);
}

/// A printer that is as slow as the test wants: a card comes out, or does not, when it is told.
fn held(services: &[&str]) -> (CardPrinter, HashMap<String, Sender<bool>>, Receiver<ServiceId>) {
    let (mut tell, mut told) = (HashMap::new(), HashMap::new());
    for service in services {
        let (end, ended) = channel::<bool>();
        tell.insert((*service).to_owned(), end);
        told.insert(ServiceId::from(*service), ended);
    }
    let (begin, begun) = channel();
    let told = Mutex::new(told);
    let printer = CardPrinter::new(move |service, _, _| {
        begin.send(service.clone()).unwrap();
        let ended = told.lock().unwrap().remove(service).expect("once is enough");
        ended.recv().unwrap().then_some(())
    });
    (printer, tell, begun)
}

#[test]
fn while_a_card_prints_another_is_printed_too_and_each_reader_is_told_of_their_own() {
    let house = mall();
    let (printer, tell, begun) = held(&["ktp", "kk"]);
    let mut kiosk = stand(&house, printer);
    kiosk.tap("Dukcapil");
    read(&kiosk, "ktp");
    kiosk.tap(PRINT);
    assert_eq!(begun.recv().unwrap(), "ktp".into());
    assert!(kiosk.reads(PRINTING));
    kiosk.tap("Kembali");

    read(&kiosk, "kk");
    kiosk.tap(PRINT);
    assert_eq!(begun.recv().unwrap(), "kk".into(), "it does not wait for the first");
    tell["ktp"].send(true).unwrap();
    kiosk.hear_card();
    assert!(kiosk.reads(PRINTING) && !kiosk.reads(PRINTED), "the other card came out");
    tell["kk"].send(false).unwrap();
    kiosk.hear_card();
    assert!(kiosk.reads(FAILED));
}

#[test]
fn a_card_that_is_on_its_way_is_not_asked_for_again_after_another() {
    let house = mall();
    let (printer, tell, begun) = held(&["ktp", "kk"]);
    let mut kiosk = stand(&house, printer);
    kiosk.tap("Dukcapil");
    for service in ["ktp", "kk"] {
        read(&kiosk, service);
        kiosk.tap(PRINT);
        assert_eq!(begun.recv().unwrap(), service.into());
        kiosk.tap("Kembali");
    }
    read(&kiosk, "ktp");
    // A second sheet would be begun before the end of the first is told.
    kiosk.tap(PRINTING);
    tell["kk"].send(false).unwrap();
    kiosk.hear_card();
    assert!(kiosk.reads(PRINTING), "another card failed");
    tell["ktp"].send(true).unwrap();
    kiosk.hear_card();
    assert!(kiosk.reads(PRINTED));
    assert!(begun.try_recv().is_err(), "a second sheet");
}

/// A kiosk whose cards and tickets go to one printer on a wire.
struct Stand {
    office: Office,
    kiosk: Kiosk,
    paper: Paper,
}

impl Stand {
    fn open(model: Model) -> Self {
        let paper = Paper::of(model);
        let mut office =
            Office::in_house(mall(), office::settings("printer-1", serial(&paper), None, short()));
        office.wait_for_health(|health| health.fault.is_none() && health.proof.is_some());
        let plan = Plan {
            config: config::read("antrean.toml", config::DEFAULT, always()).unwrap(),
            data: office.house.folder.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            demo: false,
            window: true,
            file: None,
        };
        let config = plan.config.printers[0].clone();
        let known = Known {
            paper: config.paper.clone(),
            config,
            errands: office.printer.as_ref().unwrap().errands(),
        };
        let technician = Technician {
            facts: Box::new(|| unreachable!("a card asks nothing")),
            printers: vec![known],
            healths: office.healths.clone(),
            rules: Arc::new(plan.config.rules.clone()),
            config: None,
            hall: Some(office.house.hall.clone()),
            archive: None,
        };
        let rooms = Arc::new(Rooms::default());
        assert!(rooms.technician.set(Arc::new(technician)).is_ok());
        let kiosk = stand(&office.house, card_printer(&plan, &rooms));
        Self { office, kiosk, paper }
    }

    /// A visitor reads what an ID card needs, and wants it on paper.
    fn print_card(&mut self) {
        self.kiosk.tap("Dukcapil");
        read(&self.kiosk, "ktp");
        self.kiosk.tap(PRINT);
        self.kiosk.hear_card();
    }

    /// The number is taken on the card, and what became of its slip.
    fn take_number(&mut self) -> (TicketId, String, SlipState) {
        self.kiosk.tap("Ambil nomor");
        self.kiosk.hear_answer();
        let ticket = self.office.house.hall.present().day.tickets().last().unwrap().id;
        let state = self.office.fate(ticket).state;
        self.kiosk.stage.hear(News::Bell);
        (ticket, self.kiosk.number(), state)
    }

    fn mend(&mut self, fault: Condition) {
        if fault == Condition::Unplugged {
            self.paper.wait_until_unplugged();
            self.paper.plug();
        } else {
            self.paper.end(fault);
        }
        self.office.wait_for_health(|health| health.fault.is_none() && health.proof.is_some());
    }
}

#[test]
fn a_card_comes_out_and_costs_no_number() {
    let mut stand = Stand::open(Model::EPSON);
    stand.print_card();
    assert!(stand.kiosk.reads(PRINTED));
    let slips = stand.paper.wait_for_slips(1);
    assert!(slips[0].contains("Persyaratan") && slips[0].contains("Ini bukan nomor antrean."), "{slips:?}");
    assert_eq!(stand.office.house.hall.present().day.tickets().count(), 0);
}

#[test]
fn a_printer_that_hangs_or_goes_in_the_middle_of_a_card_costs_the_card_and_no_ticket() {
    for (name, model) in MODELS {
        for fault in [Condition::Stalled, Condition::PowerOff, Condition::Unplugged] {
            // One kiosk a thread: the testing backend holds one platform.
            std::thread::scope(|scope| {
                for after in [1, 333] {
                    scope.spawn(move || breaks_in_a_card(name, model, fault, after));
                }
            });
        }
    }
}

fn breaks_in_a_card(name: &str, model: Model, fault: Condition, after: u64) {
    let about = format!("{name}: {fault:?} after {after} bytes");
    let mut stand = Stand::open(model);
    stand.paper.machine(|machine| machine.after_bytes(after, fault));
    stand.print_card();
    assert!(stand.kiosk.reads(FAILED), "{about}");

    // The same visitor takes a number from the broken printer.
    let (ticket, number, state) = stand.take_number();
    assert_eq!((number.as_str(), state), ("A001", SlipState::NotSent), "{about}");
    assert_eq!(stand.kiosk.screen(), ui::Screen::NumberOnScreen, "{about}");
    assert_eq!(stand.kiosk.number(), "A001");
    stand.kiosk.tap("Sudah saya catat");

    // And the next one gets paper.
    stand.mend(fault);
    stand.kiosk.tap("Dukcapil");
    read(&stand.kiosk, "ktp");
    let (_, number, state) = stand.take_number();
    assert_eq!((number.as_str(), state), ("A002", SlipState::Printed), "{about}");
    assert_eq!(stand.kiosk.screen(), ui::Screen::TakeTicket, "{about}");
    let slips = stand.paper.slips();
    let bearing: Vec<&String> =
        slips.iter().filter(|slip| slip.lines().any(|line| line.trim() == "A002")).collect();
    assert_eq!(bearing.len(), 1, "{about}: {slips:#?}");
    assert!(bearing[0].contains("Berlaku") && !bearing[0].contains("Persyaratan"), "{about}: {slips:#?}");
    assert_eq!(stand.paper.sheets_of("A001"), 0, "{about}: what was not sent came out later");
    let present = stand.office.house.hall.present();
    assert_eq!(present.day.ticket(ticket).unwrap().number.to_string(), "A001", "the number counts");
}

#[test]
fn a_card_that_nobody_waits_for_any_more_is_not_begun() {
    let paper = Paper::of(Model::EPSON);
    let mut office = Office::open(serial(&paper), None);
    office.wait_until_ready();
    let errands = office.printer.as_ref().unwrap().errands();
    let page = || vec![b"\x1b@card\n\x1dV\x42\x00".to_vec()];
    let late = errands.bring_until(page(), Instant::now());
    let ran = late.recv_timeout(office::PATIENCE).unwrap();
    assert_eq!(ran, Ran { printed: 0, trouble: Some(SlipTrouble::TooLate) });
    let in_time = errands.bring_until(page(), Instant::now() + Duration::from_secs(600));
    assert_eq!(in_time.recv_timeout(office::PATIENCE).unwrap().printed, 1);
    assert_eq!(paper.wait_for_slips(1).len(), 1);
}
