//! What people were told, held against what is on the disk.

use std::collections::BTreeMap;
use std::path::Path;

use antrean::store::backup::Backup;
use serde_json::Value;

/// What somebody was told, by the answers of the box alone.
#[derive(Debug, Default, Clone)]
pub struct Told {
    /// Number by ticket.
    tickets: BTreeMap<i64, String>,
    /// Tickets called, with the counters that were told so.
    calls: Vec<(i64, String)>,
}

impl Told {
    pub fn ticket(&mut self, answer: &Value) {
        let id = answer["id"].as_i64().unwrap();
        let number = answer["number"].as_str().unwrap().to_owned();
        let before = self.tickets.insert(id, number);
        assert_eq!(before, None, "two visitors hold ticket {id}");
    }

    pub fn call(&mut self, counter: &str, ticket: &Value) {
        self.calls.push((ticket["id"].as_i64().unwrap(), counter.to_owned()));
    }

    pub fn add(&mut self, other: Self) {
        for (id, number) in other.tickets {
            assert_eq!(self.tickets.insert(id, number), None, "two visitors hold ticket {id}");
        }
        self.calls.extend(other.calls);
    }

    pub fn tickets(&self) -> usize {
        self.tickets.len()
    }

    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.tickets.values().map(String::as_str)
    }
}

/// How many tickets somebody was told of are not on the disk.
pub fn lost(data: &Path, told: &Told) -> usize {
    let conn = rusqlite::Connection::open(data.join("antrean.db")).unwrap();
    let mut find = conn.prepare("SELECT printf('%s%03d', prefix, n) FROM ticket WHERE id = ?1").unwrap();
    let mut found = |id: &i64| find.query_row([id], |row| row.get::<_, String>(0)).ok();
    told.tickets
        .iter()
        .map(|(id, number)| (number, found(id)))
        .filter(|(number, kept)| kept.as_ref() != Some(*number))
        .count()
}

/// Nothing is lost, given twice or called to two counters, and the tables say what the journal says.
///
/// # Panics
/// With `what` happened, otherwise.
pub fn check(data: &Path, told: &Told, what: &str) {
    let report = Backup::named(data).verify().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(report.is_sound(), "{what}: {report:?}");
    assert_eq!(lost(data, told), 0, "{what}: a number that was told is lost");
    let conn = rusqlite::Connection::open(data.join("antrean.db")).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let again = "SELECT count(*) FROM (
        SELECT sum(event = 'ticket_called') AS calls, sum(event <> 'ticket_called') AS returns
        FROM journal WHERE event IN ('ticket_called', 'ticket_handed_back')
        GROUP BY json_extract(body, '$.ticket') HAVING calls > 1 + returns)";
    assert_eq!(count(again), 0, "{what}: somebody was called to a second counter while at the first");
    assert_eq!(count("SELECT max(seq) - count(*) FROM journal"), 0, "{what}: the journal has a gap");
    let mut called: BTreeMap<i64, &str> = BTreeMap::new();
    let mut journal = conn
        .prepare(
            "SELECT json_extract(body, '$.ticket'), json_extract(body, '$.counter') FROM journal
             WHERE event = 'ticket_called'",
        )
        .unwrap();
    let mut lines: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for line in journal.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap() {
        *lines.entry(line.unwrap()).or_default() += 1;
    }
    for (ticket, counter) in &told.calls {
        if let Some(other) = called.insert(*ticket, counter) {
            panic!("{what}: ticket {ticket} was called to {other} and to {counter}");
        }
        let of_this = lines.get(&(*ticket, counter.clone()));
        assert_eq!(of_this, Some(&1), "{what}: the call of ticket {ticket} to {counter}");
    }
}
