//! Where something stands in a config, for what is found out about it elsewhere.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The place of a key's value in a section, else of the section, else the beginning of the file.
pub fn locate(text: &str, section: &str, key: &str) -> Range<usize> {
    let (document, _) = DeTable::parse_recoverable(text);
    let Some(section) = document.get_ref().get(section) else { return 0..0 };
    let value = match section.get_ref() {
        DeValue::Table(entries) => entries.get(key),
        _ => None,
    };
    value.map_or_else(|| section.span(), |value| value.span())
}
