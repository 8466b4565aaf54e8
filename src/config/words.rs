//! Texts for people.

use super::reader::Value;
use crate::queue::{Language, Text};

/// A line of text: not empty, and nothing in it that a printer or screen would act upon.
pub(super) fn line<'a>(value: &Value<'a>) -> Option<&'a str> {
    let text = value.str()?;
    if text.trim().is_empty() {
        return value.refuse("empty_text", "this text is empty", "write it, or remove the line".to_owned());
    }
    if let Some(sign) = text.chars().find(|&c| acts(c)) {
        let code = u32::from(sign);
        return value.refuse(
            "control_character",
            format!("this text contains the invisible sign U+{code:04X}"),
            "texts are a single line of visible signs".to_owned(),
        );
    }
    Some(text)
}

/// A text in both languages and maybe in others, `{ id = "…", en = "…" }`, or one for all, `"…"`.
pub(super) fn text(value: &Value<'_>) -> Option<Text> {
    if !value.is_table() {
        return line(value).map(Text::same);
    }
    let mut table = value.table("a text in two languages")?;
    let id = table.required("id", line);
    let en = table.required("en", line);
    let others: Vec<Option<(&str, Option<&str>)>> =
        Language::codes().skip(2).map(|code| Some((code, table.maybe(code, line)?))).collect();
    let mut text = Text::new(id?, en?);
    for other in others {
        let (code, said) = other?;
        if let Some((language, said)) = Language::of(code).zip(said) {
            text = text.and(language, said);
        }
    }
    Some(text)
}

/// Control characters, signs without width, and marks that turn the direction of writing.
fn acts(c: char) -> bool {
    const UNSEEN: [std::ops::RangeInclusive<char>; 4] =
        ['\u{200B}'..='\u{200F}', '\u{2028}'..='\u{202E}', '\u{2060}'..='\u{206F}', '\u{FEFF}'..='\u{FEFF}'];
    c.is_control() || UNSEEN.iter().any(|signs| signs.contains(&c))
}
