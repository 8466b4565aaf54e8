//! `antrean export`: rows for a spreadsheet or a program.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use rusqlite::types::Value;

use super::{Common, data, exit};
use crate::store::export::{Export, What};

/// Print tickets, stops or events of some days as CSV or JSON Lines
///
/// It only reads, and the box may run meanwhile. No tokens, no hashes, no PINs are in it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The first business day
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: NaiveDate,
    /// The last one, included
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: NaiveDate,
    /// CSV for spreadsheets (RFC 4180, a header line), JSON Lines for programs
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// A row a ticket, a visit of a ticket to a service, or a line of the journal
    #[arg(long, value_enum, default_value = "tickets")]
    what: Rows,
    /// Write into this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Rows {
    Tickets,
    Stops,
    Events,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    if args.from > args.to {
        return data::said("export", "bad_range", "--from is after --to", exit::USAGE);
    }
    let what = match args.what {
        Rows::Tickets => What::Tickets,
        Rows::Stops => What::Stops,
        Rows::Events => What::Events,
    };
    let export = match Export::open(&data::folder(common), what, (args.from, args.to)) {
        Ok(export) => export,
        Err(error) => return data::refuse("export", &error),
    };
    let written = match &args.output {
        None => write(export, args, BufWriter::new(io::stdout().lock())),
        Some(path) => File::create(path)
            .map_err(Broke::Output)
            .and_then(|file| write(export, args, BufWriter::new(file))),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(Broke::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Broke::Output(error)) => {
            data::said("export", "output", &format!("it cannot be written: {error}"), exit::USAGE)
        }
        Err(Broke::Data(error)) => data::said("export", "database", &error.to_string(), exit::DATA),
    }
}

enum Broke {
    Output(io::Error),
    Data(rusqlite::Error),
}

impl From<io::Error> for Broke {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
impl From<rusqlite::Error> for Broke {
    fn from(error: rusqlite::Error) -> Self {
        Self::Data(error)
    }
}

fn write(mut export: Export, args: &Args, mut output: impl Write) -> Result<(), Broke> {
    let columns = export.columns()?;
    if args.format == Format::Csv {
        write!(output, "{}\r\n", columns.join(","))?;
    }
    while let Some(rows) = export.next_day()? {
        for row in rows {
            match args.format {
                Format::Csv => {
                    let fields: Vec<String> = row.iter().map(|value| field(&plain(value))).collect();
                    write!(output, "{}\r\n", fields.join(","))?;
                }
                Format::Jsonl => writeln!(output, "{}", object(&columns, &row))?,
            }
        }
    }
    output.flush()?;
    Ok(())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null | Value::Blob(_) => String::new(),
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// A field of RFC 4180. What a spreadsheet would reckon as a formula is made a text (OWASP, "CSV Injection");
/// numbers with a sign are left alone.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) || formula {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn object(columns: &[String], row: &[Value]) -> serde_json::Value {
    let value = |(column, value): (&String, &Value)| {
        let value = match value {
            Value::Null | Value::Blob(_) => serde_json::Value::Null,
            Value::Integer(n) => (*n).into(),
            Value::Real(n) => (*n).into(),
            // A line of the journal is JSON itself.
            Value::Text(text) if column == "body" => {
                serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
            }
            Value::Text(text) => text.clone().into(),
        };
        (column.clone(), value)
    };
    serde_json::Value::Object(columns.iter().zip(row).map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_its_text_and_is_never_a_formula() {
        assert_eq!(field("ktp"), "ktp");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"A\"\n"), "\"say \"\"A\"\"\n\"");
        assert_eq!(field("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(field("@x"), "\"'@x\"");
        assert_eq!(field("-12"), "-12");
    }
}
