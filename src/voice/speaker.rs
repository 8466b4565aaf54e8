//! The handle for whoever has something to be heard.
//!
//! **Invariant:** nobody waits for sound, and nobody fails for want of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::cue::Cue;
use super::device::{Device, NoSound};
use super::lane::{Stands, Turn};
use super::mouth::Mouth;
use super::phrase::Phrase;

/// The loudspeaker of this box.
#[derive(Debug, Clone)]
pub struct Settings {
    pub device: Device,
    /// 0 to 100.
    pub volume: u8,
    /// Whether the kiosk speaks; its tones are heard in any case.
    pub prompts: bool,
    /// Where clips of the site's own are looked for.
    pub clips: Option<PathBuf>,
}

/// How long a device that could not be opened is left alone.
const RETRY: Duration = Duration::from_secs(30);
/// How long leaving waits for the device to close.
const LEAVE: Duration = Duration::from_millis(300);

/// Who waits to hear how it went.
pub(super) type Told = Option<SyncSender<Result<(), NoSound>>>;

/// What the thread is asked, and what it hears from the device.
pub(super) enum Wish {
    Play(Cue, Instant),
    Say(Turn<Told>),
    Hush,
    /// Is there a loudspeaker?
    Look,
    /// The phrase of this number has been said.
    Ended(u64),
    /// The device opened as this number is lost.
    Lost(u64, String),
    Leave(SyncSender<()>),
}

/// Whoever has this may have the box make a sound. Cheap to clone; every call returns at once.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// None where the config says that the box is silent.
    handle: Option<Arc<Handle>>,
    heard: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Handle {
    door: Sender<Wish>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        let (closed, _) = sync_channel(1);
        let _ = self.door.send(Wish::Leave(closed));
    }
}

impl Speaker {
    /// Starts the thread. The device is opened when there is something to be heard, or when somebody
    /// [looks](Self::look).
    pub fn start(settings: Settings) -> Self {
        Self::start_trying(settings, RETRY)
    }

    /// The same with another pause between attempts at a device that cannot be opened.
    pub fn start_trying(settings: Settings, pause: Duration) -> Self {
        let (tell, heard) = watch::channel(false);
        if settings.device == Device::None || settings.volume == 0 {
            tracing::info!(code = NoSound::Off.code(), "{}", NoSound::Off);
            return Self { handle: None, heard };
        }
        let (door, wishes) = channel();
        let inside = door.clone();
        crate::tasks::thread("voice", move || Mouth::new(settings, pause, inside, tell).serve(&wishes));
        Self { handle: Some(Arc::new(Handle { door })), heard }
    }

    /// Opens the device now, so that it is known whether there is one. One that is not there is looked for
    /// again and again from then on.
    pub fn look(&self) {
        self.wish(Wish::Look);
    }

    /// Whether the device could be opened when it was last tried, and has not been lost since.
    pub fn is_heard(&self) -> bool {
        *self.heard.borrow()
    }

    /// The same for whoever waits for a change. It ends with the thread.
    pub fn heard(&self) -> watch::Receiver<bool> {
        self.heard.clone()
    }

    /// A tone, over whatever sounds.
    pub fn play(&self, cue: Cue) {
        self.wish(Wish::Play(cue, Instant::now()));
    }

    /// A phrase, after the calls before it; one of the kiosk replaces the kiosk's older one.
    pub fn say(&self, phrase: Phrase) {
        self.wish(say(phrase, Box::new(|| true), None));
    }

    /// The same, if `stands` says so when its turn has come: somebody called may have arrived by then.
    pub fn say_while(&self, phrase: Phrase, stands: impl Fn() -> bool + Send + 'static) {
        self.wish(say(phrase, Box::new(stands), None));
    }

    /// Nothing more to the visitor. Calls in the hall go on.
    pub fn hush(&self) {
        self.wish(Wish::Hush);
    }

    /// The same as [`say`](Self::say), and waits until it has been said.
    ///
    /// # Errors
    /// Nothing was heard, or not to the end.
    pub fn say_to_the_end(&self, phrase: Phrase) -> Result<(), NoSound> {
        let (tell, told) = sync_channel(1);
        self.wish(say(phrase, Box::new(|| true), Some(tell)));
        // Nobody is left to tell where the phrase was dropped unsaid, or the config wants silence.
        told.recv().unwrap_or(Err(if self.handle.is_some() { NoSound::TooLate } else { NoSound::Off }))
    }

    /// Closes the device and ends the thread, whoever else has a handle; nothing is heard after it.
    pub fn leave(self) {
        let (tell, closed) = sync_channel(1);
        self.wish(Wish::Leave(tell));
        drop(self);
        // A device that never closes is no reason to stay.
        let _ = closed.recv_timeout(LEAVE);
    }

    fn wish(&self, wish: Wish) {
        if let Some(handle) = &self.handle {
            // The thread may have left before us.
            let _ = handle.door.send(wish);
        }
    }
}

fn say(phrase: Phrase, stands: Stands, told: Told) -> Wish {
    Wish::Say(Turn { phrase, asked: Instant::now(), stands, with: told })
}
