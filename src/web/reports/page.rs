//! The page itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Asked, Done};
use crate::queue::{Agency, Language, Rules};
use crate::report::{By, Cell, Charts, Column, Document, Part, Report, Row, Table, Wanted, date_in_words};
use crate::survey::Order;
use crate::web::session::Clerk;
use crate::web::{House, error};

#[derive(Template)]
#[template(path = "reports.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a str,
    demo: bool,
    /// The agencies that may be chosen; one where that is the only one.
    agencies: Vec<&'a Agency>,
    all_agencies: bool,
    asked: Shown,
    presets: Vec<Preset>,
    cuts: [By; 9],
    amiss: Option<(&'a str, &'a str)>,
    body: Option<Body>,
    grid: Grid,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        crate::web::landing::icon(name)
    }
}

/// What the form shows as chosen.
#[derive(Default)]
struct Shown {
    from: String,
    to: String,
    agency: String,
    by: String,
}

impl Shown {
    fn of(wanted: &Wanted) -> Self {
        Self {
            from: wanted.period.first().to_string(),
            to: wanted.period.last().to_string(),
            agency: wanted.agency.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            by: wanted.by.word().to_owned(),
        }
    }
}

/// A period by its name.
struct Preset {
    label: &'static str,
    from: NaiveDate,
    to: NaiveDate,
    chosen: bool,
}

/// What was reckoned.
struct Body {
    period: String,
    whose: String,
    made_at: String,
    extent: String,
    query: String,
    sums: Vec<Sum>,
    empty: bool,
    hours: Chart,
    waits: Chart,
    heat: Chart,
    busiest: String,
    /// The survey's index, where it has one.
    index: Option<Sum>,
    elements: Chart,
    tables: Vec<Table>,
}

struct Chart {
    svg: String,
    table: Option<Table>,
}

/// A figure in large.
struct Sum {
    label: String,
    value: String,
    more: String,
}

/// A table's columns as wide as paper.
struct Block<'a> {
    columns: &'a [Column],
    rows: Vec<(&'a Row, &'a [Cell], bool)>,
}

/// As many as a page of its width holds.
const OF_A_PAGE: usize = 10;
const OF_PAPER: usize = 8;

/// How tables are shown, wherever they are.
struct Grid {
    /// Columns beside each other.
    columns: usize,
}

impl Grid {
    fn blocks<'t>(&self, table: &'t Table) -> Vec<Block<'t>> {
        let starts = (0..table.columns.len()).step_by(self.columns);
        let block = |from: usize| {
            let to = (from + self.columns).min(table.columns.len());
            let rows = table.every_row().map(|row| {
                let total = table.total.as_ref().is_some_and(|total| std::ptr::eq(total, row));
                (row, &row.cells[from..to], total)
            });
            Block { columns: &table.columns[from..to], rows: rows.collect() }
        };
        starts.map(block).collect()
    }

    fn shown(&self, cell: &Cell) -> String {
        cell.shown(Language::ID)
    }
}

/// The page of a report.
pub fn shown(house: &House, clerk: &Clerk, done: &Done) -> Response {
    let (wanted, report) = (&done.wanted, &done.report);
    let present = house.hall.present();
    let rules = &present.rules;
    let asked = Shown::of(wanted);
    let body = body(rules, wanted, report, &asked);
    let page = frame(house, clerk, rules, asked);
    rendered(StatusCode::OK, &Page { body: Some(body), ..page })
}

/// The form, and what is wrong with what was asked.
pub fn amiss(house: &House, clerk: &Clerk, asked: &Asked, code: &str, says: &str) -> Response {
    let present = house.hall.present();
    let Asked { from, to, agency, by, .. } = asked.clone();
    let page = frame(house, clerk, &present.rules, Shown { from, to, agency, by });
    rendered(super::status_of(code), &Page { amiss: Some((code, says)), ..page })
}

/// A document by itself, to be printed.
#[derive(Template)]
#[template(path = "document.html")]
struct Paper<'a> {
    document: &'a Document,
    name: &'a str,
    query: String,
    /// In which order the survey's elements stand here.
    order: &'a str,
    made_at: String,
    grid: Grid,
    demo: bool,
    /// The chapter that is signed: annexes come after it.
    signed_after: usize,
    /// The survey's elements in the other of the two official orders.
    other_order: Option<(&'a str, &'a str)>,
}

/// The page of a document.
pub fn document(house: &House, done: &Done, name: &str, document: &Document) -> Response {
    let rules = &house.hall.present().rules;
    let asked = Shown::of(&done.wanted);
    let order = match done.order {
        Order::Regulation => ("questionnaire", "Urutan kuesioner lampiran"),
        Order::Questionnaire => ("regulation", "Urutan batang tubuh peraturan"),
    };
    let order_here = match done.order {
        Order::Regulation => "regulation",
        Order::Questionnaire => "questionnaire",
    };
    let paper = Paper {
        document,
        name,
        query: query(&asked),
        order: order_here,
        made_at: date_in_words(done.wanted.now.with_timezone(&rules.offset).date_naive(), Language::ID),
        demo: house.settings.demo_pin.is_some(),
        signed_after: document
            .chapters
            .iter()
            .rposition(|chapter| !chapter.number.is_empty())
            .unwrap_or_default(),
        grid: Grid { columns: OF_PAPER },
        other_order: (name == "skm").then_some(order),
    };
    match paper.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// The survey's index in large.
fn index(report: &Report) -> Option<Sum> {
    let table = report.table("satisfaction")?;
    let total = table.total.as_ref()?;
    let shown = |at: usize| total.cells.get(at).map(|cell| cell.shown(Language::ID)).unwrap_or_default();
    Some(Sum { label: shown(4), value: shown(3), more: format!("{} responden", shown(0)) })
}

fn rendered(status: StatusCode, page: &Page<'_>) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => error::broken(&error),
    }
}

