//! An agency's own colour, and what can be drawn on it.

use std::fmt;
use std::str::FromStr;

/// A colour of the screen, `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent(pub u32);

/// Why a text is no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a colour is # and six digits 0–9 or A–F, such as #2A57C1, not {0:?}")]
pub struct NotAColour(pub String);

impl Accent {
    /// The ink of the design, used on light accents; white is used on dark ones.
    pub const INK: Self = Self(0x12211F);
    pub const WHITE: Self = Self(0xFFFFFF);
    /// Least contrast of a pictogram on its accent (`design/tokens.md` §4).
    pub const LEAST_CONTRAST: f64 = 4.5;

    /// What a pictogram on this colour is drawn in: white where white can be seen, else ink.
    pub fn pictogram(self) -> Self {
        if self.contrast(Self::WHITE) >= Self::LEAST_CONTRAST { Self::WHITE } else { Self::INK }
    }

    /// The contrast of two colours, 1 to 21, as WCAG 2.2 defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |shift: u32| {
            let c = f64::from((self.0 >> shift) & 0xFF) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }
}

impl FromStr for Accent {
    type Err = NotAColour;
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let plain = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let rgb = plain.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        rgb.map(Self).ok_or_else(|| NotAColour(text.to_owned()))
    }
}

/// `#2A57C1`, as in CSS.
impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ratios of the design's own table.
    #[test]
    fn contrast_agrees_with_the_design() {
        for (accent, on, expected) in [
            (Accent(0x2A57C1), Accent::WHITE, 6.50),
            (Accent(0xBD8F0E), Accent::INK, 5.62),
            (Accent(0x07825E), Accent::WHITE, 4.81),
            (Accent(0x34A8C7), Accent::INK, 5.99),
            (Accent(0x413742), Accent::WHITE, 11.35),
        ] {
            let found = accent.contrast(on);
            assert!((found - expected).abs() < 0.01, "{accent}: {found}");
            assert_eq!(accent.pictogram(), on, "{accent}");
        }
    }

    #[test]
    fn a_colour_reads_back_as_written() {
        assert_eq!("#2a57C1".parse::<Accent>().unwrap().to_string(), "#2A57C1");
        for bad in ["2A57C1", "#2A57C", "#2A57CG", "#2A57C1F", "#+A57C1", ""] {
            assert!(bad.parse::<Accent>().is_err(), "{bad:?} was taken");
        }
    }
}
