//! Who is in the house all the time: lobby screens whose line stays open, somebody who opens pages, somebody
//! who reads the figures.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

/// Lobby screens.
pub const SCREENS: usize = 5;
/// Only a broken house needs so long to answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is opened again and again, without a sign-in.
const PAGES: [&str; 10] = [
    "/",
    "/lobby",
    "/lobby/counter/1",
    "/console",
    "/desk",
    "/preview",
    "/status",
    "/api/v1/board",
    "/readyz",
    "/assets/no-such-file",
];

#[derive(Debug, Default)]
struct Seen {
    /// The house closes now: whatever ends, ends rightly.
    over: AtomicBool,
    /// How often each screen heard something.
    events: [AtomicUsize; SCREENS],
    pages: AtomicUsize,
    readings: AtomicUsize,
    /// Held by whoever asks for something: nobody does while it is taken.
    asking: [Mutex<()>; 2],
    trouble: Mutex<Vec<String>>,
}

pub struct Guests {
    seen: Arc<Seen>,
    threads: Vec<JoinHandle<()>>,
    before: Mutex<[usize; SCREENS]>,
}

/// What they did.
#[derive(Debug)]
pub struct Visits {
    pub events: usize,
    pub pages: usize,
    pub readings: usize,
    pub trouble: Vec<String>,
}

impl Guests {
    pub fn come(address: &str) -> Self {
        let seen: Arc<Seen> = Arc::default();
        let mut threads = Vec::new();
        for nth in 0..SCREENS {
            let (seen, address) = (seen.clone(), address.to_owned());
            threads.push(std::thread::spawn(move || watch(nth, &address, &seen)));
        }
        for (nth, paths) in [(0, PAGES.as_slice()), (1, ["/metrics"].as_slice())] {
            let (seen, address) = (seen.clone(), address.to_owned());
            threads.push(std::thread::spawn(move || open(nth, paths, &address, &seen)));
        }
        Self { seen, threads, before: Mutex::default() }
    }

    /// Evening: every screen has heard of this day, and nobody asks for anything until what is given back is
    /// let go.
    pub fn rest(&self) -> [MutexGuard<'_, ()>; 2] {
        let mut before = self.before.lock().unwrap();
        for (nth, before) in before.iter_mut().enumerate() {
            let heard = || self.seen.events[nth].load(Ordering::SeqCst);
            let news = || heard() > *before || self.seen.over.load(Ordering::SeqCst);
            for _ in 0..PATIENCE.as_millis() / 10 {
                if news() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(news(), "screen {nth} heard nothing all day: {:?}", self.seen);
            *before = heard();
        }
        self.seen.asking.each_ref().map(|asking| asking.lock().unwrap())
    }

    /// From now on the house may close.
    pub fn expect_the_end(&self) {
        self.seen.over.store(true, Ordering::SeqCst);
    }

    pub fn leave(self) -> Visits {
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        let mut trouble = self.seen.trouble.lock().unwrap();
        Visits {
            events: self.seen.events.iter().map(|events| events.load(Ordering::SeqCst)).sum(),
            pages: self.seen.pages.load(Ordering::SeqCst),
            readings: self.seen.readings.load(Ordering::SeqCst),
            trouble: std::mem::take(&mut trouble),
        }
    }
}

fn ask(address: &str, path: &str, more: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{more}\r\n")?;
    Ok(stream)
}

/// A screen stays until the house closes.
fn watch(nth: usize, address: &str, seen: &Seen) {
    let stream = ask(address, "/api/v1/events", "Accept: text/event-stream\r\n").unwrap();
    for line in BufReader::new(stream).lines() {
        match line {
            Ok(line) if line.starts_with("data:") => {
                seen.events[nth].fetch_add(1, Ordering::SeqCst);
            }
            Ok(_) => {}
            Err(error) => return note(seen, &format!("screen {nth} lost its line: {error}")),
        }
    }
    note(seen, &format!("the line of screen {nth} ended"));
}

/// Opens one page after the other until the house closes.
fn open(nth: usize, paths: &[&str], address: &str, seen: &Seen) {
    for path in paths.iter().cycle() {
        if seen.over.load(Ordering::SeqCst) {
            return;
        }
        // Others want their turn with the lock as well.
        std::thread::sleep(Duration::from_millis(2));
        let _asking = seen.asking[nth].lock().unwrap();
        let mut answer = Vec::new();
        let got = ask(address, path, "Connection: close\r\n");
        if let Err(error) = got.and_then(|mut stream| stream.read_to_end(&mut answer)) {
            return note(seen, &format!("{path} was not answered: {error}"));
        }
        let answer = String::from_utf8_lossy(&answer);
        let code = answer.split(' ').nth(1).unwrap_or_default();
        match (*path, code) {
            ("/metrics", "200") if answer.trim_end().ends_with("# EOF") => {
                seen.readings.fetch_add(1, Ordering::SeqCst);
            }
            ("/assets/no-such-file", "404") | ("/desk" | "/console", "303") => {}
            (path, "200") if path != "/metrics" => {
                seen.pages.fetch_add(1, Ordering::SeqCst);
            }
            // The house closes.
            (_, "") => return note(seen, &format!("{path}: the line was cut")),
            _ => note(seen, &format!("{path}: {}", answer.lines().next().unwrap_or_default())),
        }
    }
}

fn note(seen: &Seen, trouble: &str) {
    if !seen.over.load(Ordering::SeqCst) {
        seen.trouble.lock().unwrap().push(trouble.to_owned());
    }
}
