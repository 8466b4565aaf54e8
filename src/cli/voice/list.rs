//! `antrean voice list`: every clip, what it says, and whose it is.

use std::process::ExitCode;

use serde_json::json;

use super::folder;
use crate::cli::exit;
use crate::config::Config;
use crate::voice::{Clip, Clips, Origin};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

/// A clip as a technician wants to see it.
struct Row {
    name: String,
    text: String,
    origin: &'static str,
    /// Its own file, and why that cannot be used.
    file: Option<String>,
    trouble: Option<String>,
}

/// Exit code 1 when a file of the site's own is not heard.
pub fn run(args: &Args, config: &Config) -> ExitCode {
    let clips = Clips::new(config.sound.clips.clone());
    let wanted = Clip::all_for(&config.rules.agencies);
    let rows: Vec<Row> = wanted.iter().map(|(clip, text)| row(&clips, clip, text)).collect();
    let strays = clips.strays(&wanted);
    if args.json {
        let list: Vec<_> = rows
            .iter()
            .map(|row| json!({ "name": row.name, "text": row.text, "origin": row.origin, "file": row.file, "trouble": row.trouble }))
            .collect();
        println!("{:#}", json!({ "clips": list, "strays": strays }));
    } else {
        for row in &rows {
            println!("{:<32}{:<10}{}", row.name, row.origin, row.text);
        }
    }
    for row in &rows {
        if let (Some(file), Some(trouble)) = (&row.file, &row.trouble) {
            eprintln!("antrean: {file} is not heard: {trouble}. [voice_file]");
        }
    }
    for stray in &strays {
        eprintln!(
            "antrean: no clip is called as {}/{stray}: the names are in the first column. [voice_file]",
            folder(config)
        );
    }
    let fine = strays.is_empty() && rows.iter().all(|row| row.trouble.is_none());
    if fine { ExitCode::SUCCESS } else { ExitCode::from(exit::PROBLEM) }
}

fn row(clips: &Clips, clip: &Clip, text: &str) -> Row {
    let (origin, file) = match clips.origin(clip) {
        Origin::Bundled => ("bundled", None),
        Origin::Replaced(path) => ("replaced", Some(path.display().to_string())),
        Origin::Missing => ("missing", None),
    };
    let trouble = clips.samples(clip).err().map(|bad| bad.why.to_string());
    Row { name: clip.name().to_owned(), text: text.to_owned(), origin, file, trouble }
}
