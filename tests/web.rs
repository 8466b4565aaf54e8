//! The pages and the API over real sockets: who may, what is said, and what stays inside.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use antrean::health::PrinterNow;
use antrean::queue::{Command, Language, SlipTrouble, Text};
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::house::House;
use support::web::{CALLING, ISSUING, PIN, Web};

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve(&house.hall, house.time.clone());
    (house, web)
}

#[test]
fn a_clerk_signs_in_with_a_pin_and_has_an_open_counter() {
    let (_house, web) = open();
    let browser = web.browser();
    assert!(browser.get("/console").body.contains("Masuk petugas"));
    assert_eq!(browser.get("/console/state").code(), "no_credential");
    let page = browser.sign_in("ani", "loket-3", PIN);
    assert!(page.body.contains("Loket 3 · dukcapil"), "{}", page.body);
    let state = browser.get("/console/state").json();
    assert_eq!((&state["state"], &state["mine"]), (&"ready".into(), &true.into()));
}

#[test]
fn cookies_are_for_the_box_alone_and_unseen_by_scripts() {
    let (_house, web) = open();
    let body = format!("staff=ani&counter=loket-3&pin={PIN}");
    let answer = raw(
        &web,
        &format!(
            "POST /console/sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            web.address,
            body.len()
        ),
    );
    let cookies: Vec<_> = answer.lines().filter(|line| line.starts_with("set-cookie:")).collect();
    assert_eq!(cookies.len(), 2, "{answer}");
    for cookie in cookies {
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    }
}

#[test]
fn a_wrong_pin_costs_more_time_each_time_and_never_somebody_elses() {
    let (house, web) = open();
    let colleague = web.console("ani", "loket-3").browser;
    let stranger = web.browser();
    for _ in 0..2 {
        let answer = stranger.sign_in("ani", "loket-3", "000000");
        assert_eq!(answer.status, 401);
        assert!(answer.body.contains("PIN belum cocok. Coba lagi."));
    }
    assert!(stranger.sign_in("ani", "loket-3", "000000").body.contains("dalam 2 detik"));
    let early = stranger.sign_in("ani", "loket-3", PIN);
    assert_eq!(early.status, 429, "even the right PIN waits");
    assert_eq!(
        colleague.sign_in("ani", "loket-3", PIN).status,
        200,
        "a device that signed in before does not"
    );
    assert_eq!(web.browser().sign_in("budi", "loket-6", PIN).status, 200, "nor does another name");
    house.clock.advance(TimeDelta::seconds(2));
    assert!(stranger.sign_in("ani", "loket-3", "000000").body.contains("dalam 4 detik"));
    house.clock.advance(TimeDelta::seconds(4));
    assert_eq!(stranger.sign_in("ani", "loket-3", PIN).status, 200);
}

#[test]
fn nobody_signs_in_who_is_not_known_or_at_a_counter_of_others() {
    let (_house, web) = open();
    let browser = web.browser();
    assert_eq!(browser.sign_in("nobody", "loket-3", PIN).status, 401);
    let other = browser.sign_in("ani", "loket-6", PIN);
    assert_eq!(other.status, 403);
    assert!(other.body.contains("bukan loket instansi Anda"));
    assert_eq!(browser.sign_in("ani", "loket-99", PIN).status, 403);
    assert_eq!(browser.sign_in("siti", "loket-6", PIN).status, 200, "a supervisor may sit anywhere");
}

#[test]
fn a_sign_in_survives_a_restart_and_ends_with_the_day() {
    let (house, web) = open();
    let console = web.console("ani", "loket-3");
    drop(web);
    let house = house.restart("2026-11-23 09:05");
    let web = Web::serve(&house.hall, house.time.clone());
    let console = console.at(&web);
    assert_eq!(console.state()["state"], "ready");
    house.clock.advance(TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    assert_eq!(console.browser.get("/console/state").code(), "no_credential");
}

#[test]
fn signing_out_closes_the_counter_and_gives_the_ticket_back() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let console = web.console("ani", "loket-3");
    console.press("call-next");
    assert_eq!(console.browser.send_form("/console/sign-out", &[]).status, 200);
    assert_eq!(console.browser.get("/console/state").code(), "no_credential");
    let board = web.lobby().board;
    assert_eq!(board.agencies[0].waiting, 1);
    assert_eq!(web.console("ani", "loket-4").state()["next"]["number"], "A001");
}

