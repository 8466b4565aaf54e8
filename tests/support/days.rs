//! Random days: what may happen in a hall, and the commands it becomes.

use antrean::queue::recovery::Cause;
use antrean::queue::rules::Parts;
use antrean::queue::{
    Actor, Adopt, At, BoxTrouble, Class, Command, Day, Delivery, Doubt, Ending, Given, Issue, KioskTrouble,
    Language, Nonce, NoticeId, Origin, Part, PartTrouble, Proof, Recovery, Rules, Seen, Seq, SlipId,
    SlipOutcome, SlipTrouble, StaffId, Text, TicketId,
};
use chrono::TimeDelta;
use proptest::prelude::*;

use super::rules::parts;
use super::scenario::{desk, loket};

/// The site as its config may be changed to while people wait.
pub fn config(which: usize) -> Rules {
    let mut parts = Parts { always_open: true, ..parts() };
    match which {
        0 => {}
        1 => parts.counters.retain(|counter| counter.number != 3),
        2 => parts.regular_between = 1,
        5 => parts.agencies[0].services[0].terms.quota = Some(3),
        3 => parts.agencies[0].services[0].prefix = "KB".parse().unwrap(),
        _ => parts.counters[3].services = vec!["paspor".into(), "ktp".into()],
    }
    parts.into()
}

/// Something that may happen in a hall.
#[derive(Debug, Clone)]
pub enum Op {
    Issue(usize, bool),
    Counter(usize, usize),
    Cancel(usize),
    Reprint(usize),
    Ticket(usize, usize, usize),
    Out(usize, usize, usize),
    Assign(usize, usize),
    Config(usize),
    Slip(usize, SlipOutcome),
    Later(i64),
    /// The system's clock is doubted, believed again after a step, or put right by a person.
    Clock(i64, usize),
    Settle,
    /// Put back from a backup: numbers up to this are known, or none.
    Recover(Option<u32>),
    /// For so many minutes; of 0, until somebody accepts.
    Stop(usize, i64),
    Accept(usize),
    /// A number of the band, with the minutes since the visitor came.
    Adopt(u32, usize, i64),
    /// Asked for, granted or refused.
    Closure(usize, usize),
    /// For so many minutes, or the first one taken down.
    Notice(i64),
    /// A printer or the kiosk, well or in one of three troubles.
    Part(usize, usize),
    /// The box was dark from so many seconds ago, for so many.
    Dark(i64, i64),
}

pub fn op() -> impl Strategy<Value = Op> {
    let outcome = prop_oneof![
        Just(SlipOutcome::Sent),
        Just(SlipOutcome::Printed { proof: Proof::Status }),
        Just(SlipOutcome::Uncertain { trouble: SlipTrouble::Mute }),
        Just(SlipOutcome::Spoiled),
    ];
    prop_oneof![
        6 => (0..4usize, any::<bool>()).prop_map(|(service, priority)| Op::Issue(service, priority)),
        9 => (0..5usize, 0..9usize).prop_map(|(counter, act)| Op::Counter(counter, act)),
        1 => (0..40usize).prop_map(Op::Cancel),
        1 => (0..40usize).prop_map(Op::Reprint),
        5 => (0..40usize, 0..4usize, 0..6usize).prop_map(|(nth, at, act)| Op::Ticket(nth, at, act)),
        3 => (0..4usize, 0..4usize, 0..6usize).prop_map(|(at, to, how)| Op::Out(at, to, how)),
        1 => (0..4usize, 0..3usize).prop_map(|(at, which)| Op::Assign(at, which)),
        1 => (0..6usize).prop_map(Op::Config),
        1 => (0..4usize, prop_oneof![Just(0), 1..90i64]).prop_map(|(service, min)| Op::Stop(service, min)),
        1 => (0..4usize).prop_map(Op::Accept),
        1 => (898..906u32, 0..4usize, -2..60i64).prop_map(|(n, service, min)| Op::Adopt(n, service, min)),
        2 => (0..5usize, 0..3usize).prop_map(|(at, how)| Op::Closure(at, how)),
        1 => (-10..60i64).prop_map(Op::Notice),
        2 => (0..3usize, 0..4usize).prop_map(|(part, how)| Op::Part(part, how)),
        1 => (0..50_000i64, -10..90_000i64).prop_map(|(ago, long)| Op::Dark(ago, long)),
        2 => ((0..40usize), outcome).prop_map(|(slip, outcome)| Op::Slip(slip, outcome)),
        1 => prop_oneof![0i64..600, -90_000i64..90_000].prop_map(Op::Later),
        1 => (-9_000i64..9_000, 0..3usize).prop_map(|(step_s, how)| Op::Clock(step_s, how)),
        1 => Just(Op::Settle),
        1 => prop_oneof![Just(None), (0..1_200u32).prop_map(Some)].prop_map(Op::Recover),
    ]
}

