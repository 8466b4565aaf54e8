//! A visitor's ways through the kiosk, by what they read and touch, in both languages; by keys alone; and
//! a visitor who touches anything.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::kiosk::visit::Custom;
use antrean::kiosk::{News, Settings};
use antrean::queue::{Class, Command, Language, Proof, SlipOutcome, SlipTrouble};
use antrean_ui as ui;
use slint::ComponentHandle;
use slint::platform::Key;
use support::house::House;
use support::kiosk::{Kiosk, settings};
use support::malls::langsa;

/// What the buttons read.
struct Words {
    language: Language,
    ktp: &'static str,
    done: &'static str,
    priority: &'static str,
    yes_priority: &'static str,
    back: &'static str,
    needed: &'static str,
    take: &'static str,
    print: &'static str,
    printed: &'static str,
    yes_long: &'static str,
    no_long: &'static str,
    passport: &'static str,
    other: &'static str,
    saved: &'static str,
    stay: &'static str,
}

const WORDS: [Words; 2] = [
    Words {
        language: Language::ID,
        ktp: "KTP elektronik",
        done: "Selesai",
        priority: "Layanan prioritas",
        yes_priority: "Ya, ambil nomor prioritas",
        back: "Kembali",
        needed: "Yang diperlukan",
        take: "Ambil nomor",
        print: "Cetak ini",
        printed: "Tercetak, silakan ambil",
        yes_long: "Ya, ambil",
        no_long: "Tidak",
        passport: "Paspor",
        other: "Pilih instansi lain",
        saved: "Sudah saya catat",
        stay: "Ya, lanjutkan",
    },
    Words {
        language: Language::EN,
        ktp: "Electronic ID card",
        done: "Done",
        priority: "Priority service",
        yes_priority: "Yes, priority number",
        back: "Back",
        needed: "What is needed",
        take: "Take a number",
        print: "Print this",
        printed: "Printed, please take it",
        yes_long: "Yes, take one",
        no_long: "No",
        passport: "Passport",
        other: "Choose another agency",
        saved: "I have it",
        stay: "Yes, continue",
    },
];

/// The mall of Langsa, and its kiosk in this language.
fn stand(words: &Words, house: House, custom: Custom) -> (House, Kiosk) {
    let kiosk = Kiosk::preparing(Settings { custom, ..settings() });
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    if words.language == Language::EN {
        kiosk.stage.app().global::<ui::Access>().invoke_language_toggled();
    }
    (house, kiosk)
}

fn open() -> House {
    House::with(langsa(antrean::config::Options { always_open: true, ..Default::default() }))
}

fn in_both(journey: impl Fn(&Words) + Sync) {
    // One kiosk a thread: the testing backend holds one platform.
    for words in &WORDS {
        std::thread::scope(|scope| scope.spawn(|| journey(words)).join().unwrap());
    }
}

fn report(house: &House, kiosk: &Kiosk, outcome: SlipOutcome) {
    let slip = house.hall.present().day.queued_slips().last().unwrap().id;
    house.wish(Command::ReportSlip { slip, outcome, by: None }).unwrap();
    kiosk.stage.hear(News::Bell);
}

const PRINTED: SlipOutcome = SlipOutcome::Printed { proof: Proof::Status };

fn last_ticket(house: &House) -> (String, Class, Language) {
    let present = house.hall.present();
    let ticket = present.day.tickets().last().unwrap();
    (ticket.number.to_string(), ticket.class, ticket.language)
}

#[test]
fn from_home_to_paper_in_two_touches_and_done() {
    in_both(|words| {
        let (house, mut kiosk) = stand(words, open(), Custom::default());
        kiosk.tap("Dukcapil");
        kiosk.tap(words.ktp);
        kiosk.hear();
        report(&house, &kiosk, PRINTED);
        assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::TakeTicket, "A001"));
        assert_eq!(last_ticket(&house), ("A001".to_owned(), Class::Regular, words.language));
        kiosk.tap(words.done);
        assert_eq!(kiosk.screen(), ui::Screen::Home);
        let language = kiosk.stage.app().global::<ui::Access>().get_language_mark();
        assert_eq!(language, "ID", "the next visitor starts from the usual settings");
    });
}

