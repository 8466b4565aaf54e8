//! How quickly numbers are given and called, as ratios to a bare loop that inserts the rows of a number.
//!
//! `cargo bench --bench issue`: five interleaved rounds on the same disk. `-- --only "HTTP issue, 8" --tickets 1200`
//! runs one side alone, for a profiler.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/bare.rs"]
mod bare;
#[path = "support/program.rs"]
mod program;
#[path = "support/rows.rs"]
mod rows;
#[path = "../tests/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use antrean::clock::Clock;
use antrean::hall::{self, Fate, Hall};
use antrean::queue::{Class, Command, Counter, Issue, Language, Origin, Rules};
use antrean::store::{DataFolder, Writer};
use program::Program;
use rows::{keep, median, percentile};
use support::rules::{offset, parts};
use support::web::{CALLING, ISSUING, Web};
use tokio::sync::oneshot;

const ROUNDS: usize = 5;
/// What MADO-queue (Flask and SQLite) reaches of a bare insert, and its p99 at eight connections.
const MADO: f64 = 0.13;
const MADO_P99_S: f64 = 0.12;

/// What one side of a round came to.
struct Run {
    /// Numbers or acts a second.
    rate: f64,
    p99_s: f64,
}

type Side = fn(usize, usize) -> Run;
const SIDES: &[(&str, usize, Side)] = &[
    ("bare loop, 1", 1, |tickets, each| Run { rate: bare::rate(tickets, each), p99_s: 0.0 }),
    ("hall, 1", 1, |tickets, _| one_client(tickets)),
    ("HTTP issue, 1", 1, |tickets, clients| over_http(tickets, clients, Act::Issue)),
    ("HTTP call, 1", 1, |tickets, clients| over_http(tickets, clients, Act::Call)),
    ("bare loop, 8", 8, |tickets, each| Run { rate: bare::rate(tickets, each), p99_s: 0.0 }),
    ("hall, 8", 8, through_hall),
    ("bare loop, 32", 32, |tickets, each| Run { rate: bare::rate(tickets, each), p99_s: 0.0 }),
    ("hall, 32", 32, through_hall),
    ("bare loop, 1, again", 1, |tickets, each| Run { rate: bare::rate(tickets, each), p99_s: 0.0 }),
    ("HTTP issue, 8", 8, |tickets, clients| over_http(tickets, clients, Act::Issue)),
    ("HTTP call, 8", 8, |tickets, clients| over_http(tickets, clients, Act::Call)),
];

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    // Of each client: what many do in a moment is too short to be measured.
    let tickets = told("--tickets").map_or(960, |text| text.parse().unwrap());
    let only = told("--only");
    let mut runs: Vec<Vec<Run>> = SIDES.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((name, clients, side), runs) in SIDES.iter().zip(&mut runs) {
            if only.as_deref().is_none_or(|only| only == *name) {
                runs.push(side(tickets * clients, *clients));
            }
        }
    }
    println!("{:<22} {:>10} {:>10}", "", "a second", "p99 ms");
    for ((name, ..), runs) in SIDES.iter().zip(&runs).filter(|(_, runs)| !runs.is_empty()) {
        let of = |value: fn(&Run) -> f64| median(&runs.iter().map(value).collect::<Vec<_>>());
        println!("{name:<22} {:>10.0} {:>10.3}", of(|run| run.rate), of(|run| run.p99_s * 1e3));
    }
    if only.is_none() {
        tell(&runs);
    }
}

/// The ratios, each of two neighbours in the same round.
fn tell(runs: &[Vec<Run>]) {
    let of = |name: &str| &runs[SIDES.iter().position(|(known, ..)| *known == name).unwrap()];
    let ratio = |name: &str, base: &str, share: f64| -> Vec<f64> {
        of(name).iter().zip(of(base)).map(|(run, base)| run.rate / base.rate / share).collect()
    };
    keep("hall-1", &ratio("hall, 1", "bare loop, 1", 1.0));
    keep("hall-8", &ratio("hall, 8", "bare loop, 8", 1.0));
    keep("hall-32", &ratio("hall, 32", "bare loop, 32", 1.0));
    for (act, name) in [("issue", "HTTP issue"), ("call", "HTTP call")] {
        keep(&format!("{act}-1"), &ratio(&format!("{name}, 1"), "bare loop, 1", MADO));
        keep(&format!("{act}-8"), &ratio(&format!("{name}, 8"), "bare loop, 1, again", MADO));
        let p99s: Vec<f64> = of(&format!("{name}, 8")).iter().map(|run| run.p99_s / MADO_P99_S).collect();
        keep(&format!("{act}-p99"), &p99s);
    }
}

