//! `POST /services/{id}/{stop|accept}`: staff give no numbers for a service, and numbers again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Shared};
use super::counters::{MOST_MINUTES, Nothing};
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{Command, ReasonId, Refusal, Seq, ServiceId};

/// Why no numbers are given, and for how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopBody {
    /// One of the config's list.
    reason: ReasonId,
    /// Until staff say otherwise, or the day ends, where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    minutes: Option<u16>,
}

/// Numbers are given, or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceAnswer {
    /// The line of the journal that says so.
    seq: Seq,
}

pub fn stop() -> Route {
    let wish = |house: &House, asked: &Asked, service, caller: &Caller| {
        let body: StopBody = asked.json()?;
        if body.minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
            return Err(Problem::bad("`minutes`: 1 … 1440"));
        }
        let now = house.settings.clock.now();
        let until = body.minutes.map(|minutes| now + chrono::TimeDelta::minutes(minutes.into()));
        Ok(Command::StopService { service, reason: body.reason, until, by: caller.actor() })
    };
    act("stop", wish).body::<StopBody>()
}

pub fn accept() -> Route {
    let wish = |_: &House, asked: &Asked, service, caller: &Caller| {
        asked.json::<Nothing>()?;
        Ok(Command::AcceptService { service, by: caller.actor() })
    };
    act("accept", wish).body::<Nothing>()
}

/// What a request wishes of a service.
type Wish = fn(&House, &Asked, ServiceId, &Caller) -> Result<Command, Problem>;

/// The route of one act on a service, for staff of its agency.
fn act(name: &str, wish: Wish) -> Route {
    let serve = move |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        let service = ServiceId::from(id);
        let present = house.hall.present();
        let (agency, _) = present.rules.service(&service).ok_or(Refusal::UnknownService)?;
        if !caller.may_act_for(&agency.id) {
            return Err(Problem::not_allowed());
        }
        let command = wish(&house, &asked, service, &caller)?;
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(ServiceAnswer { seq: answer.seq }))
    };
    let answers = Answers::Json(StatusCode::OK, Shape::of::<ServiceAnswer>());
    Route::post(&format!("/services/{{id}}/{name}"), serve, answers)
        .path::<ServiceId>("id", "The service, as the config names it.")
        .who(Who::Agency)
        .refuses(&[Refusal::UnknownService])
}
