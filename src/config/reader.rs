//! The one place that knows tables, keys and spans.
//!
//! A section of the config asks a [`Table`] for its keys, one after the other, and says how each
//! [`Value`] is to be read. Whatever is wrong is noted and reading goes on, so that a report names
//! everything at once. `None` always means: this has been noted already.
//!
//! **Invariant:** a table that is dropped has told of every key nobody asked for. So ask for *all*
//! keys first and only then give up with `?`.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::{Gravity, Problem, line_of};
use crate::nearest::{did_you_mean, nearest};

/// What has been found wrong so far.
pub(super) struct Notes<'t> {
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
    /// Stands in for sections that may be left out.
    empty: DeTable<'t>,
}

impl<'t> Notes<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, problems: RefCell::default(), empty: DeTable::new() }
    }

    /// Notes what makes the file no config.
    pub fn add(&self, span: Range<usize>, code: &'static str, message: String, hint: Option<String>) {
        self.note(Problem { span, gravity: Gravity::Error, code, message, hint });
    }

    /// Notes what somebody should know of a config that is one.
    pub fn warn(&self, span: Range<usize>, code: &'static str, message: String, hint: Option<String>) {
        self.note(Problem { span, gravity: Gravity::Warning, code, message, hint });
    }

    fn note(&self, problem: Problem) {
        // Messages repeat what the file says, and a terminal would act upon some of it.
        let (message, hint) = (visible(&problem.message), problem.hint.as_deref().map(visible));
        self.problems.borrow_mut().push(Problem { message, hint, ..problem });
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// A value and its place.
pub(super) struct Value<'a> {
    node: &'a DeValue<'a>,
    span: Range<usize>,
    notes: &'a Notes<'a>,
}

impl<'a> Value<'a> {
    fn new(spanned: &'a Spanned<DeValue<'a>>, notes: &'a Notes<'a>) -> Self {
        Self { node: spanned.get_ref(), span: spanned.span(), notes }
    }

    /// Notes that this value will not do.
    pub fn refuse<T>(
        &self,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) -> Option<T> {
        self.notes.add(self.span.clone(), code, message.into(), hint.into());
        None
    }

    /// Notes what somebody should know of this value.
    pub fn warn(&self, code: &'static str, message: String, hint: String) {
        self.notes.warn(self.span.clone(), code, message, Some(hint));
    }

    /// The line it stands on, for "first used in line 12".
    pub fn line(&self) -> usize {
        line_of(self.notes.text, self.span.start)
    }

