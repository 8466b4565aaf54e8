//! Which ports there are, and who answers at them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::line::Line;
use super::talk::Talk;
use super::{Deadlines, Flow, Parity, PrinterHealth, Serial, press};
use crate::queue::SlipTrouble;

/// Speeds at which a stranger is asked: the ones ticket printers leave the factory with.
pub const BAUDS: [u32; 4] = [9600, 19_200, 38_400, 115_200];

/// Kernel names of serial ports.
const KERNEL: [&str; 4] = ["ttyUSB", "ttyACM", "ttyS", "ttyAMA"];

/// A serial port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The device behind every name.
    pub device: PathBuf,
    /// Its names, the one that stays the same through replugging first.
    pub names: Vec<PathBuf>,
}

impl Candidate {
    /// The name to write into the config.
    pub fn name(&self) -> &Path {
        self.names.first().unwrap_or(&self.device)
    }
}

/// The serial ports below a folder such as `/dev`: by-id names where there are any, else by-path names,
/// else the kernel's, which change when things are plugged in another order.
pub fn candidates(dev: &Path) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |name: PathBuf| {
        let Ok(device) = name.canonicalize() else { return };
        match found.iter_mut().find(|candidate| candidate.device == device) {
            Some(known) => known.names.push(name),
            None => found.push(Candidate { device, names: vec![name] }),
        }
    };
    for folder in ["serial/by-id", "serial/by-path"] {
        entries(&dev.join(folder)).into_iter().for_each(&mut add);
    }
    let kernels = entries(dev).into_iter().filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        KERNEL.iter().any(|kernel| {
            name.strip_prefix(kernel)
                .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        })
    });
    kernels.for_each(&mut add);
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// What is at a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It cannot be opened: in use, no rights, or no hardware behind the name.
    Closed(String),
    /// Nobody answers at any of [`BAUDS`].
    Silent,
    /// Something answers, and it is no ESC/POS at any of them.
    Garbage,
    Printer {
        baud: u32,
        health: PrinterHealth,
    },
}

/// Asks at a port who is there. It sends status questions, which print nothing.
pub fn ask(port: &Path) -> Found {
    let deadlines = Deadlines {
        answer: Duration::from_millis(250),
        stall: Duration::from_millis(500),
        ..Deadlines::default()
    };
    let mut noise = false;
    for baud in BAUDS {
        let serial = Serial {
            path: port.to_owned(),
            baud,
            data_bits: 8,
            parity: Parity::None,
            stop_bits: 1,
            flow: Flow::None,
        };
        let line = match Line::open(&serial) {
            Ok(line) => line,
            Err(error) => return Found::Closed(error.to_string()),
        };
        let mut talk = Talk::new(line, &deadlines);
        let health = talk.look();
        match health.fault {
            Some(SlipTrouble::Garbage) => noise = true,
            Some(SlipTrouble::Mute | SlipTrouble::Unplugged) => {}
            None => {
                let proof = press::probe(&mut talk).ok();
                return Found::Printer { baud, health: PrinterHealth { proof, ..health } };
            }
            Some(_) => return Found::Printer { baud, health },
        }
    }
    if noise { Found::Garbage } else { Found::Silent }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_name_that_stays_is_offered_first() {
        let folder = tempfile::tempdir().unwrap();
        let dev = folder.path().canonicalize().unwrap();
        for name in ["ttyUSB0", "ttyUSB1", "ttyS0", "tty1", "ttyprintk", "null"] {
            std::fs::write(dev.join(name), "").unwrap();
        }
        for (folder, name, device) in [
            ("by-id", "usb-FTDI-if00", "ttyUSB0"),
            ("by-path", "pci-1", "ttyUSB0"),
            ("by-path", "pci-2", "ttyUSB1"),
        ] {
            let folder = dev.join("serial").join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            symlink(format!("../../{device}"), folder.join(name)).unwrap();
        }
        let found: Vec<(PathBuf, PathBuf)> =
            candidates(&dev).into_iter().map(|port| (port.name().to_owned(), port.device)).collect();
        let expected = [
            ("serial/by-id/usb-FTDI-if00", "ttyUSB0"),
            ("serial/by-path/pci-2", "ttyUSB1"),
            ("ttyS0", "ttyS0"),
        ];
        assert_eq!(found, expected.map(|(name, device)| (dev.join(name), dev.join(device))));
    }
}