#[test]
fn a_clerk_who_goes_to_another_counter_leaves_nobody_at_the_old_one() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let console = web.console("ani", "loket-3");
    console.press("call-next");
    assert_eq!(console.browser.sign_in("ani", "loket-4", PIN).status, 200);
    let board = web.lobby().board;
    assert_eq!(board.agencies[0].waiting, 1);
    assert_eq!(console.browser.get("/console/state").json()["next"]["number"], "A001");
    // The same counter once more is no leaving.
    console.browser.post("/api/v1/counters/loket-4/call-next", &json!({}));
    assert_eq!(console.browser.sign_in("ani", "loket-4", PIN).status, 200);
    assert_eq!(console.browser.get("/console/state").json()["ticket"]["number"], "A001");
}

#[test]
fn a_sign_in_whose_time_is_over_strands_nobody() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let (late, mut lobby) = (web.console("ani", "loket-3"), web.lobby());
    late.press("call-next");
    house.clock.advance(TimeDelta::hours(12));
    // Anything that happens in the hall: somebody looks.
    house.issue("paspor").unwrap();
    while lobby.board.agencies[0].waiting == 0 {
        let told = lobby.stream.next();
        lobby.board.apply(&serde_json::from_str(&told.data).unwrap());
    }
    assert_eq!(web.console("ani", "loket-4").state()["next"]["number"], "A001");
}

#[test]
fn staff_sign_in_while_the_business_day_is_ahead_of_the_clock() {
    let (house, web) = open();
    let (truth, (system, _)) = (support::rules::at("2026-11-22 09:00"), house.time.read());
    let by = antrean::queue::Actor::Staff("siti".into());
    house.wish(Command::ConfirmClock { truth, system, by }).unwrap();
    assert_eq!(web.console("ani", "loket-3").state()["state"], "ready");
}

#[test]
fn a_page_of_somebody_else_can_do_nothing() {
    let (_house, web) = open();
    let console = web.console("ani", "loket-3");
    for headers in [[("Origin", "http://evil.example")], [("Sec-Fetch-Site", "cross-site")]] {
        let answer = console.browser.post_with("/api/v1/counters/loket-3/pause", &json!({}), &headers);
        assert_eq!((answer.status, answer.code().as_str()), (403, "cross_origin"));
    }
    // A name that leads here by DNS rebinding.
    let rebound = console.browser.get_with("/api/v1/board", &[("Host", "evil.example")]);
    assert_eq!((rebound.status, rebound.code().as_str()), (421, "unknown_host"));
    for host in ["antrean.local", "localhost:8080", "127.0.0.1", "[::1]:8080"] {
        assert_eq!(console.browser.get_with("/api/v1/board", &[("Host", host)]).status, 200, "{host}");
    }
}

#[test]
fn every_page_forbids_what_is_not_its_own_and_stays_small() {
    let (_house, web) = open();
    let console = web.console("ani", "loket-3");
    for path in [
        "/",
        "/console",
        "/console/pin",
        "/lobby",
        "/lobby/b",
        "/lobby/counter/3",
        "/preview",
        "/healthz",
        "/readyz",
        "/metrics",
        "/status",
        "/api/v1/board",
        "/no-such-page",
    ] {
        let answer = console.browser.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let inline = answer.body.split("<script").skip(1).any(|tag| !tag.starts_with(" src=\"/assets/"));
        assert!(!inline && !answer.body.contains(" style=") && !answer.body.contains(" onclick"), "{path}");
        assert!(
            !answer.body.contains("http://") && !answer.body.contains("https://"),
            "{path} names another place"
        );
        let mut ids: Vec<&str> =
            answer.body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path} has an id twice: {ids:?}");
        let weight: usize = answer.body.len()
            + answer
                .body
                .split(['"', '\''])
                .filter(|text| text.starts_with("/assets/"))
                .map(|asset| console.browser.get(asset).body.len())
                .sum::<usize>();
        assert!(weight < 150_000, "{path} weighs {weight}");
    }
}

