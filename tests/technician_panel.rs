//! A technician before the kiosk: the long press, the PIN, and what is done behind it, on the real
//! screens, with a real hall and a printer on a wire.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use antrean::appliance::Plan;
use antrean::appliance::technician::{Known, Technician};
use antrean::appliance::workshop::{Rooms, workshop};
use antrean::config;
use antrean::kiosk::technician::{Holder, Settings as ForTechnician, Unable, Workshop};
use antrean::kiosk::{News, Settings};
use antrean::printer::{self, Healths, Printer};
use antrean::queue::{Command, Language, SlipTrouble};
use antrean_ui as ui;
use argon2::password_hash::PasswordHasher;
use i_slint_backend_testing::ElementHandle;
use slint::platform::{Key, PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, Model};
use support::house::House;
use support::kiosk::{Kiosk, settings};
use support::paper::Paper;
use support::rules::at;
use support::site::printing;
use tokio::sync::watch;

const PIN: &str = "246810";

fn holders() -> Vec<Holder> {
    let pin_hash = argon2::Argon2::default().hash_password(PIN.as_bytes()).unwrap().to_string();
    vec![Holder { id: "tek-1".into(), name: "Teknisi Mal".to_owned(), pin_hash }]
}

fn with(workshop: Workshop) -> Settings {
    let technician = ForTechnician { holders: holders(), demo_pin: None, workshop };
    Settings { technician, ..settings() }
}

fn open(house: &House, workshop: Workshop) -> Kiosk {
    let kiosk = Kiosk::timed(with(workshop), house.time.clone());
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    kiosk
}

/// The words of a technician before a kiosk.
trait Before {
    fn door(&self) -> ui::Technician<'_>;
    fn mark(&self) -> LogicalPosition;
    fn finger(&self, event: WindowEvent);
    fn press_f12(&self);
    fn hear_until(&mut self, wanted: impl Fn(&ui::Technician<'_>) -> bool);
    fn type_pin(&self, pin: &str);
    fn sign_in(&mut self);
    fn line(&self, icon: usize) -> (ui::Health, String);
}

impl Before for Kiosk {
    fn door(&self) -> ui::Technician<'_> {
        self.stage.app().global()
    }

    /// The middle of the house's mark.
    fn mark(&self) -> LogicalPosition {
        let marks: Vec<_> = ElementHandle::find_by_element_type_name(self.stage.app(), "Mark").collect();
        assert_eq!(marks.len(), 1, "one mark on {:?}", self.screen());
        let (at, size) = (marks[0].absolute_position(), marks[0].size());
        LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
    }

    fn finger(&self, event: WindowEvent) {
        self.stage.app().window().dispatch_event(event);
    }

    fn press_f12(&self) {
        let text = slint::SharedString::from(Key::F12);
        self.finger(WindowEvent::KeyPressed { text: text.clone() });
        self.finger(WindowEvent::KeyReleased { text });
        self.later(200);
    }

    /// Hears what comes from outside until the screens are as wanted.
    fn hear_until(&mut self, wanted: impl Fn(&ui::Technician<'_>) -> bool) {
        while !wanted(&self.door()) {
            self.hear();
        }
    }

    fn type_pin(&self, pin: &str) {
        pin.chars().for_each(|digit| self.tap(&digit.to_string()));
    }

    fn sign_in(&mut self) {
        self.press_f12();
        self.type_pin(PIN);
        self.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Panel);
        self.later(500);
    }

    fn line(&self, at: usize) -> (ui::Health, String) {
        let line = self.door().get_lines().row_data(at).unwrap();
        (line.health, line.value.to_string())
    }
}

const QUEUE: usize = 0;
const PRINTER: usize = 1;
const CLOCK: usize = 3;
const WAITING: usize = 4;
const STORAGE: usize = 6;

#[test]
fn five_seconds_on_the_mark_and_a_pin_open_the_panel() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    let position = kiosk.mark();
    let (button, touch) = (PointerEventButton::Left, |kiosk: &Kiosk, ms| {
        kiosk.finger(WindowEvent::PointerPressed { position, button: PointerEventButton::Left });
        kiosk.later(ms);
    });
    touch(&kiosk, 4_800);
    kiosk.finger(WindowEvent::PointerReleased { position, button });
    kiosk.later(5_000);
    assert!(!kiosk.door().get_open(), "a shorter press does nothing");
    touch(&kiosk, 5_000);
    kiosk.finger(WindowEvent::PointerReleased { position, button });
    assert_eq!((kiosk.door().get_open(), kiosk.door().get_sheet()), (true, ui::TechnicianSheet::Pin));
    kiosk.type_pin("000000");
    kiosk.hear_until(|door| door.get_wrong());
    assert_eq!(kiosk.door().get_pin_message(), "PIN salah. Coba lagi.");
    kiosk.type_pin(PIN);
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Panel);
    assert_eq!(kiosk.door().get_name(), "Teknisi Mal");
    kiosk.later(500);
    kiosk.tap("Tutup panel");
    assert!(!kiosk.door().get_open());
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn a_technician_s_own_pin_opens_the_panel_and_the_first_one_does_so_until_it_is_chosen() {
    let house = House::open();
    let holders = holders();
    let (id, first) = (holders[0].id.clone(), holders[0].pin_hash.clone());
    let technician = ForTechnician { holders, demo_pin: None, workshop: Workshop::default() };
    let mut kiosk = Kiosk::timed(Settings { technician, ..settings() }, house.time.clone());
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    kiosk.sign_in();
    kiosk.tap("Tutup panel");
    let pin_hash = support::web::quick_hash("170845");
    let own = antrean::hall::Credential::chosen(id, pin_hash, &first, house.time.now());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(house.hall.choose_pin(own, None)).unwrap();
    kiosk.press_f12();
    kiosk.type_pin(PIN);
    kiosk.hear_until(|door| door.get_wrong());
    kiosk.type_pin("170845");
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Panel);
}