    /// A place to come back to when the whole file is known.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub fn is_table(&self) -> bool {
        self.node.is_table()
    }

    /// A text that no report may repeat; whatever is no text is read as an empty one.
    pub fn secret(&self) -> &'a str {
        self.node.as_str().unwrap_or_default()
    }

    pub fn str(&self) -> Option<&'a str> {
        let hint = match self.node {
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                Some(format!("put it in quotes: \"{}\"", &self.notes.text[self.span.clone()]))
            }
            _ => None,
        };
        self.node.as_str().or_else(|| self.wrong_type("a text", hint))
    }

    pub fn bool(&self) -> Option<bool> {
        self.node.as_bool().or_else(|| self.wrong_type("`true` or `false`", self.unquoted()))
    }

    /// A whole number within bounds.
    pub fn integer<N: TryFrom<i64>>(&self, bounds: RangeInclusive<i64>) -> Option<N> {
        let Some(digits) = self.node.as_integer() else {
            return self.wrong_type("a whole number", self.unquoted());
        };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
        match number.filter(|number| bounds.contains(number)).and_then(|number| N::try_from(number).ok()) {
            Some(number) => Some(number),
            None => {
                let (low, high) = bounds.into_inner();
                self.refuse(
                    "out_of_range",
                    format!("a number from {low} to {high} is needed"),
                    self.bound(low, high),
                )
            }
        }
    }

    /// A number, with or without a fraction, within bounds.
    pub fn number(&self, bounds: RangeInclusive<f32>) -> Option<f32> {
        let digits = match self.node {
            DeValue::Integer(whole) if whole.radix() == 10 => whole.as_str(),
            DeValue::Float(float) => float.as_str(),
            _ => return self.wrong_type("a number", self.unquoted()),
        };
        match digits.parse().ok().filter(|number| bounds.contains(number)) {
            Some(number) => Some(number),
            None => {
                let (low, high) = bounds.into_inner();
                self.refuse(
                    "out_of_range",
                    format!("a number from {low} to {high} is needed"),
                    self.bound(low, high),
                )
            }
        }
    }

    /// A date, bare as in `2026-03-19`, or in quotes.
    pub fn date(&self) -> Option<NaiveDate> {
        let bare = |date: &toml::value::Datetime| match (date.date, date.time, date.offset) {
            (Some(date), None, None) => {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            }
            _ => None,
        };
        let date = match self.node {
            DeValue::Datetime(date) => bare(date),
            DeValue::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
            _ => return self.wrong_type("a date", None),
        };
        date.or_else(|| {
            let message = format!("`{}` is not a date", &self.notes.text[self.span.clone()]);
            self.refuse("bad_date", message, "write year, month and day: 2026-03-19".to_owned())
        })
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let word = self.str()?;
        let found = choices.iter().find(|(name, _)| *name == word);
        found.map(|&(_, value)| value).or_else(|| {
            let words: Vec<&str> = choices.iter().map(|&(name, _)| name).collect();
            self.refuse("unknown_word", format!("`{word}` is not possible here"), did_you_mean(word, &words))
        })
    }

    /// One of a few whole numbers.
    pub fn number_of<N: Copy + TryFrom<i64>>(&self, what: &str, choices: &[i64]) -> Option<N> {
        let number: i64 = self.integer(i64::MIN..=i64::MAX)?;
        if choices.contains(&number) {
            return N::try_from(number).ok();
        }
        let list = choices.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        self.refuse("unknown_word", format!("{number} is not {what}"), format!("possible are {list}"))
    }

    /// Every item of a list.
    pub fn each<T>(&self, read: impl FnMut(&Value<'a>) -> Option<T>) -> Option<Vec<T>> {
        let Some(items) = self.node.as_array() else {
            let hint = self
                .node
                .is_str()
                .then(|| format!("put it in square brackets: [{}]", &self.notes.text[self.span.clone()]));
            return self.wrong_type("a list", hint);
        };
        let values: Vec<_> = items.iter().map(|item| Value::new(item, self.notes)).collect();
        all(values.iter().map(read))
    }

    /// A table written in place, as `{ … }`, or beneath a header of its own.
    pub fn table(&self, title: &'static str) -> Option<Table<'a>> {
        match self.node {
            DeValue::Table(entries) => Some(Table {
                title: title.to_owned(),
                header: self.span.clone(),
                entries,
                asked: Vec::new(),
                above: None,
                notes: self.notes,
            }),
            _ => self.wrong_type(title, None),
        }
    }

    fn wrong_type<T>(&self, needed: &str, hint: Option<String>) -> Option<T> {
        let found = match self.node {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let hint = hint.unwrap_or_else(|| match needed {
            "a whole number" => "write it without a fraction".to_owned(),
            "`true` or `false`" => "write one of these two words, without quotes".to_owned(),
            _ => "see how it is written in: antrean config default".to_owned(),
        });
        let found = if needed == "a whole number" && found == "a number" { "a fraction" } else { found };
        self.refuse("wrong_type", format!("{needed} is needed here, not {found}"), hint)
    }

    /// The end of a range that this value is beyond.
    fn bound<N: std::fmt::Display>(&self, low: N, high: N) -> String {
        let negative = self.notes.text[self.span.clone()].starts_with('-');
        let written: f64 = self.notes.text[self.span.clone()].replace('_', "").parse().unwrap_or(f64::NAN);
        let too_low = negative || low.to_string().parse::<f64>().is_ok_and(|low| written < low);
        if too_low { format!("the least is {low}") } else { format!("the most is {high}") }
    }

    /// The remedy for `"2"` where 2 is meant.
    fn unquoted(&self) -> Option<String> {
        let text = self.node.as_str()?;
        let plain = text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok();
        plain.then(|| format!("write it without quotes: {text}"))
    }
}

/// A table and the keys that have been asked for.
pub(super) struct Table<'a> {
    /// What it is called in messages: `[[agency]]`.
    title: String,
    /// Its header, or the whole of a table written in place.
    header: Range<usize>,
    entries: &'a DeTable<'a>,
    asked: Vec<&'static str>,
    /// The table it is nested in, whose keys may have slipped into this one.
    above: Option<(String, Vec<&'static str>)>,
    notes: &'a Notes<'a>,
}

impl<'a> Table<'a> {
    /// The file itself.
    pub fn root(document: &'a Spanned<DeTable<'a>>, notes: &'a Notes<'a>) -> Self {
        Self {
            title: String::new(),
            header: 0..0,
            entries: document.get_ref(),
            asked: Vec::new(),
            above: None,
            notes,
        }
    }

    /// A value that must be there.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Value<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.get(key) {
            Some(value) => read(&value),
            None => {
                let hint = if self.title.starts_with('[') {
                    format!("write a line beneath it: {key} = …")
                } else {
                    format!("write between the braces: {key} = …")
                };
                self.refuse("missing_key", format!("{} needs `{key}`", self.title), hint)
            }
        }
    }

    /// A value that may be left out.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&Value<'a>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).map_or(Some(default), |value| read(&value))
    }

    /// A value whose absence means something.
    pub fn maybe<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Value<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.optional(key, None, |value| read(value).map(Some))
    }

    /// A section that must be there, as `[site]`.
    pub fn section(&mut self, key: &'static str) -> Option<Table<'a>> {
        if self.entries.contains_key(key) {
            return self.optional_section(key);
        }
        self.asked.push(key);
        let hint = format!("write it as in the default: antrean config default shows [{key}]");
        self.refuse("missing_section", format!("the file needs a section [{key}]"), hint)
    }

    /// A section that may be left out: then it is read as an empty one.
    pub fn optional_section(&mut self, key: &'static str) -> Option<Table<'a>> {
        let title = format!("[{}]", self.path(key));
        let Some(value) = self.get(key) else {
            return Some(self.child(title, self.header.clone(), &self.notes.empty));
        };
        match value.node {
            DeValue::Table(entries) => Some(self.child(title, value.span, entries)),
            _ => value.wrong_type("a section", format!("write {title} on a line of its own").into()),
        }
    }

    /// Every table of a list, as `[[agency]]`.
    pub fn each<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(Table<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let title = format!("[[{}]]", self.path(key));
        let Some(value) = self.get(key) else { return Some(Vec::new()) };
        let hint = || format!("write {title} with two brackets: there may be many").into();
        let DeValue::Array(items) = value.node else {
            return value.wrong_type("a list of tables", hint());
        };
        all(items.iter().map(|item| match item.get_ref() {
            DeValue::Table(entries) => read(self.child(title.clone(), item.span(), entries)),
            _ => Value::new(item, self.notes).wrong_type("a table", hint()),
        }))
    }

    /// Where its header stands.
    pub fn header(&self) -> Range<usize> {
        self.header.clone()
    }

    /// Notes something about the table as a whole.
    pub fn refuse<T>(
        &self,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) -> Option<T> {
        self.notes.add(self.header.clone(), code, message.into(), hint.into());
        None
    }

    fn get(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.push(key);
        self.entries.get(key).map(|spanned| Value::new(spanned, self.notes))
    }

    fn child(&self, title: String, header: Range<usize>, entries: &'a DeTable<'a>) -> Table<'a> {
        let above = (!self.title.is_empty()).then(|| (self.title.clone(), self.asked.clone()));
        Table { title, header, entries, asked: Vec::new(), above, notes: self.notes }
    }

    /// `agency.service` for the key `service` of `[[agency]]`.
    fn path(&self, key: &str) -> String {
        match self.title.trim_matches(['[', ']']) {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    fn unknown(&self, key: &str) -> (String, Option<String>) {
        if self.title.is_empty() {
            let message = format!("there is no section called `{key}`");
            return (message, did_you_mean(key, &self.asked).or_else(show_all));
        }
        let message = format!("`{key}` is not a key of {}", self.title);
        let misplaced = self.above.as_ref().filter(|(_, keys)| keys.contains(&key));
        let hint = match misplaced {
            _ if nearest(key, self.asked.iter().copied()).is_some() => did_you_mean(key, &self.asked),
            Some((title, _)) => {
                Some(format!("it is a key of {title}: move it above the first {}", self.title))
            }
            None => did_you_mean(key, &self.asked),
        };
        (message, hint.or_else(show_all))
    }
}

/// Where there are too many to be named.
fn show_all() -> Option<String> {
    Some("leave it out, or see `antrean config default`, where every key stands".to_owned())
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        #[cfg(test)]
        ASKED.with_borrow_mut(|all| {
            let keys = all.entry(self.title.clone()).or_default();
            keys.extend(self.asked.iter().map(|key| (*key).to_owned()));
        });
        for (key, _) in self.entries.iter() {
            let name: &str = key.get_ref();
            if !self.asked.contains(&name) {
                let (message, hint) = self.unknown(name);
                self.notes.add(key.span(), "unknown_key", message, hint);
            }
        }
    }
}

#[cfg(test)]
thread_local! {
    static ASKED: RefCell<Asked> = RefCell::default();
}

/// Keys by the table they were asked of.
#[cfg(test)]
pub(super) type Asked = std::collections::BTreeMap<String, std::collections::BTreeSet<String>>;

/// Which keys of which tables are asked for meanwhile.
#[cfg(test)]
pub(super) fn asked_for(read: impl FnOnce()) -> Asked {
    ASKED.take();
    read();
    ASKED.take()
}

/// All of them, or nothing; but every one is read, so that all problems are told.
pub(super) fn all<T>(items: impl IntoIterator<Item = Option<T>>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = items.into_iter().collect();
    read.into_iter().collect()
}

/// The same with controls in writing.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_debug()) } else { shown.push(c) }
    }
    shown
}
