//! The OpenAPI document says what the server does: every operation of it is asked, and every answer held
//! against it.

use std::collections::BTreeSet;

use antrean::queue::{Command, Refusal, Seq, SlipId, SlipOutcome, SlipTrouble};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::doors::routes_of;
use crate::schema::{closed, document, holds, merged, operation, operations};
use crate::support::chance::cases;
use crate::support::days::{Op, command, config, op};
use crate::support::house::House;
use crate::support::rules::always_open;
use crate::support::scenario::Paper;
use crate::support::web::{Answer, CALLING, ISSUING, SUPERVISING, Web};

/// A program that reads the document before it asks, and believes nothing that is not in it.
struct Reader {
    web: Web,
    house: House,
    document: Value,
    asked: BTreeSet<(String, String)>,
}

impl Reader {
    fn open() -> Self {
        let (house, web) = crate::open();
        let document = web.browser().get("/api/openapi.json").json();
        Self { web, house, document, asked: BTreeSet::new() }
    }

    fn seq(&self) -> Seq {
        self.house.hall.present().day.seq()
    }

    /// Asks an operation; wrongly first where it can be asked wrongly.
    fn ask(&mut self, token: Option<&str>, method: &str, path: &str, name: &str, body: &Value) -> Value {
        let operation = operation(&self.document, method, path).clone();
        let place = path.find('{').map_or(path.to_owned(), |from| {
            let to = path.find('}').unwrap();
            format!("{}{name}{}", &path[..from], &path[to + 1..])
        });
        let place = match method {
            "GET" if !path.contains('{') => format!("{place}{name}"),
            _ => place,
        };
        let send = |token: Option<&str>, body: &Value| {
            let program = token.map_or_else(|| self.web.browser(), |token| self.web.program(token));
            match (method, token) {
                ("GET", Some(token)) => {
                    program.get_with(&place, &[("Authorization", &format!("Bearer {token}"))])
                }
                ("GET", None) => program.get(&place),
                _ => program.post(&place, body),
            }
        };
        let before = self.seq();
        if operation["security"].is_array() {
            self.check(&operation, &send(None, body), 401);
            for (token, scope) in [(ISSUING, "issue"), (CALLING, "call"), (SUPERVISING, "supervise")] {
                let opens = operation["security"].as_array().unwrap().contains(&json!({ "token": [scope] }));
                if !opens {
                    self.check(&operation, &send(Some(token), body), 403);
                }
            }
        } else {
            assert!(token.is_none(), "{method} {path} takes a token that the document does not ask for");
        }
        if method == "POST" {
            let shape = &operation["requestBody"]["content"]["application/json"]["schema"];
            holds(&self.document["components"], shape, body).unwrap();
            let mut unknown = body.clone();
            unknown["no_such_field"] = json!(1);
            assert!(holds(&self.document["components"], shape, &unknown).is_err(), "{method} {path}");
            self.check(&operation, &send(token, &unknown), 400);
        }
        assert_eq!(self.seq(), before, "{method} {path} did something that it refused");
        let answer = send(token, body);
        let makes = path.ends_with("/tickets") || path.ends_with("/adopt");
        let status = if method == "POST" && makes { 201 } else { 200 };
        self.check(&operation, &answer, status);
        self.asked.insert((method.to_owned(), path.to_owned()));
        answer.json()
    }

    /// An answer is what the document says of this status.
    fn check(&self, operation: &Value, answer: &Answer, status: u16) {
        let what = &operation["operationId"];
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        let said = &operation["responses"][status.to_string()]["content"]["application/json"]["schema"];
        assert!(said.is_object(), "{what} does not say that it answers {status}");
        assert_eq!(answer.header("content-type"), "application/json", "{what}");
        let said = merged(&self.document["components"], said);
        holds(&closed(&self.document["components"]), &said, &answer.json())
            .unwrap_or_else(|errors| panic!("{what} answers {status} with\n{errors}"));
    }

