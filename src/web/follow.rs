//! One's own ticket, live, for whoever holds its token: the ticket, then the ticket again at each change
//! of it or of how many are ahead.

use std::convert::Infallible;

use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use chrono::NaiveDate;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;

use super::Shared;
use super::error::Problem;
use super::feed::HEARTBEAT;
use crate::queue::{Refusal, Seq, TicketId, TicketState, TicketView};

type Events = Result<Event, Infallible>;

/// `GET /tickets/by-token/{token}/events`. The token's word is not repeated; whoever reads has it.
pub async fn own_ticket(
    State(house): State<Shared>,
    Path(token): Path<String>,
) -> Result<Sse<impl Stream<Item = Events>>, Problem> {
    let bell = house.hall.bell();
    let present = house.hall.present();
    let ticket = house.hall.find_by_token(&token).filter(|ticket| present.day.ticket(*ticket).is_some());
    let ticket = ticket.ok_or(Refusal::UnknownTicket)?;
    let closing = house.closing.clone();
    let day = present.day.date();
    let watcher = Watcher { house, bell, closing, ticket, day, told: None, over: false };
    let quiet = KeepAlive::new().interval(HEARTBEAT);
    Ok(Sse::new(unfold(watcher, Watcher::next)).keep_alive(quiet))
}

struct Watcher {
    house: Shared,
    bell: watch::Receiver<Seq>,
    closing: watch::Receiver<bool>,
    ticket: TicketId,
    day: Option<NaiveDate>,
    /// What was said last.
    told: Option<TicketView>,
    /// Nothing more will happen to the ticket.
    over: bool,
}

impl Watcher {
    async fn next(mut self) -> Option<(Events, Self)> {
        loop {
            if self.over {
                return None;
            }
            self.bell.borrow_and_update();
            let view = self.look()?;
            if self.told.as_ref() != Some(&view) {
                self.over =
                    matches!(view.state, TicketState::Done | TicketState::Cancelled | TicketState::Expired);
                let event = Event::default().event("ticket").json_data(&view).ok()?;
                self.told = Some(view);
                return Some((Ok(event), self));
            }
            tokio::select! {
                rang = self.bell.changed() => rang.ok()?,
                _ = self.closing.wait_for(|close| *close) => return None,
            }
        }
    }

    /// The ticket as it stands; none once its day is over.
    fn look(&self) -> Option<TicketView> {
        let present = self.house.hall.present();
        let ticket = present.day.ticket(self.ticket).filter(|_| present.day.date() == self.day)?;
        Some(TicketView::of(&present.rules, &present.day, ticket))
    }
}
