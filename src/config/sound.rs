//! `[sound]`: the box's loudspeaker.

use std::path::PathBuf;

use super::beside::Beside;
use super::reader::{Table, Value};

/// What the box lets hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundConfig {
    pub device: SoundDevice,
    /// 0 to 100; 0 is silence.
    pub volume: u8,
    /// Whether the kiosk speaks its sentences, besides its tones.
    pub kiosk_prompts: bool,
    /// The folder `voice` beside the config file, whether it is there or not: clips of the site's own.
    pub clips: Option<PathBuf>,
}

/// Which loudspeaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoundDevice {
    Default,
    None,
    /// A name of ALSA's.
    Named(String),
}

const VOLUME: u8 = 60;
/// ALSA's own names are far shorter.
const LONGEST_NAME: usize = 120;

pub(super) fn sound(root: &mut Table<'_>, beside: Beside<'_>) -> Option<SoundConfig> {
    let mut table = root.optional_section("sound")?;
    let device = table.optional("device", SoundDevice::Default, device);
    let volume = table.optional("volume", VOLUME, |value| value.integer(0..=100));
    let kiosk_prompts = table.optional("kiosk_prompts", true, Value::bool);
    Some(SoundConfig {
        device: device?,
        volume: volume?,
        kiosk_prompts: kiosk_prompts?,
        clips: beside.path("voice"),
    })
}

fn device(value: &Value<'_>) -> Option<SoundDevice> {
    let name = value.str()?;
    match name {
        "default" => return Some(SoundDevice::Default),
        "none" => return Some(SoundDevice::None),
        _ => {}
    }
    let plain = !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(|c| c.is_ascii_graphic());
    if plain && !matches!(name.to_ascii_lowercase().as_str(), "default" | "none" | "off" | "mute") {
        return Some(SoundDevice::Named(name.to_owned()));
    }
    let hint = match name.to_ascii_lowercase().as_str() {
        "none" | "off" | "mute" => "did you mean `none`?",
        _ => {
            "write \"default\", \"none\", or a name that `aplay -L` lists, such as \"plughw:CARD=Device,DEV=0\""
        }
    };
    value.refuse("bad_sound_device", format!("`{name}` is no sound device"), hint.to_owned())
}
