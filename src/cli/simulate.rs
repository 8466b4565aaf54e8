//! `antrean simulate`: days that never were, on scratch data, for training, for a show, and to see that a
//! config holds what it promises.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};

use chrono::{NaiveDate, NaiveTime};

use super::{Common, check, config_path, exit, run, today};
use crate::appliance::simulation::{self, DayOutcome, Evening, Outcome};
use crate::appliance::{Ended, Plan};
use crate::config::Options;
use crate::queue::Language;
use crate::simulate::{NoPlay, Pace, Season, Sums};
use crate::tasks;

/// Play realistic days of the configured site: visitors, clerks, breaks, a printer without paper
///
/// Every screen is live and says MODE PERAGAAN. Whoever signs in at a counter (the PIN is shown there) takes
/// it over. The data folder is emptied first; one with a journal of anybody else is refused, and no printer is used.
///
/// At the end, or at Ctrl-C, the sums are printed, and the journal is compared with what visitors and screens
/// were told, day by day. Between two days the house does what it does every night: the day changes and is
/// packed, a backup is taken into the data folder, old backups are removed; it passes at once.
/// Exit code: 0 all of it agrees, 1 it does not, or there is nothing to play.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Seconds that pass in the house in one of ours: 1 is real time, 60 a minute a second; max: as fast as
    /// it goes
    #[arg(long, default_value = "60", value_name = "N", value_parser = pace)]
    speed: Pace,
    /// The same seed, date and config make the same days
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// End each day at this time of it [default: when the last counter has closed]
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    until: Option<NaiveTime>,
    /// The first day to play [default: today, or the next day on which something is open]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// So many days, one after another; those on which nothing is open are passed over
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Wait each evening, screens and pages open, until Enter is pressed
    #[arg(long)]
    pause: bool,
    /// Open the kiosk's window as well
    #[arg(long)]
    window: bool,
}

pub fn run(args: &Args, common: &Common) -> ExitCode {
    run::start_log(common.verbose);
    let options = Options { always_open: false, today: Some(today()) };
    let config = match run::read_config(common, options, true) {
        Ok(config) => config,
        Err(error) => return check::refuse(&error, &config_path(common), false),
    };
    run::tell_warnings(&config);
    let rules = Arc::new(config.rules.clone());
    let season = |first| Season::new(rules.clone(), first, args.days.into(), args.seed, args.until);
    let season = match (args.date, season(args.date.unwrap_or_else(today))) {
        (None, Err(NoPlay::Closed { next: Some(next), .. })) => season(next),
        (_, season) => season,
    };
    let season = match season {
        Ok(season) => season,
        Err(error) => {
            eprintln!("antrean simulate: {error}. [{}]", error.code());
            return ExitCode::from(exit::PROBLEM);
        }
    };
    tell_of_the_days(season.dates(), args);
    let evening = evening(season.dates().len() > 1, args.pause);
    let plan = Plan {
        config,
        data: common.data.clone().unwrap_or_else(|| PathBuf::from("data-simulate")),
        listen: common.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        demo: true,
        window: args.window,
        file: None,
    };
    match simulation::simulate(plan, season, args.speed, evening) {
        Ok(Outcome { ended: Ended::Asked, days }) => {
            print!("{}", told(&days));
            let mut faults: Vec<String> = days.iter().flat_map(of_its_day).collect();
            if days.is_empty() {
                faults.push("no day was played".to_owned());
            }
            for fault in &faults {
                eprintln!("antrean simulate: {fault} [journal_differs]");
            }
            if faults.is_empty() {
                println!(
                    "The journal holds every number that was handed out, once, and every call that screens showed, in order."
                );
            }
            ExitCode::from(if faults.is_empty() { 0 } else { exit::PROBLEM })
        }
        Ok(outcome) => run::say_end(outcome.ended),
        Err(error) => run::say_end(Ended::Data(error)),
    }
}

fn tell_of_the_days(dates: &[NaiveDate], args: &Args) {
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    match dates.len() {
        1 => tracing::info!("the simulated day is {first}, seed {}", args.seed),
        days => tracing::info!("{days} days are simulated, {first} to {last}, seed {}", args.seed),
    }
    if dates.len() < args.days.into() {
        tracing::warn!("the calendar knows only {} of {} open days", dates.len(), args.days);
    }
}

