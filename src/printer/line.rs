//! The serial line: opened with crate `serialport`, then driven by our own poll loop.
//!
//! `serialport` ignores write timeouts once a write has begun, and its flush may hang for ever behind
//! flow control. So the file is non-blocking, both directions are polled at once, and what counts is
//! whether bytes are still being accepted.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use serialport::{ClearBuffer, DataBits, FlowControl, SerialPort, StopBits, TTYPort};

use super::status::{Demux, Reading};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    None,
    Even,
    Odd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    None,
    /// RTS/CTS; a printer's DTR wired to CTS works too.
    Hardware,
    /// XON/XOFF.
    Software,
}

/// A serial port and its settings.
#[derive(Debug, Clone)]
pub struct Serial {
    pub path: PathBuf,
    /// Bits per second.
    pub baud: u32,
    pub data_bits: u8,
    pub parity: Parity,
    pub stop_bits: u8,
    pub flow: Flow,
}

/// Why a line gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The device is gone.
    Unplugged,
    /// No byte was accepted for too long.
    Stalled,
    /// The printer said something that stopped us.
    Stopped,
}

/// Some bytes have left, not all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial {
    pub sent: usize,
    pub cause: Broken,
}

/// Bytes given to the system at once: little enough that a fault stops the rest.
const CHUNK: usize = 256;
/// Between two looks at how much the system still holds.
const DRAIN_LOOK: Duration = Duration::from_millis(5);

/// An open line.
pub struct Line {
    port: TTYPort,
    byte_time: Duration,
    demux: Demux,
}

impl Line {
    /// Opens the port for us alone.
    ///
    /// # Errors
    /// What the system says; the port may not exist, be in use, or be no serial port.
    pub fn open(serial: &Serial) -> Result<Self, serialport::Error> {
        let port = serialport::new(serial.path.to_string_lossy(), serial.baud)
            .data_bits(if serial.data_bits == 7 { DataBits::Seven } else { DataBits::Eight })
            .parity(match serial.parity {
                Parity::None => serialport::Parity::None,
                Parity::Even => serialport::Parity::Even,
                Parity::Odd => serialport::Parity::Odd,
            })
            .stop_bits(if serial.stop_bits == 2 { StopBits::Two } else { StopBits::One })
            .flow_control(match serial.flow {
                Flow::None => FlowControl::None,
                Flow::Hardware => FlowControl::Hardware,
                Flow::Software => FlowControl::Software,
            })
            .timeout(Duration::from_millis(20))
            .open_native()?;
        let bits = 1 + u32::from(serial.data_bits) + u32::from(serial.parity != Parity::None);
        let bits = bits + u32::from(serial.stop_bits);
        let byte_time = Duration::from_secs(bits.into()) / serial.baud.max(1);
        let line = Self { port, byte_time, demux: Demux::default() };
        let flags = fcntl_getfl(line.file()).map_err(std::io::Error::from)?;
        fcntl_setfl(line.file(), flags | OFlags::NONBLOCK).map_err(std::io::Error::from)?;
        Ok(line)
    }

    /// How long a byte is on the wire.
    pub fn byte_time(&self) -> Duration {
        self.byte_time
    }

