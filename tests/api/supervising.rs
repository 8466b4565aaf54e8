//! The scope `supervise`, and one's own ticket live.

use antrean::queue::Command;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::open;
use crate::support::web::{CALLING, ISSUING, SUPERVISING};

const BOARD: &str = "/api/v1/board";

#[test]
fn who_supervises_opens_pauses_closes_and_assigns_any_counter_and_calls_at_none() {
    let (house, web) = open();
    house.issue("kia").unwrap();
    let room = web.program(SUPERVISING);
    let act = |act: &str, body: &Value| room.post(&format!("/api/v1/counters/loket-5/{act}"), body);
    let state = || web.browser().get(BOARD).json()["counters"][2].clone();
    assert_eq!(act("open", &json!({})).status, 200);
    assert_eq!(state()["state"], "ready");
    assert_eq!(act("call-next", &json!({})).code(), "not_allowed");
    assert_eq!(act("pause", &json!({})).status, 200);
    assert_eq!(state()["state"], "paused");
    assert_eq!(act("assign", &json!({ "services": ["ktp", "kia", "ktp"] })).json()["counter"], "loket-5");
    assert_eq!(state()["services"], json!(["ktp", "kia"]));
    assert_eq!(act("assign", &json!({ "services": [] })).code(), "no_services");
    assert_eq!(act("assign", &json!({ "services": ["paspor"] })).code(), "foreign_service");
    assert_eq!(act("assign", &json!({ "services": ["no-such"] })).code(), "unknown_service");
    assert_eq!(act("assign", &json!({})).code(), "bad_request");
    assert_eq!(act("close", &json!({})).status, 200);
    assert_eq!(state()["state"], "closed");
    let assign = "/api/v1/counters/loket-5/assign";
    assert_eq!(web.program(CALLING).post(assign, &json!({ "services": ["ktp"] })).code(), "not_allowed");
}

#[test]
fn a_supervisor_runs_the_counters_of_the_own_agency_and_a_clerk_no_other() {
    let (_house, web) = open();
    let siti = web.console("siti", "loket-5");
    let assign = json!({ "services": ["ktp"] });
    assert_eq!(siti.browser.post("/api/v1/counters/loket-4/assign", &assign).status, 200);
    assert_eq!(siti.browser.post("/api/v1/counters/loket-6/open", &json!({})).status, 200);
    let clerk = web.console("ani", "loket-3");
    assert_eq!(clerk.browser.post("/api/v1/counters/loket-3/assign", &assign).code(), "not_allowed");
    assert_eq!(clerk.browser.post("/api/v1/counters/loket-4/close", &json!({})).code(), "not_allowed");
    let of_agency = crate::support::house::House::open();
    let web = crate::support::web::Web::serve_with(&of_agency.hall, of_agency.time.clone(), |settings| {
        settings.staff[0].may_supervise = true;
    });
    let ani = web.console("ani", "loket-3");
    assert_eq!(ani.browser.post("/api/v1/counters/loket-4/open", &json!({})).status, 200);
    assert_eq!(ani.browser.post("/api/v1/counters/loket-6/open", &json!({})).code(), "not_allowed");
}

#[test]
fn a_counter_opened_from_afar_keeps_the_name_of_who_sits_there() {
    let (house, web) = open();
    let seated = |counter: &str| {
        let staff = house.hall.present().day.counter(&counter.into()).staff.clone();
        staff.map(|staff| staff.to_string())
    };
    web.program(CALLING).post("/api/v1/counters/loket-4/open", &json!({}));
    assert_eq!(seated("loket-4").as_deref(), Some("token:keypad"), "nobody sits there: who opened it");
    let ani = web.console("ani", "loket-3");
    ani.browser.post("/api/v1/counters/loket-3/pause", &json!({}));
    assert_eq!(web.program(SUPERVISING).post("/api/v1/counters/loket-3/open", &json!({})).status, 200);
    assert_eq!(ani.state()["state"], "ready");
    assert_eq!(seated("loket-3").as_deref(), Some("ani"));
    web.console("ani", "loket-4");
    assert_eq!(seated("loket-4").as_deref(), Some("ani"), "who sits down opens it in their own name");
}

