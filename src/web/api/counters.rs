//! `POST /counters/{id}/{act}`: what is done at a counter, by a clerk with one key.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Shared};
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{
    At, Command, CounterId, CounterPhase, Day, Delivery, Ending, OutcomeId, ReasonId, Refusal, Seen, Seq,
    ServiceId, TicketId, TicketView,
};

/// What the caller saw at the counter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TicketId>)]
    ticket: Option<Option<TicketId>>,
    /// The ticket's `seq`; with `ticket`.
    #[serde(default)]
    seq: Option<Seq>,
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<TicketId>>, D::Error> {
    Option::<TicketId>::deserialize(value).map(Some)
}

/// How a service ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishBody {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TicketId>)]
    ticket: Option<Option<TicketId>>,
    /// The ticket's `seq`; with `ticket`.
    #[serde(default)]
    seq: Option<Seq>,
    /// One of the config's list; the first of it where nothing is said.
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
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TicketId>)]
    ticket: Option<Option<TicketId>>,
    /// The ticket's `seq`; with `ticket`.
    #[serde(default)]
    seq: Option<Seq>,
    /// One of the config's list.
    reason: ReasonId,
    /// Until it waits again by itself.
    #[schema(minimum = 1, maximum = 1440)]
    minutes: u16,
}

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// Absent: nothing is said. Null: the counter was free.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TicketId>)]
    ticket: Option<Option<TicketId>>,
    /// The ticket's `seq`; with `ticket`.
    #[serde(default)]
    seq: Option<Seq>,
    service: ServiceId,
    /// Only this counter shall call it.
    #[serde(default)]
    counter: Option<CounterId>,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What a counter serves for the rest of the day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// Of the counter's own agency; at least one.
    services: Vec<ServiceId>,
}

/// Why a counter shall be closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    /// One of the config's list.
    reason: ReasonId,
}

/// An act at a counter was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct CounterAnswer {
    /// The line of the journal that says so.
    seq: Seq,
    counter: Option<CounterId>,
    /// The ticket it was about, as it was right after.
    ticket: Option<TicketView>,
}

/// The counter of an act, and who acts there.
pub struct Place<'a> {
    counter: CounterId,
    caller: &'a Caller,
    day: &'a Day,
    house: &'a House,
    now: At,
}

/// A wish at a counter, made of what was said.
pub type Wish<B> = fn(B, Place<'_>) -> Result<Command, Problem>;

/// The route of one act. What it reads is what the document shows.
pub fn act<B>(name: &str, who: Who, wish: Wish<B>) -> Route
where
    B: DeserializeOwned + ToSchema + 'static,
{
    let serve = move |State(house): State<Shared>, Path(counter): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        let (counter, present) = (CounterId::from(counter), house.hall.present());
        if present.rules.counter(&counter).is_none() {
            return Err(Refusal::UnknownCounter.into());
        }
        if !caller.may_at(&house, &counter, who) {
            return Err(Problem::not_allowed());
        }
        let now = house.settings.clock.now();
        let place = Place { counter, caller: &caller, day: &present.day, house: &house, now };
        let command = wish(asked.json()?, place)?;
        let answer = house.ask(asked.request_of(&caller, command)?).await?;
        Ok::<_, Problem>(Json(CounterAnswer {
            seq: answer.seq,
            counter: answer.counter,
            ticket: answer.ticket,
        }))
    };
    let answers = Answers::Json(StatusCode::OK, Shape::of::<CounterAnswer>());
    Route::post(&format!("/counters/{{id}}/{name}"), serve, answers)
        .path::<CounterId>("id", "The counter, as the config names it.")
        .who(who)
        .body::<B>()
        .refuses(&[Refusal::UnknownCounter])
}

/// What the caller saw; acts that name it are refused once it has changed.
fn seen(ticket: Option<Option<TicketId>>, seq: Option<Seq>) -> Result<Seen, Problem> {
    match (ticket, seq) {
        (None, None) => Ok(Seen::Unsaid),
        (Some(None), _) => Ok(Seen::Free),
        (Some(Some(ticket)), Some(seq)) => Ok(Seen::Ticket { ticket, seq }),
        (Some(Some(_)), None) | (None, Some(_)) => Err(Problem::bad("`ticket` and `seq` belong together")),
    }
}

impl Sight {
    fn seen(self) -> Result<Seen, Problem> {
        seen(self.ticket, self.seq)
    }
}

pub fn call_next(sight: Sight, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::CallNext { counter: at.counter, seen: sight.seen()? })
}

pub fn recall(sight: Sight, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::Recall { counter: at.counter, seen: sight.seen()? })
}

pub fn start(sight: Sight, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::Start { counter: at.counter, seen: sight.seen()? })
}

pub fn no_show(sight: Sight, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::NoShow { counter: at.counter, seen: sight.seen()? })
}

pub fn finish(body: FinishBody, at: Place<'_>) -> Result<Command, Problem> {
    let ending = Ending { outcome: body.outcome, corrected: body.service, additional: body.additional };
    Ok(Command::Finish { counter: at.counter, seen: seen(body.ticket, body.seq)?, ending })
}

/// Longer than a business day can be.
pub const MOST_MINUTES: u16 = 24 * 60;

pub fn hold(body: HoldBody, at: Place<'_>) -> Result<Command, Problem> {
    if !(1..=MOST_MINUTES).contains(&body.minutes) {
        return Err(Problem::bad("`minutes`: 1 … 1440"));
    }
    let until = at.now + chrono::TimeDelta::minutes(body.minutes.into());
    let seen = seen(body.ticket, body.seq)?;
    Ok(Command::Hold { counter: at.counter, seen, reason: body.reason, until })
}

pub fn transfer(body: TransferBody, at: Place<'_>) -> Result<Command, Problem> {
    let (seen, service) = (seen(body.ticket, body.seq)?, body.service);
    Ok(Command::Transfer { counter: at.counter, seen, service, only_at: body.counter })
}

/// Who sits at the counter opens it in their own name. Who opens it from afar leaves the name of who
/// sits there, or is signed in there; where nobody is, it bears the name of who opened it.
pub fn open(_: Nothing, at: Place<'_>) -> Result<Command, Problem> {
    let sits_there = at.caller.counter().as_ref() == Some(&at.counter);
    let known = at.day.counter(&at.counter);
    let seated = known.staff.clone().filter(|_| !sits_there && known.phase != CounterPhase::Closed);
    let signed_in = || at.house.seated_at(&at.counter).filter(|_| !sits_there);
    let staff = seated.or_else(signed_in).unwrap_or_else(|| at.caller.name());
    Ok(Command::OpenCounter { counter: at.counter, staff })
}

pub fn pause(_: Nothing, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::PauseCounter { counter: at.counter })
}

pub fn close(_: Nothing, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::CloseCounter { counter: at.counter })
}

pub fn request_closure(body: ClosureBody, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::RequestClosure { counter: at.counter, reason: body.reason, by: at.caller.name() })
}

/// No, or not any more.
pub fn refuse_closure(_: Nothing, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::DecideClosure { counter: at.counter, granted: false, by: at.caller.name() })
}

pub fn grant_closure(_: Nothing, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::DecideClosure { counter: at.counter, granted: true, by: at.caller.name() })
}

pub fn assign(body: AssignBody, at: Place<'_>) -> Result<Command, Problem> {
    Ok(Command::AssignCounter { counter: at.counter, services: body.services, by: at.caller.name() })
}
