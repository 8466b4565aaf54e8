//! Single keys, from a terminal as they are pressed or from a pipe as they are written.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};

/// The keyboard while it is ours. The terminal is given back as it was, whatever ends us in order;
/// Ctrl-C is read as a key for that reason.
pub struct Keys {
    before: Option<Termios>,
}

/// What came from the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Pressed(u8),
    None,
    /// There will be no more keys.
    Ended,
}

const CTRL_C: u8 = 3;

impl Keys {
    /// # Errors
    /// The terminal cannot be asked or set.
    pub fn take() -> std::io::Result<Self> {
        if !isatty(stdin()) {
            return Ok(Self { before: None });
        }
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        tcsetattr(stdin(), OptionalActions::Now, &modes)?;
        Ok(Self { before: Some(before) })
    }

    /// Waits for a key.
    pub fn wait(&self, patience: Duration) -> Key {
        let keyboard = stdin();
        let mut files = [PollFd::new(&keyboard, PollFlags::IN)];
        let patience = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
        match poll(&mut files, Some(&patience)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Key::None,
            Ok(_) => {}
            Err(_) => return Key::Ended,
        }
        let mut byte = [0];
        match rustix::io::read(keyboard, &mut byte) {
            Ok(1) if byte[0] == CTRL_C => Key::Ended,
            Ok(1) => Key::Pressed(byte[0]),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Key::None,
            Ok(_) | Err(_) => Key::Ended,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}
