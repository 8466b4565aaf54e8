//! A sheet of paper in the making: lines, bars, codes and the logo, as ESC/POS.
//!
//! The crate `escpos` builds what it builds rightly; line feeds, the partial cut and the start are raw
//! bytes of our own (its line feed is `ESC d`, which printers disagree about; its partial cut is a full
//! one; GS V 66 is the partial cut of Epson's manual). Slips and all other pages are made with this, so
//! that a test page shows what slips will look like.

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use super::raster::{self, Bits, Scale};
use super::{Paper, Width, plain, wrap};

/// How a line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub size: Size,
    /// White on black over the whole width.
    pub bar: bool,
    pub side: Side,
}

/// Letters by multiples of font A's 12 × 24 dots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Size {
    #[default]
    Normal,
    Tall,
    Big,
    /// As large as the paper allows.
    Number,
    /// So many times as wide and as high, 1 to 8.
    Times(u8),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    #[default]
    Centre,
    Right,
}

impl Size {
    /// Width × height.
    fn times(self, letters: usize, width: Width) -> (u8, u8) {
        match self {
            Self::Normal => (1, 1),
            Self::Tall => (1, 2),
            Self::Big => (2, 2),
            Self::Number => {
                let times =
                    (1..=width.largest()).rev().find(|t| letters * usize::from(*t) <= width.columns());
                (times.unwrap_or(1), times.unwrap_or(1))
            }
            Self::Times(times) => (times, times),
        }
    }
}

/// What was put on the sheet last, on which the distance to the next depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Words,
    Bar,
    Rule,
    Logo,
    Space,
}

/// Between a bar and words, in dots.
const GAP: u8 = 12;

/// Columns to fill for which spaces of double width cost fewer bytes than the changes of size.
const WORTH_WIDENING: usize = 16;

pub(super) type Done = Result<(), PrinterError>;

pub(super) struct Sheet<'p> {
    printer: Printer<Tape>,
    tape: Tape,
    paper: &'p Paper,
    /// What is in force in the printer: said again only when it changes.
    times: (u8, u8),
    side: Side,
    spacing: Option<u8>,
    last: Last,
    /// A rule waits here: it is drawn only between two things.
    rule: bool,
}

impl<'p> Sheet<'p> {
    pub fn begin(paper: &'p Paper) -> Result<Self, PrinterError> {
        let tape = Tape::default();
        let printer = Printer::new(tape.clone(), Protocol::default(), None);
        let mut sheet = Self {
            printer,
            tape,
            paper,
            times: (1, 1),
            side: Side::Left,
            spacing: None,
            last: Last::Nothing,
            rule: false,
        };
        // ESC @; FS . leaves Chinese mode; ESC t 0 is PC437, whose lower half is ASCII.
        sheet.raw(b"\x1b@\x1c.\x1bt\x00")?;
        Ok(sheet)
    }

    /// The logo: from the printer's memory where it is there, else drawn; nothing where there is none.
    pub fn logo(&mut self) -> Done {
        let bytes = match (self.paper.logo, &self.paper.picture) {
            (Some([a, b]), _) => vec![0x1d, b'(', b'L', 6, 0, 48, 69, a, b, 1, 1],
            (None, Some(picture)) => picture.inline(),
            (None, None) => return Ok(()),
        };
        self.come(Last::Logo)?;
        self.stand(Side::Centre)?;
        self.raw(&bytes)
    }

    /// A text in as many lines as it needs, broken between words; nothing where it is empty.
    pub fn text(&mut self, text: &str, look: Look) -> Done {
        let text = plain(text);
        let times = look.size.times(text.trim().len(), self.paper.width);
        let columns = self.paper.width.columns() / usize::from(times.0);
        let lines = match look.side {
            Side::Centre => wrap::even(&text, columns),
            Side::Left | Side::Right => wrap::full(&text, columns),
        };
        if lines.is_empty() {
            return Ok(());
        }
        self.come(if look.bar { Last::Bar } else { Last::Words })?;
        if look.bar {
            // Lines as far apart as they are high: a bar has no white stripes.
            self.space(Some(24 * times.1))?;
        } else {
            self.stand(look.side)?;
        }
        for line in lines {
            if look.bar {
                self.fill(&line, times, look.side)?
            } else {
                self.letters(&line, times)?
            }
            self.raw(b"\n")?;
        }
        Ok(())
    }

    pub fn rule(&mut self) {
        self.rule = self.last != Last::Nothing;
    }

    /// Empty lines.
    pub fn feed(&mut self, lines: u8) -> Done {
        self.come(Last::Space)?;
        self.raw(&b"\n".repeat(usize::from(lines)))
    }

    /// A QR code with white around it, as scanners want it.
    pub fn qr(&mut self, text: &str) -> Done {
        self.come(Last::Space)?;
        self.stand(Side::Centre)?;
        self.raw(b"\n")?;
        if self.paper.native_qr {
            let modules = match self.paper.width {
                Width::Mm80 => 6,
                Width::Mm58 => 5,
            };
            let option = QRCodeOption::new(QRCodeModel::Model2, modules, QRCodeCorrectionLevel::M);
            self.printer.qrcode_option(&plain(text), option)?;
        } else {
            self.draw_qr(text)?;
        }
        self.raw(b"\n")
    }

