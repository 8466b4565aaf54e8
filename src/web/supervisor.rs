//! Whoever runs the hall: all counters, what is asked of them, what is wrong, what everyone is told. A manager
//! sees the same and changes nothing.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response, Sse};
use serde::Serialize;

use super::error::{Problem, language};
use super::feed::{Live, live};
use super::server::Peer;
use super::session::Clerk;
use super::{Role, Shared, error, sign_in};
use crate::health::Alarm;
use crate::queue::{Agency, Overview, Seq, StaffId};

#[derive(Template)]
#[template(path = "supervisor.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a str,
    agencies: Vec<&'a Agency>,
    /// Opens, closes and assigns counters.
    supervises: bool,
    /// Of all agencies: tells everyone something.
    hall: bool,
    /// Says what time it is.
    clock: bool,
    /// The role of whoever gives forgotten PINs back: to those of lower ones.
    stands_over: Option<&'static str>,
    /// Takes numbers for visitors too.
    desk: bool,
    demo: bool,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        super::landing::icon(name)
    }

    fn emblem(&self, agency: &&&Agency) -> String {
        super::landing::emblem(agency)
    }
}

/// `GET /supervisor`, for whoever may watch.
pub async fn page(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    if !clerk.staff.may_watch {
        return Redirect::to(clerk.home()).into_response();
    }
    let present = house.hall.present();
    let rules = &present.rules;
    let staff = &clerk.staff;
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &staff.name,
        agencies: rules.agencies.iter().filter(|agency| staff.serves(&agency.id)).collect(),
        supervises: staff.may_supervise,
        hall: staff.may_supervise && staff.agency.is_none(),
        clock: staff.may_set_the_clock,
        stands_over: (staff.role >= Role::Supervisor).then_some(staff.role.as_str()),
        desk: staff.may_issue,
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /supervisor/state`: what a supervisor sees, for whoever polls.
pub async fn state(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let view = house.clerk(&headers).and_then(|clerk| view(&house, &clerk));
    match view {
        Some((_, json)) => Json(json).into_response(),
        None => Problem::no_credential().into_answer(language(&headers)),
    }
}

/// `GET /supervisor/events`: the same on each change.
pub async fn events(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Sse<Live>, Problem> {
    live(house, peer, headers, "supervisor", view)
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    overview: Overview,
    now: String,
    alarms: Vec<Alarm>,
    /// Names of those who sit at a counter, ask, or see to something.
    staff: BTreeMap<&'a StaffId, &'a str>,
}

fn view(house: &Shared, clerk: &Clerk) -> Option<(Seq, serde_json::Value)> {
    let staff = Some(&clerk.staff).filter(|staff| staff.may_watch)?;
    let present = house.hall.present();
    let people = house.now();
    let overview = Overview::of(&present.rules, &present.day, staff.agency.as_ref());
    let view = View {
        now: house.settings.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        alarms: house.alarms(staff.agency.as_ref()),
        staff: people.staff.iter().map(|staff| (&staff.id, staff.name.as_str())).collect(),
        overview,
    };
    Some((view.overview.seq, serde_json::json!(view)))
}
