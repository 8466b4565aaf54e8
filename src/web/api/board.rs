//! `GET /board`: what everyone may see, with the printers.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::{Shared, error};

pub async fn board(State(house): State<Shared>) -> Response {
    let present = house.hall.present();
    let printers = match serde_json::to_string(&*house.settings.printers.borrow()) {
        Ok(printers) => printers,
        Err(error) => return error::broken(&error),
    };
    // The board was written once for all readers; the printers are put in front of its end.
    let board = present.board_json();
    let whole = format!("{},\"printers\":{printers}}}", &board[..board.len() - 1]);
    ([(header::CONTENT_TYPE, "application/json")], whole).into_response()
}
