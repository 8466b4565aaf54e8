//! Page, files and terminal say the same, to the last digit.

use std::io::{Cursor, Read};

use antrean::config::Options;
use antrean::queue::Language;
use antrean::report::{By, Cell, Heading, Report, Table, Unit, csv, report, workbook};
use antrean::store::ledger::Ledgers;

use crate::support::house::House;
use crate::support::malls;
use crate::support::program::{run, stderr};
use crate::support::rules::at;
use crate::support::web::{Browser, PIN, Web};
use crate::{EVENING, MONTH, last_rules, november, reported, wanted};

/// A box whose reports are those of the month, and whoever supervises it.
pub fn supervised() -> (House, Web, Browser) {
    let house = House::at(last_rules().clone(), EVENING);
    let data = november().folder.path().to_owned();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| settings.data = data);
    let browser = web.browser();
    assert_eq!(browser.sign_in("siti", "", PIN).status, 200);
    (house, web, browser)
}

fn of_the_month(by: By) -> Report {
    reported(last_rules(), &wanted(MONTH.0, MONTH.1, by, None, EVENING))
}

/// As a page writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

/// The rows of a table, in pieces as wide as paper.
fn rows_of_page(table: &Table) -> Vec<String> {
    let wide = |from: usize| {
        let cells = move |cells: &[Cell]| -> String {
            let piece = cells.iter().skip(from).take(10);
            piece.map(|cell| format!("<td>{}</td>", escaped(&cell.shown(Language::ID)))).collect()
        };
        table.every_row().map(move |row| {
            format!("<th scope=\"row\">{}</th>{}</tr>", escaped(&row.label), cells(&row.cells))
        })
    };
    (0..table.columns.len()).step_by(10).flat_map(wide).collect()
}

#[test]
fn the_page_shows_every_cell() {
    let (_house, _web, browser) = supervised();
    for by in [By::Agency, By::Service, By::Day] {
        let path = format!("/reports?from={}&to={}&by={}", MONTH.0, MONTH.1, by.word());
        let page = browser.get(&path);
        assert_eq!(page.status, 200, "{}", page.body);
        let report = of_the_month(by);
        let mut tables: Vec<Table> = report.tables.iter().filter(|one| one.key != "heat").cloned().collect();
        tables.push(report.waits.clone());
        for table in &tables {
            let rows = rows_of_page(table);
            assert!(rows.len() >= table.rows.len(), "{}", table.key);
            // One after the other, each behind the table's title.
            let title = if table.key == "hours" || table.key == "waits" { "Tabel" } else { &table.title };
            let mut rest = page.body.split_once(&format!(">{}<", escaped(title))).unwrap().1;
            for row in rows {
                let found = rest.find(&row);
                rest = &rest[found.unwrap_or_else(|| panic!("{} by {by:?}: {row}", table.key)) + row.len()..];
            }
        }
        let heat = report.table("heat").unwrap();
        for cell in heat.rows.iter().flat_map(|row| &row.cells) {
            let drawn = format!(">{}</text>", cell.shown(Language::ID));
            assert!(page.body.contains(&drawn), "{drawn}");
        }
    }
}

#[test]
fn a_file_of_the_page_holds_the_same_bytes_as_the_table() {
    let (_house, _web, browser) = supervised();
    let report = of_the_month(By::Counter);
    for table in &report.tables {
        let query = format!("from={}&to={}&by=counter", MONTH.0, MONTH.1);
        let file = browser.get(&format!("/reports/{}.csv?{query}", table.key));
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(file.header("content-disposition").contains(".csv"), "{:?}", file.headers);
        assert_eq!(file.body.as_bytes(), csv(table), "{}", table.key);
    }
}

#[test]
fn csv_read_back_holds_every_cell() {
    let report = of_the_month(By::Origin);
    for table in &report.tables {
        let bytes = csv(table);
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let keys: Vec<&str> = [table.rows_are.key, "label"]
            .into_iter()
            .chain(table.columns.iter().map(|one| one.key))
            .collect();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), keys);
        let lines: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), table.every_row().count(), "{}", table.key);
        for (line, row) in lines.iter().zip(table.every_row()) {
            let cells = row.cells.iter().map(Cell::plain);
            let fields: Vec<String> = [row.key.clone(), row.label.clone()].into_iter().chain(cells).collect();
            assert_eq!(line.iter().collect::<Vec<_>>(), fields, "{}", table.key);
        }
    }
}

/// What is inside a workbook.
struct Book {
    sheets: Vec<String>,
    texts: Vec<String>,
}

