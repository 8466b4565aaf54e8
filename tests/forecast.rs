//! Forecasts against what then happened, on simulated days; beside them the two rules of thumb that other
//! systems tell their visitors. `ANTREAN_DAYS` says how many days are played.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;

use antrean::queue::{
    At, Class, Command, CounterId, Event, Forecast, Seen, TicketId, TicketState, forecast, turn,
};
use chrono::TimeDelta;
use support::rules::{always_open, at};
use support::scenario::{Paper, finish, loket};

/// One visitor's prospects when the number was given.
struct Told {
    forecast: Forecast,
    people_times_mean_s: f64,
    shared_among_counters_s: f64,
}

/// SplitMix64, and what a queue needs of it.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Time to the next arrival at so many an hour, seconds.
    fn arrival(&mut self, an_hour: f64) -> f64 {
        -(1.0 - self.unit()).ln() * 3600.0 / an_hour
    }

    /// A service time around a median, log-normal: most are short, some take very long.
    fn service(&mut self, median_s: f64) -> f64 {
        let normal = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        median_s * (0.5 * normal).exp()
    }
}

const SERVICES: [(&str, f64); 4] = [("ktp", 420.0), ("kk", 600.0), ("kia", 300.0), ("paspor", 900.0)];

/// Plays one day and gives what was told and how long the wait then was, seconds.
fn play(seed: u64) -> Vec<(Told, f64)> {
    let mut chance = Chance(seed);
    let mut paper = Paper::open(always_open(), "2026-11-23 08:00");
    let counters: Vec<CounterId> = ["3", "4", "5", "6"].map(loket).into();
    for counter in &counters {
        paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
    }
    let mut told: BTreeMap<TicketId, Told> = BTreeMap::new();
    let mut waits = Vec::new();
    // When each counter acts next.
    let mut next: Vec<At> = vec![paper.now; counters.len()];
    let mut arrives = paper.now;
    let end = at("2026-11-23 16:00");
    loop {
        let (who, when) =
            (0..counters.len()).map(|who| (who, next[who])).min_by_key(|(_, when)| *when).unwrap();
        if arrives >= end && when >= end {
            return waits;
        }
        if arrives <= when {
            paper.now = arrives;
            // Busiest from nine to eleven.
            let busy = (9..11).contains(&chrono::Timelike::hour(&arrives));
            arrives +=
                TimeDelta::milliseconds((chance.arrival(if busy { 38.0 } else { 19.0 }) * 1000.0) as i64);
            let (service, _) = SERVICES[[0, 0, 0, 1, 1, 2, 2, 3][(chance.unit() * 8.0) as usize]];
            let class = if chance.unit() < 0.1 { Class::Priority } else { Class::Regular };
            paper.issue(service, class).unwrap();
            let ticket = paper.day.tickets().last().unwrap();
            if let Some(prospects) = prospects(&paper, ticket.id) {
                told.insert(ticket.id, prospects);
            }
            continue;
        }
        paper.now = when;
        next[who] = when + TimeDelta::seconds(act(&mut paper, &counters[who], &mut chance) as i64);
        for recorded in paper.journal.drain(..) {
            if let Event::TicketCalled { ticket, .. } = recorded.event
                && let Some(told) = told.remove(&ticket)
            {
                let issued = paper.day.ticket(ticket).unwrap().issued_at;
                waits.push((told, (recorded.at - issued).num_seconds() as f64));
            }
        }
    }
}

/// The clerk's next act, and the seconds until the one after it.
fn act(paper: &mut Paper, counter: &CounterId, chance: &mut Chance) -> f64 {
    let seen = Seen::Unsaid;
    let number = counter.as_str().trim_start_matches("loket-").to_owned();
    match paper.day.active(counter).map(|ticket| (ticket.state, ticket.service.clone())) {
        Some((TicketState::Called, _)) if chance.unit() < 0.07 => {
            paper.wish(&Command::NoShow { counter: counter.clone(), seen }).unwrap();
            15.0
        }
        Some((TicketState::Called, service)) => {
            paper.wish(&Command::Start { counter: counter.clone(), seen }).unwrap();
            let median = SERVICES.iter().find(|(id, _)| *id == service.as_str()).unwrap().1;
            chance.service(median)
        }
        Some(_) => {
            paper.wish(&finish(&number, antrean::queue::Ending::default())).unwrap();
            10.0 + chance.unit() * 30.0
        }
        None => match paper.wish(&Command::CallNext { counter: counter.clone(), seen }) {
            Ok(_) => 20.0 + chance.unit() * 40.0,
            Err(_) => 20.0,
        },
    }
}

fn prospects(paper: &Paper, id: TicketId) -> Option<Told> {
    let ticket = paper.day.ticket(id)?;
    let forecast = forecast::of_ticket(&paper.rules, &paper.day, ticket, paper.now)?;
    let ahead = f64::from(turn::ahead(&paper.rules, &paper.day, ticket)?);
    let done: Vec<f64> = paper
        .day
        .tickets()
        .filter(|it| it.state == TicketState::Done && it.service == ticket.service)
        .filter_map(|it| Some((it.ended_at? - it.started_at?).num_seconds() as f64))
        .collect();
    if done.len() < forecast::FEWEST {
        return None;
    }
    let mean = done.iter().sum::<f64>() / done.len() as f64;
    let counters = paper.day.counters_serving(&paper.rules, &ticket.service).count() as f64;
    Some(Told {
        forecast,
        people_times_mean_s: ahead * mean,
        shared_among_counters_s: ahead * mean / counters,
    })
}

