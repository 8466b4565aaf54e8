//! `GET /board`: what everyone may see, with forecasts and printers.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{PrinterNow, Shared};
use crate::hall::Forecasts;
use crate::queue::{Forecast, Lineage, Notice, PrinterId, Seq, SlipTrouble, board};

/// What everyone may know of a printer.
#[derive(Serialize, ToSchema)]
pub struct PublicPrinter<'a> {
    id: &'a PrinterId,
    state: &'static str,
    fault: Option<SlipTrouble>,
}

impl<'a> From<&'a PrinterNow> for PublicPrinter<'a> {
    fn from(row: &'a PrinterNow) -> Self {
        Self { id: &row.id, state: row.state, fault: row.fault }
    }
}

/// The board, and what moves without a line in the journal.
#[derive(Serialize, ToSchema)]
pub struct WholeBoard<'a> {
    lineage: &'a Lineage,
    seq: Seq,
    day: Option<NaiveDate>,
    agencies: Vec<ForetoldAgency<'a>>,
    counters: &'a [board::CounterRow],
    calls: &'a [board::CallRow],
    /// What a supervisor tells everyone, oldest first.
    notices: &'a [Notice],
    printers: Vec<PublicPrinter<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct ForetoldAgency<'a> {
    #[serde(flatten)]
    row: &'a board::AgencyRow,
    /// How long who takes a number now will wait.
    forecast: Option<Forecast>,
}

impl<'a> ForetoldAgency<'a> {
    fn of(row: &'a board::AgencyRow, forecasts: &Forecasts) -> Self {
        Self { row, forecast: forecasts.of_agency(&row.id) }
    }
}

pub async fn board(State(house): State<Shared>) -> Json<serde_json::Value> {
    let (present, forecasts) = (house.hall.present(), house.hall.forecasts());
    let board = present.board();
    let foretold = |row| ForetoldAgency::of(row, &forecasts);
    let printers = house.settings.printers.borrow();
    Json(serde_json::json!(WholeBoard {
        lineage: &board.lineage,
        seq: board.seq,
        day: board.day,
        agencies: board.agencies.iter().map(foretold).collect(),
        counters: &board.counters,
        calls: &board.calls,
        notices: &board.notices,
        printers: printers.iter().map(PublicPrinter::from).collect(),
    }))
}
