//! PINs over real sockets: the first one and one's own, a lost one, and what wrong ones cost.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::Command;
use antrean::web::{Role, Settings};
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::chromium::Chromium;
use support::house::House;
use support::web::{Browser, CALLING, FIRST_PIN, PIN, SUPERVISING, Web, quick_hash};

const OWN: &str = "170845";
const OTHER: &str = "311299";

fn first_day() -> (House, Web) {
    let house = House::open();
    let web = Web::serve_first_day(&house.hall, house.time.clone(), |_| ());
    (house, web)
}

fn open() -> (House, Web) {
    open_with(|_| ())
}

fn open_with(change: impl FnOnce(&mut Settings)) -> (House, Web) {
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), change);
    (house, web)
}

trait Choosing {
    fn choose(&self, new: &str, again: &str) -> support::web::Answer;
    fn change(&self, staff: &str, old: &str, new: &str) -> support::web::Answer;
    fn is_in(&self) -> bool;
}

impl Choosing for Browser {
    fn choose(&self, new: &str, again: &str) -> support::web::Answer {
        self.send_form("/console/pin", &[("new", new), ("again", again)])
    }

    fn change(&self, staff: &str, old: &str, new: &str) -> support::web::Answer {
        self.send_form("/console/pin", &[("staff", staff), ("old", old), ("new", new), ("again", new)])
    }

    fn is_in(&self) -> bool {
        self.get("/console/state").status == 200
    }
}

#[test]
fn no_counter_opens_before_a_pin_of_ones_own_is_chosen() {
    let (house, web) = first_day();
    let browser = web.browser();
    let page = browser.sign_in("ani", "loket-3", FIRST_PIN);
    assert!(page.body.contains("Buat PIN Anda sendiri"), "{}", page.body);
    assert!(!browser.is_in());
    assert!(house.hall.present().day.counter(&"loket-3".into()).staff.is_none());
    let page = browser.choose(OWN, OWN);
    assert!(page.body.contains("Loket 3 · dukcapil"), "{}", page.body);
    assert!(browser.is_in());
    assert_eq!(
        web.browser().sign_in("ani", "loket-4", FIRST_PIN).status,
        401,
        "the first PIN counts no more"
    );
    assert!(web.browser().sign_in("ani", "loket-4", OWN).body.contains("Loket 4 · dukcapil"));
}

#[test]
fn a_pin_that_others_know_or_guess_is_not_taken_and_the_page_says_why() {
    let (_house, web) = first_day();
    let browser = web.browser();
    browser.sign_in("ani", "loket-3", FIRST_PIN);
    for (new, again, why) in [
        ("17084", "17084", "harus enam angka"),
        ("17o845", "17o845", "harus enam angka"),
        (OWN, OTHER, "berbeda"),
        ("123456", "123456", "mudah ditebak"),
        ("111111", "111111", "mudah ditebak"),
        (FIRST_PIN, FIRST_PIN, "PIN pertama dari teknisi"),
    ] {
        let page = browser.choose(new, again);
        assert_eq!(page.status, 422, "{new}");
        assert!(
            page.body.contains(why) && page.body.contains("Buat PIN Anda sendiri"),
            "{new}: {}",
            page.body
        );
        assert!(!browser.is_in());
    }
    assert!(browser.choose(OWN, OWN).body.contains("Loket 3 · dukcapil"));
}

#[test]
fn whoever_thinks_too_long_about_a_pin_shows_the_first_one_again() {
    let (house, web) = first_day();
    let browser = web.browser();
    browser.sign_in("ani", "loket-3", FIRST_PIN);
    house.clock.advance(TimeDelta::minutes(11));
    let page = browser.choose(OWN, OWN);
    assert_eq!(page.status, 401, "{}", page.body);
    assert!(!browser.is_in());
    let stranger = web.browser();
    assert_eq!(stranger.choose(OWN, OWN).status, 401, "nor does anybody choose who showed nothing");
    assert!(browser.sign_in("ani", "loket-3", FIRST_PIN).body.contains("Buat PIN Anda sendiri"));
}

#[test]
fn the_first_pin_shown_elsewhere_undoes_no_choice() {
    let (_house, web) = first_day();
    let (ani, other) = (web.browser(), web.browser());
    ani.sign_in("ani", "loket-3", FIRST_PIN);
    other.sign_in("ani", "loket-4", FIRST_PIN);
    assert!(ani.choose(OWN, OWN).body.contains("Loket 3"));
    assert_eq!(other.choose(OTHER, OTHER).status, 401);
    assert!(!other.is_in() && ani.is_in());
    assert!(web.browser().sign_in("ani", "loket-3", OWN).body.contains("Loket 3"));
}

