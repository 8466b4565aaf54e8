//! The machine: bytes in at instants, answers and sheets out. No IO and no clock: an instant is the
//! time since the machine was switched on.
//!
//! Bytes wait in a buffer; a parser takes commands out of it, and a motor moves paper behind the
//! parser. So *received*, *taken in* and *printed* are three different moments, as in a real printer.
//! A fault stops parser and motor where they are and keeps everything; when it ends they go on.

use std::collections::VecDeque;
use std::time::Duration;

use super::command::{Command, Ear, Lexer, RealTime};
use super::condition::{Condition, DOTS_A_MM, Roll, State};
use super::model::{Model, Speed};
use super::sheet::{End, Motion, Page, Sheet, Then, Tray};
use super::tape::Tape;
use super::voice::Voice;

/// Bytes a usual receive buffer holds.
const BUFFER: usize = 4096;

/// Motions the parser may be ahead of the motor.
const AHEAD: usize = 4;

/// A printer without a body.
#[derive(Debug, Clone)]
pub struct Machine {
    model: Model,
    speed: Speed,
    capacity: usize,
    state: State,
    now: Duration,
    ear: Ear,
    lexer: Lexer,
    waiting: VecDeque<Waiting>,
    page: Page,
    motions: VecDeque<Motion>,
    tray: Tray,
    /// When the parser and the motor were last free.
    parser: Duration,
    motor: Duration,
    voice: Voice,
    tape: Tape,
    dropped: u64,
    unknown: u64,
    emptied: u64,
}

/// A command in the buffer.
#[derive(Debug, Clone)]
struct Waiting {
    command: Command,
    length: usize,
}

impl Machine {
    pub fn new(model: Model, speed: Speed) -> Self {
        Self {
            model,
            speed,
            capacity: BUFFER,
            state: State::default(),
            now: Duration::ZERO,
            ear: Ear::default(),
            lexer: Lexer::default(),
            waiting: VecDeque::new(),
            page: Page::default(),
            motions: VecDeque::new(),
            tray: Tray::default(),
            parser: Duration::ZERO,
            motor: Duration::ZERO,
            voice: Voice::default(),
            tape: Tape::default(),
            dropped: 0,
            unknown: 0,
            emptied: 0,
        }
    }

    /// The same with another receive buffer, in bytes.
    #[must_use]
    pub fn with_buffer(self, capacity: usize) -> Self {
        Self { capacity, ..self }
    }

    /// Bytes that come down the line at an instant; how many of them are gone from it. A machine that
    /// stops listening leaves the rest on the line; one that is unplugged or switched off loses it.
    pub fn receive(&mut self, now: Duration, bytes: &[u8]) -> usize {
        self.advance(now);
        for (at, &byte) in bytes.iter().enumerate() {
            if self.state.listens() {
                self.take(byte);
                self.run();
            } else if self.has(Condition::Unplugged) || self.has(Condition::PowerOff) {
                self.dropped += 1;
            } else {
                return at;
            }
        }
        bytes.len()
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: Duration) {
        self.now = self.now.max(now);
        self.run();
    }

    /// What the machine has said since it was last asked.
    pub fn take_answers(&mut self) -> Vec<u8> {
        self.voice.take()
    }

    /// Bytes that can come now without being lost.
    pub fn room(&self) -> usize {
        // Switched off it takes no notice of what comes, and nothing waits for it.
        if self.has(Condition::PowerOff) {
            self.capacity
        } else if self.state.listens() {
            self.capacity.saturating_sub(self.filled())
        } else {
            0
        }
    }

    pub fn begin(&mut self, condition: Condition) {
        self.change(|state| state.begin(condition));
        match condition {
            Condition::XoffStuck => self.say(&[0x13]),
            Condition::PowerOff => self.forget(),
            _ => {}
        }
    }

    pub fn end(&mut self, condition: Condition) {
        let had = self.state.has(condition);
        self.change(|state| state.end(condition));
        if had && condition == Condition::XoffStuck {
            self.say(&[0x11]);
        }
    }

    pub fn has(&self, condition: Condition) -> bool {
        self.state.has(condition)
    }

    /// A fault holds.
    pub fn offline(&self) -> bool {
        self.state.offline()
    }

    /// Puts another roll in.
    pub fn load(&mut self, roll: Roll) {
        self.change(|state| state.load(roll));
    }

