//! `antrean config`: the config in force, what another would change, and what is built in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::{Common, check, config_path, exit, run, today};
use crate::appliance::control;
use crate::appliance::technician::{Answer, Question};
use crate::config::{self, ConfigOrigin, ConfigState, Options};
use crate::queue::Language;
use crate::queue::rules::{Line, When};
use crate::slip::Template;

/// What `antrean config` prints.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// The built-in config: MPP Kota Langsa, every key explained
    Default,
    /// The calendar of 2026: national holidays, to be compared with the local decision
    Holidays,
    /// The built-in layout of slips, to be copied and changed: antrean config slip > slip.txt
    Slip,
    /// The JSON schema of the config, for editors: antrean config schema > antrean.schema.json
    Schema,
    /// The config in force, with every value that counts where the file says nothing; without secrets
    ///
    /// Of the running box, if one runs on the data folder; else of the file.
    Show(Show),
    /// What a changed file would change, and when: now, when the day ends, or at a restart
    ///
    /// Compared with the running box, if one runs on the data folder; else with its last good copy.
    /// Exit code: 0 nothing would change, 1 something would, 2 a file cannot be used.
    Diff(Diff),
}

#[derive(Debug, clap::Args)]
pub struct Show {
    /// Print an object with `state` and `toml`
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The changed file [default: the one the box would read]
    file: Option<PathBuf>,
    /// Print a JSON array of objects with `what` and `when`
    #[arg(long)]
    json: bool,
}

pub fn run(act: Act, common: &Common) -> ExitCode {
    match act {
        Act::Default => print(config::DEFAULT),
        Act::Holidays => print(config::HOLIDAYS),
        Act::Slip => print(Template::DEFAULT),
        Act::Schema => print(config::SCHEMA),
        Act::Show(args) => show(&args, common),
        Act::Diff(args) => diff(args, common),
    }
}

fn print(text: &str) -> ExitCode {
    print!("{text}");
    ExitCode::SUCCESS
}

fn show(args: &Show, common: &Common) -> ExitCode {
    let (state, text) = match ask(&data(common), &Question::Config) {
        Ok(Some(Answer::Config { state, text })) => (Some(*state), text),
        Ok(Some(answer)) => return strange(&answer),
        Err(code) => return code,
        Ok(None) => {
            let path = config_path(common);
            match config::load(&path, options()) {
                Ok(config) => (None, config.source.text.clone()),
                Err(error) => return check::refuse(&error, &path, false),
            }
        }
    };
    let toml = match config::effective(&text) {
        Ok(toml) => toml,
        Err(error) => {
            eprintln!("antrean: the config in force cannot be shown: {error}. [bad_config]");
            return ExitCode::from(exit::PROBLEM);
        }
    };
    if args.json {
        println!("{:#}", json!({ "state": state, "toml": toml }));
    } else {
        let head =
            state.map_or_else(|| format!("# {}\n", config_path(common).display()), |state| told(&state));
        print!("{head}\n{toml}");
    }
    ExitCode::SUCCESS
}

/// The state of the running box, as comments.
fn told(state: &ConfigState) -> String {
    let source = match state.source {
        ConfigOrigin::File => "the file",
        ConfigOrigin::LastGood => "the LAST GOOD COPY: the file could not be used at the start",
        ConfigOrigin::BuiltIn => "the program itself",
    };
    let at = state.applied_at.format("%Y-%m-%d %H:%M:%S");
    let mut said =
        format!("# The running box follows {source}, since {at}.\n# SHA-256 {}\n", state.applied_hash);
    if let Some(rejected) = &state.rejected {
        said += "# The file as it is now is NOT in force: antrean check says why.\n";
        said += &format!("# Noticed {}\n", rejected.at.format("%Y-%m-%d %H:%M:%S"));
    }
    for line in &state.waiting {
        said += &format!("# Not yet, {}: {}\n", when(line.when), line.what.in_language(Language::EN));
    }
    said
}

fn diff(args: Diff, common: &Common) -> ExitCode {
    let (path, data) = (args.file.unwrap_or_else(|| config_path(common)), data(common));
    let wanted = match config::load(&path, options()) {
        Ok(config) => config,
        Err(error) => {
            check::refuse(&error, &path, args.json);
            return ExitCode::from(exit::USAGE);
        }
    };
    let file = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
    let (lines, with) = match ask(&data, &Question::Differences { file }) {
        Ok(Some(Answer::Differences { differences })) => (differences, "the running box"),
        Ok(Some(answer)) => return strange(&answer),
        Err(code) => return code,
        Ok(None) => match config::load_good(&data, options()) {
            Ok(good) => (config::differences(&good, &wanted, None), "the last good copy; no box runs"),
            Err(error) => {
                eprintln!(
                    "antrean: there is nothing to compare with: no box runs on {}, and none has run: {}. [no_copy]",
                    data.display(),
                    error.report()
                );
                return ExitCode::from(exit::USAGE);
            }
        },
    };
    if args.json {
        println!("{:#}", json!(lines));
    } else {
        println!("{} compared with {with}:", path.display());
        print!("{}", listed(&lines));
    }
    ExitCode::from(if lines.is_empty() { 0 } else { exit::PROBLEM })
}

fn listed(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "  nothing would change\n".to_owned();
    }
    let mut list = String::new();
    for at in [When::Now, When::DayEnd, When::Restart] {
        let words: Vec<&Line> = lines.iter().filter(|line| line.when == at).collect();
        if !words.is_empty() {
            list += &format!("{}:\n", when(at));
        }
        for line in words {
            list += &format!("  {}\n", line.what.in_language(super::printer::ask::language()));
        }
    }
    list
}

fn when(when: When) -> &'static str {
    match when {
        When::Now => "at once, when the file is saved",
        When::DayEnd => "when the day ends",
        When::Restart => "after a restart",
    }
}

fn options() -> Options {
    Options { today: Some(today()), ..Options::default() }
}

fn data(common: &Common) -> PathBuf {
    common.data.clone().unwrap_or_else(|| run::data_folder(false))
}

/// Asks the running box; none where no box runs.
fn ask(data: &Path, question: &Question) -> Result<Option<Answer>, ExitCode> {
    control::ask(data, question).map_err(|error| {
        let socket = control::socket(data);
        eprintln!("antrean: the box at {} does not answer: {error}. [control]", socket.display());
        ExitCode::from(exit::USAGE)
    })
}

fn strange(answer: &Answer) -> ExitCode {
    match answer {
        Answer::Refused { code, message } => eprintln!("antrean: {message}. [{code}]"),
        answer => eprintln!("antrean: the box is of another version: {answer:?}. [control]"),
    }
    ExitCode::from(exit::USAGE)
}
