//! The console: everything a clerk does with one key and one glance.

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
use super::{PrinterNow, Shared, error, sign_in};
use crate::queue::conduct::{Outcome, Reason};
use crate::queue::{Agency, Console, Language, Rules, Seq, Service, Text, board};

#[derive(Template)]
#[template(path = "console.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    counter: &'a str,
    number: u16,
    agency: &'a Agency,
    staff: &'a str,
    /// The usual one has its own key; these are 2 to 9.
    outcomes: Vec<(usize, &'a Outcome)>,
    /// What the sheets offer, as JSON.
    choices: String,
    demo: bool,
}

/// Digits on a keyboard.
const BY_DIGIT: usize = 9;

/// Everything a clerk may choose from a list.
#[derive(Serialize)]
struct Choices<'a> {
    /// Seconds between two calls of a ticket, and before a no-show.
    call_gap_s: u32,
    /// Calls, the first included: before a no-show, and at most.
    calls_before_no_show: u32,
    calls_at_most: u32,
    call_reasons: Vec<Choice<'a>>,
    hold_reasons: Vec<Choice<'a>>,
    stop_reasons: Vec<Choice<'a>>,
    closure_reasons: Vec<Choice<'a>>,
    agencies: Vec<AgencyChoice<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    id: &'a str,
    name: &'a str,
}

/// Where a visitor may be sent.
#[derive(Serialize)]
struct AgencyChoice<'a> {
    prefix: &'a str,
    name: &'a str,
    own: bool,
    services: Vec<ServiceChoice<'a>>,
}

#[derive(Serialize)]
struct ServiceChoice<'a> {
    id: &'a str,
    name: &'a str,
    counters: Vec<CounterChoice<'a>>,
}

#[derive(Serialize)]
struct CounterChoice<'a> {
    id: &'a str,
    number: u16,
}

impl<'a> Choices<'a> {
    fn of(rules: &'a Rules, own: &'a Agency) -> Self {
        let reasons = |list: &'a [Reason]| {
            list.iter().map(|reason| Choice { id: reason.id.as_str(), name: &reason.name.id }).collect()
        };
        let service = |service: &'a Service| ServiceChoice {
            id: service.id.as_str(),
            name: &service.name.id,
            counters: rules
                .counters
                .iter()
                .filter(|counter| counter.services.contains(&service.id))
                .map(|counter| CounterChoice { id: counter.id.as_str(), number: counter.number })
                .collect(),
        };
        let agency = |agency: &'a Agency| AgencyChoice {
            prefix: agency.prefix.as_str(),
            name: &agency.name.id,
            own: agency.id == own.id,
            services: agency.services.iter().map(service).collect(),
        };
        let conduct = &rules.conduct;
        Self {
            call_gap_s: conduct.call_gap_s,
            calls_before_no_show: conduct.calls_before_no_show,
            calls_at_most: conduct.recalls + 1,
            call_reasons: reasons(&conduct.call_reasons),
            hold_reasons: reasons(&conduct.hold_reasons),
            stop_reasons: reasons(&conduct.stop_reasons),
            closure_reasons: reasons(&conduct.closure_reasons),
            agencies: rules.agencies.iter().map(agency).collect(),
        }
    }
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        super::landing::icon(name)
    }

    fn emblem(&self) -> String {
        super::landing::emblem(self.agency)
    }
}

pub async fn page(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    let Some(at) = clerk.counter.as_ref() else { return Redirect::to(clerk.home()).into_response() };
    let present = house.hall.present();
    let rules = &present.rules;
    let found = rules.counter(at).and_then(|counter| Some((counter, rules.agency(&counter.agency)?)));
    let Some((counter, agency)) = found else { return sign_in::page(&house, StatusCode::OK, None, None) };
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        counter: counter.id.as_str(),
        number: counter.number,
        agency,
        staff: &clerk.staff.name,
        outcomes: (1..=BY_DIGIT).zip(&rules.conduct.outcomes).skip(1).collect(),
        choices: serde_json::json!(Choices::of(rules, agency)).to_string(),
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /console/state`: the console as JSON, for whoever polls.
pub async fn state(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return Problem::no_credential().into_answer(language(&headers));
    };
    match view(&house, &clerk) {
        Some((_, json)) => Json(json).into_response(),
        None => Problem::no_credential().into_answer(language(&headers)),
    }
}

fn view(house: &Shared, clerk: &Clerk) -> Option<(Seq, serde_json::Value)> {
    let present = house.hall.present();
    let console = Console::of(&present.rules, &present.day, clerk.counter.as_ref()?).ok()?;
    let people = house.now();
    let staff = |id| people.staff.iter().find(|staff| Some(&staff.id) == id).map(|staff| staff.name.clone());
    let mine =
        console.state == board::CounterActivity::Closed || console.staff.as_ref() == Some(&clerk.staff.id);
    let mut json = serde_json::json!(console);
    json["now"] = house.settings.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false).into();
    json["staff_name"] = serde_json::json!(staff(console.staff.as_ref()));
    json["mine"] = mine.into();
    json["printers"] = serde_json::json!(printers(house));
    Some((console.seq, json))
}

/// A printer that wants somebody's hand, now or soon.
#[derive(serde::Serialize)]
struct PrinterNote {
    name: Text,
    /// What is wrong and what to do; none while only its paper runs low.
    fault: Option<Text>,
    slips_left: Option<u32>,
}

fn printers(house: &Shared) -> Vec<PrinterNote> {
    let note = |row: &PrinterNow| PrinterNote {
        name: row.name.clone(),
        fault: row.fault.map(|fault| Text::new(fault.for_staff(Language::ID), fault.for_staff(Language::EN))),
        slips_left: row.slips_left,
    };
    let rows = house.settings.printers.borrow();
    rows.iter().filter(|row| row.fault.is_some() || row.near_end).map(note).collect()
}

/// `GET /console/events`: the same on each change. The stream ends with the sign-in.
pub async fn events(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Sse<Live>, Problem> {
    live(house, peer, headers, "console", view)
}
