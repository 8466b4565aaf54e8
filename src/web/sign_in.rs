//! Signing in with a PIN. A wrong PIN costs time, more each time, and never somebody else's time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use askama::Template;
use axum::Form;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use serde::Deserialize;

use super::server::Peer;
use super::session::{COOKIE, Clerk, DEVICE, chance, cookie, hash};
use super::{House, Shared, Staff, error};
use crate::hall::SessionRow;
use crate::queue::{AgencyId, At, Command, CounterId, StaffId};

/// A shift.
const SESSION: TimeDelta = TimeDelta::hours(12);

/// From where somebody tries: a device that signed in before, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum From {
    Device([u8; 32]),
    Address(std::net::IpAddr),
}

/// Wrong tries, and until when the next one must wait.
#[derive(Debug, Default)]
pub struct Delays(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    tries: HashMap<(StaffId, From), (u32, At)>,
    /// Devices that have signed in: other people's wrong tries do not delay them.
    known: std::collections::HashSet<[u8; 32]>,
}

/// Strangers kept at most; more would only be somebody filling the memory.
const TRIES_KEPT: usize = 4_096;

impl Delays {
    fn from(&self, headers: &HeaderMap, peer: Peer) -> From {
        let device = cookie(headers, DEVICE).map(hash);
        let book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match device.filter(|device| book.known.contains(device)) {
            Some(device) => From::Device(device),
            None => From::Address(peer.0.ip()),
        }
    }

    /// Seconds to wait before the next try; 0 when it may be made.
    fn wait_s(&self, staff: &StaffId, from: &From, now: At) -> i64 {
        let book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = book.tries.get(&(staff.clone(), from.clone())).map(|(_, until)| *until);
        until.map_or(0, |until| ((until - now).num_milliseconds().max(0) + 999) / 1000)
    }

    /// Two tries are free; then 2, 4, 8 … 60 seconds.
    fn wrong(&self, staff: &StaffId, from: &From, now: At) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if book.tries.len() >= TRIES_KEPT {
            book.tries.retain(|_, (_, until)| *until > now);
        }
        let entry = book.tries.entry((staff.clone(), from.clone())).or_insert((0, now));
        entry.0 += 1;
        let delay_s = if entry.0 < 3 { 0 } else { (1i64 << (entry.0 - 2).min(6)).min(60) };
        entry.1 = now + TimeDelta::seconds(delay_s);
    }

    fn right(&self, staff: &StaffId, from: &From, device: &str) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.tries.remove(&(staff.clone(), from.clone()));
        book.known.insert(hash(device));
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    staff: String,
    counter: String,
    pin: String,
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "sign-in.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    staff: &'a [Staff],
    chosen_staff: &'a str,
    /// Id, number, and the agency's id and name.
    counters: Vec<(CounterId, u16, AgencyId, String)>,
    chosen_counter: &'a str,
    demo_pin: Option<&'a str>,
    message: Option<String>,
}

impl Page<'_> {
    fn is_chosen(&self, id: &str, chosen: &str) -> bool {
        id == chosen
    }
}

pub fn page(house: &House, status: StatusCode, chosen: Option<&SignIn>, message: Option<String>) -> Response {
    let present = house.hall.present();
    let rules = &present.rules;
    let counters = rules.counters.iter().map(|counter| {
        let agency =
            rules.agency(&counter.agency).map(|agency| agency.name.id.to_string()).unwrap_or_default();
        (counter.id.clone(), counter.number, counter.agency.clone(), agency)
    });
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &house.settings.staff,
        chosen_staff: chosen.map_or("", |chosen| &chosen.staff),
        counters: counters.collect(),
        chosen_counter: chosen.map_or("", |chosen| &chosen.counter),
        demo_pin: house.settings.demo_pin.as_deref(),
        message,
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => error::broken(&error),
    }
}

