//! A fixed run: the same wishes in the same order, each with its key. A wish that was not answered is made
//! again after the next start; in the end each must have been granted once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::audit::{self, Told};
use crate::support::program::Desk;

const TICKET: (&str, &str) = ("tickets", "ticket_issued");
const OPEN: (&str, &str) = ("counters/loket-3/open", "");
const CALL: (&str, &str) = ("counters/loket-3/call-next", "ticket_called");
const START: (&str, &str) = ("counters/loket-3/start", "service_started");
const FINISH: (&str, &str) = ("counters/loket-3/finish", "service_finished");

/// Route, and the line of the journal that it makes.
const STEPS: [(&str, &str); 20] = [
    TICKET, TICKET, OPEN, CALL, START, FINISH, TICKET, CALL, START, FINISH, TICKET, CALL, START, TICKET,
    FINISH, TICKET, CALL, START, FINISH, TICKET,
];

pub struct Errand<'d> {
    desk: &'d Desk,
    answers: Vec<Value>,
}

impl<'d> Errand<'d> {
    pub fn new(desk: &'d Desk) -> Self {
        Self { desk, answers: Vec::new() }
    }

    /// Goes on with the first wish that was not granted yet; false where one got no answer or "busy".
    pub fn go_on(&mut self, address: &str, mut after_each: impl FnMut(usize, &Value)) -> bool {
        while let Some((route, _)) = STEPS.get(self.answers.len()) {
            let step = self.answers.len();
            let wish = if *route == TICKET.0 { json!({ "service": "ktp" }) } else { json!({}) };
            let asked =
                self.desk.ask(address, &format!("/api/v1/{route}"), &wish, Some(&format!("step-{step}")));
            match asked {
                Some((200 | 201, answer)) => {
                    after_each(step, &answer);
                    self.answers.push(answer);
                }
                None | Some((503, _)) => return false,
                Some((status, answer)) => panic!("step {step}, {route}: {status} {answer}"),
            }
        }
        true
    }

    /// Every wish was granted exactly once, and what was told holds.
    pub fn check(&self, what: &str) {
        assert_eq!(self.answers.len(), STEPS.len(), "{what}");
        audit::check(&self.desk.data(), &told(&self.answers), what);
        let mut wished: BTreeMap<&str, i64> = BTreeMap::new();
        STEPS.iter().for_each(|(_, event)| *wished.entry(event).or_default() += 1);
        for (event, count) in wished.iter().filter(|(event, _)| !event.is_empty()) {
            let done = self.desk.rows(&format!("SELECT count(*) FROM journal WHERE event = '{event}'"));
            assert_eq!(done, *count, "{what}: {event}");
        }
    }
}

/// What people were told by the first answers of a run.
pub fn told(answers: &[Value]) -> Told {
    let mut told = Told::default();
    for ((route, _), answer) in STEPS.iter().zip(answers) {
        match (*route, answer["ticket"].is_object()) {
            ("tickets", _) => told.ticket(answer),
            ("counters/loket-3/call-next", true) => told.call("loket-3", &answer["ticket"]),
            _ => {}
        }
    }
    told
}
