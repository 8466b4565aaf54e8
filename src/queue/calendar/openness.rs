//! The one answer, and when it changes.

use std::cell::OnceCell;

use chrono::{NaiveDate, TimeDelta};

use super::moment::{Doors, Timetable};
use super::week::joined;
use super::{Closed, ClosedCode, Leniency, Openness, Span, Warning};
use crate::queue::{
    Agency, At, Class, Counter, CounterPhase, CounterState, Day, Event, Rules, Service, Text, forecast,
};

/// Whether numbers for a service can be had now.
pub fn openness(rules: &Rules, day: &Day, agency: &Agency, service: &Service, now: At) -> Openness {
    let desk = Desk::of(rules, day, agency, service);
    let answer = desk.answer(now);
    match answer {
        Answer::Open(warning) => Openness::Open { warning, until: desk.next_change(now, &answer) },
        Answer::Closed(code, name) => Openness::Closed(desk.closed(now, code, name)),
    }
}

/// What a wish for a number is refused with. Until when the answer is yes is worth its price only to those
/// who are told.
pub fn refused(rules: &Rules, day: &Day, agency: &Agency, service: &Service, now: At) -> Option<Closed> {
    let desk = Desk::of(rules, day, agency, service);
    match desk.answer(now) {
        Answer::Open(_) => None,
        Answer::Closed(code, name) => Some(desk.closed(now, code, name)),
    }
}

/// The next instant, after `now`, at which time alone changes any answer or the day.
pub fn next_crossing(rules: &Rules, day: &Day, now: At) -> At {
    let tomorrow = rules.day_begins(rules.business_day(now) + TimeDelta::days(1));
    let services =
        rules.agencies.iter().flat_map(|agency| agency.services.iter().map(move |service| (agency, service)));
    let changes = services.filter_map(|(agency, service)| {
        let desk = Desk::of(rules, day, agency, service);
        desk.next_change(now, &desk.answer(now))
    });
    let leaving = rules.counters.iter().filter_map(|counter| leaves_at(rules, day, counter, now));
    changes.chain(leaving).fold(tomorrow, At::min)
}

/// Since when an agency should be at work, where it should be now: the beginning of the span of opening hours.
/// None where hours do not count.
pub fn at_work_since(rules: &Rules, agency: &Agency, now: At) -> Option<At> {
    if rules.always_open {
        return None;
    }
    let began = |service| Timetable::of(rules, agency, service).began(now);
    agency.services.iter().filter_map(began).min()
}

/// The hours of an agency on a date: when any of its services can be had, by the calendar alone.
pub fn planned(rules: &Rules, agency: &Agency, date: NaiveDate) -> Vec<Span> {
    let of = |service| Timetable::of(rules, agency, service).spans(date);
    let mut spans: Vec<Span> = agency.services.iter().flat_map(of).collect();
    spans.sort_unstable_by_key(|span| (span.from, span.to));
    joined(&spans)
}

/// Whether these events may have moved the [`next_crossing`].
pub fn shifts<'e>(rules: &Rules, mut events: impl Iterator<Item = &'e Event>) -> bool {
    rules.look_at_the_day()
        || events.any(|event| {
            matches!(
                event,
                Event::ServiceStopped { .. }
                    | Event::ServiceAccepted { .. }
                    | Event::CounterOpened { .. }
                    | Event::CounterPaused { .. }
            )
        })
}

/// Whether somebody is at a counter: it is open or on a break, and its own hours, if it has any, have not
/// ended since. Who opens it afterwards stays on purpose.
pub fn is_staffed(rules: &Rules, counter: &Counter, state: &CounterState, at: At) -> bool {
    let ended = || {
        let since = state.since?;
        counter.hours.as_ref()?;
        end_after(rules, counter, since).filter(|end| *end <= at)
    };
    state.phase != CounterPhase::Closed && ended().is_none()
}

