//! A hall without a disk, and scenarios that a greeter could read.

use antrean::queue::{
    Actor, Class, Command, CounterId, Day, Delivery, Ending, Event, Issue, Language, Lineage, Nonce, Origin,
    Recorded, Refusal, Rules, Seen, Seq, TicketId, TicketNumber, decide,
};
use chrono::TimeDelta;

use super::rules::at;

/// A hall without a disk: what is decided is believed at once.
#[derive(Clone)]
pub struct Paper {
    pub rules: Rules,
    pub day: Day,
    pub now: antrean::queue::At,
    pub journal: Vec<Recorded>,
}

impl Paper {
    pub fn open(rules: Rules, now: &str) -> Self {
        let day = Day::blank(Lineage("test".into()), Seq(0));
        let mut paper = Self { rules, day, now: at(now), journal: vec![] };
        paper.wish(&Command::Tick).unwrap();
        paper
    }

    pub fn wish(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.rules, &self.day, command, self.now)?;
        for event in events.clone() {
            let day = match &event {
                Event::DayChanged { to, .. } => *to,
                _ => self.day.date().unwrap_or_default(),
            };
            let recorded = Recorded { seq: self.day.seq().next(), at: self.now, day, event };
            self.day.apply(&recorded);
            self.journal.push(recorded);
        }
        for event in &events {
            // As the hall does: it may be another day.
            if let Event::ClockConfirmed { moved, .. } = event {
                self.now += chrono::TimeDelta::milliseconds(moved.step_ms);
                self.wish(&Command::Tick)?;
            }
        }
        Ok(events)
    }

    /// The ticket with this number; a stranger's where there is none.
    pub fn id(&self, number: &str) -> TicketId {
        self.day.ticket_numbered(&number.parse().unwrap()).map_or(TicketId(Seq(9_999)), |ticket| ticket.id)
    }

    pub fn stop(
        &mut self,
        service: &str,
        reason: &str,
        until: Option<antrean::queue::At>,
    ) -> Result<Vec<Event>, Refusal> {
        let (service, reason) = (service.into(), reason.into());
        self.wish(&Command::StopService { service, reason, until, by: desk() })
    }

    fn class(&mut self, number: &str, class: Class) -> Result<Vec<Event>, Refusal> {
        let ticket = self.id(number);
        self.wish(&Command::SetClass { ticket, class, by: desk() })
    }

    pub fn issue(&mut self, service: &str, class: Class) -> Result<Vec<Event>, Refusal> {
        let seed = self.day.seq().0 as u8;
        self.wish(&Command::Issue(Issue {
            service: service.into(),
            class,
            language: Language::ID,
            origin: Origin::Kiosk("anjungan-1".into()),
            printer: Some("printer-1".into()),
            nonce: Nonce([seed; 16]),
        }))
    }
}

/// Whoever stands at the information desk.
pub fn desk() -> Actor {
    Actor::Staff("siti".into())
}

pub fn finish(counter: &str, ending: Ending) -> Command {
    Command::Finish { counter: loket(counter), seen: Seen::Unsaid, ending }
}

pub fn loket(number: &str) -> CounterId {
    format!("loket-{number}").as_str().into()
}

