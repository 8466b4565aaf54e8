//! A kiosk without a display: real screens, real hall, a finger that finds what a person reads.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use antrean::clock::Clock;
use antrean::hall::Hall;
use antrean::kiosk::visit::Custom;
use antrean::kiosk::{CardPrinter, News, Settings, Stage, technician};
use antrean::queue::Text;
use antrean::voice::{self, Speaker};
use antrean_ui as ui;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, TestingBackend, TestingBackendOptions};
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, Rgba8Pixel, SharedPixelBuffer};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::rules::at;

pub struct Kiosk {
    pub stage: Rc<Stage>,
    inbox: UnboundedReceiver<News>,
    ms: Rc<Cell<u64>>,
    _runtime: Runtime,
}

/// The kiosk of the small site.
pub fn settings() -> Settings {
    Settings {
        id: "anjungan-1".into(),
        printer: Some("printer-1".into()),
        custom: Custom::default(),
        diagonal_in: None,
        full_screen: false,
        demo: false,
        place: Text::new("Mal Pelayanan Publik", "Public Service Mall"),
        city: Text::new("Kota Langsa", "Langsa City"),
        technician: technician::Settings::default(),
        card_printer: Some(CardPrinter::new(|_, _, _| Some(()))),
        speaker: silent(),
        visitors: None,
    }
}

/// A loudspeaker that the config has switched off.
pub fn silent() -> Speaker {
    Speaker::start(voice::Settings { device: voice::Device::None, volume: 0, prompts: false, clips: None })
}

impl Kiosk {
    /// A kiosk that has not heard of a hall yet.
    pub fn preparing(settings: Settings) -> Self {
        let (clock, _) = Clock::set(at("2026-11-23 09:00"));
        Self::timed(settings, clock)
    }

    /// The same by a clock of its own.
    pub fn timed(settings: Settings, clock: Clock) -> Self {
        i_slint_backend_testing::init_no_event_loop();
        Self::on_stage(settings, clock, (1080, 1920))
    }

    /// The same, with a screen that is really drawn. One a thread.
    pub fn drawn(settings: Settings, (width, height): (u32, u32)) -> Self {
        let options = TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        };
        slint::platform::set_platform(Box::new(TestingBackend::new(options))).unwrap();
        let (clock, _) = Clock::set(at("2026-11-23 09:00"));
        Self::on_stage(settings, clock, (width, height))
    }

    fn on_stage(settings: Settings, clock: Clock, (width, height): (u32, u32)) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (outbox, inbox) = unbounded_channel();
        let ms = Rc::new(Cell::new(0));
        let app = ui::App::new().unwrap();
        let time = ms.clone();
        let stage = Stage::new(app, settings, clock, move || time.get(), runtime.handle().clone(), outbox);
        stage.app().window().set_size(slint::PhysicalSize::new(width, height));
        stage.app().show().unwrap();
        Self { stage, inbox, ms, _runtime: runtime }
    }

    pub fn open(hall: &Hall) -> Self {
        let kiosk = Self::preparing(settings());
        kiosk.stage.hear(News::Opened(hall.clone()));
        kiosk
    }

    /// What is on the screen once all of it has arrived.
    pub fn picture(&self) -> SharedPixelBuffer<Rgba8Pixel> {
        // The first picture makes what is new on the screen; then it moves to its place.
        let _ = self.stage.app().window().take_snapshot().unwrap();
        self.later(1_000);
        self.stage.app().window().take_snapshot().unwrap()
    }

    pub fn screen(&self) -> ui::Screen {
        self.stage.app().global::<ui::Stage>().get_screen()
    }

    /// Lets the animations end and the time pass that a person needs.
    pub fn later(&self, ms: u64) {
        self.ms.set(self.ms.get() + ms);
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(ms));
        self.stage.pulse();
    }

    /// A finger on the one button that reads like this.
    pub fn tap(&self, label: &str) {
        self.later(1_000);
        let found: Vec<_> = ElementHandle::find_by_accessible_label(self.stage.app(), label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .collect();
        assert_eq!(found.len(), 1, "buttons that read {label:?} on {:?}", self.screen());
        found[0].invoke_accessible_default_action();
        self.later(500);
    }

    /// A finger on the first of several buttons that read like this.
    pub fn tap_first(&self, label: &str) {
        self.later(1_000);
        let mut found = ElementHandle::find_by_accessible_label(self.stage.app(), label)
            .filter(|element| element.accessible_role() == Some(AccessibleRole::Button));
        found
            .next()
            .unwrap_or_else(|| panic!("no button reads {label:?}"))
            .invoke_accessible_default_action();
        self.later(500);
    }

    /// A finger somewhere on the glass, and off again.
    pub fn touch_at(&self, x: f32, y: f32) {
        let (position, button) =
            (slint::LogicalPosition::new(x, y), slint::platform::PointerEventButton::Left);
        let window = self.stage.app().window();
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
        self.later(1);
    }

    /// A key of a keypad, a moment after the one before.
    pub fn key(&self, key: Key) {
        self.later(500);
        let text = slint::SharedString::from(key);
        self.stage.app().window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        self.stage.app().window().dispatch_event(WindowEvent::KeyReleased { text });
        self.later(1);
    }

    /// Whether this stands somewhere on the screen.
    pub fn reads(&self, text: &str) -> bool {
        self.later(1);
        ElementHandle::find_by_accessible_label(self.stage.app(), text).next().is_some()
    }

    /// Waits for the hall's answer to what this kiosk wished, whatever else it hears before.
    pub fn hear_answer(&mut self) {
        loop {
            let news = self.inbox.blocking_recv().unwrap();
            let answered = matches!(news, News::Answered { .. });
            self.stage.hear(news);
            if answered {
                return;
            }
        }
    }

    /// Waits until it is told what became of a card, whatever else it hears before.
    pub fn hear_card(&mut self) {
        loop {
            let news = self.news();
            let told = matches!(news, News::CardPrinted { .. });
            self.stage.hear(news);
            if told {
                return;
            }
        }
    }

    /// Waits for what the hall says to this kiosk next.
    pub fn hear(&mut self) {
        let news = self.news();
        self.stage.hear(news);
    }

    /// Waits for what reaches this kiosk next, without hearing it.
    pub fn news(&mut self) -> News {
        self.inbox.blocking_recv().unwrap()
    }

    /// The number on the screen.
    pub fn number(&self) -> String {
        let ticket = self.stage.app().global::<ui::Ticket>().get_ticket();
        format!("{}{}", ticket.letter, ticket.digits)
    }
}