/// The command of an act; a change of the config is followed by the tick that notices it.
pub fn command(day: &Day, now: At, op: &Op) -> Command {
    let staff: StaffId = "ani".into();
    match op {
        Op::Issue(service, priority) => Command::Issue(Issue {
            service: ["ktp", "kk", "kia", "paspor"][*service].into(),
            class: if *priority { Class::Priority } else { Class::Regular },
            language: Language::EN,
            origin: Origin::Api("test".into()),
            printer: Some("printer-1".into()),
            nonce: Nonce((u128::from(day.seq().0) + 1).to_be_bytes()),
        }),
        Op::Counter(counter, act) => {
            let counter = loket(["3", "4", "5", "6", "99"][*counter]);
            let seen = Seen::Unsaid;
            match act {
                0 | 1 => Command::CallNext { counter, seen },
                2 => Command::Recall { counter, seen },
                3 => Command::Start { counter, seen },
                4 => Command::Finish { counter, seen, ending: Ending::default() },
                5 => Command::NoShow { counter, seen },
                6 => Command::OpenCounter { counter, staff },
                7 => Command::PauseCounter { counter },
                _ => Command::CloseCounter { counter },
            }
        }
        Op::Cancel(nth) => {
            let ticket = day.tickets().nth(*nth).map_or(TicketId(Seq(9_999)), |ticket| ticket.id);
            Command::Cancel { ticket, by: Actor::Staff(staff) }
        }
        Op::Reprint(nth) => {
            let ticket = day.tickets().nth(*nth).map(|ticket| ticket.id);
            Command::Reprint { ticket: ticket.unwrap_or(TicketId(Seq(9_999))), printer: None, by: staff }
        }
        Op::Ticket(nth, at, act) => {
            let ticket = day.tickets().nth(*nth).map_or(TicketId(Seq(9_999)), |ticket| ticket.id);
            let counter = loket(["3", "4", "5", "6"][*at]);
            let (seen, by) = (Seen::Unsaid, desk());
            match act {
                0 => Command::Call { counter, seen, ticket, reason: "urgent".into() },
                1 => Command::Resume { counter, seen, ticket },
                2 => Command::Return { ticket, by },
                3 => Command::SetClass { ticket, class: Class::Priority, by },
                4 => Command::SetClass { ticket, class: Class::Regular, by },
                _ => Command::Undo { ticket, counter: Some(counter), by },
            }
        }
        Op::Out(at, to, how) => {
            let counter = loket(["3", "4", "5", "6"][*at]);
            let seen = Seen::Unsaid;
            let service = ["ktp", "kk", "kia", "paspor"][*to].into();
            match how {
                0 => {
                    Command::Hold { counter, seen, reason: "copy".into(), until: now + TimeDelta::minutes(5) }
                }
                1 | 2 => Command::Transfer { counter, seen, service, only_at: None },
                3 => Command::Transfer { counter, seen, service, only_at: Some(loket("4")) },
                4 => Command::Transfer { counter, seen, service, only_at: Some(loket("6")) },
                _ => Command::Finish {
                    counter,
                    seen,
                    ending: Ending {
                        outcome: Some("referred".into()),
                        corrected: Some(service),
                        additional: vec![Delivery { service: "kk".into(), quantity: 2 }],
                    },
                },
            }
        }
        Op::Assign(at, which) => Command::AssignCounter {
            counter: loket(["3", "4", "5", "6"][*at]),
            services: vec![["ktp", "kia", "paspor"][*which].into()],
            by: staff,
        },
        Op::Slip(nth, outcome) => {
            let slip = day.slips().nth(*nth).map_or(SlipId(Seq(9_999)), |slip| slip.id);
            Command::ReportSlip { slip, outcome: *outcome, by: None }
        }
        Op::Stop(service, minutes) => Command::StopService {
            service: ["ktp", "kk", "kia", "paspor"][*service].into(),
            reason: "system".into(),
            until: (*minutes > 0).then(|| now + TimeDelta::minutes(*minutes)),
            by: desk(),
        },
        Op::Accept(service) => {
            let service = ["ktp", "kk", "kia", "paspor"][*service].into();
            Command::AcceptService { service, by: desk() }
        }
        Op::Adopt(n, service, minutes) => Command::Adopt(Adopt {
            number: format!("{}{n}", ["A", "A", "A", "B"][*service]).parse().unwrap(),
            service: ["ktp", "kk", "kia", "paspor"][*service].into(),
            class: Class::Regular,
            language: Language::ID,
            entered_at: now - TimeDelta::minutes(*minutes),
            origin: Origin::Desk(staff),
            nonce: Nonce((u128::from(day.seq().0) + 1).to_be_bytes()),
        }),
        Op::Closure(at, how) => {
            let counter = loket(["3", "4", "5", "6", "99"][*at]);
            match how {
                0 => Command::RequestClosure { counter, reason: "system".into(), by: staff },
                how => Command::DecideClosure { counter, granted: *how == 1, by: staff },
            }
        }
        Op::Notice(minutes) if *minutes < 0 => {
            let notice = day.notices().next().map_or(NoticeId(Seq(9_999)), |notice| notice.id);
            Command::EndNotice { notice, by: staff }
        }
        Op::Notice(minutes) => Command::PostNotice {
            text: Text::same("Genset diuji."),
            until: now + TimeDelta::minutes(*minutes),
            by: staff,
        },
        Op::Part(part, how) => Command::ReportPart {
            part: match part {
                0 => Part::Printer("printer-1".into()),
                1 => Part::Kiosk("anjungan-1".into()),
                _ => Part::Printer("gone".into()),
            },
            trouble: match how {
                0 => None,
                1 => Some(PartTrouble::Printer(SlipTrouble::PaperOut)),
                2 => Some(PartTrouble::Printer(SlipTrouble::TooLate)),
                _ => Some(PartTrouble::Kiosk(KioskTrouble::Hung)),
            },
            since: None,
        },
        Op::Dark(ago_s, long_s) => {
            let from = now - TimeDelta::seconds(*ago_s);
            Command::ReportDark { trouble: BoxTrouble::Power, from, to: from + TimeDelta::seconds(*long_s) }
        }
        Op::Later(_) | Op::Config(_) => Command::Tick,
        Op::Clock(step_s, how) => match how {
            2 => Command::ConfirmClock {
                truth: now + TimeDelta::seconds(*step_s),
                system: now,
                by: Actor::Staff(staff),
            },
            how => Command::FollowClock {
                offset_ms: 0,
                doubt: (*how == 0).then_some(Doubt::Stepped),
                step_ms: step_s * 1000,
                system: now,
            },
        },
        Op::Settle => Command::Settle,
        Op::Recover(known) => Command::Recover(Recovery {
            cause: Cause::Restored,
            at: now,
            backup_at: None,
            saved: 0,
            whole: false,
            known_at: None,
            given: match (known, day.date()) {
                (Some(n), Some(day)) => Given::UpTo { day, numbers: [("A".parse().unwrap(), *n)].into() },
                _ => Given::Unknown,
            },
        }),
    }
}
