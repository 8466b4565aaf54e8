//! The projected tables, written from events alone: what a report reads and a technician sees.
//!
//! **Invariant:** nothing here looks at rules, clock or the day in memory, so that the same journal
//! always gives the same rows.

use rusqlite::{Connection, params};

use super::key::SiteKey;
use crate::queue::{
    Actor, AgencyId, At, Class, CounterId, Event, Origin, Part, PartTrouble, Reference, ServiceId,
    SlipOutcome, TicketId, TicketState, Undone, event,
};

/// A journal line as the tables write it.
pub struct Line<'a> {
    pub seq: u64,
    /// RFC 3339 with milliseconds, in the site's zone.
    pub at: String,
    /// The business day, `2026-11-23`.
    pub day: String,
    pub event: &'a Event,
}

/// Writes what one event changes.
pub fn project(conn: &Connection, key: &SiteKey, line: &Line<'_>) -> rusqlite::Result<()> {
    let (at, day, seq) = (&line.at, &line.day, line.seq);
    match line.event {
        Event::DayChanged { from, expired, ended, closed, failed, .. } => {
            for ticket in expired {
                end_ticket(conn, *ticket, TicketState::Expired, None, line)?;
            }
            for ticket in ended {
                end_ticket(conn, *ticket, TicketState::Done, Some(event::DAY_ENDED), line)?;
            }
            for counter in closed {
                end_span(conn, counter, line)?;
            }
            end_stopped(conn, None, line)?;
            end_downtime(conn, None, at)?;
            for (part, failure) in failed {
                begin_downtime(conn, part, failure.trouble, Began::Before, line)?;
            }
            if let Some(over) = from {
                super::ledger::keep(conn, &over.to_string(), seq.saturating_sub(1))?;
            }
        }
        Event::PartFailed { part, trouble, since } => {
            begin_downtime(conn, part, *trouble, Began::At(*since), line)?;
        }
        Event::PartMended { part, until } => {
            let until = until.map_or_else(|| at.clone(), super::writer::timestamp);
            end_downtime(conn, Some(part), &until)?;
        }
        Event::ServiceOpened { .. } | Event::ServiceClosed { .. } | Event::RulesChanged(_) => {}
        // Told while they hold; the journal is the record.
        Event::ClosureRequested { .. }
        | Event::ClosureDecided { .. }
        | Event::NoticePosted { .. }
        | Event::NoticeEnded { .. }
        | Event::AlarmAcknowledged { .. }
        | Event::Recovered(_) => {}
        Event::ClockDoubted { .. } => {}
        Event::ClockBelieved { moved, .. } | Event::ClockConfirmed { moved, .. } => {
            super::shift::times_of_the_day(conn, day, moved)?;
        }
        Event::ServiceStopped { service, agency, reason, until, by, .. } => {
            end_stopped(conn, Some(service), line)?;
            conn.prepare_cached(
                "INSERT INTO service_stop (seq, day, service, agency, reason, stopped_by, from_at, until_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                seq,
                day,
                service.as_str(),
                agency.as_str(),
                reason.as_str(),
                actor_word(by),
                at,
                until.map(super::writer::timestamp)
            ])?;
        }
        Event::ServiceAccepted { service, .. } => end_stopped(conn, Some(service), line)?,
        Event::TicketIssued {
            ticket,
            number,
            service,
            agency,
            class,
            language,
            origin,
            printer,
            nonce,
            forecast,
            entered_at,
            invited,
        } => {
            let came_at = &entered_at.map_or_else(|| at.clone(), super::writer::timestamp);
            conn.prepare_cached(
                "INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, printer,
                                     reference, token_hash, state, issued_at, invited)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'waiting', ?13, ?14)",
            )?
            .execute(params![
                ticket.0.0,
                day,
                number.prefix.as_str(),
                number.n,
                service.as_str(),
                agency.as_str(),
                class_word(*class),
                language.code(),
                origin_word(origin),
                printer.as_ref().map(|printer| printer.as_str()),
                Reference::of(*nonce).as_str(),
                key.token(*nonce).hash(),
                came_at,
                invited,
            ])?;
            conn.prepare_cached(
                "INSERT INTO stop (ticket, ord, service, agency, entered_at, forecast_low_s, forecast_high_s)
                 VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                ticket.0.0,
                service.as_str(),
                agency.as_str(),
                came_at,
                forecast.map(|forecast| forecast.low_s),
                forecast.map(|forecast| forecast.high_s)
            ])?;
            if let Some(printer) = printer {
                conn.prepare_cached(
                    "INSERT INTO slip (id, ticket, printer, reprint, state, queued_at)
                     VALUES (?1, ?2, ?3, 0, 'queued', ?4)",
                )?
                .execute(params![seq, ticket.0.0, printer.as_str(), at])?;
            }
        }
        Event::TicketCalled { ticket, counter, reason, .. } => {
            call_ticket(conn, *ticket, counter, line)?;
            // A visitor waits until the first call of a stop, whatever came after it.
            conn.prepare_cached(
                "UPDATE stop SET counter = ?2, called_at = COALESCE(called_at, ?3), calls = calls + 1,
                                 call_reason = COALESCE(?4, call_reason)
                 WHERE ticket = ?1 AND ended_at IS NULL",
            )?
            .execute(params![
                ticket.0.0,
                counter.as_str(),
                at,
                reason.as_ref().map(|reason| reason.as_str())
            ])?;
        }
        Event::TicketResumed { ticket, counter, .. } => {
            call_ticket(conn, *ticket, counter, line)?;
            conn.prepare_cached(
                "UPDATE stop SET counter = ?2, calls = calls + 1 WHERE ticket = ?1 AND ended_at IS NULL",
            )?
            .execute(params![ticket.0.0, counter.as_str()])?;
        }
        Event::TicketRecalled { ticket, calls, .. } => {
            conn.prepare_cached("UPDATE ticket SET calls = ?2 WHERE id = ?1")?
                .execute(params![ticket.0.0, calls])?;
            conn.prepare_cached("UPDATE stop SET calls = calls + 1 WHERE ticket = ?1 AND ended_at IS NULL")?
                .execute(params![ticket.0.0])?;
        }
        Event::ServiceStarted { ticket, .. } => {
            conn.prepare_cached(
                "UPDATE ticket SET state = 'serving', started_at = COALESCE(started_at, ?2) WHERE id = ?1",
            )?
            .execute(params![ticket.0.0, at])?;
            conn.prepare_cached(
                "UPDATE stop SET started_at = COALESCE(started_at, ?2) WHERE ticket = ?1 AND ended_at IS NULL",
            )?
            .execute(params![ticket.0.0, at])?;
            end_pause(conn, *ticket, line)?;
        }
        Event::ServiceFinished { ticket, outcome, corrected, delivered, .. } => {
            if let Some((service, agency)) = corrected {
                move_ticket(conn, *ticket, service, agency)?;
            }
            for delivery in delivered {
                conn.prepare_cached(
                    "INSERT INTO delivery (ticket, ord, service, quantity)
                     SELECT ?1, MAX(ord), ?2, ?3 FROM stop WHERE ticket = ?1",
                )?
                .execute(params![
                    ticket.0.0,
                    delivery.service.as_str(),
                    delivery.quantity
                ])?;
            }
            end_ticket(conn, *ticket, TicketState::Done, Some(outcome.as_str()), line)?;
        }
        Event::TicketMissed { ticket, .. } => {
            conn.prepare_cached(
                "UPDATE stop SET missed = missed + 1 WHERE ticket = ?1 AND ended_at IS NULL",
            )?
            .execute(params![ticket.0.0])?;
            end_ticket(conn, *ticket, TicketState::NoShow, None, line)?;
        }
        Event::TicketHeld { ticket, reason, until, .. } => {
            conn.prepare_cached("UPDATE ticket SET state = 'on_hold' WHERE id = ?1")?
                .execute(params![ticket.0.0])?;
            conn.prepare_cached(
                "INSERT INTO pause (seq, ticket, ord, reason, from_at, until_at)
                 SELECT ?1, ?2, MAX(ord), ?3, ?4, ?5 FROM stop WHERE ticket = ?2",
            )?
            .execute(params![
                seq,
                ticket.0.0,
                reason.as_str(),
                at,
                super::writer::timestamp(*until)
            ])?;
        }
        Event::HoldEnded { ticket } => {
            conn.prepare_cached("UPDATE ticket SET state = 'waiting' WHERE id = ?1")?
                .execute(params![ticket.0.0])?;
        }
        Event::TicketTransferred { ticket, service, agency, served, .. } => {
            let ended_as = if *served { "referred" } else { "transferred" };
            end_pause(conn, *ticket, line)?;
            end_stop(conn, *ticket, ended_as, line)?;
            conn.prepare_cached(
                "INSERT INTO stop (ticket, ord, service, agency, entered_at)
                 SELECT ?1, MAX(ord) + 1, ?2, ?3, ?4 FROM stop WHERE ticket = ?1",
            )?
            .execute(params![ticket.0.0, service.as_str(), agency.as_str(), at])?;
            conn.prepare_cached(
                "UPDATE ticket SET state = 'waiting', service = ?2, agency = ?3, counter = NULL, calls = 0,
                                   called_at = NULL, started_at = NULL WHERE id = ?1",
            )?
            .execute(params![ticket.0.0, service.as_str(), agency.as_str()])?;
        }
        Event::TicketReturned { ticket, .. } => {
            conn.prepare_cached(
                "UPDATE ticket SET state = 'waiting', counter = NULL, calls = 0, called_at = NULL,
                                   ended_at = NULL WHERE id = ?1",
            )?
            .execute(params![ticket.0.0])?;
            reopen_pause(conn, *ticket)?;
            reopen_stop(conn, *ticket)?;
        }
        Event::ClassChanged { ticket, class, .. } => {
            conn.prepare_cached("UPDATE ticket SET class = ?2 WHERE id = ?1")?
                .execute(params![ticket.0.0, class_word(*class)])?;
        }
        Event::TicketReopened {
            ticket, undone, state, service, agency, counter, calls, called_at, ..
        } => {
            take_back(conn, *ticket, *undone)?;
            // Who is served is there.
            if *state != TicketState::Serving {
                reopen_pause(conn, *ticket)?;
            }
            reopen_stop(conn, *ticket)?;
            move_ticket(conn, *ticket, service, agency)?;
            conn.prepare_cached(
                "UPDATE ticket SET state = ?2, counter = COALESCE(?3, counter), ended_at = NULL, outcome = NULL,
                                   calls = COALESCE(NULLIF(?4, 0), calls), called_at = COALESCE(?5, called_at)
                 WHERE id = ?1",
            )?
            .execute(params![
                ticket.0.0,
                state.as_str(),
                counter.as_ref().map(|counter| counter.as_str()),
                calls,
                called_at.map(super::writer::timestamp)
            ])?;
        }
        Event::TicketCancelled { ticket, .. } => {
            end_ticket(conn, *ticket, TicketState::Cancelled, None, line)?
        }
        Event::TicketHandedBack { ticket, .. } => {
            conn.prepare_cached("UPDATE ticket SET state = 'waiting', started_at = NULL WHERE id = ?1")?
                .execute(params![ticket.0.0])?;
            conn.prepare_cached("UPDATE stop SET started_at = NULL WHERE ticket = ?1 AND ended_at IS NULL")?
                .execute(params![ticket.0.0])?;
            // The service begins anew: nobody was away from it.
            conn.prepare_cached(&format!("DELETE FROM pause WHERE ticket = ?1 AND ord = {LAST_STOP}"))?
                .execute(params![ticket.0.0])?;
        }
        Event::CounterAssigned { .. } => {}
        Event::CounterOpened { counter, staff } => {
            begin_span(conn, counter, "open", Some(staff.as_str()), line)?;
        }
        Event::CounterPaused { counter } => begin_span(conn, counter, "paused", None, line)?,
        Event::CounterClosed { counter } => end_span(conn, counter, line)?,
        Event::TicketReprinted { ticket, printer, .. } => {
            conn.prepare_cached(
                "INSERT INTO slip (id, ticket, printer, reprint, state, queued_at)
                 VALUES (?1, ?2, ?3, 1, 'queued', ?4)",
            )?
            .execute(params![seq, ticket.0.0, printer.as_str(), at])?;
        }
        Event::SlipSettled { slip, outcome, by, .. } => {
            let proof = match outcome {
                SlipOutcome::Printed { proof } => Some(proof.as_str()),
                _ => None,
            };
            conn.prepare_cached(
                "UPDATE slip SET state = ?2, proof = ?3, trouble = CASE ?2 WHEN 'spoiled' THEN trouble ELSE ?4 END, settled_at = ?5, settled_by = ?6 WHERE id = ?1",
            )?
            .execute(params![
                slip.0.0,
                outcome.state().as_str(),
                proof,
                outcome.trouble().map(|trouble| trouble.as_str()),
                at,
                by.as_ref().map(|by| by.as_str())
            ])?;
        }
    }
    Ok(())
}

