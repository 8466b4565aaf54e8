//! Whether what people were told is what is on disk.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Played;
use crate::queue::board::CallRow;
use crate::queue::{CounterId, Day, Event, Lineage, Recorded, Seq, TicketId, TicketNumber, TicketState};

/// Everything in which the journal of a day and what visitors and screens were told differ, in words.
pub fn faults(journal: &[Recorded], played: &Played) -> Vec<String> {
    let mut faults = played.faults.clone();
    faults.extend(lines(journal));
    faults.extend(numbers(journal, &played.handed));
    faults.extend(calls(journal, &played.calls));
    faults.extend(counters(journal));
    faults.extend(fate(journal));
    faults
}

/// No line is missing.
fn lines(journal: &[Recorded]) -> Vec<String> {
    let gaps = journal.windows(2).filter(|pair| pair[0].seq.next() != pair[1].seq);
    gaps.map(|pair| format!("the journal goes from line {} to line {}", pair[0].seq, pair[1].seq)).collect()
}

/// No number twice, and every number that was handed out is there.
fn numbers(journal: &[Recorded], handed: &[TicketNumber]) -> Vec<String> {
    let mut issued: HashMap<&TicketNumber, u32> = HashMap::new();
    for recorded in journal {
        match &recorded.event {
            Event::TicketIssued { number, .. } => *issued.entry(number).or_default() += 1,
            // Numbers begin anew: those of the day before may come again.
            Event::DayChanged { .. } => issued.clear(),
            _ => {}
        }
    }
    let twice = issued.iter().filter(|(_, count)| **count > 1);
    let mut faults: Vec<String> = twice.map(|(number, _)| format!("{number} was given twice")).collect();
    let mut told = HashSet::new();
    for number in handed {
        if !told.insert(number) {
            faults.push(format!("{number} was handed to two visitors"));
        }
        if !issued.contains_key(number) {
            faults.push(format!("{number} was handed to a visitor and is lost"));
        }
    }
    faults.sort_unstable();
    faults
}

/// Every call was told to the screens, once and in order.
fn calls(journal: &[Recorded], told: &[CallRow]) -> Vec<String> {
    type Call<'a> = (Seq, &'a TicketNumber, &'a CounterId, bool);
    let made: Vec<Call> = journal.iter().filter_map(call).collect();
    let told: Vec<Call> = told.iter().map(|row| (row.seq, &row.number, &row.counter, row.recall)).collect();
    let differ = made.iter().zip(&told).find(|(made, told)| made != told);
    let words = |(seq, number, counter, _): &Call| format!("{number} to {counter} (line {seq})");
    match differ {
        Some((made, told)) => {
            vec![format!("{} was called, the feed told of {}", words(made), words(told))]
        }
        None if made.len() != told.len() => {
            vec![format!("{} calls were made, the feed told of {}", made.len(), told.len())]
        }
        None => Vec::new(),
    }
}

fn call(recorded: &Recorded) -> Option<(Seq, &TicketNumber, &CounterId, bool)> {
    match &recorded.event {
        Event::TicketCalled { number, counter, .. } | Event::TicketResumed { number, counter, .. } => {
            Some((recorded.seq, number, counter, false))
        }
        Event::TicketRecalled { number, counter, .. } => Some((recorded.seq, number, counter, true)),
        _ => None,
    }
}

/// Nobody is at two counters, and no counter has two.
fn counters(journal: &[Recorded]) -> Vec<String> {
    let mut at: BTreeMap<CounterId, TicketId> = BTreeMap::new();
    let mut faults = Vec::new();
    for recorded in journal {
        match &recorded.event {
            Event::TicketCalled { ticket, counter, number, .. }
            | Event::TicketResumed { ticket, counter, number } => {
                if let Some((other, _)) = at.iter().find(|(_, known)| *known == ticket) {
                    faults.push(format!("{number} was called to {counter} while it was at {other}"));
                }
                if at.insert(counter.clone(), *ticket).is_some() {
                    faults.push(format!("{number} was called to {counter}, where somebody was"));
                }
            }
            Event::TicketReopened { ticket, counter: Some(counter), .. } => {
                at.insert(counter.clone(), *ticket);
            }
            Event::ServiceFinished { counter, .. }
            | Event::TicketMissed { counter, .. }
            | Event::TicketHeld { counter, .. }
            | Event::TicketHandedBack { counter, .. }
            | Event::TicketTransferred { counter, .. }
            | Event::TicketCancelled { counter: Some(counter), .. } => {
                at.remove(counter);
            }
            Event::DayChanged { .. } => at.clear(),
            _ => {}
        }
    }
    faults
}

/// The lines add up to a day that keeps the rules, and every ticket is somewhere in it.
fn fate(journal: &[Recorded]) -> Vec<String> {
    let mut day = Day::blank(Lineage("".into()), Seq(0));
    let mut issued = 0;
    for recorded in journal {
        match recorded.event {
            Event::TicketIssued { .. } => issued += 1,
            Event::DayChanged { .. } => issued = 0,
            _ => {}
        }
        day.apply(recorded);
    }
    let mut faults: Vec<String> = day.check().err().into_iter().collect();
    let lost = |ticket: &&crate::queue::Ticket| ticket.state == TicketState::Expired;
    let known = day.tickets().count();
    if known != issued || day.tickets().any(|ticket| lost(&ticket)) {
        faults.push(format!("{issued} tickets were issued, {known} are known"));
    }
    faults
}
