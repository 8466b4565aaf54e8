//! What the box says, and that it is heard.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use antrean::config::{self, Options};
use antrean::kiosk;
use antrean::queue::{Agency, Command as Wish, Seen, TicketNumber};
use antrean::voice::{
    Clip, Clips, Crier, Cue, Device, GREATEST, Given, NoSound, Origin, Phrase, Prompt, RATE, Reading,
    Settings, Speaker, render, wav,
};
use antrean_ui as ui;
use slint::ComponentHandle;
use support::house::House;
use support::kiosk::Kiosk;
use support::program::{Desk, Running, antrean, stderr, stdout};

fn ticket(number: &str) -> TicketNumber {
    number.parse().unwrap()
}

fn agencies() -> Vec<Agency> {
    config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap().rules.agencies.to_vec()
}

fn ms(samples: usize) -> f64 {
    samples as f64 * 1000.0 / f64::from(RATE)
}

fn db(amplitude: f32) -> f32 {
    20.0 * amplitude.log10()
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |most, sample| sample.abs().max(most))
}

fn mean_level(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

/// How often a second the wave rises through zero.
fn pitch_hz(samples: &[f32]) -> f64 {
    let rises: Vec<usize> =
        samples.windows(2).enumerate().filter(|(_, w)| w[0] < 0.0 && w[1] >= 0.0).map(|(i, _)| i).collect();
    let (first, last) = (rises.first().unwrap(), rises.last().unwrap());
    (rises.len() - 1) as f64 * f64::from(RATE) / (last - first) as f64
}

// The cues.

#[test]
fn every_cue_has_the_pitch_length_and_level_of_the_design() {
    /// Cue, pitches, length of each, level, silence behind them.
    const TABLE: [(Cue, &[f64], f64, f32, f64); 4] = [
        (Cue::Touch, &[880.0], 25.0, -24.0, 0.0),
        (Cue::Ready, &[659.0, 880.0], 120.0, -14.0, 0.0),
        (Cue::Unavailable, &[392.0], 140.0, -18.0, 0.0),
        (Cue::Call, &[523.0, 659.0, 784.0], 220.0, -8.0, 150.0),
    ];
    assert_eq!(TABLE.map(|row| row.0), Cue::ALL);
    for (cue, pitches, each_ms, level_db, rest_ms) in TABLE {
        let samples = cue.samples();
        let length = pitches.len() as f64 * each_ms + rest_ms;
        assert!((ms(samples.len()) - length).abs() < 0.1, "{cue:?} lasts {} ms", ms(samples.len()));
        let one = (each_ms * f64::from(RATE) / 1000.0) as usize;
        for (tone, hz) in samples.chunks(one).zip(pitches) {
            let found = pitch_hz(tone);
            assert!((found - hz).abs() < hz * 0.01, "{cue:?}: {found} Hz instead of {hz}");
            assert!((db(peak(tone)) - level_db).abs() < 0.5, "{cue:?}: {} dB", db(peak(tone)));
        }
        let rest = &samples[one * pitches.len()..];
        assert!(rest.iter().all(|sample| *sample == 0.0));
    }
}

#[test]
fn a_tone_swells_for_ten_milliseconds_and_decays_to_nothing() {
    for cue in Cue::ALL {
        let samples = cue.samples();
        let at = |from_ms: usize, to_ms: usize| {
            let index = |ms: usize| ms * RATE as usize / 1000;
            peak(&samples[index(from_ms)..index(to_ms)])
        };
        assert!(at(0, 2) < at(4, 6) && at(4, 6) < at(9, 11), "{cue:?} begins with a click");
        let tone_ms = match cue {
            Cue::Touch => 25,
            Cue::Ready => 120,
            Cue::Unavailable => 140,
            Cue::Call => 220,
        };
        let loudest = at(9, 12);
        assert!(at(tone_ms - 1, tone_ms) < loudest * 0.02, "{cue:?} ends with a click");
    }
}

// Numbers.

#[test]
fn numbers_are_said_in_words_as_indonesian_has_them() {
    const TABLE: &[(u32, &str)] = &[
        (1, "satu"),
        (8, "delapan"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (110, "seratus sepuluh"),
        (111, "seratus sebelas"),
        (119, "seratus sembilan belas"),
        (200, "dua ratus"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1011, "seribu sebelas"),
        (1100, "seribu seratus"),
        (1111, "seribu seratus sebelas"),
        (2000, "dua ribu"),
        (2010, "dua ribu sepuluh"),
        (9999, "sembilan ribu sembilan ratus sembilan puluh sembilan"),
        // Greater ones are read digit by digit.
        (10_000, "satu nol nol nol nol"),
    ];
    for (n, words) in TABLE {
        let number = TicketNumber { prefix: "A".parse().unwrap(), n: *n };
        let said = Phrase::number(&number, Reading::Terbilang).words();
        assert_eq!(said, format!("Nomor antrean, A, {words}."));
    }
}

/// The other way round, by a reader who knows nothing of how it was said.
fn understood(words: &str) -> u32 {
    let digits = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
    let (mut sum, mut last) = (0, 0);
    for word in words.split(' ') {
        match word {
            "sepuluh" => sum += 10,
            "sebelas" => sum += 11,
            "seratus" => sum += 100,
            "seribu" => sum += 1000,
            "belas" => sum += std::mem::take(&mut last) + 10,
            "puluh" => sum += std::mem::take(&mut last) * 10,
            "ratus" => sum += std::mem::take(&mut last) * 100,
            "ribu" => sum += std::mem::take(&mut last) * 1000,
            digit => {
                assert_eq!(last, 0, "two digits in a row in {words:?}");
                last = digits.iter().position(|it| *it == digit).unwrap() as u32;
            }
        }
    }
    sum + last
}

#[test]
fn every_number_is_understood_as_itself_in_either_reading() {
    for n in 0..=GREATEST {
        let number = TicketNumber { prefix: "A".parse().unwrap(), n };
        let said = |reading| {
            let words = Phrase::number(&number, reading).words();
            words.strip_prefix("Nomor antrean, A, ").unwrap().trim_end_matches('.').to_owned()
        };
        assert_eq!(understood(&said(Reading::Terbilang)), n);
        let digits: String =
            said(Reading::Digits).split(' ').map(|digit| understood(digit).to_string()).collect();
        assert_eq!(digits, format!("{n:03}"), "what is heard is what is on the paper");
    }
}

// Phrases.

#[test]
fn a_call_names_the_number_the_agency_and_the_counter() {
    let agencies = agencies();
    let dukcapil = agencies.iter().find(|agency| agency.id.as_str() == "dukcapil").unwrap();
    let words =
        |number, reading, agency, counter| Phrase::call(&ticket(number), reading, agency, counter).words();
    assert_eq!(
        words("A024", Reading::Digits, Some(dukcapil), 3),
        "Nomor antrean, A, nol dua empat. Dukcapil. Silakan ke loket tiga."
    );
    assert_eq!(
        words("AK105", Reading::Terbilang, None, 12),
        "Nomor antrean, A K, seratus lima. Silakan ke loket dua belas."
    );
    let call = Phrase::call(&ticket("AK1024"), Reading::Digits, Some(dukcapil), 21);
    let clips: Vec<&str> = call.clips().map(Clip::name).collect();
    assert_eq!(
        clips,
        [
            "nomor-antrean",
            "huruf-a",
            "huruf-k",
            "angka-1",
            "angka-0",
            "angka-2",
            "angka-4",
            "instansi-dukcapil",
            "silakan-ke-loket",
            "angka-2",
            "puluh",
            "angka-1"
        ]
    );
}

#[test]
fn the_kiosk_says_what_is_on_its_screen() {
    let said: Vec<String> = Prompt::ALL.map(|prompt| Phrase::prompt(prompt).words()).to_vec();
    assert_eq!(
        said,
        [
            "Silakan pilih instansi.",
            "Silakan pilih layanan.",
            "Mohon tunggu sebentar.",
            "Maaf, layanan ini sedang tidak menerima nomor.",
            "Silakan ke meja informasi.",
            "Masih di sini? Sentuh layar untuk melanjutkan.",
            "Layanan prioritas. Untuk siapa?",
            "Antrean panjang. Tetap ambil nomor?",
            "Layanan sudah tutup.",
        ]
    );
    let number = |given| Phrase::kiosk_number(given, &ticket("B007"), Reading::Digits).words();
    assert_eq!(number(Given::OnPaper), "Silakan ambil tiket Anda. Nomor antrean Anda, B, nol nol tujuh.");
    assert_eq!(number(Given::OnScreen), "Nomor Anda sudah tercatat. Nomor antrean Anda, B, nol nol tujuh.");
}

#[test]
fn the_chime_comes_first_and_then_the_words() {
    let clips = Clips::default();
    let call = render(&Phrase::number(&ticket("A012"), Reading::Digits), &clips, |bad| panic!("{bad}"));
    let chime = Cue::Call.samples();
    assert_eq!(call[..chime.len()], chime);
    assert!(mean_level(&call[chime.len()..]) > 0.03, "nothing is said after the chime");
}

// Clips.

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/voice")
}

/// Every clip that any phrase may ask for, in a house with these agencies.
fn asked_for(agencies: &[Agency]) -> BTreeSet<String> {
    let mut phrases: Vec<Phrase> = Prompt::ALL.map(Phrase::prompt).to_vec();
    let letters = ('A'..='Z').filter(|letter| !matches!(letter, 'I' | 'O'));
    for letter in letters {
        phrases.push(Phrase::number(&ticket(&format!("{letter}012")), Reading::Digits));
    }
    for n in 1..=GREATEST {
        let number = TicketNumber { prefix: "A".parse().unwrap(), n };
        phrases.push(Phrase::number(&number, Reading::Digits));
        phrases.push(Phrase::number(&number, Reading::Terbilang));
    }
    for given in [Given::OnPaper, Given::OnScreen] {
        phrases.push(Phrase::kiosk_number(given, &ticket("A012"), Reading::Digits));
    }
    for agency in agencies {
        phrases.push(Phrase::call(&ticket("A012"), Reading::Digits, Some(agency), 3));
    }
    phrases.iter().flat_map(|phrase| phrase.clips().map(|clip| clip.name().to_owned())).collect()
}

#[test]
fn list_files_and_code_name_the_same_clips() {
    let list: BTreeMap<String, String> = fs::read_to_string(assets().join("clips.txt"))
        .unwrap()
        .lines()
        .map(|line| {
            let (name, text) = line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}"));
            assert!(!text.trim().is_empty() && !text.contains('\t'), "{line:?}");
            (name.to_owned(), text.to_owned())
        })
        .collect();
    assert_eq!(list.len(), Clip::all().count(), "a name stands twice in the list");
    let listed: BTreeSet<String> = list.keys().cloned().collect();
    let mut bytes = 0;
    let files: BTreeSet<String> = fs::read_dir(assets().join("id"))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            bytes += entry.metadata().unwrap().len();
            entry.file_name().into_string().unwrap().strip_suffix(".ogg").unwrap().to_owned()
        })
        .collect();
    assert_eq!(listed, files, "make.sh makes what is in clips.txt");
    assert!(bytes < 600_000, "the clips have {bytes} bytes");
    assert_eq!(listed, asked_for(&agencies()), "what the list has, and what is asked for");
    for clip in Clip::all() {
        assert_eq!(Clips::default().origin(&clip), Origin::Bundled, "{}", clip.name());
        assert_eq!(clip.text(), list.get(clip.name()).map(String::as_str));
    }
}

