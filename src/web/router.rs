//! Which page is where. The API has a table of its own.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};

use super::{Shared, api, assets, console, desk, error, guard, landing, lobby, preview, sign_in};

/// The largest body anybody may send.
const BODY: usize = 64 * 1024;
/// The longest a request with a body may take, its sending included.
pub const REQUEST: Duration = Duration::from_secs(20);

pub fn router(house: Shared) -> Router {
    Router::new()
        .route("/", get(landing::page))
        .route("/console", get(console::page))
        .route("/console/sign-in", post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/state", get(console::state))
        .route("/console/events", get(console::events))
        .route("/desk", get(desk::page))
        .route("/desk/state", get(desk::state))
        .route("/desk/events", get(desk::events))
        .route("/lobby", get(lobby::page))
        .route("/lobby/{zone}", get(lobby::zone_page))
        .route("/preview", get(preview::page))
        .route("/preview/{printer}/{picture}", get(preview::picture))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/assets/{*path}", get(assets::file))
        .route("/api/openapi.json", get(api::openapi))
        .nest("/api/v1", api::router())
        .fallback(error::no_page)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(house.clone(), guard::guard))
        .with_state(house)
}
