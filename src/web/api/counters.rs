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
use crate::queue::{Command, CounterId, Refusal, Seen, Seq, TicketId};

/// What the caller saw at the counter.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sight {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    ticket: Option<Option<TicketId>>,
    #[serde(default)]
    seq: Option<Seq>,
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<TicketId>>, D::Error> {
    Option::<TicketId>::deserialize(value).map(Some)
}

impl Sight {
    fn seen(&self) -> Result<Seen, Problem> {
        match (self.ticket, self.seq) {
            (None, None) => Ok(Seen::Unsaid),
            (Some(None), _) => Ok(Seen::Free),
            (Some(Some(ticket)), Some(seq)) => Ok(Seen::Ticket { ticket, seq }),
            (Some(Some(_)), None) | (None, Some(_)) => {
                Err(Problem::bad("`ticket` and `seq` belong together"))
            }
        }
    }
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
        let sight: Sight = asked.json()?;
        let seen = sight.seen()?;
        let command = match act.as_str() {
            "call-next" => Command::CallNext { counter, seen },
            "recall" => Command::Recall { counter, seen },
            "start" => Command::Start { counter, seen },
            "finish" => Command::Finish { counter, seen },
            "no-show" => Command::NoShow { counter, seen },
            "open" => Command::OpenCounter { counter, staff: caller.name() },
            "pause" => Command::PauseCounter { counter },
            "close" => Command::CloseCounter { counter },
            _ => return Err(unknown_act()),
        };
        let answer = house.hall.execute(asked.request_of(&caller, command)?).await?;
        Ok(Json(serde_json::json!({ "seq": answer.seq, "counter": answer.counter, "ticket": answer.ticket })))
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}

pub fn unknown_act() -> Problem {
    let sentence = ("Tindakan ini tidak ada.", "There is no such act.");
    Problem::new(StatusCode::NOT_FOUND, "unknown_route", sentence)
}
