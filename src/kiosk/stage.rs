//! The hands between the visit, the hall and the screens. Lives on the window's thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use antrean_ui as ui;
use slint::ComponentHandle;
use slint::platform::{Key, WindowEvent};
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use super::card_printer::CardPrinter;
use super::cards::Cards;
use super::code::Codes;
use super::faces;
use super::panel::Panel;
use super::screens::{Moment, Screens, Shown, face};
use super::sounds::Heard;
use super::technician::{self, Bench};
use super::visit::{self, Custom, Ms, Screen, Visit, Wish};
use crate::clock::Clock;
use crate::hall::{Answer, Hall, No};
use crate::queue::{
    AgencyId, Class, Command, Forecast, Issue, KioskId, Language, Origin, PrinterId, ServiceId, SlipState,
    Text, Ticket, TicketView, Visitors, forecast,
};
use crate::tasks::Pulse;
use crate::voice::{Cue, Speaker};

/// What this kiosk is.
#[derive(Debug, Clone)]
pub struct Settings {
    pub id: KioskId,
    pub printer: Option<PrinterId>,
    pub custom: Custom,
    /// The screen's diagonal in inches, from which sizes follow; none in a window on a desk.
    pub diagonal_in: Option<f32>,
    pub full_screen: bool,
    pub demo: bool,
    pub place: Text,
    pub city: Text,
    pub technician: technician::Settings,
    /// None: there is no printer.
    pub card_printer: Option<CardPrinter>,
    pub speaker: Speaker,
    /// Where visitors follow their ticket; none: no code is shown.
    pub visitors: Option<Visitors>,
}

/// What reaches the window's thread from outside.
#[derive(Debug)]
pub enum News {
    /// The hall is open; the screens may offer what it has.
    Opened(Hall),
    /// The hall has committed something.
    Bell,
    /// The hall's answer to this kiosk's wish.
    Answered { answer: Result<Box<Answer>, No>, agency: Option<AgencyId> },
    /// Whether the printer can be trusted with a slip.
    Printer { ready: bool },
    /// What became of a service's card on its way to paper.
    CardPrinted { service: ServiceId, printed: bool },
    /// An errand of the technician came back.
    Technician(technician::Heard),
    /// The box is leaving.
    Quit,
}

/// The kiosk on its window.
pub struct Stage {
    app: ui::App,
    settings: Settings,
    clock: Clock,
    /// Milliseconds that never jump.
    ms: Rc<dyn Fn() -> Ms>,
    runtime: Handle,
    outbox: UnboundedSender<News>,
    state: RefCell<State>,
    screens: Screens,
    codes: Codes,
    timer: slint::Timer,
    /// The sign of life of the window's loop.
    life: Pulse,
    /// What lies over the screens for a technician.
    bench: Rc<Bench>,
    /// The light behind the window, where there is a real one.
    panel: RefCell<Option<Panel>>,
}

struct State {
    visit: Visit,
    hall: Option<Hall>,
    /// The ticket on the screen, as it was when it was issued.
    ticket: Option<TicketView>,
    language: Option<Language>,
    cards: Cards,
    /// Whether there is sound, as the screens were told last.
    has_sound: bool,
    /// What the visitor has heard of the screen.
    heard: Heard,
}

/// How often countdowns and the clock are looked at.
const PULSE: Duration = Duration::from_millis(200);

impl Stage {
    /// Puts a kiosk on its window. `outbox` leads back to [`hear`](Self::hear).
    pub fn new(
        app: ui::App,
        settings: Settings,
        clock: Clock,
        ms: impl Fn() -> Ms + 'static,
        runtime: Handle,
        outbox: UnboundedSender<News>,
    ) -> Rc<Self> {
        let visit = Visit::new(settings.custom);
        let state = RefCell::new(State {
            visit,
            hall: None,
            ticket: None,
            language: None,
            cards: Cards::default(),
            has_sound: false,
            heard: Heard::default(),
        });
        let screens = Screens::new(&app, &settings);
        app.global::<ui::Access>().set_has_sound(false);
        settings.speaker.look();
        let timer = slint::Timer::default();
        let ms: Rc<dyn Fn() -> Ms> = Rc::new(ms);
        let lent = technician::bench::Surrounding {
            clock: clock.clone(),
            ms: ms.clone(),
            runtime: runtime.clone(),
            outbox: outbox.clone(),
        };
        let bench = Bench::new(&app, settings.technician.clone(), lent);
        let stage = Rc::new(Self {
            app,
            settings,
            clock,
            ms,
            runtime,
            outbox,
            state,
            screens,
            codes: Codes::default(),
            timer,
            life: Pulse::new("window"),
            bench,
            panel: RefCell::new(None),
        });
        stage.connect();
        stage.show();
        stage
    }

    pub fn app(&self) -> &ui::App {
        &self.app
    }

