//! The whole building around one hall: a finger on the kiosk, paper from a printer on a wire, clerks
//! and lobby over real sockets.

use std::time::Duration;

use antrean::kiosk::News;
use antrean::printer::{self, Deadlines, Flow, Parity, Port, Printer, Serial, Settings};
use antrean::slip::{Paper as Roll, Width};
use antrean_ui as ui;
use tokio::sync::watch;

use super::house::House;
use super::kiosk::Kiosk;
use super::paper::Paper;
use super::rules::always_open;
use super::web::{Console, Lobby, Web};

pub struct Site {
    pub web: Web,
    pub kiosk: Kiosk,
    pub printer: Paper,
    pub house: House,
    printing: Option<Printer>,
}

impl Site {
    pub fn open() -> Self {
        let house = House::with(always_open());
        let printer = Paper::new();
        let (tell, _) = watch::channel(Vec::new());
        let printing = printer::start(printing(&printer), house.hall.clone(), house.time.clone(), tell);
        let web = Web::serve(&house.hall, house.time.clone());
        let kiosk = Kiosk::open(&house.hall);
        Self { web, kiosk, printer, house, printing: Some(printing) }
    }

    /// A finger on the button that reads like this.
    pub fn tap(&mut self, label: &str) {
        self.kiosk.tap(label);
        if self.kiosk.screen() == ui::Screen::Issuing {
            self.kiosk.hear();
        }
    }

    /// What comes out of the printer next, the `n`th slip since the box was opened.
    pub fn paper(&self, n: usize) -> String {
        self.printer.wait_for_slips(n).swap_remove(n - 1)
    }

    /// The screen after the paper: the kiosk hears every bell until it no longer waits.
    pub fn screen_after_paper(&self) -> ui::Screen {
        let mut seen = self.house.hall.present().day.seq();
        loop {
            self.kiosk.stage.hear(News::Bell);
            if self.kiosk.screen() != ui::Screen::Issuing {
                return self.kiosk.screen();
            }
            self.house.hall.wait(seen, Duration::from_secs(20));
            seen = self.house.hall.present().day.seq();
        }
    }

    pub fn console(&self, staff: &str, counter: &str) -> Console {
        self.web.console(staff, counter)
    }

    pub fn lobby(&self) -> Lobby {
        self.web.lobby()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.printing.take().into_iter().for_each(Printer::leave);
        self.house.hall.close();
    }
}

/// The printer of the small site, on this wire.
pub fn printing(paper: &Paper) -> Settings {
    Settings {
        id: "printer-1".into(),
        port: Port::Serial(Serial {
            path: paper.port(),
            baud: 115_200,
            data_bits: 8,
            parity: Parity::None,
            stop_bits: 1,
            flow: Flow::None,
        }),
        proof: None,
        note: None,
        near_end_mm: 2500,
        paper: Roll::usual(Width::Mm80),
        template: None,
        deadlines: Deadlines { paper: Duration::from_millis(150), ..Deadlines::default() },
        visitors: None,
        demo: false,
    }
}
