//! `POST /alarms/{id}/acknowledge`: somebody sees to what is wrong.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::Shared;
use super::super::error::Problem;
use super::counters::Nothing;
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{AlarmId, Command, Seq};

/// It is noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmAnswer {
    /// The line of the journal that says so.
    seq: Seq,
}

pub fn acknowledge() -> Route {
    let serve = |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        if !caller.may_confirm_the_clock() {
            return Err(Problem::not_allowed());
        }
        asked.json::<Nothing>()?;
        let alarm = AlarmId::from(id);
        // Only of what is wrong now: the journal is no notebook.
        if house.alarms(None).iter().all(|known| known.id != alarm) {
            return Err(Problem::unknown_alarm());
        }
        let command = Command::AcknowledgeAlarm { alarm, by: caller.name() };
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(AlarmAnswer { seq: answer.seq }))
    };
    Route::post("/alarms/{id}/acknowledge", serve, Answers::Json(StatusCode::OK, Shape::of::<AlarmAnswer>()))
        .path::<AlarmId>("id", "The alarm's `id`.")
        .who(Who::Technician)
        .tells(Problem::unknown_alarm())
        .body::<Nothing>()
}
