//! Reads ESC/POS back as a printer does: lines of text, pictures, codes and cuts. The preview draws them,
//! and tests read slips with it.

use std::collections::HashMap;

/// How a line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Justify {
    #[default]
    Left,
    Center,
    Right,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Multiples of the 12 × 24 cell.
    pub width: u8,
    pub height: u8,
    pub reverse: bool,
}

/// What stands on the paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Line {
        letters: Vec<(char, Style)>,
        justify: Justify,
        spacing: u8,
    },
    Qr {
        data: Vec<u8>,
        module: u8,
        justify: Justify,
    },
    /// Dots sent with the bytes, or stored by them.
    Picture {
        picture: Picture,
        justify: Justify,
    },
    /// A logo in the printer's memory that these bytes do not show.
    Logo {
        justify: Justify,
    },
    /// Dots of white.
    Feed(u8),
    Cut,
}

/// Black and white dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Bytes of a row; the leftmost dot is the highest bit.
    pub across: usize,
    pub rows: Vec<u8>,
    /// How many dots each stands for, to the right and down.
    pub scale: (usize, usize),
}

impl Picture {
    /// Dots on paper.
    pub fn width(&self) -> usize {
        self.across * 8 * self.scale.0
    }
}

/// Default distance of lines, in dots.
const SPACING: u8 = 30;

/// Reads bytes as marks. Unknown commands are passed over by their length.
pub fn read(bytes: &[u8]) -> Vec<Mark> {
    let mut reader = Reader { bytes, at: 0, ..Reader::default() };
    reader.reset();
    while let Some(byte) = reader.next() {
        reader.take(byte);
    }
    reader.marks
}

/// What a person reads on the paper, a line each.
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for mark in read(bytes) {
        match mark {
            Mark::Line { letters, .. } => {
                let line: String = letters.iter().map(|(letter, _)| letter).collect();
                text += line.trim();
                text += "\n";
            }
            Mark::Qr { data, .. } => text += &format!("[QR {}]\n", String::from_utf8_lossy(&data)),
            Mark::Picture { .. } => text += "[picture]\n",
            Mark::Logo { .. } => text += "[logo]\n",
            Mark::Feed(_) => {}
            Mark::Cut => text += "[cut]\n",
        }
    }
    text
}

