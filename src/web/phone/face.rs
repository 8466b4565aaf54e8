//! What the page says of a ticket, made from the committed present.

use crate::hall::Present;
use crate::queue::{At, Class, Forecast, Language, Text, TicketState, TicketView};
use crate::words::{clock, counters, msg};

/// A ticket as its holder sees it.
pub struct Face {
    /// What a tab shows: where the ticket stands comes first.
    pub title: String,
    pub pill: &'static str,
    pub agency: String,
    pub service: String,
    pub priority: bool,
    /// The state in a sentence, and what to do; of a ticket that neither waits nor is called.
    pub said: Option<(String, String)>,
    /// Of a ticket that waits.
    pub queue: Option<Queue>,
    /// Of a ticket that is called.
    pub call: Option<Call>,
    /// Where to wait, while there is something to wait for.
    pub place: Option<Place>,
    /// "Terakhir dipanggil: A020 ke Loket 4".
    pub last: Option<String>,
    /// Asked before the number is given up, where it can be.
    pub cancel: Option<String>,
    /// What is said while the line is dead: when this was so.
    pub lost: String,
    /// Nothing more is expected to happen.
    pub over: bool,
}

/// How it stands with the queue.
pub struct Queue {
    pub ahead: u32,
    /// "orang di depan", or who is next.
    pub people: &'static str,
    /// A range, where it can be foretold.
    pub wait: Option<String>,
}

impl Queue {
    /// Shoots that stand for people ahead; more than fit are told by the number.
    pub fn shoots(&self) -> std::ops::Range<u32> {
        0..self.ahead.min(SHOOTS)
    }

    pub fn has_more(&self) -> bool {
        self.ahead > SHOOTS
    }
}

/// As many as stand in a row of the narrowest phone.
const SHOOTS: u32 = 7;

/// Where a ticket is called to.
pub struct Call {
    pub at: String,
    pub number: u16,
    /// "Loket 3".
    pub counter: String,
    /// Another one for each call: the phone rings when it changes.
    pub mark: String,
}

/// Where to wait.
pub struct Place {
    /// Nothing in a house without zones.
    pub letter: String,
    pub name: String,
    pub counters: String,
}

impl Face {
    pub fn of(present: &Present, ticket: &TicketView, now: At, language: Language) -> Self {
        let queue = ticket.ahead.map(|ahead| queue(ahead, ticket.forecast, language));
        let call = (ticket.state == TicketState::Called).then(|| call(ticket, language)).flatten();
        let waits = matches!(ticket.state, TicketState::Waiting | TicketState::OnHold | TicketState::Called);
        let service = present.rules.service(&ticket.service);
        let text = |text: &Text| text.in_language(language).to_owned();
        let in_queue = ticket.state == TicketState::Waiting;
        let lost = msg("No connection. This is how it was at {time}. Please listen for the call.");
        Self {
            title: title(ticket, language),
            pill: pill(ticket.state, language),
            agency: service.map(|(agency, _)| text(&agency.name)).unwrap_or_default(),
            service: service.map(|(_, service)| text(&service.name)).unwrap_or_default(),
            priority: ticket.class == Class::Priority,
            said: said(ticket, language),
            queue,
            call,
            place: if waits { place(present, ticket, language) } else { None },
            last: if in_queue { last(present, ticket, language) } else { None },
            cancel: in_queue.then(|| {
                msg("Cancel {number}? It cannot be used again.").with(language, &[("number", &ticket.number)])
            }),
            lost: lost.with(language, &[("time", &clock(now, language))]),
            over: matches!(ticket.state, TicketState::Done | TicketState::Cancelled | TicketState::Expired),
        }
    }
}

fn title(ticket: &TicketView, language: Language) -> String {
    let said = match (ticket.state, ticket.ahead, ticket.counter_number) {
        (TicketState::Waiting, Some(0), _) => msg("You are next").say(language).to_owned(),
        (TicketState::Waiting, Some(ahead), _) => msg("{n} ahead of you").with(language, &[("n", &ahead)]),
        (TicketState::Called, _, Some(number)) => {
            msg("Your turn! {counter}").with(language, &[("counter", &counters(&[number], language))])
        }
        (state, ..) => pill(state, language).to_owned(),
    };
    format!("{said} · {}", ticket.number)
}

