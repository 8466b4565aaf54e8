//! Live streams. A stream is a cursor on the hall's ring: it is told to look again, never what to say,
//! so a slow screen loses nothing, blocks nobody, and coming back is the same as coming.
//! Lobby screens and phones may be a thousand and hear as an [`Ear`] does; the few pages of staff hear everything at once.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, KeepAliveStream};
use axum::response::{IntoResponse, Sse};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::time::{Instant, sleep_until};

use super::ear::Ear;
use super::error::Problem;
use super::places::Place;
use super::server::Peer;
use super::session::Clerk;
use super::{House, Shared};
use crate::hall::Forecasts;
use crate::queue::{Lineage, Rules, Seq};

/// A screen that hears nothing for two of these knows that the line is dead.
pub const HEARTBEAT: Duration = Duration::from_secs(5);

/// How often a stream looks whether a forecast has changed.
pub const FORETELL: Duration = Duration::from_secs(5);

/// No more is said to a screen at once, but for a board or a change that alone is larger.
const PIECE: usize = 32 << 10;

type Events = Result<Event, Infallible>;

/// `GET /api/v1/events`: first the board, then each change; or, with a `Last-Event-ID` that we still
/// remember, only what was missed.
///
/// # Errors
/// As [`House::seat`].
pub async fn public(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let seat = house.seat(peer)?;
    let present = house.hall.present();
    let known =
        headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.rsplit_once('-'));
    let cursor = known
        .filter(|(lineage, _)| *lineage == &*present.day.lineage().0)
        .and_then(|(_, seq)| Some(Seq(seq.parse().ok()?)))
        .filter(|seq| present.since(*seq).is_some());
    let follower = Follower {
        ear: Ear::new(&house.hall, &house.breaths),
        closing: house.closing.clone(),
        house,
        cursor,
        foretold: None,
        foretell_at: Instant::now(),
        rules: None,
        said: Said::default(),
        beat_at: Instant::now() + HEARTBEAT,
        _seat: seat,
    };
    let about = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    Ok((about, Body::from_stream(unfold(follower, Follower::next))))
}

impl House {
    /// A place for one more stream.
    ///
    /// # Errors
    /// 503 where the address has as many as are left.
    pub fn seat(&self, peer: Peer) -> Result<Place, Problem> {
        self.streams.take(peer.0.ip()).ok_or_else(Problem::too_many_streams)
    }
}

/// A named event, so that a page's script notices when it stays away. It says something: a browser drops an event
/// without data (HTML, server-sent events, dispatch).
const BEAT: (&str, &str) = ("beat", "still here");

pub fn heartbeat() -> KeepAlive {
    KeepAlive::new().interval(HEARTBEAT).event(Event::default().event(BEAT.0).data(BEAT.1))
}

/// Which config names what a page shows: one that was made for another loads itself again.
fn rules_data(rules: &Rules) -> String {
    format!("\"{}\"", rules.hash)
}

/// Rules that come from no config never change.
fn is_news(told: Option<&Arc<Rules>>, rules: &Arc<Rules>) -> bool {
    !rules.hash.is_empty() && told.is_none_or(|told| !Arc::ptr_eq(told, rules))
}

struct Follower {
    house: Shared,
    ear: Ear,
    closing: tokio::sync::watch::Receiver<bool>,
    /// The last line told; none before the first board.
    cursor: Option<Seq>,
    /// The forecasts told last, and when they are looked at again.
    foretold: Option<Arc<Forecasts>>,
    foretell_at: Instant,
    /// The rules that the screen was made for.
    rules: Option<Arc<Rules>>,
    /// Said next, all in one piece.
    said: Said,
    /// When it is said that there is nothing to say.
    beat_at: Instant,
    _seat: Place,
}

/// Server-sent events as they go over the line (HTML, 9.2.6). A screen may be a hundred of them behind: they are
/// written one after the other into one piece, which a response made of single events is not.
#[derive(Default)]
struct Said(String);