    /// The events of a stream before something is done and after, each as the document says of its name.
    fn listen(
        &mut self,
        path: &str,
        name: &str,
        (before, after): (usize, usize),
        act: impl FnOnce(&House),
    ) -> Vec<String> {
        let content =
            &operation(&self.document, "GET", path)["responses"]["200"]["content"]["text/event-stream"];
        let mut stream = self.web.browser().stream(&path.replace("{token}", name), None);
        let mut names = Vec::new();
        let mut hear = || {
            let told = stream.hear().expect("the stream goes on");
            let said = &content["x-events"][&told.name];
            assert!(said.is_object(), "{path} tells `{}`, of which the document does not know", told.name);
            holds(&closed(&self.document["components"]), said, &told.json()).unwrap();
            names.push(told.name);
        };
        (0..before).for_each(|_| hear());
        act(&self.house);
        (0..after).for_each(|_| hear());
        self.asked.insert(("GET".to_owned(), path.to_owned()));
        names
    }

    fn counter(&mut self, act: &str, body: &Value) -> Value {
        let supervised = ["assign", "grant-closure", "refuse-closure"];
        let token = if supervised.contains(&act) { SUPERVISING } else { CALLING };
        self.ask(Some(token), "POST", &format!("/api/v1/counters/{{id}}/{act}"), "loket-3", body)
    }

    fn ticket(&mut self, act: &str, ticket: &Value, body: &Value) -> Value {
        let path = format!("/api/v1/tickets/{{id}}/{act}");
        self.ask(Some(CALLING), "POST", &path, &ticket["id"].to_string(), body)
    }

    fn issue(&mut self) -> Value {
        let wish = json!({ "service": "ktp", "class": "regular", "language": "en", "printer": "printer-1" });
        self.ask(Some(ISSUING), "POST", "/api/v1/tickets", "", &wish)
    }

    /// A printer has no paper; the name of that alarm.
    fn out_of_paper(&self) -> String {
        let since = crate::support::rules::at("2026-11-23 08:50");
        let name = antrean::queue::Text::same("Printer");
        let printer = antrean::health::PrinterNow::well("printer-1".into(), name, since);
        self.web.printers(vec![printer.in_trouble(SlipTrouble::PaperOut)]);
        format!("printer:printer-1:paper_out:{}", since.timestamp())
    }

    /// The newest slip, in doubt.
    fn doubtful_slip(&self) -> SlipId {
        let slip = self.house.hall.present().day.slips().last().unwrap().id;
        let outcome = SlipOutcome::Uncertain { trouble: SlipTrouble::Mute };
        self.house.wish(Command::ReportSlip { slip, outcome, by: None }).unwrap();
        slip
    }
}

