//! The information desk in a real browser.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::health::PrinterNow;
use antrean::queue::{Class, Command, SlipOutcome, SlipTrouble, Text, TicketState};
use support::chromium::Chromium;
use support::house::House;
use support::web::{PIN, Web};

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve(&house.hall, house.time.clone());
    let printer = |id: &str, name: &str, fault| PrinterNow {
        fault,
        ..PrinterNow::well(id.into(), Text::same(name), support::rules::at("2026-11-23 09:00"))
    };
    web.printers(vec![
        printer("printer-1", "Printer Anjungan 1", None),
        printer("printer-2", "Printer Meja", Some(SlipTrouble::PaperOut)),
    ]);
    (house, web)
}

fn desk(web: &Web, (width, height): (u32, u32)) -> Chromium {
    let browser = Chromium::open(width, height);
    browser.go(&format!("http://{}/desk", web.address));
    browser.choose("#staff", "siti");
    browser.choose("#counter", "");
    browser.fill("input[name=pin]", PIN);
    browser.click("button.primary");
    browser.reads("#line-text", "Tersambung");
    browser
}

fn look_for(desk: &Chromium, wanted: &str) {
    desk.script("document.getElementById('wanted').value = ''; return 0");
    desk.fill("#wanted", wanted);
    desk.click("#find button");
}

fn ticket(house: &House, number: &str) -> antrean::queue::Ticket {
    house.hall.present().day.ticket_numbered(&number.parse().unwrap()).unwrap().clone()
}

#[test]
fn a_visitor_who_cannot_use_the_kiosk_gets_a_number_on_paper_or_without() {
    let (house, web) = open();
    let desk = desk(&web, (1366, 768));
    desk.picture("desk");
    desk.click("[data-agency=dukcapil]");
    desk.reads("#services-title", "2. Layanan dukcapil");
    desk.click("#services button:nth-child(2)");
    desk.reads("#issue-text", "Ambil nomor dukcapil · kk");
    desk.click("#priority");
    desk.picture("desk-chosen");
    desk.click("#issue");
    desk.reads("#given-number", "A001");
    let given = ticket(&house, "A001");
    assert_eq!((given.service.as_str(), given.class), ("kk", Class::Priority));
    assert_eq!(given.printer.as_ref().map(|id| id.as_str()), Some("printer-1"));
    // An agency with a single service is one touch less; and the next visitor is no priority by accident.
    desk.choose("#printer", "");
    desk.click("[data-agency=imigrasi]");
    desk.click("#issue");
    desk.reads("#given-number", "B001");
    let given = ticket(&house, "B001");
    assert_eq!((given.class, given.printer), (Class::Regular, None));
    desk.picture("desk-given");
}

#[test]
fn a_visitor_who_was_absent_is_found_by_number_or_reference_and_comes_back() {
    let (house, web) = open();
    house.open_counter("loket-3");
    house.issue("ktp").unwrap();
    house.call("loket-3").unwrap();
    house.wish(Command::NoShow { counter: "loket-3".into(), seen: antrean::queue::Seen::Unsaid }).unwrap();
    let desk = desk(&web, (1366, 768));
    look_for(&desk, "a001");
    desk.reads("#found .number", "A001");
    desk.picture("desk-found");
    desk.click("#found .choices button");
    desk.until("document.querySelector('#found .pill').textContent === 'Menunggu'");
    assert_eq!(ticket(&house, "A001").state, TicketState::Waiting);
    // By reference; with priority, then cancelled after a question.
    let reference = ticket(&house, "A001").reference().to_string();
    look_for(&desk, &reference);
    desk.reads("#found .choices button:nth-child(1)", "Jadikan prioritas");
    desk.click("#found .choices button:nth-child(1)");
    desk.reads("#found .choices button:nth-child(1)", "Jadikan biasa");
    assert_eq!(ticket(&house, "A001").class, Class::Priority);
    desk.click("#found .choices button:nth-child(3)");
    desk.reads("#sheet-title", "Batalkan A001?");
    desk.key('2');
    desk.reads("#found .pill", "Batal");
    // Nobody has this one.
    look_for(&desk, "A777");
    desk.reads("#found", "Tidak ada A777 hari ini.");
}

