//! How long a call takes to every screen: 50, 200 and 1,000 of them on `/api/v1/events`, over real sockets.
//!
//! `cargo bench --bench live`. Screens are tasks on a thread of their own; the time is from the wish at the hall's
//! door, its commit included, to the moment at which a screen has read the call; how much of it came after the
//! commit is told beside it, because with few screens the tail is the disk's.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/rows.rs"]
mod rows;
#[path = "../tests/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use antrean::clock::Clock;
use antrean::hall::{self, Hall};
use antrean::queue::{Command, Seen};
use antrean::store::{DataFolder, Writer};
use rows::{keep, percentile};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::house::issue;
use support::rules::{always_open, offset};
use support::web::Web;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const ROUNDS: usize = 5;
const CALLS: usize = 120;
/// Between two calls: a busy hall has one every few seconds.
const REST: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
    println!("{:>8} {:>10} {:>10} {:>22}", "screens", "median ms", "p99 ms", "p99 after the commit");
    let screens = [50, 200, 1_000];
    let mut p99s = screens.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (screens, p99s) in screens.iter().zip(&mut p99s) {
            let times = round(*screens);
            let [whole, after] = [|(whole, _): &(f64, f64)| *whole, |(_, after): &(f64, f64)| *after]
                .map(|part| times.iter().map(part).collect::<Vec<_>>());
            let [median, p99, after] =
                [(&whole, 50), (&whole, 99), (&after, 99)].map(|(of, percent)| percentile(of, percent) * 1e3);
            println!("{screens:>8} {median:>10.2} {p99:>10.2} {after:>22.2}");
            p99s.push(p99);
        }
    }
    for (screens, p99s) in screens.iter().zip(&p99s) {
        keep(&format!("live-{screens}"), p99s);
    }
}

/// Seconds of every call to every screen: since the wish, and since its commit was known.
fn round(screens: usize) -> Vec<(f64, f64)> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    let clock = Clock::system(offset());
    let (hall, fate) = hall::open(writer, Arc::new(always_open()), clock.clone()).unwrap();
    let web = Web::serve(&hall, clock);
    let counter = || "loket-3".into();
    hall.execute_blocking(Command::OpenCounter { counter: counter(), staff: "ani".into() }).unwrap();
    (0..CALLS).for_each(|_| drop(hall.execute_blocking(issue(&hall, "ktp")).unwrap()));
    let seen = open_screens(web.address, screens);
    let mut times = Vec::new();
    for _ in 0..CALLS {
        std::thread::sleep(REST);
        times.extend(call(&hall, screens, &seen));
        hall.execute_blocking(Command::Start { counter: counter(), seen: Seen::Unsaid }).unwrap();
    }
    drop(web);
    hall.close();
    fate.blocking_recv().unwrap();
    times
}

fn call(hall: &Hall, screens: usize, seen: &Receiver<Instant>) -> Vec<(f64, f64)> {
    let asked = Instant::now();
    hall.execute_blocking(Command::CallNext { counter: "loket-3".into(), seen: Seen::Unsaid }).unwrap();
    let granted = Instant::now();
    let one = |_| {
        let read = seen.recv_timeout(PATIENCE).unwrap();
        // A screen may have read it before this thread woke up.
        ((read - asked).as_secs_f64(), read.saturating_duration_since(granted).as_secs_f64())
    };
    (0..screens).map(one).collect()
}

/// Opens them all, and waits until each has its board; from then on each tells when it has read a call.
fn open_screens(address: SocketAddr, screens: usize) -> Receiver<Instant> {
    let ((tell, seen), (ready, boards)) = (mpsc::channel(), mpsc::channel());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let all: Vec<_> =
                (0..screens).map(|_| tokio::spawn(screen(address, ready.clone(), tell.clone()))).collect();
            drop((ready, tell));
            for one in all {
                one.await.unwrap();
            }
        });
    });
    (0..screens).for_each(|_| boards.recv_timeout(PATIENCE).unwrap());
    seen
}

async fn screen(address: SocketAddr, ready: Sender<()>, tell: Sender<Instant>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked = format!("GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let told = if line.starts_with("event: board") {
            ready.send(()).is_ok()
        } else if line.contains(r#""call":{"#) {
            tell.send(Instant::now()).is_ok()
        } else {
            true
        };
        if !told {
            return;
        }
    }
}
