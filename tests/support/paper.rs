//! A printer on the real wire: a pseudo-terminal that speaks ESC/POS and answers status requests.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use antrean::slip::paper;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the printer would say of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Condition {
    pub paper_out: bool,
    pub cover_open: bool,
    pub near_end: bool,
    /// Answers nothing.
    pub mute: bool,
    /// Answers nonsense.
    pub garbage: bool,
    /// Takes no more bytes from the line.
    pub stalled: bool,
    /// After this many bytes of slips: the cover opens.
    pub opens_after: Option<usize>,
    /// After this many bytes of slips: the plug is pulled.
    pub unplugged_after: Option<usize>,
}

#[derive(Default)]
struct State {
    condition: Condition,
    /// Everything but status requests, since the beginning.
    tape: Vec<u8>,
    slips: Vec<Vec<u8>>,
    current: Vec<u8>,
    plugged: bool,
    stop: bool,
}

pub struct Paper {
    shared: Arc<(Mutex<State>, Condvar)>,
    folder: tempfile::TempDir,
    thread: Option<JoinHandle<()>>,
}

impl Paper {
    /// A printer plugged in at a stable name.
    pub fn new() -> Self {
        let mut paper = Self { shared: Arc::default(), folder: tempfile::tempdir().unwrap(), thread: None };
        paper.plug();
        paper
    }

    /// The stable name of the port, as under /dev/serial/by-id.
    pub fn port(&self) -> PathBuf {
        self.folder.path().join("usb-printer")
    }

    pub fn set(&self, change: impl FnOnce(&mut Condition)) {
        change(&mut self.shared.0.lock().unwrap().condition);
        self.shared.1.notify_all();
    }

    /// Plugs it in, under the same stable name and usually another device.
    pub fn plug(&mut self) {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        // Held open, so that the line has two ends before the product opens its own.
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(name.as_str(), flags, Mode::empty()).unwrap();
        let mut modes = rustix::termios::tcgetattr(&slave).unwrap();
        modes.make_raw();
        rustix::termios::tcsetattr(&slave, rustix::termios::OptionalActions::Now, &modes).unwrap();
        let _ = std::fs::remove_file(self.port());
        std::os::unix::fs::symlink(&name, self.port()).unwrap();
        {
            let mut state = self.shared.0.lock().unwrap();
            state.plugged = true;
            state.stop = false;
            state.condition.unplugged_after = None;
        }
        let (shared, port) = (self.shared.clone(), self.port());
        self.thread = Some(std::thread::spawn(move || work(master, slave, &shared, &port)));
    }

    pub fn unplug(&mut self) {
        self.shared.0.lock().unwrap().stop = true;
        self.shared.1.notify_all();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// What came out, as a person reads it.
    pub fn slips(&self) -> Vec<String> {
        self.shared.0.lock().unwrap().slips.iter().map(|slip| paper::text(slip)).collect()
    }

    /// Every byte of slips that came down the wire.
    pub fn tape(&self) -> Vec<u8> {
        self.shared.0.lock().unwrap().tape.clone()
    }

    pub fn wait_for_slips(&self, count: usize) -> Vec<String> {
        let state = self.shared.0.lock().unwrap();
        let few = |state: &mut State| state.slips.len() < count;
        let (state, timeout) = self.shared.1.wait_timeout_while(state, PATIENCE, few).unwrap();
        assert!(!timeout.timed_out(), "{} slips instead of {count}", state.slips.len());
        drop(state);
        self.slips()
    }

    /// Waits until the plug was pulled by the condition.
    pub fn wait_until_unplugged(&self) {
        let state = self.shared.0.lock().unwrap();
        let (state, timeout) =
            self.shared.1.wait_timeout_while(state, PATIENCE, |state| state.plugged).unwrap();
        drop(state);
        assert!(!timeout.timed_out(), "the plug was never pulled");
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        self.unplug();
    }
}

fn work(master: OwnedFd, slave: OwnedFd, shared: &(Mutex<State>, Condvar), port: &Path) {
    let mut line = File::from(master);
    let mut request: Vec<u8> = Vec::new();
    loop {
        let stalled = {
            let state = shared.0.lock().unwrap();
            if state.stop {
                break;
            }
            state.condition.stalled
        };
        let tick = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
        let mut files = [PollFd::new(&line, PollFlags::IN)];
        let ready = poll(&mut files, Some(&tick)).is_ok_and(|count| count > 0);
        if stalled || !ready {
            continue;
        }
        let mut bytes = [0; 64];
        let Ok(count) = line.read(&mut bytes) else { break };
        let mut state = shared.0.lock().unwrap();
        for &byte in &bytes[..count] {
            request.push(byte);
            match request.as_slice() {
                [0x10] | [0x10, 0x04] => {}
                [0x10, 0x04, n] => {
                    if let Some(answer) = answer(&state.condition, *n) {
                        let _ = line.write_all(&[answer]);
                    }
                    request.clear();
                }
                _ => {
                    for byte in request.drain(..) {
                        print(&mut state, byte);
                    }
                }
            }
        }
        let pulled = state.condition.unplugged_after.is_some_and(|after| state.tape.len() >= after);
        drop(state);
        shared.1.notify_all();
        if pulled {
            break;
        }
    }
    let _ = std::fs::remove_file(port);
    drop((line, slave));
    shared.0.lock().unwrap().plugged = false;
    shared.1.notify_all();
}

fn print(state: &mut State, byte: u8) {
    state.tape.push(byte);
    state.current.push(byte);
    if state.condition.opens_after.is_some_and(|after| state.tape.len() >= after) {
        state.condition.cover_open = true;
    }
    if state.current.ends_with(&[0x1d, b'V', 66, 0]) {
        let slip = std::mem::take(&mut state.current);
        state.slips.push(slip);
    }
}

/// The answer to DLE EOT n (Epson TM-T88III manual).
fn answer(condition: &Condition, n: u8) -> Option<u8> {
    if condition.mute {
        return None;
    }
    if condition.garbage {
        return Some(0xff);
    }
    let bit = |set: bool, bit: u8| if set { 1 << bit } else { 0 };
    let Condition { paper_out, cover_open, near_end, .. } = *condition;
    Some(match n {
        1 => 0x12 | bit(paper_out || cover_open, 3),
        2 => 0x12 | bit(cover_open, 2) | bit(paper_out, 5),
        3 => 0x12,
        _ => 0x12 | bit(near_end, 2) | bit(near_end, 3) | bit(paper_out, 5) | bit(paper_out, 6),
    })
}
