//! Numbers that were handed out on paper while the box was dark.

use super::counter::Decided;
use crate::queue::command::Adopt;
use crate::queue::{At, Day, Event, Refusal, Rules, TicketId};

/// A ticket of today with the number on the strip. The visitor has it already: whether new numbers can be had
/// is not asked.
pub fn adopt(rules: &Rules, day: &Day, wish: &Adopt, now: At) -> Decided {
    let (agency, service) = rules.service(&wish.service).ok_or(Refusal::UnknownService)?;
    if !rules.emergency.contains(wish.number.n) {
        return Err(Refusal::NotEmergency);
    }
    if wish.number.prefix != service.prefix {
        return Err(Refusal::WrongPrefix);
    }
    if day.ticket_numbered(&wish.number).is_some() {
        return Err(Refusal::NumberTaken);
    }
    if wish.entered_at > now || Some(rules.business_day(wish.entered_at)) != day.date() {
        return Err(Refusal::BadEntry);
    }
    Ok(vec![Event::TicketIssued {
        ticket: TicketId(day.seq().next()),
        number: wish.number.clone(),
        service: service.id.clone(),
        agency: agency.id.clone(),
        class: wish.class,
        language: wish.language,
        origin: wish.origin.clone(),
        printer: None,
        nonce: wish.nonce,
        // Nobody told them anything.
        forecast: None,
        entered_at: Some(wish.entered_at),
        // Their paper says nothing of it.
        invited: false,
    }])
}
