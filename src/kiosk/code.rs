//! The code by which a visitor follows the ticket on a phone.

use std::cell::RefCell;

use slint::{Image, Rgb8Pixel, SharedPixelBuffer, SharedString};

use crate::hall::Token;
use crate::queue::{TicketId, Visitors};

/// What a screen shows beside a number, where visitors have a network.
#[derive(Debug, Clone)]
pub struct Code {
    /// One pixel a module, the white around it included.
    pub image: Image,
    /// The network to join first, or nothing.
    pub wifi: SharedString,
}

/// Draws a ticket's code once: a picture that is made anew is drawn anew.
#[derive(Debug, Default)]
pub struct Codes(RefCell<Option<(TicketId, Code)>>);

/// Modules of white that scanners want around a code (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

impl Codes {
    /// The code of a ticket. None where its address does not fit in one.
    pub fn of(&self, visitors: &Visitors, ticket: TicketId, token: Token) -> Option<Code> {
        let mut drawn = self.0.borrow_mut();
        if let Some((known, code)) = &*drawn
            && *known == ticket
        {
            return Some(code.clone());
        }
        let image = draw(&visitors.link(token))?;
        let code = Code { image, wifi: visitors.wifi.as_deref().unwrap_or_default().into() };
        *drawn = Some((ticket, code.clone()));
        Some(code)
    }
}

fn draw(link: &str) -> Option<Image> {
    let code = qrcode::QrCode::with_error_correction_level(link, qrcode::EcLevel::M)
        .inspect_err(|error| tracing::error!(%error, "a ticket's address makes no code"))
        .ok()?;
    let side = code.width() + 2 * QUIET;
    let white = Rgb8Pixel { r: 255, g: 255, b: 255 };
    let mut picture = SharedPixelBuffer::<Rgb8Pixel>::new(side as u32, side as u32);
    picture.make_mut_slice().fill(white);
    for (y, row) in picture.make_mut_slice().chunks_mut(side).skip(QUIET).take(code.width()).enumerate() {
        for (x, dot) in row.iter_mut().skip(QUIET).take(code.width()).enumerate() {
            if code[(x, y)] == qrcode::Color::Dark {
                *dot = Rgb8Pixel { r: 0, g: 0, b: 0 };
            }
        }
    }
    Some(Image::from_rgb8(picture))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_dark_on_white_with_white_around_it() {
        let link = "http://192.168.100.200:8081/t/0123456789abcdef0123456789abcdef";
        let picture = draw(link).unwrap().to_rgb8().unwrap();
        let side = picture.width() as usize;
        let dark = |x: usize, y: usize| picture.as_slice()[y * side + x].r == 0;
        assert!((0..side).all(|at| (0..QUIET).all(|edge| !dark(at, edge) && !dark(edge, at))));
        // The corner of the first finder pattern: seven modules dark, then white.
        let row: Vec<bool> = (QUIET..QUIET + 8).map(|x| dark(x, QUIET)).collect();
        assert_eq!(row, [true, true, true, true, true, true, true, false]);
    }
}
