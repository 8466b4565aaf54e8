//! A disk that takes long is slow and not dead: the watchdog is fed meanwhile, and the number comes.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::faulty::{Deed, Disk};
use crate::support::program::{Desk, Running};
use crate::{long, serve};

#[test]
fn a_slow_disk_does_not_stop_the_feed_of_the_watchdog() {
    let slow_ms: u64 = long("ANTREAN_SLOW_MS", 1_500);
    let desk = Desk::without_printer().far_from_midnight();
    let disk = Disk::below(&desk.data());
    let socket = desk.folder.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    let mut command = serve(&desk);
    disk.under(&mut command);
    // As the service manager does: three signs of life are missed before it acts.
    let period_us = slow_ms * 1_000 / 2;
    command.env("NOTIFY_SOCKET", &socket).env("WATCHDOG_USEC", period_us.to_string());
    let mut running = Running::start(command);
    assert_eq!(desk.issue(&running.address), Some(1));
    disk.slow(slow_ms);
    let before = disk.syncs();
    let (fed, number) = std::thread::scope(|scope| {
        let issued = scope.spawn(|| desk.issue(&running.address));
        while disk.syncs() == before {
            std::thread::sleep(Duration::from_millis(1));
        }
        // It is in the sync now: what was said before is not counted.
        manager.set_nonblocking(true).unwrap();
        let mut word = [0; 256];
        while manager.recv(&mut word).is_ok() {}
        manager.set_nonblocking(false).unwrap();
        let mut fed = 0;
        while !issued.is_finished() {
            manager.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
            let said = manager.recv(&mut word).unwrap_or(0);
            fed += u32::from(word[..said].starts_with(b"WATCHDOG=1"));
        }
        (fed, issued.join().unwrap())
    });
    disk.will(Deed::Nothing, 0, false);
    // The visitor may have been told that the box is busy; the number is not lost, and not given again.
    let next = desk.issue(&running.address).unwrap();
    assert!(next > number.unwrap_or(1), "{number:?}, then {next}");
    assert!(fed >= 2, "fed {fed} times during a sync of {slow_ms} ms");
    assert_eq!(running.leave(), Some(0));
    assert!(!running.log.iter().any(|line| line.contains("no sign of life")), "{:?}", running.log);
    println!("a sync of {slow_ms} ms: fed {fed} times, told {number:?}, then {next}");
}