    /// Something happened outside.
    pub fn hear(&self, news: News) {
        let now = (self.ms)();
        match news {
            News::Opened(hall) => {
                self.resume(&hall, now);
                self.bench.opened(&hall);
                self.state.borrow_mut().hall = Some(hall);
                self.look(now);
            }
            News::Bell => self.look(now),
            News::Answered { answer, agency } => {
                let mut state = self.state.borrow_mut();
                match answer.map(|answer| answer.ticket) {
                    Ok(Some(ticket)) => {
                        state.visit.granted(ticket.id, ticket.slip.is_some(), now);
                        state.ticket = Some(ticket);
                    }
                    Ok(None) => state.visit.refused(&No::Busy, agency, now),
                    Err(no) => state.visit.refused(&no, agency, now),
                }
                drop(state);
                self.look(now);
            }
            News::Printer { ready } => self.state.borrow_mut().visit.printer(ready),
            News::CardPrinted { service, printed } => {
                self.state.borrow_mut().cards.settle(&service, printed);
            }
            News::Technician(heard) => self.bench.hear(heard),
            News::Quit => {
                let _ = slint::quit_event_loop();
            }
        }
        self.show();
    }

    /// The sign of life of the window's loop.
    pub fn life(&self) -> Pulse {
        self.life.clone()
    }

    /// Time has passed.
    pub fn pulse(&self) {
        self.life.beat();
        let now = (self.ms)();
        {
            let state = &mut *self.state.borrow_mut();
            state.visit.close_set(self.app.global::<ui::Theme>().get_close_set());
            let here = self.bench.tick(state.visit.admits_technician());
            state.visit.technician(here, now);
            state.visit.tick(now);
        }
        self.show();
    }

    /// The last visitor of a kiosk that lost its power may still stand before it.
    fn resume(&self, hall: &Hall, now: Ms) {
        let present = hall.present();
        let here = |ticket: &&Ticket| ticket.origin == Origin::Kiosk(self.settings.id.clone());
        let Some(last) = present.day.tickets().filter(here).last() else { return };
        let wall = self.clock.now();
        let fresh = wall - last.issued_at < chrono::TimeDelta::seconds(60);
        let slip = last.slip.and_then(|slip| present.day.slip(slip));
        let unproven = slip.filter(|slip| slip.state == SlipState::Uncertain);
        if let (true, Some(slip)) = (fresh, unproven) {
            let mut state = self.state.borrow_mut();
            state.ticket = Some(TicketView::at(&present.rules, &present.day, last, wall));
            state.visit.resume(last.id, slip.trouble, now);
        }
    }

    /// Looks at the committed present: what is offered, and whether the paper came.
    fn look(&self, now: Ms) {
        let mut state = self.state.borrow_mut();
        let Some(present) = state.hall.as_ref().map(Hall::present) else { return };
        state.visit.hall_offers(faces::offers(&present), now);
        let awaited = state.visit.awaits_paper().and_then(|ticket| present.day.ticket(ticket));
        if let Some(slip) = awaited.and_then(|ticket| present.day.slip(ticket.slip?)) {
            state.visit.paper(visit::Paper { state: slip.state, trouble: slip.trouble }, now);
        }
    }

    fn send(&self, wish: Wish, agency: Option<AgencyId>) {
        let Some(hall) = self.state.borrow().hall.clone() else { return };
        let command = Command::Issue(Issue {
            service: wish.service,
            class: wish.class,
            language: wish.language,
            origin: Origin::Kiosk(self.settings.id.clone()),
            printer: self.settings.printer.clone(),
            nonce: hall.new_nonce(),
        });
        match hall.knock(command.into()) {
            Ok(answer) => {
                let outbox = self.outbox.clone();
                self.runtime.spawn(async move {
                    let answer = answer.await.unwrap_or(Err(No::Gone)).map(Box::new);
                    let _ = outbox.send(News::Answered { answer, agency });
                });
            }
            Err(no) => self.state.borrow_mut().visit.refused(&no, agency, (self.ms)()),
        }
    }

    /// What a newcomer of a service would be told now.
    fn foretelling(&self) -> impl Fn(&ServiceId, Class) -> Option<Forecast> + use<> {
        let present = self.state.borrow().hall.as_ref().map(Hall::present);
        let now = self.clock.now();
        move |service, class| {
            let present = present.as_ref()?;
            let (agency, service) = present.rules.service(service)?;
            forecast::of_newcomer(&present.rules, &present.day, agency, service, class, now)
        }
    }

