//! Whatever is wished in whatever order, the rules of the hall hold. `ANTREAN_CASES` says how many days
//! are tried; a day has up to 200 commands.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::{
    Belief, Board, Class, ClosedCode, Command, Console, Day, Event, Lineage, Openness, PublicEvent, Recorded,
    Refusal, Seen, Seq, TicketState, Told, calendar, turn,
};
use chrono::TimeDelta;
use proptest::prelude::*;
use support::chance::cases;
use support::days::{Op, command, config, op};
use support::rules::always_open;
use support::scenario::{Paper, loket};
use support::seasons;

proptest! {
    #![proptest_config(cases(128))]

    /// The invariants hold, a refusal changes nothing, the journal folds to the same day, the board
    /// follows by its own events.
    #[test]
    fn random_days_keep_every_rule(ops in prop::collection::vec(op(), 1..200)) {
        let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
        let mut board = Board::of(&paper.rules, &paper.day);
        for op in &ops {
            if let Op::Later(seconds) = op {
                paper.now += TimeDelta::seconds(*seconds);
            }
            if let Op::Config(which) = op {
                // A new config is a new board for everyone.
                paper.rules = config(*which);
                board = Board::of(&paper.rules, &paper.day);
            }
            let before = paper.day.clone();
            let known = paper.journal.len();
            let command = command(&paper.day, paper.now, op);
            if paper.wish(&command).is_err() {
                prop_assert_eq!(&before, &paper.day);
            }
            prop_assert_eq!(paper.day.check(), Ok(()), "after {:?}", command);
            let mut step = before;
            for recorded in &paper.journal[known..] {
                step.apply(recorded);
                let change = PublicEvent::of(&paper.rules, &step, recorded);
                let calm = change.call.is_none() && change.counters.is_empty() && change.notices.is_none();
                prop_assert!(
                    recorded.event.is_urgent() || calm && !change.day_changed,
                    "screens are told of this at once: {:?}",
                    recorded
                );
                board.apply(&change);
            }
            prop_assert_eq!(&board, &Board::of(&paper.rules, &paper.day), "after {:?}", command);
            for counter in &paper.rules.counters {
                prop_assert!(Console::of(&paper.rules, &paper.day, &counter.id).is_ok());
            }
        }
        let mut folded = Day::blank(Lineage("test".into()), Seq(0));
        for recorded in &paper.journal {
            let json = serde_json::to_string(&recorded.event).unwrap();
            let event = serde_json::from_str(&json).unwrap();
            folded.apply(&Recorded { event, ..recorded.clone() });
        }
        prop_assert_eq!(folded, paper.day);
    }

    /// An act that is taken back leaves the ticket as if it had never been done.
    #[test]
    fn what_is_undone_was_never_done(ops in prop::collection::vec(op(), 1..80), at in 0..4usize) {
        let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
        for op in ops.iter().filter(|op| !matches!(op, Op::Config(_) | Op::Later(_))) {
            let command = command(&paper.day, paper.now, op);
            let before = paper.day.clone();
            let known = paper.journal.len();
            if paper.wish(&command).is_err() || paper.journal.len() != known + 1 {
                continue;
            }
            let Some(ticket) = undoable(&paper.journal[known].event) else { continue };
            let counter = [None, Some(loket("3")), Some(loket("4")), Some(loket("6"))][at].clone();
            let done = paper.clone();
            let by = antrean::queue::Actor::Staff("ani".into());
            if paper.wish(&Command::Undo { ticket, counter, by }).is_ok() {
                let (was, is) = (before.ticket(ticket).unwrap(), paper.day.ticket(ticket).unwrap());
                let is = antrean::queue::Ticket { seq: was.seq, undo: was.undo.clone(), ..is.clone() };
                prop_assert_eq!(was, &is);
                paper.day.check().unwrap();
            }
            paper = done;
        }
    }

    /// By call-next alone, a regular ticket with k older ones is overtaken at most k / between + 1 times
    /// at each counter, and within a class nobody is called before an older one.
    #[test]
    fn nobody_is_overtaken_beyond_the_bound(
        visitors in prop::collection::vec((any::<bool>(), 0..3usize, 0..4usize), 1..120)
    ) {
        let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
        let between = paper.rules.regular_between as usize;
        let counters = ["3", "4"].map(loket);
        for counter in &counters {
            paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
        }
        let mut older = std::collections::HashMap::new();
        let mut overtaken = std::collections::HashMap::new();
        for (priority, service, calls) in visitors {
            let class = if priority { Class::Priority } else { Class::Regular };
            paper.issue(["ktp", "kk", "kia"][service], class).unwrap();
            let newest = paper.day.tickets().last().unwrap().id;
            let waits = |ticket: &&antrean::queue::Ticket| ticket.state == TicketState::Waiting;
            let regulars = paper.day.tickets().filter(waits).filter(|it| it.class == Class::Regular);
            older.insert(newest, regulars.filter(|it| it.id != newest).count());
            for call in 0..calls.saturating_sub(1) {
                let counter = &counters[call % 2];
                let known = paper.rules.counter(counter).unwrap().clone();
                let Some(turn) = turn::next(&paper.rules, &paper.day, &known) else { continue };
                let called = paper.day.ticket(turn.ticket).unwrap().clone();
                let left: Vec<_> = paper.day.tickets().filter(waits).filter(|it| {
                    it.id < called.id && known.services.contains(&it.service)
                }).cloned().collect();
                for waiting in left {
                    prop_assert!(waiting.class != called.class, "{} before {}", called.number, waiting.number);
                    prop_assert!(called.class == Class::Priority, "a regular one overtook");
                    let count: &mut usize = overtaken.entry((waiting.id, counter.clone())).or_default();
                    *count += 1;
                    let bound = older[&waiting.id] / between + 1;
                    prop_assert!(*count <= bound, "{} overtaken {} times, {} were older", waiting.number, count, older[&waiting.id]);
                }
                let seen = Seen::Unsaid;
                paper.wish(&Command::CallNext { counter: counter.clone(), seen }).unwrap();
                paper.wish(&Command::NoShow { counter: counter.clone(), seen }).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(32))]

    /// Whatever the calendar, the terms and the acts: `until` and `opens` are true, time alone changes
    /// nothing before the next crossing, a number is refused exactly where the answer is no, and everyone
    /// has been told the answer.
    #[test]
    fn open_or_closed_is_one_answer_with_true_times(
        rules in seasons::rules(),
        start in 0..10_080i64,
        acts in prop::collection::vec((op(), prop_oneof![4 => 0..900i64, 1 => 900..40_000i64], 0..1000i64), 1..60),
    ) {
        let mut paper = Paper::open(rules, "2026-11-21 00:00");
        // Two hours each, as the days before have taught: so few are enough to pass closing.
        let cycles = ["ktp", "paspor"].map(|service| (service.into(), vec![7200; 6])).into();
        let (from, to, clock) = (None, "2026-11-20".parse().unwrap(), Belief::default());
        let event = Event::DayChanged { from, to, expired: vec![], ended: vec![], closed: vec![], cycles, clock, config: None, failed: Default::default(), since_invited: 0 };
        paper.day = Day::blank(Lineage("test".into()), Seq(0));
        paper.day.apply(&Recorded { seq: Seq(1), at: paper.now - TimeDelta::hours(9), day: to, event });
        paper.wish(&Command::Tick).unwrap();
        live_until(&mut paper, support::rules::at("2026-11-21 00:00") + TimeDelta::minutes(start));
        for (op, pause_s, part) in acts.iter().filter(|(op, ..)| !matches!(op, Op::Config(_) | Op::Later(_))) {
            let then = paper.now + TimeDelta::seconds(*pause_s);
            live_until(&mut paper, then);
            let (rules, now) = (paper.rules.clone(), paper.now);
            if *part < 300 {
                for counter in ["4", "6"].map(loket) {
                    let _ = paper.wish(&Command::OpenCounter { counter, staff: "ani".into() });
                }
                let _ = paper.issue("paspor", Class::Regular);
            }
            let _ = paper.wish(&command(&paper.day, now, op));
            // An answer to "what time is it?" moves it.
            let now = paper.now;
            let (day, moment) = (paper.day.clone(), TimeDelta::milliseconds(1));
            let crossing = calendar::next_crossing(&rules, &day, now);
            prop_assert!(crossing > now);
            let between = now + TimeDelta::milliseconds((crossing - now).num_milliseconds() * part / 1000);
            let services = rules.agencies.iter().flat_map(|agency| agency.services.iter().map(move |it| (agency, it)));
            for (agency, service) in services {
                let at = |at| calendar::openness(&rules, &day, agency, service, at);
                let answer = at(now);
                let said = essence(&answer);
                let context = format!("{} at {now} after {op:?}: {answer:?}", service.id);
                prop_assert_eq!(day.told(&service.id), Some(&Told::from(answer.clone())), "told: {}", context);
                for still in [between, crossing - moment] {
                    prop_assert_eq!(&said, &essence(&at(still)), "{} before {}: {}", still, crossing, context);
                }
                let until = match &answer {
                    Openness::Open { until, .. } => *until,
                    Openness::Closed(closed) => closed.until,
                };
                if let Some(until) = until {
                    prop_assert!(until >= crossing, "{context}");
                    prop_assert_eq!(&said, &essence(&at(until - moment)), "before its end: {}", context);
                    prop_assert_ne!(&said, &essence(&at(until)), "at its end: {}", context);
                } else {
                    let month = now + TimeDelta::days(30);
                    prop_assert_eq!(&said, &essence(&at(month)), "for ever: {}", context);
                }
                if let Some(opens) = answer.clone().closed().and_then(|closed| closed.opens) {
                    prop_assert!(opens > now, "{context}");
                    let code = at(opens).closed().map(|closed| closed.code);
                    let by_people = [None, Some(ClosedCode::Unstaffed), Some(ClosedCode::PastClosing)];
                    prop_assert!(by_people.contains(&code), "{code:?} at its opening: {context}");
                }
                let wish = Op::Issue(["ktp", "kk", "kia", "paspor"].iter().position(|id| service.id.as_str() == *id).unwrap(), false);
                let decided = paper.clone().wish(&command(&day, now, &wish));
                let refused = matches!(decided, Err(Refusal::ServiceClosed(_)));
                prop_assert_eq!(refused, !answer.is_open(), "{}", context);
            }
        }
    }
}

/// The hall as its keeper keeps it: it ticks at every instant at which something changes by itself.
fn live_until(paper: &mut Paper, then: antrean::queue::At) {
    loop {
        let next = calendar::next_crossing(&paper.rules, &paper.day, paper.now);
        let next = paper.day.next_return().map_or(next, |back| back.min(next)).max(paper.now);
        if next > then {
            break;
        }
        paper.now = next;
        paper.wish(&Command::Tick).unwrap();
    }
    paper.now = then;
}

/// What an answer is, without its times.
fn essence(openness: &Openness) -> String {
    match openness {
        Openness::Open { warning, .. } => format!("open {warning:?}"),
        Openness::Closed(closed) => format!("{:?} {:?}", closed.code, closed.name),
    }
}

fn undoable(event: &Event) -> Option<antrean::queue::TicketId> {
    match event {
        Event::ServiceFinished { ticket, .. }
        | Event::TicketMissed { ticket, .. }
        | Event::TicketCancelled { ticket, .. }
        | Event::TicketTransferred { ticket, .. } => Some(*ticket),
        _ => None,
    }
}
