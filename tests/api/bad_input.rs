//! What programs send by mistake or by malice: each is told what is wrong, in both languages, and nothing
//! is changed.

use antrean::queue::Command;
use chrono::TimeDelta;
use serde_json::json;

use crate::support::house::House;
use crate::support::rules::rules;
use crate::support::web::{CALLING, ISSUING, PIN, SUPERVISING, Web};
use crate::{Raw, RawAnswer, open, send};

/// Who sends it.
#[derive(Clone, Copy)]
enum By {
    Nobody,
    Token(&'static str),
    /// Signed in at loket-3.
    Ani,
}
use By::{Ani, Nobody, Token};

/// One mistake: who makes it, how it is sent, what it is told.
struct Mistake<'a> {
    by: By,
    method: &'a str,
    path: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
    told: (u16, &'a str),
}

fn post<'a>(by: By, path: &'a str, body: &'a str, told: (u16, &'a str)) -> Mistake<'a> {
    Mistake { by, method: "POST", path, headers: &[], body: body.as_bytes(), told }
}

fn get<'a>(by: By, path: &'a str, told: (u16, &'a str)) -> Mistake<'a> {
    Mistake { by, method: "GET", path, headers: &[], body: b"", told }
}

/// Signs in by hand, for the cookie.
fn cookie(web: &Web) -> String {
    let form = format!("staff=ani&counter=loket-3&pin={PIN}");
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    let raw = Raw { method: "POST", path: "/console/sign-in", headers, body: form.as_bytes() };
    let answer = send(web, &raw);
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn make(web: &Web, cookie: &str, mistake: &Mistake<'_>, language: &str) -> RawAnswer {
    let origin = format!("http://{}", web.address);
    let bearer = |token| format!("Bearer {token}");
    let credential = match mistake.by {
        Nobody => vec![],
        Token(token) => vec![("Authorization", bearer(token))],
        Ani => vec![("Cookie", cookie.to_owned()), ("Origin", origin)],
    };
    let given = |name: &str| mistake.headers.iter().any(|(known, _)| *known == name);
    let mut headers: Vec<(&str, &str)> =
        credential.iter().filter(|(name, _)| !given(name)).map(|(name, value)| (*name, &**value)).collect();
    headers.push(("Accept-Language", language));
    headers.extend(mistake.headers);
    send(web, &Raw { method: mistake.method, path: mistake.path, headers, body: mistake.body })
}

/// Makes every mistake in both languages.
fn check(house: &House, web: &Web, mistakes: &[Mistake<'_>]) {
    let cookie = cookie(web);
    let before = house.hall.present().day.seq();
    for mistake in mistakes {
        let what =
            format!("{} {:.60} {:.60}", mistake.method, mistake.path, String::from_utf8_lossy(mistake.body));
        let say = |language| {
            let answer = make(web, &cookie, mistake, language);
            let told = answer.json();
            let (status, code) = mistake.told;
            assert_eq!((answer.status, told["code"].as_str()), (status, Some(code)), "{what}: {told}");
            assert_eq!(told.as_object().unwrap().len(), 2, "{what}: {told}");
            told["message"].as_str().unwrap().to_owned()
        };
        let (id, en) = (say("id"), say("en"));
        assert!(id.len() > 10 && en.len() > 10 && id != en, "{what}: {id} / {en}");
    }
    assert_eq!(house.hall.present().day.seq(), before, "a mistake changed something");
}

const TICKETS: &str = "/api/v1/tickets";
const CALL_NEXT: &str = "/api/v1/counters/loket-3/call-next";
const HOLD: &str = "/api/v1/counters/loket-3/hold";
const KTP: &str = r#"{"service":"ktp"}"#;
const NO_TOKEN: &str = "/api/v1/tickets/by-token/00000000000000000000000000000000";

#[test]
fn who_may_not_is_told_so() {
    let (house, web) = open();
    let of_others = house.issue("paspor").unwrap().ticket.unwrap().id;
    let of_others = |act: &str| format!("/api/v1/tickets/{of_others}/{act}");
    let (cancel, back) = (of_others("cancel"), of_others("return"));
    let origin = format!("http://{}", web.address);
    let none = (401, "no_credential");
    let no = (403, "not_allowed");
    let with = |headers| Mistake { headers, ..post(Nobody, TICKETS, KTP, none) };
    check(
        &house,
        &web,
        &[
            post(Nobody, TICKETS, KTP, none),
            post(Nobody, CALL_NEXT, "", none),
            post(Nobody, &cancel, "", none),
            post(Nobody, "/api/v1/slips/1/seen", "", none),
            get(Nobody, "/api/v1/tickets?number=A001", none),
            post(Token("antrean_guess"), TICKETS, KTP, none),
            with(&[("Authorization", "Basic YW5pOjEzNTc5MA==")]),
            with(&[("Authorization", "Bearer")]),
            with(&[("Cookie", "antrean_session=guess"), ("Origin", &origin)]),
            post(Token(ISSUING), CALL_NEXT, "", no),
            post(Token(ISSUING), &cancel, "", no),
            get(Token(ISSUING), "/api/v1/tickets?number=B001", no),
            post(Token(CALLING), TICKETS, KTP, no),
            post(Token(CALLING), "/api/v1/counters/loket-3/assign", r#"{"services":["ktp"]}"#, no),
            post(Token(SUPERVISING), CALL_NEXT, "", no),
            post(Token(SUPERVISING), TICKETS, KTP, no),
            post(Ani, TICKETS, KTP, no),
            post(Ani, "/api/v1/counters/loket-4/call-next", "", no),
            post(Ani, "/api/v1/counters/loket-3/assign", r#"{"services":["kia"]}"#, no),
            post(Ani, &cancel, "", no),
            post(Ani, &back, "", no),
            Mistake {
                headers: &[("Origin", "http://evil.example")],
                ..post(Ani, CALL_NEXT, "", (403, "cross_origin"))
            },
            Mistake {
                headers: &[("Host", "evil.example")],
                ..get(Nobody, "/api/v1/board", (421, "unknown_host"))
            },
        ],
    );
}

#[test]
fn what_is_not_there_has_a_name() {
    let (house, web) = open();
    let ticket = (404, "unknown_ticket");
    let route = (404, "unknown_route");
    let long = format!("/api/v1/counters/{}/open", "x".repeat(8_000));
    let cancel = format!("{NO_TOKEN}/cancel");
    let events = format!("{NO_TOKEN}/events");
    let wrong = (405, "wrong_method");
    let method = |method| Mistake { method, ..post(Token(ISSUING), TICKETS, KTP, wrong) };
    check(
        &house,
        &web,
        &[
            post(Token(ISSUING), TICKETS, r#"{"service":"no-such"}"#, (404, "unknown_service")),
            post(
                Token(ISSUING),
                TICKETS,
                r#"{"service":"ktp","printer":"no-such"}"#,
                (404, "unknown_printer"),
            ),
            post(Token(CALLING), "/api/v1/counters/no-such/open", "", (404, "unknown_counter")),
            post(Token(CALLING), &long, "", (404, "unknown_counter")),
            post(Token(CALLING), "/api/v1/tickets/999999/cancel", "", ticket),
            post(Token(CALLING), "/api/v1/tickets/abc/cancel", "", ticket),
            post(Token(CALLING), "/api/v1/tickets/-1/cancel", "", ticket),
            post(Token(CALLING), "/api/v1/tickets/99999999999999999999999/cancel", "", ticket),
            post(Token(CALLING), "/api/v1/slips/999999/seen", "", (404, "unknown_slip")),
            post(Ani, "/api/v1/slips/999999/seen", "", (404, "unknown_slip")),
            post(Ani, "/api/v1/slips/abc/spoiled", "", (404, "unknown_slip")),
            get(Nobody, NO_TOKEN, ticket),
            get(Nobody, "/api/v1/tickets/by-token/abc", ticket),
            get(Nobody, &events, ticket),
            post(Nobody, &cancel, "", ticket),
            post(Token(CALLING), "/api/v1/counters/loket-3/dance", "", route),
            post(Token(CALLING), "/api/v1/slips/1/eaten", "", route),
            post(Token(CALLING), "/api/v1/no-such", "", route),
            get(Nobody, "/api/v1/", route),
            get(Nobody, "/api/v1", route),
            get(Nobody, "/api/v2/board", route),
            get(Nobody, "/api/v1/counters/loket-3/open", wrong),
            method("PUT"),
            method("DELETE"),
            method("PATCH"),
            method("BREW"),
        ],
    );
}

#[test]
fn what_cannot_be_read_is_told_why() {
    let (house, web) = open();
    let bad = (400, "bad_request");
    let deep = format!(r#"{{"ticket":{}"#, "[".repeat(50_000));
    let deep_service = format!(r#"{{"service":{}1{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    let huge = format!(r#"{{"service":"{}"}}"#, "x".repeat(70_000));
    let long_key = "k".repeat(201);
    let (latin, long_key) = ([("Idempotency-Key", "ké")], [("Idempotency-Key", long_key.as_str())]);
    let issue = |body| post(Token(ISSUING), TICKETS, body, bad);
    let with = |headers| Mistake { headers, ..post(Token(ISSUING), TICKETS, KTP, bad) };
    let kind =
        |headers| Mistake { headers, ..post(Token(ISSUING), TICKETS, KTP, (415, "unsupported_media_type")) };
    check(
        &house,
        &web,
        &[
            issue(""),
            issue(" "),
            issue("{"),
            issue("[]"),
            issue(r#"["ktp"]"#),
            issue("null"),
            issue("\"ktp\""),
            issue("{}"),
            issue(r#"{"service":null}"#),
            issue(r#"{"service":7}"#),
            issue(r#"{"servis":"ktp"}"#),
            issue(r#"{"service":"ktp","service":"kk"}"#),
            issue(r#"{"service":"ktp"}{"service":"ktp"}"#),
            issue(r#"{"service":"ktp","class":"royal"}"#),
            issue(r#"{"service":"ktp","language":"de"}"#),
            issue("{\"service\":\"\\ud800\"}"),
            issue(&deep_service),
            Mistake { body: b"{\"service\":\"\xff\xfe\"}", ..issue("") },
            Mistake { body: b"\x1f\x8b\x08\x00", ..issue("") },
            post(Token(ISSUING), TICKETS, &huge, (413, "too_large")),
            kind(&[("Content-Type", "text/plain")]),
            kind(&[("Content-Type", "application/x-www-form-urlencoded")]),
            kind(&[("Content-Type", "")]),
            with(&[("Idempotency-Key", "")]),
            with(&long_key),
            with(&latin),
            post(Token(CALLING), CALL_NEXT, &deep, bad),
            post(Token(CALLING), CALL_NEXT, r#"{"ticket":1}"#, bad),
            post(Token(CALLING), CALL_NEXT, r#"{"seq":1}"#, bad),
            post(Token(CALLING), CALL_NEXT, r#"{"ticket":-1,"seq":1}"#, bad),
            post(Token(CALLING), CALL_NEXT, r#"{"ticket":1e99,"seq":1}"#, bad),
            post(Token(CALLING), CALL_NEXT, r#"{"counter":"loket-4"}"#, bad),
            post(Token(CALLING), HOLD, "", bad),
            post(Token(CALLING), HOLD, r#"{"reason":"copy","minutes":0}"#, bad),
            post(Token(CALLING), HOLD, r#"{"reason":"copy","minutes":1441}"#, bad),
            post(Token(CALLING), HOLD, r#"{"reason":"copy","minutes":99999}"#, bad),
            post(Token(CALLING), "/api/v1/counters/loket-3/transfer", "{}", bad),
            post(Token(CALLING), "/api/v1/counters/loket-3/pause", r#"{"now":true}"#, bad),
            post(Token(CALLING), "/api/v1/counters/%ff/open", "", bad),
            get(Nobody, "/api/v1/tickets/by-token/%ff%fe", bad),
            get(Token(CALLING), TICKETS, bad),
            get(Token(CALLING), "/api/v1/tickets?number=12", bad),
            get(Token(CALLING), "/api/v1/tickets?nummer=A001", bad),
            get(Token(CALLING), "/api/v1/tickets?number=A001&number=A002", bad),
        ],
    );
}

#[test]
fn what_the_hall_refuses_is_told_with_its_reason() {
    let (house, web) = open();
    for _ in 0..2 {
        house.issue("ktp").unwrap();
    }
    house.open_counter("loket-3");
    let called = house.call("loket-3").unwrap().ticket.unwrap();
    let waiting = house.hall.present().day.ticket_numbered(&"A002".parse().unwrap()).unwrap().id;
    let stale = format!(r#"{{"ticket":{},"seq":{}}}"#, called.id, called.seq.0 - 1);
    let other = format!(r#"{{"ticket":{waiting},"seq":{}}}"#, called.seq);
    let on = |act: &str| format!("/api/v1/tickets/{waiting}/{act}");
    let (back, undo, call, reprint) = (on("return"), on("undo"), on("call"), on("reprint"));
    let start = "/api/v1/counters/loket-3/start";
    let no = |code| (409, code);
    check(
        &house,
        &web,
        &[
            post(Token(CALLING), CALL_NEXT, r#"{"ticket":null}"#, no("changed")),
            post(Token(CALLING), start, &stale, no("changed")),
            post(Ani, start, &stale, no("changed")),
            post(Token(CALLING), start, &other, no("changed")),
            post(Token(CALLING), CALL_NEXT, "", no("ticket_called")),
            post(Token(CALLING), "/api/v1/counters/loket-3/finish", "", no("nothing_serving")),
            post(Token(CALLING), "/api/v1/counters/loket-3/pause", "", no("ticket_active")),
            post(Token(CALLING), "/api/v1/counters/loket-4/call-next", "", no("counter_not_open")),
            post(Token(CALLING), "/api/v1/counters/loket-4/pause", "", no("counter_not_open")),
            post(Token(CALLING), &back, "", no("not_missed")),
            post(Token(CALLING), &undo, "", no("nothing_to_undo")),
            post(Token(CALLING), &reprint, "", no("no_printer")),
            post(Token(CALLING), &call, r#"{"counter":"loket-3","reason":"urgent"}"#, no("ticket_active")),
        ],
    );
}

#[test]
fn a_key_said_again_gives_the_same_answer_and_for_something_else_is_refused() {
    let (house, web) = open();
    let portal = web.program(ISSUING);
    let key = [("Idempotency-Key", "visit-1")];
    let first = portal.post_with(TICKETS, &json!({ "service": "ktp" }), &key);
    let again = portal.post_with(TICKETS, &json!({ "service": "ktp" }), &key);
    assert_eq!((again.status, again.json()), (201, first.json()));
    let reused = Mistake {
        headers: &[("Idempotency-Key", "visit-1")],
        ..post(Token(ISSUING), TICKETS, r#"{"service":"kk"}"#, (422, "key_reused"))
    };
    check(&house, &web, &[reused]);
    let keypad = web.program(CALLING);
    let open = keypad.post_with("/api/v1/counters/loket-4/open", &json!({}), &key);
    assert_eq!(open.status, 200, "a key is the credential's own");
    let elsewhere = keypad.post_with("/api/v1/counters/loket-5/open", &json!({}), &key);
    assert_eq!(elsewhere.code(), "key_reused", "what it was said to belongs to it");
}

#[test]
fn what_was_refused_may_be_said_again_with_its_key() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let keypad = web.program(CALLING);
    let key = [("Idempotency-Key", "press-1")];
    assert_eq!(keypad.post_with(CALL_NEXT, &json!({}), &key).code(), "nobody_waiting");
    house.issue("ktp").unwrap();
    assert_eq!(keypad.post_with(CALL_NEXT, &json!({}), &key).json()["ticket"]["number"], "A001");
}

#[test]
fn nothing_of_yesterday_can_be_acted_on_and_a_closed_day_gives_no_number() {
    let house = House::with(rules());
    let web = Web::serve(&house.hall, house.time.clone());
    let own = web.program(ISSUING).post(TICKETS, &json!({ "service": "ktp" })).json();
    // A Monday; five days later nobody serves.
    house.clock.advance(TimeDelta::days(5));
    house.wish(Command::Tick).unwrap();
    let on = |act: &str| format!("/api/v1/tickets/{}/{act}", own["id"]);
    let by_token = format!("/api/v1/tickets/by-token/{}", own["token"].as_str().unwrap());
    let own_cancel = format!("{by_token}/cancel");
    let (cancel, undo, reprint) = (on("cancel"), on("undo"), on("reprint"));
    let gone = (404, "unknown_ticket");
    check(
        &house,
        &web,
        &[
            post(Token(ISSUING), TICKETS, KTP, (409, "service_closed")),
            post(Token(CALLING), &cancel, "", gone),
            post(Token(CALLING), &undo, "", gone),
            post(Token(CALLING), &reprint, "", gone),
            get(Nobody, &by_token, gone),
            post(Nobody, &own_cancel, "", gone),
        ],
    );
}

#[test]
fn a_wrong_method_is_told_the_right_one() {
    let (_house, web) = open();
    let raw = Raw { method: "PUT", path: TICKETS, headers: vec![], body: b"" };
    let allowed = send(&web, &raw);
    let allowed = allowed.header("allow").unwrap();
    assert!(allowed.contains("POST") && allowed.contains("GET"), "{allowed}");
}

#[test]
fn a_request_too_long_for_any_route_is_turned_away_at_the_door() {
    let (house, web) = open();
    let before = house.hall.present().day.seq();
    let path = format!("/api/v1/{}", "x".repeat(70_000));
    assert_eq!(send(&web, &Raw { method: "GET", path: &path, headers: vec![], body: b"" }).status, 431);
    assert_eq!(house.hall.present().day.seq(), before);
}
