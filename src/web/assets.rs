//! Files of the pages, in the binary.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "assets/web"]
struct Pages;

#[derive(Embed)]
#[folder = "assets/fonts"]
#[include = "AtkinsonHyperlegibleNext_*.ttf"]
#[include = "phone-*.woff2"]
struct Fonts;

/// All that a visitor's phone may ask for; a test weighs it.
pub const OF_PHONES: &[&str] =
    &["phone.css", "phone.js", "live.js", "mark.svg", "fonts/phone-400.woff2", "fonts/phone-800.woff2"];

/// `GET /assets/…` at the visitors' door.
pub async fn phone_file(path: Path<String>, headers: HeaderMap) -> Response {
    if !OF_PHONES.contains(&path.as_str()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    file(path, headers).await
}

/// `GET /assets/…`
pub async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let found = match path.strip_prefix("fonts/") {
        Some(font) => Fonts::get(font),
        None => Pages::get(&path),
    };
    let Some(file) = found else { return StatusCode::NOT_FOUND.into_response() };
    let tag: String = file.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let unchanged =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let kept = [(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if unchanged {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    // What lies in the program is copied for nobody.
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (kept, kind, body).into_response()
}
