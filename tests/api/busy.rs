//! A hall that is held up. Its file is locked from outside, as an administrator's tool would do it.

use std::time::Duration;

use antrean::queue::{Command, Seen};
use rusqlite::Connection;
use serde_json::json;

use crate::support::house::House;
use crate::support::web::{ISSUING, Web};
use crate::{Raw, send};

/// Holds the hall up until it is dropped.
fn hold_up(house: &House) -> Connection {
    let lock = Connection::open(house.database()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    lock
}

/// A web room that waits for the hall no longer than this test wants to.
fn impatient(house: &House) -> Web {
    Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.answer_within = Duration::from_millis(50);
    })
}

#[test]
fn a_crowd_at_the_door_is_told_to_come_back_and_nothing_is_written() {
    let house = House::open();
    let web = impatient(&house);
    let before = house.hall.present().day.seq();
    let lock = hold_up(&house);
    // Wishes that will be refused: what is tested is the door.
    let wish = || Command::CallNext { counter: "loket-3".into(), seen: Seen::Unsaid };
    let mut crowd = Vec::new();
    let authorization = format!("Bearer {ISSUING}");
    for (language, sentence) in [
        ("id", "Sistem sedang sibuk atau penyimpanan penuh. Coba lagi sebentar."),
        ("en", "The system is busy or its disk is full. Try again in a moment."),
    ] {
        let answer = loop {
            // The hall takes a handful in from the door before it notices the lock: fill it up again.
            crowd.extend(std::iter::from_fn(|| house.hall.knock(wish().into()).ok()));
            let headers = vec![("Authorization", authorization.as_str()), ("Accept-Language", language)];
            let body = br#"{"service":"ktp"}"#;
            let answer = send(&web, &Raw { method: "POST", path: "/api/v1/tickets", headers, body });
            assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
            if answer.json()["code"] != "no_answer" {
                break answer;
            }
        };
        assert_eq!(answer.json(), json!({ "code": "busy", "message": sentence }));
    }
    drop(lock);
    for told in crowd {
        assert!(told.blocking_recv().unwrap().is_err(), "everybody at the door is answered");
    }
    assert_eq!(house.hall.present().day.seq(), before);
    assert_eq!(house.number("ktp"), "A001", "and no number went to anybody");
}

#[test]
fn a_wish_whose_sender_was_told_that_nobody_answers_is_not_granted_later() {
    let house = House::open();
    let web = impatient(&house);
    let lock = hold_up(&house);
    let portal = web.program(ISSUING);
    let key = [("Idempotency-Key", "visit-1")];
    let answer = portal.post_with("/api/v1/tickets", &json!({ "service": "ktp" }), &key);
    assert_eq!((answer.status, answer.code().as_str()), (503, "no_answer"));
    assert_eq!(answer.header("retry-after"), "1");
    drop(lock);
    assert_eq!(house.number("ktp"), "A001", "the number went to nobody before");
}