fn end_ticket(
    conn: &Connection,
    ticket: TicketId,
    state: TicketState,
    outcome: Option<&str>,
    line: &Line<'_>,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE ticket SET state = ?2, outcome = ?3, ended_at = ?4 WHERE id = ?1")?
        .execute(params![ticket.0.0, state.as_str(), outcome, line.at])?;
    end_pause(conn, ticket, line)?;
    end_stop(conn, ticket, outcome.unwrap_or(state.as_str()), line)
}

fn end_stop(conn: &Connection, ticket: TicketId, ended_as: &str, line: &Line<'_>) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE stop SET ended_at = ?2, ended_as = ?3 WHERE ticket = ?1 AND ended_at IS NULL",
    )?
    .execute(params![ticket.0.0, line.at, ended_as])?;
    Ok(())
}

fn end_pause(conn: &Connection, ticket: TicketId, line: &Line<'_>) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE pause SET to_at = ?2 WHERE ticket = ?1 AND to_at IS NULL")?
        .execute(params![ticket.0.0, line.at])?;
    Ok(())
}

fn call_ticket(
    conn: &Connection,
    ticket: TicketId,
    counter: &CounterId,
    line: &Line<'_>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE ticket SET state = 'called', counter = ?2, calls = 1, called_at = ?3 WHERE id = ?1",
    )?
    .execute(params![ticket.0.0, counter.as_str(), line.at])?;
    Ok(())
}

