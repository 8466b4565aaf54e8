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