#[test]
fn an_own_pin_survives_a_restart_and_falls_with_a_new_first_pin() {
    let (house, web) = first_day();
    let browser = web.browser();
    browser.sign_in("ani", "loket-3", FIRST_PIN);
    browser.choose(OWN, OWN);
    drop(web);
    let house = house.restart("2026-11-23 09:05");
    let web = Web::serve_first_day(&house.hall, house.time.clone(), |_| ());
    assert!(web.browser().sign_in("ani", "loket-4", OWN).body.contains("Loket 4"));
    drop(web);
    let house = house.restart("2026-11-23 09:10");
    let anew = quick_hash("864209");
    let web = Web::serve_first_day(&house.hall, house.time.clone(), |settings| {
        settings.staff[0].pin_hash = anew;
    });
    assert_eq!(web.browser().sign_in("ani", "loket-3", OWN).status, 401);
    let page = web.browser().sign_in("ani", "loket-3", "864209");
    assert!(page.body.contains("Buat PIN Anda sendiri"), "{}", page.body);
    drop(web);
    // And the old config put back does not bring the old PIN back.
    let house = house.restart("2026-11-23 09:15");
    let web = Web::serve_first_day(&house.hall, house.time.clone(), |_| ());
    assert_eq!(web.browser().sign_in("ani", "loket-3", OWN).status, 401);
    assert!(web.browser().sign_in("ani", "loket-3", FIRST_PIN).body.contains("Buat PIN Anda sendiri"));
}

#[test]
fn ones_own_pin_is_changed_with_the_old_one_and_other_devices_are_out() {
    let (_house, web) = open();
    let (here, there) = (web.console("ani", "loket-3").browser, web.console("ani", "loket-4").browser);
    let page = here.get("/console/pin");
    assert!(page.body.contains("Petugas ani") && page.body.contains("PIN lama"), "{}", page.body);
    assert_eq!(here.change("budi", "000000", OWN).status, 401, "whoever finds the counter unattended");
    assert_eq!(here.change("budi", PIN, PIN).status, 422);
    assert!(
        here.change("budi", PIN, OWN).body.contains("Loket 3 · dukcapil"),
        "it is ani's that was changed"
    );
    assert!(here.is_in() && !there.is_in());
    assert_eq!(web.browser().sign_in("ani", "loket-4", PIN).status, 401);
    assert!(web.browser().sign_in("ani", "loket-4", OWN).body.contains("Loket 4"));
    assert!(web.browser().sign_in("budi", "loket-6", PIN).body.contains("Loket 6"));
    // From the sign-in page, by whoever says who they are.
    let browser = web.browser();
    assert!(browser.get("/console/pin").body.contains("Nama petugas"));
    assert!(browser.change("ani", OWN, OTHER).body.contains("sudah diganti"));
    assert!(!browser.is_in() && !here.is_in());
    assert!(browser.sign_in("ani", "loket-3", OTHER).body.contains("Loket 3"));
}

#[test]
fn nobody_is_made_to_choose_in_a_demonstration() {
    let house = House::open();
    let web = Web::serve_first_day(&house.hall, house.time.clone(), |settings| {
        settings.demo_pin = Some(FIRST_PIN.to_owned());
    });
    let browser = web.browser();
    assert!(browser.sign_in("ani", "loket-3", FIRST_PIN).body.contains("Loket 3 · dukcapil"));
    assert!(!browser.get("/console").body.contains("Ganti PIN"));
    assert!(browser.change("ani", FIRST_PIN, OWN).body.contains("Loket 3 · dukcapil"), "nor can anybody");
    assert!(web.browser().sign_in("ani", "loket-4", FIRST_PIN).body.contains("Loket 4"));
}

#[test]
fn a_pin_is_in_no_journal_and_in_no_answer() {
    let (house, web) = first_day();
    let browser = web.browser();
    browser.sign_in("ani", "loket-3", FIRST_PIN);
    browser.choose(OWN, OWN);
    let told = web.program(SUPERVISING);
    let told = told.get_with("/api/v1/staff", &[("Authorization", &format!("Bearer {SUPERVISING}"))]).body;
    drop(web);
    let journal: String = house.journal().iter().map(|line| json!(line.event).to_string()).collect();
    assert!(journal.contains("loket-3"), "the counter was opened");
    for text in [told, journal] {
        assert!(!text.contains("argon2") && !text.contains(OWN) && !text.contains(FIRST_PIN), "{text}");
    }
}

