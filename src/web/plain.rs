//! Plain http where https is spoken: whoever comes is sent on, so that nobody stands before a dead page.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, middleware};

use super::error::{Problem, language};
use super::guard;

/// `names` are those by which browsers may reach the box.
pub fn router(names: Vec<String>) -> Router {
    Router::new().fallback(send_on).layer(middleware::map_response(bearing)).with_state(names)
}

async fn bearing(mut answer: Response) -> Response {
    guard::bear(answer.headers_mut(), "same-origin");
    answer
}

async fn send_on(
    State(names): State<Vec<String>>,
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if !guard::known_host(&headers, &uri, &names) {
        return Problem::unknown_host().into_answer(language(&headers));
    }
    // What was sent here in plain has been read by others already: it is not taken, and not asked for again.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return needs_https().into_answer(language(&headers));
    }
    let host =
        headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(uri.host()).unwrap_or_default();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    // Not for good: TLS may be switched off again, and a browser would remember.
    Redirect::temporary(&format!("https://{host}{path}")).into_response()
}

fn needs_https() -> Problem {
    let sentence = ("Pakai https:// untuk alamat ini.", "Use https:// for this address.");
    Problem::new(StatusCode::FORBIDDEN, "needs_https", sentence)
}