#[test]
fn a_slip_in_doubt_is_settled_at_the_desk() {
    let (house, web) = open();
    let desk = desk(&web, (390, 844));
    let issue = |service: &str| {
        let antrean::queue::Command::Issue(mut wish) = support::house::issue(&house.hall, service) else {
            panic!()
        };
        wish.printer = Some("printer-1".into());
        house.wish(Command::Issue(wish)).unwrap();
        house.hall.present().day.queued_slips().last().unwrap().id
    };
    let report = |slip, outcome| house.wish(Command::ReportSlip { slip, outcome, by: None }).unwrap();
    report(issue("ktp"), SlipOutcome::Uncertain { trouble: SlipTrouble::Mute });
    report(issue("kk"), SlipOutcome::NotSent { trouble: SlipTrouble::PaperOut });
    desk.reads("#slips-count", "2");
    desk.picture("desk-phone");
    desk.script("document.getElementById('slips').scrollIntoView(); return 0");
    desk.picture("desk-phone-slips");
    desk.click("#slips li:nth-child(1) button:nth-child(1)");
    desk.reads("#slips-count", "1");
    let first = house.hall.present();
    let slip = first.day.ticket_numbered(&"A001".parse().unwrap()).unwrap().slip.unwrap();
    assert_eq!(first.day.slip(slip).unwrap().state, antrean::queue::SlipState::Printed);
    // Once more, on the printer that was chosen.
    desk.click("#slips li:nth-child(1) button:nth-child(1)");
    desk.reads("#sheet-title", "Cetak ulang A002 di mana?");
    desk.key('2');
    desk.until("!document.getElementById('sheet').open");
    desk.until("document.getElementById('slips-count').textContent === '0'");
    let printer = house.hall.present().day.queued_slips().last().unwrap().printer.clone();
    assert_eq!(printer.as_str(), "printer-2");
}

#[test]
fn the_desk_is_for_those_who_issue_and_a_clerk_still_needs_a_counter() {
    let (_house, web) = open();
    let clerk = web.browser();
    assert!(clerk.sign_in("ani", "", PIN).body.contains("Pilih loket Anda."));
    let clerk = web.console("ani", "loket-3").browser;
    assert_eq!(clerk.get("/desk/state").code(), "no_credential");
    assert!(clerk.get("/desk").body.contains("Loket 3"), "a clerk is shown the way back to the counter");
    let supervisor = web.browser();
    assert!(supervisor.sign_in("siti", "", PIN).body.contains("Semua loket"));
    assert!(supervisor.get("/console").body.contains("Semua loket"));
    assert!(supervisor.get("/desk").body.contains("Ambilkan nomor"), "who supervises issues too");
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        let siti = settings.staff.iter_mut().find(|staff| staff.id.as_str() == "siti").unwrap();
        (siti.may_watch, siti.may_supervise) = (false, false);
    });
    let desk = web.browser();
    let page = desk.sign_in("siti", "", PIN);
    assert!(page.body.contains("Ambilkan nomor"), "{}", page.body);
    assert!(desk.get("/console").body.contains("Ambilkan nomor"));
    assert!(desk.get("/supervisor").body.contains("Ambilkan nomor"));
    assert_eq!(desk.get("/supervisor/state").code(), "no_credential");
    let call = desk.post("/api/v1/counters/loket-3/call-next", &serde_json::json!({}));
    assert_eq!(call.code(), "not_allowed", "nobody calls from the desk");
}

#[test]
fn the_desk_sees_whether_visitors_can_take_numbers_themselves() {
    let (_house, web) = open();
    let desk = desk(&web, (1366, 768));
    desk.reads("#kiosks li", "Anjungan 1\nMenyala.");
    let since = support::rules::at("2026-11-23 09:00");
    let printer = PrinterNow::well("printer-1".into(), Text::same("Printer Anjungan 1"), since);
    web.printers(vec![printer.in_trouble(SlipTrouble::PaperOut)]);
    desk.reads("#kiosks small", "Menyala, tanpa kertas: nomor tampil di layarnya.");
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| settings.kiosks[0].shown = false);
    let siti = web.console("siti", "");
    assert_eq!(siti.browser.get("/desk/state").json()["kiosks"][0]["state"], "off");
}

#[test]
fn a_number_from_the_strip_of_a_dark_morning_is_written_down() {
    let (house, web) = open();
    let desk = desk(&web, (1366, 768));
    desk.click(".strip summary");
    desk.fill("#strip-number", "a900");
    desk.until("document.querySelectorAll('#strip-service option').length > 0");
    desk.choose("#strip-service", "kk");
    desk.script("document.getElementById('strip-time').value = '08:20'");
    desk.picture("desk-strip");
    desk.click("#strip button");
    desk.reads("#given-number", "A900");
    desk.picture("desk-adopted");
    let taken = ticket(&house, "A900");
    assert_eq!((taken.service.as_str(), taken.entered_at), ("kk", support::rules::at("2026-11-23 08:20")));
    desk.fill("#strip-number", "A900");
    desk.until("document.querySelectorAll('#strip-service option').length > 0");
    desk.click("#strip button");
    desk.reads("#notice", "Nomor ini sudah dicatat hari ini.");
}
