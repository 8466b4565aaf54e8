//! The one table of routes.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};

use super::{Shared, api, assets, console, error, feed, guard, landing, lobby, preview, sign_in};

/// The largest body anybody may send.
const BODY: usize = 64 * 1024;
/// The longest a request with a body may take, its sending included.
pub const REQUEST: Duration = Duration::from_secs(20);

pub fn router(house: Shared) -> Router {
    let api = Router::new()
        .route("/board", get(api::board::board))
        .route("/events", get(feed::public))
        .route("/tickets", post(api::tickets::issue).get(api::tickets::find))
        .route("/tickets/by-token/{token}", get(api::tickets::by_token))
        .route("/tickets/by-token/{token}/cancel", post(api::tickets::cancel_by_token))
        .route("/tickets/{id}/{act}", post(api::ticket_acts::act))
        .route("/slips/{id}/{act}", post(api::slips::settle))
        .route("/counters/{id}/{act}", post(api::counters::act))
        .route("/services/{id}/{act}", post(api::services::act))
        .fallback(error::unknown_route)
        .method_not_allowed_fallback(error::wrong_method);
    Router::new()
        .route("/", get(landing::page))
        .route("/console", get(console::page))
        .route("/console/sign-in", post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/state", get(console::state))
        .route("/console/events", get(console::events))
        .route("/lobby", get(lobby::page))
        .route("/lobby/{zone}", get(lobby::zone_page))
        .route("/preview", get(preview::page))
        .route("/preview/{printer}/{picture}", get(preview::picture))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/assets/{*path}", get(assets::file))
        .nest("/api/v1", api)
        .fallback(error::no_page)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(house.clone(), guard::guard))
        .with_state(house)
}
