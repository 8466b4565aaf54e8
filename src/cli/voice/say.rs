//! `antrean voice say`: a number as it is called.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::appliance;
use crate::cli::exit;
use crate::config::Config;
use crate::queue::{Agency, TicketNumber};
use crate::voice::{self, Clips, NoSound, Phrase, Reading, Speaker};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ticket number, such as A012
    number: TicketNumber,
    /// The number of the counter to go to
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    counter: Option<u16>,
    /// The id of the agency in the config, to say its name as well
    #[arg(long, requires = "counter")]
    agency: Option<String>,
    /// Say the number as one, "dua belas", and not digit by digit
    #[arg(long)]
    terbilang: bool,
    /// Write what would be heard at full volume to this WAV file, and make no sound
    #[arg(long, value_name = "FILE")]
    wav: Option<PathBuf>,
}

pub fn run(args: &Args, config: &Config) -> ExitCode {
    let phrase = match phrase(args, config) {
        Ok(phrase) => phrase,
        Err(code) => return code,
    };
    println!("{}", phrase.words());
    match &args.wav {
        Some(file) => write(&phrase, file, config),
        None => speak(phrase, config),
    }
}

fn phrase(args: &Args, config: &Config) -> Result<Phrase, ExitCode> {
    let reading = if args.terbilang { Reading::Terbilang } else { Reading::Digits };
    let Some(counter) = args.counter else { return Ok(Phrase::number(&args.number, reading)) };
    let agency = args.agency.as_deref().map(|id| agency(id, config)).transpose()?;
    Ok(Phrase::call(&args.number, reading, agency, counter))
}

fn agency<'c>(id: &str, config: &'c Config) -> Result<&'c Agency, ExitCode> {
    let agencies = &config.rules.agencies;
    agencies.iter().find(|agency| agency.id.as_str() == id).ok_or_else(|| {
        let known: Vec<&str> = agencies.iter().map(|agency| agency.id.as_str()).collect();
        eprintln!("antrean: there is no agency `{id}`; there are: {}. [unknown_agency]", known.join(", "));
        ExitCode::from(exit::USAGE)
    })
}

fn write(phrase: &Phrase, file: &Path, config: &Config) -> ExitCode {
    let clips = Clips::new(config.sound.clips.clone());
    let sound = voice::render(phrase, &clips, |bad| {
        eprintln!("antrean: {bad}; the bundled clip is heard. [voice_file]");
    });
    match std::fs::write(file, voice::wav(&sound)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("antrean: {} cannot be written: {error}. [wav]", file.display());
            ExitCode::from(exit::USAGE)
        }
    }
}

fn speak(phrase: Phrase, config: &Config) -> ExitCode {
    let speaker = Speaker::start(appliance::loudspeaker(config));
    let said = speaker.say_to_the_end(phrase);
    speaker.leave();
    let Err(trouble) = said else { return ExitCode::SUCCESS };
    let remedy = match trouble {
        NoSound::Off => "",
        NoSound::Busy => "; end it, or name a device that may be shared, such as \"default\"",
        _ => "; `aplay -L` lists what this computer has, and [sound] device names one of it",
    };
    eprintln!("antrean: {trouble}{remedy}. --wav FILE writes a file instead. [{}]", trouble.code());
    ExitCode::from(exit::PROBLEM)
}