#[test]
fn an_act_on_what_has_changed_meanwhile_is_refused() {
    let (house, web) = open();
    for _ in 0..3 {
        house.issue("ktp").unwrap();
    }
    let console = web.console("ani", "loket-3");
    assert_eq!(console.act("call-next", &json!({ "ticket": null })).status, 200);
    // A second browser on the same counter still shows it free.
    let stale = console.act("call-next", &json!({ "ticket": null }));
    assert_eq!((stale.status, stale.code().as_str()), (409, "changed"));
    let ticket = console.state()["ticket"].clone();
    assert_eq!(console.press("recall").status, 200);
    let seen = json!({ "ticket": ticket["id"], "seq": ticket["seq"] });
    assert_eq!(console.act("start", &seen).code(), "changed");
    assert_eq!(console.press("start").status, 200);
    assert_eq!(console.act("finish", &json!({ "ticket": ticket["id"] })).code(), "bad_request");
    assert_eq!(console.act("dance", &json!({})).code(), "unknown_route");
}

#[test]
fn refusals_are_told_in_the_language_asked_for() {
    let (_house, web) = open();
    let console = web.console("ani", "loket-3");
    let told = |language| {
        let path = "/api/v1/counters/loket-3/call-next";
        console.browser.post_with(path, &json!({}), &[("Accept-Language", language)]).json()["message"]
            .clone()
    };
    assert_eq!(told("id"), "Tidak ada yang menunggu.");
    assert_eq!(told("en-GB,en;q=0.9"), "No one is waiting.");
    assert_eq!(told("de"), "Tidak ada yang menunggu.");
}

#[test]
fn a_program_issues_with_its_token_and_the_same_key_gives_the_same_ticket() {
    let (_house, web) = open();
    let portal = web.program(ISSUING);
    let wish = json!({ "service": "ktp", "class": "priority", "language": "en" });
    let key = [("Idempotency-Key", "visit-4711")];
    let first = portal.post_with("/api/v1/tickets", &wish, &key);
    assert_eq!((first.status, &first.json()["number"]), (201, &"A001".into()));
    let again = portal.post_with("/api/v1/tickets", &wish, &key);
    assert_eq!((again.status, again.json()), (201, first.json()));
    let other = portal.post_with("/api/v1/tickets", &json!({ "service": "kk" }), &key);
    assert_eq!((other.status, other.code().as_str()), (422, "key_reused"));
    assert_eq!(portal.post("/api/v1/tickets", &wish).json()["number"], "A002");
}

#[test]
fn a_token_may_do_what_it_was_made_for_and_nothing_else() {
    let (house, web) = open();
    let wish = json!({ "service": "ktp" });
    let code = |answer: support::web::Answer| (answer.status, answer.code());
    let no = |status, code: &str| (status, code.to_owned());
    assert_eq!(code(web.browser().post("/api/v1/tickets", &wish)), no(401, "no_credential"));
    assert_eq!(code(web.program("antrean_guess").post("/api/v1/tickets", &wish)), no(401, "no_credential"));
    assert_eq!(code(web.program(CALLING).post("/api/v1/tickets", &wish)), no(403, "not_allowed"));
    let call = "/api/v1/counters/loket-3/call-next";
    assert_eq!(code(web.program(ISSUING).post(call, &json!({}))), no(403, "not_allowed"));
    assert_eq!(web.program(CALLING).post("/api/v1/counters/loket-3/open", &json!({})).status, 200);
    house.issue("ktp").unwrap();
    assert_eq!(web.program(CALLING).post(call, &json!({})).status, 200);
    let clerk = web.console("ani", "loket-3");
    assert_eq!(code(clerk.browser.post("/api/v1/tickets", &wish)), no(403, "not_allowed"));
    let supervisor = web.console("siti", "loket-5");
    assert_eq!(supervisor.browser.post("/api/v1/tickets", &wish).status, 201);
    assert_eq!(code(clerk.browser.post("/api/v1/counters/loket-4/open", &json!({}))), no(403, "not_allowed"));
}