#[test]
fn a_keyboard_is_enough() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    let press = |kiosk: &Kiosk, text: slint::SharedString| {
        // A screen has the keys once it was looked at.
        let _ = ElementHandle::find_by_element_type_name(kiosk.stage.app(), "TechnicianLayer").count();
        kiosk.finger(WindowEvent::KeyPressed { text: text.clone() });
        kiosk.finger(WindowEvent::KeyReleased { text });
        kiosk.later(500);
    };
    press(&kiosk, Key::Tab.into());
    press(&kiosk, Key::F12.into());
    assert!(kiosk.door().get_open(), "whatever has the focus");
    "24681".chars().for_each(|digit| press(&kiosk, digit.into()));
    press(&kiosk, Key::Backspace.into());
    assert_eq!(kiosk.door().get_typed(), 4);
    "10".chars().for_each(|digit| press(&kiosk, digit.into()));
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Panel);
    kiosk.later(500);
    press(&kiosk, Key::Escape.into());
    assert!(!kiosk.door().get_open());
    press(&kiosk, Key::F12.into());
    assert!(kiosk.door().get_open(), "and once more");
}

#[test]
fn three_wrong_pins_cost_a_pause_that_is_counted_down() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    kiosk.press_f12();
    for _ in 0..3 {
        kiosk.type_pin("000000");
        kiosk.hear_until(|door| door.get_wrong());
    }
    assert_eq!(kiosk.door().get_pin_message(), "PIN salah. Coba lagi dalam 30 detik.");
    assert!(!kiosk.door().get_may_type());
    kiosk.later(10_000);
    assert_eq!(kiosk.door().get_pin_message(), "PIN salah. Coba lagi dalam 20 detik.");
    kiosk.later(20_000);
    assert!(kiosk.door().get_may_type());
}

#[test]
fn a_house_without_a_technician_says_how_to_make_one() {
    let kiosk = Kiosk::preparing(settings());
    kiosk.press_f12();
    let message = kiosk.door().get_pin_message();
    assert!(message.contains("antrean pin, role technician"), "{message}");
    assert!(!kiosk.door().get_has_holders());
}

#[test]
fn beneath_the_panel_no_number_is_given_and_nobody_is_idle() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    kiosk.tap("dukcapil");
    kiosk.press_f12();
    assert!(!kiosk.door().get_open(), "not while somebody chooses");
    kiosk.later(45_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
    kiosk.sign_in();
    kiosk.tap("imigrasi");
    assert_eq!(kiosk.screen(), ui::Screen::Home);
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.hall.present().day.tickets().count(), 0);
    kiosk.later(60_000);
    assert!(!kiosk.door().get_open(), "it goes by itself");
    kiosk.tap("imigrasi");
    assert_eq!(kiosk.screen(), ui::Screen::Issuing);
}

