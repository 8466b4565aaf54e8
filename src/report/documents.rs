//! The two documents that an office hands in: what is said in them, put together from the tables.

mod skm;
mod trial;

pub use skm::skm;
pub use trial::trial;

use super::{Charts, Report, Table, Wanted};
use crate::queue::{Language, Rules};
use crate::report::satisfaction::Opinions;

/// A document of chapters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub title: String,
    /// "Mal Pelayanan Publik Kota Langsa".
    pub place: String,
    /// "Kota Langsa": where it is signed.
    pub city: String,
    /// The one agency it is about; none where it is about all.
    pub agency: Option<String>,
    /// "Periode 1 Juli – 31 Desember 2026".
    pub period: String,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// "I", "II", …
    pub number: &'static str,
    pub title: &'static str,
    pub parts: Vec<Part>,
}

/// What a chapter is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Heading(String),
    Text(String),
    Table(Table),
    /// SVG.
    Chart(String),
    /// What is to be done: rows that the office fills in, the first column given.
    FollowUp(Vec<String>),
}

/// What a document is made of.
pub struct Material<'a> {
    pub report: &'a Report,
    pub opinions: &'a Opinions<'a>,
    pub rules: &'a Rules,
    pub wanted: &'a Wanted,
}

/// Documents are official: their language is Indonesian.
const ID: Language = Language::ID;

impl Document {
    /// Its tables, for a workbook.
    pub fn tables(&self) -> Vec<Table> {
        let parts = self.chapters.iter().flat_map(|chapter| &chapter.parts);
        let table = |part: &Part| match part {
            Part::Table(table) => Some(table.clone()),
            _ => None,
        };
        parts.filter_map(table).collect()
    }
}

impl Material<'_> {
    /// Of whom it speaks: the agency, or the house.
    fn who(&self) -> String {
        self.agency().unwrap_or_else(|| self.place())
    }

    fn agency(&self) -> Option<String> {
        let agency = self.wanted.agency.as_ref().and_then(|id| self.rules.agency(id))?;
        Some(agency.full_name.id.to_string())
    }

    fn city(&self) -> String {
        self.rules.city.id.trim_start_matches("Kota ").to_owned()
    }

    fn place(&self) -> String {
        format!("{} {}", self.rules.place.id, self.rules.city.id)
    }

    fn period(&self) -> String {
        format!("Periode {}", self.wanted.period.shown(ID))
    }

    /// The period in the middle of a sentence.
    fn in_period(&self) -> String {
        format!("periode {}", self.wanted.period.shown(ID))
    }

    fn whose(&self) -> String {
        self.agency().unwrap_or_else(|| format!("{} instansi", self.rules.agencies.len()))
    }

    fn charts(&self) -> Charts<'_> {
        Charts { report: self.report, rules: self.rules, targets: self.wanted.targets, language: ID }
    }

    /// A figure of the whole period as people read it.
    fn figure(&self, key: &str) -> String {
        let cell = self.report.table("summary").and_then(|table| table.cell(key, "period"));
        cell.map_or_else(|| "–".to_owned(), |cell| cell.shown(ID))
    }

    fn table(&self, key: &str) -> Option<Part> {
        self.report.table(key).cloned().map(Part::Table)
    }
}

/// A text of a chapter.
fn text(words: impl Into<String>) -> Part {
    Part::Text(words.into())
}
