//! `POST /clock/confirm`: a person says what time it is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Shared;
use super::super::error::Problem;
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{At, Command, Refusal, Seq};

/// The date and time on a clock that is right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockBody {
    #[schema(value_type = String, format = DateTime)]
    now: DateTime<FixedOffset>,
}

/// What time it is in the house.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockAnswer {
    /// The line of the journal that says so.
    seq: Seq,
    #[schema(value_type = String, format = DateTime)]
    now: At,
}

pub fn confirm() -> Route {
    let serve = |State(house): State<Shared>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        if !caller.may_confirm_the_clock() {
            return Err(Problem::not_allowed());
        }
        let truth = asked.json::<ClockBody>()?.now;
        let (system, _) = house.settings.clock.read();
        let truth = truth.with_timezone(&house.hall.present().rules.offset);
        let command = Command::ConfirmClock { truth, system, by: caller.actor() };
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(ClockAnswer { seq: answer.seq, now: house.settings.clock.now() }))
    };
    Route::post("/clock/confirm", serve, Answers::Json(StatusCode::OK, Shape::of::<ClockAnswer>()))
        .who(Who::Technician)
        .body::<ClockBody>()
        .refuses(&[Refusal::BadDate])
}