/// Says in the evening what the day came to, where there are several.
fn evening(several: bool, pauses: bool) -> Evening {
    let tell = move |day: &DayOutcome| {
        if several {
            println!("{}", in_a_line(day));
        }
        if pauses {
            eprintln!("The house is empty. Press Enter to let it close.");
        }
    };
    Evening { tell: Box::new(tell), go_on: pauses.then(enters) }
}

/// A word that a line was typed, however many were; nobody waits for the thread that reads them.
fn enters() -> Receiver<()> {
    let (tell, heard) = sync_channel(1);
    tasks::thread("enter", move || {
        for _line in std::io::stdin().lines().map_while(Result::ok) {
            if let Err(TrySendError::Disconnected(())) = tell.try_send(()) {
                break;
            }
        }
    });
    heard
}

fn of_its_day(day: &DayOutcome) -> impl Iterator<Item = String> {
    day.faults.iter().map(|fault| format!("{}: {fault}", day.date))
}

/// What a day came to, for who watches several of them go by.
fn in_a_line(day: &DayOutcome) -> String {
    let DayOutcome { date, sums, turned_away, faults } = day;
    let agrees = match faults.len() {
        0 => "the journal agrees".to_owned(),
        faults => format!("the journal DIFFERS in {faults} things"),
    };
    format!(
        "{}: {} issued, {} served, {} no-show, {} cancelled, {} not served, {turned_away} in vain, {} calls; {agrees}",
        date.format("%a %Y-%m-%d"),
        sums.issued,
        sums.served,
        sums.no_show,
        sums.cancelled,
        sums.left,
        sums.calls + sums.recalls,
    )
}

fn pace(text: &str) -> Result<Pace, String> {
    let wrong = || format!("`{text}` is no speed: write a number such as 1, 60 or 600, or max");
    match text {
        "0" | "max" => Ok(Pace::Max),
        _ => {
            let times: f64 = text.parse().map_err(|_| wrong())?;
            if (0.1..=100_000.0).contains(&times) { Ok(Pace::Times(times)) } else { Err(wrong()) }
        }
    }
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| format!("`{text}` is no time of day: write hours and minutes, such as 12:30"))
}

/// Which days they were, and what all of them came to.
fn told(days: &[DayOutcome]) -> String {
    let mut sums = Sums::default();
    days.iter().for_each(|day| sums.add(&day.sums));
    let turned_away = days.iter().map(|day| day.turned_away).sum();
    let mut text = match days {
        [] => String::new(),
        [day] => format!("{}\n", day.date.format("%A %Y-%m-%d")),
        [first, .., last] => format!("\n{} days, {} to {}\n", days.len(), first.date, last.date),
    };
    let mut row = |name: &str, count: u32| text += &format!("{name:<34}{count:>7}\n");
    row("tickets issued", sums.issued);
    row("  served", sums.served);
    row("  no-show", sums.no_show);
    row("  cancelled", sums.cancelled);
    row("  not served when it ended", sums.left);
    row("came in vain", turned_away);
    row("calls", sums.calls);
    row("recalls", sums.recalls);
    row("returned after a no-show", sums.returns);
    row("put on hold", sums.holds);
    row("sent on to another service", sums.transfers);
    row("slips printed", sums.slips.0);
    row("  not printed", sums.slips.1);
    row("  uncertain", sums.slips.2);
    let waits = "waiting, minutes";
    text += &format!("\n{waits:<34}{:>7}{:>7}{:>7}{:>7}\n", "tickets", "mean", "median", "P90");
    let minutes = |s: Option<i64>| s.map_or_else(|| "–".to_owned(), |s| format!("{:.1}", s as f64 / 60.0));
    for agency in &sums.agencies {
        text += &format!(
            "{:<34}{:>7}{:>7}{:>7}{:>7}\n",
            agency.name.in_language(Language::ID),
            agency.issued,
            minutes(agency.mean_s()),
            minutes(agency.percentile_s(50)),
            minutes(agency.percentile_s(90)),
        );
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_number_or_as_fast_as_it_goes() {
        assert_eq!(pace("60"), Ok(Pace::Times(60.0)));
        assert_eq!((pace("0"), pace("max")), (Ok(Pace::Max), Ok(Pace::Max)));
        for wrong in ["", "-1", "fast", "NaN", "inf", "0.01"] {
            assert!(pace(wrong).is_err(), "{wrong:?} was taken");
        }
    }
}