#[test]
fn the_document_says_what_the_server_does() {
    let mut reader = Reader::open();
    let nothing = json!({});
    reader.counter("assign", &json!({ "services": ["ktp"] }));
    reader.counter("open", &nothing);
    let (first, second, third) = (reader.issue(), reader.issue(), reader.issue());
    let called = reader.counter("call-next", &json!({ "ticket": null }));
    assert_eq!(called["ticket"]["id"], first["id"]);
    reader.counter("recall", &json!({ "ticket": first["id"], "seq": called["ticket"]["seq"] }));
    reader.counter("start", &nothing);
    reader.counter("hold", &json!({ "reason": "copy", "minutes": 5 }));
    reader.ticket("resume", &first, &json!({ "counter": "loket-3", "free": true }));
    reader.counter("transfer", &json!({ "service": "paspor" }));
    reader.ticket("undo", &first, &json!({ "counter": "loket-3" }));
    reader.counter("start", &nothing);
    let additional = json!([{ "service": "kk", "quantity": 2 }]);
    reader.counter("finish", &json!({ "outcome": "referred", "service": "kia", "additional": additional }));
    reader.ticket("call", &second, &json!({ "counter": "loket-3", "reason": "urgent", "free": true }));
    reader.counter("no-show", &nothing);
    reader.ticket("return", &second, &nothing);
    reader.ticket("priority", &second, &json!({ "class": "priority" }));
    let slip = reader.doubtful_slip().to_string();
    reader.ask(Some(CALLING), "POST", "/api/v1/slips/{id}/seen", &slip, &nothing);
    reader.ticket("reprint", &third, &json!({ "printer": "printer-2" }));
    let slip = reader.doubtful_slip().to_string();
    reader.ask(Some(CALLING), "POST", "/api/v1/slips/{id}/spoiled", &slip, &nothing);
    reader.ask(Some(CALLING), "GET", "/api/v1/tickets", "?number=A003", &nothing);
    reader.ticket("cancel", &third, &nothing);
    let own = reader.issue();
    let token = own["token"].as_str().unwrap();
    reader.ask(None, "GET", "/api/v1/tickets/by-token/{token}", token, &nothing);
    let cancel = |house: &House| {
        house
            .wish(Command::Cancel { ticket: second_id(&second), by: crate::support::scenario::desk() })
            .unwrap();
    };
    reader.listen("/api/v1/tickets/by-token/{token}/events", token, (1, 1), cancel);
    reader.ask(None, "POST", "/api/v1/tickets/by-token/{token}/cancel", token, &nothing);
    let stop = json!({ "reason": "system", "minutes": 30 });
    reader.ask(Some(CALLING), "POST", "/api/v1/services/{id}/stop", "kia", &stop);
    reader.ask(None, "GET", "/api/v1/board", "", &nothing);
    reader.ask(Some(CALLING), "POST", "/api/v1/services/{id}/accept", "kia", &nothing);
    reader.counter("pause", &nothing);
    let why = json!({ "reason": "system" });
    reader.counter("request-closure", &why);
    reader.counter("withdraw-closure", &nothing);
    reader.counter("request-closure", &why);
    reader.counter("refuse-closure", &nothing);
    reader.counter("request-closure", &why);
    reader.counter("grant-closure", &nothing);
    reader.counter("close", &nothing);
    let strip = json!({ "number": "A900", "service": "kk", "class": "regular", "language": "id", "came_at": "08:50" });
    reader.ask(Some(ISSUING), "POST", "/api/v1/tickets/adopt", "", &strip);
    let text = json!({ "text": "Genset diuji.", "english": "The generator is tested.", "minutes": 30 });
    let notice = reader.ask(Some(SUPERVISING), "POST", "/api/v1/notices", "", &text)["seq"].to_string();
    reader.ask(None, "GET", "/api/v1/board", "", &nothing);
    reader.ask(Some(SUPERVISING), "POST", "/api/v1/notices/{id}/end", &notice, &nothing);
    let alarm = reader.out_of_paper();
    reader.ask(Some(SUPERVISING), "POST", "/api/v1/alarms/{id}/acknowledge", &alarm, &nothing);
    reader.ask(Some(SUPERVISING), "GET", "/api/v1/staff", "", &nothing);
    reader.ask(Some(SUPERVISING), "POST", "/api/v1/staff/{id}/reset-pin", "ani", &nothing);
    let now = json!({ "now": "2026-11-23T09:30:00+07:00" });
    reader.ask(Some(SUPERVISING), "POST", "/api/v1/clock/confirm", "", &now);
    reader.ask(None, "GET", "/api/v1/board", "", &nothing);
    let heard = reader.listen("/api/v1/events", "", (2, 1), |house| drop(house.issue("kk").unwrap()));
    assert_eq!(heard, ["board", "forecast", "change"]);
    let unasked: Vec<_> = operations(&reader.document).difference(&reader.asked).cloned().collect();
    assert!(unasked.is_empty(), "say above how these are asked: {unasked:?}");
}

fn second_id(ticket: &Value) -> antrean::queue::TicketId {
    serde_json::from_value(ticket["id"].clone()).unwrap()
}

