//! A conversation with a printer: questions and answers over an open line.

use std::time::{Duration, Instant};

use super::heard::Heard;
use super::line::{Broken, Line, Partial};
use super::status::{Reading, automatic_fault, health};
use super::{Deadlines, PrinterHealth};
use crate::queue::SlipTrouble;

/// GS r 1: answered when the printer has taken in everything before it.
const FENCE: [u8; 3] = [0x1d, b'r', 1];
/// DLE DC4, function 8: empties every buffer, and answers when that is done.
const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8];

/// An open line, and what has been heard on it.
pub struct Talk<'a> {
    line: Line,
    heard: Heard,
    deadlines: &'a Deadlines,
    wire_free: Instant,
    /// Zeros that must go before anything else.
    owed: usize,
}

impl<'a> Talk<'a> {
    pub fn new(line: Line, deadlines: &'a Deadlines) -> Self {
        Self { line, heard: Heard::default(), deadlines, wire_free: Instant::now(), owed: 0 }
    }

    /// A command was torn: the printer takes whatever comes next for the rest of it. Were that a question,
    /// it would be a length, and thousands of bytes would go the same way. So zeros go first, as many as
    /// the command can swallow.
    pub fn owe(&mut self, zeros: usize) {
        self.owed = self.owed.max(zeros);
    }

    /// # Errors
    /// The line is gone or stands still; the zeros are still owed then.
    fn pay(&mut self) -> Result<(), Broken> {
        let zeros = std::mem::take(&mut self.owed);
        if zeros > 0
            && let Err(broken) = self.raw(&vec![0; zeros])
        {
            self.owed = zeros;
            return Err(broken);
        }
        Ok(())
    }