#[test]
fn every_clip_is_heard_evenly_loud_unclipped_and_for_a_plausible_time() {
    let clips = Clips::default();
    for clip in Clip::all() {
        let (name, samples) = (clip.name().to_owned(), clips.samples(&clip).unwrap());
        assert!(db(peak(&samples)) < -0.5, "{name} is clipped: {} dB", db(peak(&samples)));
        let level = db(mean_level(&samples));
        assert!((-21.0..-17.0).contains(&level), "{name} is at {level} dB");
        // A calm speaker says 8 to 17 letters a second; the name of a letter alone takes longer.
        let letters = clip.text().unwrap().chars().filter(|c| c.is_alphabetic()).count() as f64;
        let (least, most) = (0.15 + letters * 0.04, 0.4 + letters * 0.13);
        let lasts = ms(samples.len()) / 1000.0;
        assert!((least..most).contains(&lasts), "{name} lasts {lasts} s, not {least} to {most}");
        let edge = RATE as usize / 100;
        for end in [&samples[..edge / 2], &samples[samples.len() - edge..]] {
            assert!(peak(end) < 0.25, "{name} begins or ends in the middle of a sound");
        }
    }
}

#[test]
fn a_file_of_the_sites_own_is_heard_instead_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let tone = Cue::Unavailable.samples();
    fs::write(folder.path().join("angka-3.wav"), wav(&tone)).unwrap();
    fs::write(folder.path().join("angka-4.ogg"), "this is no sound").unwrap();
    fs::write(folder.path().join("angka-O.wav"), wav(&tone)).unwrap();
    fs::copy(assets().join("id/angka-6.ogg"), folder.path().join("angka-5.ogg")).unwrap();
    let (own, bundled) = (Clips::new(Some(folder.path().to_owned())), Clips::default());
    let clip = |name: &str| Clip::all().find(|clip| clip.name() == name).unwrap();

    let three = own.samples(&clip("angka-3")).unwrap();
    assert_eq!(three.len(), tone.len());
    assert!(three.iter().zip(&tone).all(|(a, b)| (a - b).abs() < 0.001), "it came through changed");
    assert_eq!(own.samples(&clip("angka-5")).unwrap(), bundled.samples(&clip("angka-6")).unwrap());
    assert_eq!(own.samples(&clip("angka-2")).unwrap(), bundled.samples(&clip("angka-2")).unwrap());

    let bad = own.samples(&clip("angka-4")).unwrap_err();
    assert_eq!(bad.path, folder.path().join("angka-4.ogg"));
    assert_eq!(bad.bundled, bundled.samples(&clip("angka-4")).unwrap(), "the bundled one is heard");
    assert_eq!(own.strays(&Clip::all_for(&[])), ["angka-O.wav"]);
}