#[test]
fn every_route_of_the_plan_is_in_the_document_and_nothing_else() {
    let mut plan: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |method: &str, path: &str, acts: &[&str]| {
        for act in acts {
            plan.insert((method.to_owned(), format!("/api/v1{path}{act}")));
        }
    };
    add("GET", "", &["/board", "/events", "/tickets"]);
    add(
        "POST",
        "",
        &["/tickets", "/tickets/adopt", "/notices", "/notices/{id}/end", "/alarms/{id}/acknowledge"],
    );
    add("GET", "/tickets/by-token/{token}", &["", "/events"]);
    add("POST", "/tickets/by-token/{token}", &["/cancel"]);
    let on_tickets = ["call", "return", "resume", "cancel", "undo", "reprint", "priority"];
    add("POST", "/tickets/{id}/", &on_tickets);
    let at_counters = ["call-next", "recall", "start", "finish", "no-show", "hold", "transfer"];
    add("POST", "/counters/{id}/", &at_counters);
    add("POST", "/counters/{id}/", &["open", "pause", "close", "assign"]);
    let closure = ["request-closure", "withdraw-closure", "grant-closure", "refuse-closure"];
    add("POST", "/counters/{id}/", &closure);
    add("POST", "/services/{id}/", &["stop", "accept"]);
    add("POST", "/clock/", &["confirm"]);
    add("GET", "", &["/staff"]);
    add("POST", "/staff/{id}/", &["reset-pin"]);
    add("POST", "/slips/{id}/", &["seen", "spoiled"]);
    assert_eq!(plan, operations(&document()));
}

#[test]
fn the_document_says_who_may_and_which_key_makes_a_wish_safe_to_repeat() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["token"]["scheme"], &schemes["session"]["in"]),
        (&json!("bearer"), &json!("cookie"))
    );
    let scopes = |path: &str| operation(&document, "POST", path)["security"].clone();
    assert_eq!(scopes("/api/v1/tickets"), json!([{ "token": ["issue"] }, { "session": [] }]));
    assert_eq!(
        scopes("/api/v1/counters/{id}/close"),
        json!([{ "token": ["call"] }, { "token": ["supervise"] }, { "session": [] }])
    );
    assert_eq!(scopes("/api/v1/tickets/by-token/{token}/cancel"), Value::Null);
    for (method, path) in operations(&document) {
        let parameters = operation(&document, &method, &path)["parameters"].as_array().cloned();
        let key = parameters.unwrap_or_default().iter().any(|it| it["name"] == "Idempotency-Key");
        assert_eq!(key, method == "POST", "{method} {path}");
    }
}

#[test]
fn the_document_is_written_for_people_who_do_not_read_our_source() {
    let text = document().to_string();
    for inside in ["[`", "::", "\"$ref\":\"#/components/schemas/Said\""] {
        assert!(!text.contains(inside), "{inside} means nothing to a reader of the document");
    }
}

/// The codes with which the hall may refuse an operation, as the document has it.
fn documented(document: &Value, path: &str) -> BTreeSet<String> {
    let responses = &operation(document, "POST", path)["responses"];
    let codes = |status: &str| {
        let said = &responses[status]["content"]["application/json"]["schema"];
        let said = merged(&document["components"], said);
        said["properties"]["code"]["enum"].as_array().cloned().unwrap_or_default()
    };
    let all = [codes("404"), codes("409")].concat();
    all.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_refusal_of_the_hall_is_in_the_document() {
    let document = document();
    let posts = operations(&document).into_iter().filter(|(method, _)| method == "POST");
    let told: BTreeSet<String> = posts.flat_map(|(_, path)| documented(&document, &path)).collect();
    for refusal in Refusal::ALL {
        assert!(told.contains(refusal.code()), "no route says that it may refuse with {}", refusal.code());
    }
}

#[test]
fn no_random_day_hears_a_refusal_that_the_document_does_not_name() {
    let document = document();
    let mut runner = proptest::test_runner::TestRunner::new(cases(96));
    let told = runner.run(&prop::collection::vec(op(), 1..200), |ops| {
        let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
        for op in &ops {
            match op {
                Op::Later(seconds) => paper.now += TimeDelta::seconds(*seconds),
                Op::Config(which) => paper.rules = config(*which),
                _ => {}
            }
            let command = command(&paper.day, paper.now, op);
            let Err(refusal) = paper.wish(&command) else { continue };
            for path in routes_of(&command) {
                let known = documented(&document, &path).contains(refusal.code());
                prop_assert!(known, "{path} may refuse with {}", refusal.code());
            }
        }
        Ok(())
    });
    told.unwrap();
}