    /// The code as a picture, for a printer that knows none. Two dots a module, doubled by the printer:
    /// half a millimetre a module, as till slips have it, for about 600 bytes; at the size of a native
    /// code it would be 1,300 (1.3 s at 9600 baud).
    fn draw_qr(&mut self, text: &str) -> Done {
        let code = qrcode::QrCode::with_error_correction_level(plain(text), qrcode::EcLevel::M)
            .map_err(|error| PrinterError::Input(error.to_string()))?;
        let side = code.width() * 2;
        let bits = Bits::draw(side, side, |x, y| code[(x / 2, y / 2)] == qrcode::Color::Dark);
        self.raw(&raster::bands(&bits, Scale::Double))
    }

    /// Feeds to the cutter and cuts, or feeds far enough to tear.
    pub fn end(mut self) -> Result<Vec<u8>, PrinterError> {
        self.rule = false;
        self.come(Last::Nothing)?;
        self.raw(if self.paper.cut { &[0x1d, b'V', 66, 0] } else { b"\n\n\n\n" })?;
        self.printer.print()?;
        Ok(self.tape.0.take())
    }

    /// The distance to what comes next, and the rule that waits before it.
    fn come(&mut self, next: Last) -> Done {
        // A bar divides as well as a rule does.
        let beside_bar = self.last == Last::Bar || next == Last::Bar;
        if std::mem::take(&mut self.rule) && !beside_bar {
            self.come(Last::Rule)?;
            self.stand(Side::Centre)?;
            self.letters("----------------", (1, 1))?;
            self.raw(b"\n")?;
        }
        match (self.last, next) {
            (Last::Bar, Last::Bar) => return Ok(()),
            (Last::Bar, _) => {
                self.printer.reverse(false)?;
                self.space(None)?;
            }
            _ => {}
        }
        match (self.last, next) {
            (Last::Bar | Last::Logo, Last::Words | Last::Logo) | (Last::Words | Last::Logo, Last::Bar) => {
                self.raw(&[0x1b, b'J', GAP])?;
            }
            _ => {}
        }
        if next == Last::Bar {
            self.printer.reverse(true)?;
        }
        self.last = next;
        Ok(())
    }

    fn letters(&mut self, letters: &str, times: (u8, u8)) -> Done {
        if letters.is_empty() {
            return Ok(());
        }
        if times != self.times {
            self.printer.size(times.0, times.1)?;
            self.times = times;
        }
        self.printer.write(letters).map(|_| ())
    }

    /// A line of a bar: spaces on both sides, to the edges of the paper.
    fn fill(&mut self, line: &str, times: (u8, u8), side: Side) -> Done {
        let wide = usize::from(times.0);
        let free = self.paper.width.columns() - wide * line.len();
        let left = match side {
            Side::Left => free.min(wide),
            Side::Centre => free / 2,
            Side::Right => free - free.min(wide),
        };
        let right = free - left;
        let spaces = |count| " ".repeat(count);
        if wide == 1 && free >= WORTH_WIDENING {
            let double = (2, times.1);
            self.letters(&spaces(left / 2), double)?;
            self.letters(&format!("{}{line}{}", spaces(left % 2), spaces(right % 2)), times)?;
            return self.letters(&spaces(right / 2), double);
        }
        // Half a wide space is one of usual width, so that the words stand in the very middle.
        let narrow = (1, times.1);
        self.letters(&spaces(left % wide), narrow)?;
        self.letters(&format!("{}{line}{}", spaces(left / wide), spaces(right / wide)), times)?;
        self.letters(&spaces(right % wide), narrow)
    }

    fn stand(&mut self, side: Side) -> Done {
        if side != self.side {
            self.printer.justify(match side {
                Side::Left => JustifyMode::LEFT,
                Side::Centre => JustifyMode::CENTER,
                Side::Right => JustifyMode::RIGHT,
            })?;
            self.side = side;
        }
        Ok(())
    }

    /// Distance of lines in dots; none is the printer's usual one.
    fn space(&mut self, dots: Option<u8>) -> Done {
        if dots != self.spacing {
            match dots {
                Some(dots) => self.printer.line_spacing(dots)?,
                None => self.printer.reset_line_spacing()?,
            };
            self.spacing = dots;
        }
        Ok(())
    }

    fn raw(&mut self, bytes: &[u8]) -> Done {
        self.printer.custom(bytes).map(|_| ())
    }
}

/// Collects what the builder writes.
#[derive(Clone, Default)]
struct Tape(Rc<RefCell<Vec<u8>>>);

impl Driver for Tape {
    fn name(&self) -> String {
        "tape".to_owned()
    }
    fn write(&self, data: &[u8]) -> escpos::errors::Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }
    fn read(&self, _buf: &mut [u8]) -> escpos::errors::Result<usize> {
        Ok(0)
    }
    fn flush(&self) -> escpos::errors::Result<()> {
        Ok(())
    }
}