#[test]
fn stereo_at_another_rate_becomes_one_channel_of_the_same_length() {
    let folder = tempfile::tempdir().unwrap();
    // Half a second at 16 kHz, the left channel loud and the right one silent.
    let frames = 8000_u32;
    let mut file = wav(&[]);
    file[4..8].copy_from_slice(&(36 + frames * 4).to_le_bytes());
    file[22..24].copy_from_slice(&2_u16.to_le_bytes());
    file[24..28].copy_from_slice(&16_000_u32.to_le_bytes());
    file[28..32].copy_from_slice(&64_000_u32.to_le_bytes());
    file[32..34].copy_from_slice(&4_u16.to_le_bytes());
    file[40..44].copy_from_slice(&(frames * 4).to_le_bytes());
    for _ in 0..frames {
        file.extend(16_384_i16.to_le_bytes());
        file.extend(0_i16.to_le_bytes());
    }
    fs::write(folder.path().join("angka-3.wav"), file).unwrap();
    let clip = Clip::all().find(|clip| clip.name() == "angka-3").unwrap();
    let samples = Clips::new(Some(folder.path().to_owned())).samples(&clip).unwrap();
    assert!((ms(samples.len()) - 500.0).abs() < 2.0, "{} ms", ms(samples.len()));
    let middle = samples[samples.len() / 2];
    assert!((middle - 0.25).abs() < 0.01, "the mean of both channels, not {middle}");
}

