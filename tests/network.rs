//! People and programs on the network that do not behave: half a request, a byte at a time, answers nobody reads,
//! streams nobody follows, bombs, nonsense, and nothing at all. Meanwhile every visitor gets a number.
//!
//! The long form, with more of each and again and again: `ANTREAN_CHAOS=20` (rounds).
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use antrean::web::{Limits, Settings};
use serde_json::json;
use support::house::House;
use support::web::{ISSUING, Web};

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// Numbers that are taken meanwhile; in the long form enough for a hundredth of them to be more than one.
const VISITORS: usize = 60;
const MANY_VISITORS: usize = 600;

/// One at a time: what is counted is the process's.
static ALONE: Mutex<()> = Mutex::new(());

/// Limits as the box has them, only sooner.
fn soon() -> Limits {
    Limits {
        head: Duration::from_millis(1_500),
        request: Duration::from_secs(2),
        taking: Duration::from_millis(1_500),
        ..Limits::default()
    }
}

struct Site {
    house: House,
    web: Web,
    _alone: MutexGuard<'static, ()>,
}

impl Site {
    fn open() -> Self {
        Self::with(soon())
    }

    fn with(limits: Limits) -> Self {
        Self::set(|settings| settings.limits = limits)
    }

    fn set(settings: impl FnOnce(&mut Settings)) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let house = House::open();
        let web = Web::serve_with(&house.hall, house.time.clone(), settings);
        Self { house, web, _alone: alone }
    }

    /// Somebody's connection, on which this was said.
    fn says(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.web.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // Whoever is turned away may find the door shut while still speaking.
        let _ = stream.write_all(bytes);
        stream
    }

    fn get(&self, path: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.web.address).into_bytes()
    }

    /// The head of a wish for a number with a body of a length of which something may be said.
    fn wish(&self, more: &str) -> Vec<u8> {
        let head = "Authorization: Bearer antrean_issuing\r\nContent-Type: application/json";
        format!("POST /api/v1/tickets HTTP/1.1\r\nHost: {}\r\n{head}\r\n{more}", self.web.address)
            .into_bytes()
    }

    /// How many places of a kind are taken, whoever asks for this not counted.
    fn taken(&self, kind: &str) -> usize {
        let told = self.web.browser().get("/metrics").body;
        let line = format!("antrean_web_taken{{kind=\"{kind}\"}} ");
        let found = told.lines().find_map(|it| it.strip_prefix(&line)).unwrap();
        let taken = found.parse::<f64>().unwrap() as usize;
        if kind == "connections" { taken - 1 } else { taken }
    }

    /// Waits until nobody has a place of a kind.
    fn emptied(&self, kind: &str) {
        let until = Instant::now() + PATIENCE;
        while self.taken(kind) > 0 {
            assert!(Instant::now() < until, "{} {kind} are never given back", self.taken(kind));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Every visitor gets a number of their own; what the slowest of a hundred waited, and the slowest.
    fn numbers(&self) -> (Duration, Duration) {
        let visitors = if rounds() > 1 { MANY_VISITORS } else { VISITORS };
        let portal = self.web.program(ISSUING);
        let (mut waits, mut numbers) = (Vec::new(), BTreeSet::new());
        for _ in 0..visitors {
            let asked = Instant::now();
            let answer = portal.post("/api/v1/tickets", &json!({ "service": "ktp" }));
            waits.push(asked.elapsed());
            assert_eq!(answer.status, 201, "{}", answer.body);
            numbers.insert(answer.json()["number"].to_string());
        }
        assert_eq!(numbers.len(), visitors, "a number was given twice");
        waits.sort_unstable();
        (waits[waits.len() * 99 / 100], waits[waits.len() - 1])
    }

    /// Numbers are given while somebody misbehaves, and it is told what that costs.
    fn meanwhile<T>(&self, what: &str, misbehave: impl FnOnce(&Self) -> T) -> T {
        self.numbers();
        let (alone, _) = self.numbers();
        let held = misbehave(self);
        let (meanwhile, longest) = self.numbers();
        let ratio = meanwhile.as_secs_f64() / alone.as_secs_f64();
        println!(
            "{what}: p99 {meanwhile:?} meanwhile, {alone:?} alone, ratio {ratio:.2}; longest {longest:?}"
        );
        held
    }
}

/// How many rounds of each.
fn rounds() -> usize {
    std::env::var("ANTREAN_CHAOS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Whether the other end has closed, within patience; what it said before is dropped.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut said = [0; 4_096];
    loop {
        match stream.read(&mut said) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

/// The status that is answered, and nothing where it is closed without a word.
fn status(stream: &mut TcpStream) -> Option<u16> {
    let mut said = Vec::new();
    let mut part = [0; 4_096];
    while let Ok(some) = stream.read(&mut part) {
        said.extend_from_slice(&part[..some]);
        if some == 0 || said.windows(2).any(|pair| pair == b"\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&said).split(' ').nth(1).and_then(|status| status.parse().ok())
}

fn handles() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Kilobytes in memory.
fn memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

#[test]
fn a_thousand_connections_that_do_nothing_hold_nobody_up_and_are_closed() {
    let site = Site::open();
    let before = handles();
    for _ in 0..rounds() {
        let silent: Vec<TcpStream> =
            site.meanwhile("1,000 silent connections", |site| (0..1_000).map(|_| site.says(b"")).collect());
        let closed = silent.into_iter().map(|mut stream| is_closed(&mut stream));
        assert_eq!(closed.filter(|closed| *closed).count(), 1_000);
        site.emptied("connections");
    }
    assert!(handles() <= before + 4, "{} handles, {before} before", handles());
}

#[test]
fn half_a_head_and_a_byte_at_a_time_are_given_up_in_time() {
    let site = Site::open();
    let mut held: Vec<TcpStream> = site.meanwhile("400 half heads", |site| {
        (0..400).map(|_| site.says(b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")).collect()
    });
    let slow = site.says(b"");
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for byte in site.get("/healthz").iter().cycle() {
                if over.load(Ordering::Relaxed) || (&slow).write_all(&[*byte]).is_err() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let closed = is_closed(&mut slow.try_clone().unwrap());
        over.store(true, Ordering::Relaxed);
        assert!(closed, "a head that comes byte by byte");
    });
    assert!(held.iter_mut().all(is_closed));
    site.emptied("connections");
}

#[test]
fn a_body_that_never_ends_is_given_up_and_one_too_large_is_refused() {
    let site = Site::open();
    let seq = || site.house.hall.present().day.seq();
    let mut held: Vec<TcpStream> = site.meanwhile("200 slow bodies", |site| {
        (0..200).map(|_| site.says(&site.wish("Content-Length: 40\r\n\r\n{\"service\":"))).collect()
    });
    let before = seq();
    let answers: Vec<_> = held.iter_mut().map(status).collect();
    assert!(answers.iter().all(|status| *status == Some(408)), "{answers:?}");
    assert!(held.iter_mut().all(is_closed));
    let declared = site.wish("Content-Length: 99999999999\r\n\r\n");
    let unending = site.wish("Transfer-Encoding: chunked\r\n\r\n");
    let chunk = [b"2000\r\n".to_vec(), vec![b' '; 0x2000], b"\r\n".to_vec()].concat();
    let mut flood = site.says(&unending);
    for _ in 0..64 {
        if flood.write_all(&chunk).is_err() {
            break;
        }
    }
    let mut more = declared.clone();
    more.extend_from_slice(&[b'{'; 70_000]);
    assert_eq!(status(&mut site.says(&more)), Some(413), "declared too large");
    assert!(matches!(status(&mut flood), Some(413) | None), "chunks without end");
    let quiet = status(&mut site.says(&declared));
    assert!(matches!(quiet, Some(408 | 413)), "declared too large, and nothing comes: {quiet:?}");
    assert_eq!(seq(), before, "a body that was not taken did something");
    drop((held, flood));
    site.emptied("connections");
}

#[test]
fn heads_that_are_too_large_or_have_too_many_lines_are_refused_before_they_fill_the_memory() {
    let site = Site::open();
    let before = memory_kb();
    let get = site.get("/healthz");
    let head = &get[..get.len() - 2];
    let many: Vec<u8> =
        [head, (0..500).map(|n| format!("X-{n}: y\r\n")).collect::<String>().as_bytes(), b"\r\n"].concat();
    let huge = [head, b"Cookie: a=", &vec![b'x'; 400 * 1024], b"\r\n\r\n"].concat();
    let path = site.get(&format!("/{}", "x".repeat(200 * 1024)));
    // The last word is missing: whoever keeps a head until it is whole keeps all of these.
    let held: Vec<TcpStream> = site.meanwhile("300 heads of 400 KiB", |site| {
        (0..300).map(|_| site.says(&huge[..huge.len() - 2])).collect()
    });
    for (what, bomb) in [("many lines", many), ("a huge line", huge), ("a huge path", path)] {
        let told = status(&mut site.says(&bomb));
        // Closed while it was still speaking, it may hear nothing.
        assert!(matches!(told, Some(431 | 414) | None), "{what}: {told:?}");
    }
    let grown = memory_kb().saturating_sub(before);
    assert!(grown < 60_000, "{grown} KB for heads that nobody may send");
    drop(held);
    site.emptied("connections");
}

#[test]
fn an_answer_that_nobody_reads_is_dropped_and_requests_in_a_row_are_answered_in_order() {
    let site = Site::open();
    let row = [site.get("/healthz"), site.get("/api/v1/no-such"), site.get("/healthz")].concat();
    let mut stream = site.says(&row);
    let mut said = String::new();
    while said.matches("HTTP/1.1").count() < 3 || !said.ends_with("ok\n") {
        let mut part = [0; 4_096];
        let some = stream.read(&mut part).unwrap();
        assert!(some > 0, "{said}");
        said += std::str::from_utf8(&part[..some]).unwrap();
    }
    let statuses: Vec<&str> = said.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "404", "200"]);
    let many = site.get("/api/openapi.json").repeat(100);
    let before = memory_kb();
    let held: Vec<TcpStream> = site.meanwhile("100 clients that read none of 100 answers", |site| {
        (0..100).map(|_| site.says(&many)).collect()
    });
    let grown = memory_kb().saturating_sub(before);
    assert!(grown < 30_000, "{grown} KB for answers that nobody reads");
    // They hold on, and take nothing: the box lets go.
    site.emptied("connections");
    drop((stream, held));
}

#[test]
fn pictures_that_nobody_takes_fill_no_memory() {
    const PICTURE: usize = 15 << 20;
    let folder = tempfile::tempdir().unwrap();
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\0\0\0\0".to_vec();
    picture.resize(PICTURE - 12, 7);
    picture.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    std::fs::write(folder.path().join("hall.png"), &picture).unwrap();
    let site = Site::set(|settings| {
        settings.limits = soon();
        settings.lobby.pictures = Some(folder.path().to_owned());
    });
    let whole = site.web.browser().get("/pictures");
    assert_eq!(whole.body, r#"["hall.png"]"#);
    let before = memory_kb();
    let ask = site.get("/pictures/hall.png");
    let mut held: Vec<TcpStream> = site
        .meanwhile("200 clients that read no picture", |site| (0..200).map(|_| site.says(&ask)).collect());
    assert_eq!(status(&mut held[0]), Some(200));
    let grown = memory_kb().saturating_sub(before);
    assert!(grown < 60_000, "{grown} KB for pictures of {PICTURE} bytes that nobody reads");
    site.emptied("connections");
    // And whoever reads it has it as it is.
    let mut stream = site.says(&site.get("/pictures/hall.png"));
    let mut said = Vec::new();
    while said.len() < PICTURE || !said.ends_with(b"IEND\xae\x42\x60\x82") {
        let mut part = vec![0; 1 << 20];
        let some = stream.read(&mut part).unwrap();
        assert!(some > 0, "it broke off after {} bytes", said.len());
        said.extend_from_slice(&part[..some]);
    }
    assert_eq!(said[said.len() - PICTURE..], picture);
}

#[test]
fn a_thousand_screens_are_served_and_one_more_is_told_to_ask_instead() {
    let site = Site::open();
    let (before, memory) = (handles(), memory_kb());
    for _ in 0..rounds() {
        let ask = site.get("/api/v1/events");
        let mut screens: Vec<TcpStream> =
            site.meanwhile("1,000 screens", |site| (0..1_000).map(|_| site.says(&ask)).collect());
        let told: Vec<_> = screens.iter_mut().map(status).collect();
        assert!(told.iter().all(|status| *status == Some(200)), "every screen is served");
        assert_eq!(site.taken("streams"), 1_000);
        let further = site.web.browser().get("/api/v1/events");
        assert_eq!((further.status, further.code().as_str()), (503, "too_many_streams"));
        assert_eq!(further.header("retry-after"), "1");
        site.numbers();
        let grown = memory_kb().saturating_sub(memory);
        assert!(grown < 150_000, "{grown} KB for a thousand screens");
        drop(screens);
        site.emptied("streams");
    }
    site.emptied("connections");
    assert!(handles() <= before + 4, "{} handles, {before} before", handles());
}

#[test]
fn a_screen_that_takes_nothing_is_given_up_and_its_place_is_free() {
    let site = Site::open();
    let dead: Vec<TcpStream> = (0..20)
        .map(|_| {
            let stream = TcpStream::connect(site.web.address).unwrap();
            // A screen with hardly any memory: what it does not take stays with the box.
            rustix::net::sockopt::set_socket_recv_buffer_size(&stream, 2_048).unwrap();
            (&stream).write_all(&site.get("/api/v1/events")).unwrap();
            stream
        })
        .collect();
    let until = Instant::now() + PATIENCE;
    while site.taken("streams") < dead.len() {
        assert!(Instant::now() < until);
    }
    while site.taken("streams") > 0 {
        assert!(Instant::now() < until, "{} are never given up", site.taken("streams"));
        site.numbers();
    }
    drop(dead);
}

#[test]
fn one_address_takes_no_more_than_half_and_is_let_in_again_when_it_lets_go() {
    let site = Site::with(Limits { connections: 200, head: PATIENCE, ..soon() });
    let held: Vec<TcpStream> = (0..150).map(|_| site.says(b"")).collect();
    let last = status(&mut site.says(&site.get("/healthz")));
    assert_eq!(last, None, "half of 200 are taken from here");
    // The other half is there for another address: the whole of 127.0.0.0/8 leads here.
    let other = std::net::SocketAddr::new("127.0.0.1".parse().unwrap(), site.web.address.port());
    let from = socket_from("127.0.0.2", other);
    let mut other = from;
    other.write_all(&site.get("/metrics")).unwrap();
    let (mut told, mut part) = (String::new(), [0; 4_096]);
    while !told.split("connections\"}").nth(1).is_some_and(|rest| rest.contains('\n')) {
        let some = other.read(&mut part).unwrap();
        assert!(some > 0, "the other address is let in, and hears the whole of it: {told}");
        told += &String::from_utf8_lossy(&part[..some]);
    }
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
    assert!(told.contains("antrean_web_taken{kind=\"connections\"} 101"), "100 from here, and one: {told}");
    drop((held, other));
    let until = Instant::now() + PATIENCE;
    while status(&mut site.says(&site.get("/healthz"))) != Some(200) {
        assert!(Instant::now() < until);
    }
}

/// A connection from an address of this machine's own.
fn socket_from(from: &str, to: std::net::SocketAddr) -> TcpStream {
    use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&socket, &std::net::SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
    connect(&socket, &to).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

#[test]
fn other_tongues_and_nonsense_are_turned_away() {
    let site = Site::open();
    let mut chance = fastrand::Rng::with_seed(7);
    let tls = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];
    let mut words: Vec<Vec<u8>> = vec![
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        [&tls[..], &[0; 500]].concat(),
        b"GET / HTTP/0.9\r\n\r\n".to_vec(),
        b"GET /\r\n\r\n".to_vec(),
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n".to_vec(),
        b"GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n".to_vec(),
        b"GET /healthz HTTP/1.1\r\n\r\n".to_vec(),
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n".to_vec(),
        b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
            .to_vec(),
        b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n".to_vec(),
        b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nffffffffffffffffffff\r\n".to_vec(),
    ];
    words.extend((0..100 * rounds()).map(|_| {
        let mut noise: Vec<u8> = (0..chance.usize(1..2_000)).map(|_| chance.u8(..)).collect();
        noise.extend_from_slice(b"\r\n\r\n");
        noise
    }));
    let before = site.house.hall.present().day.seq();
    let told: Vec<Option<u16>> = words.iter().map(|said| status(&mut site.says(said))).collect();
    for (said, told) in words.iter().zip(&told) {
        let fine = told.is_none_or(|status| (400..500).contains(&status) && status != 408);
        assert!(fine, "{:.200} is answered {told:?}", String::from_utf8_lossy(said));
    }
    assert_eq!(site.house.hall.present().day.seq(), before, "nonsense did something");
    site.numbers();
    site.emptied("connections");
}
