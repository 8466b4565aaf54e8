//! Random calendars: weeks, breaks, holidays, periods and terms of any kind.

use antrean::queue::calendar::{DatedDay, Exception, Exceptions, Period};
use antrean::queue::rules::Parts;
use antrean::queue::{Leniency, Rules, Span, Terms, Text, Week};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::rules::{parts, time};

/// Spans of a day, in order; some of them touch.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    // Quarters of an hour from 04:00 on, so that no change of the day lies within.
    prop_oneof![1 => Just(0..1usize), 6 => Just(2..5usize)]
        .prop_flat_map(|count| prop::collection::btree_set(0..78u32, count))
        .prop_map(|edges| {
            let at = |quarter: u32| NaiveTime::from_hms_opt(4 + quarter / 4, quarter % 4 * 15, 0).unwrap();
            let edges: Vec<u32> = edges.into_iter().collect();
            let touching = edges.len() == 3;
            let pairs: Vec<(u32, u32)> = match edges.as_slice() {
                [a, b, c] if touching => vec![(*a, *b), (*b, *c)],
                other => other.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
            };
            pairs.into_iter().map(|(from, to)| Span { from: at(from), to: at(to) }).collect()
        })
}

fn week() -> impl Strategy<Value = Week> {
    prop::array::uniform7(spans()).prop_map(|days| {
        let mut breaks: [Option<Text>; 7] = Default::default();
        breaks[4] = Some(Text::new("Salat Jumat", "Friday prayer"));
        Week { days, breaks }
    })
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0..14i64).prop_map(|days| NaiveDate::from_ymd_opt(2026, 11, 20).unwrap() + TimeDelta::days(days))
}

fn exceptions() -> impl Strategy<Value = Exceptions> {
    let day = prop_oneof![Just(DatedDay::Closed), spans().prop_map(DatedDay::Hours)];
    let agency = prop_oneof![Just(None), Just(Some("imigrasi".into()))];
    let exception = (date(), agency.clone(), "[AB]", day)
        .prop_map(|(date, agency, name, day)| (date, Exception { agency, name: Text::same(&name), day }));
    let period = (date(), 0..6i64, agency, week()).prop_map(|(first, days, agency, week)| Period {
        agency,
        name: Text::same("Ramadan"),
        first,
        last: first + TimeDelta::days(days),
        week,
    });
    (prop::collection::vec(exception, 0..4), prop::collection::vec(period, 0..2)).prop_map(
        |(dated, periods)| {
            let mut exceptions = Exceptions { periods, ..Exceptions::default() };
            for (date, exception) in dated {
                exceptions.dates.entry(date).or_default().push(exception);
            }
            exceptions
        },
    )
}

fn terms() -> impl Strategy<Value = Terms> {
    let leniency = || prop_oneof![Just(Leniency::Accept), Just(Leniency::Warn), Just(Leniency::Refuse)];
    let minutes = || prop_oneof![Just(0u16), 1..90u16];
    (minutes(), minutes(), prop::option::of(1..4u32), leniency(), leniency()).prop_map(
        |(numbers_from_min, numbers_until_min, quota, unstaffed, past_closing)| Terms {
            numbers_from_min,
            numbers_until_min,
            quota,
            unstaffed,
            past_closing,
        },
    )
}

/// The small site with any calendar and any terms.
pub fn rules() -> impl Strategy<Value = Rules> {
    let own = || prop::option::weighted(0.3, week());
    let change_at = prop_oneof![Just("00:00"), Just("04:00")];
    (
        change_at,
        week(),
        own(),
        own(),
        own(),
        exceptions(),
        prop::array::uniform4(terms()),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(change_at, hours, of_agency, of_service, of_counter, exceptions, terms, always_open)| {
                let mut parts =
                    Parts { change_at: time(change_at), hours, exceptions, always_open, ..parts() };
                parts.agencies[1].hours = of_agency;
                parts.agencies[0].services[1].hours = of_service;
                parts.counters[0].hours = of_counter;
                let services = parts.agencies.iter_mut().flat_map(|agency| &mut agency.services);
                for (service, terms) in services.zip(terms) {
                    service.terms = terms;
                }
                parts.into()
            },
        )
}
