//! The survey on the information desk's tablet: signed in once, left to visitors. By a ticket's reference or
//! number it shows the pages of a phone, and nothing of the ticket but its service.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::phone::survey::{Place, Said, Where, refused_with_a_way, show, take};
use super::phone::{Frame, Wish};
use super::{House, Shared, error, landing, sign_in};
use crate::hall::Channel;
use crate::survey::Refusal;

#[derive(Template)]
#[template(path = "survey-start.html")]
struct Start<'a> {
    frame: Frame<'a>,
}

impl Start<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    ticket: Option<String>,
}

/// `GET /survey`, for whoever takes numbers for visitors.
pub async fn start(
    State(house): State<Shared>,
    headers: HeaderMap,
    Query(typed): Query<Typed>,
    wish: Wish,
) -> Response {
    if let Some(answer) = stranger(&house, &headers) {
        return answer;
    }
    let plain: String =
        typed.ticket.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    if !plain.is_empty() {
        return Redirect::to(&format!("/survey/{plain}{}", wish.query())).into_response();
    }
    let present = house.hall.present();
    let language = wish.language().unwrap_or_default();
    let page = Start { frame: Frame::of(&house, &present.rules, wish, language) };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /survey/{words}`
pub async fn page(
    State(house): State<Shared>,
    headers: HeaderMap,
    Path(words): Path<String>,
    Query(at): Query<Where>,
    wish: Wish,
) -> Response {
    match place(&house, &headers, &words, wish).await {
        Ok(place) => show(&house, &place, &at).await,
        Err(answer) => answer,
    }
}

/// `POST /survey/{words}`
pub async fn answer(
    State(house): State<Shared>,
    headers: HeaderMap,
    Path(words): Path<String>,
    wish: Wish,
    Form(said): Form<Said>,
) -> Response {
    match place(&house, &headers, &words, wish).await {
        Ok(place) => take(&house, &place, said).await,
        Err(answer) => answer,
    }
}

fn stranger(house: &House, headers: &HeaderMap) -> Option<Response> {
    let Some(clerk) = house.clerk(headers) else {
        return Some(sign_in::page(house, StatusCode::OK, None, None));
    };
    (!clerk.staff.may_issue).then(|| Redirect::to(clerk.home()).into_response())
}

async fn place(house: &House, headers: &HeaderMap, words: &str, wish: Wish) -> Result<Place, Response> {
    if let Some(answer) = stranger(house, headers) {
        return Err(answer);
    }
    let lost = |no| {
        let start = format!("/survey{}", wish.query());
        refused_with_a_way(house, start, Some(Channel::Desk), wish, no)
    };
    match house.hall.survey_ticket_called(words).await {
        Ok(Some(ticket)) => Ok(Place {
            // One word for the ticket, however it was typed.
            base: format!("/survey/{}", ticket.reference),
            home: format!("/survey{}", wish.query()),
            channel: Channel::Desk,
            ticket,
            wish,
        }),
        Ok(None) => Err(lost(Refusal::UnknownTicket.into())),
        Err(no) => Err(lost(no)),
    }
}
