//! What every request passes: the name it came by, who sent it, how long it may take; and the headers
//! every answer bears.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::Problem;
use super::{House, Shared};

/// Nothing from outside, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// At the staff's door.
pub async fn staff(State(house): State<Shared>, request: Request, next: Next) -> Response {
    let scheme = if house.settings.tls.is_some() { "https" } else { "http" };
    pass(&house, request, next, |headers| own_page(headers, scheme), "same-origin").await
}

/// At the visitors' door. Nothing is kept in a browser there that another page could lean on: a request
/// holds what its sender knows, the token. So that no address with a token in it is sent on, pages send none
/// at all; their forms then come without an origin.
pub async fn visitors(State(house): State<Shared>, request: Request, next: Next) -> Response {
    pass(&house, request, next, |_| true, "no-referrer").await
}

async fn pass(
    house: &House,
    request: Request,
    next: Next,
    trusted: impl FnOnce(&HeaderMap) -> bool,
    referrer: &'static str,
) -> Response {
    let language = super::error::language(request.headers());
    let mut answer = if !known_host(request.headers(), request.uri(), &house.settings.host_names) {
        Problem::unknown_host().into_answer(language)
    } else if changes_something(request.method()) && !trusted(request.headers()) {
        Problem::cross_origin().into_answer(language)
    } else if changes_something(request.method()) {
        match tokio::time::timeout(house.settings.limits.request, next.run(request)).await {
            Ok(answer) => answer,
            Err(_) => Problem::too_slow().into_answer(language),
        }
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    let now = house.settings.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
    if let Ok(now) = now.parse() {
        // A TV's own clock is often wrong.
        headers.insert("x-site-time", now);
    }
    bear(headers, referrer);
    answer
}

/// What every answer bears, whatever it is.
pub(super) fn bear(headers: &mut HeaderMap, referrer: &'static str) {
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, referrer);
    // No page elsewhere shows our pictures as its own.
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A page elsewhere that was given our address under its own name (DNS rebinding) bears that name.
pub(super) fn known_host(headers: &HeaderMap, uri: &Uri, names: &[String]) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).or(uri.host());
    // Two names are none (RFC 9112, 3.2): who stands between may have looked at the other one.
    let Some(host) = host.filter(|_| hosts.next().is_none()) else { return false };
    let name = bare(host).to_ascii_lowercase();
    name == "localhost" || name.parse::<IpAddr>().is_ok() || names.contains(&name)
}

/// The host without its port; an IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Browsers say where a change comes from. A program without cookies needs not say it. Where TLS is spoken a
/// page that came in plain is somebody else's: who stands between may have written it.
fn own_page(headers: &HeaderMap, scheme: &str) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok())
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://") == Some((scheme, host)),
        (Some(_), None) => false,
        (None, _) => !headers.contains_key(header::COOKIE),
    }
}
