//! What is out, and since when.

use chrono::TimeDelta;

use super::super::downtime::{BoxTrouble, Part, PartTrouble};
use super::super::{At, Day, Event, Rules};

/// A box that was dark for less than this was not out: nobody could have pressed anything.
const SHORTEST: TimeDelta = TimeDelta::seconds(5);

/// How a printer or a kiosk is. Nothing is written where nothing changes, nor of what the config does not name.
pub(super) fn report(
    rules: &Rules,
    day: &Day,
    part: &Part,
    trouble: Option<PartTrouble>,
    since: Option<At>,
) -> Vec<Event> {
    // Whoever reports runs: the box itself is only ever out afterwards.
    let known = *part != Part::Box && is_known(rules, part);
    let trouble = trouble.filter(|trouble| known && trouble.stops(part));
    let before = day.failed(part).map(|failure| failure.trouble);
    if before == trouble {
        return vec![];
    }
    let mended = before.map(|_| Event::PartMended { part: part.clone(), until: None });
    let failed = trouble.map(|trouble| Event::PartFailed { part: part.clone(), trouble, since });
    mended.into_iter().chain(failed).collect()
}

/// The box was dark from one moment to another. Both are over: nothing of it can be moved by a clock any more.
pub(super) fn dark(day: &Day, trouble: BoxTrouble, from: At, to: At, now: At) -> Vec<Event> {
    let to = to.min(now);
    // Whoever does not know the time does not know how long it was.
    if day.clock().doubt.is_some() || to - from < SHORTEST {
        return vec![];
    }
    let trouble = PartTrouble::Box(trouble);
    vec![
        Event::PartFailed { part: Part::Box, trouble, since: Some(from) },
        Event::PartMended { part: Part::Box, until: Some(to) },
    ]
}

/// What the config does not name any more is missed by nobody.
pub(super) fn gone(rules: &Rules, day: &Day) -> impl Iterator<Item = Event> {
    let gone = day.failures().filter(|(part, _)| !is_known(rules, part));
    gone.map(|(part, _)| Event::PartMended { part: part.clone(), until: None })
}

fn is_known(rules: &Rules, part: &Part) -> bool {
    match part {
        Part::Printer(id) => rules.printers.contains(id),
        Part::Kiosk(id) => rules.kiosk(id).is_some(),
        Part::Box => true,
    }
}
