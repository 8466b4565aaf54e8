//! Tickets: issue one, look at one's own, cancel.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::error::{Problem, language};
use super::super::{House, Shared};
use super::{Asked, Caller};
use crate::queue::{
    Actor, Class, Command, Issue, Language, Origin, Refusal, Ticket, TicketNumber, TicketView,
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueBody {
    #[serde(default)]
    service: String,
    #[serde(default)]
    class: Class,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    printer: Option<String>,
}

/// `POST /tickets`
pub async fn issue(
    State(house): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    let answer = async {
        let caller = Caller::of(&house, &headers)?;
        if !caller.may_issue() {
            return Err(Problem::not_allowed());
        }
        let wish: IssueBody = asked.json()?;
        let origin = match &caller {
            Caller::Clerk(clerk) => Origin::Desk(clerk.staff.id.clone()),
            Caller::Program(token) => Origin::Api(token.name.clone()),
        };
        let command = Command::Issue(Issue {
            service: wish.service.into(),
            class: wish.class,
            language: wish.language,
            origin,
            printer: wish.printer.map(Into::into),
            nonce: house.hall.new_nonce(),
        });
        let answer = house.hall.execute(asked.request_of(&caller, command)?).await?;
        let ticket = answer.ticket.ok_or_else(|| Problem::from(Refusal::UnknownTicket))?;
        Ok((StatusCode::CREATED, Json(with_token(&house, &ticket))).into_response())
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
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
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Response> {
    let answer = || {
        let caller = Caller::of(&house, &headers)?;
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
        let found: Vec<TicketView> = present.day.tickets().filter(fits).map(view).collect();
        Ok(Json(serde_json::json!({ "tickets": found })))
    };
    answer().map_err(|problem: Problem| problem.into_answer(language(&headers)))
}

/// `GET /tickets/by-token/{token}`
pub async fn by_token(
    State(house): State<Shared>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Response> {
    let present = house.hall.present();
    let ticket = house.hall.find_by_token(&token).and_then(|id| present.day.ticket(id));
    let ticket =
        ticket.ok_or_else(|| Problem::from(Refusal::UnknownTicket).into_answer(language(&headers)))?;
    let now = house.settings.clock.now();
    Ok(Json(with_token(&house, &TicketView::at(&present.rules, &present.day, ticket, now))))
}

/// `POST /tickets/by-token/{token}/cancel`: the visitor gives a waiting ticket up.
pub async fn cancel_by_token(
    State(house): State<Shared>,
    Path(token): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<serde_json::Value>, Response> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    let answer = async {
        let ticket = house.hall.find_by_token(&token).ok_or(Refusal::UnknownTicket)?;
        let command = Command::Cancel { ticket, by: Actor::Visitor };
        done(&house, asked.request(format!("visitor:{ticket}"), command)?).await
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}

/// Asks the hall, and answers with the ticket as it is then.
pub async fn done(house: &House, request: crate::hall::Request) -> Result<Json<serde_json::Value>, Problem> {
    let answer = house.hall.execute(request).await?;
    Ok(Json(serde_json::json!({ "seq": answer.seq, "ticket": answer.ticket })))
}

/// A ticket with its token: only to its issuer and to whoever came with the token.
fn with_token(house: &House, ticket: &TicketView) -> serde_json::Value {
    let mut json = serde_json::json!(ticket);
    json["token"] = house.hall.token(ticket.nonce).to_string().into();
    json
}
