//! Phrases as sound.

use super::clip::{BadFile, Clips};
use super::cue::{RATE, silence};
use super::phrase::{Part, Phrase};

/// Between two words of one sentence; the clips end where the word does.
const WORDS_MS: u32 = 60;
const COMMA_MS: u32 = 220;
const STOP_MS: u32 = 420;

/// A phrase as it is heard at full volume, one channel at [`RATE`]. `trouble` is told of files of the
/// site's own that cannot be used; the bundled clip is heard instead.
pub fn render(phrase: &Phrase, clips: &Clips, mut trouble: impl FnMut(&BadFile)) -> Vec<f32> {
    let mut sound = Vec::new();
    let mut after_word = false;
    for part in phrase.parts() {
        match part {
            Part::Cue(cue) => sound.extend(cue.samples()),
            Part::Word(clip, _) => {
                if after_word {
                    sound.extend(silence(WORDS_MS));
                }
                sound.extend(clips.samples(clip).unwrap_or_else(|bad| {
                    trouble(&bad);
                    bad.bundled
                }));
            }
            Part::Comma => sound.extend(silence(COMMA_MS)),
            Part::Stop => sound.extend(silence(STOP_MS)),
        }
        after_word = matches!(part, Part::Word(..));
    }
    sound
}

/// The factor of a volume from 0 to 100. The ear hears steps, not differences: the square makes the middle
/// of the scale about half as loud (12 dB down) and 100 exactly what the design says.
pub(super) fn gain(volume: u8) -> f32 {
    let part = f32::from(volume.min(100)) / 100.0;
    part * part
}

/// The same as the bytes of a WAV file: 16 bits, one channel.
pub fn wav(samples: &[f32]) -> Vec<u8> {
    const BYTES: u32 = 2;
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX / BYTES) * BYTES;
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * BYTES).to_le_bytes());
    // Bytes a frame, bits a sample.
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    for sample in samples {
        // Never out of range: it is clamped first.
        let level = (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
        file.extend(level.to_le_bytes());
    }
    file
}
