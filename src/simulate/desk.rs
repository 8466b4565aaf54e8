//! The information desk of a simulated day, where nobody is at a counter.

use super::STAFF;
use super::chance::Chance;
use crate::queue::{
    Actor, Class, Command, Day, Proof, SlipId, SlipOutcome, SlipState, TicketId, TicketState,
};

fn desk() -> Actor {
    Actor::Staff(STAFF.into())
}

/// Whoever was missed has come.
pub fn take_back(day: &Day, ticket: TicketId) -> Option<Command> {
    let missed = day.ticket(ticket)?.state == TicketState::NoShow;
    missed.then(|| Command::Return { ticket, by: desk() })
}

/// Somebody who should not stand so long.
pub fn prefer(day: &Day, ticket: TicketId) -> Option<Command> {
    let waits = day.ticket(ticket)?.state == TicketState::Waiting;
    waits.then(|| Command::SetClass { ticket, class: Class::Priority, by: desk() })
}

/// A slip that may be missing: somebody looks, and prints it again for who still waits.
pub fn settle(day: &Day, slip: SlipId, printer_is_well: bool, chance: &mut Chance) -> Option<Command> {
    let record = day.slip(slip).filter(|record| record.needs_attention())?;
    let ticket = day.ticket(record.ticket)?;
    let newest = ticket.slip == Some(slip);
    if record.state == SlipState::Uncertain && chance.share(0.8) {
        let outcome = SlipOutcome::Printed { proof: Proof::Staff };
        return Some(Command::ReportSlip { slip, outcome, by: Some(STAFF.into()) });
    }
    if newest && printer_is_well && ticket.state == TicketState::Waiting && chance.share(0.6) {
        return Some(Command::Reprint { ticket: ticket.id, printer: None, by: STAFF.into() });
    }
    let outcome = SlipOutcome::Spoiled;
    // The visitor was told the number, or has gone: nobody needs this paper.
    record.state.accepts(outcome).then(|| Command::ReportSlip { slip, outcome, by: Some(STAFF.into()) })
}

/// A visitor gives up.
pub fn give_up(day: &Day, ticket: TicketId) -> Option<Command> {
    let waits = day.ticket(ticket)?.state == TicketState::Waiting;
    waits.then_some(Command::Cancel { ticket, by: Actor::Visitor })
}