pub async fn sign_in(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let now = house.settings.clock.now();
    let from = house.delays.from(&headers, peer);
    let id: StaffId = form.staff.as_str().into();
    let wait_s = house.delays.wait_s(&id, &from, now);
    if wait_s > 0 {
        return page(&house, StatusCode::TOO_MANY_REQUESTS, Some(&form), Some(wrong_pin(wait_s)));
    }
    let staff = house.settings.staff.iter().find(|staff| staff.id == id).cloned();
    if !pin_is_right(&house, staff.as_ref(), &form.pin).await {
        house.delays.wrong(&id, &from, now);
        let wait_s = house.delays.wait_s(&id, &from, now);
        return page(&house, StatusCode::UNAUTHORIZED, Some(&form), Some(wrong_pin(wait_s)));
    }
    let Some(staff) = staff else { return error::broken(&"a PIN was right for nobody") };
    let counter = Some(CounterId::from(form.counter.as_str())).filter(|_| !form.counter.is_empty());
    let own = match &counter {
        None => !staff.at_counter,
        Some(counter) => {
            let present = house.hall.present();
            present.rules.counter(counter).is_some_and(|counter| staff.serves(&counter.agency))
        }
    };
    if !own {
        let message = match counter {
            None => "Pilih loket Anda.",
            Some(_) => "Loket ini bukan loket instansi Anda. Pilih loket lain.",
        };
        return page(&house, StatusCode::FORBIDDEN, Some(&form), Some(message.to_owned()));
    }
    let device = cookie(&headers, DEVICE).map_or_else(chance, str::to_owned);
    house.delays.right(&id, &from, &device);
    let cookie = chance();
    let row = SessionRow {
        id_hash: hash(&cookie),
        staff: staff.id.clone(),
        counter: counter.clone(),
        created_at: now,
        expires_at: now + SESSION,
    };
    let door =
        door(&headers, &Clerk { id_hash: row.id_hash, staff: staff.clone(), counter: counter.clone() });
    let before = house.clerk(&headers);
    let opened = async {
        // Who goes to another counter leaves the old one.
        if let Some(before) = before {
            let old = house.sessions.all().into_iter().find(|row| row.id_hash == before.id_hash);
            let left =
                old.and_then(|row| house.left_alone(&row)).filter(|left| Some(left) != counter.as_ref());
            house.leave(before.id_hash, left).await?;
        }
        house.hall.keep_session(row.clone()).await?;
        // Before the counter opens: whoever looks for counters left alone finds somebody here.
        house.sessions.keep(row.clone());
        match &counter {
            Some(counter) => {
                let open = Command::OpenCounter { counter: counter.clone(), staff: staff.id };
                house.hall.execute(open).await.map(drop)
            }
            None => Ok(()),
        }
    };
    if let Err(no) = opened.await {
        house.sessions.forget(&row.id_hash);
        let message = no.sentence(crate::queue::Language::ID);
        return page(&house, StatusCode::SERVICE_UNAVAILABLE, Some(&form), Some(message));
    }
    let cookies = [
        format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"),
        format!("{DEVICE}={device}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"),
    ];
    let mut answer = Redirect::to(door).into_response();
    for cookie in cookies {
        if let Ok(value) = cookie.parse() {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// Where to: back to the desk, for who came from there and may stay; to one's own page else.
fn door(headers: &HeaderMap, clerk: &Clerk) -> &'static str {
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok()).unwrap_or_default();
    let desk = clerk.counter.is_none() && clerk.staff.may_issue && from.ends_with("/desk");
    if desk { "/desk" } else { clerk.home() }
}

/// Ends the sign-in and closes the counter; a ticket at it goes back to its place in the queue.
pub async fn sign_out(State(house): State<Shared>, headers: HeaderMap) -> Response {
    if let Some(clerk) = house.clerk(&headers)
        && let Err(no) = house.leave(clerk.id_hash, clerk.counter).await
    {
        let message = no.sentence(crate::queue::Language::ID);
        return page(&house, StatusCode::SERVICE_UNAVAILABLE, None, Some(message));
    }
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    ([(header::SET_COOKIE, gone)], Redirect::to("/console")).into_response()
}

/// One check at a time. Somebody unknown takes as long as somebody known.
async fn pin_is_right(house: &House, staff: Option<&Staff>, pin: &str) -> bool {
    let Ok(_turn) = house.pin_check.acquire().await else { return false };
    let anybody = house.settings.staff.first().map(|staff| staff.pin_hash.clone());
    let Some(hash) = staff.map(|staff| staff.pin_hash.clone()).or(anybody) else { return false };
    let pin = pin.to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
    });
    checked.await.unwrap_or(false) && staff.is_some()
}

fn wrong_pin(wait_s: i64) -> String {
    if wait_s > 0 {
        format!("PIN belum cocok. Coba lagi dalam {wait_s} detik.")
    } else {
        "PIN belum cocok. Coba lagi.".to_owned()
    }
}