impl Book {
    fn read(bytes: &[u8], sheets: usize) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let texts = part("xl/sharedStrings.xml");
        let texts = texts.split("<si>").skip(1).map(|text| {
            let (_, text) = text.split_once("<t").unwrap();
            let text = text.split_once('>').unwrap().1.split_once("</t>").unwrap().0;
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        });
        let texts = texts.collect();
        Self { sheets: (1..=sheets).map(|n| part(&format!("xl/worksheets/sheet{n}.xml"))).collect(), texts }
    }

    /// What stands in a cell: whether it is a text, and what it says. None where the cell is empty.
    fn cell(&self, sheet: usize, column: usize, line: usize) -> Option<(bool, String)> {
        let letter = |n: usize| char::from(b'A' + u8::try_from(n).unwrap());
        let letters = if column < 26 {
            letter(column).to_string()
        } else {
            format!("{}{}", letter(column / 26 - 1), letter(column % 26))
        };
        let (_, cell) = self.sheets[sheet].split_once(&format!("<c r=\"{letters}{line}\""))?;
        let (attributes, rest) = cell.split_once('>')?;
        if attributes.ends_with('/') {
            return None;
        }
        let value = rest.strip_prefix("<v>").unwrap().split_once("</v>").unwrap().0;
        if attributes.contains("t=\"s\"") {
            return Some((true, self.texts[value.parse::<usize>().unwrap()].clone()));
        }
        Some((false, value.to_owned()))
    }

    fn holds(&self, sheet: usize, table: &Table) -> usize {
        let text =
            |column, line| self.cell(sheet, column, line).filter(|(text, _)| *text).map(|(_, said)| said);
        assert_eq!(text(0, 1).as_deref(), Some(table.title.as_str()));
        for (place, column) in table.columns.iter().enumerate() {
            assert_eq!(text(place + 1, 5).as_deref(), Some(column.label.as_str()));
        }
        let mut numbers = 0;
        for (down, row) in table.every_row().enumerate() {
            assert_eq!(text(0, 6 + down).as_deref(), Some(row.label.as_str()), "{}", table.key);
            for (place, cell) in row.cells.iter().enumerate() {
                let found = self.cell(sheet, place + 1, 6 + down);
                let about = format!("{}: {} {}", table.key, row.key, table.columns[place].key);
                match cell {
                    Cell::Empty => assert_eq!(found, None, "{about}"),
                    Cell::Text(said) => assert_eq!(found, Some((true, said.clone())), "{about}"),
                    Cell::Number { scaled, places, unit } => {
                        let fraction = if *unit == Unit::Percent { 2 } else { 0 };
                        let below = 10f64.powi(i32::from(*places) + fraction);
                        let (is_text, said) = found.unwrap_or_else(|| panic!("{about} is empty"));
                        let said: f64 = said.parse().unwrap();
                        // The nearest there is to the number that was rounded.
                        assert_eq!((is_text, (said * below).round()), (false, *scaled as f64), "{about}");
                        assert_eq!(said, *scaled as f64 / below, "{about}");
                        numbers += 1;
                    }
                }
            }
        }
        assert_eq!(text(0, 6 + table.every_row().count()), None, "{}: nothing below the table", table.key);
        numbers
    }
}

#[test]
fn a_workbook_read_back_holds_every_number_as_a_number() {
    let report = of_the_month(By::Service);
    let heading = Heading { place: "Mal".to_owned(), about: "November".to_owned(), made_at: at(EVENING) };
    let bytes = workbook(&heading, &report.tables).unwrap();
    let book = Book::read(&bytes, report.tables.len());
    let numbers: usize =
        report.tables.iter().enumerate().map(|(sheet, table)| book.holds(sheet, table)).sum();
    assert!(numbers > 500, "{numbers}");
}

#[test]
fn a_workbook_of_an_empty_day_can_be_opened_too() {
    let report = reported(last_rules(), &wanted("2026-11-12", "2026-11-12", By::Agency, None, EVENING));
    let heading = Heading { place: "Mal".to_owned(), about: "Libur".to_owned(), made_at: at(EVENING) };
    let book = Book::read(&workbook(&heading, &report.tables).unwrap(), report.tables.len());
    let numbers: usize =
        report.tables.iter().enumerate().map(|(sheet, table)| book.holds(sheet, table)).sum();
    assert!(numbers > 50, "counts of nothing are zero: {numbers}");
}

/// `antrean report` on the month, by the bundled config.
pub fn on_the_terminal(args: &[&str]) -> std::process::Output {
    let data = november().folder.path().display().to_string();
    let common = ["report", "--config", "config/antrean.toml", "--data", &data];
    run(&common.into_iter().chain(args.iter().copied()).collect::<Vec<_>>())
}

/// Tables in which nothing depends on when somebody asks.
const TIMELESS: [&str; 7] = ["summary", "figures", "hours", "heat", "unfinished", "delivered", "forecast"];

#[test]
fn the_terminal_says_the_same_as_the_file() {
    let rules = malls::langsa(Options::default());
    let ledgers = Ledgers::open(november().folder.path()).unwrap();
    for (by, language) in [(By::Agency, Language::ID), (By::Hour, Language::EN), (By::Origin, Language::ID)] {
        let report =
            report(&ledgers, &rules, &wanted(MONTH.0, MONTH.1, by, None, EVENING), language).unwrap();
        for key in TIMELESS {
            let said = on_the_terminal(&[
                "--from",
                MONTH.0,
                "--to",
                MONTH.1,
                "--by",
                by.word(),
                "--table",
                key,
                "--format",
                "csv",
                "--language",
                language.code(),
            ]);
            assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
            let table = report.table(key).unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap().into_bytes(), csv(table), "{key} by {by:?}");
        }
    }
}

#[test]
fn the_terminal_writes_a_workbook_into_a_file() {
    let rules = malls::langsa(Options::default());
    let ledgers = Ledgers::open(november().folder.path()).unwrap();
    let wanted = wanted(MONTH.0, MONTH.1, By::Month, Some("imigrasi"), EVENING);
    let report = report(&ledgers, &rules, &wanted, Language::ID).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("november.xlsx");
    let said = on_the_terminal(&[
        "--from",
        MONTH.0,
        "--to",
        MONTH.1,
        "--by",
        "month",
        "--agency",
        "imigrasi",
        "--format",
        "xlsx",
        "--output",
        path.to_str().unwrap(),
    ]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    assert!(said.stdout.is_empty());
    let book = Book::read(&std::fs::read(path).unwrap(), report.tables.len());
    for (sheet, table) in report.tables.iter().enumerate() {
        if TIMELESS.contains(&table.key) {
            book.holds(sheet, table);
        }
    }
}
