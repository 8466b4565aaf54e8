//! How the box is, as whoever keeps it sees it: the page, and what programs ask.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::health::{Display, PrinterNow, Sight, Sound, Surroundings};
use antrean::queue::{SlipTrouble, Text};
use support::chromium::Chromium;
use support::house::House;
use support::rules::at;
use support::web::{PIN, Web};

fn surroundings(free: u64) -> Surroundings {
    Surroundings {
        addresses: vec!["192.168.1.20".parse().unwrap()],
        listen: ([0, 0, 0, 0], 8080).into(),
        listening: Some(([0, 0, 0, 0], 8080).into()),
        https: false,
        data: "/var/lib/antrean".into(),
        free: Some(free),
    }
}

fn printer() -> PrinterNow {
    PrinterNow::well("printer-1".into(), Text::same("Printer Anjungan 1"), at("2026-11-23 08:50"))
}

/// A box on which all is well.
fn well() -> Sight {
    Sight {
        surroundings: Some(surroundings(12 << 30)),
        display: Some(Display::Shown),
        sound: Some(Sound::Heard),
        ..Sight::default()
    }
}

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve(&house.hall, house.time.clone());
    web.printers(vec![printer()]);
    web.sight(well());
    (house, web)
}

fn page(web: &Web, (width, height): (u32, u32)) -> Chromium {
    let browser = Chromium::open(width, height);
    browser.go(&format!("http://{}/status", web.address));
    browser.choose("#staff", "siti");
    browser.choose("#counter", "");
    browser.fill("input[name=pin]", PIN);
    browser.click("button.primary");
    // Whoever signs in goes to their own page first.
    browser.until("document.querySelector('a[href=\"/status\"]')");
    browser.go(&format!("http://{}/status", web.address));
    browser
}

#[test]
fn the_page_says_the_worst_first_and_what_to_do_and_is_well_again_by_itself() {
    let (_house, web) = open();
    let page = page(&web, (1366, 768));
    page.reads("#sum-text", "Semua baik");
    assert_eq!(page.script("return document.getElementById('printer-part').hidden"), true);
    page.picture("status-well");
    web.printers(vec![printer().in_trouble(SlipTrouble::Unplugged)]);
    web.sight(Sight { surroundings: Some(surroundings(600 << 20)), sound: Some(Sound::Silent), ..well() });
    page.reads("#sum-text", "Ada 1 gangguan dan 2 peringatan");
    page.reads("#lines li:first-child .pill", "Gangguan");
    page.reads(
        "#lines li:first-child .says",
        "Printer Anjungan 1 (preview): Kabel printer lepas. Pasang lagi kabelnya.",
    );
    assert!(page.text("#lines li:first-child .remedy").contains("antrean printer ports"));
    page.reads("#lines li:nth-child(2) .says", "Tinggal 600 MB di /var/lib/antrean. Kosongkan disk.");
    page.until("document.querySelector('.cable').classList.contains('touch')");
    page.picture("status-trouble");
    let wide = page.script("return document.documentElement.scrollWidth <= innerWidth");
    assert_eq!(wide, true);
    web.printers(vec![printer()]);
    web.sight(well());
    page.reads("#sum-text", "Semua baik");
    drop(web);
    page.reads("#sum-text", "Kotak tidak menjawab");
    page.picture("status-gone");
}

#[test]
fn the_page_fits_a_phone() {
    let (_house, web) = open();
    let page = page(&web, (390, 844));
    web.printers(vec![printer().in_trouble(SlipTrouble::PaperOut)]);
    page.reads("#sum-text", "Ada 1 gangguan");
    page.picture("status-phone");
    assert_eq!(page.script("return document.documentElement.scrollWidth <= innerWidth"), true);
}

