//! The hands between the technician's machine, the box and the screens. Lives on the window's thread;
//! whatever takes time is done on the runtime and heard of later.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use antrean_ui as ui;
use chrono::{Datelike, NaiveDateTime, Timelike};
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use super::super::screens::fill;
use super::super::stage::News;
use super::super::visit::Ms;
use super::Settings;
use super::dial::Hand;
use super::panel::{Errand, Panel, Sheet};
use super::pin::{self, Holder, whose};
use super::wording;
use super::workshop::{Act, Tested, Unable};
use crate::clock::Clock;
use crate::hall::{Hall, No};
use crate::health::{self, Facts, Health, Sight, Surroundings};
use crate::queue::{Actor, At, Command, Language, StaffId};

/// How often the panel looks at networks and disk.
const LOOK: Ms = 5_000;

/// What comes back from an errand.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// Whose PIN it was.
    Checked(Option<StaffId>),
    Tested(Tested),
    ClockAnswered(Result<(), No>),
    /// The machine goes on.
    Unable(Unable),
    Seen(Option<Surroundings>),
}

/// Where the kiosk lives, lent by the stage.
pub struct Surrounding {
    pub clock: Clock,
    pub ms: Rc<dyn Fn() -> Ms>,
    pub runtime: Handle,
    pub outbox: UnboundedSender<News>,
}

/// The technician's screens at work.
pub struct Bench {
    app: ui::App,
    settings: Settings,
    at: Surrounding,
    panel: RefCell<Panel>,
    hall: RefCell<Option<Hall>>,
    seen: RefCell<Option<Surroundings>>,
    looked: Cell<Option<Ms>>,
    /// A look is under way: a disk that hangs is asked once.
    looking: Cell<bool>,
    lines: Rc<VecModel<ui::HealthLine>>,
    language: Cell<Language>,
}

impl Bench {
    pub fn new(app: &ui::App, settings: Settings, at: Surrounding) -> Rc<Self> {
        let lines = Rc::new(VecModel::default());
        let door = app.global::<ui::Technician>();
        door.set_lines(ModelRc::from(lines.clone()));
        door.set_demo_pin(settings.demo_pin.as_deref().unwrap_or_default().into());
        door.set_pin_length(pin::LENGTH as i32);
        door.set_has_holders(!settings.holders.is_empty());
        let bench = Rc::new(Self {
            app: app.clone_strong(),
            panel: RefCell::new(Panel::new(!settings.holders.is_empty())),
            settings,
            at,
            hall: RefCell::new(None),
            seen: RefCell::new(None),
            looked: Cell::new(None),
            looking: Cell::new(false),
            lines,
            language: Cell::new(Language::ID),
        });
        bench.connect();
        bench
    }

    /// The hall is open.
    pub fn opened(&self, hall: &Hall) {
        self.hall.replace(Some(hall.clone()));
    }

    /// An errand came back.
    pub fn hear(&self, heard: Heard) {
        let now = (self.at.ms)();
        let mut panel = self.panel.borrow_mut();
        match heard {
            Heard::Checked(who) => panel.checked(who, now),
            Heard::Tested(tested) => panel.tested(tested, now),
            Heard::ClockAnswered(answer) => panel.clock_answered(answer, now),
            Heard::Unable(why) => panel.unable(why, now),
            Heard::Seen(seen) => {
                self.seen.replace(seen);
                self.looking.set(false);
            }
        }
    }

    /// A finger anywhere.
    pub fn touch(&self) {
        self.panel.borrow_mut().touch((self.at.ms)());
    }

    /// The mark under the finger has gone with its screen.
    pub fn let_go(&self) {
        self.panel.borrow_mut().release_mark();
    }

    /// Time has passed; whether a technician is here. `admits`: the visitor's screen may be covered.
    pub fn tick(&self, admits: bool) -> bool {
        let now = (self.at.ms)();
        let mut panel = self.panel.borrow_mut();
        panel.tick(admits, now);
        let due = self.looked.get().is_none_or(|looked| now >= looked + LOOK);
        if *panel.sheet() == Sheet::Panel && due && !self.looking.replace(true) {
            self.looked.set(Some(now));
            let look = self.settings.workshop.surroundings.clone();
            self.aside(move || Heard::Seen(look()));
        }
        panel.is_open()
    }

    /// Runs one act of the technician and shows what came of it.
    fn act(&self, act: impl FnOnce(&mut Panel, Ms) -> Option<Errand>) {
        let errand = act(&mut self.panel.borrow_mut(), (self.at.ms)());
        if let Some(errand) = errand {
            self.run(errand);
        }
        self.show(self.language.get());
    }

    fn run(&self, errand: Errand) {
        let workshop = &self.settings.workshop;
        match errand {
            Errand::Check(pin) => {
                let holders = self.holders();
                self.aside(move || Heard::Checked(whose(&pin, &holders)));
            }
            Errand::TestPage => {
                let print = workshop.test_page.clone();
                self.aside(move || Heard::Tested(print()));
            }
            Errand::ConfirmClock { truth, by } => self.confirm_clock(truth, by),
            Errand::Do(Act::Restart) => self.power(workshop.restart.clone()),
            Errand::Do(Act::ShutDown) => self.power(workshop.shut_down.clone()),
            Errand::Do(Act::Leave) => {
                let _ = self.at.outbox.send(News::Quit);
            }
        }
    }

