//! What `antrean check` finds out about the box around its config: who listens already, what is heard.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use crate::appliance::control;
use crate::appliance::technician::{Answer, Question};
use crate::config::{Config, Gravity, Problem, Problems, SoundDevice, locate};
use crate::voice::{Clip, Clips, Origin};

/// Everything worth knowing about the file's surroundings, at its places in the file.
pub fn look(config: &Config, data: &Path) -> Vec<Problem> {
    let text = &config.source.text;
    let mut found = Vec::new();
    if let Some(visitors) = &config.visitors
        && let Some(why) = taken(visitors.listen, data)
    {
        found.push(Problem {
            span: locate(text, "visitors", "listen"),
            gravity: Gravity::Warning,
            code: "address_in_use",
            message: format!("phones cannot be listened to on {}: {why}", visitors.listen),
            hint: Some("end the other program, or write another port into `listen` and `url`".to_owned()),
        });
    }
    if config.sound.device != SoundDevice::None {
        found.extend(clips(config));
    }
    found
}

/// What is wrong with an address named on the command line; the box could not start.
pub fn listen(address: Option<SocketAddr>, data: &Path) -> Option<Problems> {
    let address = address?;
    let why = taken(address, data)?;
    let text = format!("--listen {address}");
    let problem = Problem {
        span: "--listen ".len()..text.len(),
        gravity: Gravity::Error,
        code: "address_in_use",
        message: format!("{address} cannot be listened on: {why}"),
        hint: Some("end the other program, or name another port with --listen".to_owned()),
    };
    Some(Problems { file: "the command line".to_owned(), text, list: vec![problem], beside: Vec::new() })
}

/// Why an address cannot be had; none where it can, or where the box of this data folder has it.
fn taken(address: SocketAddr, data: &Path) -> Option<String> {
    let error = TcpListener::bind(address).err()?;
    let ours = matches!(control::ask(data, &Question::Config), Ok(Some(Answer::Config { .. })));
    (!ours).then(|| match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program has it".to_owned(),
        std::io::ErrorKind::AddrNotAvailable => "this computer has no such address".to_owned(),
        std::io::ErrorKind::PermissionDenied => "ports below 1024 are for the system alone".to_owned(),
        _ => error.to_string(),
    })
}

/// Recordings of the site's own that nobody will hear, and names of agencies that nobody says.
fn clips(config: &Config) -> Vec<Problem> {
    let clips = Clips::new(config.sound.clips.clone());
    let known = Clip::all_for(&config.rules.agencies);
    let mut found = Vec::new();
    let mut warn = |code, message: String, hint: &str| {
        found.push(Problem {
            span: locate(&config.source.text, "sound", "device"),
            gravity: Gravity::Warning,
            code,
            message,
            hint: Some(hint.to_owned()),
        });
    };
    for (clip, _) in &known {
        if let Err(bad) = clips.samples(clip) {
            warn(
                "bad_clip",
                format!("this recording cannot be used: {bad}"),
                "record it again, as Ogg Vorbis or WAV; until then the built-in one is heard",
            );
        }
    }
    for stray in clips.strays(&known) {
        warn(
            "unused_clip",
            format!("nobody will hear `voice/{stray}`: no sentence has that name"),
            "name it as `antrean voice record-list` says, or remove it",
        );
    }
    let unsaid: Vec<&str> = config
        .rules
        .agencies
        .iter()
        .filter(|agency| {
            let name = format!("instansi-{}", agency.id);
            known.iter().any(|(clip, _)| clip.name() == name && clips.origin(clip) == Origin::Missing)
        })
        .map(|agency| agency.id.as_str())
        .collect();
    if !unsaid.is_empty() {
        let count = unsaid.len();
        let of = if count == 1 { "agency".to_owned() } else { format!("{count} agencies") };
        warn(
            "missing_clip",
            format!("no recording says the name of {of}: {}", unsaid.join(", ")),
            "calls leave the name out; to hear it, record what `antrean voice record-list` prints",
        );
    }
    found
}