    /// Sends bytes and listens meanwhile. After each piece `go_on` sees everything heard so far and may
    /// stop the rest.
    ///
    /// # Errors
    /// How many bytes have left, and why no more.
    pub fn send(
        &mut self,
        bytes: &[u8],
        stall: Duration,
        heard: &mut Vec<Reading>,
        mut go_on: impl FnMut(&[Reading]) -> bool,
    ) -> Result<(), Partial> {
        let mut sent = 0;
        let mut last = Instant::now();
        while sent < bytes.len() {
            let chunk = &bytes[sent..bytes.len().min(sent + CHUNK)];
            let ready = self
                .wait(true, stall.saturating_sub(last.elapsed()))
                .map_err(|cause| Partial { sent, cause })?;
            self.listen(ready, heard).map_err(|cause| Partial { sent, cause })?;
            if !go_on(heard) {
                self.forget();
                return Err(Partial { sent, cause: Broken::Stopped });
            }
            if ready.contains(PollFlags::OUT) {
                match rustix::io::write(self.file(), chunk) {
                    Ok(0) => {}
                    Ok(count) => {
                        sent += count;
                        last = Instant::now();
                    }
                    Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                    Err(_) => return Err(Partial { sent, cause: Broken::Unplugged }),
                }
            }
            if last.elapsed() >= stall {
                self.forget();
                return Err(Partial { sent, cause: Broken::Stalled });
            }
        }
        Ok(())
    }

    /// Waits until the system has put everything on the wire, and listens meanwhile: what tcdrain does,
    /// but given up when nothing moves for `stall`.
    ///
    /// # Errors
    /// The line is gone, or stands still; then what the system still held is thrown away.
    pub fn drain(
        &mut self,
        stall: Duration,
        heard: &mut Vec<Reading>,
        mut go_on: impl FnMut(&[Reading]) -> bool,
    ) -> Result<(), Broken> {
        let mut least = u32::MAX;
        let mut last = Instant::now();
        loop {
            // Adapters that cannot say how much is left say so as an error: then the answers must tell.
            let left = self.port.bytes_to_write().unwrap_or(0);
            if left == 0 {
                return Ok(());
            }
            if left < least {
                (least, last) = (left, Instant::now());
            }
            if last.elapsed() >= stall {
                self.forget();
                return Err(Broken::Stalled);
            }
            let ready = self.wait(false, DRAIN_LOOK)?;
            self.listen(ready, heard)?;
            if !go_on(heard) {
                self.forget();
                return Err(Broken::Stopped);
            }
        }
    }

    /// Throws away what waits in the system: it must not come out later, behind our back.
    fn forget(&self) {
        let _ = self.port.clear(ClearBuffer::Output);
    }

    /// Listens until something is heard or the time is over.
    ///
    /// # Errors
    /// The device is gone.
    pub fn hear(&mut self, patience: Duration, heard: &mut Vec<Reading>) -> Result<(), Broken> {
        let until = Instant::now() + patience;
        let before = heard.len();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let ready = self.wait(false, left)?;
            self.listen(ready, heard)?;
            if heard.len() > before || left.is_zero() {
                return Ok(());
            }
        }
    }

    fn wait(&self, to_write: bool, patience: Duration) -> Result<PollFlags, Broken> {
        let wanted = if to_write { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
        let file = self.file();
        let mut files = [PollFd::new(&file, wanted)];
        let patience = Timespec {
            tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: patience.subsec_nanos().into(),
        };
        match poll(&mut files, Some(&patience)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Err(Broken::Unplugged),
        }
        let ready = files[0].revents();
        let gone = ready.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        if gone && !ready.contains(PollFlags::IN) { Err(Broken::Unplugged) } else { Ok(ready) }
    }

    fn listen(&mut self, ready: PollFlags, heard: &mut Vec<Reading>) -> Result<(), Broken> {
        if !ready.contains(PollFlags::IN) {
            return Ok(());
        }
        let mut bytes = [0; 128];
        match rustix::io::read(self.file(), &mut bytes) {
            Ok(0) => Err(Broken::Unplugged),
            Ok(count) => {
                heard.extend(bytes[..count].iter().filter_map(|byte| self.demux.take(*byte)));
                Ok(())
            }
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(()),
            Err(_) => Err(Broken::Unplugged),
        }
    }

    #[allow(unsafe_code)]
    fn file(&self) -> BorrowedFd<'_> {
        // SAFETY: `port` owns this descriptor and lives as long as the borrow; serialport has no AsFd.
        unsafe { BorrowedFd::borrow_raw(self.port.as_raw_fd()) }
    }
}
