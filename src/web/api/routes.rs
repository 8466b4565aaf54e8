//! The one table of the API's routes. The router and the OpenAPI document are made of it.

use axum::http::StatusCode;

use super::super::error::Problem;
use super::super::{feed, follow};
use super::counters as counter;
use super::route::{Answers, Route, Shape};
use super::{
    Who, adopt, alarms, board, clock, notices, services as service, slips, staff, ticket_acts as ticket,
    tickets,
};
use crate::hall::Forecasts;
use crate::queue::{
    Board, Closed, ClosedCode, Proof, PublicEvent, Refusal, SlipOutcome, TicketNumber, TicketView,
};
use Refusal::*;

/// What every act in sight of an open counter may be refused with.
const AT_COUNTER: &[Refusal] = &[Changed, CounterNotOpen];
/// And every act that needs the counter to be free.
const AT_FREE_COUNTER: &[Refusal] = &[UnknownCounter, Changed, CounterNotOpen, TicketActive];
const CLOSED: Refusal =
    ServiceClosed(Closed { code: ClosedCode::DayOver, until: None, opens: None, name: None });
const TOO_SOON: Refusal = TooSoon { wait_s: 0 };

pub fn routes() -> Vec<Route> {
    [public(), of_tickets(), at_counters(), of_services(), of_slips(), of_staff(), of_the_hall()]
        .into_iter()
        .flatten()
        .collect()
}

fn json<T: utoipa::ToSchema>(status: StatusCode) -> Answers {
    Answers::Json(status, Shape::of::<T>())
}

fn public() -> Vec<Route> {
    let feed = Answers::Events(vec![
        ("board", Shape::of::<Board>()),
        ("change", Shape::of::<PublicEvent>()),
        ("forecast", Shape::of::<Forecasts>()),
    ]);
    vec![
        Route::get("/board", board::board, json::<board::WholeBoard>(StatusCode::OK)).says(
            "What everyone may see of the day: agencies, services, counters, the last calls, printers.",
        ),
        Route::get("/events", feed::public, feed)
            .header("Last-Event-ID", "The id of the last event heard: only what was missed follows.")
            .tells(Problem::too_many_streams())
            .says(
                "The board, then each change of it, as server-sent events. An event's id is \
                 `<lineage>-<seq>`; a forecast has none. An unknown id, or one too long ago, gets a fresh `board`. A `beat` \
                 comes whenever nothing was said for 5 seconds: two missing ones mean a dead line. `rules` tells which config \
                 is in force, at first and when it changes: names may be others then, and a fresh `board` follows.",
            ),
    ]
}

fn of_tickets() -> Vec<Route> {
    let token = "The ticket's `token`.";
    let own = || json::<tickets::OwnTicket>(StatusCode::OK);
    vec![
        Route::post("/tickets", tickets::issue, json::<tickets::OwnTicket>(StatusCode::CREATED))
            .who(Who::Issuer)
            .body::<tickets::IssueBody>()
            .refuses(&[UnknownService, CLOSED, UnknownPrinter])
            .says("Issues a number."),
        adopt::adopt().says(
            "A number of the emergency band, handed out on paper while the box was dark, becomes a ticket of \
             today with the visitor's time of coming.",
        ),
        Route::get("/tickets", tickets::find, json::<tickets::Found>(StatusCode::OK))
            .who(Who::AnyCounter)
            .query::<TicketNumber>("number", "The number on the slip.")
            .query::<String>("reference", "The six characters on the slip.")
            .says("Finds today's tickets by number or reference, among those that the caller may act on."),
        Route::get("/tickets/by-token/{token}", tickets::by_token, own())
            .who(Who::Holder)
            .path::<String>("token", token)
            .refuses(&[UnknownTicket])
            .says("One's own ticket."),
        Route::get(
            "/tickets/by-token/{token}/events",
            follow::own_ticket,
            Answers::Events(vec![("ticket", Shape::of::<TicketView>())]),
        )
        .who(Who::Holder)
        .path::<String>("token", token)
        .refuses(&[UnknownTicket])
        .tells(Problem::too_many_streams())
        .says(
            "One's own ticket, then the ticket at each change of it, of how many are ahead or of its forecast, as server-sent \
             events without ids. The stream ends when the ticket is over or the day changes; do not \
             reconnect then. A `beat` comes whenever nothing was said for 5 seconds: two missing ones mean a dead line.",
        ),
        Route::post(
            "/tickets/by-token/{token}/cancel",
            tickets::cancel_by_token,
            json::<tickets::TicketAnswer>(StatusCode::OK),
        )
        .who(Who::Holder)
        .path::<String>("token", token)
        .body::<counter::Nothing>()
        .refuses(&[UnknownTicket, NotCancellable])
        .says("Gives one's own waiting ticket up."),
        ticket::act("call", Who::Agency, ticket::call)
            .refuses(AT_FREE_COUNTER)
            .refuses(&[NotWaiting, ForeignTicket, UnknownService, UnknownReason])
            .says("Calls this ticket out of turn."),
        ticket::act("return", Who::Agency, ticket::come_back)
            .refuses(&[NotMissed])
            .says("A visitor who was marked absent has come."),
        ticket::act("resume", Who::Agency, ticket::resume)
            .refuses(AT_FREE_COUNTER)
            .refuses(&[NotHeld, ForeignTicket, UnknownService])
            .says("Takes a ticket on hold to a counter before its time."),
        ticket::act("cancel", Who::Agency, ticket::cancel)
            .refuses(&[NotCancellable])
            .says("Gives a ticket up."),
        ticket::act("undo", Who::AnyCounter, ticket::undo)
            .refuses(&[NothingToUndo, NotYours, TooLateToUndo, TicketActive, CounterNotOpen, UnknownService])
            .says("Takes back one's own finish, no-show, cancel or transfer of a moment ago."),
        ticket::act("reprint", Who::Agency, ticket::reprint)
            .refuses(&[TicketOver, SlipOnItsWay, NoPrinter, UnknownPrinter])
            .says("Prints the same number once more, marked as such."),
        ticket::act("priority", Who::Agency, ticket::priority)
            .refuses(&[NotWaiting])
            .says("Sets or clears priority."),
    ]
}