#[test]
fn the_panel_tells_how_the_box_is() {
    let house = House::open();
    let mut kiosk = Kiosk::timed(with(Workshop::default()), house.time.clone());
    kiosk.sign_in();
    assert_eq!(kiosk.line(QUEUE).0, ui::Health::Warning, "the hall is not open yet");
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    assert_eq!(kiosk.line(QUEUE).0, ui::Health::Fine);
    house.issue("paspor").unwrap();
    house.issue("paspor").unwrap();
    kiosk.later(200);
    assert_eq!(kiosk.line(WAITING).1, "2 menunggu, dari 2 nomor hari ini.");
    house.hall.close();
    house.hall.wait(antrean::queue::Seq(u64::MAX), std::time::Duration::from_secs(20));
    while !house.hall.is_over() {
        std::thread::yield_now();
    }
    kiosk.later(200);
    assert_eq!(kiosk.line(QUEUE).0, ui::Health::Fault);
}

/// The box of the config's first kiosk, with its printer on a wire.
struct Bench {
    rooms: Arc<Rooms>,
    plan: Plan,
    printing: Option<Printer>,
    healths: watch::Receiver<Healths>,
}

impl Bench {
    fn of(house: &House, paper: &Paper) -> Self {
        let port = format!("port = {}\nbaud = 115200", toml::Value::from(paper.port().to_str().unwrap()));
        let config = config::DEFAULT.replacen("port = \"preview\"", &port, 1);
        let config = config::read("antrean.toml", &config, config::Options::default()).unwrap();
        let listen = ([127, 0, 0, 1], 0).into();
        let plan = Plan {
            config,
            data: house.folder.path().to_owned(),
            listen,
            demo: false,
            window: true,
            file: None,
        };
        let (tell, healths) = watch::channel(Vec::new());
        let printer = printer::start(printing(paper), house.hall.clone(), house.time.clone(), tell);
        let known = Known {
            config: plan.config.printers[0].clone(),
            paper: plan.config.printers[0].paper.clone(),
            errands: printer.errands(),
        };
        let rooms = Arc::new(Rooms::default());
        let technician = Technician {
            printers: vec![known],
            healths: healths.clone(),
            rules: Arc::new(plan.config.rules.clone()),
            config: None,
            hall: Some(house.hall.clone()),
            facts: Box::new(|| unreachable!("the panel has facts of its own")),
            archive: None,
        };
        assert!(rooms.technician.set(Arc::new(technician)).is_ok());
        Self { rooms, plan, printing: Some(printer), healths }
    }

    fn workshop(&self) -> Workshop {
        workshop(&self.plan, &self.rooms, &antrean::clock::Clock::system(self.plan.config.rules.offset))
    }

    /// Waits until the printer says it has this fault, or none.
    fn wait_for(&mut self, fault: Option<SlipTrouble>) {
        while self.healths.borrow().first().is_none_or(|(_, now)| !now.is_known() || now.fault != fault) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.printing.take().into_iter().for_each(Printer::leave);
    }
}

#[test]
fn a_test_page_comes_out_of_the_printer_or_says_why_not() {
    let house = House::open();
    let paper = Paper::new();
    let mut bench = Bench::of(&house, &paper);
    bench.wait_for(None);
    let mut kiosk = open(&house, bench.workshop());
    kiosk.sign_in();
    assert_eq!(kiosk.line(PRINTER).0, ui::Health::Fine, "{:?}", kiosk.line(PRINTER));
    assert!(kiosk.line(PRINTER).1.contains(paper.port().to_str().unwrap()));
    kiosk.tap("Uji printer");
    kiosk.hear_until(|door| door.get_sheet() != ui::TechnicianSheet::Printing);
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Printed);
    assert!(paper.wait_for_slips(1)[0].contains("Printer Anjungan 1"));
    kiosk.tap("Kembali");
    paper.set(|condition| condition.paper_out = true);
    bench.wait_for(Some(SlipTrouble::PaperOut));
    kiosk.later(200);
    let said = SlipTrouble::PaperOut.for_staff(Language::ID);
    assert_eq!(kiosk.line(PRINTER).0, ui::Health::Fault);
    assert!(kiosk.line(PRINTER).1.ends_with(said), "{:?}", kiosk.line(PRINTER));
    kiosk.tap("Uji printer");
    kiosk.hear_until(|door| door.get_sheet() != ui::TechnicianSheet::Printing);
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::NotPrinted);
    assert_eq!(kiosk.door().get_detail(), said);
    house.hall.close();
}

#[test]
fn the_room_on_the_disk_is_looked_up_while_the_panel_is_open() {
    let house = House::open();
    let paper = Paper::new();
    let bench = Bench::of(&house, &paper);
    let mut kiosk = open(&house, bench.workshop());
    kiosk.sign_in();
    let folder = house.folder.path().display().to_string();
    while !kiosk.line(STORAGE).1.contains(&folder) {
        kiosk.hear();
        kiosk.later(200);
    }
    house.hall.close();
}

