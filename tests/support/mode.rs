//! In what sizes and how a visitor sees the screens.

use antrean_ui as ui;
use slint::ComponentHandle;

use super::kiosk::Kiosk;

/// How a visitor sees the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    pub size: (u32, u32),
    pub english: bool,
    pub large: bool,
    pub contrast: bool,
    pub low: bool,
}

impl Mode {
    pub fn name(self) -> String {
        let (width, height) = self.size;
        let mut name = format!("{width}x{height}-{}", if self.english { "en" } else { "id" });
        for (is, word) in [(self.large, "-large"), (self.contrast, "-contrast"), (self.low, "-low")] {
            name += if is { word } else { "" };
        }
        name
    }

    pub fn set(self, kiosk: &Kiosk) {
        let access = kiosk.stage.app().global::<ui::Access>();
        for (wanted, toggle) in [
            (self.english, &(|| access.invoke_language_toggled()) as &dyn Fn()),
            (self.large, &|| access.invoke_large_toggled()),
            (self.contrast, &|| access.invoke_contrast_toggled()),
            (self.low, &|| access.invoke_low_toggled()),
        ] {
            if wanted {
                toggle();
            }
        }
    }
}

/// Every size that a screen must fit.
pub const SIZES: [(u32, u32); 5] = [(1080, 1920), (1920, 1080), (1366, 768), (1280, 800), (1024, 600)];