// The loudspeaker.

const ALSA: &str = "asound.conf";
const TAPE: &str = "tape.wav";

/// A sound card comes into a computer, which may have had none.
fn plug(folder: &Path) {
    let tape = folder.join(TAPE).display().to_string();
    let plug = "type plug\n slave { pcm \"tape\" rate 48000 channels 2 format S16_LE }";
    let alsa = format!(
        "pcm.tape {{\n type file\n slave.pcm {{ type null }}\n file \"{tape}\"\n format \"wav\"\n}}\n\
         pcm.!default {{\n {plug}\n}}\n\
         pcm.hall {{\n {plug}\n hint {{ description \"the hall\" }}\n}}\n"
    );
    // ALSA tells by the file that it is a new one, and by its time only to the second.
    fs::write(folder.join("new.conf"), alsa).unwrap();
    fs::rename(folder.join("new.conf"), folder.join(ALSA)).unwrap();
}

/// A sound card made of a file: what is played is written there, as fast as it comes.
struct Card {
    folder: tempfile::TempDir,
}

impl Card {
    fn new() -> Self {
        let card = Self { folder: tempfile::tempdir().unwrap() };
        plug(card.folder.path());
        card
    }

    /// A computer without any.
    fn none() -> Self {
        let card = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(card.alsa(), "pcm.!default {\n type hw\n card \"NoSuchCard\"\n}\n").unwrap();
        card
    }

