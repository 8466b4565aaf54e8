//! `POST /tickets/adopt`: a number that was handed out on paper while the box was dark becomes a ticket.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{NaiveTime, TimeDelta};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Shared};
use super::route::{Answers, Route, Shape};
use super::tickets::OwnTicket;
use super::{Asked, Caller, Who};
use crate::queue::{Adopt, At, Class, Command, Language, Refusal, ServiceId, TicketNumber};

/// What stands on the strip, and what the visitor says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptBody {
    number: TicketNumber,
    service: ServiceId,
    #[serde(default)]
    class: Class,
    #[serde(default, deserialize_with = "Language::spoken")]
    language: Language,
    /// When the visitor came: a time of today, as the clock on the wall showed it.
    #[schema(value_type = String, pattern = "^[0-2][0-9]:[0-5][0-9]$", examples("09:20"))]
    came_at: String,
}

pub fn adopt() -> Route {
    let serve = |State(house): State<Shared>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        if !caller.may_issue() {
            return Err(Problem::not_allowed());
        }
        let body: AdoptBody = asked.json()?;
        let came_at = NaiveTime::parse_from_str(&body.came_at, "%H:%M");
        let came_at = came_at.map_err(|_| Problem::bad("`came_at`: HH:MM"))?;
        let command = Command::Adopt(Adopt {
            number: body.number,
            service: body.service,
            class: body.class,
            language: body.language,
            entered_at: today_at(&house, came_at).ok_or(Refusal::BadEntry)?,
            origin: caller.origin(),
            nonce: house.hall.new_nonce(),
        });
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        let ticket = answer.ticket.ok_or(Refusal::UnknownTicket)?;
        Ok::<_, Problem>((StatusCode::CREATED, Json(OwnTicket::of(&house, ticket))))
    };
    Route::post("/tickets/adopt", serve, Answers::Json(StatusCode::CREATED, Shape::of::<OwnTicket>()))
        .who(Who::Issuer)
        .body::<AdoptBody>()
        .refuses(&[
            Refusal::UnknownService,
            Refusal::NotEmergency,
            Refusal::WrongPrefix,
            Refusal::NumberTaken,
            Refusal::BadEntry,
        ])
}

/// A time of the business day that goes on; a day may change after midnight.
fn today_at(house: &House, time: NaiveTime) -> Option<At> {
    let present = house.hall.present();
    let rules = &present.rules;
    let date = present.day.date()? + TimeDelta::days(i64::from(time < rules.change_at));
    Some(rules.instant(date, time))
}
