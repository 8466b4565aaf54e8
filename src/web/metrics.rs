//! `GET /metrics`: figures for whoever watches many boxes, in the text form of OpenMetrics. Counts only: no
//! ticket, no token, nobody's name.

use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{Shared, error};
use crate::health::{self, Facts, Health};
use crate::queue::{CounterPhase, Day, Language, TicketState};

type Labelled = Family<Vec<(&'static str, String)>, Gauge<f64, AtomicU64>>;

/// `GET /metrics`
pub async fn scrape(State(house): State<Shared>) -> Response {
    let (facts, present) = (house.facts(), house.hall.present());
    let mut figures = Figures(Registry::with_prefix("antrean"));
    of_the_day(&mut figures, &present.day);
    of_the_box(&mut figures, &facts);
    let taken = [("connections", &house.connections), ("streams", &house.streams)];
    let taken = taken.map(|(kind, places)| (kind.to_owned(), places.taken() as f64));
    figures.each("web_taken", "Places taken at the staff's door", "kind", taken);
    let counts = house.alarms(None);
    let weigh = |weight| counts.iter().filter(|alarm| alarm.weight == weight).count() as f64;
    figures.each(
        "alarms",
        "What is wrong now, by weight",
        "weight",
        [Health::Warning, Health::Fault].map(|weight| (weight.as_str().to_owned(), weigh(weight))),
    );
    let mut text = String::new();
    match encode(&mut text, &figures.0) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            (StatusCode::OK, [(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => error::broken(&error),
    }
}

struct Figures(Registry);

impl Figures {
    fn one(&mut self, name: &str, help: &str, value: f64) {
        let gauge = Gauge::<f64, AtomicU64>::default();
        gauge.set(value);
        self.0.register(name, help, gauge);
    }

    fn each(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl IntoIterator<Item = (String, f64)>,
    ) {
        let family = Labelled::default();
        for (of, value) in values {
            family.get_or_create(&vec![(label, of)]).set(value);
        }
        self.0.register(name, help, family);
    }
}

fn of_the_day(figures: &mut Figures, day: &Day) {
    let states = [
        (TicketState::Waiting, "waiting"),
        (TicketState::Called, "called"),
        (TicketState::Serving, "serving"),
        (TicketState::OnHold, "on_hold"),
        (TicketState::Done, "done"),
        (TicketState::NoShow, "no_show"),
        (TicketState::Cancelled, "cancelled"),
        (TicketState::Expired, "expired"),
    ];
    let count = |state| day.tickets().filter(|ticket| ticket.state == state).count() as f64;
    let tickets = states.map(|(state, word)| (word.to_owned(), count(state)));
    figures.each("tickets_today", "Tickets of the business day, by state", "state", tickets);
    figures.one("journal_seq", "The newest line of the journal", day.seq().0 as f64);
    let doubtful = day.slips().filter(|slip| slip.needs_attention()).count();
    figures.one("slips_doubtful", "Slips that somebody should look after", doubtful as f64);
    let open = day.counters().filter(|(_, counter)| counter.phase != CounterPhase::Closed).count();
    figures.one("counters_open", "Counters that are open or paused", open as f64);
}

fn of_the_box(figures: &mut Figures, facts: &Facts) {
    let level = |health| match health {
        Health::Fine => 0.0,
        Health::Warning => 1.0,
        Health::Fault => 2.0,
    };
    let lines = health::lines(facts, Language::EN);
    let parts = lines.iter().map(|line| {
        let part = line.key.rsplit_once(':').map_or(line.key.as_str(), |(part, _)| part);
        (part.to_owned(), level(line.health))
    });
    figures.each("health", "How each part is: 0 fine, 1 warning, 2 fault", "part", parts);
    figures.one("up_seconds", "Seconds since the program started", facts.up_s as f64);
    figures.one("machine_up_seconds", "Seconds since the machine started", facts.machine_up_s as f64);
    let sight = &facts.sight;
    let free = sight.surroundings.as_ref().and_then(|seen| seen.free);
    if let Some(free) = free {
        figures.one("disk_free_bytes", "Bytes that fit into the data folder", free as f64);
    }
    if let Some(bytes) = sight.database.as_ref().and_then(|database| database.bytes) {
        figures.one("database_bytes", "Size of the database", bytes as f64);
    }
    if let Some((at, _)) = sight.backup.as_ref().and_then(|backup| backup.last_good.as_ref()) {
        let age = (facts.now - at).num_seconds() as f64;
        figures.one("backup_age_seconds", "Age of the newest verified backup", age);
    }
    if let Some(starts) = &sight.starts {
        figures.one("starts", "Starts of the program since the data folder was made", starts.starts as f64);
        figures.one("power_losses", "Times the machine went off while it ran", starts.power_losses as f64);
        figures.one("falls", "Times the program ended without having been asked to", starts.falls as f64);
    }
}
