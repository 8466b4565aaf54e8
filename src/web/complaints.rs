//! Suggestions and complaints, for whoever answers them: an agency sees its own, who runs the hall or manages it
//! sees all. The desk files one for a visitor.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::session::Clerk;
use super::{House, Role, Shared, Staff, error, sign_in};
use crate::hall::{Channel, ComplaintRow, ComplaintState, Kind, Matter, No};
use crate::queue::{AgencyId, Language};
use crate::survey::Refusal;

#[derive(Template)]
#[template(path = "complaints.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a str,
    home: &'static str,
    demo: bool,
    message: Option<String>,
    note: Option<String>,
    chosen: &'static str,
    rows: Vec<Row>,
    agencies: Vec<(String, String)>,
    topics: Vec<(String, String)>,
    /// Of the whole house: may be about no agency.
    whole: bool,
}

/// One, as it is read.
struct Row {
    reference: String,
    kind: &'static str,
    state: ComplaintState,
    said: &'static str,
    about: String,
    topic: String,
    at: String,
    words: String,
    reply: Option<String>,
    replied: String,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        super::landing::icon(name)
    }

    fn is_chosen(&self, state: &str) -> bool {
        self.chosen == state
    }
}

/// Which are shown.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    state: Option<String>,
    /// Filed a moment ago.
    filed: Option<String>,
}

/// One that was told to the desk.
#[derive(Debug, Deserialize)]
pub struct Told {
    kind: String,
    #[serde(default)]
    agency: String,
    topic: String,
    words: String,
}

#[derive(Debug, Deserialize)]
pub struct Reply {
    words: String,
}

/// `GET /complaints`
pub async fn page(State(house): State<Shared>, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    match reader(&house, &headers) {
        Ok(clerk) => show(&house, &clerk, &filter, None).await,
        Err(answer) => *answer,
    }
}

/// `POST /complaints`: the desk files what a visitor says.
pub async fn file(State(house): State<Shared>, headers: HeaderMap, Form(told): Form<Told>) -> Response {
    let clerk = match reader(&house, &headers) {
        Ok(clerk) => clerk,
        Err(answer) => return *answer,
    };
    let agency = Some(AgencyId::from(told.agency)).filter(|agency| !agency.as_str().is_empty());
    let theirs = match (&clerk.staff.agency, &agency) {
        (None, _) => true,
        (Some(own), about) => about.as_ref() == Some(own),
    };
    let filed = match Kind::of(&told.kind).filter(|_| theirs) {
        None => Err(Refusal::UnknownTopic.into()),
        Some(kind) => {
            let matter = Matter { kind, agency, topic: told.topic, words: told.words };
            house.hall.file_complaint(&house.settings.feedback, None, matter, Channel::Desk).await
        }
    };
    match filed {
        Ok(reference) => Redirect::to(&format!("/complaints?filed={reference}")).into_response(),
        Err(no) => show(&house, &clerk, &Filter::default(), Some(no)).await,
    }
}

/// `POST /complaints/{reference}/reply`
pub async fn reply(
    State(house): State<Shared>,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Form(reply): Form<Reply>,
) -> Response {
    let clerk = match reader(&house, &headers) {
        Ok(clerk) => clerk,
        Err(answer) => return *answer,
    };
    let done = match theirs(&house, &clerk, &reference).await {
        Ok(()) => house.hall.reply_to_complaint(&reference, &reply.words, clerk.staff.id.clone()).await,
        Err(no) => Err(no),
    };
    back(&house, &clerk, done).await
}