#[test]
fn what_cannot_be_understood_is_said_with_its_reason() {
    let (_house, web) = open();
    let portal = web.program(ISSUING);
    let code = |answer: support::web::Answer| (answer.status, answer.code());
    let no = |status, code: &str| (status, code.to_owned());
    assert_eq!(
        code(portal.post("/api/v1/tickets", &json!({ "service": "no-such" }))),
        no(404, "unknown_service")
    );
    assert_eq!(code(portal.post("/api/v1/tickets", &json!({ "servis": "ktp" }))), no(400, "bad_request"));
    assert_eq!(
        code(portal.post("/api/v1/tickets", &json!({ "service": "ktp", "printer": "no" }))),
        no(404, "unknown_printer")
    );
    assert_eq!(code(portal.post("/api/v1/no-such", &json!({}))), no(404, "unknown_route"));
    assert_eq!(code(portal.get("/api/v1/tickets/4/cancel")), no(405, "wrong_method"));
    let issued = portal.post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
    let cancel = format!("/api/v1/tickets/{}/cancel", issued["id"]);
    assert_eq!(code(portal.post(&cancel, &json!({}))), no(403, "not_allowed"));
    assert_eq!(
        code(web.program(CALLING).post("/api/v1/tickets/abc/cancel", &json!({}))),
        no(404, "unknown_ticket")
    );
    assert_eq!(
        code(web.program(CALLING).post("/api/v1/counters/loket-99/open", &json!({}))),
        no(404, "unknown_counter")
    );
    let huge = json!({ "service": "x".repeat(100_000) });
    assert_eq!(portal.post("/api/v1/tickets", &huge).status, 413);
}

#[test]
fn whoever_holds_the_token_sees_and_cancels_one_ticket_only() {
    let (_house, web) = open();
    let issued = web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
    let token = issued["token"].as_str().unwrap();
    let visitor = web.browser();
    let path = format!("/api/v1/tickets/by-token/{token}");
    let seen = visitor.get(&path).json();
    assert_eq!(
        (&seen["number"], &seen["state"], &seen["ahead"]),
        (&"A001".into(), &"waiting".into(), &0.into())
    );
    assert_eq!(
        visitor.get("/api/v1/tickets/by-token/00000000000000000000000000000000").code(),
        "unknown_ticket"
    );
    assert_eq!(visitor.post(&format!("{path}/cancel"), &json!({})).status, 200);
    assert_eq!(visitor.get(&path).json()["state"], "cancelled");
    assert_eq!(visitor.post(&format!("{path}/cancel"), &json!({})).code(), "not_cancellable");
}

#[test]
fn a_screen_that_comes_back_gets_what_it_missed_and_a_stranger_gets_the_board() {
    let (house, web) = open();
    let mut stream = web.browser().stream("/api/v1/events", None);
    let first = stream.next();
    let (lineage, seq) = first.id.rsplit_once('-').unwrap();
    house.issue("ktp").unwrap();
    let change = stream.next();
    assert_eq!(change.name, "change");
    assert_eq!(change.id, format!("{lineage}-{}", seq.parse::<u64>().unwrap() + 1));
    drop(stream);
    house.issue("kk").unwrap();
    let mut back = web.browser().stream("/api/v1/events", Some(&change.id));
    let missed = back.next();
    assert_eq!((missed.name.as_str(), &missed.json()["agencies"][0]["waiting"]), ("change", &2.into()));
    for unknown in ["another-1", &format!("{lineage}-9999"), "nonsense"] {
        assert_eq!(web.browser().stream("/api/v1/events", Some(unknown)).next().name, "board", "{unknown}");
    }
}

#[test]
fn a_screen_that_was_away_for_long_gets_each_line_once_and_in_order() {
    const LINES: u64 = 300;
    let (house, web) = open();
    let mut stream = web.browser().stream("/api/v1/events", None);
    let first = stream.next();
    let (lineage, seq) = first.id.rsplit_once('-').unwrap();
    let seq = seq.parse::<u64>().unwrap();
    (0..LINES).for_each(|_| drop(house.issue("ktp").unwrap()));
    let mut back = web.browser().stream("/api/v1/events", Some(&first.id));
    for screen in [&mut stream, &mut back] {
        let mut bytes = 0;
        for line in 1..=LINES {
            let told = screen.next();
            assert_eq!((told.name, told.id), ("change".to_owned(), format!("{lineage}-{}", seq + line)));
            bytes += told.data.len();
        }
        assert!(bytes > 64 << 10, "{bytes} bytes are not said in one piece");
    }
}

#[test]
fn a_quiet_stream_says_that_it_is_still_there() {
    let (house, web) = open();
    let issued = web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
    let own = format!("/api/v1/tickets/by-token/{}/events", issued["token"].as_str().unwrap());
    for path in ["/api/v1/events", &own] {
        let mut stream = web.browser().stream(path, None);
        stream.beat();
        house.issue("kk").unwrap();
        assert!(stream.read().is_some(), "{path} goes on");
    }
}

