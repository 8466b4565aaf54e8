//! The supervisor's page in a real browser, beside the console of a clerk.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::health::PrinterNow;
use antrean::queue::{CounterPhase, Doubt, SlipTrouble, Text};
use support::chromium::Chromium;
use support::house::House;
use support::rules::at;
use support::web::{PIN, Web};

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve(&house.hall, house.time.clone());
    (house, web)
}

fn signed_in(web: &Web, page: &str, (staff, counter): (&str, &str), (width, height): (u32, u32)) -> Chromium {
    let browser = Chromium::open(width, height);
    browser.go(&format!("http://{}{page}", web.address));
    browser.choose("#staff", staff);
    browser.choose("#counter", counter);
    browser.fill("input[name=pin]", PIN);
    browser.click("button.primary");
    browser.reads("#line-text", "Tersambung");
    browser
}

fn supervisor(web: &Web) -> Chromium {
    signed_in(web, "/supervisor", ("siti", ""), (1366, 768))
}

fn phase(house: &House, counter: &str) -> CounterPhase {
    house.hall.present().day.counter(&counter.into()).phase
}

/// The row of a counter of these rules, from 3 to 6.
fn row(number: usize, rest: &str) -> String {
    format!("#counters tr:nth-child({}) {rest}", number - 2)
}

#[test]
fn every_counter_is_seen_and_opened_closed_and_assigned_from_here() {
    let (house, web) = open();
    let page = supervisor(&web);
    page.reads(&row(3, "td:nth-child(3)"), "Tutup");
    page.click(&row(3, "button"));
    page.reads(&row(3, "td:nth-child(3)"), "Siap");
    assert_eq!(phase(&house, "loket-3"), CounterPhase::Open);
    house.issue("ktp").unwrap();
    house.issue("ktp").unwrap();
    house.call("loket-3").unwrap();
    page.reads(&row(3, "td:nth-child(4)"), "A001");
    page.reads(&row(3, "td:nth-child(6)"), "1");
    page.reads("#longest .number", "A002");
    page.picture("supervisor");
    // Who is at the counter is not sent away by a slip of the finger.
    page.click(&row(3, "button:nth-of-type(2)"));
    page.reads("#sheet-title", "Tutup loket 3?");
    page.click("#sheet-choices li:first-child button");
    assert_eq!(phase(&house, "loket-3"), CounterPhase::Open);
    page.click(&row(3, "button:nth-of-type(2)"));
    page.until("document.getElementById('sheet').open");
    page.click("#sheet-choices li:last-child button");
    page.reads(&row(3, "td:nth-child(3)"), "Tutup");
    assert_eq!(phase(&house, "loket-3"), CounterPhase::Closed);
    // What it serves, one by one, and never nothing.
    page.click(&row(5, "button:nth-of-type(3)"));
    page.reads("#sheet-title", "Loket 5 melayani apa?");
    page.picture("supervisor-assign");
    page.click("#sheet-choices li:first-child button");
    page.until("document.querySelector('#sheet-choices li:first-child small').textContent === 'dilayani'");
    page.click("#sheet-choices li:last-child button");
    page.until("waiting === 0");
    let present = house.hall.present();
    let counter = present.rules.counter(&"loket-5".into()).unwrap();
    assert!(present.day.services_at(counter).len() > counter.services.len());
}

#[test]
fn a_clerk_asks_to_close_and_the_supervisor_answers() {
    let (house, web) = open();
    let page = supervisor(&web);
    let clerk = signed_in(&web, "/console", ("ani", "loket-3"), (1366, 768));
    let ask = || {
        clerk.reads("#closure", "Minta tutup");
        clerk.click("#closure");
        clerk.until("document.getElementById('sheet').open");
        clerk.click("#sheet-choices li:first-child button");
        page.reads("#closures-count", "1");
    };
    ask();
    clerk.picture("console-closure");
    page.picture("supervisor-closure");
    page.reads("#closures b", "Loket 3");
    page.click("#closures button:last-child");
    clerk.reads("#notice", "Permintaan tutup ditolak atau ditarik. Loket tetap buka.");
    assert_eq!(phase(&house, "loket-3"), CounterPhase::Open);
    // Taken back by whoever asked.
    ask();
    clerk.until("document.getElementById('closure').textContent.startsWith('Tarik permintaan tutup')");
    clerk.click("#closure");
    page.until("document.getElementById('closures-part').hidden");
    // Granted while somebody is served: that visitor is the last.
    house.issue("ktp").unwrap();
    house.issue("ktp").unwrap();
    clerk.until("document.getElementById('next').textContent.startsWith('A001')");
    clerk.key(' ');
    clerk.reads("#number", "A001");
    clerk.key('m');
    clerk.reads("#state", "Sedang dilayani");
    ask();
    page.click("#closures button:first-child");
    clerk.reads("#phase", "Tutup setelah nomor ini");
    assert_eq!(
        clerk.script("return document.getElementById('call-next').getAttribute('aria-disabled')"),
        "true"
    );
    page.reads(&row(3, "td:nth-child(3)"), "Nomor terakhir");
    clerk.key('s');
    clerk.reads("#phase", "Loket tutup");
    page.reads(&row(3, "td:nth-child(3)"), "Tutup");
}