#[test]
fn only_who_watches_sees_it() {
    let (_house, web) = open();
    assert_eq!(web.browser().get("/status/state").status, 401);
    assert_eq!(web.console("ani", "loket-3").browser.get("/status/state").status, 401);
    let seen = web.console("siti", "").browser.get("/status/state").json();
    assert_eq!((&seen["faults"], &seen["warnings"]), (&0.into(), &0.into()));
}

#[test]
fn a_machine_in_trouble_is_an_alarm_with_a_beginning_that_the_desk_sees_too() {
    let (_house, web) = open();
    let siti = web.console("siti", "").browser;
    let since = [("disk:tight".to_owned(), at("2026-11-23 08:40"))];
    web.sight(Sight { surroundings: Some(surroundings(600 << 20)), since: since.into(), ..well() });
    let alarms = siti.get("/supervisor/state").json()["alarms"].clone();
    assert_eq!(alarms.as_array().unwrap().len(), 1, "{alarms}");
    assert_eq!(alarms[0]["id"], format!("disk:tight:{}", at("2026-11-23 08:40").timestamp()));
    assert_eq!(alarms[0]["weight"], "warning");
    assert!(alarms[0]["remedy"]["id"].as_str().unwrap().contains("journalctl --vacuum-size"), "{alarms}");
    assert_eq!(siti.get("/desk/state").json()["alarms"], alarms);
    let known = format!("/api/v1/alarms/{}/acknowledge", alarms[0]["id"].as_str().unwrap());
    assert_eq!(siti.post(&known, &serde_json::json!({})).status, 200);
    assert_eq!(siti.get("/supervisor/state").json()["alarms"][0]["acknowledged"], "siti");
    assert_eq!(siti.get("/desk/state").json()["alarms"], serde_json::json!([]), "somebody sees to it");
}

#[test]
fn what_begins_to_be_wrong_reaches_a_page_although_nothing_happens_in_the_hall() {
    let (_house, web) = open();
    let siti = web.console("siti", "").browser;
    for (events, name) in [("/desk/events", "desk"), ("/supervisor/events", "supervisor")] {
        web.sight(well());
        let mut watching = siti.stream(events, None);
        let mut next =
            || std::iter::from_fn(|| watching.read()).find(|told| told.name == name).unwrap().json();
        while next()["alarms"] != serde_json::json!([]) {}
        let since = [("disk:tight".to_owned(), at("2026-11-23 08:40"))];
        web.sight(Sight { surroundings: Some(surroundings(600 << 20)), since: since.into(), ..well() });
        while next()["alarms"][0]["weight"] != "warning" {}
    }
}

#[test]
fn a_box_is_ready_when_visitors_can_be_served_and_says_what_is_missing() {
    let (house, web) = open();
    let ask = |path| web.browser().get(path);
    assert_eq!((ask("/healthz").status, ask("/readyz").status), (200, 200));
    web.sight(Sight { display: Some(Display::Missing), ..well() });
    let answer = ask("/readyz");
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, "display:missing: The kiosk's window cannot be opened.\n");
    web.sight(well());
    assert_eq!(ask("/readyz").status, 200);
    house.hall.close();
    while !house.hall.is_over() {
        std::thread::yield_now();
    }
    assert_eq!((ask("/healthz").status, ask("/readyz").status), (503, 503));
}

#[test]
fn the_metrics_count_and_name_nobody() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    web.printers(vec![printer().in_trouble(SlipTrouble::PaperOut)]);
    let text = web.browser().get("/metrics").body;
    for line in [
        r#"antrean_tickets_today{state="waiting"} 1.0"#,
        r#"antrean_health{part="printer:printer-1"} 2.0"#,
        r#"antrean_health{part="disk"} 0.0"#,
        r#"antrean_alarms{weight="fault"} 1.0"#,
        "antrean_disk_free_bytes 12884901888.0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
    let present = house.hall.present();
    let ticket = present.day.tickets().next().unwrap();
    let token = house.hall.token(ticket.nonce).to_string();
    assert!(!text.contains(&token) && !text.contains("A001") && !text.contains("ani"), "{text}");
}