    /// Somebody takes the ticket that hangs at the output.
    pub fn tear(&mut self) {
        self.change(|state| state.hanging = false);
    }

    /// A condition that begins by itself when so many more bytes have come; status requests are not
    /// counted.
    pub fn after_bytes(&mut self, count: u64, condition: Condition) {
        self.tape.fuse(count, condition);
        self.burn();
    }

    /// Forgets every condition that was to begin by itself.
    pub fn defuse(&mut self) {
        self.tape.defuse();
    }

    /// Finished sheets since the beginning.
    pub fn sheets(&self) -> &[Sheet] {
        &self.tray.sheets
    }

    /// What stands on the sheet that is not finished.
    pub fn unfinished(&self) -> &Sheet {
        &self.tray.current
    }

    /// Every byte that was listened to since the beginning, but status requests (DLE EOT).
    pub fn tape(&self) -> &[u8] {
        self.tape.bytes()
    }

    /// Bytes that were lost because there was no room.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Commands this model does not know.
    pub fn unknown(&self) -> u64 {
        self.unknown
    }

    /// How often it was told to forget what waits in it, and did.
    pub fn emptied(&self) -> u64 {
        self.emptied
    }

    /// What waits in the buffer. The parser already eats a command that is still coming, unless
    /// something waits before it or a fault holds.
    fn filled(&self) -> usize {
        let waiting: usize = self.waiting.iter().map(|it| it.length).sum();
        let coming = if waiting == 0 && !self.state.offline() { 0 } else { self.lexer.waiting() };
        waiting + coming
    }

    fn take(&mut self, byte: u8) {
        let heard = self.ear.take(byte);
        if self.filled() >= self.capacity {
            self.dropped += 1;
        } else if let Some((command, length)) = self.lexer.take(byte)
            && command != Command::RealTime
        {
            if self.waiting.is_empty() {
                self.parser = self.parser.max(self.now);
            }
            self.waiting.push_back(Waiting { command, length });
        }
        self.tape.push(byte);
        if let Some(RealTime::Status(_)) = heard {
            self.tape.was_request();
        }
        self.burn();
        if let Some(request) = heard {
            self.at_once(request);
        }
    }

    /// Real-time commands act when they come, whatever holds.
    fn at_once(&mut self, request: RealTime) {
        match request {
            RealTime::Status(n) if self.model.status => {
                let answer = self.state.real_time(n);
                self.say(answer.as_slice());
            }
            RealTime::Clear if self.model.clear => {
                self.empty();
                self.say(&[0x37, 0x25, 0]);
            }
            // Only a knife recovers so (Epson, DLE ENQ); 2 forgets what was to be printed.
            RealTime::Recover(n) if self.model.clear => {
                if self.state.has(Condition::CutterJam) {
                    if n == 2 {
                        self.empty();
                    }
                    self.end(Condition::CutterJam);
                }
            }
            RealTime::Status(_) | RealTime::Clear | RealTime::Recover(_) => self.unknown += 1,
        }
    }

    /// What waited is gone; what stands on the paper stays there.
    fn forget(&mut self) {
        self.ear = Ear::default();
        self.lexer.clear();
        self.waiting.clear();
        self.motions.clear();
        self.page = Page::default();
        self.voice.end_automatic();
    }

    fn empty(&mut self) {
        self.emptied += 1;
        self.waiting.clear();
        self.lexer.clear();
        self.motions.clear();
        self.page = Page::default();
        self.tray.drop_current();
    }

    fn burn(&mut self) {
        for condition in self.tape.burn() {
            self.begin(condition);
        }
    }

    /// Something outside changes: first paper stops where it is.
    fn change(&mut self, change: impl FnOnce(&mut State)) {
        self.settle();
        change(&mut self.state);
        self.voice.tell_change(&self.state);
        self.run();
    }

    /// Moves the paper as far as it has come by now.
    fn settle(&mut self) {
        let (Some(speed), false) = (self.dots_a_second(), self.state.offline()) else { return };
        let Some(front) = self.motions.front_mut() else { return };
        let passed = self.now.saturating_sub(self.motor).as_nanos();
        let dots = u64::try_from(passed * u128::from(speed) / 1_000_000_000).unwrap_or(u64::MAX);
        let dots = dots.min(front.dots);
        front.dots -= dots;
        self.motor = self.now;
        self.move_paper(dots);
    }

