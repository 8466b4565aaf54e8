//! On what terms numbers are given, the same keys at every level: `[queue]`, an agency, a service. Each
//! level says only what differs from the one above it.

use super::reader::{Table, Value};
use crate::queue::{Leniency, Terms};

/// The site's, in `[queue]`.
pub(super) fn of_site(queue: &mut Table<'_>) -> Option<Terms> {
    level(queue, Terms::default())
}

pub(super) fn of_agency(table: &mut Table<'_>, site: Terms) -> Option<Terms> {
    level(table, site)
}

/// A service has a quota of its own besides.
pub(super) fn of_service(table: &mut Table<'_>, agency: Terms) -> Option<Terms> {
    let terms = level(table, agency);
    let quota = table.maybe("quota", |value| value.integer(1..=9999));
    Some(Terms { quota: quota?, ..terms? })
}

fn level(table: &mut Table<'_>, above: Terms) -> Option<Terms> {
    let from = table.optional("numbers_from_min", above.numbers_from_min, minutes);
    let until = table.optional("numbers_until_min", above.numbers_until_min, minutes);
    let unstaffed = table.optional("unstaffed", above.unstaffed, leniency);
    let past_closing = table.optional("past_closing", above.past_closing, leniency);
    Some(Terms {
        numbers_from_min: from?,
        numbers_until_min: until?,
        quota: None,
        unstaffed: unstaffed?,
        past_closing: past_closing?,
    })
}

/// More would be another opening hour, and belongs there.
fn minutes(value: &Value<'_>) -> Option<u16> {
    value.integer(0..=240)
}

fn leniency(value: &Value<'_>) -> Option<Leniency> {
    value.choice(&[("accept", Leniency::Accept), ("warn", Leniency::Warn), ("refuse", Leniency::Refuse)])
}
