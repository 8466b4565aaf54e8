//! A day that never was: visitors who come, wait, walk up or stay away, and clerks who call them.
//!
//! [`Play`] decides, from the config, the date, a seed and the committed day alone, what is wished next and
//! when; [`perform`] moves the clock of the house there and asks the hall for it, as a kiosk or a console
//! would. What all of it came to is read back from the journal: [`Sums`], [`faults`]. A [`Season`] is several
//! such days, and the nights between them.
//!
//! **Invariant:** nothing is written but what the hall grants; the same seed makes the same journal.

mod agenda;
mod chance;
mod check;
mod clerk;
mod crowd;
mod desk;
mod hours;
mod perform;
mod play;
mod press;
mod season;
mod sums;
mod visitor;

pub use check::faults;
pub use perform::{Between, Pace, Played, Sight, perform, perform_season};
pub use play::{NoPlay, Play};
pub use season::Season;
pub use sums::{AgencySums, Sums};

/// Who sits at every counter and at the desk. Whoever else opens a counter takes it over.
pub const STAFF: &str = "simulated";