/// When a counter that is open now counts no longer.
fn leaves_at(rules: &Rules, day: &Day, counter: &Counter, now: At) -> Option<At> {
    let state = day.counter(&counter.id);
    let since = state.since.filter(|_| state.phase != CounterPhase::Closed)?;
    end_after(rules, counter, since).filter(|end| *end > now)
}

/// The first end of a counter's own hours after an instant, on that date or the next.
fn end_after(rules: &Rules, counter: &Counter, since: At) -> Option<At> {
    let week = counter.hours.as_ref()?;
    let date = since.with_timezone(&rules.offset).date_naive();
    [date, date + TimeDelta::days(1)].into_iter().find_map(|date| {
        let ends = joined(week.on(chrono::Datelike::weekday(&date)));
        ends.iter().map(|span| rules.instant(date, span.to)).find(|end| *end > since)
    })
}

/// An answer without its times.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Open(Option<Warning>),
    Closed(ClosedCode, Option<Text>),
}

/// Everything that is asked about one service.
struct Desk<'a> {
    rules: &'a Rules,
    day: &'a Day,
    agency: &'a Agency,
    service: &'a Service,
    table: Timetable<'a>,
    wait: OnceCell<Option<TimeDelta>>,
}

impl<'a> Desk<'a> {
    fn of(rules: &'a Rules, day: &'a Day, agency: &'a Agency, service: &'a Service) -> Self {
        let table = Timetable::of(rules, agency, service);
        Self { rules, day, agency, service, table, wait: OnceCell::new() }
    }

    /// Every level, the highest first.
    fn answer(&self, at: At) -> Answer {
        if let Some(name) = self.stopped(at) {
            return Answer::Closed(ClosedCode::Stopped, Some(name.clone()));
        }
        if self.rules.always_open {
            return Answer::Open(None);
        }
        let doors = match self.table.at(at) {
            Ok(doors) => doors,
            Err((code, name)) => return Answer::Closed(code, name),
        };
        if self.is_full(at) {
            return Answer::Closed(ClosedCode::QuotaFull, None);
        }
        let terms = &self.service.terms;
        let unstaffed = doors == Doors::Open && terms.unstaffed != Leniency::Accept && !self.is_staffed(at);
        if unstaffed && terms.unstaffed == Leniency::Refuse {
            return Answer::Closed(ClosedCode::Unstaffed, None);
        }
        let passes = self.passes_closing(at);
        if passes && terms.past_closing == Leniency::Refuse {
            return Answer::Closed(ClosedCode::PastClosing, None);
        }
        let passes = passes.then_some(Warning::PastClosing);
        Answer::Open(unstaffed.then_some(Warning::Unstaffed).or(passes))
    }

    /// Whether an instant belongs to the day we know: what was stopped or given on it ends with it.
    fn is_today(&self, at: At) -> bool {
        self.day.date().is_some_and(|today| self.rules.business_day(at) <= today)
    }

    fn stopped(&self, at: At) -> Option<&Text> {
        let stop = self.day.stop(&self.service.id)?;
        (self.is_today(at) && stop.holds(at)).then_some(&stop.name)
    }

    fn is_full(&self, at: At) -> bool {
        let full = |quota| self.day.places_taken(&self.service.id) >= quota;
        self.is_today(at) && self.service.terms.quota.is_some_and(full)
    }

    fn is_staffed(&self, at: At) -> bool {
        let staffed = |counter: &Counter| is_staffed(self.rules, counter, &self.day.counter(&counter.id), at);
        self.is_today(at) && self.day.counters_serving(self.rules, &self.service.id).any(staffed)
    }

    /// Whether somebody who came at this instant would be called at the day's closing or later.
    fn passes_closing(&self, at: At) -> bool {
        self.is_today(at) && self.wait().is_some_and(|wait| wait >= self.table.left(at))
    }

