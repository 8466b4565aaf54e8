//! Texts of a site, as its config has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Language;

/// A text for people, in both languages of the house and maybe in others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    #[schema(value_type = String)]
    pub id: Arc<str>,
    #[schema(value_type = String)]
    pub en: Arc<str>,
    #[serde(flatten, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    others: BTreeMap<Language, Arc<str>>,
}

impl Text {
    /// The same words in every language, as for a name.
    pub fn same(text: &str) -> Self {
        let text: Arc<str> = text.into();
        Self { id: text.clone(), en: text, others: BTreeMap::new() }
    }

    pub fn new(id: &str, en: &str) -> Self {
        Self { id: id.into(), en: en.into(), others: BTreeMap::new() }
    }

    /// The same with the words of another language.
    pub fn and(mut self, language: Language, text: &str) -> Self {
        match language {
            Language::ID => self.id = text.into(),
            Language::EN => self.en = text.into(),
            _ => _ = self.others.insert(language, text.into()),
        }
        self
    }

    /// In this language; Indonesian where it has no words of its own.
    pub fn in_language(&self, language: Language) -> &str {
        self.others.get(&language).unwrap_or(language.pick(&self.id, &self.en))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_third_language_speaks_for_itself_where_it_can() {
        let aceh: Language = serde_json::from_str("\"ace\"").unwrap();
        let text = Text::new("Kartu Keluarga", "Family card");
        assert_eq!(text.in_language(aceh), "Kartu Keluarga");
        assert_eq!(serde_json::to_string(&text).unwrap(), r#"{"id":"Kartu Keluarga","en":"Family card"}"#);
        let text = text.and(aceh, "Kartu Kaluwarga");
        assert_eq!(text.in_language(aceh), "Kartu Kaluwarga");
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    }
}