impl Said {
    /// JSON, or words without a line's end, in an event of this name; with an id if it is of a journal line.
    fn event(&mut self, name: &str, id: Option<(&Lineage, Seq)>, data: &str) {
        debug_assert!(!data.contains(['\n', '\r']), "an event's data is one line");
        self.0.push_str("event: ");
        self.0.push_str(name);
        if let Some((lineage, seq)) = id {
            // Writing into a string does not fail.
            let _ = write!(self.0, "\nid: {lineage}-{seq}");
        }
        self.0.push_str("\ndata: ");
        self.0.push_str(data);
        self.0.push_str("\n\n");
    }
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            self.ear.know();
            self.look();
            if self.said.0.is_empty() && Instant::now() >= self.beat_at {
                self.said.event(BEAT.0, None, BEAT.1);
            }
            if !self.said.0.is_empty() {
                self.beat_at = Instant::now() + HEARTBEAT;
                let mut said = std::mem::take(&mut self.said).0;
                said.shrink_to_fit();
                return Some((Ok(said.into()), self));
            }
            tokio::select! {
                news = self.ear.news() => news?,
                () = sleep_until(self.foretell_at.min(self.beat_at)) => {}
                _ = self.closing.wait_for(|close| *close) => return None,
            }
        }
    }

    /// Forecasts move with the time, and are no lines of the journal: they have no id.
    fn foretell(&mut self) {
        self.foretell_at = Instant::now() + FORETELL;
        let forecasts = self.house.hall.forecasts();
        if self.foretold.as_ref().is_some_and(|told| told.agencies == forecasts.agencies) {
            return;
        }
        if let Ok(data) = serde_json::to_string(&*forecasts) {
            self.said.event("forecast", None, &data);
            self.foretold = Some(forecasts);
        }
    }

    fn look(&mut self) {
        let present = self.house.hall.present();
        let lineage = present.day.lineage();
        if is_news(self.rules.as_ref(), &present.rules) {
            self.said.event("rules", None, &rules_data(&present.rules));
            self.rules = Some(present.rules.clone());
        }
        match self.cursor.and_then(|cursor| present.since(cursor)) {
            Some(news) => {
                for heard in news {
                    // The rest is said when this was taken, so that whoever takes nothing fills no memory.
                    let further = self.said.0.len() + heard.public_json().len();
                    if !self.said.0.is_empty() && further > PIECE {
                        break;
                    }
                    self.said.event("change", Some((lineage, heard.seq())), heard.public_json());
                    self.cursor = Some(heard.seq());
                }
            }
            None => {
                self.said.event("board", Some((lineage, present.day.seq())), present.board_json());
                self.cursor = Some(present.day.seq());
            }
        }
        if Instant::now() >= self.foretell_at {
            self.foretell();
        }
    }
}

/// A stream of what somebody who is signed in sees.
pub type Live = KeepAliveStream<futures_util::stream::BoxStream<'static, Events>>;

/// What a page shows to a person, at which line of the journal; none where it is not theirs.
pub type View = fn(&Shared, &Clerk) -> Option<(Seq, serde_json::Value)>;

/// A page of staff, live: the whole view now and after each change. It ends with the sign-in.
///
/// # Errors
/// 401 where nobody is signed in; otherwise as [`House::seat`].
pub fn live(
    house: Shared,
    peer: Peer,
    headers: HeaderMap,
    name: &'static str,
    view: View,
) -> Result<Sse<Live>, Problem> {
    if house.clerk(&headers).is_none() {
        return Err(Problem::no_credential());
    }
    let seat = house.seat(peer)?;
    let (bell, printers) = (house.hall.bell(), house.settings.printers.clone());
    let (sight, closing) = (house.settings.sight.clone(), house.closing.clone());
    let watcher =
        Watcher { house, headers, bell, printers, sight, closing, rules: None, told: false, _seat: seat };
    let stream = unfold(watcher, move |mut watcher| async move {
        let event = watcher.next(name, view).await?;
        Some((Ok(event), watcher))
    });
    Ok(Sse::new(stream.boxed()).keep_alive(heartbeat()))
}

/// Somebody's page, and what it was told last.
struct Watcher {
    house: Shared,
    headers: HeaderMap,
    bell: tokio::sync::watch::Receiver<Seq>,
    printers: tokio::sync::watch::Receiver<Vec<super::PrinterNow>>,
    /// Wakes when something begins to be wrong, or is well again.
    sight: tokio::sync::watch::Receiver<super::Sight>,
    closing: tokio::sync::watch::Receiver<bool>,
    rules: Option<Arc<Rules>>,
    /// The view is as it was when the bell was looked at last.
    told: bool,
    _seat: Place,
}

impl Watcher {
    async fn next(&mut self, name: &'static str, view: View) -> Option<Event> {
        let rules = self.house.hall.present().rules.clone();
        if is_news(self.rules.as_ref(), &rules) {
            let event = Event::default().event("rules").data(rules_data(&rules));
            (self.rules, self.told) = (Some(rules), false);
            return self.house.clerk(&self.headers).map(|_| event);
        }
        if self.told {
            tokio::select! {
                rang = self.bell.changed() => rang.ok()?,
                Ok(()) = self.printers.changed() => {}
                Ok(()) = self.sight.changed() => {}
                _ = self.closing.wait_for(|close| *close) => return None,
            }
        }
        self.bell.borrow_and_update();
        self.printers.borrow_and_update();
        self.sight.borrow_and_update();
        let clerk = self.house.clerk(&self.headers)?;
        let (seq, json) = view(&self.house, &clerk)?;
        self.told = true;
        Some(Event::default().event(name).id(seq.to_string()).data(json.to_string()))
    }
}
