//! The journal's lines as anybody may read them, and what they say of each visit, counter and fault.
//!
//! Nothing here knows the program's own events or tables: lines are JSON, and an act that was taken back leaves
//! the ticket as it was remembered from before the act.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

/// Milliseconds since 1970 of the clock on the wall of the house.
pub type Ms = i64;
/// The house is seven hours ahead of UTC.
const AHEAD: Ms = 7 * 3_600_000;

/// One visit of a ticket to one service.
#[derive(Debug, Clone)]
pub struct Stop {
    pub agency: String,
    pub service: String,
    pub counter: Option<String>,
    pub entered: Ms,
    pub called: Option<Ms>,
    pub started: Option<Ms>,
    /// When, and by what.
    pub ended: Option<(Ms, String)>,
    pub missed: u32,
    pub pauses: Vec<(Ms, Option<Ms>)>,
    /// Seconds that were told.
    pub told: Option<(Ms, Ms)>,
    pub delivered: Vec<(String, u64)>,
}

#[derive(Debug, Clone)]
pub struct Ticket {
    pub day: NaiveDate,
    pub priority: bool,
    pub origin: String,
    pub issued: Ms,
    pub reprints: u64,
    pub stops: Vec<Stop>,
    /// When the last service was finished.
    pub left: Option<Ms>,
    /// As it stood before the last act that can be taken back.
    before: Option<(Vec<Stop>, Option<Ms>)>,
}

/// A counter was open or on a break.
#[derive(Debug)]
pub struct Span {
    pub day: NaiveDate,
    pub counter: String,
    pub paused: bool,
    pub from: Ms,
    pub to: Option<Ms>,
}

/// Something was out; of each end, the business day on which it was noted.
#[derive(Debug)]
pub struct Outage {
    pub part: String,
    pub trouble: String,
    pub from: (Ms, NaiveDate),
    pub to: Option<(Ms, NaiveDate)>,
}

/// Everything that a journal tells.
#[derive(Default)]
pub struct Told {
    pub tickets: BTreeMap<u64, Ticket>,
    pub spans: Vec<Span>,
    pub outages: Vec<Outage>,
    pub days: Vec<NaiveDate>,
    /// How often each act was met.
    pub met: BTreeMap<String, u64>,
    /// What was taken back.
    pub undone: BTreeSet<String>,
}

/// Reads the journal of a data folder.
pub fn told(database: &Path) -> Told {
    let conn = rusqlite::Connection::open(database).unwrap();
    let mut query = conn.prepare("SELECT day, at, event, body FROM journal ORDER BY seq").unwrap();
    let mut rows = query.query([]).unwrap();
    let mut told = Told::default();
    while let Some(row) = rows.next().unwrap() {
        let text = |column| row.get::<_, String>(column).unwrap();
        let line = Line {
            day: text(0).parse().unwrap(),
            at: ms(&text(1)),
            act: text(2),
            body: serde_json::from_str(&text(3)).unwrap(),
        };
        told.hear(&line);
    }
    told
}

fn ms(text: &str) -> Ms {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis() + AHEAD
}

struct Line {
    day: NaiveDate,
    at: Ms,
    act: String,
    body: Value,
}

impl Line {
    fn text(&self, field: &str) -> String {
        self.body[field]
            .as_str()
            .unwrap_or_else(|| panic!("{field} of {}: {}", self.act, self.body))
            .to_owned()
    }

    /// A time that may be told beside the line's own.
    fn time(&self, field: &str) -> Option<Ms> {
        self.body[field].as_str().map(ms)
    }

    fn ids(&self, field: &str) -> Vec<u64> {
        self.body[field].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect()
    }
}

impl Stop {
    fn new(agency: String, service: String, entered: Ms) -> Self {
        Self {
            agency,
            service,
            counter: None,
            entered,
            called: None,
            started: None,
            ended: None,
            missed: 0,
            pauses: Vec::new(),
            told: None,
            delivered: Vec::new(),
        }
    }

