//! Every table of a report, reckoned from what the journal tells.

use std::collections::{BTreeMap, BTreeSet};

use antrean::queue::{Agency, Rules, calendar};
use antrean::report::{By, Wanted};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

use crate::figure::{Figure, Lengths, Visit, figures};
use crate::journal::{Ms, Told};

/// Each cell by the key of its row and of its column.
pub type Cells = BTreeMap<(String, String), String>;

const HOUR: Ms = 3_600_000;

/// Who wants to know what, by which rules.
pub struct Reckoning<'a> {
    pub told: &'a Told,
    pub rules: &'a Rules,
    pub wanted: &'a Wanted,
}

/// A table that is being filled.
#[derive(Default)]
struct Filled(Cells);

impl Filled {
    fn row(&mut self, key: &str, cells: impl IntoIterator<Item = (impl Into<String>, Figure)>) {
        for (column, figure) in cells {
            let before = self.0.insert((key.to_owned(), column.into()), figure.plain());
            assert_eq!(before, None, "{key} stands there twice");
        }
    }
}

impl<'a> Reckoning<'a> {
    /// All of them, by their keys.
    pub fn tables(&self) -> BTreeMap<&'static str, Cells> {
        let (hours, heat) = self.hours();
        let tables = [
            ("summary", self.summary()),
            ("figures", self.figures()),
            ("hours", hours),
            ("heat", heat),
            ("presence", self.presence(false)),
            ("presence_counters", self.presence(true)),
            ("unfinished", self.unfinished()),
            ("delivered", self.delivered()),
            ("forecast", self.forecast()),
            ("downtime", self.downtime()),
        ];
        tables.into_iter().map(|(key, table)| (key, table.0)).collect()
    }

    fn target(&self) -> Ms {
        Ms::from(self.wanted.targets.wait_min) * 60_000
    }

    fn now(&self) -> Ms {
        self.wanted.now.timestamp_millis() + 7 * HOUR
    }

    fn visits(&self, (first, last): (NaiveDate, NaiveDate)) -> Vec<Visit<'a>> {
        let only = self.wanted.agency.as_ref().map(|agency| agency.as_str());
        let tickets = self.told.tickets.iter().filter(|(_, ticket)| (first..=last).contains(&ticket.day));
        let visits = tickets.flat_map(|(id, ticket)| {
            let stops = ticket.stops.iter().enumerate();
            stops.map(|(place, stop)| Visit { id: *id, ticket, stop, first: place == 0 })
        });
        visits.filter(|visit| only.is_none_or(|only| only == visit.stop.agency)).collect()
    }

    fn mine(&self) -> Vec<Visit<'a>> {
        self.visits(self.wanted.period.ends())
    }

    fn summary(&self) -> Filled {
        let (first, last) = self.wanted.period.ends();
        let now = figures(&self.mine(), self.target());
        let earlier = before(first, last);
        let known = self.told.days.first().is_some_and(|day| earlier.1 >= *day);
        let then = figures(&self.visits(earlier), self.target());
        let mut table = Filled::default();
        for (key, figure) in now {
            // Of days before the first one nothing is known.
            let then = if known { then[key] } else { Figure::Empty };
            table.row(key, [("period", figure), ("before", then), ("change", figure.since(then))]);
        }
        table
    }

    fn figures(&self) -> Filled {
        let mut rows: BTreeMap<String, Vec<Visit<'_>>> = BTreeMap::new();
        for visit in self.mine() {
            rows.entry(key(self.wanted.by, &visit)).or_default().push(visit);
        }
        let mut table = Filled::default();
        for (key, visits) in &rows {
            table.row(key, figures(visits, self.target()));
        }
        table.row("total", figures(&self.mine(), self.target()));
        table
    }

    /// Numbers by hour, and by weekday and hour.
    fn hours(&self) -> (Filled, Filled) {
        let mine = self.mine();
        let issued: Vec<&Visit<'_>> = mine.iter().filter(|visit| visit.first).collect();
        let days: BTreeSet<NaiveDate> = issued.iter().map(|visit| visit.ticket.day).collect();
        let hour = |visit: &Visit<'_>| visit.stop.entered.div_euclid(HOUR).rem_euclid(24);
        let all: BTreeSet<Ms> = issued.iter().map(|visit| hour(visit)).collect();
        let (mut hours, mut heat) = (Filled::default(), Filled::default());
        let Some((first, last)) = all.first().zip(all.last()) else { return (hours, heat) };
        let weekdays: BTreeSet<u32> = days.iter().map(|day| day.weekday().number_from_monday()).collect();
        for at in *first..=*last {
            let n = issued.iter().filter(|visit| hour(visit) == at).count() as u64;
            let mean = Figure::tenths(n.into(), days.len() as i128);
            hours.row(&at.to_string(), [("tickets", n.into()), ("mean_per_day", mean)]);
            for weekday in &weekdays {
                let then = |visit: &&&Visit<'_>| {
                    hour(visit) == at && visit.ticket.day.weekday().number_from_monday() == *weekday
                };
                let n = issued.iter().filter(then).count() as u64;
                heat.row(&weekday.to_string(), [(format!("h{at:02}"), n.into())]);
            }
        }
        (hours, heat)
    }

    fn unfinished(&self) -> Filled {
        let mine = self.mine();
        let mut causes: BTreeMap<String, u64> = BTreeMap::new();
        for visit in &mine {
            let Some(how) = visit.how().filter(|how| *how != "referred") else { continue };
            let cause = how.to_owned();
            if !visit.finished() || visit.stop.delivered.is_empty() {
                *causes.entry(cause).or_default() += 1;
            }
        }
        let ended = mine.iter().filter(|visit| visit.how().is_some()).count() as u64;
        let all: u64 = causes.values().sum();
        let mut table = Filled::default();
        for (cause, n) in causes.into_iter().chain([("total".to_owned(), all)]) {
            let (of_those, of_all) = (Figure::percent(n, all), Figure::percent(n, ended));
            let cells =
                [("visits", n.into()), ("of_unfinished_percent", of_those), ("of_ended_percent", of_all)];
            table.row(&cause, cells);
        }
        table
    }

    fn delivered(&self) -> Filled {
        let mut services: BTreeMap<String, u64> = BTreeMap::new();
        for (service, quantity) in self.mine().iter().flat_map(|visit| &visit.stop.delivered) {
            *services.entry(service.clone()).or_default() += quantity;
        }
        let all: u64 = services.values().sum();
        let mut table = Filled::default();
        for (service, n) in services.into_iter().chain([("total".to_owned(), all)]) {
            table.row(&service, [("delivered", n.into()), ("delivered_percent", Figure::percent(n, all))]);
        }
        table
    }

    fn forecast(&self) -> Filled {
        let mut agencies: BTreeMap<String, Vec<Ms>> = BTreeMap::from([("total".to_owned(), Vec::new())]);
        for visit in self.mine() {
            let (Some((low, high)), Some(called)) = (visit.stop.told, visit.stop.called) else { continue };
            let wait = called - visit.stop.entered;
            if wait < 0 {
                continue;
            }
            // Above zero: it took longer.
            let off = wait - wait.clamp(low * 1000, high * 1000);
            for row in [visit.stop.agency.as_str(), "total"] {
                agencies.entry(row.to_owned()).or_default().push(off);
            }
        }
        let mut table = Filled::default();
        for (agency, off) in agencies {
            let n = off.len() as u64;
            let share = |which: fn(&Ms) -> bool| {
                Figure::percent(off.iter().filter(|off| which(off)).count() as u64, n)
            };
            let mean = Figure::minutes(off.iter().map(|off| i128::from(off.abs())).sum(), off.len());
            let cells = [
                ("forecasts", n.into()),
                ("right_percent", share(|off| *off == 0)),
                ("longer_percent", share(|off| *off > 0)),
                ("shorter_percent", share(|off| *off < 0)),
                ("off_mean_min", mean),
            ];
            table.row(&agency, cells);
        }
        table
    }

    /// Of agencies, or of counters.
    fn presence(&self, of_counters: bool) -> Filled {
        let mut table = Filled::default();
        let only = self.wanted.agency.as_ref();
        for agency in self.rules.agencies.iter().filter(|one| only.is_none_or(|only| *only == one.id)) {
            let counters = self.rules.counters.iter().filter(|counter| counter.agency == agency.id);
            let ids: Vec<&str> = counters.map(|counter| counter.id.as_str()).collect();
            if of_counters {
                ids.iter().for_each(|id| self.attended(&mut table, id, agency, &[id]));
            } else {
                self.attended(&mut table, agency.id.as_str(), agency, &ids);
            }
        }
        table
    }

    fn attended(&self, table: &mut Filled, key: &str, agency: &Agency, counters: &[&str]) {
        let (mut days, mut present, mut punctual, mut late) = (0u64, 0u64, 0u64, Vec::new());
        let (mut planned, mut open, mut paused) = (0, 0, 0);
        for date in self.dates() {
            let hours = until(self.planned(agency, date), self.now());
            let Some((begin, _)) = hours.first().copied() else { continue };
            days += 1;
            planned += hours.iter().map(|(from, to)| to - from).sum::<Ms>();
            let spans = |breaks: bool| -> Vec<(Ms, Ms)> {
                let here = self.told.spans.iter().filter(|span| span.day == date && span.paused == breaks);
                let here = here.filter(|span| counters.contains(&span.counter.as_str()));
                here.map(|span| (span.from, span.to.unwrap_or(self.now()))).collect()
            };
            let (opened, breaks) = (spans(false), spans(true));
            let of_the_box = self.told.outages.iter().filter(|outage| outage.part == "box");
            let dark: Vec<(Ms, Ms)> = of_the_box
                .map(|outage| (outage.from.0, outage.to.map_or(self.now(), |to| to.0)))
                .filter(|(from, to)| from < to)
                .collect();
            let mut came = None;
            for (from, to) in pieces(&[&hours, &opened, &breaks, &dark]) {
                match () {
                    () if !within(&hours, from) || within(&dark, from) => {}
                    () if within(&opened, from) => {
                        came.get_or_insert(from);
                        open += to - from;
                    }
                    () if within(&breaks, from) => paused += to - from,
                    () => {}
                }
            }
            let Some(came) = came else { continue };
            present += 1;
            if came - begin <= Ms::from(self.wanted.targets.late_after_min) * 60_000 {
                punctual += 1;
            } else {
                late.push(came - begin);
            }
        }
        if days == 0 {
            return;
        }
        let cells = [
            ("working_days", days.into()),
            ("days_present", present.into()),
            ("days_present_percent", Figure::percent(present, days)),
            ("hours_planned", Figure::hours(planned)),
            ("hours_open", Figure::hours(open)),
            ("open_percent", Figure::tenths(100 * i128::from(open), planned.into())),
            ("hours_paused", Figure::hours(paused)),
            ("days_on_time", punctual.into()),
            ("on_time_percent", Figure::percent(punctual, present)),
            ("late_mean_min", Lengths::of(late.into_iter()).mean()),
        ];
        table.row(key, cells);
    }

    /// The dates of the period of which the journal knows.
    fn dates(&self) -> Vec<NaiveDate> {
        let (first, last) = self.wanted.period.ends();
        let known = *self.told.days.first().unwrap()..=*self.told.days.last().unwrap();
        first.iter_days().take_while(|day| *day <= last).filter(|day| known.contains(day)).collect()
    }

    fn planned(&self, agency: &Agency, date: NaiveDate) -> Vec<(Ms, Ms)> {
        let at = |time: NaiveTime| date.and_time(time).and_utc().timestamp_millis();
        let spans = calendar::planned(self.rules, agency, date);
        spans.into_iter().map(|span| (at(span.from), at(span.to))).collect()
    }

    fn downtime(&self) -> Filled {
        let (first, last) = self.wanted.period.ends();
        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let (begin, end) = (midnight(first), midnight(last + Days::new(1)).min(self.now()));
        let mut all: BTreeMap<String, (u64, Ms, Ms)> = BTreeMap::new();
        for outage in &self.told.outages {
            let to = outage.to.map_or(self.now(), |(to, _)| to).min(end);
            let from = outage.from.0.max(begin);
            if from >= to {
                continue;
            }
            let mut hours: Vec<(Ms, Ms)> = Vec::new();
            for date in first.iter_days().take_while(|date| *date <= last) {
                hours.extend(self.rules.agencies.iter().flat_map(|agency| self.planned(agency, date)));
            }
            let felt = pieces(&[&hours, &vec![(from, to)]])
                .filter(|(at, _)| (from..to).contains(at) && within(&hours, *at))
                .map(|(from, to)| to - from);
            let row = all.entry(format!("{}/{}", outage.part, outage.trouble)).or_default();
            *row = (row.0 + 1, row.1 + to - from, row.2 + felt.sum::<Ms>());
        }
        let mut table = Filled::default();
        for (key, (times, ms, felt)) in all {
            let cells = [
                ("times", times.into()),
                ("hours_out", Figure::hours(ms)),
                ("hours_out_in_hours", Figure::hours(felt)),
            ];
            table.row(&key, cells);
        }
        table
    }
}