#[test]
fn priority_is_one_screen_more_and_holds_for_one_number() {
    in_both(|words| {
        let (house, mut kiosk) = stand(words, open(), Custom::default());
        kiosk.tap(words.priority);
        kiosk.tap(words.back);
        kiosk.tap(words.priority);
        kiosk.tap(words.yes_priority);
        kiosk.tap("Dukcapil");
        kiosk.tap(words.ktp);
        kiosk.hear();
        report(&house, &kiosk, PRINTED);
        assert_eq!(last_ticket(&house).1, Class::Priority);
        kiosk.tap(words.done);
        assert!(!kiosk.stage.app().global::<ui::Stage>().get_priority());
    });
}

#[test]
fn what_is_needed_can_be_read_and_printed_without_a_number_and_with_one() {
    in_both(|words| {
        let (house, mut kiosk) = stand(words, open(), Custom::default());
        kiosk.tap("Dukcapil");
        kiosk.tap_first(words.needed);
        assert_eq!(kiosk.screen(), ui::Screen::Card);
        kiosk.tap(words.print);
        kiosk.hear();
        assert!(kiosk.reads(words.printed));
        assert_eq!(house.hall.present().day.tickets().count(), 0);
        kiosk.tap(words.back);
        assert_eq!(kiosk.screen(), ui::Screen::Services);
        kiosk.tap_first(words.needed);
        assert!(kiosk.reads(words.print) && !kiosk.reads(words.printed), "printed for somebody else");
        kiosk.tap(words.take);
        kiosk.hear();
        report(&house, &kiosk, PRINTED);
        assert_eq!(kiosk.screen(), ui::Screen::TakeTicket);
    });
}

#[test]
fn a_long_wait_is_a_question_with_two_answers() {
    in_both(|words| {
        let house = open();
        house.open_counter("loket-6");
        house.serve("paspor", "loket-6", 5);
        (0..14).for_each(|_| drop(house.issue("paspor").unwrap()));
        let before = house.hall.present().day.tickets().count();
        let custom = Custom { ask_over_min: Some(45), ..Custom::default() };
        let (house, mut kiosk) = stand(words, house, custom);
        kiosk.tap("Imigrasi");
        kiosk.tap(words.passport);
        assert_eq!(kiosk.screen(), ui::Screen::LongWait);
        kiosk.tap(words.no_long);
        assert_eq!(kiosk.screen(), ui::Screen::Services);
        kiosk.tap(words.passport);
        kiosk.tap(words.yes_long);
        kiosk.hear();
        report(&house, &kiosk, PRINTED);
        assert_eq!(house.hall.present().day.tickets().count(), before + 1);
    });
}

#[test]
fn who_comes_to_a_closed_agency_is_told_and_goes_elsewhere() {
    in_both(|words| {
        let mut rules = langsa(antrean::config::Options::default());
        rules.agencies[0].hours = Some(antrean::queue::Week::default());
        let (_house, kiosk) = stand(words, House::with(rules), Custom::default());
        kiosk.tap("Dukcapil");
        assert_eq!(kiosk.screen(), ui::Screen::Unavailable);
        kiosk.tap(words.other);
        assert_eq!(kiosk.screen(), ui::Screen::Home);
    });
}

#[test]
fn without_paper_the_number_is_noted_and_counts() {
    in_both(|words| {
        let (house, mut kiosk) = stand(words, open(), Custom::default());
        kiosk.tap("Dukcapil");
        kiosk.tap(words.ktp);
        kiosk.hear();
        report(&house, &kiosk, SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
        assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::NumberOnScreen, "A001"));
        kiosk.tap(words.saved);
        assert_eq!(kiosk.screen(), ui::Screen::Home);
    });
}

#[test]
fn who_thinks_for_long_is_asked_and_may_go_on() {
    in_both(|words| {
        let (_house, kiosk) = stand(words, open(), Custom::default());
        kiosk.tap("Dukcapil");
        kiosk.later(30_000);
        kiosk.tap(words.stay);
        assert_eq!(kiosk.screen(), ui::Screen::Services);
        assert_eq!(kiosk.stage.app().global::<ui::Stage>().get_still_here_s(), 0);
    });
}