fn people(browser: &Browser) -> Vec<Value> {
    browser.get("/api/v1/staff").json().as_array().unwrap().clone()
}

#[test]
fn a_supervisor_gives_a_forgotten_pin_back_and_its_counter_hands_its_ticket_back() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let (ani, siti) = (web.console("ani", "loket-3"), web.console("siti", ""));
    ani.press("call-next");
    let row = &people(&siti.browser)[0];
    let seen = json!({ "id": "ani", "name": "Petugas ani", "role": "clerk", "counter": "loket-3", "signed_in": true, "own_pin": true });
    assert_eq!(*row, seen);
    let key = [("Idempotency-Key", "reset-1")];
    let reset = |key: &[(&str, &str)]| siti.browser.post_with("/api/v1/staff/ani/reset-pin", &json!({}), key);
    let answer = reset(&key);
    assert_eq!((answer.status, answer.json()), (200, json!({ "staff": "ani" })));
    assert!(!ani.browser.is_in());
    assert_eq!(web.lobby().board.agencies[0].waiting, 1, "the ticket waits again");
    let row = &people(&siti.browser)[0];
    assert_eq!(
        (&row["signed_in"], &row["counter"], &row["own_pin"]),
        (&json!(false), &Value::Null, &json!(false))
    );
    assert_eq!(web.browser().sign_in("ani", "loket-3", PIN).status, 401);
    let again = web.browser();
    assert!(again.sign_in("ani", "loket-3", FIRST_PIN).body.contains("Buat PIN Anda sendiri"));
    assert!(again.choose(OWN, OWN).body.contains("Loket 3"));
    let repeated = reset(&key);
    assert_eq!((repeated.status, repeated.json()), (200, json!({ "staff": "ani" })));
    assert!(again.is_in(), "said twice with the same key it is done once");
    assert_eq!(reset(&[]).status, 200);
    assert!(!again.is_in());
}

#[test]
fn nobody_resets_a_pin_of_their_own_rank_or_above_or_of_another_agency() {
    let (_house, web) = open_with(|settings| {
        let like = settings.staff[0].clone();
        settings.staff.push(antrean::web::Staff {
            id: "head".into(),
            role: Role::Supervisor,
            at_counter: false,
            may_supervise: true,
            ..like.clone()
        });
        settings.staff.push(antrean::web::Staff {
            id: "tek".into(),
            role: Role::Technician,
            at_counter: false,
            may_issue: true,
            agency: None,
            ..like
        });
    });
    let browser = |staff: &str, counter: &str| web.console(staff, counter).browser;
    let (ani, siti, head, tek) =
        (browser("ani", "loket-3"), browser("siti", ""), browser("head", "loket-4"), browser("tek", ""));
    let reset = |by: &Browser, whom: &str| {
        let answer = by.post(&format!("/api/v1/staff/{whom}/reset-pin"), &json!({}));
        if answer.status == 200 { "done".to_owned() } else { answer.code() }
    };
    for (by, whom) in [
        (&ani, "ani"),
        (&ani, "budi"),
        (&siti, "siti"),
        (&siti, "head"),
        (&siti, "tek"),
        (&head, "budi"),
        (&head, "head"),
        (&head, "tek"),
        (&tek, "tek"),
    ] {
        assert_eq!(reset(by, whom), "not_allowed", "{whom}");
    }
    assert_eq!(reset(&web.program(CALLING), "ani"), "not_allowed");
    assert_eq!(reset(&web.browser(), "ani"), "no_credential");
    assert_eq!(reset(&siti, "nobody"), "unknown_staff");
    assert_eq!(ani.get("/api/v1/staff").code(), "not_allowed");
    let ids = |browser: &Browser| -> Vec<String> {
        people(browser).iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&head), ["ani", "head"]);
    assert_eq!(ids(&siti), ["ani", "budi", "siti", "head", "tek"]);
    for (by, whom) in [(&head, "ani"), (&siti, "budi"), (&tek, "siti")] {
        assert_eq!(reset(by, whom), "done", "{whom}");
    }
}

