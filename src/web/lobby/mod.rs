//! The lobby's screens: who is called, and where to go.

mod counter;
mod pictures;
mod say;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

pub use counter::page as counter_page;
pub use pictures::{Pictures, list as pictures, picture};
pub use say::{Sounds, say};

use super::{Shared, error};
use crate::queue::rules::Zone;
use crate::queue::{Agency, CounterId, Text, ZoneId};
use crate::voice::{Clips, Reading};

/// What the lobby's screens need of the config.
#[derive(Debug, Clone)]
pub struct Settings {
    pub ticker: Vec<Text>,
    /// Counters whose calls are heard from a screen, and the word in that screen's address.
    pub speakers: HashMap<CounterId, String>,
    pub reading: Reading,
    pub clips: Clips,
    /// Diagonal of the TVs in inches, and of those of some zones.
    pub diagonal_in: f32,
    pub zone_diagonals_in: HashMap<ZoneId, f32>,
    /// The folder of pictures that are shown while nobody is called.
    pub pictures: Option<std::path::PathBuf>,
    /// Seconds without a call until then.
    pub pictures_after_s: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ticker: vec![],
            speakers: HashMap::new(),
            reading: Reading::default(),
            clips: Clips::default(),
            diagonal_in: 43.0,
            zone_diagonals_in: HashMap::new(),
            pictures: None,
            pictures_after_s: 60,
        }
    }
}

impl Settings {
    fn diagonal_in(&self, zone: Option<&ZoneId>) -> f32 {
        zone.and_then(|zone| self.zone_diagonals_in.get(zone)).copied().unwrap_or(self.diagonal_in)
    }

    /// The counters that a screen speaks for.
    fn spoken_by(&self, screen: &str) -> Vec<&str> {
        let own = self.speakers.iter().filter(|(_, its)| *its == screen);
        let mut counters: Vec<&str> = own.map(|(counter, _)| counter.as_str()).collect();
        counters.sort_unstable();
        counters
    }
}

/// What a screen's address says of it.
#[derive(Debug, Deserialize)]
pub struct Which {
    screen: Option<String>,
}

#[derive(Template)]
#[template(path = "lobby.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    zone: Option<&'a Zone>,
    agencies: &'a [Agency],
    ticker: &'a [Text],
    /// The counters whose calls are heard from here.
    speaks: String,
    /// The word of the address that the config does not know.
    unknown_screen: Option<&'a str>,
    diagonal_in: f32,
    /// Seconds until pictures are shown; 0: there are none.
    pictures_after_s: u32,
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
pub async fn page(State(house): State<Shared>, Query(which): Query<Which>) -> Response {
    render(&house, None, &which)
}

/// `GET /lobby/{zone}`: one part of it.
pub async fn zone_page(
    State(house): State<Shared>,
    Path(zone): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    render(&house, Some(&zone.into()), &which)
}

fn render(house: &Shared, zone: Option<&ZoneId>, which: &Which) -> Response {
    let present = house.hall.present();
    let rules = &present.rules;
    let known = zone.and_then(|zone| rules.zone(zone));
    if zone.is_some() && known.is_none() {
        return nowhere("Zona tidak dikenal.", "There is no such zone.");
    }
    let now = house.now();
    let settings = &now.lobby;
    let screen = which.screen.as_deref().unwrap_or_default();
    let speaks = settings.spoken_by(screen).join(" ");
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        zone: known,
        agencies: &rules.agencies,
        ticker: &settings.ticker,
        unknown_screen: which.screen.as_deref().filter(|_| speaks.is_empty()),
        speaks,
        diagonal_in: settings.diagonal_in(zone),
        pictures_after_s: if settings.pictures.is_some() { settings.pictures_after_s } else { 0 },
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// A screen of a place that the config does not know.
fn nowhere(id: &str, en: &str) -> Response {
    let page = format!("<!doctype html><title>404</title><p>{id}<p lang=\"en\">{en}");
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}
