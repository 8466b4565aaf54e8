//! Draws the very bytes a printer would get, so that a preview shows what paper would show.

use std::collections::HashMap;

use super::Width;
use super::paper::{self, Justify, Mark, Style, read};

const CELL: (usize, usize) = (12, 24);
/// Letters are drawn this much larger once, then brought down to each size.
const FINE: usize = 8;

/// A slip in black and white, one byte a dot: 0 black, 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

impl Picture {
    /// A PNG file.
    ///
    /// # Errors
    /// The picture has no size.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let side = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut file, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.dots)?;
        Ok(file)
    }
}

/// Draws a slip's bytes on paper of this width.
pub fn draw(bytes: &[u8], width: Width) -> Picture {
    let mut canvas = Canvas { width: width.dots(), rows: Vec::new() };
    let mut letters = Letters::new();
    canvas.feed(24);
    for mark in read(bytes) {
        match mark {
            Mark::Line { letters: line, justify, spacing } => {
                canvas.line(&line, justify, spacing, &mut letters)
            }
            Mark::Qr { data, module, justify } => canvas.qr(&data, usize::from(module), justify),
            Mark::Picture { picture, justify } => canvas.picture(&picture, justify),
            Mark::Logo { justify } => canvas.logo(justify),
            Mark::Feed(dots) => canvas.feed(usize::from(dots)),
            Mark::Cut => {
                canvas.feed(40);
                let row: Vec<u8> = (0..canvas.width).map(|x| if x % 12 < 6 { 170 } else { 255 }).collect();
                canvas.rows.push(row.clone());
                canvas.rows.push(row);
            }
        }
    }
    canvas.feed(16);
    Picture { width: canvas.width, height: canvas.rows.len(), dots: canvas.rows.concat() }
}

struct Canvas {
    width: usize,
    rows: Vec<Vec<u8>>,
}

impl Canvas {
    fn feed(&mut self, dots: usize) {
        self.rows.extend(std::iter::repeat_n(vec![255; self.width], dots));
    }

    fn start(&self, justify: Justify, width: usize) -> usize {
        let free = self.width.saturating_sub(width);
        match justify {
            Justify::Left => 0,
            Justify::Center => free / 2,
            Justify::Right => free,
        }
    }

    fn line(&mut self, line: &[(char, Style)], justify: Justify, spacing: u8, letters: &mut Letters) {
        let height = line.iter().map(|(_, style)| CELL.1 * usize::from(style.height)).max().unwrap_or(CELL.1);
        let width = line.iter().map(|(_, style)| CELL.0 * usize::from(style.width)).sum();
        let top = self.rows.len();
        self.feed(height.max(usize::from(spacing)));
        let mut x = self.start(justify, width);
        for (letter, style) in line {
            let cell = letters.cell(*letter, style.width, style.height);
            let (w, h) = (CELL.0 * usize::from(style.width), CELL.1 * usize::from(style.height));
            for dy in 0..h {
                let row = &mut self.rows[top + height - h + dy];
                for dx in 0..w {
                    if let Some(dot) = row.get_mut(x + dx) {
                        *dot = if cell[dy * w + dx] == style.reverse { 255 } else { 0 };
                    }
                }
            }
            x += w;
        }
    }

    fn qr(&mut self, data: &[u8], module: usize, justify: Justify) {
        let Ok(code) = qrcode::QrCode::with_error_correction_level(data, qrcode::EcLevel::M) else { return };
        let side = code.width() * module;
        let left = self.start(justify, side);
        for y in 0..code.width() {
            let mut row = vec![255; self.width];
            for x in 0..code.width() {
                if code[(x, y)] == qrcode::Color::Dark {
                    let from = (left + x * module).min(self.width);
                    let to = (from + module).min(self.width);
                    row[from..to].fill(0);
                }
            }
            self.rows.extend(std::iter::repeat_n(row, module));
        }
    }

