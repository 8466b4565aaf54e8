//! `antrean check`: what is wrong with a config file, all of it at once.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::{exit, surroundings, today};
use crate::config::{self, Config, LoadError, Options, Problems, TlsConfig};
use crate::{appliance, tls};

/// Check a config file and tell every problem at once
///
/// The template, the logo and the calendars it names are checked with it. A warning is no problem: the box would run.
///
/// Exit code: 0 the file is fine, 1 it has problems, 2 it cannot be read.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to check [default: the one the box would read]
    pub file: Option<PathBuf>,
    /// Print problems and warnings as a JSON array on standard output; empty where there are none
    #[arg(long)]
    pub json: bool,
}

/// Checks the named file, or `config_path` where none is named; a certificate that the box made itself is
/// looked for in the data folder.
pub fn run(args: Args, config_path: PathBuf, data: &Path, listen: Option<SocketAddr>) -> ExitCode {
    let path = args.file.unwrap_or(config_path);
    match config::load(&path, Options { today: Some(today()), ..Options::default() }) {
        Ok(mut config) => {
            let around = surroundings::look(&config, data);
            let name = path.display().to_string();
            let warnings = Problems::with(config.warnings.take(), &name, &config.source.text, around);
            let listen = surroundings::listen(listen, data);
            let code = ExitCode::from(if listen.is_some() { exit::PROBLEM } else { 0 });
            let found: Vec<&Problems> = warnings.iter().chain(&listen).collect();
            if args.json {
                let all = found.iter().filter_map(|problems| problems.to_json().as_array().cloned());
                println!("{:#}", json!(all.flatten().collect::<Vec<_>>()));
                return code;
            }
            for problems in found {
                eprintln!("{}\n", problems.render(colourful()));
            }
            if listen.is_some() {
                return code;
            }
            println!("{} is fine: {}", path.display(), summary(&config));
            if let Some(certificate) = certificate(&config.web.tls, data) {
                println!("{certificate}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error, &path, args.json),
    }
}

/// Says why a file gave no config; the exit code says it too.
pub fn refuse(error: &LoadError, path: &Path, as_json: bool) -> ExitCode {
    match error {
        LoadError::Wrong(problems) => {
            if as_json {
                println!("{:#}", problems.to_json());
            } else {
                eprintln!("{}", problems.render(colourful()));
            }
            ExitCode::from(exit::PROBLEM)
        }
        LoadError::Unreadable { .. } => {
            let message = error.report();
            let hint = remedy(error, path);
            if as_json {
                let problem = json!({
                    "file": path.display().to_string(),
                    "line": null,
                    "column": null,
                    "level": "error",
                    "code": "unreadable",
                    "message": message,
                    "hint": hint,
                });
                println!("{:#}", json!([problem]));
            } else {
                eprintln!("error: {message}\n  = help: {hint}");
            }
            ExitCode::from(exit::USAGE)
        }
    }
}

/// Colours for people at a terminal who have not asked for none (no-color.org).
fn colourful() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn remedy(error: &LoadError, path: &Path) -> String {
    let LoadError::Unreadable { source, .. } = error else { return String::new() };
    match source.kind() {
        io::ErrorKind::NotFound => {
            format!(
                "where a box has run, its last good copy is config-good/antrean.toml in the data folder: copy it back. Else name another file, or begin with the default: antrean config default > {}",
                path.display()
            )
        }
        io::ErrorKind::PermissionDenied => {
            "read it as the user who owns it, for example with sudo".to_owned()
        }
        _ if path.is_symlink() => "make the link again, or name the file itself".to_owned(),
        io::ErrorKind::InvalidInput => "name a file: this is a pipe or a device".to_owned(),
        io::ErrorKind::FileTooLarge => "this is some other file: name the config".to_owned(),
        io::ErrorKind::IsADirectory => {
            format!("name the file itself: antrean check {}", path.join("antrean.toml").display())
        }
        _ => "look at the disk: this is not about what the file says".to_owned(),
    }
}

/// What a technician compares with what a browser shows.
fn certificate(tls: &TlsConfig, data: &Path) -> Option<String> {
    let identity = match tls {
        TlsConfig::Off => return None,
        TlsConfig::Given(identity) => Some(identity.clone()),
        TlsConfig::Generated => tls::kept(&appliance::certificate::folder(data)),
    };
    let Some(identity) = identity else {
        return Some(format!("its certificate is made at the first start, in {}", data.display()));
    };
    let until =
        identity.validity().map_or(String::new(), |(_, until)| format!(", until {}", until.date_naive()));
    Some(format!("its certificate{until}, SHA-256:\n{}", identity.fingerprint()))
}

/// "10 agencies, 38 services, 12 counters, 1 printer, 1 kiosk".
fn summary(config: &Config) -> String {
    let rules = &config.rules;
    let services = rules.agencies.iter().map(|agency| agency.services.len()).sum();
    [
        count(rules.agencies.len(), "agency", "agencies"),
        count(services, "service", "services"),
        count(rules.counters.len(), "counter", "counters"),
        count(config.printers.len(), "printer", "printers"),
        count(config.kiosks.len(), "kiosk", "kiosks"),
    ]
    .join(", ")
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn check(path: &Path) -> ExitCode {
        run(Args { file: Some(path.to_owned()), json: true }, PathBuf::new(), Path::new("data"), None)
    }

    #[test]
    fn the_exit_code_tells_fine_from_wrong_from_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.toml");
        assert_eq!(check(&path), ExitCode::from(2));
        std::fs::write(&path, "[site]").unwrap();
        assert_eq!(check(&path), ExitCode::from(1));
        std::fs::write(&path, config::DEFAULT).unwrap();
        assert_eq!(check(&path), ExitCode::SUCCESS);
        assert_eq!(run(Args { file: None, json: false }, path, folder.path(), None), ExitCode::SUCCESS);
        assert_eq!(check(folder.path()), ExitCode::from(2));
    }

    #[test]
    fn a_certificate_is_told_by_its_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let told = |tls: &TlsConfig| certificate(tls, folder.path());
        assert_eq!(told(&TlsConfig::Off), None);
        assert!(told(&TlsConfig::Generated).unwrap().contains("made at the first start"));
        let kept = appliance::certificate::folder(folder.path());
        let made = tls::Generator::new(kept, ["antrean.local".to_owned()]);
        let made = made.identity("2026-11-23T02:00:00Z".parse().unwrap()).unwrap();
        let wanted = format!("its certificate, until 2029-01-31, SHA-256:\n{}", made.fingerprint());
        assert_eq!(told(&TlsConfig::Generated).as_ref(), Some(&wanted));
        assert_eq!(told(&TlsConfig::Given(made)), Some(wanted));
    }

    #[test]
    fn a_fine_file_is_summed_up() {
        let config = config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap();
        assert_eq!(summary(&config), "10 agencies, 38 services, 12 counters, 1 printer, 1 kiosk");
    }
}
