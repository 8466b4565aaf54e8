//! A PIN of one's own: chosen at the first sign-in, before the counter opens, and changed whenever its
//! owner likes. The first PIN is on a technician's paper; from the choice on only the own one counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::Form;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::delays::From;
use super::server::Peer;
use super::session::{chance, cookie, hash};
use super::{House, Shared, Staff, error, guessable, sign_in};
use crate::hall::Credential;
use crate::queue::{CounterId, Language, StaffId};

/// Bears whoever showed the first PIN to the page where they choose their own.
const CHOOSING: &str = "antrean_choosing";
/// How long they may think about it.
const CHOOSING_MS: i64 = 10 * 60 * 1000;
/// Who may be thinking at once; each has shown a right PIN.
const CHOOSERS: usize = 256;

/// Somebody showed the first PIN, and will be signed in as soon as they have one of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    pub staff: StaffId,
    /// Where they will sit.
    pub counter: Option<CounterId>,
    /// They came from the desk's page.
    pub from_desk: bool,
}

/// Promises that are not kept yet, by the hash of their cookie, each with the time since boot at which it
/// is over. A start forgets them: the first PIN is asked for again.
#[derive(Debug, Default)]
pub struct Promises(Mutex<HashMap<[u8; 32], (Promise, i64)>>);

impl Promises {
    fn give(&self, promise: Promise, now_ms: i64) -> String {
        let secret = chance();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, until_ms)| *until_ms > now_ms);
        if all.len() < CHOOSERS {
            all.insert(hash(&secret), (promise, now_ms + CHOOSING_MS));
        }
        secret
    }

    fn find(&self, headers: &HeaderMap, now_ms: i64) -> Option<Promise> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (promise, until_ms) = all.get(&hash(cookie(headers, CHOOSING)?))?;
        (*until_ms > now_ms).then(|| promise.clone())
    }

    fn keep(&self, headers: &HeaderMap) {
        if let Some(secret) = cookie(headers, CHOOSING) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(secret));
        }
    }
}

/// Leads whoever showed the first PIN to the page where they choose their own.
pub fn promise(house: &House, promise: Promise) -> Response {
    let secret = house.promises.give(promise, house.boot_ms());
    let cookie = house.cookie(CHOOSING, &secret, CHOOSING_MS / 1000);
    ([(header::SET_COOKIE, cookie)], Redirect::to("/console/pin")).into_response()
}

#[derive(Default, Deserialize)]
pub struct Choice {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    old: String,
    new: String,
    again: String,
}

/// Who chooses, as the page shows it.
enum Chooser<'a> {
    /// For the first time, with the first PIN just shown.
    First(&'a Staff),
    /// Signed in.
    Known(&'a Staff),
    /// Somebody who says so below.
    Anybody,
}

#[derive(Template)]
#[template(path = "own-pin.html")]
struct Page<'a> {
    place: &'a str,
    city: &'a str,
    chooser: Chooser<'a>,
    staff: &'a [Staff],
    chosen_staff: &'a str,
    message: Option<String>,
}

impl Page<'_> {
    fn is_first(&self) -> bool {
        matches!(self.chooser, Chooser::First(_))
    }

    fn is_chosen(&self, id: &str) -> bool {
        id == self.chosen_staff
    }
}

fn show(
    house: &House,
    chooser: Chooser<'_>,
    status: StatusCode,
    staff: &str,
    message: Option<String>,
) -> Response {
    let (present, people) = (house.hall.present(), house.now());
    let page = Page {
        place: &present.rules.place.id,
        city: &present.rules.city.id,
        chooser,
        staff: &people.staff,
        chosen_staff: staff,
        message,
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => error::broken(&error),
    }
}

/// `GET /console/pin`.
pub async fn page(State(house): State<Shared>, headers: HeaderMap) -> Response {
    if house.settings.demo_pin.is_some() {
        return Redirect::to("/console").into_response();
    }
    let clerk = house.clerk(&headers);
    let promised = promised(&house, &headers);
    let chooser = match (&promised, &clerk) {
        (Some((staff, _)), _) => Chooser::First(staff),
        (None, Some(clerk)) => Chooser::Known(&clerk.staff),
        (None, None) => Chooser::Anybody,
    };
    show(&house, chooser, StatusCode::OK, "", None)
}