    /// Sends the card on the screen to the printer, unless it is on its way already.
    fn print_card(&self) {
        let asked = self.state.borrow_mut().visit.print_card((self.ms)());
        let printer = self.settings.card_printer.clone();
        let wanted = asked.zip(printer).filter(|(service, _)| self.state.borrow_mut().cards.ask(service));
        if let Some((service, printer)) = wanted {
            let (language, now) = (self.state.borrow().visit.access().language, self.clock.now());
            let outbox = self.outbox.clone();
            self.runtime.spawn_blocking(move || {
                let printed = printer.print(&service, language, now);
                let _ = outbox.send(News::CardPrinted { service, printed });
            });
        }
        self.show();
    }

    /// Runs one act of the visitor and shows what came of it.
    fn act(&self, act: impl FnOnce(&mut Visit, Ms) -> Option<Wish>) {
        let now = (self.ms)();
        let (wish, agency) = {
            let mut state = self.state.borrow_mut();
            let agency = match state.visit.screen() {
                Screen::Services(agency) => Some(agency.clone()),
                _ => None,
            };
            (act(&mut state.visit, now), agency)
        };
        if let Some(wish) = wish {
            let agency = agency.or_else(|| self.agency_of(&wish));
            self.send(wish, agency);
        }
        self.show();
    }

    fn agency_of(&self, wish: &Wish) -> Option<AgencyId> {
        let present = self.state.borrow().hall.as_ref()?.present();
        present.rules.service(&wish.service).map(|(agency, _)| agency.id.clone())
    }

    fn connect(self: &Rc<Self>) {
        let on = |act: fn(&Stage)| {
            let stage = Rc::downgrade(self);
            move || {
                if let Some(stage) = stage.upgrade() {
                    act(&stage);
                }
            }
        };
        let named = |act: fn(&Stage, &str)| {
            let stage = Rc::downgrade(self);
            move |name: slint::SharedString| {
                if let Some(stage) = stage.upgrade() {
                    act(&stage, &name);
                }
            }
        };
        let leave = |stage: &Stage| {
            stage.act(|visit, now| {
                visit.leave(now);
                None
            });
        };
        let stage = self.app.global::<ui::Stage>();
        stage.on_touched(on(|stage| {
            let mut state = stage.state.borrow_mut();
            state.visit.touch((stage.ms)());
            if !state.visit.access().mute {
                stage.settings.speaker.play(Cue::Touch);
            }
            drop(state);
            stage.bench.touch();
        }));
        stage.on_still_here_yes(on(|stage| {
            stage.act(|visit, now| {
                visit.touch(now);
                None
            });
        }));
        stage.on_still_here_no(on(|stage| {
            stage.act(|visit, now| {
                visit.give_up(now);
                None
            });
        }));
        let keys = self.app.global::<ui::Keys>();
        let app = self.app.as_weak();
        keys.on_moved(move |forward| {
            let (app, key) = (app.clone(), if forward { Key::Tab } else { Key::Backtab });
            // Not from within the key that asked for it.
            slint::Timer::single_shot(Duration::ZERO, move || {
                if let Some(app) = app.upgrade() {
                    let text = slint::SharedString::from(key);
                    app.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
                    app.window().dispatch_event(WindowEvent::KeyReleased { text });
                }
            });
        });
        keys.on_back(on(|stage| {
            stage.act(|visit, now| {
                visit.back(now);
                None
            });
        }));
        let home = self.app.global::<ui::Home>();
        home.on_agency_chosen(named(|stage, id| {
            let foretell = stage.foretelling();
            stage.act(|visit, now| visit.choose_agency(&id.into(), &foretell, now))
        }));
        home.on_card_asked(named(|stage, id| {
            stage.act(|visit, now| {
                visit.read_card(&id.into(), now);
                None
            });
        }));
        home.on_priority_asked(on(|stage| {
            stage.act(|visit, now| {
                visit.ask_priority(now);
                None
            });
        }));
        let priority = self.app.global::<ui::Priority>();
        priority.on_accepted(on(|stage| stage.answer_priority(true)));
        priority.on_declined(on(|stage| stage.answer_priority(false)));
        let services = self.app.global::<ui::Services>();
        services.on_service_chosen(named(|stage, id| {
            let foretell = stage.foretelling();
            stage.act(|visit, now| visit.choose_service(&id.into(), &foretell, now))
        }));
        services.on_card_asked(named(|stage, id| {
            stage.act(|visit, now| {
                visit.read_card(&id.into(), now);
                None
            });
        }));
        services.on_back(on(leave));
        let card = self.app.global::<ui::ServiceCard>();
        card.on_taken(on(|stage| {
            let id = stage.app.global::<ui::ServiceCard>().get_id();
            let foretell = stage.foretelling();
            stage.act(|visit, now| visit.choose_service(&id.as_str().into(), &foretell, now));
        }));
        card.on_print_asked(on(Stage::print_card));
        card.on_back(on(leave));
        let long_wait = self.app.global::<ui::LongWait>();
        let stage = Rc::downgrade(self);
        long_wait.on_answered(move |yes| {
            if let Some(stage) = stage.upgrade() {
                stage.act(|visit, now| visit.answer_long_wait(yes, now));
            }
        });
        self.app.global::<ui::Ticket>().on_done(on(leave));
        self.app.global::<ui::Notice>().on_other(on(leave));
        let access = self.app.global::<ui::Access>();
        access.on_language_toggled(on(|stage| stage.adjust(Visit::toggle_language)));
        access.on_large_toggled(on(|stage| stage.adjust(Visit::toggle_large)));
        access.on_contrast_toggled(on(|stage| stage.adjust(Visit::toggle_contrast)));
        access.on_low_toggled(on(|stage| stage.adjust(Visit::toggle_low)));
        access.on_sound_toggled(on(|stage| stage.adjust(Visit::toggle_sound)));
        self.timer.start(slint::TimerMode::Repeated, PULSE, on(Stage::pulse));
    }