#[test]
fn what_is_foretold_reaches_the_board_the_stream_the_issuer_and_the_holder() {
    let (house, web) = open();
    let mut stream = web.browser().stream("/api/v1/events", None);
    let imigrasi = |told: &Value| {
        let rows = told["agencies"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == "imigrasi").unwrap()["forecast"].clone()
    };
    assert_eq!(imigrasi(&stream.forecast().json()), Value::Null);
    house.open_counter("loket-6");
    house.serve("paspor", "loket-6", 5);
    house.issue("paspor").unwrap();
    house.call("loket-6").unwrap();
    house.issue("paspor").unwrap();
    // Two before a newcomer, the first of them just called, six minutes each.
    let range = json!({ "low_s": 600, "high_s": 900 });
    let told = stream.forecast();
    assert_eq!((told.id.as_str(), imigrasi(&told.json())), ("", range.clone()));
    assert_eq!(imigrasi(&web.browser().get("/api/v1/board").json()), range);
    let issued = web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "paspor" })).json();
    assert_eq!(issued["forecast"], range);
    // The holder is told by the clock.
    let path = format!("/api/v1/tickets/by-token/{}", issued["token"].as_str().unwrap());
    assert_eq!(web.browser().get(&path).json()["forecast"], range);
    house.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(web.browser().get(&path).json()["forecast"], json!({ "low_s": 300, "high_s": 600 }));
}

#[test]
fn a_clerk_holds_sends_on_brings_back_and_takes_back() {
    let (house, web) = open();
    for service in ["ktp", "ktp", "paspor"] {
        house.issue(service).unwrap();
    }
    let console = web.console("ani", "loket-3");
    let ticket = |number: &str| {
        let day = house.hall.present().day.clone();
        day.ticket_numbered(&number.parse().unwrap()).unwrap().id
    };
    let act = |number: &str, act: &str, body: &Value| {
        console.browser.post(&format!("/api/v1/tickets/{}/{act}", ticket(number)), body)
    };
    console.press("call-next");
    console.press("start");
    let path = "/api/v1/counters/loket-3/hold";
    assert_eq!(console.browser.post(path, &json!({ "reason": "copy" })).code(), "bad_request");
    assert_eq!(
        console.browser.post(path, &json!({ "reason": "nap", "minutes": 5 })).code(),
        "unknown_reason"
    );
    let held = console.browser.post(path, &json!({ "reason": "copy", "minutes": 5 }));
    assert_eq!(held.json()["ticket"]["state"], "on_hold", "{}", held.body);
    assert_eq!(console.state()["held"][0]["number"], "A001");
    assert_eq!(act("A001", "resume", &json!({ "free": true })).json()["ticket"]["state"], "called");
    assert_eq!(act("A002", "call", &json!({ "reason": "urgent" })).code(), "ticket_active");
    console.press("start");
    let path = "/api/v1/counters/loket-3/transfer";
    assert_eq!(console.browser.post(path, &json!({})).code(), "bad_request");
    let sent = console.browser.post(path, &json!({ "service": "paspor" })).json();
    assert_eq!((&sent["ticket"]["state"], &sent["ticket"]["stop"]), (&json!("waiting"), &json!(2)));
    // It waits for another agency now; what one did oneself can still be taken back.
    assert_eq!(act("A001", "return", &json!({})).code(), "not_allowed");
    let siti = web.console("siti", "loket-4");
    let path = format!("/api/v1/tickets/{}/undo", ticket("A001"));
    assert_eq!(siti.browser.post(&path, &json!({})).code(), "not_yours");
    assert_eq!(act("A001", "undo", &json!({})).json()["ticket"]["state"], "serving");
    console.press("finish");
    assert_eq!(
        act("A002", "priority", &json!({ "class": "priority" })).json()["ticket"]["class"],
        "priority"
    );
    assert_eq!(act("A002", "call", &json!({ "reason": "urgent" })).json()["ticket"]["state"], "called");
    assert_eq!(console.press("no-show").status, 200);
    assert_eq!(act("A002", "return", &json!({})).json()["ticket"]["state"], "waiting");
    assert_eq!(act("A002", "dance", &json!({})).code(), "unknown_route");
    assert_eq!(act("A002", "return", &json!({ "now": true })).code(), "bad_request");
    let find = |what: &str| console.browser.get(&format!("/api/v1/tickets?{what}")).json()["tickets"].clone();
    assert_eq!(find("number=a002")[0]["number"], "A002");
    assert_eq!(find("number=B001"), json!([]), "of another agency");
    let reference = house.hall.present().day.ticket(ticket("A002")).unwrap().reference();
    assert_eq!(find(&format!("reference={reference}"))[0]["number"], "A002");
    assert_eq!(console.browser.get("/api/v1/tickets?number=12").code(), "bad_request");
    assert_eq!(web.browser().get("/api/v1/tickets?number=A002").code(), "no_credential");
}

