//! The clips: recorded words, in the binary or beside the config.

use std::borrow::Cow;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rodio::{Decoder, Source};
use rust_embed::Embed;

use super::cue::RATE;
use crate::queue::{Agency, AgencyId};

#[derive(Embed)]
#[folder = "assets/voice/id"]
#[include = "*.ogg"]
struct Bundled;

/// Name, tab, text: what the clips were made from, and what a person reads who records their own.
const LIST: &str = include_str!("../../assets/voice/clips.txt");

/// What the clips of agencies' names begin with.
const AGENCY: &str = "instansi-";

/// What a file of the site's own may end in, the first one found being taken.
const ENDINGS: [&str; 2] = ["ogg", "wav"];
/// No clip is longer; what follows in a file is not heard.
const LONGEST_S: usize = 15;
/// A quarter of a minute of anybody's WAV.
const MOST_BYTES: u64 = 8 << 20;

/// A recorded word or sentence, by the name of its file without the ending.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clip(Cow<'static, str>);

impl Clip {
    pub(super) const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name of a letter of the alphabet.
    pub(super) fn letter(letter: char) -> Self {
        Self(Cow::Owned(format!("huruf-{}", letter.to_ascii_lowercase())))
    }

    /// `nol` to `sembilan`.
    pub(super) fn digit(digit: u32) -> Self {
        Self(Cow::Owned(format!("angka-{}", digit % 10)))
    }

    /// The name of an agency, by its id in the config. Not every agency has one.
    pub(super) fn agency(id: &AgencyId) -> Self {
        Self(Cow::Owned(format!("{AGENCY}{id}")))
    }

    pub fn name(&self) -> &str {
        &self.0
    }

    /// What it says, in the words of the list.
    pub fn text(&self) -> Option<&'static str> {
        Self::lines().find(|(name, _)| *name == self.0).map(|(_, text)| text)
    }

    /// Every clip that is bundled, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::lines().map(|(name, _)| Self::named(name))
    }

    /// Every clip that a house with these agencies has a use for, and what it says: an agency that nobody
    /// recorded is said by its everyday name.
    pub fn all_for(agencies: &[Agency]) -> Vec<(Self, String)> {
        let of_agency = |name: &str| name.starts_with(AGENCY);
        let words = Self::lines()
            .filter(|(name, _)| !of_agency(name))
            .map(|(name, text)| (Self::named(name), text.to_owned()));
        let names = agencies.iter().map(|agency| {
            let clip = Self::agency(&agency.id);
            let text = clip.text().map_or_else(|| agency.name.id.to_string(), str::to_owned);
            (clip, text)
        });
        words.chain(names).collect()
    }

    fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
        LIST.lines().filter_map(|line| line.split_once('\t'))
    }
}

/// Where a clip comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Bundled,
    /// The site's own file.
    Replaced(PathBuf),
    /// Nowhere: an agency whose name nobody recorded.
    Missing,
}

/// Why a file is no clip.
#[derive(Debug, thiserror::Error)]
pub enum NotAClip {
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("it is larger than {} MB", MOST_BYTES >> 20)]
    TooLarge,
    #[error("it is neither Ogg Vorbis nor WAV: {0}")]
    Undecodable(#[from] rodio::decoder::DecoderError),
    #[error("there is no sound in it")]
    Empty,
}

/// A file of the site's own that is not heard.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct BadFile {
    pub path: PathBuf,
    pub why: NotAClip,
    /// What is heard instead; nothing where nothing is bundled.
    pub bundled: Vec<f32>,
}

/// The bundled clips, and the folder whose files stand in for them.
#[derive(Debug, Clone, Default)]
pub struct Clips {
    folder: Option<PathBuf>,
}

impl Clips {
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    pub fn origin(&self, clip: &Clip) -> Origin {
        let own = self.folder.iter().flat_map(|folder| {
            ENDINGS.iter().map(move |ending| folder.join(format!("{}.{ending}", clip.name())))
        });
        match own.into_iter().find(|path| path.is_file()) {
            Some(path) => Origin::Replaced(path),
            None if Bundled::get(&file(clip)).is_some() => Origin::Bundled,
            None => Origin::Missing,
        }
    }

    /// The sound of a clip at [`RATE`]; nothing where there is none.
    ///
    /// # Errors
    /// The site's own file cannot be used; what is bundled under the name comes with the reason.
    pub fn samples(&self, clip: &Clip) -> Result<Vec<f32>, BadFile> {
        match self.origin(clip) {
            Origin::Missing => Ok(Vec::new()),
            Origin::Bundled => Ok(bundled(clip)),
            Origin::Replaced(path) => {
                read(&path).map_err(|why| BadFile { path, why, bundled: bundled(clip) })
            }
        }
    }

    /// Sound files in the folder that are called like none of these clips, or are the second of a name:
    /// nobody will hear them.
    pub fn strays(&self, clips: &[(Clip, String)]) -> Vec<String> {
        let Some(entries) = self.folder.as_ref().and_then(|folder| std::fs::read_dir(folder).ok()) else {
            return Vec::new();
        };
        let used: Vec<PathBuf> = clips
            .iter()
            .filter_map(|(clip, _)| match self.origin(clip) {
                Origin::Replaced(path) => Some(path),
                _ => None,
            })
            .collect();
        let unused = entries.flatten().filter(|entry| !used.contains(&entry.path()));
        let mut names: Vec<String> = unused
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort_unstable();
        names
    }
}

fn file(clip: &Clip) -> String {
    format!("{}.ogg", clip.name())
}

/// A test decodes every one of them.
fn bundled(clip: &Clip) -> Vec<f32> {
    Bundled::get(&file(clip)).and_then(|file| decode(file.data.into_owned()).ok()).unwrap_or_default()
}

fn read(path: &Path) -> Result<Vec<f32>, NotAClip> {
    if std::fs::metadata(path)?.len() > MOST_BYTES {
        return Err(NotAClip::TooLarge);
    }
    decode(std::fs::read(path)?)
}

/// Whatever the rate and the channels of the file, one channel at [`RATE`].
fn decode(bytes: Vec<u8>) -> Result<Vec<f32>, NotAClip> {
    let length = bytes.len() as u64;
    let decoder = Decoder::builder().with_data(Cursor::new(bytes)).with_byte_len(length).build()?;
    let (channels, rate) = (usize::from(decoder.channels().get()), decoder.sample_rate().get());
    // All of it before it is converted: the first span of an Ogg Vorbis stream is empty, and a converter
    // takes that for the end.
    let all: Vec<f32> = decoder.take(LONGEST_S * rate as usize * channels).collect();
    let mixed: Vec<f32> =
        all.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
    if mixed.is_empty() { Err(NotAClip::Empty) } else { Ok(at_house_rate(mixed, rate)) }
}

/// Straight lines between the samples, which is enough for speech.
fn at_house_rate(samples: Vec<f32>, rate: u32) -> Vec<f32> {
    if rate == RATE {
        return samples;
    }
    let step = f64::from(rate) / f64::from(RATE);
    let count = (samples.len() as f64 / step) as usize;
    let between = |i: usize| {
        let at = i as f64 * step;
        let before = samples[(at as usize).min(samples.len() - 1)];
        let after = samples.get(at as usize + 1).copied().unwrap_or(before);
        before + (after - before) * at.fract() as f32
    };
    (0..count).map(between).collect()
}
