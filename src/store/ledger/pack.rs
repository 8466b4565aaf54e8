//! A business day, made from the projected tables.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use super::{CounterSpan, DayLedger, DayMs, End, Name, ServiceStop, TicketEntry, Visit};
use crate::queue::event;

/// Packs a day that is over; `seq` is its last line. A day on which nothing happened leaves nothing.
pub fn keep(conn: &Connection, day: &str, seq: u64) -> rusqlite::Result<()> {
    let body = match packed(conn, day) {
        Ok(ledger) if ledger.is_empty() => return Ok(()),
        Ok(ledger) => ledger.sealed()?,
        // What cannot be understood must not keep the house from its next day; a report says so.
        Err(error) if error.sqlite_error_code().is_none() => {
            tracing::error!(code = "day_ledger", day, %error, "a day cannot be packed for reports");
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    conn.prepare_cached("INSERT OR REPLACE INTO day_ledger (seq, day, body) VALUES (?1, ?2, ?3)")?
        .execute(params![seq, day, body])?;
    Ok(())
}

/// Packs every day but the last, which still runs: what an older version left.
pub fn keep_all(conn: &Connection) -> rusqlite::Result<()> {
    let days = "SELECT day, MAX(seq) FROM journal GROUP BY day
                HAVING day < (SELECT day FROM journal ORDER BY seq DESC LIMIT 1) ORDER BY day";
    let mut query = conn.prepare(days)?;
    let days = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?)))?;
    for day in days.collect::<Result<Vec<_>, _>>()? {
        keep(conn, &day.0, day.1)?;
    }
    Ok(())
}

/// A day as the tables have it now.
pub fn packed(conn: &Connection, day: &str) -> rusqlite::Result<DayLedger> {
    let date: NaiveDate = day.parse().map_err(|error| nonsense(0, error))?;
    let mut names = Names::default();
    let clock = Clock { midnight: date };
    let (tickets, places) = tickets(conn, day, &mut names, clock)?;
    let visits = visits(conn, day, &mut names, clock, &places)?;
    let spans = spans(conn, day, &mut names, clock)?;
    let refusals = refusals(conn, day, &mut names, clock)?;
    Ok(DayLedger { day: date, names: names.all, tickets, visits, spans, refusals })
}

/// Names in the order in which they are met.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    places: HashMap<String, u16>,
}

impl Names {
    fn of(&mut self, name: &str) -> rusqlite::Result<Name> {
        if let Some(place) = self.places.get(name) {
            return Ok(Name(*place));
        }
        let place = u16::try_from(self.all.len()).map_err(|error| nonsense(0, error))?;
        self.all.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        Ok(Name(place))
    }

    fn of_column(&mut self, row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Name>> {
        row.get_ref(column)?.as_str_or_null()?.map(|name| self.of(name)).transpose()
    }
}

/// Reads what the tables say of the time.
#[derive(Clone, Copy)]
struct Clock {
    midnight: NaiveDate,
}

impl Clock {
    fn at(self, row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DayMs>> {
        let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
        let at = DateTime::parse_from_rfc3339(text).map_err(|error| nonsense(column, error))?;
        Ok(Some((at.naive_local() - self.midnight.and_time(NaiveTime::MIN)).num_milliseconds()))
    }

    fn sure(self, row: &Row<'_>, column: usize) -> rusqlite::Result<DayMs> {
        self.at(row, column)?.ok_or(rusqlite::Error::InvalidColumnType(column, "a time".into(), Type::Null))
    }
}

fn nonsense(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}

/// The tickets of a day, and where each id stands among them.
fn tickets(
    conn: &Connection,
    day: &str,
    names: &mut Names,
    clock: Clock,
) -> rusqlite::Result<(Vec<TicketEntry>, HashMap<i64, u32>)> {
    let mut query = conn.prepare_cached(
        "SELECT id, prefix, n, class, origin, issued_at, ended_at, state, outcome,
                (SELECT count(*) FROM slip WHERE slip.ticket = ticket.id AND slip.reprint = 1), invited
         FROM ticket WHERE day = ?1 ORDER BY id",
    )?;
    let mut rows = query.query([day])?;
    let (mut all, mut places) = (Vec::new(), HashMap::new());
    while let Some(row) = rows.next()? {
        places.insert(row.get(0)?, all.len() as u32);
        let served = row.get_ref(7)?.as_str()? == "done";
        let known = row.get_ref(8)?.as_str_or_null()? != Some(event::DAY_ENDED);
        all.push(TicketEntry {
            prefix: names.of(row.get_ref(1)?.as_str()?)?,
            n: row.get(2)?,
            priority: row.get_ref(3)?.as_str()? == "priority",
            origin: names.of(row.get_ref(4)?.as_str()?)?,
            issued: clock.sure(row, 5)?,
            left: clock.at(row, 6)?.filter(|_| served && known),
            reprints: row.get(9)?,
            invited: row.get(10)?,
        });
    }
    Ok((all, places))
}

fn visits(
    conn: &Connection,
    day: &str,
    names: &mut Names,
    clock: Clock,
    places: &HashMap<i64, u32>,
) -> rusqlite::Result<Vec<Visit>> {
    let delivered = delivered(conn, day, names)?;
    let away = away(conn, day, clock)?;
    let mut query = conn.prepare_cached(
        "SELECT ticket, ord, stop.agency, stop.service, stop.counter, entered_at, stop.called_at,
                stop.started_at, stop.ended_at, ended_as, stop.calls, missed, forecast_low_s, forecast_high_s,
                ticket.agency,
                ticket.state = 'done' AND ord = (SELECT MAX(ord) FROM stop AS last WHERE last.ticket = ticket.id)
         FROM ticket JOIN stop ON stop.ticket = ticket.id WHERE ticket.day = ?1 ORDER BY ticket.id, ord",
    )?;
    let mut rows = query.query([day])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, ord): (i64, u8) = (row.get(0)?, row.get(1)?);
        let agency = match names.of_column(row, 2)? {
            Some(agency) => agency,
            None => names.of(row.get_ref(14)?.as_str()?)?,
        };
        let (end, outcome) = end(row.get_ref(9)?.as_str_or_null()?, row.get(15)?);
        let forecast: (Option<u32>, Option<u32>) = (row.get(12)?, row.get(13)?);
        all.push(Visit {
            ticket: places.get(&id).copied().ok_or(rusqlite::Error::QueryReturnedNoRows)?,
            ord,
            agency,
            service: names.of(row.get_ref(3)?.as_str()?)?,
            counter: names.of_column(row, 4)?,
            entered: clock.sure(row, 5)?,
            called: clock.at(row, 6)?,
            started: clock.at(row, 7)?,
            ended: clock.at(row, 8)?,
            end,
            outcome: outcome.map(|outcome| names.of(outcome)).transpose()?,
            calls: row.get(10)?,
            missed: row.get(11)?,
            forecast: forecast.0.zip(forecast.1),
            away: away.get(&(id, ord)).copied().unwrap_or_default(),
            delivered: delivered.get(&(id, ord)).cloned().unwrap_or_default(),
        });
    }
    Ok(all)
}

