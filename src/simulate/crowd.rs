//! Who comes, when, and for what.
//!
//! **How many.** A counter's minutes of the day are shared among what it serves: the first service of its
//! list twice as much as the second, three times as much as the third, as agencies put first what is asked
//! for most. Of these minutes [`BUSY`] is taken by visitors of [`target_min`](crate::queue::Service::target_min)
//! each. So more counters, and shorter services, bring more people; the reference site gets about the 300
//! that a mall of its size has to expect on a busy day.
//!
//! **When.** By [`rush`]: two peaks in the morning, few at noon and before a prayer, some in the afternoon,
//! hardly anybody before closing; a few come in vain.

use chrono::{NaiveDate, TimeDelta, Timelike};

use super::chance::Chance;
use super::hours::{self, Stretch};
use crate::queue::{At, Class, Language, Rules, ServiceId};

/// The share of the counters' time that visitors take. The morning's peaks are twice the day's mean: then
/// more come than can be served, and people wait.
const BUSY: f64 = 0.55;
/// Visitors who press *layanan prioritas*.
const PRIORITY: f64 = 0.08;
/// Visitors who read English.
const ENGLISH: f64 = 0.03;
/// Of those who would have come at a minute, so many come although nothing is open then.
const IN_VAIN: f64 = 0.02;

/// Somebody who will stand before a kiosk.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    pub at: At,
    pub service: ServiceId,
    pub class: Class,
    pub language: Language,
}

/// Everybody who comes on a date, in order.
pub fn arrivals(rules: &Rules, date: NaiveDate, chance: &mut Chance) -> Vec<Arrival> {
    let minutes = demand(rules, date);
    let opening = minutes.iter().filter_map(|wanted| Some(wanted.open.first()?.0)).min();
    let Some(opening) = opening else { return Vec::new() };
    let mut all = Vec::new();
    for wanted in minutes {
        let weights = rush(rules, date, opening, &wanted.open);
        let count = chance.rounded(wanted.visitors);
        for _ in 0..count {
            let Some(minute) = chance.weighted(&weights) else { continue };
            let at = rules.day_begins(date) + TimeDelta::minutes(minute as i64) + chance.seconds(0..=59);
            let class = if chance.share(PRIORITY) { Class::Priority } else { Class::Regular };
            let language = if chance.share(ENGLISH) { Language::EN } else { Language::ID };
            all.push(Arrival { at, service: wanted.service.clone(), class, language });
        }
    }
    all.sort_by_key(|arrival| arrival.at);
    all
}

/// One service and how many come for it.
struct Wanted {
    service: ServiceId,
    visitors: f64,
    open: Vec<Stretch>,
}

fn demand(rules: &Rules, date: NaiveDate) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for agency in &rules.agencies {
        for service in &agency.services {
            let shares = rules.counters.iter().filter_map(|counter| {
                let place = counter.services.iter().position(|id| *id == service.id)?;
                let weight = |place: usize| 1.0 / (place + 1) as f64;
                let total: f64 = (0..counter.services.len()).map(weight).sum();
                let open = hours::of_counter(rules, date, counter);
                let minutes: i64 = open.iter().map(|(from, to)| (*to - *from).num_minutes()).sum();
                Some(minutes as f64 * weight(place) / total)
            });
            let minutes: f64 = shares.sum();
            wanted.push(Wanted {
                service: service.id.clone(),
                visitors: BUSY * minutes / f64::from(service.target_min.max(1)),
                open: hours::of_numbers(rules, date, agency, service),
            });
        }
    }
    wanted
}

/// How many come in each minute of the day, against each other.
fn rush(rules: &Rules, date: NaiveDate, opening: At, open: &[Stretch]) -> Vec<f64> {
    let (Some((_, closing)), begins) = (open.last(), rules.day_begins(date)) else { return Vec::new() };
    let minute = |i: i64| {
        let at = begins + TimeDelta::minutes(i);
        if at < opening - TimeDelta::minutes(15) || at >= *closing + TimeDelta::minutes(10) {
            return 0.0;
        }
        let since = (at - opening).num_minutes() as f64;
        let clock = f64::from(at.hour() * 60 + at.minute());
        let bump = |x: f64, middle: f64, width: f64| (-((x - middle) / width).powi(2) / 2.0).exp();
        let crowd =
            0.25 + bump(since, 50.0, 30.0) + 0.9 * bump(since, 150.0, 30.0) + 0.35 * bump(clock, 840.0, 45.0);
        let noon = if (720.0..795.0).contains(&clock) { 0.3 } else { 1.0 };
        let ends = open.iter().map(|(_, to)| (*to - at).num_minutes()).filter(|left| *left >= 0);
        let late = if ends.min().is_some_and(|left| left < 30) { 0.4 } else { 1.0 };
        let vain = if hours::within(open, at) { 1.0 } else { IN_VAIN };
        crowd * noon * late * vain
    };
    (0..24 * 60).map(minute).collect()
}