    pub fn deadlines(&self) -> &'a Deadlines {
        self.deadlines
    }

    /// When everything said so far is on the wire, if nothing holds it up. Adapters take bytes long before
    /// they send them, and an answer cannot come before its question has left.
    pub fn wire_free(&self) -> Instant {
        self.wire_free.max(Instant::now())
    }

    fn on_the_wire(&mut self, bytes: usize) {
        self.wire_free = self.wire_free() + self.line.byte_time() * u32::try_from(bytes).unwrap_or(u32::MAX);
    }

    /// What has been heard.
    pub fn heard(&mut self) -> &mut Heard {
        &mut self.heard
    }

    /// Listens until something comes or the time is over.
    ///
    /// # Errors
    /// The device is gone.
    pub fn listen(&mut self, patience: Duration) -> Result<(), Broken> {
        let mut readings = Vec::new();
        let heard = self.line.hear(patience, &mut readings);
        self.heard.take(readings);
        heard
    }

    /// Says bytes and waits until they are on the wire, as far as the system can tell. A fault that the
    /// printer tells of by itself stops the rest.
    ///
    /// # Errors
    /// How many bytes have left, and why no more.
    pub fn say(&mut self, bytes: &[u8]) -> Result<(), Partial> {
        self.pay().map_err(|cause| Partial { sent: 0, cause })?;
        let well = |heard: &[Reading]| !heard.iter().any(tells_of_a_fault);
        self.on_the_wire(bytes.len());
        let mut readings = Vec::new();
        let stall = self.deadlines.stall;
        let said = self.line.send(bytes, stall, &mut readings, well).and_then(|()| {
            let all = |cause| Partial { sent: bytes.len(), cause };
            self.line.drain(stall, &mut readings, well).map_err(all)
        });
        self.heard.take(readings);
        said
    }

    /// How the printer says it is, now: DLE EOT 1 to 4. Noise on the line is given a second chance.
    pub fn look(&mut self) -> PrinterHealth {
        self.heard.noise();
        let (first, some) = self.look_once();
        if first.fault != Some(SlipTrouble::Mute) || !some {
            return first;
        }
        match self.look_once().0 {
            still if still.fault == Some(SlipTrouble::Mute) => PrinterHealth::fault(SlipTrouble::Garbage),
            better => better,
        }
    }

    /// The health, and whether anything at all was heard.
    fn look_once(&mut self) -> (PrinterHealth, bool) {
        let mut answers = [0; 4];
        for (n, answer) in (1..=4).zip(&mut answers) {
            match self.ask(n) {
                Ok(Some(byte)) => *answer = byte,
                Ok(None) => {
                    let something = n > 1 || self.heard.noise() > 0;
                    return (PrinterHealth::fault(SlipTrouble::Mute), something);
                }
                Err(broken) => return (PrinterHealth::fault(broken.into()), false),
            }
        }
        (health(answers[0], answers[1], answers[2], answers[3]), true)
    }

    /// DLE EOT n, three bytes, and its answer.
    fn ask(&mut self, n: u8) -> Result<Option<u8>, Broken> {
        self.listen(Duration::ZERO)?;
        self.heard.asked(n);
        self.raw(&[0x10, 0x04, n])?;
        self.wait_for(self.deadlines.answer, Heard::answer)
    }

    /// Whether the printer answers GS r in time: it has then taken in everything before.
    ///
    /// # Errors
    /// The line is gone or stands still.
    pub fn fence(&mut self, patience: Duration) -> Result<bool, Broken> {
        self.heard.forget_fences();
        self.listen(Duration::ZERO)?;
        self.heard.asked_fence();
        self.raw(&FENCE)?;
        let came = self.wait_for(patience, |heard| heard.fence().then_some(()))?;
        self.heard.forget_fences();
        Ok(came.is_some())
    }

    /// Whether the printer answers a process id (GS ( H, function 48) in time: everything before it is on
    /// paper then.
    ///
    /// # Errors
    /// The line is gone or stands still.
    pub fn process_id(&mut self, id: [u8; 4], patience: Duration) -> Result<bool, Broken> {
        self.raw(&process_id(id))?;
        Ok(self.wait_for(patience, |heard| heard.id(id).then_some(()))?.is_some())
    }

    /// Whether the printer says that it has thrown away everything it held.
    ///
    /// # Errors
    /// The line is gone or stands still.
    pub fn clear(&mut self) -> Result<bool, Broken> {
        self.heard.cleared();
        self.raw(&CLEAR)?;
        Ok(self.wait_for(self.deadlines.answer, |heard| heard.cleared().then_some(()))?.is_some())
    }

    /// Says bytes whatever is heard meanwhile.
    ///
    /// # Errors
    /// The line is gone or stands still.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.pay()?;
        self.on_the_wire(bytes.len());
        let mut readings = Vec::new();
        let said = self.line.send(bytes, self.deadlines.stall, &mut readings, |_| true);
        self.heard.take(readings);
        said.map_err(|partial| partial.cause)
    }

    /// Listens until what is wanted has been heard, or `patience` is over: it runs from when the question
    /// has left.
    fn wait_for<T>(
        &mut self,
        patience: Duration,
        wanted: impl Fn(&mut Heard) -> Option<T>,
    ) -> Result<Option<T>, Broken> {
        let until = self.wire_free() + patience;
        loop {
            if let Some(found) = wanted(&mut self.heard) {
                return Ok(Some(found));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.listen(left)?;
        }
    }
}

fn tells_of_a_fault(reading: &Reading) -> bool {
    matches!(reading, Reading::Asb(status) if automatic_fault(*status).is_some())
}

/// `GS r 1`, to be answered when everything before it has been taken in.
pub fn fence() -> Vec<u8> {
    FENCE.to_vec()
}

/// `GS ( H`, function 48: to be answered with the id when everything before it is on paper.
pub fn process_id([a, b, c, d]: [u8; 4]) -> Vec<u8> {
    vec![0x1d, b'(', b'H', 6, 0, 48, 48, a, b, c, d]
}