fn frame<'a>(house: &'a House, clerk: &'a Clerk, rules: &'a Rules, asked: Shown) -> Page<'a> {
    let today = rules.business_day(house.settings.clock.now());
    Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &clerk.staff.name,
        demo: house.settings.demo_pin.is_some(),
        agencies: rules.agencies.iter().filter(|agency| clerk.staff.serves(&agency.id)).collect(),
        all_agencies: clerk.staff.agency.is_none(),
        presets: presets(today, &asked),
        asked,
        cuts: By::ALL,
        amiss: None,
        body: None,
        grid: Grid { columns: OF_A_PAGE },
    }
}

fn presets(today: NaiveDate, asked: &Shown) -> Vec<Preset> {
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    let month = today.with_day(1).unwrap_or(today);
    let last_month = month.checked_sub_months(Months::new(1)).unwrap_or(month);
    let half = if today.month() < 7 { 1 } else { 7 };
    let january = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(month);
    let half = NaiveDate::from_ymd_opt(today.year(), half, 1).unwrap_or(january);
    [
        ("Hari ini", today, today),
        ("Minggu ini", monday, today),
        ("Minggu lalu", monday - Days::new(7), monday - Days::new(1)),
        ("Bulan ini", month, today),
        ("Bulan lalu", last_month, month - Days::new(1)),
        ("Semester ini", half, today),
        ("Tahun ini", january, today),
    ]
    .into_iter()
    .map(|(label, from, to)| Preset {
        label,
        from,
        to,
        chosen: asked.from == from.to_string() && asked.to == to.to_string(),
    })
    .collect()
}

fn body(rules: &Rules, wanted: &Wanted, report: &Report, asked: &Shown) -> Body {
    let charts = Charts { report, rules, targets: wanted.targets, language: Language::ID };
    let agency = wanted.agency.as_ref().and_then(|id| rules.agency(id));
    let table = |key: &str| report.table(key).cloned();
    let in_charts = ["hours", "heat"];
    let said = |date: NaiveDate| date.format("%d-%m-%Y").to_string();
    Body {
        period: wanted.period.shown(Language::ID),
        whose: agency.map_or("Semua instansi", |agency| &*agency.full_name.id).to_owned(),
        made_at: wanted.now.with_timezone(&rules.offset).format("%d-%m-%Y pukul %H.%M").to_string(),
        extent: report.extent().map_or_else(
            || "Belum ada data.".to_owned(),
            |(first, last)| format!("Data dari {} sampai {}.", said(first), said(last)),
        ),
        query: query(asked),
        sums: sums(wanted, report),
        empty: report.reckoned.total.visits == 0,
        hours: Chart { svg: charts.hours(), table: table("hours") },
        waits: Chart { svg: charts.waits(), table: Some(report.waits.clone()) },
        heat: Chart { svg: charts.heat(), table: None },
        busiest: report.busiest(Language::ID),
        index: index(report),
        elements: Chart { svg: charts.elements(&report.tables), table: None },
        tables: report.tables.iter().filter(|table| !in_charts.contains(&table.key)).cloned().collect(),
    }
}

fn query(asked: &Shown) -> String {
    let Shown { from, to, agency, by } = asked;
    // Ids and dates have no letter that an address would mind.
    format!("from={from}&to={to}&agency={agency}&by={by}")
}

fn sums(wanted: &Wanted, report: &Report) -> Vec<Sum> {
    let summary = |row: &str, column: &str| report.table("summary").and_then(|table| table.cell(row, column));
    let value = |row: &str| summary(row, "period").map(|cell| cell.shown(Language::ID)).unwrap_or_default();
    let change = |row: &str, unit: &str| match summary(row, "change").and_then(Cell::number) {
        None => "Tanpa pembanding".to_owned(),
        Some(0.0) => "Sama seperti sebelumnya".to_owned(),
        Some(by) => {
            let cell = summary(row, "change").map(|cell| cell.shown(Language::ID)).unwrap_or_default();
            let word = if by > 0.0 { "Naik" } else { "Turun" };
            format!("{word} {}{unit}", cell.trim_start_matches('-').trim_end_matches('%'))
        }
    };
    let targets = &wanted.targets;
    vec![
        Sum { label: "Nomor".to_owned(), value: value("tickets"), more: change("tickets", "") },
        Sum {
            label: "Rata-rata tunggu".to_owned(),
            value: match value("wait_mean_min").as_str() {
                "–" => "–".to_owned(),
                minutes => format!("{minutes} mnt"),
            },
            more: change("wait_mean_min", " menit"),
        },
        Sum {
            label: format!("Dipanggil dalam {} menit", targets.wait_min),
            value: value("within_target_percent"),
            more: format!("Target {}%", targets.within_percent),
        },
        Sum {
            label: "Tidak hadir".to_owned(),
            value: value("no_show_percent"),
            more: format!("{} kunjungan", value("no_show")),
        },
    ]
}