#[test]
fn a_forecast_is_clearly_better_than_people_times_mean() {
    let days = std::env::var("ANTREAN_DAYS").ok().map_or(4, |days| days.parse().expect("a count"));
    let waits: Vec<(Told, f64)> = (0..days).flat_map(|day| play(0xa11ce + day)).collect();
    let count = waits.len() as f64;
    assert!(count > 100.0, "{count} visitors were told something");
    let error =
        |of: fn(&Told) -> f64| waits.iter().map(|(told, wait)| (of(told) - wait).abs()).sum::<f64>() / count;
    let ours = error(|told| f64::from(told.forecast.low_s + told.forecast.high_s) / 2.0);
    let (mean, shared) = (error(|told| told.people_times_mean_s), error(|told| told.shared_among_counters_s));
    let within = |(told, wait): &&(Told, f64)| {
        (f64::from(told.forecast.low_s)..=f64::from(told.forecast.high_s)).contains(wait)
    };
    let inside = waits.iter().filter(within).count() as f64 / count;
    let width =
        waits.iter().map(|(told, _)| f64::from(told.forecast.high_s - told.forecast.low_s)).sum::<f64>()
            / count;
    println!(
        "{count} forecasts on {days} days: mean error {:.1} min, of people x mean {:.1} min, divided by counters {:.1} min; {:.0} % within the range, {:.0} min wide",
        ours / 60.0,
        mean / 60.0,
        shared / 60.0,
        inside * 100.0,
        width / 60.0
    );
    assert!(ours < 0.5 * mean, "{ours} against {mean}");
    assert!(ours < 0.8 * shared, "{ours} against {shared}");
    assert!(inside > 0.6, "only {inside} within the range");
}

#[test]
fn under_five_service_times_or_without_a_counter_nothing_is_promised() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    let asked = |paper: &Paper| {
        let agency = paper.rules.agency(&"imigrasi".into()).unwrap().clone();
        forecast::of_agency(&paper.rules, &paper.day, &agency, paper.now)
    };
    let counter = loket("6");
    paper.wish(&Command::OpenCounter { counter: counter.clone(), staff: "ani".into() }).unwrap();
    for served in 0..forecast::FEWEST {
        assert_eq!(asked(&paper), None, "after {served}");
        paper.issue("paspor", Class::Regular).unwrap();
        let seen = Seen::Unsaid;
        paper.wish(&Command::CallNext { counter: counter.clone(), seen }).unwrap();
        paper.wish(&Command::Start { counter: counter.clone(), seen }).unwrap();
        paper.now += TimeDelta::minutes(12);
        paper.wish(&finish("6", antrean::queue::Ending::default())).unwrap();
    }
    assert_eq!(asked(&paper).map(Forecast::minutes), Some((0, 5)), "nobody waits");
    for _ in 0..3 {
        paper.issue("paspor", Class::Regular).unwrap();
    }
    assert_eq!(asked(&paper).map(Forecast::minutes), Some((35, 40)), "three times twelve minutes");
    paper.wish(&Command::CloseCounter { counter }).unwrap();
    assert_eq!(asked(&paper), None, "nobody is there");
    // The morning after begins with what was learned.
    paper.now += TimeDelta::days(1);
    paper.wish(&Command::Tick).unwrap();
    paper.wish(&Command::OpenCounter { counter: loket("6"), staff: "ani".into() }).unwrap();
    assert_eq!(asked(&paper).map(Forecast::minutes), Some((0, 5)));
}

/// Places in the queue do not move with a clock that is set back, and neither does the wait.
#[test]
fn a_newcomer_is_told_of_everybody_before_them_after_the_clock_was_set_back() {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    paper.wish(&Command::OpenCounter { counter: loket("3"), staff: "ani".into() }).unwrap();
    let seen = Seen::Unsaid;
    for _ in 0..6 {
        paper.issue("ktp", Class::Regular).unwrap();
        paper.wish(&Command::CallNext { counter: loket("3"), seen }).unwrap();
        paper.wish(&Command::Start { counter: loket("3"), seen }).unwrap();
        paper.now += TimeDelta::minutes(6);
        paper.wish(&finish("3", Default::default())).unwrap();
    }
    let told = |paper: &mut Paper| match &paper.issue("ktp", Class::Regular).unwrap()[0] {
        Event::TicketIssued { forecast, .. } => forecast.unwrap(),
        other => panic!("{other:?}"),
    };
    for _ in 0..9 {
        told(&mut paper);
    }
    let before = told(&mut paper);
    paper.now -= TimeDelta::minutes(4);
    assert!(told(&mut paper).low_s >= before.low_s, "{before:?}");
}
