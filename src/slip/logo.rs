//! The mall's own sign at the head of a slip: from a PNG file to black dots.

use std::io::Cursor;

use sha2::{Digest, Sha256};

use super::Width;
use super::raster::{self, Bits, Scale};

/// Dots a logo is high at most: 12 mm.
pub(super) const MOST_ROWS: usize = 96;
/// Dots a side of the file at most: a larger one is a photograph of a wall, or an attack.
const MOST_DOTS: u32 = 2000;
/// Memory the decoder may take.
const MOST_BYTES: usize = 32 << 20;

/// A logo in dots, ready for one width of paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    bits: Bits,
}

/// Why a file is no logo.
#[derive(Debug, thiserror::Error)]
pub enum NotALogo {
    #[error("this is not a PNG file that can be read: {0}")]
    Unreadable(#[from] png::DecodingError),
    #[error("{width} × {height} dots are too many: {MOST_DOTS} a side at most")]
    TooLarge { width: u32, height: u32 },
    #[error("there is nothing black in it, so nothing would be printed")]
    Blank,
}

impl Logo {
    /// Reads a PNG file. It is brought down, never up, to the width of the paper and 12 mm of height.
    /// What is transparent is white. Line art becomes black or white by a threshold, anything with many
    /// shades by dots of varying density.
    ///
    /// # Errors
    /// The file is no PNG, has too many dots, or would print nothing.
    pub fn read(file: &[u8], width: Width) -> Result<Self, NotALogo> {
        let grey = Grey::read(file)?.fit(width.dots(), MOST_ROWS);
        let black = if grey.is_line_art() { grey.threshold() } else { grey.dither() };
        let bits = Bits::draw(grey.width, grey.height, |x, y| black[y * grey.width + x]);
        if bits.is_blank() { Err(NotALogo::Blank) } else { Ok(Self { bits }) }
    }

    /// The bytes that store it in a printer's memory under a key of two printable letters (GS ( L,
    /// function 67), where [`super::Paper::logo`] finds it. Printers bear about ten such writes a day
    /// (Epson TM-T81 specification, p. 124): send them only when [`Self::hash`] is not the one last sent.
    pub fn store(&self, key: [u8; 2]) -> Vec<u8> {
        raster::store(&self.bits, key)
    }

    /// What tells one stored logo from another: SHA-256, in hex, of what [`Self::store`] sends.
    pub fn hash(&self, key: [u8; 2]) -> String {
        Sha256::digest(self.store(key)).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bytes that draw it on a slip itself, in bands in which no real-time command stands.
    pub fn inline(&self) -> Vec<u8> {
        raster::bands(&self.bits, Scale::Single)
    }
}

/// Shades from 0, black, to 255, white.
struct Grey {
    width: usize,
    height: usize,
    shades: Vec<u8>,
}

impl Grey {
    fn read(file: &[u8]) -> Result<Self, NotALogo> {
        let limits = png::Limits { bytes: MOST_BYTES };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let header = decoder.read_header_info()?;
        let (width, height) = (header.width, header.height);
        // Before a single dot is unpacked: a small file may stand for a huge picture.
        if width > MOST_DOTS || height > MOST_DOTS {
            return Err(NotALogo::TooLarge { width, height });
        }
        let mut reader = decoder.read_info()?;
        let too_large = NotALogo::TooLarge { width, height };
        let mut dots = vec![0; reader.output_buffer_size().ok_or(too_large)?];
        let frame = reader.next_frame(&mut dots)?;
        let shades = match frame.color_type {
            png::ColorType::Grayscale | png::ColorType::Indexed => shades(&dots, |&[grey]| (grey, 255)),
            png::ColorType::GrayscaleAlpha => shades(&dots, |&[grey, alpha]| (grey, alpha)),
            png::ColorType::Rgb => shades(&dots, |&[r, g, b]| (luma(r, g, b), 255)),
            png::ColorType::Rgba => shades(&dots, |&[r, g, b, alpha]| (luma(r, g, b), alpha)),
        };
        Ok(Self { width: frame.width as usize, height: frame.height as usize, shades })
    }

    /// Brought down to fit, each dot the mean of what it stands for.
    fn fit(self, width: usize, height: usize) -> Self {
        // The side that is furthest out of bounds decides: as fractions, so as not to lose the shape.
        let (over, under) = if self.width * height > self.height * width {
            (width, self.width)
        } else {
            (height, self.height)
        };
        if over >= under {
            return self;
        }
        let scaled = |side: usize| (side * over / under).max(1);
        let (across, down) = (scaled(self.width), scaled(self.height));
        let mut shades = Vec::with_capacity(across * down);
        for y in 0..down {
            let rows = y * self.height / down..((y + 1) * self.height / down).max(y * self.height / down + 1);
            for x in 0..across {
                let dots =
                    x * self.width / across..((x + 1) * self.width / across).max(x * self.width / across + 1);
                let sum: usize = rows
                    .clone()
                    .flat_map(|row| &self.shades[row * self.width..][dots.clone()])
                    .map(|shade| usize::from(*shade))
                    .sum();
                shades.push(u8::try_from(sum / (rows.len() * dots.len())).unwrap_or(u8::MAX));
            }
        }
        Self { width: across, height: down, shades }
    }

    /// Nearly everything is nearly black or nearly white; the rest are edges.
    fn is_line_art(&self) -> bool {
        let clear = self.shades.iter().filter(|shade| !(64..192).contains(*shade)).count();
        clear * 5 >= self.shades.len() * 4
    }

    fn threshold(&self) -> Vec<bool> {
        self.shades.iter().map(|shade| *shade < 128).collect()
    }

    /// Floyd and Steinberg's way: what a dot is too black or too white, its neighbours make up for.
    fn dither(&self) -> Vec<bool> {
        let mut shades: Vec<i32> = self.shades.iter().map(|shade| i32::from(*shade)).collect();
        let mut black = vec![false; shades.len()];
        for at in 0..shades.len() {
            let (x, wrong) = (at % self.width, shades[at] - if shades[at] < 128 { 0 } else { 255 });
            black[at] = shades[at] < 128;
            let mut pass = |to: usize, sixteenths: i32| {
                if let Some(shade) = shades.get_mut(to) {
                    *shade += wrong * sixteenths / 16;
                }
            };
            if x + 1 < self.width {
                pass(at + 1, 7);
                pass(at + self.width + 1, 1);
            }
            if x > 0 {
                pass(at + self.width - 1, 3);
            }
            pass(at + self.width, 5);
        }
        black
    }
}

fn shades<const N: usize>(dots: &[u8], shade: impl Fn(&[u8; N]) -> (u8, u8)) -> Vec<u8> {
    let on_white = |(shade, alpha): (u8, u8)| {
        let (shade, alpha) = (u32::from(shade), u32::from(alpha));
        u8::try_from((shade * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    dots.as_chunks::<N>().0.iter().map(|dot| on_white(shade(dot))).collect()
}

/// How bright a colour looks (ITU-R BT.601).
fn luma(r: u8, g: u8, b: u8) -> u8 {
    u8::try_from((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000).unwrap_or(u8::MAX)
}
