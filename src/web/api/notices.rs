//! `POST /notices` and `POST /notices/{id}/end`: what a supervisor tells everyone who waits.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Shared;
use super::super::error::Problem;
use super::counters::{MOST_MINUTES, Nothing};
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::queue::{Command, NoticeId, Refusal, Seq, Text};

/// One line for the lobby, and how long it stands there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeBody {
    /// In Indonesian; one line of 1 to 150 characters.
    text: String,
    /// In English; the same where nothing is said.
    #[serde(default)]
    english: Option<String>,
    #[schema(minimum = 1, maximum = 1440)]
    minutes: u16,
}

/// It is so.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeAnswer {
    /// The line of the journal that says so; of a new notice its name.
    seq: Seq,
}

async fn done(
    house: &Shared,
    asked: &Asked,
    caller: &Caller,
    command: Command,
) -> Result<Json<NoticeAnswer>, Problem> {
    let answer = house.ask(asked.request_of(caller, command)?).await?;
    Ok(Json(NoticeAnswer { seq: answer.seq }))
}

/// Whoever runs the hall.
fn supervisor(house: &Shared, asked: &Asked) -> Result<Caller, Problem> {
    let caller = Caller::of(house, &asked.headers)?;
    if caller.may_supervise_the_hall() { Ok(caller) } else { Err(Problem::not_allowed()) }
}

pub fn post() -> Route {
    let serve = |State(house): State<Shared>, asked: Asked| async move {
        let caller = supervisor(&house, &asked)?;
        let body: NoticeBody = asked.json()?;
        if !(1..=MOST_MINUTES).contains(&body.minutes) {
            return Err(Problem::bad("`minutes`: 1 … 1440"));
        }
        let until = house.settings.clock.now() + chrono::TimeDelta::minutes(body.minutes.into());
        let (id, en) =
            (body.text.trim(), body.english.as_deref().map(str::trim).filter(|text| !text.is_empty()));
        let text = Text::new(id, en.unwrap_or(id));
        done(&house, &asked, &caller, Command::PostNotice { text, until, by: caller.name() }).await
    };
    Route::post("/notices", serve, Answers::Json(StatusCode::OK, Shape::of::<NoticeAnswer>()))
        .who(Who::Hall)
        .body::<NoticeBody>()
        .refuses(&[Refusal::BadNotice, Refusal::BadTime, Refusal::TooManyNotices])
}

pub fn end() -> Route {
    let serve = |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = supervisor(&house, &asked)?;
        asked.json::<Nothing>()?;
        let notice = id.parse().ok().map(|seq| NoticeId(Seq(seq))).ok_or(Refusal::UnknownNotice)?;
        done(&house, &asked, &caller, Command::EndNotice { notice, by: caller.name() }).await
    };
    Route::post("/notices/{id}/end", serve, Answers::Json(StatusCode::OK, Shape::of::<NoticeAnswer>()))
        .path::<NoticeId>("id", "The notice's `id`.")
        .who(Who::Hall)
        .body::<Nothing>()
        .refuses(&[Refusal::UnknownNotice])
}
