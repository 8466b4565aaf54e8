//! What stands on the paper: lines are composed here, and sheets come out.

use super::command::Command;
use super::condition::DOTS_A_MM;
use super::model::Model;

/// Usual distance of lines, in dots.
const SPACING: u64 = 30;
/// One cell of font A, in dots.
const CELL: (u32, u64) = (12, 24);
/// From the head to the knife: about 15 mm.
const TO_KNIFE: u64 = 15 * DOTS_A_MM;
/// A stored logo is 256 × 128 dots.
const LOGO: u64 = 128;
/// So many empty lines are where a person tears the paper.
const BLANK_ENDS: u8 = 4;

/// A piece of paper in somebody's hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What a person reads, trimmed lines; `[QR …]`, `[logo]`, `[picture]` and `[cut]` are marks.
    pub text: String,
    dots: u64,
}

impl Sheet {
    /// Paper used, begun millimetres counted.
    pub fn mm(&self) -> u64 {
        self.dots.div_ceil(DOTS_A_MM)
    }
}

/// Paper moves, then something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Motion {
    /// Dots still to move.
    pub dots: u64,
    pub then: Then,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Then {
    Line(String),
    Mark(String),
    Cut,
    /// Everything before is on paper: this process id may be told.
    Tell([u8; 4]),
}

/// The line being composed, and how letters look now.
#[derive(Debug, Clone)]
pub(super) struct Page {
    line: String,
    width: u32,
    tallest: u8,
    size: (u8, u8),
    spacing: u64,
    module: u8,
    qr: Vec<u8>,
}

impl Default for Page {
    fn default() -> Self {
        let (line, qr) = (String::new(), Vec::new());
        Self { line, width: 0, tallest: 1, size: (1, 1), spacing: SPACING, module: 3, qr }
    }
}

impl Page {
    /// The motions a command asks for; `None` when this model does not know it.
    pub fn take(&mut self, command: Command, model: &Model) -> Option<Vec<Motion>> {
        let mut motions = Vec::new();
        match command {
            Command::Letter(letter) => motions.extend(self.letter(letter, model)),
            Command::Feed => motions.push(self.end_line()),
            Command::Feeds(lines) => motions.extend((0..lines).map(|_| self.end_line())),
            Command::FeedDots(dots) => motions.push(Motion { dots: dots.into(), ..self.end_line() }),
            // A line that was begun and not fed is forgotten, as printers do.
            Command::Reset => *self = Self { qr: std::mem::take(&mut self.qr), ..Self::default() },
            Command::Size(width, height) => self.size = (width, height),
            Command::Spacing(dots) => self.spacing = dots.map_or(SPACING, u64::from),
            Command::Look => {}
            Command::Cut if model.cutter => motions = self.cut(0),
            Command::FeedAndCut(more) if model.cutter => motions = self.cut(TO_KNIFE + u64::from(more)),
            Command::QrModule(module) if model.qr => self.module = module,
            Command::QrStore(text) if model.qr => self.qr = text,
            Command::QrPrint if model.qr => motions.push(self.qr()),
            Command::Logo => motions.push(Motion { dots: LOGO, then: Then::Mark("[logo]".to_owned()) }),
            Command::Picture(dots) => {
                motions.push(Motion { dots, then: Then::Mark("[picture]".to_owned()) });
            }
            _ => return None,
        }
        Some(motions)
    }

    /// A letter that does not fit begins the next line, after the full one is printed.
    fn letter(&mut self, letter: char, model: &Model) -> Option<Motion> {
        let width = CELL.0 * u32::from(self.size.0);
        let full = (self.width > 0 && self.width + width > model.dots).then(|| self.end_line());
        self.line.push(letter);
        self.width += width;
        self.tallest = self.tallest.max(self.size.1);
        full
    }

    fn end_line(&mut self) -> Motion {
        let dots = self.spacing.max(if self.width == 0 { 0 } else { CELL.1 * u64::from(self.tallest) });
        (self.width, self.tallest) = (0, 1);
        Motion { dots, then: Then::Line(std::mem::take(&mut self.line)) }
    }

    fn cut(&mut self, feed: u64) -> Vec<Motion> {
        let line = (self.width > 0).then(|| self.end_line());
        line.into_iter().chain([Motion { dots: feed, then: Then::Cut }]).collect()
    }

    fn qr(&self) -> Motion {
        let text = format!("[QR {}]", String::from_utf8_lossy(&self.qr));
        Motion { dots: qr_modules(self.qr.len()) * u64::from(self.module), then: Then::Mark(text) }
    }
}

/// Modules along a side for so many bytes at correction level M (ISO 18004, table 7).
fn qr_modules(bytes: usize) -> u64 {
    const BYTES: [usize; 10] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];
    let version = BYTES.iter().position(|fits| bytes <= *fits).map_or(20, |at| at as u64 + 1);
    17 + 4 * version
}

/// Whether a sheet has just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ended,
    Not,
}

/// Where sheets come out.
#[derive(Debug, Clone, Default)]
pub(super) struct Tray {
    pub sheets: Vec<Sheet>,
    pub current: Sheet,
    blank: u8,
}

impl Tray {
    pub fn feed(&mut self, dots: u64) {
        self.current.dots += dots;
    }

    pub fn line(&mut self, line: &str, model: &Model) -> End {
        let line = line.trim();
        if line.is_empty() && self.current.text.is_empty() && !model.cutter {
            // Paper fed before anything stands on it is no sheet.
            return End::Not;
        }
        self.blank = if line.is_empty() { self.blank + 1 } else { 0 };
        self.current.text += line;
        self.current.text += "\n";
        // Counted only where no knife ends a sheet, so that it stays small.
        if model.cutter {
            self.blank = 0;
        } else if self.blank >= BLANK_ENDS {
            return self.end();
        }
        End::Not
    }

    pub fn mark(&mut self, mark: &str) {
        self.blank = 0;
        self.current.text += mark;
        self.current.text += "\n";
    }

    pub fn cut(&mut self) -> End {
        self.mark("[cut]");
        self.end()
    }

    /// What was begun is no sheet.
    pub fn drop_current(&mut self) {
        self.current = Sheet::default();
        self.blank = 0;
    }

    fn end(&mut self) -> End {
        self.blank = 0;
        self.sheets.push(std::mem::take(&mut self.current));
        End::Ended
    }
}
