//! Tells ESC/POS commands apart, byte by byte.
//!
//! A printer does this on the line: real-time commands act when they come, and whatever stands inside
//! another command's parameters is that command's parameter too (Epson, DLE EOT: interrupting `ESC 3`,
//! its 10h is taken for ESC 3's `n`).

/// One command out of the buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Letter(char),
    /// LF: prints the line and feeds it.
    Feed,
    /// ESC d n: prints the line and feeds n lines.
    Feeds(u8),
    /// ESC J n: prints the line and feeds n dots.
    FeedDots(u8),
    Reset,
    /// Multiples of the 12 × 24 cell.
    Size(u8, u8),
    /// Distance of lines in dots; `None` is the usual one.
    Spacing(Option<u8>),
    /// Known, and nothing a reader of the sheet would see.
    Look,
    /// Feeds to the knife first, and this many dots more.
    FeedAndCut(u8),
    Cut,
    QrModule(u8),
    QrStore(Vec<u8>),
    QrPrint,
    Logo,
    /// A picture, its height in dots.
    Picture(u64),
    /// GS ( H function 48.
    ProcessId([u8; 4]),
    /// GS r n.
    Fence(u8),
    /// GS I n.
    Identify(u8),
    /// GS a n.
    Automatic(u8),
    /// DLE …: it acted when it came.
    RealTime,
    Unknown,
}

/// Collects bytes until a command is whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexer {
    part: Vec<u8>,
}

impl Lexer {
    /// Takes the next byte; a command and its length when one is whole.
    pub fn take(&mut self, byte: u8) -> Option<(Command, usize)> {
        self.part.push(byte);
        let whole = length(&self.part).is_some_and(|length| self.part.len() >= length);
        whole.then(|| {
            let bytes = std::mem::take(&mut self.part);
            (read(&bytes), bytes.len())
        })
    }

    /// Bytes of a command that is not whole yet.
    pub fn waiting(&self) -> usize {
        self.part.len()
    }

    pub fn clear(&mut self) {
        self.part.clear();
    }
}

/// How long the command is that begins so; `None` while that cannot be known yet.
fn length(part: &[u8]) -> Option<usize> {
    let word = |at: usize| Some(usize::from(*part.get(at)?) | usize::from(*part.get(at + 1)?) << 8);
    match *part.first()? {
        0x10 => Some(match (part.get(1)?, part.get(2)) {
            (4, n) => {
                if matches!(n?, 7 | 8 | 18) {
                    4
                } else {
                    3
                }
            }
            (5, _) => 3,
            (0x14, n) => match n? {
                8 => 10,
                7 => 4,
                _ => 5,
            },
            _ => 2,
        }),
        0x1b => Some(match part.get(1)? {
            b'@' | b'2' | b'<' | b'L' | b'S' | 0x0c => 2,
            b'$' | b'\\' | b'B' | b'c' => 4,
            b'p' => 5,
            b'*' => 5 + word(3)? * if part[2] >= 32 { 3 } else { 1 },
            _ => 3,
        }),
        0x1c => Some(match part.get(1)? {
            b'.' | b'&' => 2,
            b'p' | b'S' => 4,
            b'(' => 5 + word(3)?,
            _ => 3,
        }),
        0x1d => Some(match part.get(1)? {
            b'(' => 5 + word(3)?,
            b'8' => 7 + word(3)? + (word(5)? << 16),
            b'v' => 8 + word(4)? * word(6)?,
            b'V' if matches!(part.get(2)?, 65 | 66 | 97 | 98 | 103 | 104) => 4,
            b'k' if *part.get(2)? <= 6 => {
                let text = &part[3..];
                3 + text.iter().position(|byte| *byte == 0).map(|at| at + 1)?
            }
            b'k' => 4 + usize::from(*part.get(3)?),
            b'L' | b'W' | b'$' | b'\\' | b'P' => 4,
            _ => 3,
        }),
        _ => Some(1),
    }
}

/// What a whole command says.
fn read(bytes: &[u8]) -> Command {
    match *bytes {
        [b'\n'] => Command::Feed,
        [b'\r' | b'\t'] => Command::Look,
        [byte @ 0x20..=0x7e] => Command::Letter(char::from(byte)),
        // Which letter it is depends on the country of the clone: nothing to rely on.
        [0x80..=0xff] => Command::Letter(char::REPLACEMENT_CHARACTER),
        [0x10, 4 | 5 | 0x14, ..] => Command::RealTime,
        [0x1b, b'@'] => Command::Reset,
        [0x1b, b'2'] => Command::Spacing(None),
        [0x1b, b'3', n] => Command::Spacing(Some(n)),
        [0x1b, b'd', n] => Command::Feeds(n),
        [0x1b, b'J', n] => Command::FeedDots(n),
        [0x1b, b'!', n] => Command::Size((n >> 5 & 1) + 1, (n >> 4 & 1) + 1),
        [0x1b, b'a' | b't' | b'E' | b'G' | b'-' | b'M', _] | [0x1c, b'.'] => Command::Look,
        [0x1d, b'!', n] => Command::Size((n >> 4 & 7) + 1, (n & 7) + 1),
        [0x1d, b'B', _] => Command::Look,
        [0x1d, b'V', 0 | 1 | 48 | 49] => Command::Cut,
        [0x1d, b'V', 65 | 66, n] => Command::FeedAndCut(n),
        [0x1d, b'r', n] => Command::Fence(n),
        [0x1d, b'I', n] => Command::Identify(n),
        [0x1d, b'a', n] => Command::Automatic(n),
        [0x1d, b'v', b'0', _, _, _, low, high, ..] => Command::Picture(u64::from(low) | u64::from(high) << 8),
        [0x1d, b'(', name, _, _, ref data @ ..] => function(name, data),
        _ => Command::Unknown,
    }
}

