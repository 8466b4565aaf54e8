//! What a granted wish is answered.

use std::sync::Arc;

use super::present::Present;
use super::request::Answer;
use crate::queue::{At, Command, CounterId, Day, Event, Recorded, TicketView};

/// What whoever wished is told, from the day that the wish led to.
pub fn answer(
    present: &Present,
    day: &Day,
    command: &Command,
    news: &[(Recorded, Arc<Day>)],
    now: At,
) -> Answer {
    let counter: Option<&CounterId> = match command {
        Command::CallNext { counter, .. }
        | Command::Recall { counter, .. }
        | Command::Start { counter, .. }
        | Command::Finish { counter, .. }
        | Command::NoShow { counter, .. }
        | Command::Call { counter, .. }
        | Command::Hold { counter, .. }
        | Command::Resume { counter, .. }
        | Command::Transfer { counter, .. }
        | Command::AssignCounter { counter, .. }
        | Command::OpenCounter { counter, .. }
        | Command::PauseCounter { counter }
        | Command::CloseCounter { counter }
        | Command::RequestClosure { counter, .. }
        | Command::DecideClosure { counter, .. } => Some(counter),
        Command::Issue(_)
        | Command::Adopt(_)
        | Command::PostNotice { .. }
        | Command::EndNotice { .. }
        | Command::AcknowledgeAlarm { .. }
        | Command::Cancel { .. }
        | Command::Return { .. }
        | Command::SetClass { .. }
        | Command::Undo { .. }
        | Command::ReportSlip { .. }
        | Command::Reprint { .. }
        | Command::FollowClock { .. }
        | Command::ConfirmClock { .. }
        | Command::StopService { .. }
        | Command::AcceptService { .. }
        | Command::ReportPart { .. }
        | Command::ReportDark { .. }
        | Command::ChangeRules(_)
        | Command::Settle
        | Command::Recover(_)
        | Command::Tick => None,
    };
    let ticket = news.iter().rev().find_map(|(recorded, _)| match &recorded.event {
        Event::TicketIssued { ticket, .. }
        | Event::TicketCalled { ticket, .. }
        | Event::TicketRecalled { ticket, .. }
        | Event::ServiceStarted { ticket, .. }
        | Event::ServiceFinished { ticket, .. }
        | Event::TicketMissed { ticket, .. }
        | Event::TicketCancelled { ticket, .. }
        | Event::TicketHandedBack { ticket, .. }
        | Event::TicketHeld { ticket, .. }
        | Event::TicketResumed { ticket, .. }
        | Event::TicketTransferred { ticket, .. }
        | Event::TicketReturned { ticket, .. }
        | Event::ClassChanged { ticket, .. }
        | Event::TicketReopened { ticket, .. }
        | Event::TicketReprinted { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let ticket = ticket.and_then(|id| day.ticket(id));
    Answer {
        seq: day.seq(),
        ticket: ticket.map(|ticket| TicketView::at(&present.rules, day, ticket, now)),
        counter: counter.cloned(),
        nonce: ticket.map(|ticket| ticket.nonce),
        replayed: false,
    }
}

/// An answer as it was given before.
pub fn replayed(mut answer: Answer) -> Answer {
    answer.replayed = true;
    if let (Some(ticket), Some(nonce)) = (&mut answer.ticket, answer.nonce) {
        ticket.nonce = nonce;
    }
    answer
}
