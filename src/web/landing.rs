//! The front page, and the drawings that pages share.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::Embed;

use super::{Shared, error};
use crate::queue::Agency;

#[derive(Embed)]
#[folder = "assets/icons"]
struct Icons;

#[derive(Template)]
#[template(path = "landing.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    demo_pin: Option<&'a str>,
    preview: bool,
}

pub async fn page(State(house): State<Shared>) -> Response {
    let present = house.hall.present();
    let page = Page {
        place: &present.rules.place.id,
        city: &present.rules.city.id,
        demo_pin: house.settings.demo_pin.as_deref(),
        preview: !house.settings.previews.is_empty(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// What is inside an icon's file: drawn with 3 px strokes on a 48 grid.
pub fn strokes(name: &str) -> String {
    let file = Icons::get(&format!("{name}.svg")).or_else(|| Icons::get("document.svg"));
    let text = file.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    let from = text.find('>').map_or(0, |at| at + 1);
    let to = text.rfind("</svg>").unwrap_or(text.len());
    text.get(from..to).unwrap_or_default().replace("#000", "currentColor").to_owned()
}

/// An icon in the colour of the text around it.
pub fn icon(name: &str) -> String {
    format!(
        "<svg class=\"icon\" viewBox=\"0 0 48 48\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">{}</svg>",
        strokes(name)
    )
}

/// The door: where to go.
pub const DOOR: &str = "M0 54C0 37 11 30 24 25.5C37 21 47 15 52 2C57 15 67 21 80 25.5C93 30 104 37 104 54V108A16 16 0 0 1 88 124H16A16 16 0 0 1 0 108Z";

/// An agency's pictogram in its door.
pub fn emblem(agency: &Agency) -> String {
    let (accent, ink) = (agency.accent, agency.accent.pictogram());
    format!(
        "<svg class=\"emblem\" viewBox=\"0 0 104 124\" aria-hidden=\"true\"><path d=\"{DOOR}\" fill=\"{accent}\"/>\
         <g transform=\"translate(17,40) scale(1.46)\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"3\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\" color=\"{ink}\">{}</g></svg>",
        strokes(&agency.icon)
    )
}