    /// The logo is in the printer, not in our bytes: its place is shown.
    fn logo(&mut self, justify: Justify) {
        let side = 96;
        let left = self.start(justify, side);
        for y in 0..side {
            let mut row = vec![255; self.width];
            for x in 0..side {
                let edge = x < 3 || y < 3 || x >= side - 3 || y >= side - 3 || x == y;
                row[left + x] = if edge { 0 } else { 255 };
            }
            self.rows.push(row);
        }
    }

    fn picture(&mut self, picture: &paper::Picture, justify: Justify) {
        let (right, down) = (picture.scale.0.max(1), picture.scale.1.max(1));
        let left = self.start(justify, picture.width());
        for dots in picture.rows.chunks(picture.across.max(1)) {
            let mut row = vec![255; self.width];
            for x in 0..picture.width() {
                let dot = x / right;
                let is_black = dots.get(dot / 8).is_some_and(|byte| byte << (dot % 8) & 0x80 != 0);
                if let Some(paper) = row.get_mut(left + x).filter(|_| is_black) {
                    *paper = 0;
                }
            }
            self.rows.extend(std::iter::repeat_n(row, down));
        }
    }
}

/// The preview printer's letters.
struct Letters {
    font: fontdue::Font,
    fine: HashMap<char, Vec<u8>>,
    cells: HashMap<(char, u8, u8), Vec<bool>>,
}

impl Letters {
    fn new() -> Self {
        let file: &[u8] = include_bytes!("../../assets/fonts/AtkinsonHyperlegibleMono_700Bold.ttf");
        let font =
            fontdue::Font::from_bytes(file, fontdue::FontSettings::default()).expect("the font is built in");
        Self { font, fine: HashMap::new(), cells: HashMap::new() }
    }

    /// Which dots of a letter's cell are black.
    fn cell(&mut self, letter: char, width: u8, height: u8) -> &[bool] {
        let Self { font, fine, cells } = self;
        cells.entry((letter, width, height)).or_insert_with(|| {
            let fine = fine.entry(letter).or_insert_with(|| rasterize(font, letter));
            let (w, h) = (CELL.0 * usize::from(width), CELL.1 * usize::from(height));
            let (fine_w, fine_h) = (CELL.0 * FINE, CELL.1 * FINE);
            let mut dots = Vec::with_capacity(w * h);
            for y in 0..h {
                for x in 0..w {
                    let (x0, x1) = (x * fine_w / w, ((x + 1) * fine_w / w).max(x * fine_w / w + 1));
                    let (y0, y1) = (y * fine_h / h, ((y + 1) * fine_h / h).max(y * fine_h / h + 1));
                    let ink: usize = (y0..y1)
                        .map(|y| {
                            fine[y * fine_w + x0..y * fine_w + x1]
                                .iter()
                                .map(|&dot| usize::from(dot))
                                .sum::<usize>()
                        })
                        .sum();
                    dots.push(ink * 2 > (x1 - x0) * (y1 - y0) * 255);
                }
            }
            dots
        })
    }
}

/// One letter at eight times the cell's size.
fn rasterize(font: &fontdue::Font, letter: char) -> Vec<u8> {
    let (fine_w, fine_h) = (CELL.0 * FINE, CELL.1 * FINE);
    let unit = font.metrics('0', 1000.0).advance_width / 1000.0;
    let size = fine_w as f32 / unit;
    let (metrics, ink) = font.rasterize(letter, size);
    let baseline = (fine_h as f32 * 0.80) as i32;
    let mut cell = vec![0; fine_w * fine_h];
    for y in 0..metrics.height {
        for x in 0..metrics.width {
            let cx = metrics.xmin + x as i32;
            let cy = baseline - metrics.ymin - metrics.height as i32 + y as i32;
            if (0..fine_w as i32).contains(&cx) && (0..fine_h as i32).contains(&cy) {
                cell[cy as usize * fine_w + cx as usize] = ink[y * metrics.width + x];
            }
        }
    }
    cell
}
