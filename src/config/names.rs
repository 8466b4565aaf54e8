//! Names that must be unique, and references to them.

use std::collections::HashMap;
use std::hash::Hash;

use super::reader::Value;
use crate::nearest::{did_you_mean, distance};

/// Things of one kind of which no two may be alike.
pub(super) struct Once<K> {
    what: &'static str,
    /// With the line of the first.
    met: HashMap<K, usize>,
}

impl<K: Eq + Hash + Clone + std::fmt::Display> Once<K> {
    pub fn new(what: &'static str) -> Self {
        Self { what, met: HashMap::new() }
    }

    /// Takes a key, unless somebody else had it first.
    pub fn take(&mut self, value: &Value<'_>, key: K) -> Option<K> {
        if let Some(line) = self.met.get(&key) {
            let message = format!("{} {key} is given twice", self.what);
            return value.refuse("duplicate", message, format!("the first is in line {line}"));
        }
        self.met.insert(key.clone(), value.line());
        Some(key)
    }
}

/// The ids of one kind of thing.
pub(super) struct Names {
    kind: &'static str,
    once: Once<String>,
    /// In the order of the file, for hints.
    list: Vec<String>,
}

impl Names {
    pub fn new(kind: &'static str) -> Self {
        Self { kind, once: Once::new(kind), list: Vec::new() }
    }

    /// A new id. Ids stand in addresses, in the journal and on the command line: plain letters.
    pub fn declare<T: From<String>>(&mut self, value: &Value<'_>) -> Option<T> {
        let id = value.str()?.to_owned();
        let well_formed = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && id.len() <= 40;
        let id = self.once.take(value, id)?;
        let near = self.list.iter().find(|other| is_slip(&id, other));
        if let Some(near) = near {
            let message = format!("the {} ids `{id}` and `{near}` differ in one letter", self.kind);
            value.warn("near_id", message, "if both are meant, choose words that are told apart".to_owned());
        }
        // Known even when badly written, so that whoever refers to it is not blamed as well.
        self.list.push(id.clone());
        if !well_formed {
            return value.refuse(
                "bad_id",
                format!("`{id}` cannot be the id of a {}", self.kind),
                "small letters, digits and `-`, beginning with a letter, 40 at most".to_owned(),
            );
        }
        Some(T::from(id))
    }

    /// An id declared before.
    pub fn refer<T: From<String>>(&self, value: &Value<'_>) -> Option<T> {
        let id = value.str()?;
        if self.list.iter().any(|known| known == id) {
            return Some(T::from(id.to_owned()));
        }
        let known: Vec<&str> = self.list.iter().map(String::as_str).collect();
        let hint = did_you_mean(id, &known).unwrap_or_else(|| {
            if known.is_empty() {
                format!("the file has no {}: add one, or remove this line", self.kind)
            } else {
                format!("write the id of a {} of this file", self.kind)
            }
        });
        value.refuse("unknown_name", format!("there is no {} `{id}`", self.kind), hint)
    }
}

/// Whether two ids are probably one that was mistyped: one letter is different, missing or swapped. Digits
/// count: `loket-1` and `loket-2` are two counters.
fn is_slip(one: &str, other: &str) -> bool {
    const SHORT: usize = 5;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let parts = |text: &str| text.matches('-').count();
    one.len().min(other.len()) >= SHORT
        && digits(one) == digits(other)
        && parts(one) == parts(other)
        && one.rsplit('-').next().is_none_or(|last| last.len() > 1)
        && distance(one, other) == 1
}
