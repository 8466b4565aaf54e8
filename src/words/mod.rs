//! The languages a visitor can choose, and the texts that are put together in Rust.
//!
//! A language is one file, `ui/lang/<code>/LC_MESSAGES/antrean-ui.po`, and a build: the screens' own texts and
//! those here stand in it together. English is the language the texts are written in, Indonesian the one that
//! is always complete: whatever a third language leaves out is said in Indonesian.

mod dates;
mod language;
mod message;
mod text;

pub use dates::{DAYS, clock, counters, long_date, month, short_month, weekday};
pub use language::Language;
pub use message::{Message, msg};
pub use text::Text;

/// The texts of one language, by their English; sorted.
struct Catalogue {
    tag: &'static str,
    texts: &'static [(&'static str, &'static str)],
}

include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));
