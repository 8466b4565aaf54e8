//! Signing in with a PIN, and out again.

use askama::Template;
use axum::Form;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::own_pin::{self, Promise};
use super::proof::Doubt;
use super::server::Peer;
use super::session::{COOKIE, Clerk, DEVICE, chance, cookie, hash};
use super::{House, Shared, Staff, error};
use crate::hall::{DeviceRow, No, SessionRow};
use crate::queue::{AgencyId, Command, CounterId, Language};

/// A browser is known for a year after it signed in last.
const DEVICE_S: i64 = 365 * 24 * 60 * 60;

#[derive(Deserialize)]
pub struct SignIn {
    pub staff: String,
    pub counter: String,
    pub pin: String,
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
    /// What went well a moment ago.
    note: Option<&'a str>,
    message: Option<String>,
}

impl Page<'_> {
    fn is_chosen(&self, id: &str, chosen: &str) -> bool {
        id == chosen
    }
}

/// The page, with what is wrong.
pub fn page(house: &House, status: StatusCode, chosen: Option<&SignIn>, message: Option<String>) -> Response {
    show(house, status, chosen, None, message)
}

/// The page, after something that went well.
pub fn welcome(house: &House, note: &str) -> Response {
    show(house, StatusCode::OK, None, Some(note), None)
}

fn show(
    house: &House,
    status: StatusCode,
    chosen: Option<&SignIn>,
    note: Option<&str>,
    message: Option<String>,
) -> Response {
    let (present, people) = (house.hall.present(), house.now());
    let rules = &present.rules;
    let counters = rules.counters.iter().map(|counter| {
        let agency =
            rules.agency(&counter.agency).map(|agency| agency.name.id.to_string()).unwrap_or_default();
        (counter.id.clone(), counter.number, counter.agency.clone(), agency)
    });
    let page = Page {
        place: &rules.place.id,
        city: &rules.city.id,
        staff: &people.staff,
        chosen_staff: chosen.map_or("", |chosen| &chosen.staff),
        counters: counters.collect(),
        chosen_counter: chosen.map_or("", |chosen| &chosen.counter),
        demo_pin: house.settings.demo_pin.as_deref(),
        note,
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
    let proof = match house.prove(&headers, peer, &form.staff, &form.pin).await {
        Ok(proof) => proof,
        Err(doubt) => return doubtful(&house, &form, &doubt),
    };
    let counter = Some(CounterId::from(form.counter.as_str())).filter(|_| !form.counter.is_empty());
    if let Some(why) = house.not_theirs(&proof.staff, counter.as_ref()) {
        return page(&house, StatusCode::FORBIDDEN, Some(&form), Some(why.to_owned()));
    }
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok()).unwrap_or_default();
    let from_desk = from.ends_with("/desk");
    if proof.must_choose {
        return own_pin::promise(&house, Promise { staff: proof.staff.id, counter, from_desk });
    }
    house.admit(&headers, &proof.staff, counter, from_desk).await.unwrap_or_else(|no| {
        page(&house, StatusCode::SERVICE_UNAVAILABLE, Some(&form), Some(no.sentence(Language::ID)))
    })
}

fn doubtful(house: &House, form: &SignIn, doubt: &Doubt) -> Response {
    let mut answer = page(house, doubt.status(), Some(form), Some(doubt.sentence()));
    if let Some(wait_s) = doubt.wait_s() {
        answer.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
    }
    answer
}

impl House {
    /// Why somebody may not sign in at this counter, or at none.
    pub fn not_theirs(&self, staff: &Staff, counter: Option<&CounterId>) -> Option<&'static str> {
        let Some(counter) = counter else { return staff.at_counter.then_some("Pilih loket Anda.") };
        let present = self.hall.present();
        let own = present.rules.counter(counter).is_some_and(|counter| staff.serves(&counter.agency));
        (!own).then_some("Loket ini bukan loket instansi Anda. Pilih loket lain.")
    }

    /// Signs somebody in who has shown who they are, and leads them to their page: back to the desk, for who
    /// came from there and may stay.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`]; nobody is signed in then.
    pub async fn admit(
        &self,
        headers: &HeaderMap,
        staff: &Staff,
        counter: Option<CounterId>,
        from_desk: bool,
    ) -> Result<Response, No> {
        let now = self.settings.clock.now();
        // One that was planted by somebody else is worth nothing: only what was drawn here is kept.
        let device = cookie(headers, DEVICE).filter(|device| self.delays.knows(&hash(device)));
        let device = device.map_or_else(chance, str::to_owned);
        let secret = chance();
        let row = SessionRow {
            id_hash: hash(&secret),
            staff: staff.id.clone(),
            counter: counter.clone(),
            created_at: now,
            expires_at: now + self.settings.shift,
        };
        self.leave_for(headers, counter.as_ref()).await?;
        self.hall.keep_session(row.clone()).await?;
        // Before the counter opens: whoever looks for counters left alone finds somebody here.
        self.sessions.keep(row.clone());
        if let Some(counter) = &counter {
            let open = Command::OpenCounter { counter: counter.clone(), staff: staff.id.clone() };
            if let Err(no) = self.hall.execute(open).await {
                self.sessions.forget(&row.id_hash);
                return Err(no);
            }
        }
        self.delays.know(hash(&device), &staff.id);
        if let Err(no) = self.hall.keep_device(DeviceRow { id_hash: hash(&device), seen_at: now }).await {
            // Known until the next start, then a stranger once.
            tracing::warn!(code = no.code(), "a device that signed in could not be remembered");
        }
        let clerk = Clerk { id_hash: row.id_hash, staff: staff.clone(), counter };
        let door =
            if from_desk && clerk.counter.is_none() && staff.may_issue { "/desk" } else { clerk.home() };
        let cookies = AppendHeaders([
            (header::SET_COOKIE, self.cookie(COOKIE, &secret, self.settings.shift.num_seconds())),
            (header::SET_COOKIE, self.cookie(DEVICE, &device, DEVICE_S)),
        ]);
        Ok((cookies, Redirect::to(door)).into_response())
    }

    /// Who goes to another counter leaves the old one.
    async fn leave_for(&self, headers: &HeaderMap, counter: Option<&CounterId>) -> Result<(), No> {
        let Some(before) = self.clerk(headers).and_then(|clerk| self.sessions.get(&clerk.id_hash)) else {
            return Ok(());
        };
        let left = self.left_alone(&before).filter(|left| Some(left) != counter);
        self.leave(before.id_hash, left).await
    }
}

/// Ends the sign-in and closes the counter, unless somebody else sits there by now; a ticket at it goes back
/// to its place in the queue.
pub async fn sign_out(State(house): State<Shared>, headers: HeaderMap) -> Response {
    let row = house.clerk(&headers).and_then(|clerk| house.sessions.get(&clerk.id_hash));
    if let Some(row) = row
        && let Err(no) = house.leave(row.id_hash, house.own_counter(&row)).await
    {
        return page(&house, StatusCode::SERVICE_UNAVAILABLE, None, Some(no.sentence(Language::ID)));
    }
    ([(header::SET_COOKIE, house.cookie(COOKIE, "", 0))], Redirect::to("/console")).into_response()
}