    fn alsa(&self) -> PathBuf {
        self.folder.path().join(ALSA)
    }

    fn tape(&self) -> PathBuf {
        self.folder.path().join(TAPE)
    }

    /// The reference site with another section `[sound]`.
    fn config(&self, sound: &str) -> String {
        let (before, rest) = config::DEFAULT.split_once("[sound]").unwrap();
        let (_, after) = rest.split_once("\n[").unwrap();
        // Which calendars are missed depends on the date.
        let before = before.replace("file = \"holidays-{year}.toml\"", "");
        let path = self.folder.path().join("antrean.toml");
        fs::write(&path, format!("{before}[sound]\n{sound}\n\n[{after}")).unwrap();
        path.display().to_string()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = antrean(args);
        command.env("ALSA_CONFIG_PATH", self.alsa());
        command
    }

    fn say(&self, sound: &str, args: &[&str]) -> Output {
        let config = self.config(sound);
        self.command(&[&["voice", "say", "--config", &config], args].concat()).output().unwrap()
    }
}

/// The mean level of every 50 ms, from the first sound to the last, of 16-bit samples behind a header.
fn contour(file: &Path, channels: usize, rate: usize) -> Vec<f32> {
    let bytes = fs::read(file).unwrap();
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let levels: Vec<f32> = bytes[44..]
        .chunks_exact(2 * channels)
        .map(|frame| f32::from(i16::from_le_bytes([frame[0], frame[1]])) / 32_768.0)
        .collect();
    let heard = |sample: &f32| sample.abs() > 0.002;
    let first = levels.iter().position(heard).expect("nothing was heard");
    let last = levels.iter().rposition(heard).unwrap();
    levels[first..last].chunks(rate / 20).map(mean_level).collect()
}

/// The whole way: clips, mixer, ALSA, and what arrives at the card.
#[test]
fn what_is_said_arrives_at_the_sound_card() {
    let card = Card::new();
    let played = card.say("device = \"default\"\nvolume = 50", &["A012", "--counter", "3"]);
    assert_eq!(played.status.code(), Some(0), "{}", stderr(&played));
    assert_eq!(stdout(&played), "Nomor antrean, A, nol satu dua. Silakan ke loket tiga.\n");

    let file = card.folder.path().join("heard.wav");
    let path = file.display().to_string();
    let written = card.say("", &["A012", "--counter", "3", "--wav", &path]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));

    let (said, meant) = (contour(&card.tape(), 2, 48_000), contour(&file, 1, 44_100));
    assert!(meant.len() > 100, "five seconds at least");
    assert!(said.len().abs_diff(meant.len()) <= 1, "{} and {} parts", said.len(), meant.len());
    // Half the volume is a quarter of the amplitude.
    let meant: Vec<f32> = meant.iter().map(|level| level / 4.0).collect();
    let (mut same, mut apart) = (0.0, 0.0);
    for (said, meant) in said.iter().zip(&meant) {
        same += meant * meant;
        apart += (said - meant) * (said - meant);
    }
    assert!(apart < 0.05 * same, "what arrived differs from what was meant: {}", apart / same);
}

#[test]
fn a_device_is_chosen_by_its_name() {
    let card = Card::new();
    let played = card.say("device = \"hall\"", &["B007"]);
    assert_eq!(played.status.code(), Some(0), "{}", stderr(&played));
    assert!(contour(&card.tape(), 2, 48_000).len() > 30);

    let unknown = card.say("device = \"hal\"", &["B007"]);
    assert_eq!(unknown.status.code(), Some(1));
    let report = stderr(&unknown);
    assert!(report.contains("no sound device `hal`; there are: ") && report.contains("`hall`"), "{report}");
}