    /// The middle of what a newcomer is told, as things stood after the last act there: so it changes with
    /// acts alone, and what it means for an instant is known beforehand.
    fn wait(&self) -> Option<TimeDelta> {
        if self.service.terms.past_closing == Leniency::Accept || self.rules.always_open {
            return None;
        }
        *self.wait.get_or_init(|| {
            let (day, at) = self.day.at_the_last_act(self.rules, self.agency)?;
            let class = Class::Regular;
            let wait = forecast::of_newcomer(self.rules, &day, self.agency, self.service, class, at)?;
            Some(TimeDelta::seconds(wait.middle_s().into()))
        })
    }

    /// A "no" with its times.
    fn closed(&self, now: At, code: ClosedCode, name: Option<Text>) -> Closed {
        let until = self.next_change(now, &Answer::Closed(code, name.clone()));
        let opens = self.next_opening(now, code, until);
        Closed { code, until, opens, name }
    }

    /// When the known day ends.
    fn day_ends(&self) -> Option<At> {
        self.day.date().map(|today| self.rules.day_begins(today + TimeDelta::days(1)))
    }

    /// The first instant after `now` with another answer.
    fn next_change(&self, now: At, answer: &Answer) -> Option<At> {
        self.moments(now).find(|at| self.answer(*at) != *answer)
    }

    /// The first instant at which the calendar and the stop let numbers be had, as far as that does not
    /// hang on people.
    fn next_opening(&self, now: At, code: ClosedCode, until: Option<At>) -> Option<At> {
        if self.rules.always_open {
            return until;
        }
        let another_day = matches!(code, ClosedCode::QuotaFull | ClosedCode::PastClosing);
        let gives = |at: &At| {
            let today = self.is_today(*at);
            let shut = self.stopped(*at).is_some() || self.is_full(*at) || (another_day && today);
            !shut && self.table.at(*at).is_ok()
        };
        // A counter may open any minute.
        (code != ClosedCode::Unstaffed).then(|| self.moments(now).find(gives)).flatten()
    }

    /// Every instant after `now` at which the answer may change, in order. The calendar goes on as the
    /// weeks do after its last exception: a week later nothing new can come.
    fn moments(&self, now: At) -> impl Iterator<Item = At> {
        let today = self.table.date_of(now);
        let stop_ends = self.day.stop(&self.service.id).and_then(|stop| stop.until);
        let single: Vec<At> = stop_ends.into_iter().chain(self.day_ends()).collect();
        let last = match self.rules.always_open {
            true => single.iter().map(|at| self.table.date_of(*at)).max().unwrap_or(today),
            false => {
                let known = self.rules.exceptions.last().max(self.day.date());
                known.map_or(today, |known| known.max(today)) + TimeDelta::days(9)
            }
        };
        let dates = std::iter::successors(Some(today), |date| date.succ_opt());
        dates
            .take_while(move |date| *date <= last)
            .flat_map(move |date| self.moments_of(date, &single))
            .filter(move |at| *at > now)
    }

    fn moments_of(&self, date: NaiveDate, single: &[At]) -> Vec<At> {
        let on_it = |at: &&At| self.table.date_of(**at) == date;
        let mut moments: Vec<At> = single.iter().filter(on_it).copied().collect();
        if !self.rules.always_open {
            moments.extend(self.table.edges(date));
            moments.extend(self.wait().and_then(|wait| self.table.with_left(date, wait)));
            moments.extend(self.departures().filter(|at| self.table.date_of(*at) == date));
        }
        moments.sort_unstable();
        moments
    }

    /// When counters that serve it now count no longer.
    fn departures(&self) -> impl Iterator<Item = At> {
        let leaves = |counter: &Counter| {
            let since = self.day.counter(&counter.id).since?;
            end_after(self.rules, counter, since)
        };
        let counts = self.service.terms.unstaffed != Leniency::Accept;
        let counters = self.day.counters_serving(self.rules, &self.service.id).filter(move |_| counts);
        counters.filter_map(leaves)
    }
}
