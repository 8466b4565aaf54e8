//! Paper over the real wire: what is proven, what is uncertain, and what is never sent twice.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use antrean::clock::Clock;
use antrean::printer::{
    self, Deadlines, Flow, Healths, Parity, Port, Printer, PrinterHealth, PrinterState, ProofSetting, Serial,
    Settings,
};
use antrean::queue::{Command, SlipRecord, SlipState, SlipTrouble, TicketId};
use antrean::slip::{Paper as Roll, Width};
use support::house::{House, issue};
use support::paper::Paper;
use tokio::sync::watch;

/// Long enough for a loaded machine; what these tests are about does not take this long.
const PATIENCE: Duration = Duration::from_secs(20);

struct Office {
    house: House,
    healths: watch::Receiver<Healths>,
    printer: Option<Printer>,
}

fn serial(paper: &Paper) -> Port {
    Port::Serial(Serial {
        path: paper.port(),
        baud: 115_200,
        data_bits: 8,
        parity: Parity::None,
        stop_bits: 1,
        flow: Flow::None,
    })
}

impl Office {
    fn open(port: Port, proof: ProofSetting) -> Self {
        let house = House::open();
        let (tell, healths) = watch::channel(Vec::new());
        let deadlines = Deadlines {
            paper: Duration::from_millis(150),
            stall: Duration::from_millis(400),
            look: Duration::from_millis(50),
            ..Deadlines::default()
        };
        let paper = Roll { width: Width::Mm80, cut: true, logo: None };
        let settings = Settings { id: "printer-1".into(), port, proof, paper, deadlines, demo: false };
        let (clock, _) = Clock::set(support::rules::at("2026-11-23 09:00"));
        let printer = Some(printer::start(settings, house.hall.clone(), clock, tell));
        Self { house, healths, printer }
    }

    fn issue(&self) -> TicketId {
        let Command::Issue(mut wish) = issue(&self.house.hall, "ktp") else { unreachable!() };
        wish.printer = Some("printer-1".into());
        self.house.wish(Command::Issue(wish)).unwrap().ticket.unwrap().id
    }

    /// Waits until a ticket's slip is no longer queued.
    fn fate(&self, ticket: TicketId) -> SlipRecord {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let present = self.house.hall.present();
            let slip = present.day.slip(present.day.ticket(ticket).unwrap().slip.unwrap()).unwrap();
            if slip.state != SlipState::Queued {
                return slip.clone();
            }
            assert!(std::time::Instant::now() < deadline, "no fate");
            self.house.hall.wait(present.day.seq(), PATIENCE);
        }
    }

    fn wait_for_health(&mut self, wanted: impl Fn(&PrinterHealth) -> bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let well = |healths: &Healths| healths.iter().any(|(_, health)| wanted(health));
        runtime
            .block_on(async {
                tokio::time::timeout(PATIENCE, self.healths.wait_for(well)).await.unwrap().map(|_| ())
            })
            .unwrap();
    }
}

impl Office {
    /// The printer's thread drops its end of the health channel when it ends.
    fn wait_for_the_printer_to_end(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let ended = async { while self.healths.changed().await.is_ok() {} };
        runtime.block_on(async { tokio::time::timeout(PATIENCE, ended).await }).unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.printer.take().into_iter().for_each(Printer::leave);
        self.house.hall.close();
    }
}

fn ready(health: &PrinterHealth) -> bool {
    health.state == PrinterState::Ready
}

#[test]
fn a_slip_is_printed_and_proven_by_status() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!(slip.state, SlipState::Printed);
    let slips = paper.wait_for_slips(1);
    assert!(slips[0].contains("A001\n"), "{}", slips[0]);
    assert!(slips[0].ends_with("[cut]\n"));
}

#[test]
fn every_visitor_gets_one_slip_in_order() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), ProofSetting::None);
    let tickets: Vec<_> = (0..5).map(|_| office.issue()).collect();
    for ticket in tickets {
        assert_eq!(office.fate(ticket).state, SlipState::Sent);
    }
    let slips = paper.wait_for_slips(5);
    for (n, slip) in slips.iter().enumerate() {
        assert!(slip.contains(&format!("A{:03}\n", n + 1)), "{slip}");
    }
}

