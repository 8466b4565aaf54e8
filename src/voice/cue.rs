//! The cues: short tones, made here.

use std::f32::consts::{PI, TAU};

/// Samples a second of everything that is made, decoded or written here; one channel.
pub const RATE: u32 = 44_100;

/// A sound without words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// A finger was felt.
    Touch,
    /// The ticket is out, or the number on the screen: for the visitor it worked.
    Ready,
    /// This cannot be had now.
    Unavailable,
    /// Look up: somebody is called in the hall.
    Call,
}

/// How long a tone swells, so that it does not click.
const ATTACK_MS: u32 = 10;

/// Equal tones one after the other, and the silence behind them.
struct Score {
    hz: &'static [f32],
    each_ms: u32,
    level_db: f32,
    rest_ms: u32,
}

impl Cue {
    pub const ALL: [Self; 4] = [Self::Touch, Self::Ready, Self::Unavailable, Self::Call];

    /// Pitch, length and level as the design's table of sounds has them.
    fn score(self) -> Score {
        match self {
            Self::Touch => Score { hz: &[880.0], each_ms: 25, level_db: -24.0, rest_ms: 0 },
            Self::Ready => Score { hz: &[659.0, 880.0], each_ms: 120, level_db: -14.0, rest_ms: 0 },
            Self::Unavailable => Score { hz: &[392.0], each_ms: 140, level_db: -18.0, rest_ms: 0 },
            Self::Call => Score { hz: &[523.0, 659.0, 784.0], each_ms: 220, level_db: -8.0, rest_ms: 150 },
        }
    }

    /// One channel at [`RATE`], between -1 and 1.
    pub fn samples(self) -> Vec<f32> {
        let score = self.score();
        let peak = amplitude(score.level_db);
        let tones = score.hz.iter().flat_map(|&hz| tone(hz, score.each_ms, peak));
        tones.chain(silence(score.rest_ms)).collect()
    }
}

/// How many samples last so long.
pub(super) fn count(ms: u32) -> usize {
    (ms as usize) * (RATE as usize) / 1000
}

pub(super) fn silence(ms: u32) -> impl Iterator<Item = f32> {
    std::iter::repeat_n(0.0, count(ms))
}

/// Decibels below full scale as a factor.
fn amplitude(db: f32) -> f32 {
    10_f32.powf(db / 20.0)
}

/// A sine that swells for 10 ms and then falls along half a cosine to silence.
fn tone(hz: f32, ms: u32, peak: f32) -> impl Iterator<Item = f32> {
    let (whole, attack) = (count(ms), count(ATTACK_MS));
    (0..whole).map(move |i| {
        let envelope = if i < attack {
            i as f32 / attack as f32
        } else {
            (1.0 + (PI * (i - attack) as f32 / (whole - attack) as f32).cos()) / 2.0
        };
        peak * envelope * (TAU * hz * i as f32 / RATE as f32).sin()
    })
}
