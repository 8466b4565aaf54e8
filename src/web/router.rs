//! Which page is where, at each of the two doors. The API has a table of its own.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};

use super::limits::BODY_BYTES;
use super::{
    Shared, api, assets, complaints, console, desk, error, guard, landing, lobby, metrics, own_pin, phone,
    preview, reports, sign_in, status, supervisor, survey,
};

/// What the staff's network sees.
pub fn staff(house: Shared) -> Router {
    let pages = Router::new()
        .route("/", get(landing::page))
        .route("/console", get(console::page))
        .route("/console/sign-in", post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/pin", get(own_pin::page).post(own_pin::choose))
        .route("/console/state", get(console::state))
        .route("/console/events", get(console::events))
        .route("/desk", get(desk::page))
        .route("/desk/state", get(desk::state))
        .route("/desk/events", get(desk::events))
        .route("/supervisor", get(supervisor::page))
        .route("/supervisor/state", get(supervisor::state))
        .route("/supervisor/events", get(supervisor::events))
        .route("/lobby", get(lobby::page))
        .route("/lobby/{zone}", get(lobby::zone_page))
        .route("/lobby/counter/{number}", get(lobby::counter_page))
        .route("/lobby/say/{seq}", get(lobby::say))
        .route("/pictures", get(lobby::pictures))
        .route("/pictures/{name}", get(lobby::picture))
        .route("/preview", get(preview::page))
        .route("/preview/{printer}/{picture}", get(preview::picture))
        .route("/survey", get(survey::start))
        .route("/survey/{words}", get(survey::page).post(survey::answer))
        .route("/complaints", get(complaints::page).post(complaints::file))
        .route("/complaints/{reference}/reply", post(complaints::reply))
        .route("/complaints/{reference}/close", post(complaints::close))
        .route("/status", get(status::page))
        .route("/status/state", get(status::state))
        .route("/reports", get(reports::page))
        .route("/reports/skm", get(reports::skm))
        .route("/reports/trial", get(reports::trial))
        .route("/reports/{file}", get(reports::file))
        .route("/healthz", get(status::lives))
        .route("/readyz", get(status::ready))
        .route("/metrics", get(metrics::scrape))
        .route("/assets/{*path}", get(assets::file))
        .route("/api/openapi.json", get(api::openapi))
        .nest("/api/v1", api::router())
        .fallback(error::no_page)
        .layer(DefaultBodyLimit::max(BODY_BYTES));
    pages.layer(middleware::from_fn_with_state(house.clone(), guard::staff)).with_state(house)
}

/// What the visitors' network sees: a ticket, to whoever has its token.
pub fn visitors(house: Shared) -> Router {
    let pages = Router::new()
        .route("/t/{token}", get(phone::page))
        .route("/t/{token}/cancel", post(phone::cancel))
        .route("/t/{token}/survey", get(phone::survey::page).post(phone::survey::answer))
        .route("/t/{token}/complaint", get(phone::form).post(phone::file))
        .route("/assets/{*path}", get(assets::phone_file))
        .nest("/api/v1", api::visitors())
        .fallback(phone::nowhere)
        .method_not_allowed_fallback(phone::nowhere)
        .layer(DefaultBodyLimit::max(BODY_BYTES));
    pages.layer(middleware::from_fn_with_state(house.clone(), guard::visitors)).with_state(house)
}
