//! The hours of one date, as the calendar answers for them.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::queue::calendar::{self, ClosedCode, Openness, Terms};
use crate::queue::{Agency, At, Counter, Day, Lineage, Rules, Seq, Service};

/// From one moment to another, the end excluded.
pub type Stretch = (At, At);

/// When numbers for a service can be had on a date, if people are where they should be.
pub fn of_numbers(rules: &Rules, date: NaiveDate, agency: &Agency, service: &Service) -> Vec<Stretch> {
    let blank = Day::blank(Lineage("".into()), Seq(0));
    let end = rules.day_begins(date + TimeDelta::days(1));
    let (mut at, mut open) = (rules.day_begins(date), Vec::<Stretch>::new());
    while at < end {
        let (gives, until) = match calendar::openness(rules, &blank, agency, service, at) {
            Openness::Open { until, .. } => (true, until),
            Openness::Closed(closed) => (closed.code == ClosedCode::Unstaffed, closed.until),
        };
        let until = until.map_or(end, |until| until.min(end));
        match open.last_mut() {
            Some(last) if gives && last.1 == at => last.1 = until,
            _ if gives => open.push((at, until)),
            _ => {}
        }
        at = until;
    }
    open
}

/// When a service is given on a date: the hours without the minutes before and after them in which numbers
/// are, or are not.
pub fn of_service(rules: &Rules, date: NaiveDate, agency: &Agency, service: &Service) -> Vec<Stretch> {
    of_numbers(rules, date, agency, &Service { terms: Terms::default(), ..service.clone() })
}

/// When somebody should sit at a counter on a date: while any of its services is given, within its own hours.
pub fn of_counter(rules: &Rules, date: NaiveDate, counter: &Counter) -> Vec<Stretch> {
    let known = counter.services.iter().filter_map(|id| rules.service(id));
    let all = known.flat_map(|(agency, service)| of_service(rules, date, agency, service));
    let open = joined(all.collect());
    let Some(week) = &counter.hours else { return open };
    let own = week.on(date.weekday()).iter();
    let own = own.map(|span| (rules.instant(date, span.from), rules.instant(date, span.to)));
    let common = |span: Stretch| {
        open.iter().map(move |(from, to)| (span.0.max(*from), span.1.min(*to))).filter(|(from, to)| from < to)
    };
    joined(own.flat_map(common).collect())
}

/// Stretches that touch are one.
pub fn joined(mut all: Vec<Stretch>) -> Vec<Stretch> {
    all.sort_unstable();
    let mut whole: Vec<Stretch> = Vec::new();
    for (from, to) in all {
        match whole.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => whole.push((from, to)),
        }
    }
    whole
}

/// Whether a moment lies in one of these.
pub fn within(stretches: &[Stretch], at: At) -> bool {
    stretches.iter().any(|(from, to)| (*from..*to).contains(&at))
}
