//! The thread that owns the loudspeaker: opens it for the first sound, lets one speak after the other,
//! gives it back when nobody needs it, and tries again when it is lost.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rodio::Player;
use tokio::sync::watch;

use super::clip::Clips;
use super::cue::{self, Cue, RATE};
use super::device::{NoSound, Output};
use super::lane::{Lane, Turn, Voice};
use super::phrase::{Audience, Phrase};
use super::render::{gain, render};
use super::speaker::{Settings, Told, Wish};

/// A tone that comes later than this after the finger misleads it.
const LATE_CUE: Duration = Duration::from_millis(400);
/// From a tone to the first word.
const AFTER_CUE_MS: u32 = 120;
/// Silence behind every phrase: what is still inside the device when it closes, and the gap to the next.
const TAIL_MS: u32 = 350;
/// A device that has not finished so long after the end has stalled.
const STALL: Duration = Duration::from_secs(2);
/// An idle device is given back: it may sleep, and others may use it. Not at once: a screen with
/// loudspeakers swallows the first half second after waking.
const REST: Duration = Duration::from_secs(30);
/// With nothing to wait for.
const IDLE: Duration = Duration::from_secs(3600);

/// What is being said.
struct Speaking {
    /// Dropped, it is silent.
    _player: Player,
    turn: u64,
    until: Instant,
    told: Told,
    /// A call's words, for the log.
    call: Option<String>,
}

/// The thread's own.
pub(super) struct Mouth {
    settings: Settings,
    /// How long a device that could not be opened is left alone.
    pause: Duration,
    clips: Clips,
    door: Sender<Wish>,
    /// Whether there is a device that can be heard.
    heard: watch::Sender<bool>,
    lane: Lane<Told>,
    output: Option<Output>,
    speaking: Option<Speaking>,
    /// Counts phrases and openings, so that news of old ones is known for what it is.
    turn: u64,
    opened: u64,
    /// Until when the last tone sounds.
    tone_until: Instant,
    /// Since when nothing has been asked of the device.
    idle_since: Instant,
    retry_at: Option<Instant>,
    /// The trouble that was told of last.
    trouble: Option<NoSound>,
    /// Files that were told of.
    bad_files: HashSet<PathBuf>,
}

impl Mouth {
    pub fn new(settings: Settings, pause: Duration, door: Sender<Wish>, heard: watch::Sender<bool>) -> Self {
        let (clips, now) = (Clips::new(settings.clips.clone()), Instant::now());
        Self {
            settings,
            pause,
            clips,
            door,
            heard,
            lane: Lane::new(),
            output: None,
            speaking: None,
            turn: 0,
            opened: 0,
            tone_until: now,
            idle_since: now,
            retry_at: None,
            trouble: None,
            bad_files: HashSet::new(),
        }
    }

