//! `antrean simulate`: a day that never was, on scratch data, for training, for a show, and to see that a
//! config holds what it promises.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use super::{Common, check, config_path, exit, run, today};
use crate::appliance::simulation::{self, Outcome};
use crate::appliance::{Ended, Plan};
use crate::config::Options;
use crate::queue::Language;
use crate::simulate::{NoPlay, Pace, Play, Sums};

/// Play a realistic day of the configured site: visitors, clerks, breaks, a printer without paper
///
/// Every screen is live and says MODE PERAGAAN. Whoever signs in at a counter (the PIN is shown there) takes
/// it over. The data folder is emptied first; one with a journal of anybody else is refused, and no printer is used.
///
/// At the end, or at Ctrl-C, the day's sums are printed, and the journal is compared with what visitors and
/// screens were told. Exit code: 0 all of it agrees, 1 it does not, or there is nothing to play.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Seconds that pass in the house in one of ours: 1 is real time, 60 a minute a second; max: as fast as
    /// it goes
    #[arg(long, default_value = "60", value_name = "N", value_parser = pace)]
    speed: Pace,
    /// The same seed, date and config make the same day
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// End at this time of the simulated day [default: when the last counter has closed]
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    until: Option<NaiveTime>,
    /// The day to play [default: today, or the next day on which something is open]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
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
    let play = |date| Play::new(rules.clone(), date, args.seed, args.until);
    let play = match (args.date, play(args.date.unwrap_or_else(today))) {
        (None, Err(NoPlay::Closed { next: Some(next), .. })) => play(next),
        (_, play) => play,
    };
    let play = match play {
        Ok(play) => play,
        Err(error) => {
            eprintln!("antrean simulate: {error}. [{}]", error.code());
            return ExitCode::from(exit::PROBLEM);
        }
    };
    let date = play.begins().date_naive();
    tracing::info!("the simulated day is {date}, seed {}", args.seed);
    let plan = Plan {
        config,
        data: common.data.clone().unwrap_or_else(|| PathBuf::from("data-simulate")),
        listen: common.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        demo: true,
        window: args.window,
        file: None,
    };
    match simulation::simulate(plan, play, args.speed) {
        Ok(Outcome { ended: Ended::Asked, sums, turned_away, faults }) => {
            print!("{}", told(date, &sums, turned_away));
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

/// The day in a few lines.
fn told(date: NaiveDate, sums: &Sums, turned_away: u32) -> String {
    let mut text = format!("{}\n", date.format("%A %Y-%m-%d"));
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