    /// Technicians by the PINs that count now: their own where they have chosen one. Until the hall is open
    /// nobody knows of those.
    fn holders(&self) -> Vec<Holder> {
        let hall = self.hall.borrow();
        let own = |holder: &Holder| hall.as_ref()?.pins().own(&holder.id, &holder.pin_hash);
        let by_own = |holder: &Holder| match own(holder) {
            Some(pin_hash) => Holder { pin_hash, ..holder.clone() },
            None => holder.clone(),
        };
        self.settings.holders.iter().map(by_own).collect()
    }

    fn power(&self, act: std::sync::Arc<dyn Fn() -> Result<(), Unable> + Send + Sync>) {
        let outbox = self.at.outbox.clone();
        self.at.runtime.spawn_blocking(move || {
            // Where it is done there is nothing more to hear: the system ends this program.
            if let Err(why) = act() {
                let _ = outbox.send(News::Technician(Heard::Unable(why)));
            }
        });
    }

    fn confirm_clock(&self, truth: NaiveDateTime, by: StaffId) {
        let (system, _) = self.at.clock.read();
        let truth = at(truth, system);
        let command = Command::ConfirmClock { truth, system, by: Actor::Staff(by) };
        let outbox = self.at.outbox.clone();
        let tell = move |answer| {
            let _ = outbox.send(News::Technician(Heard::ClockAnswered(answer)));
        };
        match self.hall.borrow().as_ref().map_or(Err(No::Gone), |hall| hall.knock(command.into())) {
            Ok(answer) => {
                self.at.runtime.spawn(async move { tell(answer.await.unwrap_or(Err(No::Gone)).map(drop)) });
            }
            Err(no) => tell(Err(no)),
        }
    }

    fn aside(&self, work: impl FnOnce() -> Heard + Send + 'static) {
        let outbox = self.at.outbox.clone();
        self.at.runtime.spawn_blocking(move || {
            let _ = outbox.send(News::Technician(work()));
        });
    }

    fn connect(self: &Rc<Self>) {
        let on = |act: fn(&Bench)| {
            let bench = Rc::downgrade(self);
            move || {
                if let Some(bench) = bench.upgrade() {
                    act(&bench);
                }
            }
        };
        let door = self.app.global::<ui::Technician>();
        let done = |act: fn(&mut Panel, Ms)| {
            let bench = Rc::downgrade(self);
            move || {
                if let Some(bench) = bench.upgrade() {
                    bench.act(|panel, now| {
                        act(panel, now);
                        None
                    });
                }
            }
        };
        door.on_mark_pressed(done(Panel::press_mark));
        door.on_mark_released(on(Bench::let_go));
        door.on_called(done(Panel::call));
        door.on_erase(done(Panel::erase));
        door.on_back(done(Panel::back));
        door.on_clean(done(Panel::clean));
        door.on_print_test(on(|bench| bench.act(Panel::print_test)));
        door.on_ask_clock(on(|bench| {
            let house = bench.at.clock.now().naive_local();
            bench.act(|panel, now| {
                panel.ask_clock(house, now);
                None
            });
        }));
        door.on_confirm_clock(on(|bench| {
            let system = bench.at.clock.read().0.naive_local();
            bench.act(|panel, now| panel.confirm_clock(system, now));
        }));
        door.on_ask_restart(done(|panel, now| panel.ask(Act::Restart, now)));
        door.on_ask_shut_down(done(|panel, now| panel.ask(Act::ShutDown, now)));
        door.on_ask_leave(done(|panel, now| panel.ask(Act::Leave, now)));
        door.on_agree(on(|bench| bench.act(Panel::agree)));
        let bench = Rc::downgrade(self);
        door.on_digit(move |digit| {
            if let (Some(bench), Some(digit)) = (bench.upgrade(), digit.chars().next()) {
                bench.act(|panel, now| panel.digit(digit, now));
            }
        });
        let bench = Rc::downgrade(self);
        door.on_turn(move |hand, forward| {
            if let Some(bench) = bench.upgrade() {
                bench.act(|panel, now| {
                    panel.turn(turned(hand), forward, now);
                    None
                });
            }
        });
    }