#[test]
fn staff_stop_and_accept_numbers_for_their_own_agency() {
    let (house, web) = open();
    let clerk = web.console("ani", "loket-3");
    let stop =
        |service: &str, body: &Value| clerk.browser.post(&format!("/api/v1/services/{service}/stop"), body);
    let reason = json!({ "reason": "system", "minutes": 30 });
    assert_eq!((stop("paspor", &reason).status, stop("passport", &reason).status), (403, 404));
    assert_eq!(stop("ktp", &json!({})).code(), "bad_request");
    assert_eq!(stop("ktp", &json!({ "reason": "system", "minutes": 0 })).code(), "bad_request");
    assert_eq!(stop("ktp", &json!({ "reason": "lunch" })).code(), "unknown_reason");
    assert_eq!(stop("ktp", &json!({ "reason": "system", "minutes": 1440 })).code(), "bad_time");
    assert_eq!(stop("ktp", &reason).status, 200);
    assert_eq!(stop("ktp", &reason).code(), "already_stopped");
    let refused = web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" }));
    assert_eq!((refused.status, refused.code().as_str()), (409, "service_closed"));
    let board = web.browser().get("/api/v1/board").json();
    let closed = &board["agencies"][0]["services"][0]["closed"];
    assert_eq!((&closed["code"], &closed["name"]["en"]), (&json!("stopped"), &json!("The system is down")));
    assert_eq!((&closed["until"], &closed["opens"]), (&json!("2026-11-23T09:30:00+07:00"), &closed["until"]));
    let told = clerk.state()["services"][0].clone();
    assert_eq!((&told["service"], &told["open"]), (&json!("ktp"), &json!(false)));
    assert_eq!((&told["stop"]["reason"], &told["stop"]["by"]["id"]), (&json!("system"), &json!("ani")));
    // The time of a stop ends it without anybody's doing.
    house.clock.advance(TimeDelta::minutes(30));
    house.issue("ktp").unwrap();
    let keypad = web.program(CALLING);
    assert_eq!(keypad.post("/api/v1/services/ktp/accept", &json!({})).code(), "not_stopped");
    assert_eq!(keypad.post("/api/v1/services/paspor/stop", &json!({ "reason": "staff" })).status, 200);
    assert_eq!(keypad.post("/api/v1/services/paspor/accept", &json!({})).status, 200);
    assert_eq!(keypad.post("/api/v1/services/paspor/pause", &json!({})).code(), "unknown_route");
    let stranger = web.program(ISSUING).post("/api/v1/services/ktp/stop", &reason);
    assert_eq!(stranger.status, 403);
    house.issue("paspor").unwrap();
}

#[test]
fn two_browsers_on_one_counter_stay_in_step() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let one = web.console("ani", "loket-3");
    let two = web.console("ani", "loket-3");
    let mut watching = two.browser.stream("/console/events", None);
    assert_eq!(watching.next().json()["state"], "ready");
    one.press("call-next");
    assert_eq!(watching.next().json()["ticket"]["number"], "A001");
    one.browser.send_form("/console/sign-out", &[]);
    assert_eq!(watching.next().json()["state"], "closed");
}

#[test]
fn a_clock_that_nobody_believes_is_told_to_every_console_at_once() {
    let (house, web) = open();
    let mut watching = web.console("ani", "loket-3").browser.stream("/console/events", None);
    assert_eq!(watching.next().json()["clock_doubted"], false);
    house.clock.set_system(support::rules::at("2026-11-24 09:00"));
    // The hall looks at its clock every second, and with every wish.
    house.issue("ktp").unwrap();
    let doubted = std::iter::from_fn(|| watching.read()).any(|told| told.json()["clock_doubted"] == true);
    assert!(doubted);
}