/// The last stop of a ticket.
const LAST_STOP: &str = "(SELECT MAX(ord) FROM stop WHERE ticket = ?1)";

/// The last stop goes on.
fn reopen_stop(conn: &Connection, ticket: TicketId) -> rusqlite::Result<()> {
    conn.prepare_cached(&format!(
        "UPDATE stop SET ended_at = NULL, ended_as = NULL WHERE ticket = ?1 AND ord = {LAST_STOP}"
    ))?
    .execute(params![ticket.0.0])?;
    Ok(())
}

/// Who was away until the stop ended has not come back yet; before the stop goes on.
fn reopen_pause(conn: &Connection, ticket: TicketId) -> rusqlite::Result<()> {
    conn.prepare_cached(&format!(
        "UPDATE pause SET to_at = NULL WHERE ticket = ?1 AND ord = {LAST_STOP}
         AND to_at = (SELECT ended_at FROM stop WHERE stop.ticket = ?1 AND stop.ord = pause.ord)"
    ))?
    .execute(params![ticket.0.0])?;
    Ok(())
}

/// The ticket and its last stop are for another service.
fn move_ticket(
    conn: &Connection,
    ticket: TicketId,
    service: &ServiceId,
    agency: &AgencyId,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE ticket SET service = ?2, agency = ?3 WHERE id = ?1")?.execute(params![
        ticket.0.0,
        service.as_str(),
        agency.as_str()
    ])?;
    conn.prepare_cached(&format!(
        "UPDATE stop SET service = ?2, agency = ?3 WHERE ticket = ?1 AND ord = {LAST_STOP}"
    ))?
    .execute(params![ticket.0.0, service.as_str(), agency.as_str()])?;
    Ok(())
}

