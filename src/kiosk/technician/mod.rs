//! The technician before the kiosk: behind a long press on the house's mark and a PIN, over every screen.
//!
//! `panel` is the machine, `tries` what wrong PINs cost, `dial` how a date and time are set, `pin` whose
//! PIN it is; `wording` says what is refused and why; `workshop` is what the box lends for it, and `bench` the
//! hands between all of these and the screens. How the box is, the room `health` says.
//!
//! **Invariant:** nothing of the visitor's machine is touched but that it rests while a technician is here.

pub mod bench;
pub mod dial;
pub mod panel;
pub mod pin;
pub mod tries;
pub mod wording;
pub mod workshop;

pub use bench::{Bench, Heard};
pub use pin::{Holder, Pin};
pub use workshop::{Tested, Unable, Workshop};

/// What this kiosk needs for its technicians.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whose PIN opens the panel.
    pub holders: Vec<Holder>,
    /// Shown under the PIN of a demonstration.
    pub demo_pin: Option<String>,
    pub workshop: Workshop,
}
