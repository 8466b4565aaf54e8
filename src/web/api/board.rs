//! `GET /board`: what everyone may see, with the printers.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::{PrinterRow, Shared, error};
use crate::queue::{PrinterId, SlipTrouble};

/// What everyone may know of a printer.
#[derive(Serialize)]
struct PublicPrinter<'a> {
    id: &'a PrinterId,
    state: &'static str,
    fault: Option<SlipTrouble>,
}

impl<'a> From<&'a PrinterRow> for PublicPrinter<'a> {
    fn from(row: &'a PrinterRow) -> Self {
        Self { id: &row.id, state: row.state, fault: row.fault }
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
