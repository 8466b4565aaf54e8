//! The one place that knows tables, keys and spans. It notes a problem and goes on, so that a
//! technician sees everything at once.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use crate::queue::Text;

/// Where problems are noted.
#[derive(Debug, Default)]
pub struct Sink(RefCell<Vec<Problem>>);

impl Sink {
    pub fn say(&self, span: Range<usize>, code: &'static str, message: String, hint: Option<String>) {
        self.0.borrow_mut().push(Problem { span, code, message, hint });
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Found<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl<T> Found<T> {
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Found<U> {
        Found { value: map(self.value), span: self.span }
    }
}

/// One table of the file. Keys that nobody asked for are problems when it is done with.
pub struct Section<'a> {
    pub sink: &'a Sink,
    /// How reports call it, such as `[[agency]]`.
    name: String,
    header: Range<usize>,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub fn root(sink: &'a Sink, table: &'a Spanned<DeTable<'a>>) -> Self {
        let asked = RefCell::default();
        Self { sink, name: "the file".to_owned(), header: 0..0, table: table.get_ref(), asked }
    }

    /// Where its header stands: the place of what is missing.
    pub fn header(&self) -> Range<usize> {
        self.header.clone()
    }

    pub fn say(&self, span: Range<usize>, code: &'static str, message: impl Display, hint: impl Display) {
        self.sink.say(span, code, message.to_string(), Some(hint.to_string()));
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn missing<T>(&self, key: &str, example: &str) -> Option<T> {
        let message = format!("`{key}` is missing in {}", self.name);
        self.say(self.header(), "missing_key", message, format_args!("add a line such as {key} = {example}"));
        None
    }

    fn wrong<T>(&self, value: &Spanned<DeValue<'_>>, key: &str, expected: &str) -> Option<T> {
        let found = kind(value.get_ref());
        let message = format!("`{key}` is {found}");
        self.say(value.span(), "wrong_type", message, format_args!("write {expected}"));
        None
    }

    /// A text that may be left out.
    pub fn text(&self, key: &'static str) -> Option<Found<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => self.plain(text, value.span(), key),
            _ => self.wrong(value, key, "a text in quotes"),
        }
    }

    /// A text that must be there.
    pub fn need_text(&self, key: &'static str, example: &str) -> Option<Found<String>> {
        if self.has(key) { self.text(key) } else { self.missing(key, example) }
    }

    fn plain(&self, text: &str, span: Range<usize>, key: &str) -> Option<Found<String>> {
        if text.trim().is_empty() {
            self.say(
                span,
                "empty_text",
                format_args!("`{key}` is empty"),
                "write a text, or leave the line out",
            );
            return None;
        }
        if text.chars().any(char::is_control) {
            let hint = "a printer would take it for a command; remove it";
            self.say(span, "control_character", format_args!("`{key}` holds a control character"), hint);
            return None;
        }
        Some(Found { value: text.to_owned(), span })
    }

    /// A text for people: `{ id = "…", en = "…" }`, or one text for both languages.
    pub fn words(&self, key: &'static str) -> Option<Text> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => self.plain(text, value.span(), key).map(|text| Text::same(&text.value)),
            DeValue::Table(table) => {
                let part = self.inner(format!("`{key}`"), value.span(), table);
                let both = part.need_text("id", "\"…\"").zip(part.need_text("en", "\"…\""));
                part.done();
                both.map(|(id, en)| Text::new(&id.value, &en.value))
            }
            _ => self.wrong(value, key, "a text, or { id = \"…\", en = \"…\" }"),
        }
    }

    pub fn need_words(&self, key: &'static str) -> Option<Text> {
        if self.has(key) { self.words(key) } else { self.missing(key, "{ id = \"…\", en = \"…\" }") }
    }

