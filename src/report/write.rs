//! Tables for spreadsheets, terminals and programs. All of them show the same cells.

mod sheets;

use crate::queue::Language;

pub use sheets::{Heading, workbook};

use super::Table;

/// A table as CSV (RFC 4180): names and numbers as programs read them, a header line, CRLF.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let header = [table.rows_are.key, "label"].into_iter().chain(table.columns.iter().map(|one| one.key));
    // Writing into memory does not fail.
    let _ = writer.write_record(header);
    for row in table.every_row() {
        let fields = row.cells.iter().map(|cell| guarded(cell.plain()));
        let _ = writer.write_record([row.key.clone(), guarded(row.label.clone())].into_iter().chain(fields));
    }
    writer.into_inner().unwrap_or_default()
}

/// A spreadsheet takes a text that begins like a formula for one.
fn guarded(text: String) -> String {
    let formula =
        text.starts_with(['=', '+', '@', '\t', '\r']) || (text.starts_with('-') && !is_number(&text));
    if formula { format!("'{text}") } else { text }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// A table for a terminal.
pub fn plain(table: &Table, language: Language) -> String {
    let mut lines: Vec<Vec<String>> = vec![
        std::iter::once(table.rows_are.label.clone())
            .chain(table.columns.iter().map(|one| one.label.clone()))
            .collect(),
    ];
    for row in table.every_row() {
        let cells = row.cells.iter().map(|cell| cell.shown(language));
        lines.push(std::iter::once(row.label.clone()).chain(cells).collect());
    }
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=table.columns.len()).map(width).collect();
    let mut text = format!("{}\n", table.title);
    for line in &lines {
        for (column, field) in line.iter().enumerate() {
            let space = " ".repeat(widths[column] - field.chars().count());
            // Names to the left, numbers to the right.
            let padded = if column == 0 { format!("{field}{space}") } else { format!("  {space}{field}") };
            text.push_str(&padded);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    if !table.note.is_empty() {
        text.push_str(&format!("({})\n", table.note));
    }
    text
}
