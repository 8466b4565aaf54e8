//! The loudspeaker: opened through ALSA, and what keeps it from being opened.

use std::error::Error as _;
use std::num::NonZero;

use rodio::buffer::SamplesBuffer;
use rodio::cpal::traits::{DeviceTrait, HostTrait};
use rodio::cpal::{self, ErrorKind};
use rodio::source::EmptyCallback;
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};

use super::cue::RATE;

/// Which loudspeaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Device {
    /// None: the box is silent.
    None,
    /// What ALSA calls `default`.
    Default,
    /// One by the name `aplay -L` lists.
    Named(String),
}

/// Why nothing is heard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSound {
    #[error("sound is switched off in the config: [sound] device = \"none\" or volume = 0")]
    Off,
    #[error("there is no sound card that can be opened ({0})")]
    NoCard(String),
    #[error("there is no sound device `{name}`; there are: {known}")]
    Unknown { name: String, known: String },
    #[error("the sound device takes no sound ({0})")]
    Refused(String),
    #[error("another program holds the sound device")]
    Busy,
    #[error("the sound device was lost ({0})")]
    Lost(String),
    #[error("it waited too long behind other announcements")]
    TooLate,
}

impl NoSound {
    /// The word logs and terminals add.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Off => "sound_off",
            Self::NoCard(_) => "no_sound_card",
            Self::Unknown { .. } => "unknown_sound_device",
            Self::Refused(_) => "sound_refused",
            Self::Busy => "sound_busy",
            Self::Lost(_) => "sound_lost",
            Self::TooLate => "too_late",
        }
    }
}

/// An open loudspeaker. It closes when dropped, and what is in it then is not heard.
pub(super) struct Output {
    sink: MixerDeviceSink,
}

impl Output {
    /// Opens a device; `lost` is told when it is heard of no more.
    ///
    /// # Errors
    /// It is not there, held by somebody else, or takes no sound.
    pub fn open(device: &Device, lost: impl FnMut(String) + Send + 'static) -> Result<Self, NoSound> {
        // The library would write every attempt to standard error by itself.
        let said = alsa::Output::local_error_handler().ok();
        let said = || said.as_ref().map(|said| said.borrow().to_string()).unwrap_or_default();
        let host =
            cpal::host_from_id(cpal::HostId::Alsa).map_err(|error| NoSound::NoCard(error.to_string()))?;
        let found = match device {
            Device::None => return Err(NoSound::Off),
            Device::Default => host.default_output_device().ok_or_else(|| NoSound::NoCard(last(&said())))?,
            Device::Named(name) => named(&host, name)?,
        };
        let mut lost = lost;
        let opened = DeviceSinkBuilder::from_device(found).and_then(|builder| {
            builder
                .with_error_callback(move |error| {
                    // It missed its time, under load, and goes on.
                    if error.kind() != ErrorKind::Xrun {
                        lost(error.to_string());
                    }
                })
                .open_stream()
        });
        let mut sink = opened.map_err(|error| why(&error, &said()))?;
        sink.log_on_drop(false);
        Ok(Self { sink })
    }

    /// Sounds over whatever sounds already.
    pub fn overlay(&self, samples: Vec<f32>) {
        self.sink.mixer().add(buffer(samples));
    }

    /// Begins to speak; `ended` is told at the end. It breaks off when the player is dropped.
    pub fn speak(&self, samples: Vec<f32>, ended: impl Fn() + Send + 'static) -> Player {
        let player = Player::connect_new(self.sink.mixer());
        player.append(buffer(samples));
        player.append(EmptyCallback::new(Box::new(ended)));
        player
    }
}

fn buffer(samples: Vec<f32>) -> SamplesBuffer {
    let rate = NonZero::new(RATE).unwrap_or(NonZero::<u32>::MIN);
    SamplesBuffer::new(NonZero::<u16>::MIN, rate, samples)
}

fn named(host: &cpal::Host, name: &str) -> Result<cpal::Device, NoSound> {
    let id = cpal::DeviceId::new(cpal::HostId::Alsa, name);
    host.device_by_id(&id).ok_or_else(|| {
        let names = host.devices().into_iter().flatten().filter_map(|device| {
            let id = device.id().ok()?;
            Some(format!("`{}`", id.id()))
        });
        let known: Vec<String> = names.collect();
        NoSound::Unknown { name: name.to_owned(), known: known.join(", ") }
    })
}

fn why(error: &rodio::DeviceSinkError, said: &str) -> NoSound {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<cpal::Error>());
    let detail = || match last(said) {
        empty if empty.is_empty() => cause.map_or_else(|| error.to_string(), ToString::to_string),
        line => line,
    };
    match cause.map(cpal::Error::kind) {
        Some(ErrorKind::DeviceBusy) => NoSound::Busy,
        Some(ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable) | None => NoSound::NoCard(detail()),
        Some(_) => NoSound::Refused(detail()),
    }
}

/// The library says the cause first and the consequence last; the consequence names the device.
fn last(said: &str) -> String {
    said.trim_end().lines().next_back().unwrap_or_default().to_owned()
}
