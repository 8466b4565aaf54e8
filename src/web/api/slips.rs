//! `POST /slips/{id}/{seen|spoiled}`: somebody looked what became of a slip.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::super::Shared;
use super::super::error::{Problem, language};
use super::counters::unknown_act;
use super::{Asked, Caller};
use crate::queue::{Command, Proof, Refusal, Seq, SlipId, SlipOutcome};

pub async fn settle(
    State(house): State<Shared>,
    Path((id, act)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<serde_json::Value>, Response> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    let answer = async {
        let caller = Caller::of(&house, &headers)?;
        let slip = id.parse().ok().map(|seq| SlipId(Seq(seq)));
        let ticket = slip.and_then(|slip| house.hall.present().day.slip(slip).map(|slip| slip.ticket));
        if !caller.may_act_on(&house, ticket) {
            return Err(Problem::not_allowed());
        }
        let outcome = match act.as_str() {
            "seen" => SlipOutcome::Printed { proof: Proof::Staff },
            "spoiled" => SlipOutcome::Spoiled,
            _ => return Err(unknown_act()),
        };
        let slip = slip.ok_or(Refusal::UnknownSlip)?;
        let command = Command::ReportSlip { slip, outcome, by: Some(caller.name()) };
        let answer = house.hall.execute(asked.request_of(&caller, command)?).await?;
        Ok(Json(serde_json::json!({ "seq": answer.seq })))
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}