#[test]
fn without_a_sound_card_it_is_said_in_one_line_with_a_remedy() {
    let card = Card::none();
    let refused = card.say("device = \"default\"", &["A012"]);
    assert_eq!(refused.status.code(), Some(1));
    let report = stderr(&refused);
    assert!(report.contains("aplay -L") && report.contains("--wav FILE"), "{report}");
    assert!(report.contains("[no_sound_card]") || report.contains("[sound_refused]"), "{report}");
    let spoken_by_the_library = report.lines().any(|line| line.starts_with("ALSA lib"));
    assert!(!spoken_by_the_library, "{report}");

    let off = card.say("volume = 0", &["A012"]);
    assert_eq!(off.status.code(), Some(1));
    assert!(stderr(&off).contains("[sound_off]"), "{}", stderr(&off));
}

#[test]
fn a_speaker_that_cannot_be_heard_keeps_nobody_waiting() {
    let speaker = Speaker::start(Settings {
        device: Device::Named("no-such-device".to_owned()),
        volume: 60,
        prompts: true,
        clips: None,
    });
    let number = || Phrase::number(&ticket("A012"), Reading::Digits);
    for _ in 0..1000 {
        speaker.play(Cue::Touch);
        speaker.say(number());
        speaker.hush();
    }
    for _ in 0..2 {
        assert!(speaker.say_to_the_end(number()).is_err());
    }
    let other = speaker.clone();
    speaker.leave();
    other.play(Cue::Ready);
    assert!(other.say_to_the_end(number()).is_err(), "the thread has gone, and nobody waits for it");
}

/// Names the folder of the card to the process that is to look for it.
const INSIDE: &str = "ANTREAN_TEST_CARD";

/// ALSA finds its files by the process's own environment, so the box of this test is a process of its own.
#[test]
fn the_kiosk_offers_sound_while_there_is_a_loudspeaker_and_again_when_it_comes() {
    match std::env::var_os(INSIDE) {
        Some(folder) => offers_what_is_there(Path::new(&folder)),
        None => {
            let card = Card::none();
            let name = "the_kiosk_offers_sound_while_there_is_a_loudspeaker_and_again_when_it_comes";
            let mut inside = Command::new(std::env::current_exe().unwrap());
            inside.args(["--exact", name]).env("ALSA_CONFIG_PATH", card.alsa());
            let done = inside.env(INSIDE, card.folder.path()).output().unwrap();
            assert!(done.status.success(), "{}{}", stdout(&done), stderr(&done));
            assert!(stdout(&done).contains("1 passed"), "{}", stdout(&done));
        }
    }
}

fn offers_what_is_there(folder: &Path) {
    let settings = Settings { device: Device::Default, volume: 60, prompts: true, clips: None };
    let speaker = Speaker::start_trying(settings, Duration::from_millis(20));
    let kiosk = Kiosk::preparing(kiosk::Settings { speaker: speaker.clone(), ..support::kiosk::settings() });
    let offered = || {
        kiosk.later(200);
        kiosk.stage.app().global::<ui::Access>().get_has_sound()
    };
    let number = Phrase::number(&ticket("A012"), Reading::Digits);
    assert!(speaker.say_to_the_end(number.clone()).is_err(), "there is no card yet");
    assert!(!offered());

    plug(folder);
    let mut heard = speaker.heard();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let comes = async { tokio::time::timeout(Duration::from_secs(20), heard.wait_for(|heard| *heard)).await };
    assert!(runtime.block_on(comes).expect("nobody looks for the card").is_ok());
    assert!(offered());
    assert_eq!(speaker.say_to_the_end(number), Ok(()));
}

#[test]
fn a_silent_box_is_silent_in_every_way() {
    for (device, volume) in [(Device::None, 60), (Device::Default, 0)] {
        let speaker = Speaker::start(Settings { device, volume, prompts: true, clips: None });
        speaker.play(Cue::Touch);
        let number = Phrase::number(&ticket("A012"), Reading::Digits);
        assert_eq!(speaker.say_to_the_end(number), Err(NoSound::Off));
        speaker.look();
        assert!(!speaker.is_heard());
        speaker.leave();
    }
}

