//! The preview printer's paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::{Shared, error};
use crate::queue::PrinterId;

/// Slips shown.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "preview.html")]
struct Page {
    place: String,
    demo: bool,
    slips: Vec<(PrinterId, String)>,
}

/// `GET /preview`: the newest slips first.
pub async fn page(State(house): State<Shared>) -> Response {
    let folders = house.settings.previews.clone();
    let slips = tokio::task::spawn_blocking(move || {
        let mut slips: Vec<(PrinterId, String)> = Vec::new();
        for (printer, folder) in folders {
            let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let names =
                files.filter_map(|file| file.file_name().into_string().ok()).filter(|name| is_picture(name));
            slips.extend(names.map(|name| (printer.clone(), name)));
        }
        slips.sort_by(|(_, a), (_, b)| b.cmp(a));
        slips.truncate(SHOWN);
        slips
    });
    let slips = slips.await.unwrap_or_default();
    let place = house.hall.present().rules.place.id.to_string();
    let page = Page { place, demo: house.settings.demo_pin.is_some(), slips };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /preview/{printer}/{picture}`
pub async fn picture(State(house): State<Shared>, Path((printer, name)): Path<(String, String)>) -> Response {
    let folder =
        house.settings.previews.iter().find(|(id, _)| id.as_str() == printer).map(|(_, folder)| folder);
    let file = folder.filter(|_| is_picture(&name)).map(|folder| folder.join(&name));
    let read = tokio::task::spawn_blocking(move || file.and_then(|file| std::fs::read(file).ok()));
    match read.await.ok().flatten() {
        Some(png) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Twelve digits, for a page that is no visitor's slip three more, and `.png`: nothing else is in the
/// folder that anybody may have.
fn is_picture(name: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    name.strip_suffix(".png").is_some_and(|name| match name.split_once('-') {
        Some((slip, page)) => digits(slip, 12) && digits(page, 3),
        None => digits(name, 12),
    })
}
