//! A printer on the real wire: the house's own fake, with the verbs of these tests.

use std::path::PathBuf;
use std::time::Duration;

use antrean::fake::{Condition as Fault, Machine, Model, Sheet, Speed, Wire};

/// How long a test waits for something that must happen; only a broken test waits so long. The longest page, at
/// 9600 baud, takes 25 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

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
    /// After this many bytes of slips from now: the cover opens.
    pub opens_after: Option<usize>,
    /// After this many bytes of slips from now: the plug is pulled.
    pub unplugged_after: Option<usize>,
}

pub struct Paper {
    wire: Wire,
    // Dropped after the wire: the port's name is in it.
    folder: tempfile::TempDir,
}

impl Paper {
    /// A printer plugged in at a stable name.
    pub fn new() -> Self {
        Self::of(Model::GENERIC)
    }

    pub fn of(model: Model) -> Self {
        Self::paced(model, Speed::INSTANT, None)
    }

    /// A printer that takes its time, on a line that does.
    pub fn paced(model: Model, speed: Speed, baud: Option<u32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::new(model, speed);
        let wire = Wire::plug(machine, baud, &folder.path().join("usb-printer")).unwrap();
        Self { wire, folder }
    }

    /// The stable name of the port, as under /dev/serial/by-id.
    pub fn port(&self) -> PathBuf {
        self.folder.path().join("usb-printer")
    }

    /// Looks at the machine, or changes it.
    pub fn machine<T>(&self, look: impl FnOnce(&mut Machine) -> T) -> T {
        self.wire.change(look)
    }

    pub fn set(&self, change: impl FnOnce(&mut Condition)) {
        self.machine(|machine| {
            let mut wanted = Condition {
                paper_out: machine.has(Fault::PaperOut),
                cover_open: machine.has(Fault::CoverOpen),
                near_end: machine.has(Fault::NearEnd),
                mute: machine.has(Fault::Mute),
                garbage: machine.has(Fault::Babble),
                stalled: machine.has(Fault::Stalled),
                opens_after: None,
                unplugged_after: None,
            };
            change(&mut wanted);
            let lasting = [
                (Fault::NearEnd, wanted.near_end || wanted.paper_out),
                (Fault::PaperOut, wanted.paper_out),
                (Fault::CoverOpen, wanted.cover_open),
                (Fault::Mute, wanted.mute),
                (Fault::Babble, wanted.garbage),
                (Fault::Stalled, wanted.stalled),
            ];
            for (fault, holds) in lasting {
                match (machine.has(fault), holds) {
                    (false, true) => machine.begin(fault),
                    (true, false) => machine.end(fault),
                    _ => {}
                }
            }
            for (after, fault) in
                [(wanted.opens_after, Fault::CoverOpen), (wanted.unplugged_after, Fault::Unplugged)]
            {
                if let Some(after) = after {
                    machine.after_bytes(after as u64, fault);
                }
            }
        });
    }

    /// Plugs it in, under the same stable name and usually another device.
    pub fn plug(&mut self) {
        self.wire.replug().unwrap();
    }

    pub fn unplug(&mut self) {
        self.wire.unplug();
    }

    /// Begins or ends what may be wrong with it.
    pub fn begin(&self, fault: Fault) {
        self.machine(|machine| machine.begin(fault));
    }

    pub fn end(&self, fault: Fault) {
        self.machine(|machine| machine.end(fault));
    }

    /// Sheets with this number on them, torn ones too.
    pub fn sheets_of(&self, number: &str) -> usize {
        let bears = |slip: &&String| slip.lines().any(|line| line.trim() == number);
        self.slips().iter().filter(bears).count()
    }

    /// What came out, as a person reads it.
    pub fn slips(&self) -> Vec<String> {
        let text = |sheet: &Sheet| sheet.text.clone();
        self.machine(|machine| machine.sheets().iter().map(text).collect())
    }

    /// Every byte of slips that came down the wire.
    pub fn tape(&self) -> Vec<u8> {
        self.machine(|machine| machine.tape().to_vec())
    }

    pub fn wait_for_slips(&self, count: usize) -> Vec<String> {
        let enough = self.wire.wait_until(|machine| machine.sheets().len() >= count, PATIENCE);
        let slips = self.slips();
        assert!(enough, "{} slips instead of {count}", slips.len());
        slips
    }

    /// Waits until the machine is as wanted.
    pub fn wait_for(&self, wanted: impl Fn(&Machine) -> bool) {
        assert!(self.wire.wait_until(wanted, PATIENCE * 3), "the printer never became so");
    }

    /// Waits until what came down the wire is as wanted.
    pub fn wait_for_tape(&self, wanted: impl Fn(&[u8]) -> bool) {
        self.wait_for(|machine| wanted(machine.tape()));
    }

    /// Waits until it has forgotten what was in it.
    pub fn wait_until_emptied(&self) {
        let emptied = self.wire.wait_until(|machine| machine.emptied() > 0, PATIENCE);
        assert!(emptied, "nobody had it forget what was in it");
    }

    /// Waits until the plug was pulled by the condition.
    pub fn wait_until_unplugged(&self) {
        assert!(self.wire.wait_until_unplugged(PATIENCE), "the plug was never pulled");
    }
}