#[test]
fn a_device_that_signed_in_before_a_restart_is_not_delayed_by_strangers_after_it() {
    let (house, web) = open();
    let known = web.console("ani", "loket-3");
    drop(web);
    let house = house.restart("2026-11-23 09:05");
    let web = Web::serve(&house.hall, house.time.clone());
    let stranger = web.browser();
    for _ in 0..4 {
        stranger.sign_in("ani", "loket-3", "000000");
    }
    let early = stranger.sign_in("ani", "loket-3", PIN);
    assert_eq!((early.status, early.header("retry-after")), (429, "2"));
    assert_eq!(known.at(&web).browser.sign_in("ani", "loket-3", PIN).status, 200);
}

#[test]
fn a_clock_that_is_set_keeps_nobody_out_and_lets_nobody_in() {
    let (house, web) = open();
    let stranger = web.browser();
    for _ in 0..4 {
        stranger.sign_in("ani", "loket-3", "000000");
    }
    house.clock.set_system(support::rules::at("2026-11-25 09:00"));
    house.wish(Command::Tick).unwrap();
    assert_eq!(stranger.sign_in("ani", "loket-3", PIN).status, 429);
    house.clock.advance(TimeDelta::seconds(4));
    assert_eq!(stranger.sign_in("ani", "loket-3", PIN).status, 200);
}

#[test]
fn signing_out_leaves_a_counter_that_a_colleague_has_taken_over() {
    let (house, web) = open_with(|settings| {
        let like = settings.staff[0].clone();
        settings.staff.push(antrean::web::Staff { id: "citra".into(), ..like });
    });
    house.issue("ktp").unwrap();
    let (ani, citra) = (web.console("ani", "loket-3"), web.console("citra", "loket-3"));
    citra.press("call-next");
    assert_eq!(ani.browser.send_form("/console/sign-out", &[]).status, 200);
    assert!(!ani.browser.is_in());
    assert_eq!(citra.state()["ticket"]["number"], "A001", "whose visitor stands there");
    citra.browser.send_form("/console/sign-out", &[]);
    assert_eq!(web.lobby().board.agencies[0].waiting, 1);
}

#[test]
fn a_sign_in_ends_with_the_shift_that_the_config_says() {
    let (house, web) = open_with(|settings| settings.shift = TimeDelta::hours(4));
    let ani = web.console("ani", "loket-3");
    house.clock.advance(TimeDelta::minutes(239));
    assert!(ani.browser.is_in());
    house.clock.advance(TimeDelta::minutes(1));
    assert!(!ani.browser.is_in());
}

#[test]
fn a_clerk_s_first_morning_in_a_browser() {
    let (_house, web) = first_day();
    for (name, (width, height), counter) in
        [("desk", (1366, 768), "loket-3"), ("phone", (390, 844), "loket-4")]
    {
        let browser = Chromium::open(width, height);
        let first = if name == "desk" { FIRST_PIN } else { OWN };
        browser.go(&format!("http://{}/console", web.address));
        browser.choose("#staff", "ani");
        browser.choose("#counter", counter);
        browser.picture(&format!("sign-in-{name}"));
        browser.fill("input[name=pin]", "000000");
        browser.click("button.primary");
        browser.reads("[role=alert]", "PIN belum cocok. Coba lagi.");
        browser.picture(&format!("sign-in-wrong-{name}"));
        browser.fill("input[name=pin]", first);
        browser.click("button.primary");
        if name == "desk" {
            browser.reads("h1", "Buat PIN Anda sendiri");
            browser.picture("own-pin-desk");
            browser.fill("#new", OWN);
            browser.fill("#again", "170846");
            browser.reads("#differ", "Kedua PIN baru berbeda.");
            browser.script("document.getElementById('again').value = ''; return 0");
            browser.fill("#again", OWN);
            browser.click("button.primary");
        }
        browser.until("document.body.dataset.state === 'ready'");
        browser.picture(&format!("console-bar-{name}"));
        browser.click(".bar a");
        browser.reads("h1", "Ganti PIN");
        browser.fill("[name=old]", if name == "desk" { OWN } else { OTHER });
        browser.fill("#new", if name == "desk" { "111111" } else { OTHER });
        browser.fill("#again", if name == "desk" { "111111" } else { OTHER });
        browser.click("button.primary");
        browser.until("document.querySelector('[role=alert]')");
        browser.picture(&format!("change-pin-{name}"));
        let wide = browser.script("return document.documentElement.scrollWidth > innerWidth");
        assert_eq!(wide, json!(false), "{name}: nothing is wider than the page");
    }
}