#[test]
fn a_box_without_sound_says_so_once_serves_and_leaves() {
    let card = Card::none();
    let config = card.config("device = \"none\"");
    let data = card.folder.path().join("data");
    let mut command =
        card.command(&["serve", "--demo", "--listen", "127.0.0.1:0", "--config", &config, "--data"]);
    command.arg(data);
    let running = Running::start(command);
    let said: Vec<_> = running.log.iter().filter(|line| line.contains("sound is switched off")).collect();
    assert_eq!(said.len(), 1, "{:?}", running.log);
    ureq::get(format!("http://{}/lobby", running.address)).call().unwrap();
    assert_eq!(running.terminate(), Some(0));
}

// Calls in the hall.

/// The numbers that are announced, and to which counter.
fn announced(crier: &mut Crier, house: &House) -> Vec<String> {
    crier.hear(&house.hall.present()).into_iter().map(|announcement| announcement.phrase.words()).collect()
}

fn crier_of(counters: &[&str], house: &House) -> Crier {
    let counters = counters.iter().map(|&id| id.into()).collect();
    Crier::new(counters, Reading::Digits, &house.hall.present())
}

fn hall_with(tickets: &[&str]) -> House {
    let house = House::open();
    for counter in ["loket-3", "loket-4", "loket-6"] {
        house.open_counter(counter);
    }
    for service in tickets {
        house.issue(service).unwrap();
    }
    house
}

#[test]
fn calls_are_announced_in_order_once_and_a_recall_is_a_call() {
    let house = hall_with(&["ktp", "ktp", "paspor"]);
    house.call("loket-3").unwrap();
    let mut crier = crier_of(&["loket-3", "loket-4", "loket-6"], &house);
    assert!(announced(&mut crier, &house).is_empty(), "what was called before a start is over");
    house.call("loket-6").unwrap();
    house.call("loket-4").unwrap();
    house.wish(Wish::Recall { counter: "loket-6".into(), seen: Seen::Unsaid }).unwrap();
    let to_imigrasi = "Nomor antrean, B, nol nol satu. imigrasi. Silakan ke loket enam.";
    let to_dukcapil = "Nomor antrean, A, nol nol dua. dukcapil. Silakan ke loket empat.";
    assert_eq!(announced(&mut crier, &house), [to_imigrasi, to_dukcapil, to_imigrasi]);
    house.issue("ktp").unwrap();
    assert!(announced(&mut crier, &house).is_empty(), "nobody is called by a ticket that is issued");
}

#[test]
fn the_box_is_silent_for_counters_that_a_screen_or_nobody_speaks_for() {
    let house = hall_with(&["ktp", "paspor"]);
    let mut crier = crier_of(&["loket-6"], &house);
    house.call("loket-3").unwrap();
    house.call("loket-6").unwrap();
    assert_eq!(announced(&mut crier, &house).len(), 1);
}

#[test]
fn a_call_is_said_only_while_it_is_young_and_nobody_has_come() {
    let house = hall_with(&["ktp", "ktp"]);
    let mut crier = crier_of(&["loket-3", "loket-4"], &house);
    house.call("loket-3").unwrap();
    house.call("loket-4").unwrap();
    let [first, second] = &crier.hear(&house.hall.present())[..] else { panic!("two calls") };
    let stand = || [first, second].map(|call| call.stands(&house.hall.present(), house.time.now()));
    assert_eq!(stand(), [true, true]);
    house.wish(Wish::Start { counter: "loket-4".into(), seen: Seen::Unsaid }).unwrap();
    assert_eq!(stand(), [true, false], "A002 has come");
    house.clock.advance(chrono::TimeDelta::seconds(44));
    assert_eq!(stand(), [true, false]);
    house.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(stand(), [false, false], "A001 was called 45 s ago");
}

