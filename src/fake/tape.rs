//! What came down the line, and what begins by itself after so much of it.

use super::condition::Condition;

/// Every byte listened to but status requests, and the fuses that count them.
#[derive(Debug, Clone, Default)]
pub(super) struct Tape {
    bytes: Vec<u8>,
    /// Bytes the fuses have seen.
    counted: usize,
    fuses: Vec<(u64, Condition)>,
}

impl Tape {
    pub fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// The last three bytes were a status request.
    pub fn was_request(&mut self) {
        self.bytes.truncate(self.bytes.len().saturating_sub(3));
    }

    /// What is surely no status request.
    pub fn bytes(&self) -> &[u8] {
        let unsure = match *self.bytes.as_slice() {
            [.., 0x10, 4] => 2,
            [.., 0x10] => 1,
            _ => 0,
        };
        &self.bytes[..self.bytes.len() - unsure]
    }

    pub fn fuse(&mut self, count: u64, condition: Condition) {
        self.fuses.push((count, condition));
    }

    pub fn defuse(&mut self) {
        self.fuses.clear();
    }

    /// The conditions that begin with what has come by now.
    pub fn burn(&mut self) -> Vec<Condition> {
        let sure = self.bytes().len().max(self.counted);
        let count = (sure - self.counted) as u64;
        self.counted = sure;
        let mut due = Vec::new();
        self.fuses.retain_mut(|(left, condition)| {
            *left = left.saturating_sub(count);
            if *left == 0 {
                due.push(*condition);
            }
            *left > 0
        });
        due
    }
}
