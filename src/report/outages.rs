//! How long printers, kiosks and the box were out, and how much of it visitors could have felt.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::Wanted;
use crate::queue::Rules;
use crate::queue::calendar::planned;
use crate::store::ledger::Outage;

/// What one part suffered of one trouble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Out {
    /// How often it began.
    pub times: u64,
    /// Milliseconds of the period.
    pub ms: u64,
    /// Those within the hours of any agency.
    pub in_hours_ms: u64,
}

/// By part and trouble.
pub type Outages = BTreeMap<(String, String), Out>;

/// Sums up what was out in a period, as far as it has been.
pub fn summed(outages: &[Outage], rules: &Rules, wanted: &Wanted) -> Outages {
    let now = wanted.now.with_timezone(&rules.offset).naive_local();
    let begin = wanted.period.first().and_time(chrono::NaiveTime::MIN);
    let end = wanted.period.last().succ_opt().map_or(now, |after| after.and_time(chrono::NaiveTime::MIN));
    let mut all = Outages::new();
    for outage in outages {
        let (from, to) = (outage.from.max(begin), outage.to.unwrap_or(now).min(end).min(now));
        if from >= to {
            continue;
        }
        let out = all.entry((outage.part.clone(), outage.trouble.clone())).or_default();
        // One that goes on from before is the same one, but in a period that it reaches into it counts.
        out.times += u64::from(!outage.continues || outage.from <= begin);
        out.ms += ms(from, to);
        out.in_hours_ms += hours_of(rules, from.date(), to.date())
            .map(|(opens, closes)| (from.max(opens), to.min(closes)))
            .filter(|(from, to)| from < to)
            .map(|(from, to)| ms(from, to))
            .sum::<u64>();
    }
    all
}

fn ms(from: NaiveDateTime, to: NaiveDateTime) -> u64 {
    (to - from).num_milliseconds().unsigned_abs()
}

/// The hours in which any agency is there, of some dates.
fn hours_of(
    rules: &Rules,
    first: NaiveDate,
    last: NaiveDate,
) -> impl Iterator<Item = (NaiveDateTime, NaiveDateTime)> {
    first.iter_days().take_while(move |date| *date <= last).flat_map(|date| {
        let mut spans: Vec<_> =
            rules.agencies.iter().flat_map(|agency| planned(rules, agency, date)).collect();
        spans.sort_unstable_by_key(|span| (span.from, span.to));
        let mut whole: Vec<(NaiveDateTime, NaiveDateTime)> = Vec::new();
        for span in spans {
            let (from, to) = (date.and_time(span.from), date.and_time(span.to));
            match whole.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => whole.push((from, to)),
            }
        }
        whole
    })
}