#[derive(Default)]
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    marks: Vec<Mark>,
    line: Vec<(char, Style)>,
    style: Option<Style>,
    justify: Justify,
    spacing: u8,
    module: u8,
    qr: Vec<u8>,
    stored: HashMap<[u8; 2], Picture>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, count: usize) -> &[u8] {
        let from = self.at.min(self.bytes.len());
        self.at = (self.at + count).min(self.bytes.len());
        &self.bytes[from..self.at]
    }

    fn reset(&mut self) {
        self.style = Some(Style { width: 1, height: 1, reverse: false });
        self.justify = Justify::Left;
        self.spacing = SPACING;
        self.module = 3;
    }

    fn style(&mut self) -> &mut Style {
        self.style.get_or_insert(Style { width: 1, height: 1, reverse: false })
    }

    fn end_line(&mut self) {
        let letters = std::mem::take(&mut self.line);
        self.marks.push(Mark::Line { letters, justify: self.justify, spacing: self.spacing });
    }

    fn take(&mut self, byte: u8) {
        match byte {
            b'\n' => self.end_line(),
            0x1b => self.escape(),
            0x1d => self.group(),
            0x1c => {
                self.next();
            }
            0x10 => {
                // Real-time: DLE EOT n, DLE ENQ n, DLE DC4 with its fixed tail.
                match self.next() {
                    Some(0x14) => drop(self.skip(8)),
                    _ => drop(self.next()),
                }
            }
            0x20..=0x7e => {
                let style = *self.style();
                self.line.push((char::from(byte), style));
            }
            _ => {}
        }
    }

    fn escape(&mut self) {
        match self.next() {
            Some(b'@') => self.reset(),
            Some(b'a') => {
                self.justify = match self.next() {
                    Some(1 | b'1') => Justify::Center,
                    Some(2 | b'2') => Justify::Right,
                    _ => Justify::Left,
                }
            }
            Some(b'2') => self.spacing = SPACING,
            Some(b'3') => self.spacing = self.next().unwrap_or(SPACING),
            Some(b'd') => {
                let lines = self.next().unwrap_or(0);
                (0..lines).for_each(|_| self.end_line());
            }
            Some(b'J') => {
                if !self.line.is_empty() {
                    self.end_line();
                }
                let dots = self.next().unwrap_or(0);
                self.marks.push(Mark::Feed(dots));
            }
            Some(_) => drop(self.next()),
            None => {}
        }
    }

    fn group(&mut self) {
        match self.next() {
            Some(b'!') => {
                let n = self.next().unwrap_or(0);
                let style = self.style();
                style.width = (n >> 4) + 1;
                style.height = (n & 0x0f) + 1;
            }
            Some(b'B') => {
                let on = self.next().is_some_and(|n| n & 1 == 1);
                self.style().reverse = on;
            }
            Some(b'V') => {
                if matches!(self.next(), Some(65 | 66)) {
                    self.next();
                }
                if !self.line.is_empty() {
                    self.end_line();
                }
                self.marks.push(Mark::Cut);
            }
            Some(b'v') => self.picture(),
            Some(b'(') => self.function(),
            Some(_) => drop(self.next()),
            None => {}
        }
    }

    /// Two bytes, the low one first.
    fn word(&mut self) -> usize {
        usize::from(self.next().unwrap_or(0)) | usize::from(self.next().unwrap_or(0)) << 8
    }

    /// `GS v 0 m xL xH yL yH …`. Bands one beneath the other are one picture.
    fn picture(&mut self) {
        self.next();
        let mode = self.next().unwrap_or(0);
        let (across, height) = (self.word(), self.word());
        let rows = self.skip(across * height).to_vec();
        let scale = (usize::from(mode & 1) + 1, usize::from(mode >> 1 & 1) + 1);
        let justify = self.justify;
        match self.marks.last_mut() {
            Some(Mark::Picture { picture, justify: above })
                if (picture.across, picture.scale, *above) == (across, scale, justify) =>
            {
                picture.rows.extend(rows);
            }
            _ => self.marks.push(Mark::Picture { picture: Picture { across, rows, scale }, justify }),
        }
    }

    /// `GS ( x pL pH …`
    fn function(&mut self) {
        let name = self.next();
        let length = self.word();
        let data = self.skip(length).to_vec();
        match (name, data.as_slice()) {
            (Some(b'k'), [49, 67, module, ..]) => self.module = *module,
            (Some(b'k'), [49, 80, 48, text @ ..]) => self.qr = text.to_vec(),
            (Some(b'k'), [49, 81, ..]) => {
                let mark = Mark::Qr { data: self.qr.clone(), module: self.module, justify: self.justify };
                self.marks.push(mark);
            }
            (Some(b'L'), [48, 67, 48, a, b, 1, low, high, _, _, 49, rows @ ..]) => {
                let dots = usize::from(*low) | usize::from(*high) << 8;
                let picture = Picture { across: dots.div_ceil(8), rows: rows.to_vec(), scale: (1, 1) };
                self.stored.insert([*a, *b], picture);
            }
            (Some(b'L'), [48, 69, a, b, right, down]) => {
                let justify = self.justify;
                self.marks.push(match self.stored.get(&[*a, *b]) {
                    Some(picture) => {
                        let scale = (usize::from(*right), usize::from(*down));
                        Mark::Picture { picture: Picture { scale, ..picture.clone() }, justify }
                    }
                    None => Mark::Logo { justify },
                });
            }
            _ => {}
        }
    }
}