    fn move_paper(&mut self, dots: u64) {
        self.tray.feed(dots);
        self.state.paper = self.state.paper.map(|left| left.saturating_sub(dots));
    }

    /// Does everything that is due by now, in the order it falls due.
    fn run(&mut self) {
        loop {
            if self.state.offline() {
                (self.parser, self.motor) = (self.now, self.now);
                return;
            }
            let motion = self.motion_due().filter(|due| *due <= self.now);
            let command = self.command_due().filter(|due| *due <= self.now);
            match (motion, command) {
                (Some(motion), command) if command.is_none_or(|command| motion <= command) => {
                    self.finish_motion(motion);
                }
                (_, Some(command)) => self.finish_command(command),
                _ => return,
            }
            self.voice.tell_change(&self.state);
        }
    }

    /// When the front motion ends, or the paper.
    fn motion_due(&self) -> Option<Duration> {
        let front = self.motions.front()?;
        Some(self.motor + time(self.moves(front), self.dots_a_second()))
    }

    fn command_due(&self) -> Option<Duration> {
        let next = self.waiting.front().filter(|_| self.motions.len() < AHEAD)?;
        Some(self.parser + time(next.length as u64, self.speed.drain.map(u64::from)))
    }

    fn moves(&self, motion: &Motion) -> u64 {
        self.state.paper.map_or(motion.dots, |left| motion.dots.min(left))
    }

    fn dots_a_second(&self) -> Option<u64> {
        self.speed.paper.map(|mm| u64::from(mm) * DOTS_A_MM)
    }

    fn finish_motion(&mut self, at: Duration) {
        let Some(mut motion) = self.motions.pop_front() else { return };
        // The parser waited for the motor, not the other way round.
        if self.motions.len() + 1 >= AHEAD {
            self.parser = self.parser.max(at);
        }
        let dots = self.moves(&motion);
        motion.dots -= dots;
        self.motor = at;
        self.move_paper(dots);
        if motion.dots > 0 {
            self.motions.push_front(motion);
            return;
        }
        let end = match motion.then {
            Then::Line(line) => self.tray.line(&line, &self.model),
            Then::Mark(mark) => {
                self.tray.mark(&mark);
                End::Not
            }
            Then::Cut => self.tray.cut(),
            Then::Tell([a, b, c, d]) => {
                self.say(&[0x37, 0x22, a, b, c, d, 0]);
                End::Not
            }
        };
        if end == End::Ended {
            self.state.hanging = self.model.tears;
        }
    }

    fn finish_command(&mut self, at: Duration) {
        let Some(Waiting { command, .. }) = self.waiting.pop_front() else { return };
        self.parser = at;
        match command {
            Command::ProcessId(id) if self.model.process_id => {
                self.push(at, [Motion { dots: 0, then: Then::Tell(id) }]);
            }
            Command::Fence(1 | 49) if self.model.fence => self.say(&[self.state.paper_sensor()]),
            Command::Fence(2 | 50) if self.model.fence => self.say(&[0]),
            // TM-T88III calls itself 20h; bit 1 of the type is the knife.
            Command::Identify(1 | 49) if self.model.fence => self.say(&[0x20]),
            Command::Identify(2 | 50) if self.model.fence => {
                self.say(&[if self.model.cutter { 0x02 } else { 0 }]);
            }
            Command::Automatic(0) if self.model.asb => self.voice.end_automatic(),
            Command::Automatic(_) if self.model.asb => self.voice.begin_automatic(&self.state),
            printing => match self.page.take(printing, &self.model) {
                Some(motions) => self.push(at, motions),
                None => self.unknown += 1,
            },
        }
    }

    fn push(&mut self, at: Duration, motions: impl IntoIterator<Item = Motion>) {
        if self.motions.is_empty() {
            self.motor = self.motor.max(at);
        }
        self.motions.extend(motions);
    }

    fn say(&mut self, answer: &[u8]) {
        self.voice.say(&self.state, answer);
    }
}

/// How long so much takes at so much a second.
fn time(count: u64, a_second: Option<u64>) -> Duration {
    let nanos = |speed: u64| (u128::from(count) * 1_000_000_000).div_ceil(u128::from(speed.max(1)));
    a_second.map_or(Duration::ZERO, |speed| {
        Duration::from_nanos(u64::try_from(nanos(speed)).unwrap_or(u64::MAX / 2))
    })
}

#[cfg(test)]
mod tests;
