//! Who was there: agencies and counters, against the hours that the calendar gives them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::Wanted;
use super::spread::Spread;
use crate::queue::calendar::{Span, planned};
use crate::queue::{Agency, AgencyId, CounterId, Rules};
use crate::store::ledger::{CounterSpan, DayLedger, DayMs, Outage};

/// What is known of one agency's, or one counter's, being there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// Effective working days: with hours in the calendar, as far as the period has been.
    pub days: u64,
    /// Those of them on which a counter was open within the hours.
    pub present: u64,
    /// Milliseconds of the hours.
    pub planned: u64,
    /// Those of them in which a counter was open.
    pub open: u64,
    /// Milliseconds on a break within the hours.
    pub paused: u64,
    /// Days that began on time.
    pub punctual: u64,
    /// How late the first counter opened, of the days that began late.
    pub late: Spread,
}

/// Presence of agencies and of counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    pub agencies: BTreeMap<AgencyId, Presence>,
    pub counters: BTreeMap<CounterId, Presence>,
    /// Effective working days of the house: on which any agency has hours.
    pub days: u64,
}

/// Sorted spans of milliseconds without overlap.
type Spans = Vec<(DayMs, DayMs)>;

impl Attendance {
    /// Takes one date in; `day` is what happened on it, if anything did.
    pub fn add(
        &mut self,
        rules: &Rules,
        wanted: &Wanted,
        date: NaiveDate,
        day: Option<&DayLedger>,
        outages: &[Outage],
    ) {
        let dark = dark(outages, date);
        let now = now_on(rules, wanted, date);
        let mut any = false;
        for agency in &rules.agencies {
            if wanted.agency.as_ref().is_some_and(|only| *only != agency.id) {
                continue;
            }
            let hours = hours_of(rules, agency, date, now);
            if hours.is_empty() {
                continue;
            }
            any = true;
            let counters: Vec<&CounterId> =
                rules.counters.iter().filter(|counter| counter.agency == agency.id).map(|c| &c.id).collect();
            let of = |paused: bool, id: &CounterId| {
                without(spans(day, now, paused, |name| name == id.as_str()), &dark)
            };
            for id in &counters {
                let seen = self.counters.entry((*id).clone()).or_default();
                seen.add(wanted, &hours, &of(false, id), &of(true, id));
            }
            let here = |name: &str| counters.iter().any(|id| id.as_str() == name);
            let of = |paused| without(spans(day, now, paused, here), &dark);
            let (open, paused) = (of(false), of(true));
            self.agencies.entry(agency.id.clone()).or_default().add(wanted, &hours, &open, &paused);
        }
        self.days += u64::from(any);
    }
}

impl Presence {
    fn add(&mut self, wanted: &Wanted, hours: &Spans, open: &Spans, paused: &Spans) {
        let Some((begin, _)) = hours.first() else { return };
        self.days += 1;
        self.planned += length(hours);
        let within = common(hours, open);
        self.open += length(&within);
        self.paused += length(&common(hours, paused)).saturating_sub(length(&common(&within, paused)));
        let Some((first, _)) = within.first() else { return };
        self.present += 1;
        let late = first - begin;
        if late <= i64::from(wanted.targets.late_after_min) * 60_000 {
            self.punctual += 1;
        } else {
            self.late.add(late);
        }
    }
}

/// Until when a date has been, in its own milliseconds.
fn now_on(rules: &Rules, wanted: &Wanted, date: NaiveDate) -> DayMs {
    (wanted.now - rules.instant(date, NaiveTime::MIN)).num_milliseconds()
}

/// An agency's hours of a date, as far as they have been.
fn hours_of(rules: &Rules, agency: &Agency, date: NaiveDate, now: DayMs) -> Spans {
    let ms = |time: NaiveTime| (time - NaiveTime::MIN).num_milliseconds();
    let spans = planned(rules, agency, date).into_iter().map(|Span { from, to }| (ms(from), ms(to)));
    spans.map(|(from, to)| (from, to.min(now))).filter(|(from, to)| from < to).collect()
}

/// When any of some counters was open, or on a break.
fn spans(day: Option<&DayLedger>, now: DayMs, paused: bool, here: impl Fn(&str) -> bool) -> Spans {
    let Some(day) = day else { return Vec::new() };
    let of = |span: &&CounterSpan| span.paused == paused && here(day.name(span.counter));
    let each = day.spans.iter().filter(of).map(|span| (span.from, span.to.unwrap_or(now)));
    let mut each: Spans = each.filter(|(from, to)| from < to).collect();
    each.sort_unstable();
    joined(each)
}

/// When the box was dark, in the milliseconds of a date: nobody was called then, whatever stood in its memory.
fn dark(outages: &[Outage], date: NaiveDate) -> Spans {
    let ms = |at: chrono::NaiveDateTime| (at - date.and_time(NaiveTime::MIN)).num_milliseconds();
    let of_the_box = outages.iter().filter(|outage| outage.part == "box");
    of_the_box.map(|outage| (ms(outage.from), outage.to.map_or(DayMs::MAX, ms))).collect()
}

fn without(spans: Spans, dark: &Spans) -> Spans {
    dark.iter().fold(spans, |left, (from, to)| {
        let around = |span: (DayMs, DayMs)| [(span.0, span.1.min(*from)), (span.0.max(*to), span.1)];
        left.into_iter().flat_map(around).filter(|(from, to)| from < to).collect()
    })
}

fn joined(sorted: Spans) -> Spans {
    let mut whole: Spans = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => whole.push((from, to)),
        }
    }
    whole
}

/// What two have in common.
fn common(one: &Spans, other: &Spans) -> Spans {
    let both = one.iter().flat_map(|a| other.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    both.filter(|(from, to)| from < to).collect()
}

fn length(spans: &Spans) -> u64 {
    spans.iter().map(|(from, to)| (to - from).unsigned_abs()).sum()
}
