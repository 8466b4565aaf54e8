//! What the parser could not read, in the words of somebody who writes a config by hand.

use super::problems::{Gravity, Line, Problem};
use super::reader::visible;

/// A list that swallows every line that follows.
pub(super) const UNCLOSED: &str = "the list above this is not closed";

/// A fault of the parser as a problem with a remedy.
pub(super) fn problem(text: &str, fault: &toml::de::Error) -> Problem {
    let span = fault.span().unwrap_or(0..0);
    let line = Line::at(text, span.start);
    let column = span.start.saturating_sub(line.start);
    let before = &line.text[..line.text.floor_char_boundary(column)];
    let rest = &line.text[before.len()..];
    let (message, hint) = explain(text, &line, before, rest, fault.message());
    // They repeat the line, and a terminal would act upon some of it.
    let (message, hint) = (visible(&message), Some(visible(&hint)));
    Problem { span, gravity: Gravity::Error, code: "syntax", message, hint }
}

fn explain(text: &str, line: &Line<'_>, before: &str, rest: &str, said: &str) -> (String, String) {
    let tell = |message: &str, hint: &str| (message.to_owned(), hint.to_owned());
    let key = before.split(['=', ':']).next().unwrap_or_default().trim();
    let whole = line.text.trim();
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| whole.starts_with(mark)) {
        return tell(
            "two versions of this file stand here, one above the other",
            "keep the lines of the right one; remove the other and the lines with <<<<<<<, ======= and >>>>>>>",
        );
    }
    if line.number == 1 && text.trim_start().starts_with('{') {
        return tell("this is JSON; a config is TOML", "begin with the default: antrean config default");
    }
    if whole.contains(['“', '”', '„', '‟', '‘', '’', '«', '»']) {
        return tell("these are not the quotes of a keyboard", "write straight quotes: \"…\"");
    }
    if rest.starts_with(char::is_control) || said.contains("control character") {
        return tell("an invisible sign stands here", "type this line again");
    }
    let unquoted = rest.trim().split('#').next().unwrap_or_default().trim();
    match said.split(',').next().unwrap_or_default() {
        "unclosed table" | "unclosed array table" => {
            tell("the name of this section is not closed", &format!("write {}", closed(whole)))
        }
        "invalid unquoted key" if rest.trim_start().starts_with(':') => tell(
            "a `:` stands where `=` is needed",
            &format!("write: {} = …", if key.is_empty() { "key" } else { key }),
        ),
        "invalid unquoted key" => {
            tell("this line is no key with a value", "write: key = value; or begin a comment with #")
        }
        "invalid date" => tell("there is no such day", "look at a calendar; write 2026-03-19 as YYYY-MM-DD"),
        "key with no value" => match whole.split_once(':') {
            Some((key, _)) => tell("a `:` stands where `=` is needed", &format!("write: {} = …", key.trim())),
            None => tell("there is no `=` in this line", "write: key = value; or begin a comment with #"),
        },
        "duplicate key" if whole.starts_with('[') => {
            tell("this section is there already", &format!("write its keys beneath the first {whole}"))
        }
        "duplicate key" => tell("this key is there already", "remove one of the two lines"),
        "invalid basic string" | "invalid literal string" => {
            tell("the closing quote of this text is missing", "a text ends with \" on the line it begins on")
        }
        "missing escaped value" | "invalid escape sequence" => {
            tell("`\\` is not possible in a text", "write / in its place, or \\\\ where a \\ must be")
        }
        "string values must be quoted" if unquoted.is_empty() => {
            tell("there is no value behind `=`", "write one, or remove the line")
        }
        "string values must be quoted" => {
            tell("this text has no quotes", &format!("write it in quotes: \"{unquoted}\""))
        }
        "unexpected leading zero" => tell(
            "a number does not begin with 0",
            &format!("write it as {}", unquoted.trim_start_matches('0')),
        ),
        "missing comma between array elements" | "unclosed array" => {
            tell(UNCLOSED, "end it with ], and put a comma between two of its values")
        }
        "unexpected key or value" if rest.trim_start().starts_with("//") => {
            tell("a comment does not begin with //", "begin it with #")
        }
        "unexpected key or value" => {
            tell("there is something more in this line", "write each key on a line of its own")
        }
        "extra `=`" => tell("there is one `=` too many", "remove it"),
        _ => {
            let hint =
                "texts stand in quotes, lists in [ ]; see how it is written in: antrean config default";
            tell(said, hint)
        }
    }
}

/// `[hours` as it was meant.
fn closed(header: &str) -> String {
    let name = header.trim_matches(['[', ']', ' ']);
    let name = name.split('#').next().unwrap_or_default().trim();
    if header.starts_with("[[") { format!("[[{name}]]") } else { format!("[{name}]") }
}