#[test]
fn what_is_wrong_is_told_and_somebody_sees_to_it() {
    let (house, web) = open();
    let page = supervisor(&web);
    page.reads("#no-alarms", "Semua berjalan baik.");
    let printer = Text::same("Printer Anjungan 1");
    let printer = PrinterNow::well("printer-1".into(), printer, at("2026-11-23 08:50"));
    web.printers(vec![printer.in_trouble(SlipTrouble::PaperOut)]);
    page.reads("#alarms-count", "1");
    page.reads("#alarms b", "Printer Anjungan 1");
    page.picture("supervisor-alarm");
    page.click("#alarms button");
    page.reads("#alarms-count", "0");
    page.reads("#alarms small", "Sejak 08.50 · ditangani Petugas siti");
    let known =
        house.hall.present().day.acknowledged(&"printer:printer-1:paper_out:1795398600".into()).cloned();
    assert_eq!(known, Some("siti".into()));
}

#[test]
fn a_notice_is_written_read_by_all_and_taken_down() {
    let (house, web) = open();
    let page = supervisor(&web);
    page.click("summary");
    page.fill("#notice-text", "Genset diuji sampai pukul 10.00.");
    page.choose("#notice-minutes", "30");
    page.click("#notice-form button");
    page.reads("#notices li span span", "Genset diuji sampai pukul 10.00.");
    page.reads("#notices small", "sampai 09.30");
    assert_eq!(web.browser().get("/api/v1/board").json()["notices"][0]["until"], "2026-11-23T09:30:00+07:00");
    page.click("#notices button");
    page.until("document.querySelectorAll('#notices li').length === 0");
    assert_eq!(house.hall.present().day.notices().count(), 0);
}

#[test]
fn what_day_it_is_is_asked_twice() {
    let house = House::at(support::rules::always_open(), "2026-11-23 09:00").restart("2019-01-01 00:10");
    let web = Web::serve(&house.hall, house.time.clone());
    assert_eq!(house.hall.present().day.clock().doubt, Some(Doubt::Behind));
    let page = supervisor(&web);
    page.until("!document.getElementById('clock-part').hidden");
    page.script(
        "document.getElementById('clock-date').value = '2026-11-23'; document.getElementById('clock-time').value = '10:15'",
    );
    page.picture("supervisor-clock");
    page.click("#clock-form button");
    page.reads("#sheet-title", "Senin, 23 November 2026, pukul 10.15. Benar?");
    page.click("#sheet-choices li:first-child button");
    page.until("!document.getElementById('sheet').open");
    assert!(house.hall.present().day.clock().doubt.is_some(), "who saw the mistake has changed nothing");
    page.click("#clock-form button");
    page.reads("#sheet-title", "Senin, 23 November 2026, pukul 10.15. Benar?");
    page.click("#sheet-choices li:last-child button");
    page.until("document.getElementById('clock-part').hidden");
    assert_eq!(house.hall.present().day.clock().doubt, None);
    let now = house.time.now().format("%Y-%m-%d %H:%M").to_string();
    assert!(["2026-11-23 10:15", "2026-11-23 10:16"].contains(&now.as_str()), "{now}");
}

#[test]
fn a_forgotten_pin_is_given_up_and_the_first_one_counts_again() {
    let (house, web) = open();
    let clerk = web.console("ani", "loket-3");
    let page = supervisor(&web);
    page.click("#staff-part summary");
    page.reads("#staff li:first-child small", "Petugas loket · di loket 3");
    page.picture("supervisor-staff");
    assert_eq!(
        page.script("return document.querySelectorAll('#staff li:last-child button').length"),
        0,
        "not one's own"
    );
    page.click("#staff li:first-child button");
    page.reads("#sheet-title", "PIN Petugas ani lupa?");
    page.click("#sheet-choices li:last-child button");
    page.until("document.querySelectorAll('#staff li:first-child button').length === 0");
    page.reads("#staff li:first-child small", "Petugas loket · belum masuk");
    assert_eq!(clerk.browser.get("/console/state").code(), "no_credential");
    assert_eq!(phase(&house, "loket-3"), CounterPhase::Closed);
}

#[test]
fn a_manager_sees_everything_and_changes_nothing() {
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        let siti = settings.staff.iter_mut().find(|staff| staff.id.as_str() == "siti").unwrap();
        (siti.may_issue, siti.may_supervise, siti.may_set_the_clock) = (false, false, false);
        siti.role = antrean::web::Role::Manager;
    });
    let page = signed_in(&web, "/desk", ("siti", ""), (390, 844));
    assert_eq!(page.script("return location.pathname"), "/supervisor");
    page.reads(&row(3, "td:nth-child(3)"), "Tutup");
    page.picture("supervisor-phone");
    assert_eq!(
        page.script("return document.querySelectorAll('main button:not([hidden])').length"),
        1,
        "a form of the clock, hidden"
    );
    assert_eq!(page.script("return document.documentElement.scrollWidth <= innerWidth"), true);
}
