//! A slip as ESC/POS, in the text mode that every printer has. Layout: the paper's template.

use super::sheet::Sheet;
use super::template::Part;
use super::{Paper, Slip};

/// The bytes that print a slip, from initialisation to cut.
///
/// # Errors
/// A QR code's text is too long to be one.
pub fn bytes(slip: &Slip, paper: &Paper) -> Result<Vec<u8>, escpos::errors::PrinterError> {
    let mut sheet = Sheet::begin(paper)?;
    for part in paper.template.parts(slip) {
        match part {
            Part::Logo => sheet.logo()?,
            Part::Rule => sheet.rule(),
            Part::Feed(lines) => sheet.feed(lines)?,
            Part::Line(words, look) => sheet.text(&words, look)?,
            Part::Qr => {
                if let Some(qr) = &slip.qr {
                    sheet.qr(&qr.url)?;
                }
            }
        }
    }
    sheet.end()
}
