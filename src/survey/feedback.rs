//! Suggestions and complaints: what may be written, and about what.

use crate::words::Text;

/// What it is about, from a list of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub id: String,
    pub name: Text,
}

/// How suggestions and complaints are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// At least one.
    pub topics: Vec<Topic>,
    /// As many may be filed with one ticket.
    pub per_ticket: u32,
}

impl Feedback {
    /// The longest text, characters.
    pub const LONGEST: usize = 500;

    /// Free words as they are kept: no control characters but line breaks, no blank space around them; none where
    /// they are too long.
    pub fn clean(words: &str) -> Option<String> {
        let plain = words.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        let kept: String = plain.chars().filter(|c| *c == '\n' || !is_unseen(*c)).collect();
        let kept = kept.trim();
        (kept.chars().count() <= Self::LONGEST).then(|| kept.to_owned())
    }

    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }
}

/// What turns the direction of a text or hides in it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