/// The whole way, from a clerk's call to the sound card; and after a restart only what is called from then on.
#[test]
fn the_box_speaks_what_is_called_and_repeats_nothing_after_a_restart() {
    let (card, desk) = (Card::new(), Desk::new());
    let serve = || {
        let config = desk.config();
        let mut command =
            card.command(&["serve", "--demo", "--listen", "127.0.0.1:0", "--config", &config, "--data"]);
        command.arg(desk.data());
        Running::start(command)
    };
    let call = |running: &Running| {
        desk.issue(&running.address).unwrap();
        let path = "/api/v1/counters/loket-3/call-next";
        let called = desk.post(&running.address, path, &serde_json::json!({})).unwrap();
        assert!(called["number"].is_string() || called["ticket"].is_object(), "{called}");
    };
    let mut running = serve();
    let open = "/api/v1/counters/loket-3/open";
    desk.post(&running.address, open, &serde_json::json!({})).unwrap();
    call(&running);
    let said = running.wait_for_line("said in the hall: ");
    assert!(said.ends_with("Nomor antrean, A, nol nol satu. Dukcapil. Silakan ke loket tiga."), "{said}");
    assert_eq!(running.terminate(), Some(0));
    assert!(contour(&card.tape(), 2, 48_000).len() > 60, "three seconds at least were heard");

    let mut running = serve();
    desk.post(&running.address, "/api/v1/counters/loket-3/start", &serde_json::json!({})).unwrap();
    call(&running);
    let said = running.wait_for_line("said in the hall: ");
    assert!(said.contains("A, nol nol dua."), "{said}");
    assert_eq!(running.terminate(), Some(0));
}

// The command line.

#[test]
fn the_list_tells_bundled_clips_from_the_sites_own() {
    let desk = Desk::new();
    let folder = desk.folder.path().join("voice");
    let list = || antrean(&["voice", "list", "--config", &desk.config()]).output().unwrap();
    let all = list();
    assert_eq!(all.status.code(), Some(0), "{}", stderr(&all));
    assert_eq!(stdout(&all).lines().count(), Clip::all().count());
    assert!(stdout(&all).contains("bundled   Silakan ke loket\n"), "{}", stdout(&all));

    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("angka-3.wav"), wav(&Cue::Ready.samples())).unwrap();
    let some = list();
    assert_eq!(some.status.code(), Some(0), "{}", stderr(&some));
    assert!(stdout(&some).contains("replaced  tiga\n"), "{}", stdout(&some));

    fs::write(folder.join("angka-4.wav"), "noise").unwrap();
    fs::write(folder.join("angka-empat.wav"), "noise").unwrap();
    let bad = list();
    assert_eq!(bad.status.code(), Some(1));
    let report = stderr(&bad);
    assert!(report.contains("angka-4.wav is not heard: it is neither Ogg Vorbis nor WAV"), "{report}");
    assert!(report.contains("no clip is called as") && report.contains("angka-empat.wav"), "{report}");
}

#[test]
fn the_record_list_is_what_a_person_reads() {
    let desk = Desk::new();
    let listed = antrean(&["voice", "record-list", "--config", &desk.config()]).output().unwrap();
    assert_eq!(listed.status.code(), Some(0));
    let lines = stdout(&listed);
    for (clip, text) in Clip::all_for(&agencies()) {
        assert!(lines.contains(&format!("{}.wav\t{text}\n", clip.name())), "{}", clip.name());
    }
    assert!(stderr(&listed).contains(&desk.folder.path().join("voice").display().to_string()));
}

#[test]
fn an_agency_that_nobody_recorded_is_on_the_list_by_its_name() {
    let mut agency = agencies().remove(0);
    agency.id = "samsat".into();
    agency.name = antrean::queue::Text::same("Samsat");
    let all = Clip::all_for(&[agency.clone()]);
    let (clip, text) = all.last().unwrap();
    assert_eq!((clip.name(), text.as_str()), ("instansi-samsat", "Samsat"));
    assert_eq!(Clips::default().origin(clip), Origin::Missing);
    assert!(!all.iter().any(|(clip, _)| clip.name() == "instansi-dukcapil"), "nobody here is called so");
    let call = Phrase::call(&ticket("A012"), Reading::Digits, Some(&agency), 3);
    assert_eq!(call.words(), "Nomor antrean, A, nol satu dua. Samsat. Silakan ke loket tiga.");
}
