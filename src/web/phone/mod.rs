//! A visitor's phone: one's own ticket, for whoever has its token, and the way to give it up.
//!
//! The page is made here, whole, in the phone's language; its script only asks for it again when the ticket's
//! stream says so. Without a script the browser asks by itself.
//!
//! **Invariant:** no name and no number of a person is here, and the token is in no log, no cookie and no
//! address that a browser sends on.

mod complaint;
mod face;
pub mod survey;
mod wish;
mod words;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::{House, Shared, error, landing};
use crate::hall::Token;
use crate::queue::{Actor, Agency, Command, Language, Rules, TicketId, TicketState, TicketView};
pub use complaint::{file, form};
use face::Face;
pub use wish::Wish;
use words::Words;

type AskedPath = Result<Path<String>, PathRejection>;

/// What every page at this door has around it.
pub struct Frame<'a> {
    pub place: &'a str,
    pub city: &'a str,
    pub language: Language,
    /// The one to change to.
    pub other: Language,
    pub query: String,
    pub demo: bool,
    pub words: Words,
}

impl<'a> Frame<'a> {
    pub fn of(house: &House, rules: &'a Rules, wish: Wish, language: Language) -> Self {
        Self {
            place: rules.place.in_language(language),
            city: rules.city.in_language(language),
            language,
            other: language.next(),
            query: wish.query(),
            demo: house.settings.demo_pin.is_some(),
            words: Words::of(language),
        }
    }
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Page<'a> {
    frame: Frame<'a>,
    token: Token,
    ticket: &'a TicketView,
    agency: Option<&'a Agency>,
    face: Face,
    /// It is asked to answer the survey, and has not yet.
    asked: bool,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }

    fn emblem(&self) -> String {
        self.agency.map(landing::emblem).unwrap_or_default()
    }

    fn door(&self) -> &'static str {
        landing::DOOR
    }
}

/// A sentence, and the way back.
#[derive(Template)]
#[template(path = "phone-note.html")]
struct Note<'a> {
    frame: Frame<'a>,
    title: &'static str,
    body: &'static str,
    /// Back to the ticket, where there is one.
    token: Option<Token>,
}

impl Note<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }
}

/// `GET /t/{token}`
pub async fn page(State(house): State<Shared>, token: AskedPath, wish: Wish) -> Response {
    let present = house.hall.present();
    let written = token.as_ref().map(|Path(token)| token.clone()).unwrap_or_default();
    let Some(ticket) = find(&house, token).and_then(|id| present.day.ticket(id)) else {
        return survey::of_another_day(&house, &written, wish).await;
    };
    let asked =
        ticket.invited && ticket.state == TicketState::Done && survey::waits_for(&house, &written).await;
    // Whoever chose a language at the kiosk is asked nothing here.
    let language = wish.language().unwrap_or(ticket.language);
    let now = house.settings.clock.now();
    let view = TicketView::at(&present.rules, &present.day, ticket, now);
    let page = Page {
        frame: Frame::of(&house, &present.rules, wish, language),
        token: house.hall.token(ticket.nonce),
        ticket: &view,
        agency: view.agency.as_ref().and_then(|id| present.rules.agency(id)),
        face: Face::of(&present, &view, now, language),
        asked,
    };
    rendered(StatusCode::OK, page.render())
}

/// `POST /t/{token}/cancel`: the page's question was answered with yes. Whatever becomes of it, the ticket's
/// page says where it stands then.
pub async fn cancel(State(house): State<Shared>, token: AskedPath, wish: Wish) -> Response {
    let present = house.hall.present();
    let Some(ticket) = find(&house, token).and_then(|id| present.day.ticket(id)) else {
        return unknown(&house, wish);
    };
    let token = house.hall.token(ticket.nonce);
    let command = Command::Cancel { ticket: ticket.id, by: Actor::Visitor };
    match house.ask(command.into()).await {
        Err(problem) if problem.status().is_server_error() => {
            let language = wish.language().unwrap_or(ticket.language);
            let frame = Frame::of(&house, &present.rules, wish, language);
            let (title, body) = (frame.words.not_yet, frame.words.try_again);
            rendered(problem.status(), Note { frame, title, body, token: Some(token) }.render())
        }
        // Granted; or called, or given up, a moment ago.
        Ok(_) | Err(_) => Redirect::to(&format!("/t/{token}{}", wish.query())).into_response(),
    }
}

/// Everything else at this door.
pub async fn nowhere(State(house): State<Shared>, wish: Wish) -> Response {
    let present = house.hall.present();
    let frame = Frame::of(&house, &present.rules, wish, wish.language().unwrap_or_default());
    let (title, body) = (frame.words.nowhere, frame.words.scan);
    rendered(StatusCode::NOT_FOUND, Note { frame, title, body, token: None }.render())
}

/// A ticket of another day, or of nobody.
fn unknown(house: &House, wish: Wish) -> Response {
    let present = house.hall.present();
    let frame = Frame::of(house, &present.rules, wish, wish.language().unwrap_or_default());
    let (title, body) = (frame.words.not_found, frame.words.ask_desk);
    rendered(StatusCode::NOT_FOUND, Note { frame, title, body, token: None }.render())
}

fn find(house: &House, token: AskedPath) -> Option<TicketId> {
    house.hall.find_by_token(&token.ok()?.0)
}

fn rendered(status: StatusCode, page: Result<String, askama::Error>) -> Response {
    match page {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => error::broken(&error),
    }
}
