//! `POST /services/{id}/{stop|accept}`: staff give no numbers for a service, and numbers again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Shared;
use super::super::error::Problem;
use super::counters::{MOST_MINUTES, Nothing};
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{Actor, At, Command, ReasonId, Refusal, Seq, ServiceId};

/// Why, and for how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopBody {
    /// One of the config's list.
    reason: ReasonId,
    /// Absent: until staff say otherwise, or the day ends.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    minutes: Option<u16>,
}

/// It is so.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceAnswer {
    /// The line of the journal that says so.
    seq: Seq,
}

/// Of which service, by whom and when.
pub struct Place {
    service: ServiceId,
    by: Actor,
    now: At,
}

/// The route of one act.
pub fn act<B: DeserializeOwned + ToSchema + 'static>(
    name: &str,
    command: fn(B, Place) -> Result<Command, Problem>,
) -> Route {
    let serve = move |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        let service = ServiceId::from(id);
        let present = house.hall.present();
        let (agency, _) = present.rules.service(&service).ok_or(Refusal::UnknownService)?;
        if !caller.may_act_for(&agency.id) {
            return Err(Problem::not_allowed());
        }
        let place = Place { service, by: caller.actor(), now: house.settings.clock.now() };
        let command = command(asked.json()?, place)?;
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(ServiceAnswer { seq: answer.seq }))
    };
    let answers = Answers::Json(StatusCode::OK, Shape::of::<ServiceAnswer>());
    Route::post(&format!("/services/{{id}}/{name}"), serve, answers)
        .path::<ServiceId>("id", "The service, as the config names it.")
        .who(Who::Agency)
        .body::<B>()
        .refuses(&[Refusal::UnknownService])
}

pub fn stop(body: StopBody, at: Place) -> Result<Command, Problem> {
    let fits = |minutes: &u16| (1..=MOST_MINUTES).contains(minutes);
    if !body.minutes.is_none_or(|minutes| fits(&minutes)) {
        return Err(Problem::bad("`minutes`: 1 … 1440"));
    }
    let until = body.minutes.map(|minutes| at.now + chrono::TimeDelta::minutes(minutes.into()));
    Ok(Command::StopService { service: at.service, reason: body.reason, until, by: at.by })
}

pub fn accept(_: Nothing, at: Place) -> Result<Command, Problem> {
    Ok(Command::AcceptService { service: at.service, by: at.by })
}
