//! The template: what stands on a slip, line by line, as a technician can edit it.
//!
//! ```text
//! # a note
//! [logo]
//! big | {agency}
//! bar big | Tunggu di Zona {zone} // Wait in Zone {zone}
//! ```
//!
//! **Invariant:** every slip bears its number, and hides neither a demonstration nor priority nor a
//! reprint, whatever a template leaves out.

mod reader;

use std::sync::{Arc, LazyLock};

use super::Slip;
use super::facts::{Fact, NEVER_HIDDEN};
use super::sheet::{Look, Size};
use crate::queue::Language;

pub use reader::Mistake;

/// A slip's lines, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    rows: Vec<Row>,
}

/// One line of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Logo,
    Qr,
    Rule,
    /// Empty lines.
    Feed(u8),
    Line(Line),
}

/// Words, and how they look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub look: Look,
    id: Vec<Piece>,
    en: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Fact(Fact),
}

/// What one line of one slip comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Logo,
    Qr,
    Rule,
    Feed(u8),
    Line(String, Look),
}

impl Template {
    /// The template within the box, as text: a technician's starts as a copy of it.
    pub const DEFAULT: &str = include_str!("../../config/slip.txt");

    /// Reads a template, or says everything that is wrong with it.
    ///
    /// # Errors
    /// All mistakes, in the order of the text; never none.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        reader::read(text).map(|rows| Self { rows })
    }

    /// The template within the box.
    pub fn usual() -> Arc<Self> {
        static USUAL: LazyLock<Arc<Template>> =
            LazyLock::new(|| Arc::new(Template::read(Template::DEFAULT).expect("it is built in")));
        USUAL.clone()
    }

    /// What of it stands on this slip.
    pub(super) fn parts(&self, slip: &Slip) -> Vec<Part> {
        let mut told: Vec<Fact> = Vec::new();
        let mut parts = Vec::new();
        for row in &self.rows {
            parts.push(match row {
                Row::Logo => Part::Logo,
                Row::Qr => Part::Qr,
                Row::Rule => Part::Rule,
                Row::Feed(lines) => Part::Feed(*lines),
                Row::Line(line) => {
                    let Some(words) = line.say(slip) else { continue };
                    told.extend(line.facts(slip.language));
                    Part::Line(words, line.look)
                }
            });
        }
        let hidden = NEVER_HIDDEN.into_iter().filter(|fact| !told.contains(fact));
        let bar = Look { size: Size::Big, bar: true, ..Look::default() };
        let bars = hidden.filter_map(|fact| Some(Part::Line(fact.say(slip)?, bar)));
        bars.chain(parts).collect()
    }
}

impl Line {
    fn pieces(&self, language: Language) -> &[Piece] {
        language.pick(&self.id, &self.en)
    }

    fn facts(&self, language: Language) -> impl Iterator<Item = Fact> {
        self.pieces(language).iter().filter_map(|piece| match piece {
            Piece::Words(_) => None,
            Piece::Fact(fact) => Some(*fact),
        })
    }

    /// The whole line; none where it is empty or one of its facts has nothing to say.
    fn say(&self, slip: &Slip) -> Option<String> {
        let pieces = self.pieces(slip.language);
        if pieces.is_empty() {
            return None;
        }
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => Some(words.clone()),
                Piece::Fact(fact) => fact.say(slip),
            })
            .collect()
    }

    /// Whether this line tells the number on every slip of a language.
    fn always_tells_the_number(&self, language: Language) -> bool {
        self.facts(language).any(|fact| fact == Fact::Number)
            && self.facts(language).all(Fact::is_always_known)
    }
}
