//! Accent colours, and whether a pictogram can be seen on them.

use super::reader::Value;
use crate::queue::Accent;

/// Colours that people take for one: a difference of CIE 1976 below this is hardly seen side by side.
const ALIKE: f64 = 6.0;

/// Colours of agencies: visitors find their agency by them.
#[derive(Default)]
pub(super) struct Colours(Vec<(Accent, usize)>);

impl Colours {
    /// An agency's colour; one that looks like another agency's is told of.
    pub fn take(&mut self, value: &Value<'_>) -> Option<Accent> {
        let accent = accent(value)?;
        let near = self.0.iter().find(|(other, _)| difference(accent, *other) < ALIKE);
        if let Some((other, line)) = near {
            let message = format!("{accent} looks like {other}, the colour in line {line}");
            value.warn("similar_colour", message, "choose a colour that is told apart from it".to_owned());
        }
        self.0.push((accent, value.line()));
        Some(accent)
    }
}

/// `#RRGGBB` on which white or ink can be read.
pub(super) fn accent(value: &Value<'_>) -> Option<Accent> {
    let text = value.str()?;
    let Ok(accent) = text.parse::<Accent>() else {
        let form = "write # and six digits 0–9 or A–F, such as \"#2A57C1\"".to_owned();
        return value.refuse("bad_colour", format!("`{text}` is not a colour"), form);
    };
    let (best, least) = (accent.contrast(accent.pictogram()), Accent::LEAST_CONTRAST);
    if best < least {
        return value.refuse(
            "weak_colour",
            format!("nothing can be read on {accent}: the best contrast is {best:.1}, {least} is needed"),
            format!("the nearest colour that will do is \"{}\"", readable(accent)),
        );
    }
    Some(accent)
}

/// The colour nearest to this one on which white or ink can be read: a little darker, or a little lighter.
fn readable(accent: Accent) -> Accent {
    let toward = |end: u32, step: u32| {
        let part = |shift: u32| {
            let c = (accent.0 >> shift) & 0xFF;
            ((c * (100 - step) + end * step) / 100) << shift
        };
        Accent(part(16) | part(8) | part(0))
    };
    let fine = |colour: &Accent| colour.contrast(colour.pictogram()) >= Accent::LEAST_CONTRAST;
    let tones = (1..=100).flat_map(|step| [toward(0, step), toward(0xFF, step)]);
    tones.into_iter().find(fine).unwrap_or(Accent::INK)
}

/// How far two colours are apart to the eye (CIE 1976, L*a*b* under D65).
fn difference(one: Accent, other: Accent) -> f64 {
    let (one, other) = (lab(one), lab(other));
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn lab(colour: Accent) -> [f64; 3] {
    let linear = |shift: u32| {
        let c = f64::from((colour.0 >> shift) & 0xFF) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let (r, g, b) = (linear(16), linear(8), linear(0));
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_that_is_advised_can_be_read_on() {
        for weak in [0x7A7A7A, 0x8A7A60, 0x508050, 0xE05050] {
            let advised = readable(Accent(weak));
            assert!(advised.contrast(advised.pictogram()) >= Accent::LEAST_CONTRAST, "{advised}");
            assert!(difference(Accent(weak), advised) < 20.0, "{advised} is far from {}", Accent(weak));
        }
    }

    #[test]
    fn near_colours_are_near() {
        assert!(difference(Accent(0x2A57C1), Accent(0x2B58C0)) < ALIKE);
        assert!(difference(Accent(0x2A57C1), Accent(0xC22A3B)) > 50.0);
    }
}
