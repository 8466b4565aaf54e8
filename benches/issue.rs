//! How quickly numbers are given, as ratios to a bare loop that inserts the same rows.
//!
//! `cargo bench --bench issue`: five interleaved rounds, medians. Both sides write to the same disk,
//! WAL and synchronous = FULL; the bare loop decides nothing, checks nothing and answers nobody.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use antrean::clock::Clock;
use antrean::hall::{self, Hall};
use antrean::queue::{Command, Issue, Language, Nonce, Origin};
use antrean::store::{DataFolder, Writer};
use rusqlite::{Connection, params};
use support::rules::{always_open, offset};
use support::web::{ISSUING, Web};

const ROUNDS: usize = 5;
const TICKETS: usize = 960;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let mut table: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut p99s = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (name, rate) in [
            ("bare loop, 1 a transaction", bare(1)),
            ("hall, 1 client", one_client()),
            ("bare loop, 8 a transaction", bare(8)),
            ("hall, 8 clients", through_hall(8)),
            ("bare loop, 32 a transaction", bare(32)),
            ("hall, 32 clients", through_hall(32)),
            ("bare loop again, 1 a transaction", bare(1)),
            ("HTTP, 1 connection", over_http(1, &mut p99s[0])),
            ("HTTP, 8 connections", over_http(8, &mut p99s[1])),
        ] {
            match table.iter_mut().find(|(known, _)| *known == name) {
                Some((_, rates)) => rates.push(rate),
                None => table.push((name, vec![rate])),
            }
        }
    }
    println!("{:<34} {:>12} {:>8}", "tickets", "median /s", "ratio");
    let mut base = 1.0;
    for (name, rates) in &table {
        if name.starts_with("bare") {
            base = median(rates);
        }
        println!("{name:<34} {:>12.0} {:>8.2}", median(rates), median(rates) / base);
    }
    println!("p99 of an answer over HTTP, in fsyncs of the bare loop (1 a transaction)");
    for (connections, p99s) in [1, 8].iter().zip(&p99s) {
        println!("{connections} connections: {:.1}", median(p99s) * base);
    }
}

fn median(rates: &[f64]) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn rate(took: Duration) -> f64 {
    TICKETS as f64 / took.as_secs_f64()
}

fn fresh() -> tempfile::TempDir {
    // Beside the build output: a temporary folder may be in memory, where nothing is durable.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    drop(Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap());
    folder
}

fn through_hall(clients: usize) -> f64 {
    let folder = fresh();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    let (hall, fate) = hall::open(writer, Arc::new(always_open()), Clock::system(offset())).unwrap();
    // The runtime of the product: clients are connections, not threads.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let started = Instant::now();
    runtime.block_on(async {
        let clients: Vec<_> = (0..clients)
            .map(|_| {
                let hall = hall.clone();
                tokio::spawn(async move {
                    for _ in 0..TICKETS / clients {
                        hall.execute(wish(&hall)).await.unwrap();
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    });
    let took = started.elapsed();
    hall.close();
    fate.blocking_recv().unwrap();
    rate(took)
}

/// One client on a thread of its own, as the desk's tools are.
fn one_client() -> f64 {
    let folder = fresh();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    let (hall, fate) = hall::open(writer, Arc::new(always_open()), Clock::system(offset())).unwrap();
    let started = Instant::now();
    for _ in 0..TICKETS {
        hall.execute_blocking(wish(&hall)).unwrap();
    }
    let took = started.elapsed();
    hall.close();
    fate.blocking_recv().unwrap();
    rate(took)
}

fn wish(hall: &Hall) -> Command {
    Command::Issue(Issue {
        service: "ktp".into(),
        class: antrean::queue::Class::Regular,
        language: Language::ID,
        origin: Origin::Kiosk("anjungan-1".into()),
        printer: Some("printer-1".into()),
        nonce: hall.new_nonce(),
    })
}

/// Programs that issue over keep-alive connections, one after the other on each.
fn over_http(connections: usize, p99s: &mut Vec<f64>) -> f64 {
    let folder = fresh();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    let clock = Clock::system(offset());
    let (hall, fate) = hall::open(writer, Arc::new(always_open()), clock.clone()).unwrap();
    let web = Web::serve(&hall, clock);
    let started = Instant::now();
    let mut took: Vec<f64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| issue_over(web.address, TICKETS / connections)))
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let whole = started.elapsed();
    took.sort_by(f64::total_cmp);
    p99s.push(took[took.len() * 99 / 100]);
    drop(web);
    hall.close();
    fate.blocking_recv().unwrap();
    rate(whole)
}

/// Seconds of each answer.
fn issue_over(address: std::net::SocketAddr, count: usize) -> Vec<f64> {
    let body = r#"{"service":"ktp","printer":"printer-1"}"#;
    let request = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {ISSUING}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answer = [0; 8 * 1024];
    let mut one = || {
        let asked = Instant::now();
        stream.write_all(request.as_bytes()).unwrap();
        let mut got = 0;
        // An answer is one JSON object; its end is the end of what comes.
        while got == 0 || answer[got - 1] != b'}' {
            got += stream.read(&mut answer[got..]).unwrap();
        }
        assert!(answer.starts_with(b"HTTP/1.1 201"));
        asked.elapsed().as_secs_f64()
    };
    (0..count).map(|_| one()).collect()
}

/// The same rows as an issue writes, with nothing in front of them.
fn bare(per_transaction: usize) -> f64 {
    let folder = fresh();
    let mut conn = Connection::open(Path::join(folder.path(), "antrean.db")).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        .unwrap();
    let at = "2026-11-23T09:42:00.000+07:00";
    let body = r#"{"event":"ticket_issued","ticket":1000,"number":"A001","service":"ktp","agency":"dukcapil","class":"regular","language":"id","origin":{"at":"kiosk","id":"anjungan-1"},"printer":"printer-1","nonce":"00000000000000000000000000000000"}"#;
    let started = Instant::now();
    for chunk in 0..TICKETS / per_transaction {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        for i in 0..per_transaction {
            let n = (chunk * per_transaction + i + 1) as i64;
            tx.prepare_cached("INSERT INTO journal (seq, day, at, event, body) VALUES (?1, '2026-11-23', ?2, 'ticket_issued', ?3)")
                .unwrap()
                .execute(params![n, at, body])
                .unwrap();
            tx.prepare_cached(
                "INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, printer, reference,
                                     token_hash, state, issued_at)
                 VALUES (?1, '2026-11-23', 'A', ?1, 'ktp', 'dukcapil', 'regular', 'id', 'kiosk:anjungan-1', 'printer-1',
                         'ABCDEF', ?2, 'waiting', ?3)",
            )
            .unwrap()
            .execute(params![n, Nonce((n as u128).to_be_bytes()).0.repeat(2), at])
            .unwrap();
            tx.prepare_cached(
                "INSERT INTO stop (ticket, ord, service, entered_at) VALUES (?1, 1, 'ktp', ?2)",
            )
            .unwrap()
            .execute(params![n, at])
            .unwrap();
            tx.prepare_cached(
                "INSERT INTO slip (id, ticket, printer, reprint, state, queued_at) VALUES (?1, ?1, 'printer-1', 0, 'queued', ?2)",
            )
            .unwrap()
            .execute(params![n, at])
            .unwrap();
        }
        tx.commit().unwrap();
    }
    rate(started.elapsed())
}
