//! What is wrong, where, and what to do; reported like a compiler does.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the text it is about.
    pub span: Range<usize>,
    /// The word a program acts on.
    pub code: &'static str,
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Line and column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// Everything that is wrong with one file, in the order of the text.
#[derive(Debug, Clone)]
pub struct Problems {
    file: String,
    text: String,
    list: Vec<Problem>,
}

impl Problems {
    pub(super) fn new(file: &str, text: &str, mut list: Vec<Problem>) -> Self {
        list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        list.dedup();
        Self { file: file.to_owned(), text: text.to_owned(), list }
    }

    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// Where a problem stands.
    pub fn place(&self, problem: &Problem) -> Place {
        let start = self.text.floor_char_boundary(problem.span.start.min(self.text.len()));
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// The report for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut report = String::new();
        for problem in &self.list {
            let mut lines =
                Group::with_title(Level::ERROR.primary_title(problem.message.as_str()).id(problem.code))
                    .element(
                        Snippet::source(self.text.as_str())
                            .path(self.file.as_str())
                            .annotation(AnnotationKind::Primary.span(self.visible(&problem.span))),
                    );
            if let Some(hint) = &problem.hint {
                lines = lines.element(Level::HELP.message(hint.as_str()));
            }
            report += &renderer.render(&[lines]);
            report += "\n\n";
        }
        let s = if self.list.len() == 1 { "" } else { "s" };
        report += &format!("{} problem{s} in {}", self.list.len(), self.file);
        report
    }

    /// The same for programs.
    pub fn to_json(&self) -> serde_json::Value {
        let problem = |problem: &Problem| {
            let Place { line, column } = self.place(problem);
            serde_json::json!({
                "file": self.file, "line": line, "column": column,
                "code": problem.code, "message": problem.message, "hint": problem.hint,
            })
        };
        serde_json::json!({ "problems": self.list.iter().map(problem).collect::<Vec<_>>() })
    }

    /// The first line of a span, and at least one character of it, so that a caret has a place.
    fn visible(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start.min(self.text.len()));
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let end = self.text.floor_char_boundary(span.end.min(line_end));
        start..end.max(start)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