    /// Whoever was away is not any more.
    fn back(&mut self, at: Ms) {
        for (_, to) in &mut self.pauses {
            to.get_or_insert(at);
        }
    }

    fn end(&mut self, at: Ms, how: &str) {
        if self.ended.is_none() {
            self.back(at);
            self.ended = Some((at, how.to_owned()));
        }
    }

    fn shift(&mut self, put_right: impl Fn(&mut Ms)) {
        put_right(&mut self.entered);
        let ended = self.ended.as_mut().map(|(at, _)| at);
        [self.called.as_mut(), self.started.as_mut(), ended].into_iter().flatten().for_each(&put_right);
        for (from, to) in &mut self.pauses {
            put_right(from);
            to.iter_mut().for_each(&put_right);
        }
    }
}

impl Ticket {
    fn last(&mut self) -> &mut Stop {
        self.stops.last_mut().unwrap()
    }

    fn remember(&mut self) {
        self.before = Some((self.stops.clone(), self.left));
    }
}

impl Told {
    fn hear(&mut self, line: &Line) {
        *self.met.entry(line.act.clone()).or_default() += 1;
        if self.days.last() != Some(&line.day) {
            self.days.push(line.day);
        }
        match line.act.as_str() {
            "day_changed" => self.day_changed(line),
            "clock_believed" | "clock_confirmed" => self.clock_put_right(line),
            "counter_opened" => self.counter(line, Some(false)),
            "counter_paused" => self.counter(line, Some(true)),
            "counter_closed" => self.counter(line, None),
            "part_failed" => {
                let from = line.time("since").unwrap_or(line.at);
                let (part, trouble) = (line.text("part"), line.text("trouble"));
                self.mended(&part, (from, line.day));
                self.outages.push(Outage { part, trouble, from: (from, line.day), to: None });
            }
            "part_mended" => {
                self.mended(&line.text("part"), (line.time("until").unwrap_or(line.at), line.day));
            }
            "ticket_issued" => self.issued(line),
            _ => self.of_ticket(line),
        }
    }

    fn issued(&mut self, line: &Line) {
        // Who took a strip of paper while the box was dark came when that was torn off.
        let came = line.time("entered_at").unwrap_or(line.at);
        let mut stop = Stop::new(line.text("agency"), line.text("service"), came);
        let range = &line.body["forecast"];
        stop.told = range["low_s"].as_i64().zip(range["high_s"].as_i64());
        let origin = &line.body["origin"];
        let ticket = Ticket {
            day: line.day,
            priority: line.text("class") == "priority",
            origin: format!("{}:{}", origin["at"].as_str().unwrap(), origin["id"].as_str().unwrap()),
            issued: came,
            reprints: 0,
            stops: vec![stop],
            left: None,
            before: None,
        };
        self.tickets.insert(line.body["ticket"].as_u64().unwrap(), ticket);
    }

    fn of_ticket(&mut self, line: &Line) {
        if line.act == "ticket_reopened" {
            self.undone.insert(line.text("undone"));
        }
        let Some(id) = line.body["ticket"].as_u64() else { return };
        let (at, ticket) = (line.at, self.tickets.get_mut(&id).unwrap());
        match line.act.as_str() {
            "ticket_called" => {
                ticket.last().counter = Some(line.text("counter"));
                ticket.last().called.get_or_insert(at);
            }
            "ticket_resumed" => ticket.last().counter = Some(line.text("counter")),
            "service_started" => {
                ticket.last().started.get_or_insert(at);
                ticket.last().back(at);
            }
            "service_finished" => finished(ticket, line),
            "ticket_missed" => {
                ticket.remember();
                ticket.last().missed += 1;
                ticket.last().end(at, "no_show");
            }
            "ticket_cancelled" => {
                ticket.remember();
                ticket.last().end(at, "cancelled");
            }
            "ticket_transferred" => {
                ticket.remember();
                let served = line.body["served"].as_bool().unwrap();
                ticket.last().end(at, if served { "referred" } else { "transferred" });
                ticket.stops.push(Stop::new(line.text("agency"), line.text("service"), at));
            }
            "ticket_held" => ticket.last().pauses.push((at, None)),
            "ticket_returned" => {
                let (gone, _) = ticket.last().ended.take().unwrap();
                for (_, to) in &mut ticket.last().pauses {
                    *to = to.filter(|to| *to != gone);
                }
            }
            "ticket_handed_back" => {
                ticket.last().started = None;
                ticket.last().pauses.clear();
            }
            "ticket_reopened" => (ticket.stops, ticket.left) = ticket.before.take().unwrap(),
            "class_changed" => ticket.priority = line.text("class") == "priority",
            "ticket_reprinted" => ticket.reprints += 1,
            _ => {}
        }
    }

