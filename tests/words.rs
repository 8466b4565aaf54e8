//! Every language has every text: those of the screens under the component that shows them, those put together
//! in Rust without a context. What a file has beyond that nobody reads.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use antrean::words::Language;

/// The context (a component's name, or nothing) and the English.
type Text = (Option<String>, String);

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                found.push(path);
            }
        }
    }
    found
}

/// The literals that follow `call` in a source, and where each begins.
fn literals<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = (usize, String)> + 'a {
    source.match_indices(call).filter_map(move |(at, _)| {
        let before = source[..at].chars().next_back();
        let whole_word = !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let quoted = source[at + call.len()..].trim_start().strip_prefix('"')?;
        let mut text = String::new();
        let mut letters = quoted.chars();
        loop {
            match letters.next()? {
                '"' => break,
                '\\' => text.push(letters.next().filter(|c| ['"', '\\'].contains(c)).unwrap()),
                letter => text.push(letter),
            }
        }
        whole_word.then_some((at, text))
    })
}

/// Without comments: what they quote is not said to anybody.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let kept = text.split("#[cfg(test)]").next().unwrap_or_default();
    kept.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn used_by_screens() -> BTreeSet<Text> {
    let mut used = BTreeSet::new();
    for path in files("ui", "slint") {
        let source = code(&path);
        for (at, text) in literals(&source, "@tr(") {
            // The component whose opening stands nearest before.
            let before = source[..at].lines().rev();
            let component = before.filter_map(|line| {
                let rest = line.trim_start().trim_start_matches("export ").strip_prefix("component ")?;
                rest.split_whitespace().next()
            });
            let component = component.map(str::to_owned).next();
            used.insert((Some(component.expect("a text stands in a component")), text));
        }
    }
    used
}

fn used_in_rust() -> BTreeSet<Text> {
    let sources = files("src", "rs");
    let sources: Vec<String> = sources.iter().map(|path| code(path)).collect();
    sources.iter().flat_map(|source| literals(source, "msg(")).map(|(_, text)| (None, text)).collect()
}

/// What a language has: context, English, and what is said.
fn written(language: &str) -> Vec<(Text, String)> {
    let path = format!("{}/ui/lang/{language}/LC_MESSAGES/antrean-ui.po", env!("CARGO_MANIFEST_DIR"));
    let entries = rspolib::pofile(path.as_str()).unwrap().entries;
    let text = |it: rspolib::POEntry| ((it.msgctxt, it.msgid), it.msgstr.unwrap_or_default());
    entries.into_iter().map(text).collect()
}

fn translated() -> impl Iterator<Item = &'static str> {
    Language::codes().filter(|code| *code != "en")
}

#[test]
fn every_language_has_every_text_and_no_other() {
    let used: BTreeSet<Text> = used_by_screens().into_iter().chain(used_in_rust()).collect();
    assert!(used.len() > 200 && translated().next() == Some("id"));
    for language in translated() {
        let has: BTreeSet<Text> = written(language)
            .into_iter()
            .filter(|(_, said)| !said.is_empty())
            .map(|(text, _)| text)
            .collect();
        let missing: Vec<&Text> = used.difference(&has).collect();
        let idle: Vec<&Text> = has.difference(&used).collect();
        assert!(missing.is_empty(), "{language} lacks {missing:#?}");
        assert!(idle.is_empty(), "{language} has what nobody says: {idle:#?}");
    }
}

/// A `{place}` that is not in the translation is never filled, one that is misspelt is read out.
#[test]
fn every_translation_has_the_same_places_to_fill() {
    let places = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0.to_owned())).collect()
    };
    for language in translated() {
        for ((_, english), said) in written(language) {
            assert_eq!(places(&english), places(&said), "{language}: {english} / {said}");
        }
    }
}

#[test]
fn a_quoted_sign_and_a_line_break_after_the_bracket_are_read() {
    let source = "say(msg(\n    \"a \\\"b\\\"\",\n)); not_msg(\"c\"); msg(variable)";
    let found: Vec<String> = literals(source, "msg(").map(|(_, text)| text).collect();
    assert_eq!(found, ["a \"b\""]);
}
