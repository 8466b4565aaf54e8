//! Which language.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{CATALOGUES, msg};

/// The language of a screen or slip, by its ISO 639 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    /// Two or three small letters; a code of two ends in a zero.
    code: [u8; 3],
}

impl Language {
    pub const ID: Self = Self { code: *b"id\0" };
    pub const EN: Self = Self { code: *b"en\0" };

    /// Those this build speaks: Indonesian, English, and whatever else has a file in `ui/lang`.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::codes().filter_map(Self::written)
    }

    /// Their codes, in the same order.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let others = CATALOGUES.iter().map(|it| it.tag);
        ["id", "en"].into_iter().chain(others.filter(|code| !["id", "en"].contains(code)))
    }

    /// The language of this code, if this build speaks it.
    pub fn of(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// The one after this, and after the last the first.
    pub fn next(self) -> Self {
        Self::all().skip_while(|it| *it != self).nth(1).unwrap_or(Self::ID)
    }

    /// "id".
    pub fn code(&self) -> &str {
        let letters = if self.code[2] == 0 { &self.code[..2] } else { &self.code[..] };
        std::str::from_utf8(letters).unwrap_or_default()
    }

    /// What the language calls itself: a translation of the word "English" is its own name.
    pub fn own_name(self) -> &'static str {
        msg("English").say(self)
    }

    /// Of a text that exists in two languages alone, as all that staff read does: the English one for English,
    /// for every other language the Indonesian.
    pub fn pick<T>(self, id: T, en: T) -> T {
        if self == Self::EN { en } else { id }
    }

    /// For what comes from outside: a language that this build speaks.
    ///
    /// # Errors
    /// Any other.
    pub fn spoken<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let known = || Self::codes().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        Self::of(&code).ok_or_else(|| {
            D::Error::custom(format!("unknown language `{code}`, expected one of {}", known()))
        })
    }

    fn written(code: &str) -> Option<Self> {
        let letters = code.as_bytes();
        let known = (2..=3).contains(&letters.len()) && letters.iter().all(u8::is_ascii_lowercase);
        known.then(|| Self { code: [letters[0], letters[1], letters.get(2).copied().unwrap_or(0)] })
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::ID
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Any code is read, so that a journal can be read by a build that speaks fewer languages.
impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::written(&code).ok_or_else(|| {
            D::Error::custom(format!("`{code}` is no code of a language, such as `id` or `en`"))
        })
    }
}

impl ToSchema for Language {}

impl PartialSchema for Language {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .enum_values(Some(Self::all().map(|language| language.code().to_owned())))
            .description(Some("The language of a screen or slip, by its ISO 639 code."))
            .build()
            .into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pressing_often_enough_comes_back_to_the_first() {
        assert_eq!((Language::ID.next(), Language::default()), (Language::EN, Language::ID));
        let round = Language::all().fold(Language::ID, |language, _| language.next());
        assert_eq!(round, Language::ID);
    }

    #[test]
    fn a_code_is_written_as_it_is_read_even_of_a_language_this_build_does_not_speak() {
        for code in ["id", "en", "ace"] {
            let language: Language = serde_json::from_value(code.into()).unwrap();
            assert_eq!((language.code(), serde_json::to_value(language).unwrap()), (code, code.into()));
        }
        assert_eq!((Language::of("en"), Language::of("xx")), (Some(Language::EN), None));
        for wrong in ["", "i", "ID", "indo", "i-d"] {
            assert!(serde_json::from_value::<Language>(wrong.into()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_language_names_itself() {
        assert_eq!((Language::ID.own_name(), Language::EN.own_name()), ("Indonesia", "English"));
    }
}