/// The state in a word.
fn pill(state: TicketState, language: Language) -> &'static str {
    match state {
        TicketState::Waiting => msg("Waiting"),
        TicketState::Called => msg("Called"),
        TicketState::Serving => msg("Being served"),
        TicketState::OnHold => msg("Postponed"),
        TicketState::Done => msg("Finished"),
        TicketState::NoShow => msg("Missed"),
        TicketState::Cancelled => msg("Cancelled"),
        TicketState::Expired => msg("No longer valid"),
    }
    .say(language)
}

fn said(ticket: &TicketView, language: Language) -> Option<(String, String)> {
    let counter = ticket.counter_number.map(|number| counters(&[number], language));
    let (what, then) = match ticket.state {
        TicketState::Waiting | TicketState::Called => return None,
        TicketState::Serving => {
            let at = msg("You are being served at {counter}");
            let what = counter.map(|counter| at.with(language, &[("counter", &counter)]));
            let what = what.unwrap_or_else(|| msg("You are being served").say(language).to_owned());
            return Some((what, String::new()));
        }
        TicketState::OnHold => {
            let what = msg("Your number is postponed").say(language).to_owned();
            let back = msg("It waits again from {time} on. Back earlier? Tell the officer.");
            let then =
                ticket.hold_until.map(|until| back.with(language, &[("time", &clock(until, language))]));
            return Some((what, then.unwrap_or_default()));
        }
        TicketState::Done => (msg("Finished. Thank you."), msg("You may close this page.")),
        TicketState::NoShow => {
            (msg("You missed your call"), msg("Please tell the information desk: you can still be served."))
        }
        TicketState::Cancelled => {
            (msg("Your number is cancelled"), msg("Still need the service? Take a new number at the kiosk."))
        }
        TicketState::Expired => (
            msg("Your number is no longer valid"),
            msg("A number is valid on its own day only. Please take a new one."),
        ),
    };
    Some((what.say(language).to_owned(), then.say(language).to_owned()))
}

fn queue(ahead: u32, forecast: Option<Forecast>, language: Language) -> Queue {
    let people = match ahead {
        0 => msg("You are next"),
        1 => msg("person ahead"),
        _ => msg("people ahead"),
    };
    let range = forecast.map(Forecast::minutes);
    let said = |(low, high)| msg("{low}–{high} min").with(language, &[("low", &low), ("high", &high)]);
    Queue { ahead, people: people.say(language), wait: range.map(said) }
}

fn call(ticket: &TicketView, language: Language) -> Option<Call> {
    let number = ticket.counter_number?;
    let (at, said) = match (ticket.recalled_at, ticket.called_at) {
        (Some(at), _) => (at, msg("Called again at {time}")),
        (None, at) => (at?, msg("Called at {time}")),
    };
    Some(Call {
        at: said.with(language, &[("time", &clock(at, language))]),
        number,
        counter: counters(&[number], language),
        mark: format!("{number}-{}", at.timestamp_millis()),
    })
}

fn place(present: &Present, ticket: &TicketView, language: Language) -> Option<Place> {
    let agency = ticket.agency.as_ref().and_then(|id| present.rules.agency(id));
    let zone = agency.and_then(|agency| present.rules.zone(agency.zone.as_ref()?));
    let place = Place {
        letter: zone.map(|zone| zone.letter.clone()).unwrap_or_default(),
        name: zone.map(|zone| zone.name.in_language(language).to_owned()).unwrap_or_default(),
        counters: counters(&ticket.counters, language),
    };
    (zone.is_some() || !place.counters.is_empty()).then_some(place)
}

/// Who was called last to the counters that will call this ticket.
fn last(present: &Present, ticket: &TicketView, language: Language) -> Option<String> {
    let calls = present.board().calls.iter().rev();
    let mine = |number: Option<u16>| number.is_some_and(|number| ticket.counters.contains(&number));
    let mut calls = calls.filter(|call| mine(call.counter_number) && call.number != ticket.number);
    let call = calls.next()?;
    let counter = counters(&[call.counter_number?], language);
    let said = msg("Last called: {number} to {counter}");
    Some(said.with(language, &[("number", &call.number), ("counter", &counter)]))
}
