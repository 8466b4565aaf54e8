//! A workbook: a sheet a table, numbers as numbers.

use std::collections::BTreeSet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::queue::At;
use crate::report::{Cell, Table, Unit};

/// What stands above every sheet's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// "Mal Pelayanan Publik Kota Langsa".
    pub place: String,
    /// "16–20 November 2026 · Semua instansi".
    pub about: String,
    pub made_at: At,
}

/// Writes tables into an XLSX file.
///
/// # Errors
/// The library refuses something: a name that no sheet can have.
pub fn workbook(heading: &Heading, tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = heading.made_at.naive_local();
    let properties = DocProperties::new().set_title(&heading.about).set_company(&heading.place);
    book.set_properties(
        &properties.set_creation_datetime(&ExcelDateTime::from_timestamp(made.and_utc().timestamp())?),
    );
    let mut names = BTreeSet::new();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(free_name(&table.title, &mut names))?;
        filled(sheet, heading, table)?;
    }
    book.save_to_buffer()
}

fn filled(sheet: &mut Worksheet, heading: &Heading, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let head =
        Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_background_color(0xE4_EFE9);
    sheet.write_with_format(0, 0, &table.title, &Format::new().set_bold().set_font_size(14))?;
    sheet.write(1, 0, format!("{} · {}", heading.place, heading.about))?;
    sheet.write(2, 0, &table.note)?;
    let first = 4;
    sheet.write_with_format(first, 0, &table.rows_are.label, &head)?;
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_with_format(first, at as u16 + 1, &column.label, &head)?;
    }
    for (down, row) in table.every_row().enumerate() {
        let line = first + 1 + down as u32;
        let total = table.total.as_ref().is_some_and(|total| total == row);
        let label = if total { &bold } else { &Format::new() };
        sheet.write_with_format(line, 0, &row.label, label)?;
        for (at, cell) in row.cells.iter().enumerate() {
            write(sheet, line, at as u16 + 1, cell, total)?;
        }
    }
    sheet.set_column_width(0, 34)?;
    if !table.columns.is_empty() {
        sheet.set_column_range_width(1, table.columns.len() as u16, 13)?;
    }
    sheet.set_freeze_panes(first + 1, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(first, first)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, line: u32, column: u16, cell: &Cell, total: bool) -> Result<(), XlsxError> {
    let format = |pattern: &str| {
        let format = Format::new().set_num_format(pattern);
        if total { format.set_bold() } else { format }
    };
    match cell {
        // A number that is not known is an empty cell: no sum takes it for zero.
        Cell::Empty => {}
        Cell::Text(text) => drop(sheet.write_with_format(line, column, text, &format("@"))?),
        Cell::Number { scaled, places, unit } => {
            let decimals = match places {
                0 => String::new(),
                many => format!(".{}", "0".repeat(usize::from(*many))),
            };
            let number = *scaled as f64 / 10f64.powi(i32::from(*places));
            match unit {
                Unit::Percent => {
                    let share = *scaled as f64 / 10f64.powi(i32::from(*places) + 2);
                    sheet.write_with_format(line, column, share, &format(&format!("0{decimals}%")))?
                }
                Unit::Plain | Unit::Minutes | Unit::Hours => {
                    sheet.write_with_format(line, column, number, &format(&format!("#,##0{decimals}")))?
                }
            };
        }
    }
    Ok(())
}

/// A sheet's name has at most 31 characters and none of `[]:*?/\`, and no two are the same, whatever their case.
fn free_name(title: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = title.chars().map(|c| if r"[]:*?/\".contains(c) { ' ' } else { c }).collect();
    let short = |most: usize| {
        plain.chars().take(most).collect::<String>().trim().trim_matches('\'').trim().to_owned()
    };
    let (mut name, mut n) = (short(31), 1);
    while name.is_empty() || !taken.insert(name.to_lowercase()) {
        n += 1;
        name = format!("{} {n}", short(27));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_sheets_have_the_same_name_and_none_is_refused() {
        let mut taken = BTreeSet::new();
        let long = "Indeks Kepuasan Masyarakat di gedung lama";
        let titles = [long, "indeks kepuasan masyarakat di gedung baru", "'[]'", "'[]'", "a/b"];
        let names: Vec<String> = titles.iter().map(|title| free_name(title, &mut taken)).collect();
        assert_eq!(names[0], "Indeks Kepuasan Masyarakat di g");
        assert_eq!(names[1], "indeks kepuasan masyarakat 2");
        assert_eq!(names[4], "a b");
        let mut book = Workbook::new();
        for name in names {
            book.add_worksheet().set_name(name).unwrap();
        }
        book.save_to_buffer().unwrap();
    }
}
