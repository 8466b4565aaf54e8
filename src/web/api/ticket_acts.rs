//! `POST /tickets/{id}/{act}`: what staff do with a ticket wherever it stands.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Shared};
use super::counters::Nothing;
use super::route::{Answers, Route, Shape};
use super::tickets::{TicketAnswer, done};
use super::{Asked, Caller, Who};
use crate::queue::{Class, Command, CounterId, PrinterId, ReasonId, Refusal, Seen, Seq, TicketId};

/// On which printer; the first slip's where none is named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReprintBody {
    #[serde(default)]
    printer: Option<PrinterId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityBody {
    /// `priority` where nothing is said; `regular` takes it away.
    #[serde(default)]
    class: Option<Class>,
}

/// At which counter; a clerk's own where nothing is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    #[serde(default)]
    counter: Option<CounterId>,
    /// The screen showed that nobody was there.
    #[serde(default)]
    free: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoBody {
    /// The counter at which it was done; a clerk's own where nothing is said.
    #[serde(default)]
    counter: Option<CounterId>,
}

/// To which counter and why; a clerk's own counter where nothing is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallBody {
    #[serde(default)]
    counter: Option<CounterId>,
    /// The screen showed that nobody was there.
    #[serde(default)]
    free: bool,
    /// One of the config's list.
    reason: ReasonId,
}

/// A ticket, and who acts on it.
pub struct Hand<'a> {
    ticket: TicketId,
    caller: &'a Caller,
}

/// A wish for a ticket, made of what was said.
pub type Wish<B> = fn(B, Hand<'_>) -> Result<Command, Problem>;

/// The route of one act. What it reads is what the document shows.
pub fn act<B>(name: &str, who: Who, wish: Wish<B>) -> Route
where
    B: DeserializeOwned + ToSchema + 'static,
{
    let serve = move |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        let ticket = own_ticket(&house, &caller, &id, who)?;
        let command = wish(asked.json()?, Hand { ticket, caller: &caller })?;
        done(&house, asked.request_of(&caller, command)?).await
    };
    let answers = Answers::Json(StatusCode::OK, Shape::of::<TicketAnswer>());
    Route::post(&format!("/tickets/{{id}}/{name}"), serve, answers)
        .path::<TicketId>("id", "The ticket's `id`.")
        .who(who)
        .body::<B>()
        .refuses(&[Refusal::UnknownTicket])
}

/// The ticket of a path, for whoever may act on it.
fn own_ticket(house: &House, caller: &Caller, id: &str, who: Who) -> Result<TicketId, Problem> {
    let ticket = id.parse().ok().map(|seq| TicketId(Seq(seq)));
    let ticket = ticket.filter(|id| house.hall.present().day.ticket(*id).is_some());
    let ticket = ticket.ok_or(Refusal::UnknownTicket)?;
    // Who has just sent a ticket to another agency may take that back; whose act it was, the hall knows.
    let own_act = who == Who::AnyCounter && caller.counter().is_some();
    if own_act || caller.may_act_on(house, Some(ticket)) { Ok(ticket) } else { Err(Problem::not_allowed()) }
}

pub fn cancel(_: Nothing, with: Hand<'_>) -> Result<Command, Problem> {
    Ok(Command::Cancel { ticket: with.ticket, by: with.caller.actor() })
}

pub fn come_back(_: Nothing, with: Hand<'_>) -> Result<Command, Problem> {
    Ok(Command::Return { ticket: with.ticket, by: with.caller.actor() })
}

pub fn priority(body: PriorityBody, with: Hand<'_>) -> Result<Command, Problem> {
    let class = body.class.unwrap_or(Class::Priority);
    Ok(Command::SetClass { ticket: with.ticket, class, by: with.caller.actor() })
}

pub fn undo(body: UndoBody, with: Hand<'_>) -> Result<Command, Problem> {
    let counter = match body.counter {
        Some(named) => Some(at_counter(with.caller, Some(named))?),
        None => with.caller.counter(),
    };
    Ok(Command::Undo { ticket: with.ticket, counter, by: with.caller.actor() })
}

pub fn reprint(body: ReprintBody, with: Hand<'_>) -> Result<Command, Problem> {
    Ok(Command::Reprint { ticket: with.ticket, printer: body.printer, by: with.caller.name() })
}

pub fn call(body: CallBody, with: Hand<'_>) -> Result<Command, Problem> {
    let counter = at_counter(with.caller, body.counter)?;
    Ok(Command::Call { counter, seen: seen(body.free), ticket: with.ticket, reason: body.reason })
}

pub fn resume(body: PlaceBody, with: Hand<'_>) -> Result<Command, Problem> {
    let counter = at_counter(with.caller, body.counter)?;
    Ok(Command::Resume { counter, seen: seen(body.free), ticket: with.ticket })
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