#[test]
fn one_hears_of_ones_own_ticket_until_it_is_over_and_of_nothing_else() {
    let (house, web) = open();
    let issue = || web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
    let (other, own) = (issue(), issue());
    let stream = format!("/api/v1/tickets/by-token/{}/events", own["token"].as_str().unwrap());
    let mut stream = web.browser().stream(&stream, None);
    let console = web.console("ani", "loket-3");
    let mut heard = String::new();
    let mut next = || {
        let told = stream.read()?;
        assert_eq!((told.name.as_str(), told.id.as_str()), ("ticket", ""));
        heard += &told.data;
        let ticket = told.json();
        Some((ticket["state"].as_str().unwrap().to_owned(), ticket["ahead"].clone()))
    };
    let is = |state: &str, ahead: Value| Some((state.to_owned(), ahead));
    assert_eq!(next(), is("waiting", json!(1)));
    console.press("call-next");
    assert_eq!(next(), is("waiting", json!(0)), "who was ahead is called");
    console.press("start");
    house.issue("paspor").unwrap();
    console.press("call-next");
    assert_eq!(next(), is("called", json!(null)), "what others do is not told");
    console.press("start");
    assert_eq!(next(), is("serving", json!(null)));
    console.press("finish");
    assert_eq!(next(), is("done", json!(null)));
    assert_eq!(next(), None, "and then nothing more");
    for secret in [other["token"].as_str().unwrap(), "A001", "\"ani\"", own["token"].as_str().unwrap()] {
        assert!(!heard.contains(secret), "{secret} was told");
    }
}