#[test]
fn a_printer_that_wants_a_hand_is_told_to_every_console_at_once() {
    let (_house, web) = open();
    let console = web.console("ani", "loket-3");
    let mut watching = console.browser.stream("/console/events", None);
    assert_eq!(watching.next().json()["printers"], json!([]));
    let well = PrinterNow::well(
        "printer-1".into(),
        Text::new("Anjungan pintu utama", "Main door kiosk"),
        support::rules::at("2026-11-23 09:00"),
    );
    let low = PrinterNow { near_end: true, slips_left: Some(17), ..well.clone() };
    web.printers(vec![low.clone(), PrinterNow { id: "printer-2".into(), ..well.clone() }]);
    let told = watching.next().json()["printers"].clone();
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!((&told[0]["slips_left"], &told[0]["fault"]), (&json!(17), &json!(null)));
    web.printers(vec![low.in_trouble(SlipTrouble::PaperOut)]);
    let told = watching.next().json()["printers"].clone();
    assert_eq!(told[0]["fault"]["id"], SlipTrouble::PaperOut.for_staff(Language::ID));
    let board = web.browser().get("/api/v1/board").json();
    assert_eq!(
        board["printers"],
        json!([{ "id": "printer-1", "state": "fault", "fault": "paper_out" }]),
        "what everyone may know, and no more"
    );
    web.printers(vec![well]);
    assert_eq!(watching.next().json()["printers"], json!([]));
}

#[test]
fn the_public_feed_and_board_hold_no_secret() {
    let (house, web) = open();
    let browser = web.browser();
    let mut stream = browser.stream("/api/v1/events", None);
    let issued = web
        .program(ISSUING)
        .post_with(
            "/api/v1/tickets",
            &json!({ "service": "ktp", "class": "priority" }),
            &[("Idempotency-Key", "geheim")],
        )
        .json();
    let console = web.console("ani", "loket-3");
    console.press("call-next");
    console.press("start");
    console.press("finish");
    let mut public = browser.get("/api/v1/board").body + &browser.get("/lobby").body;
    for _ in 0..5 {
        public += &stream.next().data;
    }
    let ticket = house.hall.present().day.tickets().next().unwrap().clone();
    let nonce = serde_json::to_string(&ticket.nonce).unwrap();
    for secret in [
        issued["token"].as_str().unwrap(),
        nonce.trim_matches('"'),
        ticket.reference().as_str(),
        "\"ani\"",
        "Petugas ani",
        "priority",
        "geheim",
        "portal",
    ] {
        assert!(!public.contains(secret), "{secret} is public");
    }
}

#[test]
fn half_open_requests_do_not_keep_others_waiting() {
    let (_house, web) = open();
    let half: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(web.address).unwrap();
            stream.write_all(b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nX-").unwrap();
            stream
        })
        .collect();
    assert_eq!(web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" })).status, 201);
    drop(half);
}

#[test]
fn two_hundred_programs_at_once_get_two_hundred_consecutive_numbers() {
    let (_house, web) = open();
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..20)
            .map(|_| {
                let portal = web.program(ISSUING);
                scope.spawn(move || {
                    let issue = || portal.post("/api/v1/tickets", &json!({ "service": "ktp" })).json();
                    let number = |ticket: Value| ticket["number"].as_str().unwrap()[1..].parse().unwrap();
                    (0..10).map(|_| number(issue())).collect::<Vec<u64>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<u64>>());
}

#[test]
fn twenty_consoles_never_share_a_ticket() {
    let (house, web) = open();
    for _ in 0..40 {
        house.issue("ktp").unwrap();
    }
    let consoles: Vec<_> =
        (0..20).map(|n| web.console("ani", if n % 2 == 0 { "loket-3" } else { "loket-4" })).collect();
    let mut called: Vec<String> = std::thread::scope(|scope| {
        let clerks: Vec<_> = consoles
            .iter()
            .map(|console| {
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    for _ in 0..4 {
                        let answer = console.act("call-next", &json!({}));
                        if answer.status == 200 {
                            mine.push(answer.json()["ticket"]["number"].as_str().unwrap().to_owned());
                        }
                        console.act("no-show", &json!({}));
                    }
                    mine
                })
            })
            .collect();
        clerks.into_iter().flat_map(|clerk| clerk.join().unwrap()).collect()
    });
    assert!(called.len() >= 2);
    let all = called.len();
    called.sort_unstable();
    called.dedup();
    assert_eq!(called.len(), all, "{called:?}");
}

/// One request by hand, and all that comes back.
fn raw(web: &Web, request: &str) -> String {
    let mut stream = TcpStream::connect(web.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
