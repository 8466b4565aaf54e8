//! `/staff`: who may sign in, and a PIN that was forgotten.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::error::Problem;
use super::super::{House, Role, Shared, Staff};
use super::counters::Nothing;
use super::route::{Answers, Route, Shape};
use super::{Asked, Caller, Who};
use crate::hall::{Done, No};
use crate::queue::{CounterId, StaffId};

/// Everybody whom the caller stands over, and the caller, in the order of the config.
#[derive(Debug, Serialize, ToSchema)]
pub struct Everybody(Vec<Person>);

/// Somebody who may sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    id: StaffId,
    name: String,
    role: Role,
    /// Where they are signed in; null at the desk, and while they are not.
    counter: Option<CounterId>,
    signed_in: bool,
    /// Whether they have chosen a PIN; until then the first PIN counts, of the config.
    own_pin: bool,
}

/// A PIN was forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetAnswer {
    staff: StaffId,
}

/// Nobody of this name may sign in.
pub fn unknown_staff() -> Problem {
    let sentence = ("Petugas ini tidak ada di konfigurasi.", "The config names nobody like this.");
    Problem::new(StatusCode::NOT_FOUND, "unknown_staff", sentence)
}

pub fn everybody() -> Route {
    let serve = |State(house): State<Shared>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        if !caller.stands_over_anybody() {
            return Err(Problem::not_allowed());
        }
        let people = house.now();
        let theirs = people.staff.iter().filter(|staff| caller.sees(staff));
        Ok(Json(Everybody(theirs.map(|staff| Person::of(&house, staff)).collect())))
    };
    Route::get("/staff", serve, Answers::Json(StatusCode::OK, Shape::of::<Everybody>()))
        .who(Who::Superior)
        .says("Who may sign in, where they are signed in, and whether they have a PIN of their own.")
}

pub fn reset_pin() -> Route {
    let serve = |State(house): State<Shared>, Path(id): Path<String>, asked: Asked| async move {
        let caller = Caller::of(&house, &asked.headers)?;
        if !caller.stands_over_anybody() {
            return Err(Problem::not_allowed());
        }
        let staff = house.staff(&id).ok_or_else(unknown_staff)?;
        if !caller.stands_over(&staff) {
            return Err(Problem::not_allowed());
        }
        let Nothing {} = asked.json()?;
        let key = asked.key(caller.credential())?;
        let within = house.settings.answer_within;
        // The sign-ins end even if whoever asked is gone by then.
        let (house, id, by) = (house.clone(), staff.id.clone(), caller.name());
        let reset = tokio::spawn(async move {
            if house.hall.forget_pin(id.clone(), key).await? == Done::Now {
                tracing::info!(staff = %id, %by, "the first PIN of the config counts again");
                house.end_sign_ins(&id, None).await;
            }
            Ok::<_, No>(id)
        });
        let reset = tokio::time::timeout(within, reset).await.map_err(|_| Problem::no_answer())?;
        let staff = reset.map_err(|_| Problem::internal())??;
        Ok::<_, Problem>(Json(ResetAnswer { staff }))
    };
    Route::post("/staff/{id}/reset-pin", serve, Answers::Json(StatusCode::OK, Shape::of::<ResetAnswer>()))
        .path::<StaffId>("id", "Somebody who signs in, as the config names them.")
        .who(Who::Superior)
        .body::<Nothing>()
        .tells(unknown_staff())
        .says(
            "Somebody has forgotten their PIN. The first PIN of the config counts again, and a new one is chosen with it. Who is \
             signed in as this person is not any more; a ticket at their counter goes back to its place in the queue.",
        )
}

impl Person {
    fn of(house: &House, staff: &Staff) -> Self {
        let rows = house.sessions.all();
        let theirs = rows.iter().filter(|row| row.staff == staff.id && house.is_in_force(row));
        let newest = theirs.max_by_key(|row| row.created_at);
        Self {
            id: staff.id.clone(),
            name: staff.name.clone(),
            role: staff.role,
            counter: newest.and_then(|row| row.counter.clone()),
            signed_in: newest.is_some(),
            own_pin: house.hall.pins().own(&staff.id, &staff.pin_hash).is_some(),
        }
    }
}