    /// A whole number within bounds that may be left out.
    pub fn number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<Found<i64>> {
        let value = self.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            return self.wrong(value, key, "a whole number");
        };
        let (low, high) = (bounds.start(), bounds.end());
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if bounds.contains(&number) => Some(Found { value: number, span: value.span() }),
            _ => {
                let hint = format!("write a number from {low} to {high}");
                self.say(value.span(), "out_of_range", format_args!("`{key}` is out of range"), hint);
                None
            }
        }
    }

    pub fn need_number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<Found<i64>> {
        let example = bounds.start().to_string();
        if self.has(key) { self.number(key, bounds) } else { self.missing(key, &example) }
    }

    /// A number that may have a fraction.
    pub fn decimal(&self, key: &'static str, bounds: RangeInclusive<f64>) -> Option<f64> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => return self.wrong(value, key, "a number"),
        };
        let fits = number.filter(|number| bounds.contains(number));
        if fits.is_none() {
            let hint = format!("write a number from {} to {}", bounds.start(), bounds.end());
            self.say(value.span(), "out_of_range", format_args!("`{key}` is out of range"), hint);
        }
        fits
    }

    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(yes) => Some(*yes),
            _ => self.wrong(value, key, "true or false"),
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.text(key)?;
        self.chosen(key, &word, choices)
    }

    /// Several of a few words.
    pub fn choices<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Vec<T> {
        let words = self.texts(key).unwrap_or_default();
        words.iter().filter_map(|word| self.chosen(key, word, choices)).collect()
    }

    fn chosen<T: Copy>(&self, key: &str, word: &Found<String>, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let hint = nearest_or_all(&word.value, &names);
            self.say(
                word.span.clone(),
                "unknown_choice",
                format_args!("`{key}` cannot be {:?}", word.value),
                hint,
            );
        }
        found
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Found<String>>> {
        let value = self.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong(value, key, "a list: [\"…\", \"…\"]");
        };
        let texts = items.iter().filter_map(|item| match item.get_ref() {
            DeValue::String(text) => self.plain(text, item.span(), key),
            _ => self.wrong(item, key, "a text in quotes"),
        });
        Some(texts.collect())
    }

    /// A list of texts for people.
    pub fn words_list(&self, key: &'static str) -> Vec<Text> {
        let Some(value) = self.get(key) else { return vec![] };
        let DeValue::Array(items) = value.get_ref() else {
            let _: Option<()> = self.wrong(value, key, "a list of texts");
            return vec![];
        };
        let one = |item: &'a Spanned<DeValue<'a>>| match item.get_ref() {
            DeValue::String(text) => self.plain(text, item.span(), key).map(|text| Text::same(&text.value)),
            DeValue::Table(table) => {
                let part = self.inner(format!("`{key}`"), item.span(), table);
                let both = part.need_text("id", "\"…\"").zip(part.need_text("en", "\"…\""));
                part.done();
                both.map(|(id, en)| Text::new(&id.value, &en.value))
            }
            _ => self.wrong(item, key, "a text, or { id = \"…\", en = \"…\" }"),
        };
        items.iter().filter_map(one).collect()
    }

    /// A table that may be left out.
    pub fn table(&self, key: &'static str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.inner(format!("[{key}]"), value.span(), table)),
            _ => self.wrong(value, key, &format!("a section: [{key}]")),
        }
    }

    pub fn need_table(&self, key: &'static str) -> Option<Section<'a>> {
        if self.has(key) {
            return self.table(key);
        }
        self.asked.borrow_mut().push(key);
        let message = format!("the section [{key}] is missing");
        self.say(
            self.header(),
            "missing_section",
            message,
            "`antrean config` of the manual shows every section",
        );
        None
    }

    /// The tables of a list such as `[[agency]]`; none is an empty list.
    pub fn tables(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return vec![] };
        let DeValue::Array(items) = value.get_ref() else {
            let _: Option<()> = self.wrong(value, key, &format!("one section for each: [[{key}]]"));
            return vec![];
        };
        let one = |item: &'a Spanned<DeValue<'a>>| match item.get_ref() {
            DeValue::Table(table) => Some(self.inner(format!("[[{key}]]"), item.span(), table)),
            _ => self.wrong(item, key, &format!("one section for each: [[{key}]]")),
        };
        items.iter().filter_map(one).collect()
    }

    fn inner(&self, name: String, header: Range<usize>, table: &'a DeTable<'a>) -> Section<'a> {
        Section { sink: self.sink, name, header, table, asked: RefCell::default() }
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// Whatever was not asked for is unknown.
    pub fn done(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref())) {
            let message = format!("{} has no key `{}`", self.name, key.get_ref());
            self.say(key.span(), "unknown_key", message, nearest_or_all(key.get_ref(), &asked));
        }
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// "did you mean …?", or everything that would be right.
pub fn nearest_or_all(word: &str, names: &[&str]) -> String {
    let near = names.iter().map(|name| (distance(word, name), *name)).min();
    match near {
        Some((steps, name)) if steps <= 1 + word.len() / 4 => format!("did you mean `{name}`?"),
        _ if names.is_empty() => "remove it".to_owned(),
        _ => {
            let mut names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            names.dedup();
            format!("write one of {}", names.join(", "))
        }
    }
}

/// Letters to add, drop or change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != *to);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// A date or number read elsewhere must be a plain word: letters, digits and hyphens.
pub fn id_like(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
