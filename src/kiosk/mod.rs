//! The kiosk: a window in which a visitor takes a number.
//!
//! `visit` is the screen machine, `faces` what the screens are given to show, `wording` the texts made of
//! dates and numbers, `screens` puts them there; `cards` knows the cards on their way to paper, `code` the picture that leads a phone to a ticket; `stage` is the
//! hands between machine, hall and screens, `window` the real window, `panel` the light behind it; `technician`
//! is what lies over all of it behind a PIN.
//!
//! **Invariant:** the window's loop never waits for the hall: it knocks, and hears later.

mod card_printer;
mod cards;
mod code;
pub mod faces;
pub mod panel;
mod screens;
pub mod sounds;
pub mod stage;
pub mod technician;
pub mod visit;
pub mod window;
pub mod wording;

pub use card_printer::CardPrinter;
pub use panel::Panel;
pub use stage::{News, Settings, Stage};
pub use window::{NoDisplay, Window};