/// `GS ( x pL pH …`
fn function(name: u8, data: &[u8]) -> Command {
    match (name, data) {
        (b'k', [49, 67, module, ..]) => Command::QrModule(*module),
        (b'k', [49, 80, 48, text @ ..]) => Command::QrStore(text.to_vec()),
        (b'k', [49, 81, ..]) => Command::QrPrint,
        (b'k', [49, 65 | 69, ..]) => Command::Look,
        (b'L', [48, 69, ..]) => Command::Logo,
        (b'L', [48, 67, ..]) => Command::Look,
        (b'H', [48, 48, a, b, c, d]) => Command::ProcessId([*a, *b, *c, *d]),
        _ => Command::Unknown,
    }
}

/// A command that acts when it comes, whatever it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RealTime {
    /// DLE EOT n.
    Status(u8),
    /// DLE ENQ n: 1 goes on, 2 goes on with nothing.
    Recover(u8),
    /// DLE DC4 function 8.
    Clear,
}

const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8];

/// Listens for real-time commands.
#[derive(Debug, Clone, Default)]
pub(super) struct Ear {
    tail: Vec<u8>,
}

impl Ear {
    pub fn take(&mut self, byte: u8) -> Option<RealTime> {
        if self.tail.len() == CLEAR.len() {
            self.tail.remove(0);
        }
        self.tail.push(byte);
        let heard = match *self.tail.as_slice() {
            [.., 0x10, 4, n @ 1..=4] => RealTime::Status(n),
            [.., 0x10, 5, n @ 1..=2] => RealTime::Recover(n),
            ref tail if tail == CLEAR => RealTime::Clear,
            _ => return None,
        };
        self.tail.clear();
        Some(heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Command> {
        let mut lexer = Lexer::default();
        bytes.iter().filter_map(|byte| lexer.take(*byte)).map(|(command, _)| command).collect()
    }

    #[test]
    fn commands_end_where_the_manual_says() {
        use Command::{Cut, FeedAndCut, Letter, Logo, Look, Picture, ProcessId, Reset, Size, Unknown};
        let cases: &[(&[u8], Command)] = &[
            (b"\x1b@", Reset),
            (b"\x1c.", Look),
            (b"\x1bt\x00", Look),
            (b"\x1d!\x77", Size(8, 8)),
            (b"\x1b!\x30", Size(2, 2)),
            (b"\x1dV\x01", Cut),
            (b"\x1dV\x42\x03", FeedAndCut(3)),
            (b"\x1d(H\x06\x0000A001", ProcessId(*b"A001")),
            (b"\x1d(L\x06\x000E\x20\x20\x01\x01", Logo),
            (b"\x1dv0\x00\x01\x00\x02\x00\xaa\x55", Picture(2)),
            (b"\x1b*\x21\x01\x00abc", Unknown),
            (b"\x1dk\x04123\x00", Unknown),
            (b"\x1dk\x49\x02ab", Unknown),
            (b"\x10\x14\x01\x00\x05", Command::RealTime),
        ];
        for (bytes, command) in cases {
            let both = [bytes, b"x".as_slice()].concat();
            assert_eq!(all(&both), [command.clone(), Letter('x')], "{bytes:02x?}");
        }
    }

    #[test]
    fn a_request_inside_a_command_is_its_parameter_too() {
        assert_eq!(all(b"\x1b3\x10\x04\x01x")[0], Command::Spacing(Some(0x10)));
        let mut ear = Ear::default();
        let heard: Vec<RealTime> = b"\x1b3\x10\x04\x01x".iter().filter_map(|byte| ear.take(*byte)).collect();
        assert_eq!(heard, [RealTime::Status(1)]);
    }

    #[test]
    fn a_clear_is_heard_only_whole() {
        let mut ear = Ear::default();
        assert_eq!(CLEAR[..9].iter().find_map(|byte| ear.take(*byte)), None);
        assert_eq!(ear.take(8), Some(RealTime::Clear));
    }
}