/// What the column `ended_as` says. Of the stop that finished its ticket it is an outcome: a word of the site's, which
/// may be one of ours ("referred").
fn end(word: Option<&str>, finished: bool) -> (End, Option<&str>) {
    match word {
        None => (End::Open, None),
        // No id has an underscore in it.
        Some(event::DAY_ENDED) => (End::DayEnded, None),
        Some(outcome) if finished => (End::Done, Some(outcome)),
        Some("no_show") => (End::NoShow, None),
        Some("cancelled") => (End::Cancelled, None),
        Some("expired") => (End::Expired, None),
        Some("referred") => (End::Referred, None),
        Some("transferred") => (End::Transferred, None),
        Some(outcome) => (End::Done, Some(outcome)),
    }
}

/// Something of each stop that has it.
type OfStops<T> = HashMap<(i64, u8), T>;

fn delivered(conn: &Connection, day: &str, names: &mut Names) -> rusqlite::Result<OfStops<Vec<(Name, u32)>>> {
    let mut query = conn.prepare_cached(
        "SELECT delivery.ticket, ord, delivery.service, quantity FROM ticket
         JOIN delivery ON delivery.ticket = ticket.id WHERE day = ?1 ORDER BY ticket.id, ord, delivery.service",
    )?;
    let mut rows = query.query([day])?;
    let mut all: OfStops<Vec<(Name, u32)>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let what = (names.of(row.get_ref(2)?.as_str()?)?, row.get(3)?);
        all.entry((row.get(0)?, row.get(1)?)).or_default().push(what);
    }
    Ok(all)
}

fn away(conn: &Connection, day: &str, clock: Clock) -> rusqlite::Result<OfStops<u32>> {
    let mut query = conn.prepare_cached(
        "SELECT pause.ticket, ord, from_at, to_at FROM ticket JOIN pause ON pause.ticket = ticket.id
         WHERE day = ?1",
    )?;
    let mut rows = query.query([day])?;
    let mut all: OfStops<u32> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (from, to) = (clock.sure(row, 2)?, clock.at(row, 3)?);
        let away = to.map_or(0, |to| u32::try_from(to - from).unwrap_or_default());
        let so_far = all.entry((row.get(0)?, row.get(1)?)).or_default();
        *so_far = so_far.saturating_add(away);
    }
    Ok(all)
}

fn spans(
    conn: &Connection,
    day: &str,
    names: &mut Names,
    clock: Clock,
) -> rusqlite::Result<Vec<CounterSpan>> {
    let mut query = conn.prepare_cached(
        "SELECT counter, phase, from_at, to_at FROM counter_span WHERE day = ?1 ORDER BY seq",
    )?;
    let mut rows = query.query([day])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(CounterSpan {
            counter: names.of(row.get_ref(0)?.as_str()?)?,
            paused: row.get_ref(1)?.as_str()? == "paused",
            from: clock.sure(row, 2)?,
            to: clock.at(row, 3)?,
        });
    }
    Ok(all)
}

fn refusals(
    conn: &Connection,
    day: &str,
    names: &mut Names,
    clock: Clock,
) -> rusqlite::Result<Vec<ServiceStop>> {
    let mut query = conn.prepare_cached(
        "SELECT agency, service, reason, from_at, to_at FROM service_stop WHERE day = ?1 ORDER BY seq",
    )?;
    let mut rows = query.query([day])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(ServiceStop {
            agency: names.of(row.get_ref(0)?.as_str()?)?,
            service: names.of(row.get_ref(1)?.as_str()?)?,
            reason: names.of(row.get_ref(2)?.as_str()?)?,
            from: clock.sure(row, 3)?,
            to: clock.at(row, 4)?,
        });
    }
    Ok(all)
}