fn at_counters() -> Vec<Route> {
    vec![
        counter::act("call-next", Who::Counter, counter::call_next)
            .refuses(AT_COUNTER)
            .refuses(&[NobodyWaiting, TicketCalled, CounterClosing])
            .says("Calls the next in turn; while serving, finishes first."),
        counter::act("recall", Who::Counter, counter::recall)
            .refuses(AT_COUNTER)
            .refuses(&[NothingCalled, CalledEnough, TOO_SOON])
            .says("Calls the same ticket once more."),
        counter::act("start", Who::Counter, counter::start)
            .refuses(AT_COUNTER)
            .refuses(&[NothingCalled])
            .says("The visitor is here."),
        counter::act("finish", Who::Counter, counter::finish)
            .refuses(AT_COUNTER)
            .refuses(&[NothingServing, UnknownOutcome, UnknownService, BadQuantity])
            .says("The service ended."),
        counter::act("no-show", Who::Counter, counter::no_show)
            .refuses(AT_COUNTER)
            .refuses(&[NothingCalled, CallAgainFirst, TOO_SOON])
            .says("Nobody came."),
        counter::act("hold", Who::Counter, counter::hold)
            .refuses(AT_COUNTER)
            .refuses(&[NothingServing, UnknownReason, BadTime])
            .says("The visitor fetches something and comes back."),
        counter::act("transfer", Who::Counter, counter::transfer)
            .refuses(AT_COUNTER)
            .refuses(&[NothingCalled, UnknownService, AlreadyThere, NotServedThere, TargetClosed])
            .says("Sends the ticket on to another service, or to one counter."),
        counter::act("open", Who::CounterOrSupervisor, counter::open).says(
            "Opens the counter, or ends its break. Opened from afar it keeps the name of who sits there.",
        ),
        counter::act("pause", Who::CounterOrSupervisor, counter::pause)
            .refuses(&[CounterNotOpen, TicketActive])
            .says("A break."),
        counter::act("close", Who::CounterOrSupervisor, counter::close)
            .says("Closes the counter; a ticket at it goes back to its place in the queue."),
        counter::act("assign", Who::Supervisor, counter::assign)
            .refuses(&[NoServices, UnknownService, ForeignService])
            .says("What the counter serves for the rest of the day."),
        counter::act("request-closure", Who::Counter, counter::request_closure)
            .refuses(&[CounterNotOpen, ClosurePending, UnknownReason])
            .says("Asks the supervisor to close the counter."),
        counter::act("withdraw-closure", Who::Counter, counter::refuse_closure)
            .refuses(&[NoClosure, ClosureDecided])
            .says("Needs that no more."),
        counter::act("grant-closure", Who::Supervisor, counter::grant_closure)
            .refuses(&[NoClosure, ClosureDecided])
            .says("Grants it: the counter closes, after the visitor who is at it."),
        counter::act("refuse-closure", Who::Supervisor, counter::refuse_closure)
            .refuses(&[NoClosure, ClosureDecided])
            .says("Refuses it."),
    ]
}

fn of_services() -> Vec<Route> {
    vec![
        service::act("stop", service::stop).refuses(&[AlreadyStopped, UnknownReason, BadTime]).says(
            "No numbers for a service, for a reason that visitors are told. Who waits is still called.",
        ),
        service::act("accept", service::accept).refuses(&[NotStopped]).says("Numbers for it again."),
    ]
}

fn of_staff() -> Vec<Route> {
    vec![staff::everybody(), staff::reset_pin()]
}

fn of_the_hall() -> Vec<Route> {
    vec![
        clock::confirm().says(
            "Says what time it is, where the system's clock is wrong. It holds until that clock agrees.",
        ),
        notices::post().says("Tells everyone in the lobby something for so many minutes."),
        notices::end().says("Takes that down before its time."),
        alarms::acknowledge().says("Somebody sees to what is wrong."),
    ]
}

fn of_slips() -> Vec<Route> {
    vec![
        slips::settle("seen", SlipOutcome::Printed { proof: Proof::Staff })
            .says("Somebody saw the paper in the visitor's hand."),
        slips::settle("spoiled", SlipOutcome::Spoiled)
            .says("The paper did not come out or cannot be read, and the visitor was told."),
    ]
}
