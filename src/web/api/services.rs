//! `POST /services/{id}/{stop|accept}`: staff give no numbers for a service, and numbers again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde::Deserialize;

use super::super::Shared;
use super::super::error::{Problem, language};
use super::counters::{MOST_MINUTES, unknown_act};
use super::{Asked, Caller};
use crate::queue::{Command, ReasonId, Refusal, ServiceId};

/// Why, and for how long.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopBody {
    #[serde(default)]
    reason: Option<ReasonId>,
    /// Until staff say otherwise, or the day ends, where nothing is said.
    #[serde(default)]
    minutes: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

pub async fn act(
    State(house): State<Shared>,
    Path((service, act)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<serde_json::Value>, Response> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    let answer = async {
        let service = ServiceId::from(service);
        let caller = Caller::of(&house, &headers)?;
        let present = house.hall.present();
        let (agency, _) = present.rules.service(&service).ok_or(Refusal::UnknownService)?;
        if !caller.may_act_for(&agency.id) {
            return Err(Problem::not_allowed());
        }
        let by = caller.actor();
        let command = match act.as_str() {
            "stop" => {
                let body: StopBody = asked.json()?;
                let reason = body.reason.ok_or_else(|| Problem::bad("`reason` is missing"))?;
                if body.minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
                    return Err(Problem::bad("`minutes`: 1 … 1440"));
                }
                let after =
                    |minutes: u16| house.settings.clock.now() + chrono::TimeDelta::minutes(minutes.into());
                Command::StopService { service, reason, until: body.minutes.map(after), by }
            }
            "accept" => {
                asked.json::<Nothing>()?;
                Command::AcceptService { service, by }
            }
            _ => return Err(unknown_act()),
        };
        let answer = house.hall.execute(asked.request_of(&caller, command)?).await?;
        Ok(Json(serde_json::json!({ "seq": answer.seq })))
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}
