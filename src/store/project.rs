//! The projected tables, written from events alone: what a report reads and a technician sees.
//!
//! **Invariant:** nothing here looks at rules, clock or the day in memory, so that the same journal
//! always gives the same rows.

use rusqlite::{Connection, params};

use super::key::SiteKey;
use crate::queue::{
    Class, CounterId, Event, Language, Origin, Reference, SlipOutcome, TicketId, TicketState,
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
        Event::DayChanged { expired, ended, closed, .. } => {
            for ticket in expired {
                end_ticket(conn, *ticket, TicketState::Expired, None, line)?;
            }
            for ticket in ended {
                end_ticket(conn, *ticket, TicketState::Done, Some("day_ended"), line)?;
            }
            for counter in closed {
                end_span(conn, counter, line)?;
            }
        }
        Event::ServiceOpened { .. } | Event::ServiceClosed { .. } => {}
        Event::TicketIssued { ticket, number, service, agency, class, language, origin, printer, nonce } => {
            conn.prepare_cached(
                "INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, printer,
                                     reference, token_hash, state, issued_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'waiting', ?13)",
            )?
            .execute(params![
                ticket.0.0,
                day,
                number.prefix.as_str(),
                number.n,
                service.as_str(),
                agency.as_str(),
                class_word(*class),
                language_word(*language),
                origin_word(origin),
                printer.as_ref().map(|printer| printer.as_str()),
                Reference::of(*nonce).as_str(),
                key.token(*nonce).hash(),
                at,
            ])?;
            conn.prepare_cached(
                "INSERT INTO stop (ticket, ord, service, entered_at) VALUES (?1, 1, ?2, ?3)",
            )?
            .execute(params![ticket.0.0, service.as_str(), at])?;
            if let Some(printer) = printer {
                conn.prepare_cached(
                    "INSERT INTO slip (id, ticket, printer, reprint, state, queued_at)
                     VALUES (?1, ?2, ?3, 0, 'queued', ?4)",
                )?
                .execute(params![seq, ticket.0.0, printer.as_str(), at])?;
            }
        }
        Event::TicketCalled { ticket, counter, .. } => {
            conn.prepare_cached(
                "UPDATE ticket SET state = 'called', counter = ?2, calls = calls + 1, called_at = ?3 WHERE id = ?1",
            )?
            .execute(params![ticket.0.0, counter.as_str(), at])?;
            conn.prepare_cached(
                "UPDATE stop SET counter = ?2, called_at = ?3 WHERE ticket = ?1 AND ended_at IS NULL",
            )?
            .execute(params![ticket.0.0, counter.as_str(), at])?;
        }
        Event::TicketRecalled { ticket, calls, .. } => {
            conn.prepare_cached("UPDATE ticket SET calls = ?2 WHERE id = ?1")?
                .execute(params![ticket.0.0, calls])?;
        }
        Event::ServiceStarted { ticket, .. } => {
            conn.prepare_cached("UPDATE ticket SET state = 'serving', started_at = ?2 WHERE id = ?1")?
                .execute(params![ticket.0.0, at])?;
            conn.prepare_cached("UPDATE stop SET started_at = ?2 WHERE ticket = ?1 AND ended_at IS NULL")?
                .execute(params![ticket.0.0, at])?;
        }
        Event::ServiceFinished { ticket, outcome, .. } => {
            end_ticket(conn, *ticket, TicketState::Done, Some(outcome.as_str()), line)?;
        }
        Event::TicketMissed { ticket, .. } => end_ticket(conn, *ticket, TicketState::NoShow, None, line)?,
        Event::TicketCancelled { ticket, .. } => {
            end_ticket(conn, *ticket, TicketState::Cancelled, None, line)?
        }
        Event::TicketHandedBack { ticket, .. } => {
            conn.prepare_cached("UPDATE ticket SET state = 'waiting', started_at = NULL WHERE id = ?1")?
                .execute(params![ticket.0.0])?;
            conn.prepare_cached("UPDATE stop SET started_at = NULL WHERE ticket = ?1 AND ended_at IS NULL")?
                .execute(params![ticket.0.0])?;
        }
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
    conn.prepare_cached(
        "UPDATE stop SET ended_at = ?2, ended_as = ?3 WHERE ticket = ?1 AND ended_at IS NULL",
    )?
    .execute(params![ticket.0.0, line.at, outcome.unwrap_or(state.as_str())])?;
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

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Regular => "regular",
        Class::Priority => "priority",
    }
}

fn language_word(language: Language) -> &'static str {
    match language {
        Language::Id => "id",
        Language::En => "en",
    }
}

fn origin_word(origin: &Origin) -> String {
    match origin {
        Origin::Kiosk(id) => format!("kiosk:{id}"),
        Origin::Desk(id) => format!("desk:{id}"),
        Origin::Api(name) => format!("api:{name}"),
    }
}
