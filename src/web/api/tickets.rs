//! Tickets: issue one, look at one's own, cancel.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Shared};
use super::counters::Nothing;
use super::{Asked, Caller};
use crate::queue::{
    Actor, Class, Command, Issue, Language, PrinterId, Refusal, Seq, ServiceId, Ticket, TicketNumber,
    TicketView,
};

/// A visitor wants a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueBody {
    service: ServiceId,
    #[serde(default)]
    class: Class,
    /// Of the slip.
    #[serde(default, deserialize_with = "Language::spoken")]
    language: Language,
    /// The printer that shall print the slip; no slip where none is named.
    #[serde(default)]
    printer: Option<PrinterId>,
}

/// A ticket with its token: only to its issuer and to whoever came with the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTicket {
    #[serde(flatten)]
    ticket: TicketView,
    /// With it the visitor follows and cancels this ticket, until the day ends.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    token: String,
}

impl OwnTicket {
    pub(super) fn of(house: &House, ticket: TicketView) -> Self {
        Self { token: house.hall.token(ticket.nonce).to_string(), ticket }
    }
}

/// An act on a ticket was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketAnswer {
    /// The line of the journal that says so.
    seq: Seq,
    /// The ticket as it was right after; none where nothing had to change.
    ticket: Option<TicketView>,
}

/// The tickets that were looked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    tickets: Vec<TicketView>,
}

/// `POST /tickets`
pub async fn issue(
    State(house): State<Shared>,
    asked: Asked,
) -> Result<(StatusCode, Json<OwnTicket>), Problem> {
    let caller = Caller::of(&house, &asked.headers)?;
    if !caller.may_issue() {
        return Err(Problem::not_allowed());
    }
    let wish: IssueBody = asked.json()?;
    let command = Command::Issue(Issue {
        service: wish.service,
        class: wish.class,
        language: wish.language,
        origin: caller.origin(),
        printer: wish.printer,
        nonce: house.hall.new_nonce(),
    });
    let answer = house.ask(asked.request_of(&caller, command)?).await?;
    let ticket = answer.ticket.ok_or(Refusal::UnknownTicket)?;
    Ok((StatusCode::CREATED, Json(OwnTicket::of(&house, ticket))))
}

/// What a ticket is looked for by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    reference: Option<String>,
}

/// `GET /tickets?number=A012` or `?reference=K7M2QX`: today's tickets of the caller's agencies, for staff.
pub async fn find(
    State(house): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Found>, Problem> {
    let caller = Caller::of(&house, &headers)?;
    if !caller.may_find() {
        return Err(Problem::not_allowed());
    }
    let Query(wanted) = wanted.map_err(|rejection| Problem::bad(&rejection.body_text()))?;
    let number = wanted.number.as_ref().map(|text| text.trim().to_uppercase().parse::<TicketNumber>());
    let number = number.transpose().map_err(|error| Problem::bad(&error.to_string()))?;
    let reference = wanted.reference.as_ref().map(|text| text.trim().to_uppercase());
    if number.is_none() && reference.is_none() {
        return Err(Problem::bad("`number` or `reference` is missing"));
    }
    let present = house.hall.present();
    let fits = |ticket: &&Ticket| {
        number.as_ref().is_none_or(|number| ticket.number == *number)
            && reference.as_ref().is_none_or(|text| ticket.reference().as_str() == text)
            && caller.may_act_on(&house, Some(ticket.id))
    };
    let now = house.settings.clock.now();
    let view = |ticket| TicketView::at(&present.rules, &present.day, ticket, now);
    Ok(Json(Found { tickets: present.day.tickets().filter(fits).map(view).collect() }))
}

/// `GET /tickets/by-token/{token}`
pub async fn by_token(
    State(house): State<Shared>,
    Path(token): Path<String>,
) -> Result<Json<OwnTicket>, Problem> {
    let present = house.hall.present();
    let ticket = house.hall.find_by_token(&token).and_then(|id| present.day.ticket(id));
    let (ticket, now) = (ticket.ok_or(Refusal::UnknownTicket)?, house.settings.clock.now());
    Ok(Json(OwnTicket::of(&house, TicketView::at(&present.rules, &present.day, ticket, now))))
}

/// `POST /tickets/by-token/{token}/cancel`: the visitor gives a waiting ticket up.
pub async fn cancel_by_token(
    State(house): State<Shared>,
    Path(token): Path<String>,
    asked: Asked,
) -> Result<Json<TicketAnswer>, Problem> {
    let ticket = house.hall.find_by_token(&token).ok_or(Refusal::UnknownTicket)?;
    asked.json::<Nothing>()?;
    let command = Command::Cancel { ticket, by: Actor::Visitor };
    done(&house, asked.request(format!("visitor:{ticket}"), command)?).await
}

/// Asks the hall, and answers with the ticket as it is then.
pub async fn done(house: &House, request: crate::hall::Request) -> Result<Json<TicketAnswer>, Problem> {
    let answer = house.ask(request).await?;
    Ok(Json(TicketAnswer { seq: answer.seq, ticket: answer.ticket }))
}
