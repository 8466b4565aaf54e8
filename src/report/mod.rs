//! Honest figures of what happened: reckoned from the packed days, put into tables, drawn as charts, written for
//! spreadsheets and for paper.
//!
//! What each figure means stands in `docs/figures.md`, with the same words as here. Every number is rounded once,
//! in [`Cell`]; page, exports and terminal show the same cells.
//!
//! **Invariant:** this room only reads. What is not known yet is not counted as nothing, and a figure of nothing
//! is empty, never zero.

mod cell;
mod charts;
mod cut;
mod documents;
mod outages;
mod period;
mod presence;
mod reckon;
mod satisfaction;
mod spread;
mod table;
mod tables;
mod tally;
mod write;

pub use cell::{Cell, Unit};
pub use charts::Charts;
pub use cut::By;
pub use documents::{Chapter, Document, Material, Part, skm, trial};
pub use period::{Period, Refused, date_in_words};
pub use reckon::{Reckoned, reckon};
pub use satisfaction::{Asked, Opinions};
pub use table::{Column, Row, Table};
pub use tables::{Report, report};
pub use tally::Tally;
pub use write::{Heading, csv, plain, workbook};

use crate::queue::{AgencyId, At};

/// What is held against the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    /// A visitor should be called within so many minutes.
    pub wait_min: u32,
    /// So many of a hundred should be.
    pub within_percent: u32,
    /// A counter that opens later than so many minutes after the hours begin opens late.
    pub late_after_min: u32,
}

impl Default for Targets {
    fn default() -> Self {
        Self { wait_min: 20, within_percent: 80, late_after_min: 5 }
    }
}

/// What somebody wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub period: Period,
    /// Of one agency only.
    pub agency: Option<AgencyId>,
    pub by: By,
    pub targets: Targets,
    /// Until when what still goes on is known.
    pub now: At,
}
