//! Every figure of a report, held against the journal by whoever does not trust it; and the same figure on the
//! page, in the files and in the terminal.
#![allow(clippy::unwrap_used)]

#[path = "report/documents.rs"]
mod documents;
#[path = "report/figure.rs"]
mod figure;
#[path = "report/journal.rs"]
mod journal;
#[path = "report/random.rs"]
mod random;
#[path = "report/refused.rs"]
mod refused;
mod support;
#[path = "report/tables.rs"]
mod tables;
#[path = "report/ways.rs"]
mod ways;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use antrean::queue::{AgencyId, Language, Rules};
use antrean::report::{By, Period, Report, Table, Targets, Wanted, report};
use antrean::store::ledger::Ledgers;
use journal::Told;
use support::month::{self, Month, site::RETIRED};
use support::rules::at;
use tables::{Cells, Reckoning};

fn november() -> &'static Month {
    static MONTH: OnceLock<Month> = OnceLock::new();
    MONTH.get_or_init(|| month::played(7))
}

fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| journal::told(&november().database()))
}

/// The rules of the evening on which somebody asks.
fn last_rules() -> &'static Rules {
    &november().days.last().unwrap().1
}

fn wanted(first: &str, last: &str, by: By, agency: Option<&str>, now: &str) -> Wanted {
    Wanted {
        period: Period::between(first.parse().unwrap(), last.parse().unwrap()).unwrap(),
        agency: agency.map(AgencyId::from),
        by,
        targets: Targets::default(),
        now: at(now),
    }
}

fn reported(rules: &Rules, wanted: &Wanted) -> Report {
    report(&Ledgers::open(november().folder.path()).unwrap(), rules, wanted, Language::ID).unwrap()
}

fn cells(table: &Table) -> Cells {
    let mut all = Cells::new();
    for row in table.every_row() {
        assert_eq!(row.cells.len(), table.columns.len(), "{}: {}", table.key, row.key);
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let before = all.insert((row.key.clone(), column.key.to_owned()), cell.plain());
            assert_eq!(before, None, "{}: {} stands there twice", table.key, row.key);
        }
    }
    all
}

/// Compares every cell of every table, and says how many those were.
fn agrees(rules: &Rules, wanted: &Wanted) -> usize {
    holds_to(told(), &reported(rules, wanted), rules, wanted)
}

/// The same of any journal.
fn holds_to(told: &Told, report: &Report, rules: &Rules, wanted: &Wanted) -> usize {
    let mut expected = Reckoning { told, rules, wanted }.tables();
    let mut compared = 0;
    for table in &report.tables {
        let (found, should) = (cells(table), expected.remove(table.key).unwrap());
        let differ: BTreeMap<_, _> = found
            .keys()
            .chain(should.keys())
            .map(|place| (place, (found.get(place), should.get(place))))
            .filter(|(_, (found, should))| found != should)
            .collect();
        assert!(differ.is_empty(), "{} of {wanted:?}: (the report, the journal) {differ:#?}", table.key);
        compared += found.len();
    }
    assert!(expected.is_empty(), "no table {:?}", expected.keys());
    compared
}

const EVENING: &str = "2026-11-30 17:25";
const MONTH: (&str, &str) = ("2026-11-01", "2026-11-30");

#[test]
fn every_cell_of_the_month_is_what_the_journal_says_whatever_it_is_cut_by() {
    let compared: usize =
        By::ALL.iter().map(|by| agrees(last_rules(), &wanted(MONTH.0, MONTH.1, *by, None, EVENING))).sum();
    assert!(compared > 3_000, "{compared} cells");
    for act in ["ticket_reopened", "ticket_returned", "ticket_handed_back", "ticket_held", "clock_confirmed"]
    {
        assert!(told().met[act] > 0, "{act}");
    }
}

#[test]
fn every_cell_of_a_few_days_is_what_the_journal_says() {
    for (first, last) in [
        ("2026-11-09", "2026-11-15"),
        ("2026-11-03", "2026-11-03"),
        // Nobody came; the house was closed; nothing is known yet.
        ("2026-11-04", "2026-11-04"),
        ("2026-11-12", "2026-11-12"),
        ("2026-10-01", "2026-10-31"),
        ("2026-12-07", "2026-12-09"),
        // The clock was put right by a person, and by itself.
        ("2026-11-05", "2026-11-07"),
        ("2026-11-06", "2026-11-06"),
        ("2026-11-25", "2026-11-25"),
        ("2026-11-24", "2026-11-26"),
        // The printer was broken over night, the power failed, everybody left, the box was off.
        ("2026-11-10", "2026-11-10"),
        ("2026-11-11", "2026-11-11"),
        ("2026-11-13", "2026-11-13"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-21", "2026-11-23"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-30", "2026-11-30"),
        ("2026-01-01", "2026-12-31"),
    ] {
        for by in [By::Agency, By::Counter, By::Hour] {
            agrees(last_rules(), &wanted(first, last, by, None, EVENING));
        }
    }
}

#[test]
fn every_cell_of_one_agency_is_what_the_journal_says_of_it() {
    let all = &november().days[0].1;
    for agency in ["dukcapil", "imigrasi", "bpkd", RETIRED] {
        for by in By::ALL {
            agrees(all, &wanted(MONTH.0, MONTH.1, by, Some(agency), EVENING));
            agrees(last_rules(), &wanted("2026-11-09", "2026-11-20", by, Some(agency), EVENING));
        }
    }
}

#[test]
fn what_still_goes_on_is_reckoned_up_to_the_moment_somebody_asks() {
    for now in ["2026-11-30 07:00", "2026-11-30 10:20", "2026-11-30 12:30", "2026-12-03 09:00"] {
        agrees(last_rules(), &wanted("2026-11-30", "2026-11-30", By::Agency, None, now));
        agrees(last_rules(), &wanted(MONTH.0, MONTH.1, By::Agency, None, now));
    }
}

#[test]
fn an_agency_that_left_stays_in_the_figures_and_is_marked() {
    let report = reported(last_rules(), &wanted(MONTH.0, MONTH.1, By::Agency, None, EVENING));
    let rows = &report.table("figures").unwrap().rows;
    let gone = rows.iter().find(|row| row.key == RETIRED).unwrap();
    assert_eq!((gone.label.as_str(), rows.last().unwrap().key.as_str()), ("pdam (tidak ada lagi)", RETIRED));
    let sum = |column: &str| -> u64 {
        let cells = rows.iter().map(|row| report.table("figures").unwrap().cell(&row.key, column).unwrap());
        cells.map(|cell| cell.plain().parse::<u64>().unwrap()).sum()
    };
    for column in ["tickets", "visits", "delivered", "no_show", "cancelled", "expired", "reprinted"] {
        let total = report.table("figures").unwrap().cell("total", column).unwrap().plain();
        assert_eq!(sum(column).to_string(), total, "{column}");
    }
}
