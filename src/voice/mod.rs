//! The box's voice: tones, spoken numbers and the kiosk's sentences, through its loudspeaker.
//!
//! What is said is composed of clips ([`Phrase`]), and the same phrase gives the line to be shown with it.
//! Making sound of it is pure ([`render()`]); only [`Speaker`]'s thread knows the device.
//!
//! The [`Crier`] follows the hall and says each call aloud, once.
//!
//! **Invariant:** nobody waits for sound, and two announcements never overlap. Without a loudspeaker
//! everything else works as with one.

mod clip;
mod crier;
mod cue;
mod device;
mod lane;
mod mouth;
mod number;
mod phrase;
mod render;
mod speaker;

pub use clip::{BadFile, Clip, Clips, NotAClip, Origin};
pub use crier::{Announcement, Crier, announcement, cry};
pub use cue::{Cue, RATE};
pub use device::{Device, NoSound};
pub use number::{GREATEST, Reading};
pub use phrase::{Audience, Given, Phrase, Prompt};
pub use render::{render, wav};
pub use speaker::{Settings, Speaker};
