//! `antrean voice record-list`: what to read aloud.

use std::process::ExitCode;

use super::folder;
use crate::config::Config;
use crate::voice::Clip;

/// One line a clip: its file, and the words.
pub fn run(config: &Config) -> ExitCode {
    eprintln!(
        "Read each line calmly, with a little silence before and after, and cut that silence away.\n\
         Save it under the name before it, as WAV or Ogg Vorbis, in the folder {}.\n\
         Lines that you leave out are spoken by the bundled voice.\n",
        folder(config)
    );
    for (clip, text) in Clip::all_for(&config.rules.agencies) {
        println!("{}.wav\t{text}", clip.name());
    }
    ExitCode::SUCCESS
}