/// Runs a scenario: one act a line, `= A001` for the number it is about, `! code` for a refusal.
pub fn check(rules: Rules, scenario: &str) {
    let mut paper = Paper::open(rules, "2026-11-23 09:00");
    for line in scenario.lines().map(str::trim).filter(|line| !line.is_empty()) {
        paper.now += TimeDelta::seconds(5);
        let (act, expected) = match line.find(['=', '!']) {
            Some(mark) => (line[..mark].trim(), Some(line[mark..].to_owned())),
            None => (line, None),
        };
        let words: Vec<&str> = act.split_whitespace().collect();
        let seen = Seen::Unsaid;
        let done = match words.as_slice() {
            ["issue", service] => paper.issue(service, Class::Regular),
            ["issue", "priority", service] => paper.issue(service, Class::Priority),
            ["open", n] => paper.wish(&Command::OpenCounter { counter: loket(n), staff: "ani".into() }),
            ["pause", n] => paper.wish(&Command::PauseCounter { counter: loket(n) }),
            ["close", n] => paper.wish(&Command::CloseCounter { counter: loket(n) }),
            ["call", n] => paper.wish(&Command::CallNext { counter: loket(n), seen }),
            ["recall", n] => paper.wish(&Command::Recall { counter: loket(n), seen }),
            ["start", n] => paper.wish(&Command::Start { counter: loket(n), seen }),
            ["finish", n] => paper.wish(&finish(n, Ending::default())),
            ["finish", n, "as", outcome] => {
                paper.wish(&finish(n, Ending { outcome: Some((*outcome).into()), ..Ending::default() }))
            }
            ["finish", n, "really", service] => {
                paper.wish(&finish(n, Ending { corrected: Some((*service).into()), ..Ending::default() }))
            }
            ["finish", n, "and", times, service] => {
                let extra = Delivery { service: (*service).into(), quantity: times.parse().unwrap() };
                paper.wish(&finish(n, Ending { additional: vec![extra], ..Ending::default() }))
            }
            ["call", number, "to", n, "because", reason] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Call { counter: loket(n), seen, ticket, reason: (*reason).into() })
            }
            ["hold", n, "for", minutes, reason] => {
                let until = paper.now + TimeDelta::minutes(minutes.parse().unwrap());
                paper.wish(&Command::Hold { counter: loket(n), seen, reason: (*reason).into(), until })
            }
            ["resume", number, "at", n] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Resume { counter: loket(n), seen, ticket })
            }
            ["transfer", n, "to", service] => paper.wish(&Command::Transfer {
                counter: loket(n),
                seen,
                service: (*service).into(),
                only_at: None,
            }),
            ["transfer", n, "to", service, "at", other] => paper.wish(&Command::Transfer {
                counter: loket(n),
                seen,
                service: (*service).into(),
                only_at: Some(loket(other)),
            }),
            ["return", number] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Return { ticket, by: desk() })
            }
            ["undo", number, "at", n] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Undo { ticket, counter: Some(loket(n)), by: Actor::Staff("ani".into()) })
            }
            ["undo", number] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Undo { ticket, counter: None, by: desk() })
            }
            ["give", "priority", number] => paper.class(number, Class::Priority),
            ["take", "priority", number] => paper.class(number, Class::Regular),
            ["desk", "cancels", number] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Cancel { ticket, by: desk() })
            }
            ["assign", n, services @ ..] => paper.wish(&Command::AssignCounter {
                counter: loket(n),
                services: services.iter().map(|&service| service.into()).collect(),
                by: "siti".into(),
            }),
            ["stop", service, "for", minutes, "because", reason] => {
                let until = paper.now + TimeDelta::minutes(minutes.parse().unwrap());
                paper.stop(service, reason, Some(until))
            }
            ["stop", service, "because", reason] => paper.stop(service, reason, None),
            ["accept", service] => {
                paper.wish(&Command::AcceptService { service: (*service).into(), by: desk() })
            }
            ["wait", time] => {
                let (count, unit) = time.split_at(time.len() - 1);
                let count: i64 = count.parse().unwrap();
                // Every line takes five seconds by itself.
                paper.now += TimeDelta::seconds(if unit == "m" { count * 60 } else { count } - 5);
                paper.wish(&Command::Tick)
            }
            ["no-show", n] => paper.wish(&Command::NoShow { counter: loket(n), seen }),
            ["cancel", number] => {
                let ticket = paper.id(number);
                paper.wish(&Command::Cancel { ticket, by: Actor::Visitor })
            }
            ["clock", day, time] => {
                paper.now = at(&format!("{day} {time}"));
                paper.wish(&Command::Tick)
            }
            other => panic!("no such act: {other:?}"),
        };
        paper.day.check().unwrap_or_else(|broken| panic!("after {line:?}: {broken}"));
        let told = match &done {
            Err(refusal) => format!("! {}", refusal.code()),
            Ok(events) => {
                number_of(&paper.day, events).map_or_else(String::new, |number| format!("= {number}"))
            }
        };
        match expected {
            Some(expected) => assert_eq!(told, expected, "in {line:?}"),
            None => assert!(done.is_ok(), "{line:?} was refused: {told}"),
        }
    }
}

fn number_of(day: &Day, events: &[Event]) -> Option<TicketNumber> {
    let ticket = events.iter().rev().find_map(|event| match event {
        Event::TicketIssued { ticket, .. }
        | Event::TicketCalled { ticket, .. }
        | Event::TicketRecalled { ticket, .. }
        | Event::ServiceStarted { ticket, .. }
        | Event::ServiceFinished { ticket, .. }
        | Event::TicketMissed { ticket, .. }
        | Event::TicketCancelled { ticket, .. }
        | Event::TicketHandedBack { ticket, .. }
        | Event::TicketHeld { ticket, .. }
        | Event::HoldEnded { ticket }
        | Event::TicketResumed { ticket, .. }
        | Event::TicketTransferred { ticket, .. }
        | Event::TicketReturned { ticket, .. }
        | Event::ClassChanged { ticket, .. }
        | Event::TicketReopened { ticket, .. } => Some(*ticket),
        _ => None,
    })?;
    day.ticket(ticket).map(|ticket| ticket.number.clone())
}
