//! The main job, end to end: tap, paper, call, lobby.
#![allow(clippy::unwrap_used)]

mod support;

use antrean_ui as ui;
use support::site::Site;

#[test]
fn a_tap_becomes_paper_a_call_and_the_lobby() {
    let mut site = Site::open();
    let mut lobby = site.lobby();
    site.tap("dukcapil");
    site.tap("ktp");
    let slip = site.paper(1);
    assert!(slip.contains("\nA001\n"), "{slip}");
    assert_eq!((site.screen_after_paper(), site.kiosk.number().as_str()), (ui::Screen::TakeTicket, "A001"));

    let console = site.console("ani", "loket-3");
    assert_eq!(console.state()["next"]["number"], "A001");
    let called = console.press("call-next");
    assert_eq!((called.status, &called.json()["ticket"]["number"]), (200, &"A001".into()));
    assert_eq!(lobby.call(), ("A001".to_owned(), 3));
    assert_eq!(console.press("recall").status, 200);
    assert_eq!(lobby.call(), ("A001".to_owned(), 3));
    assert_eq!(console.press("start").status, 200);
    assert_eq!(console.state()["state"], "serving");
    assert_eq!(console.press("finish").status, 200);
    assert_eq!(console.press("call-next").code(), "nobody_waiting");
    assert_eq!(console.state()["today"]["served"], 1);
}

#[test]
fn space_while_serving_finishes_and_calls_the_next() {
    let mut site = Site::open();
    site.tap("imigrasi");
    site.screen_after_paper();
    site.kiosk.later(12_000);
    site.tap("imigrasi");
    let console = site.console("budi", "loket-6");
    console.press("call-next");
    assert_eq!(console.press("call-next").code(), "ticket_called");
    console.press("start");
    let next = console.press("call-next");
    assert_eq!(next.json()["ticket"]["number"], "B002");
    let board = site.lobby().board;
    let counter = board.counters.iter().find(|counter| counter.number == 6).unwrap();
    assert_eq!(counter.ticket.as_ref().unwrap().to_string(), "B002");
}

#[test]
fn without_paper_the_visitor_keeps_the_number_and_the_clerk_is_told() {
    let mut site = Site::open();
    site.printer.set(|condition| condition.paper_out = true);
    site.tap("imigrasi");
    assert_eq!(site.screen_after_paper(), ui::Screen::NumberOnScreen);
    assert_eq!(site.kiosk.number(), "B001");
    let slips = &site.console("budi", "loket-6").state()["slips"];
    assert_eq!((&slips[0]["number"], &slips[0]["state"]), (&"B001".into(), &"not_sent".into()));
}

#[test]
fn a_clerk_has_a_slip_printed_again_and_paper_says_so() {
    let mut site = Site::open();
    site.printer.set(|condition| condition.paper_out = true);
    site.tap("imigrasi");
    site.screen_after_paper();
    let console = site.console("budi", "loket-6");
    let note = console.state()["slips"][0].clone();
    assert_eq!(note["trouble"]["id"], "Kertas habis. Pasang gulungan baru.");
    site.printer.set(|condition| condition.paper_out = false);
    let path = format!("/api/v1/tickets/{}/reprint", note["ticket"]);
    let asked = console.browser.post(&path, &serde_json::json!({}));
    assert_eq!(asked.status, 200, "{}", asked.body);
    let slip = site.paper(1);
    assert!(slip.contains("\nB001\n") && slip.contains("CETAK ULANG"), "{slip}");
    assert_eq!(console.state()["slips"], serde_json::json!([]));
    let others = site.console("ani", "loket-3");
    assert_eq!(others.browser.post(&path, &serde_json::json!({})).code(), "not_allowed");
}
