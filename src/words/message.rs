//! What is said.

use std::fmt::Display;

use super::{CATALOGUES, Language};

/// A text of the product, in English where it is used and in `ui/lang` for every other language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Message(&'static str);

/// A text written in English, with `{names}` where something is put in. A test reads the sources for these and
/// looks whether every language has them.
pub const fn msg(english: &'static str) -> Message {
    Message(english)
}

impl Message {
    /// The text in this language; else in Indonesian, else as it was written.
    pub fn say(self, language: Language) -> &'static str {
        if language == Language::EN {
            return self.0;
        }
        in_catalogue(language, self.0).or_else(|| in_catalogue(Language::ID, self.0)).unwrap_or(self.0)
    }

    /// The same with everything put in its place, once: braces in what is put in stay what they are.
    pub fn with(self, language: Language, places: &[(&str, &dyn Display)]) -> String {
        let mut whole = String::new();
        let mut rest = self.say(language);
        while let Some((before, after)) = rest.split_once('{') {
            whole += before;
            let filled = after.split_once('}').and_then(|(name, behind)| {
                let (_, value) = places.iter().find(|(known, _)| *known == name)?;
                Some((value.to_string(), behind))
            });
            match filled {
                Some((value, behind)) => {
                    whole += &value;
                    rest = behind;
                }
                None => {
                    whole.push('{');
                    rest = after;
                }
            }
        }
        whole + rest
    }
}

fn in_catalogue(language: Language, english: &str) -> Option<&'static str> {
    let catalogue = CATALOGUES.iter().find(|it| it.tag == language.code())?;
    let at = catalogue.texts.binary_search_by_key(&english, |(english, _)| *english).ok()?;
    Some(catalogue.texts[at].1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_text_is_said_in_its_language_and_else_in_indonesian() {
        let unspoken: Language = serde_json::from_str("\"xxx\"").unwrap();
        let closed = msg("Closed");
        assert_eq!((closed.say(Language::EN), closed.say(Language::ID)), ("Closed", "Tutup"));
        assert_eq!(closed.say(unspoken), "Tutup");
        assert_eq!(msg("of nobody").say(Language::ID), "of nobody");
    }

    #[test]
    fn what_is_put_in_is_put_in_once() {
        let text = msg("{a} and {b}, {nobody} {");
        let said = text.with(Language::EN, &[("a", &"{b}"), ("b", &7)]);
        assert_eq!(said, "{b} and 7, {nobody} {");
    }
}