    /// Gives the screens what they show.
    pub fn show(&self, language: Language) {
        self.language.set(language);
        let now = (self.at.ms)();
        let panel = self.panel.borrow();
        let door = self.app.global::<ui::Technician>();
        if panel.is_open() {
            door.set_sheet(sheet(panel.sheet()));
            door.set_closes_in_s(seconds(panel.closes_in_s(now).unwrap_or(0)));
            let who = self.settings.holders.iter().find(|holder| Some(&holder.id) == panel.who());
            door.set_name(who.map(|who| who.name.as_str()).unwrap_or_default().into());
            match panel.sheet() {
                Sheet::Pin => self.show_pin(&panel, now, language),
                Sheet::Panel => self.show_panel(&panel, now, language),
                Sheet::Clock | Sheet::Sure => self.show_clock(&panel, now, language),
                Sheet::Cleaning => {
                    let (left, share) = panel.cleaning(now);
                    door.set_cleaning_s(seconds(left));
                    door.set_cleaning_share(share);
                }
                Sheet::Tested(tested) => door.set_detail(wording::not_printed(tested, language).into()),
                Sheet::Failed(act, why) => door.set_detail(wording::unable(*act, why, language).into()),
                Sheet::Away | Sheet::Printing | Sheet::Ask(_) | Sheet::Doing(_) => {}
            }
        }
        door.set_open(panel.is_open());
    }

    fn show_pin(&self, panel: &Panel, now: Ms, language: Language) {
        let door = self.app.global::<ui::Technician>();
        let pause_s = panel.pause_s(now);
        door.set_typed(panel.typed() as i32);
        door.set_wrong(panel.was_wrong() || pause_s > 0);
        door.set_may_type(panel.may_sign_in() && !panel.is_checking() && pause_s == 0);
        let message = wording::pin(panel.may_sign_in(), panel.was_wrong(), pause_s, language);
        door.set_pin_message(message.into());
    }

    fn show_panel(&self, panel: &Panel, now: Ms, language: Language) {
        self.app.global::<ui::Technician>().set_clock_set(panel.clock_set());
        let icons = self.app.global::<ui::Icons>();
        let line = |line: health::Line| ui::HealthLine {
            icon: icons.invoke_named(line.icon.into()),
            label: line.label.into(),
            value: line.value.into(),
            health: match line.health {
                Health::Fine => ui::Health::Fine,
                Health::Warning => ui::Health::Warning,
                Health::Fault => ui::Health::Fault,
            },
        };
        fill(&self.lines, health::lines(&self.facts(now), language).into_iter().map(line).collect());
    }

    fn facts(&self, now: Ms) -> Facts {
        let printers = (self.settings.workshop.printer)().into_iter().collect();
        let sight = Sight { surroundings: self.seen.borrow().clone(), ..Sight::default() };
        Facts::of(self.hall.borrow().as_ref(), &self.at.clock, now / 1000, printers, sight)
    }

    fn show_clock(&self, panel: &Panel, now: Ms, language: Language) {
        let door = self.app.global::<ui::Technician>();
        let (system, _) = self.at.clock.read();
        let set = at(panel.dial(now), system);
        let two = |number: u32| SharedString::from(format!("{number:02}"));
        door.set_dial(health::moment(set, language).into());
        door.set_system(health::moment(system, language).into());
        door.set_day(set.day().to_string().into());
        door.set_month(crate::words::month(set, language).into());
        door.set_year(set.year().to_string().into());
        door.set_hour(two(set.hour()));
        door.set_minute(two(set.minute()));
        door.set_detail(panel.refused().map(|no| no.sentence(language)).unwrap_or_default().into());
    }
}

/// A time of day in the zone of the house.
fn at(local: NaiveDateTime, like: At) -> At {
    local.and_local_timezone(*like.offset()).single().unwrap_or(like)
}

fn seconds(seconds: u64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn turned(hand: ui::DialHand) -> Hand {
    match hand {
        ui::DialHand::Day => Hand::Day,
        ui::DialHand::Month => Hand::Month,
        ui::DialHand::Year => Hand::Year,
        ui::DialHand::Hour => Hand::Hour,
        ui::DialHand::Minute => Hand::Minute,
    }
}

fn sheet(sheet: &Sheet) -> ui::TechnicianSheet {
    match sheet {
        Sheet::Away | Sheet::Pin => ui::TechnicianSheet::Pin,
        Sheet::Panel => ui::TechnicianSheet::Panel,
        Sheet::Printing => ui::TechnicianSheet::Printing,
        Sheet::Tested(Tested::Printed) => ui::TechnicianSheet::Printed,
        Sheet::Tested(_) => ui::TechnicianSheet::NotPrinted,
        Sheet::Clock => ui::TechnicianSheet::Clock,
        Sheet::Sure => ui::TechnicianSheet::Sure,
        Sheet::Cleaning => ui::TechnicianSheet::Cleaning,
        Sheet::Ask(Act::Restart) => ui::TechnicianSheet::AskRestart,
        Sheet::Ask(Act::ShutDown) => ui::TechnicianSheet::AskShutDown,
        Sheet::Ask(Act::Leave) => ui::TechnicianSheet::AskLeave,
        Sheet::Doing(Act::Restart) => ui::TechnicianSheet::Restarting,
        Sheet::Doing(Act::ShutDown) => ui::TechnicianSheet::ShuttingDown,
        Sheet::Doing(Act::Leave) => ui::TechnicianSheet::Leaving,
        Sheet::Failed(..) => ui::TechnicianSheet::Failed,
    }
}