/// `POST /complaints/{reference}/close`
pub async fn close(
    State(house): State<Shared>,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Response {
    let clerk = match reader(&house, &headers) {
        Ok(clerk) => clerk,
        Err(answer) => return *answer,
    };
    let done = match theirs(&house, &clerk, &reference).await {
        Ok(()) => house.hall.close_complaint(&reference, clerk.staff.id.clone()).await,
        Err(no) => Err(no),
    };
    back(&house, &clerk, done).await
}

/// Whoever belongs to an agency sees that agency's; all of them, whoever answers for the house.
fn may_read(staff: &Staff) -> bool {
    staff.agency.is_some() || matches!(staff.role, Role::Desk | Role::Supervisor | Role::Manager)
}

/// Who is signed in and may read complaints; everybody else gets the answer that is theirs.
fn reader(house: &House, headers: &HeaderMap) -> Result<Clerk, Box<Response>> {
    match house.clerk(headers) {
        Some(clerk) if may_read(&clerk.staff) => Ok(clerk),
        Some(clerk) => Err(Redirect::to(clerk.home()).into_response().into()),
        None => Err(sign_in::page(house, StatusCode::OK, None, None).into()),
    }
}

async fn back(house: &House, clerk: &Clerk, done: Result<(), No>) -> Response {
    match done {
        Ok(()) => Redirect::to("/complaints").into_response(),
        Err(no) => show(house, clerk, &Filter::default(), Some(no)).await,
    }
}

/// Another agency's is nobody's that one has heard of.
async fn theirs(house: &House, clerk: &Clerk, reference: &str) -> Result<(), No> {
    let row = house.hall.complaint(reference).await?.ok_or(Refusal::UnknownComplaint)?;
    let own = clerk.staff.agency.as_ref();
    let is_theirs = own.is_none_or(|own| row.agency.as_deref() == Some(own.as_str()));
    if is_theirs { Ok(()) } else { Err(Refusal::UnknownComplaint.into()) }
}

async fn show(house: &House, clerk: &Clerk, filter: &Filter, no: Option<No>) -> Response {
    let state = filter.state.as_deref().and_then(ComplaintState::of);
    let rows = match house.hall.complaints(clerk.staff.agency.clone(), state).await {
        Ok(rows) => rows,
        Err(no) => return error::Problem::from(no).into_response(),
    };
    let status = no.as_ref().map_or(StatusCode::OK, |no| error::Problem::from(no.clone()).status());
    let present = house.hall.present();
    let rules = &present.rules;
    let agencies = rules.agencies.iter().filter(|agency| clerk.staff.serves(&agency.id));
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &clerk.staff.name,
        home: clerk.home(),
        demo: house.settings.demo_pin.is_some(),
        message: no.map(|no| format!("{} [{}]", no.sentence(Language::ID), no.code())),
        note: filter.filed.as_ref().filter(|it| it.len() <= 12).cloned(),
        chosen: state.map_or("", ComplaintState::as_str),
        rows: rows.into_iter().map(|row| shown(house, row)).collect(),
        agencies: agencies.map(|agency| (agency.id.to_string(), agency.name.id.to_string())).collect(),
        topics: house
            .settings
            .feedback
            .topics
            .iter()
            .map(|topic| (topic.id.clone(), topic.name.id.to_string()))
            .collect(),
        whole: clerk.staff.agency.is_none(),
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// "27-11-2026 pukul 14.37"; what is no time stays as it is.
fn moment(at: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(at)
        .map_or_else(|_| at.to_owned(), |at| at.format("%d-%m-%Y pukul %H.%M").to_string())
}

fn shown(house: &House, row: ComplaintRow) -> Row {
    let present = house.hall.present();
    let agency = row.agency.map(AgencyId::from);
    let name = |id: &AgencyId| present.rules.agency(id).map_or(id.to_string(), |it| it.name.id.to_string());
    let topic = house.settings.feedback.topic(&row.topic).map(|topic| topic.name.id.to_string());
    let replied = row.replied_at.as_deref().map(moment).unwrap_or_default();
    Row {
        kind: match row.kind {
            Kind::Suggestion => "Saran",
            Kind::Complaint => "Pengaduan",
        },
        said: match row.state {
            ComplaintState::Received => "Diterima",
            ComplaintState::Answered => "Dijawab",
            ComplaintState::Closed => "Ditutup",
        },
        state: row.state,
        about: agency.as_ref().map_or("Gedung dan umum".to_owned(), name),
        topic: topic.unwrap_or(row.topic),
        at: moment(&row.received_at),
        words: row.words,
        reply: row.reply,
        replied: format!("{replied} · {}", row.replied_by.unwrap_or_default()),
        reference: row.reference,
    }
}