/// Removes what an act wrote besides ending the stop.
fn take_back(conn: &Connection, ticket: TicketId, undone: Undone) -> rusqlite::Result<()> {
    match undone {
        Undone::Finish => {
            conn.prepare_cached(&format!("DELETE FROM delivery WHERE ticket = ?1 AND ord = {LAST_STOP}"))?
                .execute(params![ticket.0.0])?;
        }
        Undone::NoShow => {
            conn.prepare_cached(&format!(
                "UPDATE stop SET missed = missed - 1 WHERE ticket = ?1 AND ord = {LAST_STOP}"
            ))?
            .execute(params![ticket.0.0])?;
        }
        Undone::Cancel => {}
        Undone::Transfer => {
            conn.prepare_cached(&format!("DELETE FROM stop WHERE ticket = ?1 AND ord = {LAST_STOP}"))?
                .execute(params![ticket.0.0])?;
            conn.prepare_cached(&format!(
                "UPDATE ticket SET (called_at, started_at, calls) =
                     (SELECT called_at, started_at, calls FROM stop WHERE ticket = ?1 AND ord = {LAST_STOP})
                 WHERE id = ?1"
            ))?
            .execute(params![ticket.0.0])?;
        }
    }
    Ok(())
}

fn begin_span(
    conn: &Connection,
    counter: &CounterId,
    phase: &str,
    staff: Option<&str>,
    line: &Line<'_>,
) -> rusqlite::Result<()> {
    end_span(conn, counter, line)?;
    conn.prepare_cached(
        "INSERT INTO counter_span (seq, day, counter, phase, staff, from_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![line.seq, line.day, counter.as_str(), phase, staff, line.at])?;
    Ok(())
}

fn end_span(conn: &Connection, counter: &CounterId, line: &Line<'_>) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE counter_span SET to_at = ?2 WHERE counter = ?1 AND to_at IS NULL")?
        .execute(params![counter.as_str(), line.at])?;
    Ok(())
}

/// When a part went out.
enum Began {
    /// With this line, or at this moment.
    At(Option<At>),
    /// On a day before.
    Before,
}

fn begin_downtime(
    conn: &Connection,
    part: &Part,
    trouble: PartTrouble,
    began: Began,
    line: &Line<'_>,
) -> rusqlite::Result<()> {
    let (from, continues) = match began {
        Began::At(Some(since)) => (super::writer::timestamp(since), false),
        Began::At(None) => (line.at.clone(), false),
        Began::Before => (line.at.clone(), true),
    };
    end_downtime(conn, Some(part), &from)?;
    conn.prepare_cached(
        "INSERT INTO downtime (seq, part, day, trouble, continues, from_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![line.seq, part.to_string(), line.day, trouble.as_str(), continues, from])?;
    Ok(())
}

fn end_downtime(conn: &Connection, part: Option<&Part>, until: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE downtime SET to_at = ?2 WHERE to_at IS NULL AND part = COALESCE(?1, part)")?
        .execute(params![part.map(Part::to_string), until])?;
    Ok(())
}

/// A stop has ended, at the latest now; its own time may have ended it before.
fn end_stopped(conn: &Connection, service: Option<&ServiceId>, line: &Line<'_>) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE service_stop SET to_at = MIN(COALESCE(until_at, ?2), ?2)
         WHERE to_at IS NULL AND service = COALESCE(?1, service)",
    )?
    .execute(params![service.map(|service| service.as_str()), line.at])?;
    Ok(())
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Regular => "regular",
        Class::Priority => "priority",
    }
}

fn actor_word(actor: &Actor) -> String {
    match actor {
        Actor::Visitor => "visitor".to_owned(),
        Actor::Staff(id) => format!("staff:{id}"),
        Actor::Api(name) => format!("api:{name}"),
    }
}

fn origin_word(origin: &Origin) -> String {
    match origin {
        Origin::Kiosk(id) => format!("kiosk:{id}"),
        Origin::Desk(id) => format!("desk:{id}"),
        Origin::Api(name) => format!("api:{name}"),
    }
}
