//! The lobby's screen: who is called, and where to go.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::{Shared, error};
use crate::queue::rules::Zone;
use crate::queue::{Agency, Text, ZoneId};

#[derive(Template)]
#[template(path = "lobby.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    zone: Option<&'a Zone>,
    agencies: &'a [Agency],
    ticker: &'a [Text],
    demo: bool,
}

impl Page<'_> {
    fn emblem(&self, agency: &&Agency) -> String {
        super::landing::emblem(agency)
    }

    fn icon(&self, name: &str) -> String {
        super::landing::icon(name)
    }
}

/// `GET /lobby`: the whole building.
pub async fn page(State(house): State<Shared>) -> Response {
    render(&house, None)
}

/// `GET /lobby/{zone}`: one part of it.
pub async fn zone_page(State(house): State<Shared>, Path(zone): Path<String>) -> Response {
    render(&house, Some(&zone.into()))
}

fn render(house: &Shared, zone: Option<&ZoneId>) -> Response {
    let present = house.hall.present();
    let rules = &present.rules;
    let known = zone.and_then(|zone| rules.zone(zone));
    if zone.is_some() && known.is_none() {
        return (StatusCode::NOT_FOUND, Html("<!doctype html><title>404</title><p>Zona tidak dikenal."))
            .into_response();
    }
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        zone: known,
        agencies: &rules.agencies,
        ticker: &house.settings.ticker,
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}