#[test]
fn without_paper_not_one_byte_of_a_slip_is_sent() {
    let paper = Paper::new();
    paper.set(|condition| condition.paper_out = true);
    let mut office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::PaperOut)));
    assert!(paper.tape().is_empty());
    // The paper is refilled: nothing old floods out, and the next visitor gets paper.
    paper.set(|condition| condition.paper_out = false);
    office.wait_for_health(ready);
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    assert_eq!(paper.wait_for_slips(1).len(), 1);
}

#[test]
fn a_cover_opened_in_the_middle_leaves_the_slip_uncertain() {
    let paper = Paper::new();
    paper.set(|condition| condition.opens_after = Some(100));
    let office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::Uncertain, Some(SlipTrouble::CoverOpen)));
}

#[test]
fn a_mute_printer_that_should_answer_is_a_fault() {
    let paper = Paper::new();
    paper.set(|condition| condition.mute = true);
    let office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Mute)));
    assert!(paper.tape().is_empty());
}

#[test]
fn a_printer_that_answers_nonsense_is_named_so() {
    let paper = Paper::new();
    paper.set(|condition| condition.garbage = true);
    let office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Garbage)));
}

#[test]
fn a_port_that_does_not_exist_is_unplugged_and_heals_when_it_appears() {
    let mut paper = Paper::new();
    paper.unplug();
    let mut office = Office::open(serial(&paper), ProofSetting::Status);
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Unplugged)));
    paper.plug();
    office.wait_for_health(ready);
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
}

#[test]
fn a_plug_pulled_at_any_byte_never_prints_twice() {
    for after in [1, 7, 64, 200, 400] {
        let mut paper = Paper::new();
        let mut office = Office::open(serial(&paper), ProofSetting::Status);
        office.wait_for_health(ready);
        paper.set(|condition| condition.unplugged_after = Some(after));
        let slip = office.fate(office.issue());
        assert_eq!(slip.state, SlipState::Uncertain, "after {after} bytes: {slip:?}");
        paper.wait_until_unplugged();
        paper.plug();
        office.wait_for_health(ready);
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        let slips = paper.wait_for_slips(1);
        let first = slips.iter().filter(|slip| slip.contains("A001\n")).count();
        assert!(first <= 1, "A001 came out {first} times");
    }
}

#[test]
fn a_line_that_takes_no_bytes_is_given_up() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), ProofSetting::None);
    paper.set(|condition| condition.stalled = true);
    // The system's own buffer takes some slips; when it is full the line has stalled.
    let mut last = office.fate(office.issue());
    for _ in 0..80 {
        if last.state != SlipState::Sent {
            break;
        }
        last = office.fate(office.issue());
    }
    assert!(matches!(last.state, SlipState::Uncertain | SlipState::NotSent), "{last:?}");
    assert_eq!(last.trouble, Some(SlipTrouble::Offline));
}

#[test]
fn a_box_that_leaves_in_the_middle_of_a_slip_prints_it_once_and_tells_its_fate() {
    let paper = Paper::new();
    let mut office = Office::open(serial(&paper), ProofSetting::Status);
    let ticket = office.issue();
    paper.wait_for_slips(1);
    office.printer.take().unwrap().leave();
    assert_eq!(office.fate(ticket).state, SlipState::Printed);
    assert_eq!(paper.slips().len(), 1);
}

#[test]
fn a_hall_that_ends_in_the_middle_of_a_slip_does_not_have_it_printed_again() {
    let paper = Paper::new();
    let mut office = Office::open(serial(&paper), ProofSetting::Status);
    office.issue();
    paper.wait_for_slips(1);
    office.house.hall.close();
    office.wait_for_the_printer_to_end();
    assert_eq!(paper.slips().len(), 1);
}

#[test]
fn the_preview_draws_a_picture_for_each_slip() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(Port::Preview(folder.path().join("slips")), ProofSetting::Status);
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    let pictures: Vec<_> = std::fs::read_dir(folder.path().join("slips")).unwrap().collect();
    assert_eq!(pictures.len(), 1);
}
