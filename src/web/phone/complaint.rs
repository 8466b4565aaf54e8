//! Suggestions and complaints of a visitor, by the ticket's token; the reply is read on the same page.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{AskedPath, Frame, Wish, rendered, survey, unknown};
use crate::hall::{Channel, ComplaintRow, ComplaintState, Kind, Matter, No, SurveyTicket};
use crate::queue::AgencyId;
use crate::survey::Refusal;
use crate::web::{House, Shared, landing};
use crate::words::msg;

#[derive(Template)]
#[template(path = "phone-complaint.html")]
struct Page<'a> {
    frame: Frame<'a>,
    token: String,
    /// Of the ticket, to be told something.
    agency: Option<(String, String)>,
    topics: Vec<(String, String)>,
    may_file: bool,
    filed: Vec<Filed>,
}

/// One that was filed, as its writer reads it.
struct Filed {
    reference: String,
    state: &'static str,
    words: String,
    reply: Option<String>,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }
}

/// What the form says.
#[derive(Debug, Deserialize)]
pub struct Filled {
    kind: String,
    #[serde(default)]
    agency: String,
    topic: String,
    words: String,
}

/// `GET /t/{token}/complaint`
pub async fn form(State(house): State<Shared>, token: AskedPath, wish: Wish) -> Response {
    match page(&house, token, wish).await {
        Ok(Some(answer)) => answer,
        Ok(None) => unknown(&house, wish),
        Err(no) => survey::refused(&house, None, wish, no),
    }
}

/// `POST /t/{token}/complaint`
pub async fn file(
    State(house): State<Shared>,
    token: AskedPath,
    wish: Wish,
    Form(said): Form<Filled>,
) -> Response {
    let Ok(Path(token)) = token else { return unknown(&house, wish) };
    match keep(&house, &token, said).await {
        Ok(()) => Redirect::to(&format!("/t/{token}/complaint{}", wish.query())).into_response(),
        Err(No::Survey(Refusal::UnknownTicket)) => unknown(&house, wish),
        Err(no) => {
            let back = format!("/t/{token}/complaint{}", wish.query());
            survey::refused_with_a_way(&house, back, None, wish, no)
        }
    }
}

async fn keep(house: &House, token: &str, said: Filled) -> Result<(), No> {
    let ticket = house.hall.survey_ticket(token).await?.ok_or(Refusal::UnknownTicket)?;
    let kind = Kind::of(&said.kind).ok_or(Refusal::UnknownTopic)?;
    // About the agency of the ticket, or about the house; what was never offered is refused.
    let agency = match said.agency.as_str() {
        "" => None,
        own if own == ticket.agency.as_str() => Some(ticket.agency.clone()),
        _ => return Err(Refusal::UnknownTopic.into()),
    };
    let matter = Matter { kind, agency, topic: said.topic, words: said.words };
    let feedback = &house.settings.feedback;
    house.hall.file_complaint(feedback, Some(ticket.id), matter, Channel::Phone).await.map(drop)
}

async fn page(house: &House, token: AskedPath, wish: Wish) -> Result<Option<Response>, No> {
    let Ok(Path(token)) = token else { return Ok(None) };
    let Some(ticket) = house.hall.survey_ticket(&token).await? else { return Ok(None) };
    let filed = house.hall.complaints_of(ticket.id).await?;
    let language = wish.language().unwrap_or(ticket.language);
    let (present, feedback) = (house.hall.present(), &house.settings.feedback);
    let topic =
        |topic: &crate::survey::Topic| (topic.id.clone(), topic.name.in_language(language).to_owned());
    let named = |agency: &AgencyId| {
        let name = present.rules.agency(agency)?.name.in_language(language).to_owned();
        Some((agency.to_string(), name))
    };
    let SurveyTicket { agency, .. } = &ticket;
    let frame = Frame::of(house, &present.rules, wish, language);
    let state = |row: &ComplaintRow| match row.state {
        ComplaintState::Received => frame.words.received,
        ComplaintState::Answered => frame.words.answered,
        ComplaintState::Closed => frame.words.closed,
    };
    let shown = |row: &ComplaintRow| Filed {
        reference: msg("Reference {reference}").with(language, &[("reference", &row.reference)]),
        state: state(row),
        words: row.words.clone(),
        reply: row.reply.clone(),
    };
    let page = Page {
        token,
        agency: named(agency),
        topics: feedback.topics.iter().map(topic).collect(),
        may_file: filed.len() < feedback.per_ticket as usize,
        filed: filed.iter().map(shown).collect(),
        frame,
    };
    Ok(Some(rendered(StatusCode::OK, page.render())))
}
