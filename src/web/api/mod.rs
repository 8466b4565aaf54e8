//! The API under `/api/v1`: one file a noun, one table of routes, and the document made of it.

mod adopt;
mod alarms;
mod asked;
mod board;
mod caller;
mod clock;
mod counters;
mod document;
mod notices;
mod route;
mod routes;
mod services;
mod slips;
mod ticket_acts;
mod tickets;

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::error::{Problem, spoken};
use asked::Asked;
use caller::{Caller, Who};

/// The routes of the table, and nothing else.
pub fn router() -> Router<Shared> {
    of(routes::routes())
}

/// Those that need no more than a ticket's token.
pub fn visitors() -> Router<Shared> {
    let mut routes = routes::routes();
    routes.retain(|route| matches!(route.who, Who::Holder));
    of(routes)
}

fn of(routes: Vec<route::Route>) -> Router<Shared> {
    let add = |router: Router<Shared>, route: route::Route| router.route(&route.path, route.handler);
    routes
        .into_iter()
        .fold(Router::new(), add)
        .fallback(async || Problem::unknown_route())
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .layer(middleware::from_fn(spoken))
}

/// `GET /api/openapi.json`: what the API takes, answers and refuses.
pub async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document::of(&routes::routes()));
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
