//! `POST /slips/{id}/{seen|spoiled}`: somebody looked what became of a slip.

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
use crate::queue::{Command, Refusal, Seq, SlipId, SlipOutcome};

/// A slip was settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlipAnswer {
    /// The line of the journal that says so.
    seq: Seq,
}

/// The route by which staff say one outcome.
pub fn settle(name: &str, outcome: SlipOutcome) -> Route {
    let serve = move |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        let slip = id.parse().ok().map(|seq| SlipId(Seq(seq)));
        let known = slip.and_then(|slip| house.hall.present().day.slip(slip).map(|slip| slip.ticket));
        let (Some(slip), Some(ticket)) = (slip, known) else { return Err(Refusal::UnknownSlip.into()) };
        if !caller.may_act_on(&house, Some(ticket)) {
            return Err(Problem::not_allowed());
        }
        asked.json::<Nothing>()?;
        let command = Command::ReportSlip { slip, outcome, by: Some(caller.name()) };
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(SlipAnswer { seq: answer.seq }))
    };
    let answers = Answers::Json(StatusCode::OK, Shape::of::<SlipAnswer>());
    Route::post(&format!("/slips/{{id}}/{name}"), serve, answers)
        .path::<SlipId>("id", "The slip, as the console names it.")
        .who(Who::Agency)
        .body::<Nothing>()
        .refuses(&[Refusal::UnknownSlip, Refusal::SlipSettled])
}
