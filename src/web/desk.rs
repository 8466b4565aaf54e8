//! The information desk: numbers for visitors who cannot use the kiosk, lost and doubtful tickets, and how
//! everything is. It works while the kiosk does not.

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
use super::{KioskRow, PrinterNow, Shared, error, sign_in};
use crate::hall::Forecasts;
use crate::health::Alarm;
use crate::queue::board::AgencyRow;
use crate::queue::console::{SlipNote, slips_to_look_at};
use crate::queue::{Agency, Language, PrinterId, Seq, Text};

#[derive(Template)]
#[template(path = "desk.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a str,
    agencies: Vec<&'a Agency>,
    printers: Vec<(PrinterId, String)>,
    /// The first number that is kept for a day without power; none where none is.
    emergency: Option<u32>,
    /// Sees every counter too.
    watches: bool,
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

/// `GET /desk`, for whoever issues numbers.
pub async fn page(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    if !clerk.staff.may_issue {
        return Redirect::to(clerk.home()).into_response();
    }
    let present = house.hall.present();
    let rules = &present.rules;
    let printers = house.settings.printers.borrow();
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &clerk.staff.name,
        agencies: rules.agencies.iter().filter(|agency| clerk.staff.serves(&agency.id)).collect(),
        printers: printers.iter().map(|row| (row.id.clone(), row.name.id.to_string())).collect(),
        emergency: Some(rules.emergency).filter(|band| band.count > 0).map(|band| band.from),
        watches: clerk.staff.may_watch,
        demo: house.settings.demo_pin.is_some(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /desk/state`: what the desk sees, for whoever polls.
pub async fn state(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let view = house.clerk(&headers).and_then(|clerk| view(&house, &clerk));
    match view {
        Some((_, json)) => Json(json).into_response(),
        None => Problem::no_credential().into_answer(language(&headers)),
    }
}

/// `GET /desk/events`: the same on each change.
pub async fn events(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Sse<Live>, Problem> {
    live(house, peer, headers, "desk", view)
}

#[derive(Serialize)]
struct View<'a> {
    seq: Seq,
    now: String,
    clock_doubted: bool,
    /// Of whoever is asked for.
    agencies: Vec<&'a AgencyRow>,
    forecasts: &'a Forecasts,
    slips: Vec<SlipNote>,
    printers: Vec<PrinterLine<'a>>,
    kiosks: Vec<KioskLine<'a>>,
    /// What else is wrong and nobody sees to yet.
    alarms: Vec<Alarm>,
}

/// A kiosk, and what becomes of those who stand before it.
#[derive(Serialize)]
struct KioskLine<'a> {
    name: &'a Text,
    /// `on`; `off` where no screen shows it; `no_paper` where its numbers are not printed.
    state: &'static str,
}

/// A printer, and what its nearest hand should do.
#[derive(Serialize)]
struct PrinterLine<'a> {
    id: &'a PrinterId,
    name: &'a Text,
    /// A word of the printer's; `ready` is well.
    state: &'static str,
    fault: Option<Text>,
    near_end: bool,
    slips_left: Option<u32>,
}

fn kiosk_line<'a>(kiosk: &'a KioskRow, printers: &[PrinterNow]) -> KioskLine<'a> {
    let faulty = |id: &PrinterId| printers.iter().any(|row| row.id == *id && row.fault.is_some());
    let state = match &kiosk.printer {
        _ if !kiosk.shown => "off",
        Some(printer) if faulty(printer) => "no_paper",
        _ => "on",
    };
    KioskLine { name: &kiosk.name, state }
}

fn view(house: &Shared, clerk: &Clerk) -> Option<(Seq, serde_json::Value)> {
    let staff = Some(&clerk.staff).filter(|staff| staff.may_issue)?;
    let (present, forecasts) = (house.hall.present(), house.hall.forecasts());
    let rows = house.settings.printers.borrow();
    let printer = |row: &'_ PrinterNow| {
        row.fault.map(|fault| Text::new(fault.for_staff(Language::ID), fault.for_staff(Language::EN)))
    };
    // Printers and clock have places of their own on this page.
    let elsewhere =
        |alarm: &Alarm| alarm.id.as_str().starts_with("printer:") || alarm.id.as_str().starts_with("clock:");
    let alarms = house.alarms(staff.agency.as_ref());
    let alarms =
        alarms.into_iter().filter(|alarm| alarm.acknowledged.is_none() && !elsewhere(alarm)).collect();
    let view = View {
        seq: present.day.seq(),
        alarms,
        now: house.settings.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        clock_doubted: present.day.clock().doubt.is_some(),
        agencies: present.board().agencies.iter().filter(|row| staff.serves(&row.id)).collect(),
        forecasts: &forecasts,
        slips: slips_to_look_at(&present.rules, &present.day, staff.agency.as_ref()),
        kiosks: house.settings.kiosks.iter().map(|kiosk| kiosk_line(kiosk, &rows)).collect(),
        printers: rows
            .iter()
            .map(|row| PrinterLine {
                id: &row.id,
                name: &row.name,
                state: row.state,
                fault: printer(row),
                near_end: row.near_end,
                slips_left: row.slips_left,
            })
            .collect(),
    };
    Some((view.seq, serde_json::json!(view)))
}