    /// Does what it is asked until told to leave.
    pub fn serve(mut self, wishes: &Receiver<Wish>) {
        loop {
            match wishes.recv_timeout(self.patience()) {
                Ok(Wish::Play(cue, asked)) => self.play(cue, asked),
                Ok(Wish::Say(turn)) => self.say(turn),
                Ok(Wish::Hush) => {
                    let voice = self.lane.hush();
                    self.heed(voice);
                }
                Ok(Wish::Look) => drop(self.open()),
                Ok(Wish::Ended(turn)) => self.ended(turn),
                Ok(Wish::Lost(opened, why)) if opened == self.opened && self.output.is_some() => {
                    self.lost(NoSound::Lost(why));
                }
                Ok(Wish::Lost(..)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Wish::Leave(closed)) => {
                    drop((self.speaking.take(), self.output.take()));
                    let _ = closed.try_send(());
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look_after();
            self.go_on();
        }
    }

    /// Until when nothing needs doing by itself.
    fn patience(&self) -> Duration {
        let until = match (&self.speaking, &self.output) {
            (Some(speaking), _) => speaking.until + STALL,
            (None, Some(_)) => self.idle_since.max(self.tone_until) + REST,
            (None, None) => match self.retry_at {
                Some(at) => at,
                None => return IDLE,
            },
        };
        until.saturating_duration_since(Instant::now())
    }

    fn play(&mut self, cue: Cue, asked: Instant) {
        if self.open().is_err() || asked.elapsed() > LATE_CUE {
            return;
        }
        let samples = self.at_volume(cue.samples());
        self.tone_until = Instant::now() + length(samples.len());
        if let Some(output) = &self.output {
            output.overlay(samples);
        }
    }

    fn say(&mut self, turn: Turn<Told>) {
        if turn.phrase.audience() == Audience::Visitor && !self.settings.prompts {
            return;
        }
        let voice = self.lane.say(turn);
        self.heed(voice);
    }

    fn heed(&mut self, voice: Voice) {
        if voice == Voice::Breaks {
            self.speaking = None;
            self.idle_since = Instant::now();
        }
    }

    /// Lets the next one speak, if nobody does.
    fn go_on(&mut self) {
        while let Some(Turn { phrase, with, .. }) = self.lane.next(Instant::now()) {
            match self.open() {
                Ok(()) => return self.speak(&phrase, with),
                Err(trouble) => {
                    self.lane.ended();
                    tell(with, Err(trouble));
                }
            }
        }
    }

    fn speak(&mut self, phrase: &Phrase, told: Told) {
        let bad_files = &mut self.bad_files;
        let sound = render(phrase, &self.clips, |bad| {
            if bad_files.insert(bad.path.clone()) {
                tracing::warn!(code = "voice_file", "{bad}; the bundled clip is heard");
            }
        });
        let first = self.tone_until.saturating_duration_since(Instant::now());
        let wait_ms = if first.is_zero() { 0 } else { first.as_millis() as u32 + AFTER_CUE_MS };
        let sound: Vec<f32> = cue::silence(wait_ms).chain(sound).chain(cue::silence(TAIL_MS)).collect();
        let sound = self.at_volume(sound);
        let until = Instant::now() + length(sound.len());
        self.turn += 1;
        let (door, turn) = (self.door.clone(), self.turn);
        let Some(output) = &self.output else { return self.lane.ended() };
        let player = output.speak(sound, move || {
            let _ = door.send(Wish::Ended(turn));
        });
        let call = (phrase.audience() == Audience::Hall).then(|| phrase.words());
        self.speaking = Some(Speaking { _player: player, turn, until, told, call });
    }

    fn ended(&mut self, turn: u64) {
        if let Some(speaking) = self.speaking.take_if(|speaking| speaking.turn == turn) {
            if let Some(words) = speaking.call {
                tracing::info!("said in the hall: {words}");
            }
            tell(speaking.told, Ok(()));
            self.lane.ended();
            self.idle_since = Instant::now();
        }
    }

    /// Sees a device that takes no more, gives back one that nobody needs, and looks for a missing one.
    fn look_after(&mut self) {
        let now = Instant::now();
        if self.speaking.as_ref().is_some_and(|speaking| now >= speaking.until + STALL) {
            self.lost(NoSound::Lost("it takes no more sound".to_owned()));
        }
        let resting = self.speaking.is_none() && now >= self.idle_since.max(self.tone_until) + REST;
        if resting && self.output.take().is_some() {
            tracing::debug!("the sound device rests");
        }
        if self.retry_at.is_some_and(|at| now >= at) {
            // What keeps it silent is told there.
            let _ = self.open();
        }
    }

    fn lost(&mut self, trouble: NoSound) {
        self.output = None;
        self.lane.ended();
        if let Some(speaking) = self.speaking.take() {
            tell(speaking.told, Err(trouble.clone()));
        }
        self.retry_at = Some(Instant::now() + self.pause);
        self.heard.send_replace(false);
        self.complain(trouble);
    }

    /// Opens the device, unless it is open or was tried just now.
    fn open(&mut self) -> Result<(), NoSound> {
        if self.output.is_some() {
            return Ok(());
        }
        if let (Some(at), Some(trouble)) = (self.retry_at, &self.trouble)
            && Instant::now() < at
        {
            return Err(trouble.clone());
        }
        self.opened += 1;
        let (door, opened) = (self.door.clone(), self.opened);
        let output = Output::open(&self.settings.device, move |why| {
            let _ = door.send(Wish::Lost(opened, why));
        });
        match output {
            Ok(output) => {
                if self.trouble.take().is_some() {
                    tracing::info!("there is sound again");
                }
                self.output = Some(output);
                self.retry_at = None;
                self.heard.send_replace(true);
                self.idle_since = Instant::now();
                Ok(())
            }
            Err(trouble) => {
                self.retry_at = Some(Instant::now() + self.pause);
                self.heard.send_replace(false);
                self.complain(trouble.clone());
                Err(trouble)
            }
        }
    }

    /// Says once what keeps the box silent.
    fn complain(&mut self, trouble: NoSound) {
        if self.trouble.as_ref() != Some(&trouble) {
            tracing::warn!(code = trouble.code(), "{trouble}; the box is silent, and tries again");
            self.trouble = Some(trouble);
        }
    }

    fn at_volume(&self, mut samples: Vec<f32>) -> Vec<f32> {
        let gain = gain(self.settings.volume);
        samples.iter_mut().for_each(|sample| *sample *= gain);
        samples
    }
}

fn tell(told: Told, how: Result<(), NoSound>) {
    if let Some(told) = told {
        let _ = told.try_send(how);
    }
}

/// How long so many samples sound.
fn length(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(RATE))
}
