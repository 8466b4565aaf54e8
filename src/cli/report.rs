//! `antrean report`: the figures of some days, the same cells as the page's.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;

use super::{Common, config_path, data, exit};
use crate::appliance::targets;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::queue::{AgencyId, Language};
use crate::report::{self, By, Heading, Opinions, Period, Report, Table, Wanted};
use crate::store::ledger::Ledgers;
use crate::store::survey::{Figures, Reader};
use crate::survey::Order;

/// Reckon the figures of some days: visitors, waiting, presence, causes
///
/// It only reads, and the box may run meanwhile. What each figure means stands in docs/figures.md.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The first business day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    from: NaiveDate,
    /// The last one, included
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    to: NaiveDate,
    /// What the rows of the figures are
    #[arg(long, default_value = "agency", value_parser = By::ALL.map(By::word))]
    by: String,
    /// One agency only, by its id
    #[arg(long, value_name = "ID")]
    agency: Option<String>,
    /// Which table: summary, figures, hours, heat, presence, presence_counters, unfinished, delivered,
    /// forecast, downtime, satisfaction, satisfaction_agencies, complaints, …; every one in a workbook
    #[arg(long, default_value = "figures", value_name = "NAME")]
    table: String,
    /// Text for a terminal, CSV (RFC 4180), or a workbook
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of titles: id or en
    #[arg(long, default_value = "id", value_parser = ["id", "en"])]
    language: String,
    /// Write into this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Csv,
    Xlsx,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "this is no date: write it like 2026-11-27".to_owned())
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    let language = Language::of(&args.language).unwrap_or_default();
    let config = match config::load(&config_path(common), config::Options::default()) {
        Ok(config) => config,
        Err(error) => {
            return data::said(
                "report",
                "config",
                &format!("{error}: `antrean check` says more"),
                exit::USAGE,
            );
        }
    };
    if args.format == Format::Xlsx && args.output.is_none() && io::stdout().is_terminal() {
        return data::said(
            "report",
            "terminal",
            "a workbook is not for a terminal: --output FILE",
            exit::USAGE,
        );
    }
    let wanted = match wanted(args, &config) {
        Ok(wanted) => wanted,
        Err((code, says)) => return data::said("report", code, &says, exit::USAGE),
    };
    let reckoned = Ledgers::open(&data::folder(common))
        .and_then(|ledgers| report::report(&ledgers, &config.rules, &wanted, language));
    let mut report = match reckoned {
        Ok(report) => report,
        Err(error) => {
            let folder = data::folder(common);
            let says = format!(
                "{error}; is {} the data folder? --data names another, antrean verify looks at it",
                folder.display()
            );
            return data::said("report", "database", &says, exit::DATA);
        }
    };
    match Reader::new(&data::folder(common)).figures(args.from, args.to) {
        Ok(figures) => report.tables.extend(opinions(&config, &wanted, &figures, language)),
        Err(error) => return data::said("report", "database", &error.to_string(), exit::DATA),
    }
    let bytes = match written(args, &config, &wanted, &report, language) {
        Ok(bytes) => bytes,
        Err((code, says)) => return data::said("report", code, &says, exit::USAGE),
    };
    let done = match &args.output {
        None => io::stdout().lock().write_all(&bytes),
        Some(path) => File::create(path).and_then(|mut file| file.write_all(&bytes)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let place = args
                .output
                .as_ref()
                .map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
            data::said(
                "report",
                "output",
                &format!("{place} cannot be written: {error}; --output names another file"),
                exit::USAGE,
            )
        }
    }
}

/// What visitors said in that time.
fn opinions(config: &Config, wanted: &Wanted, figures: &Figures, language: Language) -> Vec<Table> {
    let opinions = Opinions {
        figures,
        survey: config.survey.as_ref().map(|survey| &*survey.survey),
        feedback: &config.feedback,
        rules: &config.rules,
        wanted,
        language,
        order: Order::default(),
    };
    opinions.tables()
}

type Wrong = (&'static str, String);

fn wanted(args: &Args, config: &Config) -> Result<Wanted, Wrong> {
    let period = Period::between(args.from, args.to).map_err(|refused| {
        (refused.code(), refused.sentence(Language::EN).trim_end_matches('.').to_owned())
    })?;
    let agency = args.agency.as_ref().map(|id| AgencyId::from(id.clone()));
    if let Some(id) = agency.as_ref().filter(|id| config.rules.agency(id).is_none()) {
        let known = config.rules.agencies.iter().map(|agency| agency.id.as_str());
        let known = known.collect::<Vec<_>>().join(", ");
        return Err(("unknown_agency", format!("--agency {id}: there is none; the config has {known}")));
    }
    Ok(Wanted {
        period,
        agency,
        by: By::from_word(&args.by).unwrap_or_default(),
        targets: targets(config),
        now: Clock::system(config.rules.offset).read().0,
    })
}

fn written(
    args: &Args,
    config: &Config,
    wanted: &Wanted,
    report: &Report,
    language: Language,
) -> Result<Vec<u8>, Wrong> {
    if args.format == Format::Xlsx {
        let rules = &config.rules;
        let heading = Heading {
            place: format!("{} {}", rules.place.in_language(language), rules.city.in_language(language)),
            about: match wanted.agency.as_ref().and_then(|id| rules.agency(id)) {
                None => wanted.period.shown(language),
                Some(agency) => {
                    format!("{} · {}", wanted.period.shown(language), agency.full_name.in_language(language))
                }
            },
            made_at: wanted.now,
        };
        return report::workbook(&heading, &report.tables).map_err(|error| ("workbook", error.to_string()));
    }
    let Some(table) = report.table(&args.table) else {
        let known = report.tables.iter().map(|table| table.key).collect::<Vec<_>>().join(", ");
        return Err(("unknown_table", format!("--table {}: there is none; there are {known}", args.table)));
    };
    Ok(match args.format {
        Format::Csv => report::csv(table),
        Format::Text | Format::Xlsx => report::plain(table, language).into_bytes(),
    })
}