    fn answer_priority(&self, yes: bool) {
        self.act(|visit, now| {
            visit.answer_priority(yes, now);
            None
        });
    }

    fn adjust(&self, toggle: fn(&mut Visit)) {
        self.act(|visit, now| {
            visit.touch(now);
            toggle(visit);
            None
        });
    }

    /// Gives the screens what they show. Setting what is already set redraws nothing.
    fn show(&self) {
        let mut state = self.state.borrow_mut();
        let (now, ms) = (self.clock.now(), (self.ms)());
        let access = state.visit.access();
        let language = access.language;
        if state.language != Some(language) {
            state.language = Some(language);
            if let Err(error) = slint::select_bundled_translation(language.code()) {
                tracing::error!(%error, "the screens have no such language");
            }
        }
        self.screens.show_frame(&state.visit, now, ms);
        self.show_dark(&state, now, ms);
        let present = state.hall.as_ref().map(|hall| (hall.present(), hall.forecasts()));
        let screen = state.visit.screen().clone();
        // What became of a card is told to whoever asked for it, not to the next who reads it.
        if !matches!(screen, Screen::Card { .. }) {
            state.cards.forget_done();
        }
        let (ticket, awaited) = (state.ticket.clone(), state.visit.awaits_paper());
        let print = match &screen {
            Screen::Card { service, .. }
                if self.settings.card_printer.is_some() && state.visit.without_paper().is_none() =>
            {
                Some(state.cards.of(service))
            }
            _ => None,
        };
        let code = state.hall.as_ref().zip(ticket.as_ref()).zip(self.settings.visitors.as_ref());
        let code = code.and_then(|((hall, ticket), visitors)| {
            self.codes.of(visitors, ticket.id, hall.token(ticket.nonce))
        });
        self.sound(&mut state, ms);
        self.offer_sound(&mut state);
        drop(state);
        if let Some((present, forecasts)) = present {
            let moment = Moment { present: &present, forecasts: &forecasts, now, language };
            let shown =
                Shown { screen: &screen, ticket: ticket.as_ref(), code: code.as_ref(), awaited, print };
            self.screens.show(&moment, &shown);
        }
        let stage = self.app.global::<ui::Stage>();
        if stage.get_screen() != face(&screen) {
            self.bench.let_go();
        }
        stage.set_screen(face(&screen));
        self.bench.show(language);
    }

    /// The panel that goes dark with the screen.
    pub fn light(&self, panel: Panel) {
        self.panel.replace(Some(panel));
    }

    fn show_dark(&self, state: &State, now: crate::queue::At, ms: Ms) {
        let opens = state.hall.as_ref().and_then(|hall| faces::next_opening(&hall.present())?.opens);
        let opens_in = opens.map(|at| Ms::try_from((at - now).num_milliseconds()).unwrap_or(0));
        let dark = state.visit.is_dark(opens_in, ms) && !self.app.global::<ui::Technician>().get_open();
        let stage = self.app.global::<ui::Stage>();
        if stage.get_dark() != dark {
            stage.set_dark(dark);
            if let Some(panel) = &*self.panel.borrow() {
                panel.dark(dark);
            }
        }
    }

    /// Says what the visitor has come to.
    fn sound(&self, state: &mut State, ms: Ms) {
        let number = state.ticket.as_ref().map(|ticket| &ticket.number);
        let sounds = state.heard.of(&state.visit, number, ms);
        let speaker = &self.settings.speaker;
        if sounds.hush {
            speaker.hush();
        }
        if let Some(cue) = sounds.cue {
            speaker.play(cue);
        }
        if let Some(phrase) = sounds.phrase {
            speaker.say(phrase);
        }
    }

    /// Nobody is offered a sound that cannot be heard.
    fn offer_sound(&self, state: &mut State) {
        let has_sound = self.settings.speaker.is_heard();
        if std::mem::replace(&mut state.has_sound, has_sound) != has_sound {
            self.app.global::<ui::Access>().set_has_sound(has_sound);
        }
    }
}
