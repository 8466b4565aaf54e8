//! `POST /counters/{id}/{act}`: what a clerk does with one key.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Deserializer};

use super::super::Shared;
use super::super::error::{Problem, language};
use super::{Asked, Caller};
use crate::queue::{
    Command, CounterId, Delivery, Ending, OutcomeId, ReasonId, Refusal, Seen, Seq, ServiceId, TicketId,
};

/// What the caller saw at the counter.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    pub ticket: Option<Option<TicketId>>,
    #[serde(default)]
    pub seq: Option<Seq>,
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<TicketId>>, D::Error> {
    Option::<TicketId>::deserialize(value).map(Some)
}

/// How a service ended.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FinishBody {
    #[serde(default, deserialize_with = "present")]
    ticket: Option<Option<TicketId>>,
    #[serde(default)]
    seq: Option<Seq>,
    #[serde(default)]
    outcome: Option<OutcomeId>,
    /// What the visitor really came for.
    #[serde(default)]
    service: Option<ServiceId>,
    /// What was delivered besides.
    #[serde(default)]
    additional: Vec<Delivery>,
}

/// Why a visitor goes away, and for how long.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldBody {
    #[serde(default, deserialize_with = "present")]
    ticket: Option<Option<TicketId>>,
    #[serde(default)]
    seq: Option<Seq>,
    #[serde(default)]
    reason: Option<ReasonId>,
    #[serde(default)]
    minutes: Option<u16>,
}

/// Where to.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferBody {
    #[serde(default, deserialize_with = "present")]
    ticket: Option<Option<TicketId>>,
    #[serde(default)]
    seq: Option<Seq>,
    #[serde(default)]
    service: Option<ServiceId>,
    /// Only this counter shall call it.
    #[serde(default)]
    counter: Option<CounterId>,
}

/// What the caller saw; acts that name it are refused once it has changed.
pub fn seen(ticket: Option<Option<TicketId>>, seq: Option<Seq>) -> Result<Seen, Problem> {
    match (ticket, seq) {
        (None, None) => Ok(Seen::Unsaid),
        (Some(None), _) => Ok(Seen::Free),
        (Some(Some(ticket)), Some(seq)) => Ok(Seen::Ticket { ticket, seq }),
        (Some(Some(_)), None) | (None, Some(_)) => Err(Problem::bad("`ticket` and `seq` belong together")),
    }
}

/// Longer than a business day can be.
pub const MOST_MINUTES: u16 = 24 * 60;

/// The command of an act at a counter.
fn command(
    house: &Shared,
    act: &str,
    counter: CounterId,
    caller: &Caller,
    asked: &Asked<'_>,
) -> Result<Command, Problem> {
    let sight = || asked.json::<Sight>().and_then(|sight| seen(sight.ticket, sight.seq));
    Ok(match act {
        "call-next" => Command::CallNext { counter, seen: sight()? },
        "recall" => Command::Recall { counter, seen: sight()? },
        "start" => Command::Start { counter, seen: sight()? },
        "no-show" => Command::NoShow { counter, seen: sight()? },
        "finish" => {
            let body: FinishBody = asked.json()?;
            let ending =
                Ending { outcome: body.outcome, corrected: body.service, additional: body.additional };
            Command::Finish { counter, seen: seen(body.ticket, body.seq)?, ending }
        }
        "hold" => {
            let body: HoldBody = asked.json()?;
            let minutes = body.minutes.filter(|minutes| (1..=MOST_MINUTES).contains(minutes));
            let minutes = minutes.ok_or_else(|| Problem::bad("`minutes`: 1 … 1440"))?;
            let reason = body.reason.ok_or_else(|| Problem::bad("`reason` is missing"))?;
            let until = house.settings.clock.now() + chrono::TimeDelta::minutes(minutes.into());
            Command::Hold { counter, seen: seen(body.ticket, body.seq)?, reason, until }
        }
        "transfer" => {
            let body: TransferBody = asked.json()?;
            let service = body.service.ok_or_else(|| Problem::bad("`service` is missing"))?;
            Command::Transfer { counter, seen: seen(body.ticket, body.seq)?, service, only_at: body.counter }
        }
        "open" => Command::OpenCounter { counter, staff: caller.name() },
        "pause" => Command::PauseCounter { counter },
        "close" => Command::CloseCounter { counter },
        _ => return Err(unknown_act()),
    })
}

pub async fn act(
    State(house): State<Shared>,
    Path((counter, act)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<serde_json::Value>, Response> {
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    let answer = async {
        let counter = CounterId::from(counter);
        let caller = Caller::of(&house, &headers)?;
        if house.hall.present().rules.counter(&counter).is_none() {
            return Err(Refusal::UnknownCounter.into());
        }
        if !caller.may_call_at(&counter) {
            return Err(Problem::not_allowed());
        }
        let command = command(&house, &act, counter, &caller, &asked)?;
        let answer = house.hall.execute(asked.request_of(&caller, command)?).await?;
        Ok(Json(serde_json::json!({ "seq": answer.seq, "counter": answer.counter, "ticket": answer.ticket })))
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}

pub fn unknown_act() -> Problem {
    let sentence = ("Tindakan ini tidak ada.", "There is no such act.");
    Problem::new(StatusCode::NOT_FOUND, "unknown_route", sentence)
}