fn told(name: &str) -> Option<String> {
    std::env::args().skip_while(|arg| arg != name).nth(1)
}

/// A hall with eight counters for one service.
fn open(folder: &tempfile::TempDir) -> (Hall, Clock, oneshot::Receiver<Fate>) {
    let mut parts = antrean::queue::rules::Parts { always_open: true, ..parts() };
    let first = parts.counters[0].clone();
    let counter = |number: u16| Counter { id: format!("loket-{number}").into(), number, ..first.clone() };
    parts.counters = (1..=8).map(counter).collect();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    let clock = Clock::system(offset());
    let (hall, fate) = hall::open(writer, Arc::new(Rules::from(parts)), clock.clone()).unwrap();
    (hall, clock, fate)
}

fn close(hall: &Hall, fate: oneshot::Receiver<Fate>) {
    hall.close();
    fate.blocking_recv().unwrap();
}

/// Clients as the product has them: tasks, not threads.
fn through_hall(tickets: usize, clients: usize) -> Run {
    let folder = bare::fresh();
    let (hall, _, fate) = open(&folder);
    let runtime = antrean::tasks::runtime();
    let one = |hall: Hall| async move {
        for _ in 0..tickets / clients {
            hall.execute(wish(&hall)).await.unwrap();
        }
    };
    let started = Instant::now();
    runtime.block_on(async {
        let clients: Vec<_> = (0..clients).map(|_| tokio::spawn(one(hall.clone()))).collect();
        for client in clients {
            client.await.unwrap();
        }
    });
    let rate = tickets as f64 / started.elapsed().as_secs_f64();
    close(&hall, fate);
    Run { rate, p99_s: 0.0 }
}

/// One client on a thread of its own, as the printer is.
fn one_client(tickets: usize) -> Run {
    let folder = bare::fresh();
    let (hall, _, fate) = open(&folder);
    let started = Instant::now();
    for _ in 0..tickets {
        hall.execute_blocking(wish(&hall)).unwrap();
    }
    let rate = tickets as f64 / started.elapsed().as_secs_f64();
    close(&hall, fate);
    Run { rate, p99_s: 0.0 }
}

fn wish(hall: &Hall) -> Command {
    Command::Issue(Issue {
        service: "ktp".into(),
        class: Class::Regular,
        language: Language::ID,
        origin: Origin::Kiosk("anjungan-1".into()),
        printer: Some("printer-1".into()),
        nonce: hall.new_nonce(),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Issue,
    Call,
}

/// Programs over keep-alive connections, one act after the other on each.
fn over_http(acts: usize, connections: usize, act: Act) -> Run {
    let folder = bare::fresh();
    let (hall, clock, fate) = open(&folder);
    for number in 1..=8 {
        let counter = format!("loket-{number}").as_str().into();
        hall.execute_blocking(Command::OpenCounter { counter, staff: "ani".into() }).unwrap();
    }
    if act == Act::Call {
        // For every second act, the calls.
        (0..acts / 2 + 8).for_each(|_| drop(hall.execute_blocking(wish(&hall)).unwrap()));
    }
    let web = Web::serve(&hall, clock);
    let (address, started) = (web.address, Instant::now());
    let took: Vec<f64> = std::thread::scope(|scope| {
        let of = |nth| {
            scope.spawn(move || match act {
                Act::Issue => issue(address, acts / connections),
                Act::Call => call(address, nth, acts / connections),
            })
        };
        let clients: Vec<_> = (1..=connections).map(of).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let rate = acts as f64 / started.elapsed().as_secs_f64();
    drop(web);
    close(&hall, fate);
    Run { rate, p99_s: percentile(&took, 99) }
}

/// Numbers; seconds of each answer.
fn issue(address: SocketAddr, count: usize) -> Vec<f64> {
    let mut program = Program::connect(address, ISSUING);
    (0..count).map(|_| program.post("/tickets", r#"{"service":"ktp","printer":"printer-1"}"#)).collect()
}

/// At a counter of its own: call next, start, and again; each is an act, the next call finishes the one before.
fn call(address: SocketAddr, counter: usize, count: usize) -> Vec<f64> {
    let mut program = Program::connect(address, CALLING);
    let acts = ["call-next", "start"].map(|act| format!("/counters/loket-{counter}/{act}"));
    acts.iter().cycle().take(count).map(|act| program.post(act, "")).collect()
}