    fn day_changed(&mut self, line: &Line) {
        for (ids, how) in [(line.ids("expired"), "expired"), (line.ids("ended"), "day_ended")] {
            for id in ids {
                self.tickets.get_mut(&id).unwrap().last().end(line.at, how);
            }
        }
        for counter in line.body["closed"].as_array().unwrap() {
            self.closed(counter.as_str().unwrap(), line.at);
        }
        let still_out = |outage: &Outage| line.body["failed"].get(&outage.part).is_some();
        for outage in self.outages.iter_mut().filter(|outage| outage.to.is_none() && !still_out(outage)) {
            outage.to = Some((line.at, line.day));
        }
    }

    fn counter(&mut self, line: &Line, paused: Option<bool>) {
        let counter = line.text("counter");
        self.closed(&counter, line.at);
        self.spans.extend(paused.map(|paused| Span {
            day: line.day,
            counter,
            paused,
            from: line.at,
            to: None,
        }));
    }

    fn closed(&mut self, counter: &str, at: Ms) {
        for span in self.spans.iter_mut().filter(|span| span.counter == counter) {
            span.to.get_or_insert(at);
        }
    }

    fn mended(&mut self, part: &str, at: (Ms, NaiveDate)) {
        for outage in self.outages.iter_mut().filter(|outage| outage.part == part) {
            outage.to.get_or_insert(at);
        }
    }

    /// What was noted of this day since the clock was doubted is put right with it.
    fn clock_put_right(&mut self, line: &Line) {
        let (Some(since), step) = (line.time("since"), line.body["step_ms"].as_i64().unwrap()) else {
            return;
        };
        let put_right = |at: &mut Ms| *at += if *at > since { step } else { 0 };
        for ticket in self.tickets.values_mut().filter(|ticket| ticket.day == line.day) {
            put_right(&mut ticket.issued);
            ticket.left.iter_mut().for_each(put_right);
            ticket.stops.iter_mut().for_each(|stop| stop.shift(put_right));
            if let Some((stops, left)) = &mut ticket.before {
                stops.iter_mut().for_each(|stop| stop.shift(put_right));
                left.iter_mut().for_each(put_right);
            }
        }
        for span in self.spans.iter_mut().filter(|span| span.day == line.day) {
            put_right(&mut span.from);
            span.to.iter_mut().for_each(put_right);
        }
        for outage in &mut self.outages {
            for (at, day) in std::iter::once(&mut outage.from).chain(&mut outage.to) {
                if *day == line.day {
                    put_right(at);
                }
            }
        }
    }
}

fn finished(ticket: &mut Ticket, line: &Line) {
    ticket.remember();
    let stop = ticket.last();
    if let Some([service, agency]) = line.body["corrected"].as_array().map(Vec::as_slice) {
        stop.service = service.as_str().unwrap().to_owned();
        stop.agency = agency.as_str().unwrap().to_owned();
    }
    for delivery in line.body["delivered"].as_array().into_iter().flatten() {
        let quantity = delivery["quantity"].as_u64().unwrap();
        stop.delivered.push((delivery["service"].as_str().unwrap().to_owned(), quantity));
    }
    // An outcome may have the name of another end.
    stop.end(line.at, &format!("outcome:{}", line.text("outcome")));
    ticket.left = Some(line.at);
}
