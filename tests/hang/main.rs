//! Whoever hangs is missed: each thread that serves people, really held in the running program, stops the feed of
//! the service manager's watchdog, and is named in the log. Slow is not hung.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod held;
mod manager;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use antrean::queue::Command as Wish;
use held::Held;
use manager::{Box_, Manager};
use support::house::House;

/// Only a broken box needs so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A box without a window.
fn serve(data: &Path, manager: &Manager) -> Box_ {
    let mut command = support::program::antrean(&["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(data);
    Box_::start(command, manager)
}

/// Nothing is held: the feed goes on. A thread is held: it stops, and the log says whose fault it is. It is let
/// go: the feed goes on.
fn is_missed(box_: &mut Box_, manager: &Manager, thread: &str, named: &str) {
    assert!(manager.is_fed(), "nobody fed the watchdog:\n{}", box_.log());
    let Some(held) = Held::hold(box_.pid(), thread) else {
        println!("SKIPPED in part: nobody may be traced here, so all threads are held, not only {thread:?}");
        return all_at_once(box_, manager);
    };
    let line = box_.wait_for("no sign of life");
    assert!(line.contains(named), "{thread} was held, and this was said: {line}");
    assert_eq!(line.matches('"').count(), 4, "nobody else is missed: {line}");
    assert_eq!(manager.fed_meanwhile(), 0, "it was fed though {thread} hung");
    drop(held);
    assert!(manager.is_fed(), "{thread} goes on, and nobody fed the watchdog:\n{}", box_.log());
}

/// Where no single thread can be held: at least a process that stands still feeds nobody.
fn all_at_once(box_: &Box_, manager: &Manager) {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = Pid::from_raw(box_.pid().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::STOP).unwrap();
    assert_eq!(manager.fed_meanwhile(), 0);
    kill_process(pid, Signal::CONT).unwrap();
    assert!(manager.is_fed());
}

fn of_a_box_without_a_window(thread: &str, named: &str) {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::listen(folder.path());
    let mut box_ = serve(&folder.path().join("data"), &manager);
    is_missed(&mut box_, &manager, thread, named);
}

#[test]
fn a_hall_that_hangs_is_missed() {
    of_a_box_without_a_window("hall", "\"hall\"");
}

#[test]
fn a_printer_that_hangs_is_missed() {
    of_a_box_without_a_window("printer", "\"printer printer-1\"");
}

#[test]
fn pages_that_hang_are_missed() {
    of_a_box_without_a_window("async", "\"web\"");
}

#[test]
fn pages_of_phones_that_hang_are_missed_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::listen(folder.path());
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = folder.path().join("antrean.toml");
    let visitors = format!("[visitors]\nlisten = \"{free}\"\nurl = \"http://{free}\"");
    std::fs::write(&config, format!("{}\n{visitors}\n", antrean::config::DEFAULT)).unwrap();
    let mut command = support::program::antrean(&["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(folder.path().join("data")).arg("--config").arg(config);
    let mut box_ = Box_::start(command, &manager);
    is_missed(&mut box_, &manager, "async", "phones");
}

#[test]
fn a_watchdog_that_hangs_feeds_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::listen(folder.path());
    let box_ = serve(&folder.path().join("data"), &manager);
    assert!(manager.is_fed(), "{}", box_.log());
    let Some(held) = Held::hold(box_.pid(), "watchdog") else {
        println!("SKIPPED in part: nobody may be traced here");
        return all_at_once(&box_, &manager);
    };
    assert_eq!(manager.fed_meanwhile(), 0);
    drop(held);
    assert!(manager.is_fed());
}

#[test]
fn a_window_that_hangs_is_missed() {
    let Some(display) = Display::open() else {
        assert!(std::env::var_os("ANTREAN_STRICT").is_none(), "there is no Xvfb");
        println!(
            "SKIPPED: there is no Xvfb, and without a display there is no window (apt-get install xvfb)"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::listen(folder.path());
    let mut command = support::program::antrean(&["run", "--demo", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(folder.path().join("data")).env("DISPLAY", &display.name);
    let mut box_ = Box_::start(command, &manager);
    // The window's loop is the thread that bears the program's own name.
    is_missed(&mut box_, &manager, "antrean", "\"window\"");
}

/// A display in memory.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn open() -> Option<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take()?).read_line(&mut number).ok()?;
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Cheap flash stalls for seconds: a hall that waits for its disk has promised to be back within a minute.
#[test]
fn a_hall_that_waits_for_a_slow_disk_is_not_missed() {
    let house = House::open();
    let pulse = house.hall.pulse();
    let alive_in = |s: u64| pulse.is_alive(Instant::now() + Duration::from_secs(s));
    let until = |what: &str, is_so: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < PATIENCE, "{what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    // At the door it is missed after ten seconds.
    until("an idle hall promises a minute", &|| alive_in(8) && !alive_in(11));
    // Somebody else has the disk.
    let other = rusqlite::Connection::open(house.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let open = Wish::OpenCounter { counter: "loket-3".into(), staff: "ani".into() };
    let mut answer = house.hall.knock(open.into()).unwrap();
    until("a hall at work promises no more than an idle one", &|| alive_in(12));
    assert!(alive_in(50) && !alive_in(61), "a minute, not for ever");
    assert!(answer.try_recv().is_err(), "it was answered, and nothing can have been written");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    answer.blocking_recv().unwrap().expect("the disk is back");
    until("it is at the door again", &|| alive_in(8) && !alive_in(11));
}