/// The row to which a visit belongs.
fn key(by: By, visit: &Visit<'_>) -> String {
    let (day, stop) = (visit.ticket.day, visit.stop);
    match by {
        By::Agency => stop.agency.clone(),
        By::Service => stop.service.clone(),
        By::Counter => stop.counter.clone().unwrap_or_default(),
        By::Hour => stop.entered.div_euclid(HOUR).rem_euclid(24).to_string(),
        By::Weekday => day.weekday().number_from_monday().to_string(),
        By::Day => day.format("%Y-%m-%d").to_string(),
        By::Month => day.format("%Y-%m-01").to_string(),
        By::Class => if visit.ticket.priority { "priority" } else { "regular" }.to_owned(),
        By::Origin => visit.ticket.origin.clone(),
    }
}

/// The period that stands before another one.
fn before(first: NaiveDate, last: NaiveDate) -> (NaiveDate, NaiveDate) {
    let yesterday = first - Days::new(1);
    let whole = first.day() == 1 && (last + Days::new(1)).day() == 1;
    let long = (last - first).num_days() + 1;
    if !whole && long <= 7 && first.weekday() == chrono::Weekday::Mon {
        return (first - Days::new(7), last - Days::new(7));
    }
    if !whole && long > 7 && first.day() == 1 && last.month() == first.month() {
        return (first - Months::new(1), last - Months::new(1));
    }
    if !whole {
        return (first - (last - first) - Days::new(1), yesterday);
    }
    let months = (last.year() - first.year()) * 12 + last.month() as i32 - first.month() as i32 + 1;
    (first - Months::new(months as u32), yesterday)
}

fn until(spans: Vec<(Ms, Ms)>, now: Ms) -> Vec<(Ms, Ms)> {
    spans.into_iter().map(|(from, to)| (from, to.min(now))).filter(|(from, to)| from < to).collect()
}

fn within(spans: &[(Ms, Ms)], at: Ms) -> bool {
    spans.iter().any(|(from, to)| (*from..*to).contains(&at))
}

/// Pieces of time in which nothing of all these begins or ends.
fn pieces(spans: &[&Vec<(Ms, Ms)>]) -> impl Iterator<Item = (Ms, Ms)> + use<> {
    let edges: BTreeSet<Ms> =
        spans.iter().flat_map(|all| all.iter()).flat_map(|(from, to)| [*from, *to]).collect();
    let edges: Vec<Ms> = edges.into_iter().collect();
    (1..edges.len()).map(move |at| (edges[at - 1], edges[at]))
}
