//! One's own ticket, live, for whoever holds its token: the ticket, then the ticket again at each change
//! of it, of how many are ahead, or of how long that takes.

use std::convert::Infallible;

use axum::extract::{Extension, Path, State};
use axum::response::Sse;
use axum::response::sse::Event;
use chrono::NaiveDate;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Shared;
use super::ear::Ear;
use super::error::Problem;
use super::feed::{self, FORETELL};
use super::places::Place;
use super::server::Peer;
use crate::queue::{Refusal, TicketId, TicketState, TicketView};

type Events = Result<Event, Infallible>;

/// `GET /tickets/by-token/{token}/events`. The token's word is not repeated; whoever reads has it.
pub async fn own_ticket(
    State(house): State<Shared>,
    Extension(peer): Extension<Peer>,
    Path(token): Path<String>,
) -> Result<Sse<impl Stream<Item = Events>>, Problem> {
    let ear = Ear::new(&house.hall, &house.breaths);
    let present = house.hall.present();
    let ticket = house.hall.find_by_token(&token).filter(|ticket| present.day.ticket(*ticket).is_some());
    let ticket = ticket.ok_or(Refusal::UnknownTicket)?;
    let seat = house.seat(peer)?;
    let closing = house.closing.clone();
    let watcher = Watcher {
        day: present.day.date(),
        house,
        ear,
        closing,
        ticket,
        told: None,
        foretell_at: Instant::now(),
        over: false,
        _seat: seat,
    };
    Ok(Sse::new(unfold(watcher, Watcher::next)).keep_alive(feed::heartbeat()))
}

struct Watcher {
    house: Shared,
    ear: Ear,
    closing: watch::Receiver<bool>,
    ticket: TicketId,
    day: Option<NaiveDate>,
    /// What was said last, and when its forecast is looked at again.
    told: Option<TicketView>,
    foretell_at: Instant,
    /// Nothing more will happen to the ticket.
    over: bool,
    _seat: Place,
}

impl Watcher {
    async fn next(mut self) -> Option<(Events, Self)> {
        loop {
            if self.over {
                return None;
            }
            self.ear.know();
            if let Some(view) = self.look()? {
                self.over =
                    matches!(view.state, TicketState::Done | TicketState::Cancelled | TicketState::Expired);
                let event = Event::default().event("ticket").json_data(&view).ok()?;
                self.told = Some(view);
                return Some((Ok(event), self));
            }
            tokio::select! {
                news = self.ear.news() => news?,
                () = sleep_until(self.foretell_at) => {}
                _ = self.closing.wait_for(|close| *close) => return None,
            }
        }
    }

    /// The ticket as it stands, if that was not said yet; the outer none once its day is over.
    fn look(&mut self) -> Option<Option<TicketView>> {
        let present = self.house.hall.present();
        let (rules, day) = (&present.rules, &present.day);
        let ticket = day.ticket(self.ticket).filter(|_| day.date() == self.day)?;
        let told = self.told.as_ref();
        let forecast = told.and_then(|told| told.forecast);
        let unchanged = told == Some(&TicketView { forecast, ..TicketView::of(rules, day, ticket) });
        // Foretelling is work, and every bell rings for every phone.
        if unchanged && Instant::now() < self.foretell_at {
            return Some(None);
        }
        let view = TicketView::at(rules, day, ticket, self.house.settings.clock.now());
        self.foretell_at = Instant::now() + FORETELL;
        Some(Some(view).filter(|view| self.told.as_ref() != Some(view)))
    }
}
