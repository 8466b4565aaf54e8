//! The site of the month: a part of the mall of Langsa, and what of its config is changed in the middle.

use std::sync::Arc;

use antrean::config::Options;
use antrean::queue::calendar::{DatedDay, Exception};
use antrean::queue::rules::Parts;
use antrean::queue::{Rules, Text};
use chrono::NaiveDate;

use crate::support::malls;

/// The agency that leaves the house in the middle of the month.
pub const RETIRED: &str = "pdam";
/// A working day on which nothing is open.
pub const HOLIDAY: &str = "2026-11-12";

const AGENCIES: [&str; 4] = ["dukcapil", "imigrasi", "bpkd", RETIRED];

/// The rules while every agency is there, and those after one has gone.
pub fn rules() -> (Arc<Rules>, Arc<Rules>) {
    let all = site(&AGENCIES, "with-all");
    let left: Vec<&str> = AGENCIES.into_iter().filter(|id| *id != RETIRED).collect();
    (all, site(&left, "without-one"))
}

fn site(agencies: &[&str], hash: &str) -> Arc<Rules> {
    let rules = malls::langsa(Options::default());
    let mut exceptions = rules.exceptions;
    let holiday = Exception { agency: None, name: Text::new("Hari Libur", "Holiday"), day: DatedDay::Closed };
    exceptions.dates.insert(HOLIDAY.parse::<NaiveDate>().unwrap(), vec![holiday]);
    let here = |id: &antrean::queue::AgencyId| agencies.contains(&id.as_str());
    let mut rules: Rules = Parts {
        invite_every: Some(7),
        place: rules.place,
        city: rules.city,
        offset: rules.offset,
        change_at: rules.change_at,
        max_forward_days: rules.max_forward_days,
        hours: rules.hours,
        exceptions,
        always_open: false,
        regular_between: rules.regular_between,
        conduct: rules.conduct,
        emergency: rules.emergency,
        zones: rules.zones,
        agencies: rules.agencies.into_iter().filter(|agency| here(&agency.id)).collect(),
        counters: rules.counters.into_iter().filter(|counter| here(&counter.agency)).collect(),
        kiosks: rules.kiosks,
        printers: rules.printers,
    }
    .into();
    rules.hash = hash.to_owned();
    Arc::new(rules)
}
