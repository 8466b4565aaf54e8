//! A service manager that listens, and a box that was started by it.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// `WATCHDOG_USEC`: three chances in so long.
const PERIOD_US: &str = "600000";

pub struct Manager {
    path: PathBuf,
    /// How often the watchdog was fed.
    fed: Arc<AtomicUsize>,
}

impl Manager {
    /// Listens all the time: a box must not wait until it is heard.
    pub fn listen(folder: &Path) -> Self {
        let path = folder.join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let fed: Arc<AtomicUsize> = Arc::default();
        let count = fed.clone();
        std::thread::spawn(move || {
            let mut said = [0; 512];
            while let Ok(length) = socket.recv(&mut said) {
                count.fetch_add(usize::from(said[..length].starts_with(b"WATCHDOG=1")), Ordering::SeqCst);
            }
        });
        Self { path, fed }
    }

    /// How often it was fed from now on within so long, or until it was so often.
    pub fn fed_within(&self, time: Duration, times: usize) -> usize {
        let (began, before) = (Instant::now(), self.fed.load(Ordering::SeqCst));
        loop {
            let fed = self.fed.load(Ordering::SeqCst) - before;
            if fed >= times || began.elapsed() >= time {
                return fed;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it is fed again and again.
    pub fn is_fed(&self) -> bool {
        self.fed_within(PATIENCE, 3) == 3
    }

    /// How often it is fed in three periods, when what was on its way has arrived.
    pub fn fed_meanwhile(&self) -> usize {
        std::thread::sleep(Duration::from_millis(300));
        self.fed_within(Duration::from_millis(1_800), usize::MAX)
    }
}

pub struct Box_ {
    child: Child,
    said: Receiver<String>,
    log: std::cell::RefCell<Vec<String>>,
}

impl Box_ {
    pub fn start(mut command: Command, manager: &Manager) -> Self {
        command.env("NOTIFY_SOCKET", &manager.path).env("WATCHDOG_USEC", PERIOD_US);
        command.env_remove("WATCHDOG_PID").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (tell, said) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let mut this = Self { child, said, log: Default::default() };
        this.wait_for("console and lobby: http");
        this
    }

    /// A line that the box writes, without its colours.
    pub fn wait_for(&mut self, part: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("it never said {part:?}:\n{}", self.log()));
            let plain: String = line.split('\x1b').map(uncoloured).collect();
            self.log.borrow_mut().push(plain.clone());
            if plain.contains(part) {
                return plain;
            }
        }
    }

    pub fn log(&self) -> String {
        self.log.borrow_mut().extend(self.said.try_iter());
        self.log.borrow().join("\n")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// A piece behind an escape, without the colour it begins with.
fn uncoloured(piece: &str) -> &str {
    match piece.strip_prefix('[').and_then(|rest| rest.split_once('m')) {
        Some((colour, rest)) if colour.bytes().all(|byte| byte.is_ascii_digit() || byte == b';') => rest,
        _ => piece,
    }
}

impl Drop for Box_ {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
