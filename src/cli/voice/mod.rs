//! `antrean voice`: what the box says, and how to say it with another voice.

mod list;
mod record_list;
mod say;

use std::process::ExitCode;

use super::{Common, check, config_path};
use crate::config::{self, Config, Options};

#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// List every clip, what it says and where it comes from
    List(list::Args),
    /// Say a ticket number through this computer's loudspeaker, as it is called
    Say(say::Args),
    /// Print what to read aloud for a voice of your own
    RecordList,
}

pub fn run(act: Act, common: &Common) -> ExitCode {
    let path = config_path(common);
    let config = match config::load(&path, Options::default()) {
        Ok(config) => config,
        Err(error) => return check::refuse(&error, &path, false),
    };
    match act {
        Act::List(args) => list::run(&args, &config),
        Act::Say(args) => say::run(&args, &config),
        Act::RecordList => record_list::run(&config),
    }
}

/// Where a config's own clips are looked for, as a terminal shows it.
fn folder(config: &Config) -> String {
    config.sound.clips.as_deref().map_or_else(|| "voice".to_owned(), |path| path.display().to_string())
}
