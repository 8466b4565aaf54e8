//! How the box is, for whoever keeps it: every part in plain words, the worst first, with what to do.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;

use super::error::{Problem, language};
use super::{Shared, error, sign_in};
use crate::health::{self, HallNow, Health, Line, Part};
use crate::queue::Language;

#[derive(Template)]
#[template(path = "status.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a str,
    demo: bool,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        super::landing::icon(name)
    }
}

/// `GET /status`, for whoever may watch.
pub async fn page(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    if !clerk.staff.may_watch {
        return Redirect::to(clerk.home()).into_response();
    }
    let present = house.hall.present();
    let page = Page {
        place: &present.rules.place.id,
        city: &present.rules.city.id,
        staff: &clerk.staff.name,
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// A part of the box as the page shows it.
#[derive(Serialize)]
struct Row {
    key: String,
    icon: String,
    label: String,
    says: String,
    remedy: Option<String>,
    health: Health,
}

#[derive(Serialize)]
struct View {
    now: String,
    /// The worst first, else in the order of the list.
    lines: Vec<Row>,
    faults: usize,
    warnings: usize,
}

/// `GET /status/state`: the same as JSON.
pub async fn state(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let signed_in = house.clerk(&headers);
    if !signed_in.is_some_and(|clerk| clerk.staff.may_watch) {
        return Problem::no_credential().into_answer(language(&headers));
    }
    let facts = house.facts();
    let mut lines = health::lines(&facts, Language::ID);
    lines.sort_by_key(|line| std::cmp::Reverse(line.health));
    let count = |wanted| lines.iter().filter(|line| line.health == wanted).count();
    let view = View {
        now: facts.now.to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        faults: count(Health::Fault),
        warnings: count(Health::Warning),
        lines: lines.into_iter().map(row).collect(),
    };
    Json(view).into_response()
}

fn row(line: Line) -> Row {
    Row {
        icon: super::landing::icon(line.icon),
        key: line.key,
        label: line.label,
        says: line.value,
        remedy: line.remedy,
        health: line.health,
    }
}

/// `GET /healthz`: the program lives, and its hall.
pub async fn lives(State(house): State<Shared>) -> Response {
    if house.hall.is_over() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the hall has ended\n").into_response();
    }
    "ok\n".into_response()
}

/// `GET /readyz`: visitors can be served. What is missing is named, a line each.
pub async fn ready(State(house): State<Shared>) -> Response {
    let facts = house.facts();
    let lines = health::lines(&facts, Language::EN);
    let needed = [Part::Hall, Part::Database, Part::Display, Part::Disk];
    let missing = |line: &&Line| needed.contains(&line.part) && line.health == Health::Fault;
    let missing: Vec<String> = lines
        .iter()
        .filter(missing)
        // A recovered database serves as well as any.
        .filter(|line| line.key != "database:recovered")
        .map(|line| format!("{}: {}\n", line.key, line.value))
        .collect();
    if missing.is_empty() && facts.hall == HallNow::Open {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, missing.concat()).into_response()
}
