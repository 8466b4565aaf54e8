//! `POST /tickets/{id}/{act}`: what staff do with a ticket wherever it stands.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde::Deserialize;

use super::super::error::{Problem, language};
use super::super::{House, Shared};
use super::counters::unknown_act;
use super::{Asked, Caller, tickets};
use crate::queue::{Class, Command, CounterId, PrinterId, ReasonId, Refusal, Seen, Seq, TicketId};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReprintBody {
    #[serde(default)]
    printer: Option<PrinterId>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorityBody {
    #[serde(default)]
    class: Option<Class>,
}

/// At which counter; a clerk's own where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceBody {
    #[serde(default)]
    counter: Option<CounterId>,
    /// The screen showed that nobody was there.
    #[serde(default)]
    free: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallBody {
    #[serde(default)]
    counter: Option<CounterId>,
    #[serde(default)]
    free: bool,
    #[serde(default)]
    reason: Option<ReasonId>,
}

pub async fn act(
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
        let ticket = own_ticket(&house, &caller, &id, &act)?;
        let command = command(&act, ticket, &caller, &asked)?;
        tickets::done(&house, asked.request_of(&caller, command)?).await
    };
    answer.await.map_err(|problem: Problem| problem.into_answer(language(&headers)))
}

fn command(act: &str, ticket: TicketId, caller: &Caller, asked: &Asked<'_>) -> Result<Command, Problem> {
    Ok(match act {
        "cancel" => {
            asked.json::<Nothing>()?;
            Command::Cancel { ticket, by: caller.actor() }
        }
        "return" => {
            asked.json::<Nothing>()?;
            Command::Return { ticket, by: caller.actor() }
        }
        "priority" => {
            let class = asked.json::<PriorityBody>()?.class.unwrap_or(Class::Priority);
            Command::SetClass { ticket, class, by: caller.actor() }
        }
        "undo" => {
            let body: PlaceBody = asked.json()?;
            let counter = match body.counter {
                Some(named) => Some(at_counter(caller, Some(named))?),
                None => caller.counter(),
            };
            Command::Undo { ticket, counter, by: caller.actor() }
        }
        "reprint" => {
            let printer = asked.json::<ReprintBody>()?.printer;
            Command::Reprint { ticket, printer, by: caller.name() }
        }
        "call" => {
            let body: CallBody = asked.json()?;
            let reason = body.reason.ok_or_else(|| Problem::bad("`reason` is missing"))?;
            Command::Call {
                counter: at_counter(caller, body.counter)?,
                seen: seen(body.free),
                ticket,
                reason,
            }
        }
        "resume" => {
            let body: PlaceBody = asked.json()?;
            Command::Resume { counter: at_counter(caller, body.counter)?, seen: seen(body.free), ticket }
        }
        _ => return Err(unknown_act()),
    })
}

fn seen(free: bool) -> Seen {
    if free { Seen::Free } else { Seen::Unsaid }
}

/// The counter that is meant: a clerk's own, or the one a program names.
fn at_counter(caller: &Caller, named: Option<CounterId>) -> Result<CounterId, Problem> {
    let counter = named.or_else(|| caller.counter());
    let counter = counter.ok_or_else(|| Problem::bad("`counter` is missing"))?;
    if caller.may_call_at(&counter) { Ok(counter) } else { Err(Problem::not_allowed()) }
}

/// The ticket of a path, for whoever may act on it.
fn own_ticket(house: &House, caller: &Caller, id: &str, act: &str) -> Result<TicketId, Problem> {
    let ticket = id.parse().ok().map(|seq| TicketId(Seq(seq)));
    let ticket = ticket.filter(|id| house.hall.present().day.ticket(*id).is_some());
    let ticket = ticket.ok_or(Refusal::UnknownTicket)?;
    // Who has just sent a ticket to another agency may take that back; whose act it was, the hall knows.
    let own_act = act == "undo" && caller.counter().is_some();
    if own_act || caller.may_act_on(house, Some(ticket)) { Ok(ticket) } else { Err(Problem::not_allowed()) }
}