/// `POST /console/pin`.
pub async fn choose(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    if house.settings.demo_pin.is_some() {
        return Redirect::to("/console").into_response();
    }
    match promised(&house, &headers) {
        Some((staff, promise)) => choose_first(&house, peer, &headers, &choice, &staff, promise).await,
        None if choice.old.is_empty() => {
            let late = "Waktunya habis. Masuk lagi, lalu pilih PIN Anda.".to_owned();
            sign_in::page(&house, StatusCode::UNAUTHORIZED, None, Some(late))
        }
        None => change(&house, peer, &headers, &choice).await,
    }
}

/// Who showed the first PIN in this browser, as long as it is the one that counts: what somebody else chose
/// meanwhile is not undone by it.
fn promised(house: &House, headers: &HeaderMap) -> Option<(Staff, Promise)> {
    let promise = house.promises.find(headers, house.boot_ms())?;
    let staff = house.staff(promise.staff.as_str())?;
    house.hall.pins().own(&staff.id, &staff.pin_hash).is_none().then_some((staff, promise))
}

/// The first PIN was shown a moment ago.
async fn choose_first(
    house: &House,
    peer: Peer,
    headers: &HeaderMap,
    choice: &Choice,
    staff: &Staff,
    promise: Promise,
) -> Response {
    let from = house.delays.from(headers, peer);
    if let Err((status, why)) = take(house, from, staff, choice, None).await {
        return show(house, Chooser::First(staff), status, "", Some(why));
    }
    house.promises.keep(headers);
    house.admit(headers, staff, promise.counter, promise.from_desk).await.unwrap_or_else(|no| {
        sign_in::page(house, StatusCode::SERVICE_UNAVAILABLE, None, Some(no.sentence(Language::ID)))
    })
}

/// The PIN that counts now is asked for, whoever is signed in.
async fn change(house: &House, peer: Peer, headers: &HeaderMap, choice: &Choice) -> Response {
    let clerk = house.clerk(headers);
    let id = clerk.as_ref().map_or(choice.staff.as_str(), |clerk| clerk.staff.id.as_str());
    let refuse = |status, why| {
        let chooser = clerk.as_ref().map_or(Chooser::Anybody, |clerk| Chooser::Known(&clerk.staff));
        show(house, chooser, status, id, Some(why))
    };
    let proof = match house.prove(headers, peer, id, &choice.old).await {
        Ok(proof) => proof,
        Err(doubt) => return refuse(doubt.status(), doubt.sentence()),
    };
    let (from, stays) = (house.delays.from(headers, peer), clerk.as_ref().map(|clerk| clerk.id_hash));
    if let Err((status, why)) = take(house, from, &proof.staff, choice, stays).await {
        return refuse(status, why);
    }
    match &clerk {
        Some(clerk) => Redirect::to(clerk.home()).into_response(),
        None => sign_in::welcome(house, "PIN Anda sudah diganti. Masuk dengan PIN yang baru."),
    }
}

/// Takes a choice, or says why not. Whoever is signed in with the old PIN is not any more, but for `stays`.
async fn take(
    house: &House,
    from: From,
    staff: &Staff,
    choice: &Choice,
    stays: Option<[u8; 32]>,
) -> Result<(), (StatusCode, String)> {
    let no = |why: &str| (StatusCode::UNPROCESSABLE_ENTITY, why.to_owned());
    if choice.new.len() != 6 || !choice.new.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(no("PIN baru harus enam angka."));
    }
    if choice.new != choice.again {
        return Err(no("Kedua PIN baru berbeda. Ketik lagi dengan perlahan."));
    }
    if guessable::is_guessable(&choice.new) {
        return Err(no("PIN ini mudah ditebak. Pilih angka lain, misalnya sebuah tanggal yang Anda ingat."));
    }
    if choice.new == choice.old {
        return Err(no("PIN baru harus berbeda dari PIN lama."));
    }
    let hashed = house.hash_unless_first(from, &choice.new, &staff.pin_hash).await;
    let hashed = hashed.map_err(|doubt| (doubt.status(), doubt.sentence()))?;
    let pin_hash = hashed.ok_or_else(|| no("Ini PIN pertama dari teknisi. Pilih PIN Anda sendiri."))?;
    let now = house.settings.clock.now();
    let credential = Credential::chosen(staff.id.clone(), pin_hash, &staff.pin_hash, now);
    let chosen = house.hall.choose_pin(credential, stays).await;
    chosen.map_err(|no| (StatusCode::SERVICE_UNAVAILABLE, no.sentence(Language::ID)))?;
    house.end_sign_ins(&staff.id, stays.as_ref()).await;
    Ok(())
}
