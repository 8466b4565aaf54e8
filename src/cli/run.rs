//! `antrean run` and `antrean serve`: the box.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::{Common, check, config_path, exit};
use crate::appliance::reload::ConfigFile;
use crate::appliance::{self, Ended, Plan};
use crate::config::{self, Config, LoadError, Options};

#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// The demonstration: hours are ignored, demo staff with a shown PIN, data in ./data-demo, only this
    /// machine can connect
    #[arg(long)]
    demo: bool,
    /// Started by the system, with nobody at a terminal: where the config cannot be used, the box starts on the
    /// last good copy in its data folder, and says so
    #[arg(long)]
    service: bool,
}

/// Whether a window is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Window,
    None,
}

pub fn run(args: &Args, common: &Common, face: Face) -> ExitCode {
    start_log(common.verbose);
    let options = Options { always_open: args.demo, today: Some(super::today()) };
    let path = config_path(common);
    let data = common.data.clone().unwrap_or_else(|| data_folder(args.demo));
    let mut rejected = None;
    let config = match read_config(common, options, args.demo) {
        Ok(config) => config,
        Err(error) if args.service => match last_good(&error, &path, &data, options) {
            Ok(config) => {
                rejected = Some(error.report());
                config
            }
            Err(code) => return code,
        },
        Err(error) => return check::refuse(&error, &path, false),
    };
    tell_warnings(&config);
    let built_in = config.source.folder.is_none();
    let file = (!built_in).then_some(ConfigFile { path, options, rejected });
    let (address, port) = if args.demo { ([127, 0, 0, 1], 8080) } else { ([0, 0, 0, 0], 8080) };
    let plan = Plan {
        config,
        data,
        listen: common.listen.unwrap_or_else(|| SocketAddr::from((address, port))),
        demo: args.demo,
        window: face == Face::Window,
        file,
    };
    if let Some(phones) = plan.config.visitors.as_ref().map(|visitors| visitors.listen)
        && meet(phones, plan.listen)
    {
        eprintln!(
            "antrean: staff and visitors cannot share {phones}: write another port into [visitors] listen and url, or name another with --listen. [listen]"
        );
        return ExitCode::from(exit::LISTEN);
    }
    say_end(appliance::run(plan))
}

/// The config of before, where that of now cannot be used.
fn last_good(error: &LoadError, path: &Path, data: &Path, options: Options) -> Result<Config, ExitCode> {
    let report = error.report();
    match config::load_good(data, options) {
        Ok(config) => {
            tracing::error!(
                code = "config_last_good",
                "{} cannot be used; the box starts on the last good copy in {}. Correct the file: it is taken over at once.\n{report}",
                path.display(),
                data.join("config-good").display()
            );
            Ok(config)
        }
        Err(none) => {
            tracing::error!(
                code = "config_no_copy",
                "there is no last good copy to start on: {}",
                none.report()
            );
            Err(check::refuse(error, path, false))
        }
    }
}

/// Says what somebody at a terminal should know of an end; the exit code says it too.
pub fn say_end(ended: Ended) -> ExitCode {
    match ended {
        Ended::Asked => ExitCode::SUCCESS,
        Ended::Data(error) => {
            eprintln!("antrean: {error}. [{}]", error.code());
            ExitCode::from(exit::DATA)
        }
        Ended::Listen(address, error) => {
            eprintln!(
                "antrean: {address} cannot be listened on: {error}. Name another address with --listen. [listen]"
            );
            ExitCode::from(exit::LISTEN)
        }
        Ended::Broken => ExitCode::from(exit::DISK),
    }
}

/// Whether two addresses are one.
fn meet(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && (everywhere || one.ip() == other.ip())
}

/// What somebody should know of a config that is used all the same.
pub fn tell_warnings(config: &Config) {
    if let Some(warnings) = &config.warnings {
        for warning in &warnings.list {
            tracing::warn!(code = warning.code, line = warnings.place(warning).line, "{}", warning.message);
        }
    }
}

/// The file in use; a demonstration without any file runs the built-in Langsa.
pub fn read_config(common: &Common, options: Options, demo: bool) -> Result<Config, LoadError> {
    let path = config_path(common);
    if demo && common.config.is_none() && !path.exists() {
        return config::read("the built-in config", config::DEFAULT, options).map_err(LoadError::Wrong);
    }
    config::load(&path, options)
}

/// Where a box keeps its data, where nobody says.
pub fn data_folder(demo: bool) -> PathBuf {
    match std::env::var_os("STATE_DIRECTORY") {
        Some(folder) if !demo => PathBuf::from(folder),
        _ if demo => PathBuf::from("data-demo"),
        _ => PathBuf::from("data"),
    }
}

/// Whether the system's journal is what stands behind standard error (systemd.exec(5), `$JOURNAL_STREAM`).
fn reads_along() -> bool {
    let Ok(named) = std::env::var("JOURNAL_STREAM") else { return false };
    let stream = rustix::fs::fstat(std::io::stderr());
    stream.is_ok_and(|stream| named == format!("{}:{}", stream.st_dev, stream.st_ino))
}

pub fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "antrean=info,warn",
        1 => "antrean=debug,info",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("ANTREAN_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // Where the journal reads along, a line keeps its fields: journalctl -u antrean F_TICKET=… finds a ticket
    // through all its lines.
    let journal = reads_along().then(tracing_journald::layer).and_then(Result::ok);
    let terminal = journal
        .is_none()
        .then(|| tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false));
    tracing_subscriber::registry().with(filter).with(journal).with(terminal).init();
}