#[test]
fn a_clock_in_doubt_is_confirmed_by_the_technician_who_is_asked_twice() {
    let house = House::open();
    house.issue("ktp").unwrap();
    // The battery is empty.
    let house = house.restart("2026-01-01 07:00");
    let mut kiosk = open(&house, Workshop::default());
    kiosk.sign_in();
    assert_eq!(kiosk.line(CLOCK).0, ui::Health::Warning);
    kiosk.tap("Tanggal dan jam");
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Clock);
    assert!(kiosk.door().get_dial().starts_with("Senin, 23 November 2026"), "{}", kiosk.door().get_dial());
    kiosk.tap("Tanggal +");
    assert!(kiosk.door().get_dial().starts_with("Selasa, 24 November 2026"), "{}", kiosk.door().get_dial());
    kiosk.tap("Tanggal dan jam ini benar");
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Sure);
    assert!(house.hall.present().day.clock().doubt.is_some(), "nothing is said yet");
    kiosk.tap("Ya, benar");
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Panel);
    assert!(kiosk.door().get_clock_set());
    assert_eq!(house.hall.present().day.clock().doubt, None);
    assert_eq!(house.time.now().date_naive(), at("2026-11-24 09:00").date_naive());
    assert!(kiosk.line(CLOCK).1.contains("seperti yang dipastikan"), "{:?}", kiosk.line(CLOCK));
}

#[test]
fn a_day_that_cannot_be_is_refused_in_words() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let mut kiosk = open(&house, Workshop::default());
    kiosk.sign_in();
    kiosk.tap("Tanggal dan jam");
    kiosk.tap("Tahun +");
    kiosk.tap("Tanggal dan jam ini benar");
    kiosk.tap("Ya, benar");
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Clock);
    assert_eq!(kiosk.door().get_detail(), antrean::queue::Refusal::BadDate.sentence(Language::ID));
}

#[test]
fn leaving_the_kiosk_is_asked_once_and_ends_the_program_as_a_signal_does() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    kiosk.sign_in();
    kiosk.tap("Keluar anjungan");
    kiosk.tap("Tidak, tetap di sini");
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Panel);
    kiosk.tap("Keluar anjungan");
    kiosk.tap("Ya, keluar");
    let quit = std::iter::from_fn(|| Some(kiosk.news())).find(|news| !matches!(news, News::Technician(_)));
    assert!(matches!(quit, Some(News::Quit)), "{quit:?}");
}

#[test]
fn restart_and_shut_down_reach_the_system_and_a_refusal_is_told_with_its_remedy() {
    let house = House::open();
    let restarts = Arc::new(AtomicUsize::new(0));
    let counted = restarts.clone();
    let workshop = Workshop {
        restart: Arc::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }),
        shut_down: Arc::new(|| Err(Unable::Refused("Access denied".to_owned()))),
        ..Workshop::default()
    };
    let mut kiosk = open(&house, workshop);
    kiosk.sign_in();
    kiosk.tap("Matikan");
    kiosk.tap("Ya, matikan");
    kiosk.hear_until(|door| door.get_sheet() == ui::TechnicianSheet::Failed);
    let detail = kiosk.door().get_detail();
    assert!(detail.contains("Access denied") && detail.contains("sudo systemctl poweroff"), "{detail}");
    kiosk.later(500);
    kiosk.tap("Kembali");
    kiosk.tap("Mulai ulang");
    assert_eq!(restarts.load(Ordering::SeqCst), 0, "not before the answer");
    kiosk.tap("Ya, mulai ulang");
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Restarting);
    while restarts.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn cleaning_covers_everything_for_a_minute_and_comes_back_to_the_panel() {
    let house = House::open();
    let mut kiosk = open(&house, Workshop::default());
    kiosk.sign_in();
    kiosk.tap("Bersihkan layar");
    assert_eq!(
        (kiosk.door().get_sheet(), kiosk.door().get_cleaning_s()),
        (ui::TechnicianSheet::Cleaning, 60)
    );
    let position = LogicalPosition::new(900.0, 60.0);
    for _ in 0..20 {
        kiosk.finger(WindowEvent::PointerPressed { position, button: PointerEventButton::Left });
        kiosk.finger(WindowEvent::PointerReleased { position, button: PointerEventButton::Left });
        kiosk.later(2_000);
    }
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Cleaning);
    kiosk.later(20_000);
    assert_eq!(kiosk.door().get_sheet(), ui::TechnicianSheet::Panel);
}
