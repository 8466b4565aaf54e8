//! The machine on a pseudo-terminal, under a name that stays when the device behind it changes.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::{Condition, Machine};

/// How long the thread looks away when nothing comes.
const TICK: Duration = Duration::from_millis(5);

/// A machine plugged in at a port.
#[derive(Debug)]
pub struct Wire {
    shared: Arc<Shared>,
    port: PathBuf,
    baud: Option<u32>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    inside: Mutex<Inside>,
    bell: Condvar,
    began: Instant,
}

#[derive(Debug)]
struct Inside {
    machine: Machine,
    plug: Plug,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plug {
    In,
    Out,
}

impl Wire {
    /// Plugs a machine in. `port` becomes a link to the device, as under /dev/serial/by-id; with `baud`
    /// bytes come no faster than such a line carries them.
    ///
    /// # Errors
    /// The system gives no pseudo-terminal, or something else stands at `port`.
    pub fn plug(machine: Machine, baud: Option<u32>, port: &Path) -> io::Result<Self> {
        let inside = Mutex::new(Inside { machine, plug: Plug::Out });
        let shared = Arc::new(Shared { inside, bell: Condvar::new(), began: Instant::now() });
        let mut wire = Self { shared, port: port.to_owned(), baud, thread: None };
        wire.replug()?;
        Ok(wire)
    }

    /// Plugs it in again, under the same name and usually another device.
    ///
    /// # Errors
    /// As for [`Wire::plug`].
    pub fn replug(&mut self) -> io::Result<()> {
        self.unplug();
        let (master, device, name) = pair()?;
        link(&name, &self.port)?;
        let mut inside = self.shared.lock();
        inside.machine.end(Condition::Unplugged);
        // What it said while nobody was connected was heard by nobody.
        inside.machine.take_answers();
        inside.plug = Plug::In;
        drop(inside);
        let (shared, port, baud) = (self.shared.clone(), self.port.clone(), self.baud);
        let work = move || {
            serve(File::from(master), &shared, baud);
            // The name goes before the device, so that nobody opens a device that is about to go.
            let _ = std::fs::remove_file(&port);
            drop(device);
            shared.lock().plug = Plug::Out;
            shared.bell.notify_all();
        };
        self.thread = Some(crate::tasks::thread("fake printer", work));
        Ok(())
    }

    /// Pulls the plug and waits until it is out.
    pub fn unplug(&mut self) {
        self.change(|machine| machine.begin(Condition::Unplugged));
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the fake printer's thread broke");
        }
    }

    /// The name it is plugged in at.
    pub fn port(&self) -> &Path {
        &self.port
    }

    /// Looks at the machine as it is now, or changes it.
    pub fn change<T>(&self, change: impl FnOnce(&mut Machine) -> T) -> T {
        let mut inside = self.shared.lock();
        inside.machine.advance(self.shared.began.elapsed());
        let result = change(&mut inside.machine);
        self.shared.bell.notify_all();
        result
    }

    /// Waits until the machine is as wanted; false when it has not become so in time.
    pub fn wait_until(&self, wanted: impl Fn(&Machine) -> bool, patience: Duration) -> bool {
        self.wait(|inside| wanted(&inside.machine), patience)
    }

    /// Waits until the plug is out, whoever pulled it.
    pub fn wait_until_unplugged(&self, patience: Duration) -> bool {
        self.wait(|inside| inside.plug == Plug::Out, patience)
    }

    fn wait(&self, wanted: impl Fn(&Inside) -> bool, patience: Duration) -> bool {
        let waits = |inside: &mut Inside| !wanted(inside);
        let waited = self.shared.bell.wait_timeout_while(self.shared.lock(), patience, waits);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.unplug();
    }
}

impl Shared {
    /// A thread that broke has left the machine whole enough to be looked at.
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries bytes until the plug is pulled. What the machine has no room for stays in the system, and
/// the sender feels it.
fn serve(line: File, shared: &Shared, baud: Option<u32>) {
    let byte_time = baud.map(|baud| Duration::from_secs(10) / baud.max(1));
    let mut free_at = Duration::ZERO;
    // Read, and not taken: the machine stopped listening in the middle of it.
    let mut left = Vec::new();
    loop {
        let mut inside = shared.lock();
        let now = shared.began.elapsed();
        inside.machine.advance(now);
        let (room, answers) = (inside.machine.room(), inside.machine.take_answers());
        let pulled = inside.machine.has(Condition::Unplugged);
        drop(inside);
        shared.bell.notify_all();
        if pulled {
            return;
        }
        // An answer that nobody reads is lost, as on a real line.
        if !answers.is_empty() {
            let _ = rustix::io::write(&line, &answers);
        }
        let room = if now < free_at || !left.is_empty() { 0 } else { room.min(piece(byte_time)) };
        let patience = if now < free_at { TICK.min(free_at - now) } else { TICK };
        let mut bytes = [0; 256];
        let read = match wait(&line, room, patience) {
            true => rustix::io::read(&line, &mut bytes[..room]).unwrap_or(0),
            false => 0,
        };
        if read > 0 {
            let now = shared.began.elapsed();
            free_at = now + byte_time.unwrap_or_default() * u32::try_from(read).unwrap_or(u32::MAX);
            left.extend_from_slice(&bytes[..read]);
        }
        if !left.is_empty() {
            let taken = shared.lock().machine.receive(shared.began.elapsed(), &left);
            left.drain(..taken);
        }
    }
}

/// Bytes taken at once: with a speed, as many as come in a tick.
fn piece(byte_time: Option<Duration>) -> usize {
    let in_a_tick = |time: Duration| TICK.as_nanos() / time.as_nanos().max(1);
    byte_time.map_or(256, |time| usize::try_from(in_a_tick(time)).unwrap_or(256).clamp(1, 256))
}

fn wait(line: &File, room: usize, patience: Duration) -> bool {
    let wanted = if room > 0 { PollFlags::IN } else { PollFlags::empty() };
    let mut files = [PollFd::new(line, wanted)];
    let patience = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
    poll(&mut files, Some(&patience)).is_ok() && files[0].revents().contains(PollFlags::IN)
}

/// A pseudo-terminal: our end, the device held open, and the device's name. Held open, the line has
/// two ends before somebody opens it.
fn pair() -> io::Result<(OwnedFd, OwnedFd, PathBuf)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    fcntl_setfl(&master, fcntl_getfl(&master)? | OFlags::NONBLOCK)?;
    let name = ptsname(&master, Vec::new())?.into_string().map_err(io::Error::other)?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let device = rustix::fs::open(name.as_str(), flags, Mode::empty())?;
    let mut modes = rustix::termios::tcgetattr(&device)?;
    modes.make_raw();
    rustix::termios::tcsetattr(&device, rustix::termios::OptionalActions::Now, &modes)?;
    Ok((master, device, PathBuf::from(name)))
}

/// Only a link that an earlier fake left behind is replaced; a real port's name is not ours.
fn link(device: &Path, port: &Path) -> io::Result<()> {
    if std::fs::read_link(port).is_ok_and(|target| target.starts_with("/dev/pts")) {
        std::fs::remove_file(port)?;
    }
    std::os::unix::fs::symlink(device, port)
}

#[cfg(test)]
mod tests;
