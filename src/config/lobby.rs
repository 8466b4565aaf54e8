//! `[lobby]`, and what a `[[zone]]` says of its own: the screens everyone sees, and who calls aloud.

use std::path::PathBuf;

use super::beside::Beside;
use super::reader::{Table, Value};
use super::words::{line, text};
use crate::nearest::did_you_mean;
use crate::queue::{Text, ZoneId};

#[derive(Debug, Clone, PartialEq)]
pub struct LobbyConfig {
    /// The lines at the foot of the screen, one after the other.
    pub ticker: Vec<Text>,
    pub reading: ReadingSetting,
    /// What holds for the whole building, and for counters without a zone.
    pub building: WaitingRoom,
    pub zones: Vec<(ZoneId, WaitingRoom)>,
    pub pictures: Option<PicturesConfig>,
}

/// A place in which people wait for their number.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingRoom {
    pub voice: VoiceSetting,
    /// Diagonal of its TV in inches, from which all sizes in millimetres follow.
    pub diagonal_in: f32,
}

/// The one loudspeaker from which calls are heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoiceSetting {
    /// The loudspeaker of this computer.
    Box,
    /// The lobby page that was opened under this word: `/lobby?screen=…`.
    Screen(String),
    None,
}

/// How a ticket's number is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingSetting {
    Digits,
    Terbilang,
}

/// What is shown while nobody is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturesConfig {
    pub folder: PathBuf,
    /// Seconds without a call.
    pub after_s: u32,
}

impl LobbyConfig {
    /// What holds in a zone, or where there is none.
    pub fn room(&self, zone: Option<&ZoneId>) -> &WaitingRoom {
        let own = self.zones.iter().find(|(id, _)| Some(id) == zone);
        own.map_or(&self.building, |(_, room)| room)
    }
}

/// What a zone says of itself; the rest is as in the whole building.
#[derive(Debug, Clone)]
pub(super) struct OwnRoom {
    pub zone: ZoneId,
    pub voice: Option<VoiceSetting>,
    pub diagonal_in: Option<f32>,
}

/// Two lines of the screen: no ticker line is ever cut off.
const LONGEST_LINE: usize = 150;
/// A usual TV.
const DIAGONAL_IN: f32 = 43.0;
const PICTURES_AFTER_S: u32 = 60;
const READINGS: &[(&str, ReadingSetting)] =
    &[("digits", ReadingSetting::Digits), ("terbilang", ReadingSetting::Terbilang)];

pub(super) fn lobby(
    root: &mut Table<'_>,
    zones: Option<&[OwnRoom]>,
    beside: Beside<'_>,
) -> Option<LobbyConfig> {
    let mut table = root.optional_section("lobby")?;
    let ticker = table.optional("ticker", Vec::new(), |value| value.each(ticker_line));
    let voice = table.optional("voice", VoiceSetting::Box, voice);
    let reading = table.optional("reading", ReadingSetting::Digits, |value| value.choice(READINGS));
    let diagonal_in = table.optional("diagonal_in", DIAGONAL_IN, diagonal);
    let folder = table.optional("pictures", None, |value| pictures(value, beside));
    let after_s = table.optional("pictures_after_s", PICTURES_AFTER_S, |value| value.integer(5..=3600));
    let building = WaitingRoom { voice: voice?, diagonal_in: diagonal_in? };
    let after_s = after_s?;
    let room = |own: &OwnRoom| WaitingRoom {
        voice: own.voice.clone().unwrap_or_else(|| building.voice.clone()),
        diagonal_in: own.diagonal_in.unwrap_or(building.diagonal_in),
    };
    Some(LobbyConfig {
        ticker: ticker?,
        reading: reading?,
        zones: zones?.iter().map(|own| (own.zone.clone(), room(own))).collect(),
        building,
        pictures: folder?.map(|folder| PicturesConfig { folder, after_s }),
    })
}

fn ticker_line(value: &Value<'_>) -> Option<Text> {
    let line = text(value)?;
    let length = line.id.chars().count().max(line.en.chars().count());
    if length > LONGEST_LINE {
        let message = format!("this line has {length} characters, the screen has room for {LONGEST_LINE}");
        return value.refuse("too_long", message, "say it shorter, or in two lines".to_owned());
    }
    Some(line)
}

/// `"box"`, `"none"`, or `"screen:"` and the word in that screen's address.
pub(super) fn voice(value: &Value<'_>) -> Option<VoiceSetting> {
    let word = value.str()?;
    match word {
        "box" => return Some(VoiceSetting::Box),
        "none" => return Some(VoiceSetting::None),
        _ => {}
    }
    let plain = |id: &str| {
        (1..=40).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if let Some(id) = word.strip_prefix("screen:").filter(|id| plain(id)) {
        return Some(VoiceSetting::Screen(id.to_owned()));
    }
    let hint = if word.starts_with("screen") {
        "write \"screen:\" and a word of small letters, digits and `-`, as in \"screen:tv-1\"; the screen then opens /lobby?screen=tv-1".to_owned()
    } else {
        let near = did_you_mean(word, &["box", "none"]).filter(|hint| hint.starts_with("did you mean"));
        near.unwrap_or_else(|| {
            "write \"box\" for this computer's loudspeaker, \"screen:tv-1\" for the screen that opens /lobby?screen=tv-1, or \"none\"".to_owned()
        })
    };
    value.refuse("bad_voice", format!("`{word}` is nobody who could call aloud"), hint)
}

/// The diagonal of a screen that is looked at from afar.
pub(super) fn diagonal(value: &Value<'_>) -> Option<f32> {
    value.number(7.0..=150.0)
}

/// A lobby without its pictures is a lobby: the box runs on, and somebody is told.
fn pictures(value: &Value<'_>, beside: Beside<'_>) -> Option<Option<PathBuf>> {
    let path = line(value)?;
    let Some(folder) = beside.path(path) else { return Some(None) };
    if !folder.is_dir() {
        let hint = format!("make the folder {} and put JPEG, PNG or WebP files into it", folder.display());
        value.warn("no_pictures", format!("there is no folder `{path}` beside this file"), hint);
    }
    Some(Some(folder))
}
