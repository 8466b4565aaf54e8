//! A hall whose slips go to one printer on a wire.

use std::time::{Duration, Instant};

use antrean::clock::Clock;
use antrean::printer::{
    self, Deadlines, Flow, Healths, Parity, Port, Printer, PrinterHealth, PrinterState, ProofLevel, Serial,
    Settings,
};
use antrean::queue::{Command, SlipRecord, SlipState, TicketId};
use antrean::slip::{Paper as Roll, Width};
use tokio::sync::watch;

use super::house::{House, issue};
use super::paper::Paper;
use super::rules;

/// Long enough for a loaded machine; what these tests are about does not take this long.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Office {
    pub house: House,
    pub healths: watch::Receiver<Healths>,
    pub printer: Option<Printer>,
}

/// The line to a printer of the tests.
pub fn serial(paper: &Paper) -> Port {
    serial_at(paper, 115_200, Flow::None)
}

pub fn serial_at(paper: &Paper, baud: u32, flow: Flow) -> Port {
    Port::Serial(Serial { path: paper.port(), baud, data_bits: 8, parity: Parity::None, stop_bits: 1, flow })
}

/// Deadlines for a printer that takes no time.
pub fn short() -> Deadlines {
    Deadlines {
        paper: Duration::from_millis(150),
        stall: Duration::from_millis(400),
        look: Duration::from_millis(50),
        ..Deadlines::default()
    }
}

impl Office {
    /// A printer that is asked what it can prove, unless a level is named.
    pub fn open(port: Port, proof: Option<ProofLevel>) -> Self {
        Self::patient(port, proof, short())
    }

    pub fn patient(port: Port, proof: Option<ProofLevel>, deadlines: Deadlines) -> Self {
        Self::with(settings("printer-1", port, proof, deadlines))
    }

    pub fn with(settings: Settings) -> Self {
        Self::in_house(House::open(), settings)
    }

    pub fn in_house(house: House, settings: Settings) -> Self {
        let (tell, healths) = watch::channel(Vec::new());
        let printer = Some(start(settings, &house, tell));
        Self { house, healths, printer }
    }

    /// Another printer of the same hall.
    pub fn second(&self, port: Port) -> Second {
        let (tell, healths) = watch::channel(Vec::new());
        let printer = Some(start(settings("printer-2", port, None, short()), &self.house, tell));
        Second { healths, printer }
    }

    pub fn issue(&self) -> TicketId {
        self.issue_at("printer-1")
    }

    pub fn issue_at(&self, printer: &str) -> TicketId {
        let Command::Issue(mut wish) = issue(&self.house.hall, "ktp") else { unreachable!() };
        wish.printer = Some(printer.into());
        self.house.wish(Command::Issue(wish)).unwrap().ticket.unwrap().id
    }

    /// A ticket's slip, once it is no longer queued.
    pub fn fate(&self, ticket: TicketId) -> SlipRecord {
        self.wait_for_slip(ticket, |slip| slip.state != SlipState::Queued)
    }

    /// A ticket's slip, once it is in this state.
    pub fn late_fate(&self, ticket: TicketId, state: SlipState) -> SlipRecord {
        self.wait_for_slip(ticket, |slip| slip.state == state)
    }

    pub fn slip(&self, ticket: TicketId) -> SlipRecord {
        self.wait_for_slip(ticket, |_| true)
    }

    fn wait_for_slip(&self, ticket: TicketId, wanted: impl Fn(&SlipRecord) -> bool) -> SlipRecord {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let present = self.house.hall.present();
            let slip = present.day.slip(present.day.ticket(ticket).unwrap().slip.unwrap()).unwrap();
            if wanted(slip) {
                return slip.clone();
            }
            assert!(Instant::now() < deadline, "it stays {slip:?}");
            self.house.hall.wait(present.day.seq(), Duration::from_millis(100));
        }
    }

    pub fn wait_for_health(&mut self, wanted: impl Fn(&PrinterHealth) -> bool) -> PrinterHealth {
        wait_for_health(&mut self.healths, wanted)
    }

    /// Waits until the printer is well.
    pub fn wait_until_ready(&mut self) -> PrinterHealth {
        self.wait_for_health(|health| health.state == PrinterState::Ready)
    }

    /// The printer's thread drops its end of the health channel when it ends.
    pub fn wait_for_the_printer_to_end(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let ended = async { while self.healths.changed().await.is_ok() {} };
        runtime.block_on(async { tokio::time::timeout(PATIENCE, ended).await }).unwrap();
    }
}

/// A printer that keeps no logo.
pub fn settings(id: &str, port: Port, proof: Option<ProofLevel>, deadlines: Deadlines) -> Settings {
    let paper = Roll::usual(Width::Mm80);
    Settings {
        id: id.into(),
        port,
        proof,
        paper,
        template: None,
        note: None,
        near_end_mm: 3000,
        deadlines,
        visitors: None,
        demo: false,
    }
}

fn start(settings: Settings, house: &House, tell: watch::Sender<Healths>) -> Printer {
    let (clock, _) = Clock::set(rules::at("2026-11-23 09:00"));
    printer::start(settings, house.hall.clone(), clock, tell)
}

fn wait_for_health(
    healths: &mut watch::Receiver<Healths>,
    wanted: impl Fn(&PrinterHealth) -> bool,
) -> PrinterHealth {
    let find = |healths: &Healths| healths.iter().map(|(_, health)| *health).find(|health| wanted(health));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let waiting = healths.wait_for(|healths| find(healths).is_some());
        let found = tokio::time::timeout(PATIENCE, waiting).await.map(|found| find(&found.unwrap()).unwrap());
        found.unwrap_or_else(|_| panic!("another health was waited for than {:?}", *healths.borrow()))
    })
}

/// A second printer, without a hall of its own.
pub struct Second {
    healths: watch::Receiver<Healths>,
    printer: Option<Printer>,
}

impl Second {
    pub fn wait_until_ready(&mut self) {
        wait_for_health(&mut self.healths, |health| health.state == PrinterState::Ready);
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.printer.take().into_iter().for_each(Printer::leave);
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.printer.take().into_iter().for_each(Printer::leave);
        self.house.hall.close();
    }
}
