//! What is wrong with a config file, told the way a compiler tells it: file, line, the exact place,
//! and what to write instead.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the file: the value or key to change, or the header of the table that lacks something.
    pub span: Range<usize>,
    pub gravity: Gravity,
    /// A stable name of this kind of problem, such as `unknown_key`.
    pub code: &'static str,
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// What follows from a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// There is no config.
    Error,
    /// The box runs, and somebody should know.
    Warning,
}

impl Gravity {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// All that is wrong with one file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The name of the file as reports show it.
    pub file: String,
    pub text: String,
    pub list: Vec<Problem>,
    /// What is wrong with the files it names. Here or there, something is.
    pub beside: Vec<Problems>,
}

/// A place a person can find in an editor; both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// Problems whose place may hold a PIN or token somebody wrote in plain: reports go to the journal.
const SECRETS: &[&str] = &["bad_pin_hash", "bad_token_hash"];

impl Problems {
    /// The same with what was found beside the file itself; `text` is its text.
    pub fn with(found: Option<Self>, file: &str, text: &str, more: Vec<Problem>) -> Option<Self> {
        let mut all = match found {
            None if more.is_empty() => return None,
            None => {
                Self { file: file.to_owned(), text: text.to_owned(), list: Vec::new(), beside: Vec::new() }
            }
            Some(found) => found,
        };
        all.list.extend(more);
        all.list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        Some(all)
    }

    /// Where a problem stands.
    pub fn place(&self, problem: &Problem) -> Place {
        let line = Line::at(&self.text, problem.span.start);
        let before = line.text.floor_char_boundary(problem.span.start - line.start);
        Place { line: line.number, column: line.text[..before].chars().count() + 1 }
    }

    /// Whether anything here or beside keeps the box from running.
    pub fn are_errors(&self) -> bool {
        self.files().any(|file| file.list.iter().any(|problem| problem.gravity == Gravity::Error))
    }

    /// The report for a terminal.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let reports: Vec<String> = self.files().map(|file| file.render_file(&renderer)).collect();
        reports.join("\n\n")
    }

    /// Every file in which something is wrong.
    fn files(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.beside).filter(|file| !file.list.is_empty())
    }

    fn render_file(&self, renderer: &Renderer) -> String {
        let mut report = String::new();
        for problem in &self.list {
            report += &self.render_one(renderer, problem);
            report += "\n\n";
        }
        let count = |gravity| self.list.iter().filter(|problem| problem.gravity == gravity).count();
        let counts = [(count(Gravity::Error), "problem"), (count(Gravity::Warning), "warning")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
            .collect();
        report + &format!("{} in {}", counts.join(" and "), self.file)
    }

    fn render_one(&self, renderer: &Renderer, problem: &Problem) -> String {
        // One line is all a reader needs, and all the renderer has to look through.
        let line = Line::at(&self.text, problem.span.start);
        let start = line.text.floor_char_boundary(problem.span.start - line.start);
        let end = line.text.ceil_char_boundary(problem.span.end.saturating_sub(line.start));
        let mark = start..end.max(start);
        let mut shown = without_c1(line.text);
        if SECRETS.contains(&problem.code) {
            shown.replace_range(mark.clone(), &"*".repeat(mark.len()));
        }
        let snippet = Snippet::source(shown)
            .line_start(line.number)
            .path(self.file.as_str())
            .annotation(AnnotationKind::Primary.span(mark));
        let level = match problem.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let mut group = level.primary_title(problem.message.as_str()).id(problem.code).element(snippet);
        if let Some(hint) = &problem.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        renderer.render(&[group])
    }

    /// The report for programs: one object a problem.
    pub fn to_json(&self) -> serde_json::Value {
        let all = self.files().flat_map(|file| file.list.iter().map(move |problem| (file, problem)));
        all.map(|(file, problem)| {
            let Place { line, column } = file.place(problem);
            json!({
                "file": file.file,
                "line": line,
                "column": column,
                "level": problem.gravity.as_str(),
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
            })
        })
        .collect()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
impl std::error::Error for Problems {}

/// One line of a text, without its end.
pub(super) struct Line<'t> {
    /// Counted from 1.
    pub number: usize,
    /// Byte at which it begins.
    pub start: usize,
    pub text: &'t str,
}

impl<'t> Line<'t> {
    pub fn at(text: &'t str, position: usize) -> Self {
        let position = text.floor_char_boundary(position);
        let start = text[..position].rfind('\n').map_or(0, |end| end + 1);
        let end = text[position..].find('\n').map_or(text.len(), |length| position + length);
        let text_of_line = &text[start..end];
        Self {
            number: line_of(text, position),
            start,
            text: text_of_line.strip_suffix('\r').unwrap_or(text_of_line),
        }
    }
}

/// A line that a terminal only shows: the renderer writes the controls of ASCII as signs of their own, and leaves
/// those of ISO 6429, of which U+009B begins a command as ESC [ does. What stands for them is as long.
fn without_c1(line: &str) -> String {
    line.replace(|sign: char| ('\u{80}'..='\u{9f}').contains(&sign), "\u{b7}")
}

/// The line of a byte, counted from 1.
pub(super) fn line_of(text: &str, position: usize) -> usize {
    text.as_bytes()[..position.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}