#[test]
fn two_keys_choose_and_take_where_there_is_no_finger() {
    let (house, mut kiosk) = stand(&WORDS[0], open(), Custom::default());
    kiosk.key(Key::DownArrow);
    kiosk.key(Key::Return);
    assert_eq!(kiosk.screen(), ui::Screen::Services, "the first agency");
    // The services, each with the way to its card.
    kiosk.key(Key::DownArrow);
    kiosk.key(Key::Return);
    assert_eq!(kiosk.screen(), ui::Screen::Issuing, "the first service");
    kiosk.hear();
    report(&house, &kiosk, PRINTED);
    assert_eq!((kiosk.screen(), kiosk.number().as_str()), (ui::Screen::TakeTicket, "A001"));
    kiosk.key(Key::Escape);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

#[test]
fn keys_go_on_and_back_and_every_key_counts_as_a_touch() {
    let (_house, kiosk) = stand(&WORDS[0], open(), Custom::default());
    for _ in 0..3 {
        kiosk.key(Key::RightArrow);
    }
    kiosk.key(Key::LeftArrow);
    kiosk.key(Key::Return);
    let agency = kiosk.stage.app().global::<ui::Services>().get_agency().id;
    assert_eq!((kiosk.screen(), agency.as_str()), (ui::Screen::Services, "imigrasi"), "the second");
    kiosk.later(40_000);
    assert!(kiosk.stage.app().global::<ui::Stage>().get_still_here_s() > 0);
    kiosk.key(Key::DownArrow);
    assert_eq!(kiosk.stage.app().global::<ui::Stage>().get_still_here_s(), 0);
    kiosk.key(Key::Backspace);
    assert_eq!(kiosk.screen(), ui::Screen::Home);
}

/// Chance from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// `ANTREAN_TAPS=100000` for the long form (`make monkey`); every tap is a finger somewhere on the glass.
#[test]
fn a_monkey_makes_as_many_tickets_as_journeys_and_never_sticks() {
    let taps: u64 = std::env::var("ANTREAN_TAPS").map_or(800, |taps| taps.parse().unwrap());
    let mut chance = Chance(taps);
    let custom = Custom { ask_over_min: Some(20), ..Custom::default() };
    let (house, mut kiosk) = stand(&WORDS[0], open(), custom);
    house.open_counter("loket-6");
    house.serve("paspor", "loket-6", 5);
    let before = house.hall.present().day.tickets().count();
    let (mut given, mut seen) = (0, Vec::new());
    for tap in 0..taps {
        let (x, y) = (chance.below(1080) as f32, chance.below(1920) as f32);
        kiosk.touch_at(x, y);
        if !seen.contains(&kiosk.screen()) {
            seen.push(kiosk.screen());
        }
        if kiosk.screen() == ui::Screen::Issuing {
            kiosk.hear_answer();
            let outcome = match chance.below(8) {
                0 => None,
                1 => Some(SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut }),
                2 => Some(SlipOutcome::Sent),
                _ => Some(PRINTED),
            };
            match outcome {
                Some(outcome) => report(&house, &kiosk, outcome),
                // A printer that says nothing.
                None => kiosk.later(8_000),
            }
            let screen = kiosk.screen();
            assert!(
                matches!(screen, ui::Screen::TakeTicket | ui::Screen::NumberOnScreen),
                "tap {tap}: {screen:?} after a number was given"
            );
            given += 1;
        }
        match chance.below(40) {
            0 => kiosk.stage.hear(News::Printer { ready: chance.below(2) == 0 }),
            1 => kiosk.later(chance.below(90_000)),
            _ => kiosk.later(chance.below(1_500)),
        }
    }
    assert_eq!(house.hall.present().day.tickets().count() - before, given);
    assert!(given * 60 > taps as usize, "{given} journeys in {taps} taps: the monkey gets nowhere");
    let usual = [ui::Screen::Home, ui::Screen::Services, ui::Screen::Priority];
    assert!(usual.iter().all(|screen| seen.contains(screen)), "{seen:?}");
    kiosk.later(200_000);
    kiosk.later(200_000);
    assert_eq!(kiosk.screen(), ui::Screen::Home, "left alone, it goes home");
    assert_eq!(kiosk.stage.app().global::<ui::Access>().get_language_mark(), "ID");
}