#[test]
fn a_followed_ticket_ends_with_the_day() {
    let (house, web) = open();
    let own = web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
    let path = format!("/api/v1/tickets/by-token/{}", own["token"].as_str().unwrap());
    let mut stream = web.browser().stream(&format!("{path}/events"), None);
    assert_eq!(stream.next().json()["number"], "A001");
    house.clock.advance(TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    assert!(stream.read().is_none());
    assert_eq!(web.browser().get(&path).code(), "unknown_ticket");
    assert_eq!(web.browser().get(&format!("{path}/events")).code(), "unknown_ticket");
}

#[test]
fn the_hall_is_told_something_by_whoever_supervises_all_of_it() {
    let (_house, web) = open();
    let room = web.program(SUPERVISING);
    let say = |body: &Value| room.post("/api/v1/notices", body);
    let said =
        say(&json!({ "text": " Genset diuji. ", "english": "The generator is tested.", "minutes": 30 }));
    assert_eq!(said.status, 200);
    let shown = web.browser().get(BOARD).json()["notices"].clone();
    let notice = &shown[0];
    assert_eq!(notice["text"], json!({ "id": "Genset diuji.", "en": "The generator is tested." }));
    assert_eq!((&notice["id"], &notice["until"]), (&said.json()["seq"], &json!("2026-11-23T09:30:00+07:00")));
    assert_eq!(say(&json!({ "text": "", "minutes": 30 })).code(), "bad_notice");
    assert_eq!(say(&json!({ "text": "x", "minutes": 0 })).code(), "bad_request");
    assert_eq!(say(&json!({ "text": "x", "minutes": 1_400 })).code(), "bad_time");
    assert_eq!(
        web.program(CALLING).post("/api/v1/notices", &json!({ "text": "x", "minutes": 5 })).code(),
        "not_allowed"
    );
    let end = format!("/api/v1/notices/{}/end", notice["id"]);
    assert_eq!(web.program(ISSUING).post(&end, &json!({})).code(), "not_allowed");
    assert_eq!(room.post(&end, &json!({})).status, 200);
    assert_eq!(room.post(&end, &json!({})).code(), "unknown_notice");
    assert_eq!(room.post("/api/v1/notices/x/end", &json!({})).code(), "unknown_notice");
    assert_eq!(web.browser().get(BOARD).json()["notices"], json!([]));
}

#[test]
fn only_what_is_wrong_now_can_be_seen_to() {
    let (_house, web) = open();
    let room = web.program(SUPERVISING);
    let known = "/api/v1/alarms/printer:printer-1:paper_out:1795398600/acknowledge";
    assert_eq!(room.post(known, &json!({})).code(), "unknown_alarm");
    let printer = antrean::health::PrinterNow::well(
        "printer-1".into(),
        antrean::queue::Text::same("Printer"),
        crate::support::rules::at("2026-11-23 08:50"),
    );
    web.printers(vec![printer.in_trouble(antrean::queue::SlipTrouble::PaperOut)]);
    assert_eq!(room.post(known, &json!({})).status, 200);
    assert_eq!(room.post(known, &json!({})).status, 200, "who says so second changes nothing");
    assert_eq!(web.program(CALLING).post(known, &json!({})).code(), "not_allowed");
}

#[test]
fn a_closure_is_asked_at_the_counter_and_answered_by_a_supervisor() {
    let (_house, web) = open();
    let clerk = web.console("ani", "loket-3");
    let siti = web.console("siti", "");
    let act = |who: &crate::support::web::Browser, act: &str, body: &Value| {
        who.post(&format!("/api/v1/counters/loket-3/{act}"), body)
    };
    let why = json!({ "reason": "system" });
    assert_eq!(act(&siti.browser, "request-closure", &why).code(), "not_allowed");
    assert_eq!(
        act(&clerk.browser, "request-closure", &json!({ "reason": "tired" })).code(),
        "unknown_reason"
    );
    assert_eq!(act(&clerk.browser, "request-closure", &why).status, 200);
    assert_eq!(act(&clerk.browser, "request-closure", &why).code(), "closure_pending");
    assert_eq!(clerk.state()["closure"]["name"]["en"], "The network or a central system is down");
    assert_eq!(act(&clerk.browser, "grant-closure", &json!({})).code(), "not_allowed");
    assert_eq!(act(&clerk.browser, "withdraw-closure", &json!({})).status, 200);
    assert_eq!(act(&siti.browser, "grant-closure", &json!({})).code(), "no_closure");
    act(&clerk.browser, "request-closure", &why);
    assert_eq!(act(&siti.browser, "grant-closure", &json!({})).status, 200);
    assert_eq!(clerk.state()["state"], "closed");
    let feed = web.browser().get(BOARD).body;
    assert!(!feed.contains("closure") && !feed.contains("\"ani\""), "{feed}");
}

#[test]
fn an_emergency_number_becomes_a_ticket_of_today() {
    let (house, web) = open();
    let desk = web.program(ISSUING);
    let adopt = |number: &str, service: &str, came_at: &str| {
        let body = json!({ "number": number, "service": service, "came_at": came_at });
        desk.post("/api/v1/tickets/adopt", &body)
    };
    let ticket = adopt("A900", "ktp", "08:20");
    assert_eq!(ticket.status, 201);
    assert_eq!(ticket.json()["issued_at"], "2026-11-23T08:20:00+07:00");
    assert_eq!(ticket.json()["token"].as_str().unwrap().len(), 32);
    assert_eq!(adopt("A900", "ktp", "08:20").code(), "number_taken");
    assert_eq!(adopt("A012", "ktp", "08:20").code(), "not_emergency");
    assert_eq!(adopt("B900", "ktp", "08:20").code(), "wrong_prefix");
    assert_eq!(adopt("A901", "ktp", "09:01").code(), "bad_entry");
    assert_eq!(adopt("A901", "ktp", "late").code(), "bad_request");
    assert_eq!(web.program(CALLING).post("/api/v1/tickets/adopt", &json!({})).code(), "not_allowed");
    assert_eq!(house.number("ktp"), "A001");
}
