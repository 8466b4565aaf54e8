//! `GET /board`: what everyone may see, with the printers.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{PrinterRow, Shared, error};
use crate::queue::{Board, PrinterId, SlipTrouble};

/// The board with the printers: what [`board`] writes without writing the board again.
#[derive(ToSchema)]
#[schema(as = WholeBoard)]
#[expect(dead_code, reason = "described, never made: the answer is put together from two writings")]
pub struct Whole {
    #[serde(flatten)]
    pub board: Board,
    pub printers: Vec<PublicPrinter>,
}

/// What everyone may know of a printer.
#[derive(Serialize, ToSchema)]
pub struct PublicPrinter {
    id: PrinterId,
    state: &'static str,
    fault: Option<SlipTrouble>,
}

impl From<&PrinterRow> for PublicPrinter {
    fn from(row: &PrinterRow) -> Self {
        Self { id: row.id.clone(), state: row.state, fault: row.fault }
    }
}

pub async fn board(State(house): State<Shared>) -> Response {
    let present = house.hall.present();
    let printers = match printers(&house) {
        Ok(printers) => printers,
        Err(error) => return error::broken(&error),
    };
    // The board was written once for all readers; the printers are put in front of its end.
    let board = present.board_json();
    let whole = format!("{},\"printers\":{printers}}}", &board[..board.len() - 1]);
    ([(header::CONTENT_TYPE, "application/json")], whole).into_response()
}

fn printers(house: &Shared) -> serde_json::Result<String> {
    let rows = house.settings.printers.borrow();
    serde_json::to_string(&rows.iter().map(PublicPrinter::from).collect::<Vec<_>>())
}
