//! Looks at the machine every few seconds, and tells whoever wants to know what is wrong: once when it
//! begins, once when it is over.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::herald::Herald;
use super::workshop::{self, Rooms};
use super::{Plan, doors};
use crate::clock::Clock;
use crate::config::{ConfigOrigin, PrinterConfig, SoundDevice, TlsConfig, VoiceSetting};
use crate::hall::Hall;
use crate::health::{
    self, Backup, ConfigNow, Database, Display, Facts, HallNow, PrinterNow, Sight, Sound, Starts, Told, Turn,
};
use crate::printer::{Healths, PrinterHealth};
use crate::queue::Language;
use crate::voice::Speaker;

/// Between two looks: a full disk and a lost display are seen within moments.
const EVERY: Duration = Duration::from_secs(5);

/// How long an address may take to be had before it is missed.
const OPENING: Duration = Duration::from_secs(10);

/// What is looked at.
pub struct Lookout {
    data: PathBuf,
    listen: std::net::SocketAddr,
    https: bool,
    rooms: Arc<Rooms>,
    display: Option<Display>,
    /// The loudspeaker, where something is to be heard from it.
    speaker: Option<Speaker>,
    sound_off: bool,
    starts: Option<Starts>,
    /// None in a demonstration: its troubles are for show, and nobody outside is called.
    herald: Option<Herald>,
    began: Instant,
}

impl Lookout {
    /// Of a box as planned; `shown` is whether its window is open.
    pub fn new(
        plan: &Plan,
        rooms: &Arc<Rooms>,
        speaker: &Speaker,
        shown: bool,
        starts: Option<Starts>,
    ) -> Self {
        let config = &plan.config;
        let spoken = doors::speakers(config).any(|(_, voice)| *voice == VoiceSetting::Box);
        let sound_off = config.sound.device == SoundDevice::None || config.sound.volume == 0;
        Self {
            data: workshop::absolute(&plan.data),
            listen: plan.listen,
            https: config.web.tls != TlsConfig::Off,
            rooms: rooms.clone(),
            display: plan.window.then_some(if shown { Display::Shown } else { Display::Missing }),
            speaker: (spoken || shown).then(|| speaker.clone()),
            sound_off,
            starts,
            herald: (!plan.demo).then(|| Herald::new(&config.alarms)),
            began: Instant::now(),
        }
    }

    /// What can be seen of a box that does not run: its folder, its address, what was counted.
    pub fn from_outside(plan: &Plan) -> Sight {
        let data = workshop::absolute(&plan.data);
        let rooms = Arc::new(Rooms::default());
        // An address that can be had now can be had by the box.
        if std::net::TcpListener::bind(plan.listen).is_ok() {
            let _ = rooms.listening.set(plan.listen);
        }
        let bytes = std::fs::metadata(data.join("antrean.db")).ok().map(|file| file.len());
        let https = plan.config.web.tls != TlsConfig::Off;
        Sight {
            surroundings: Some(workshop::surroundings(&data, plan.listen, https, &rooms)),
            // Before the first start there is none.
            database: bytes.map(|bytes| Database { bytes: Some(bytes) }),
            starts: health::starts::read(&data),
            ..Sight::default()
        }
    }

    /// Keeps looking until the hall has ended. What is seen is told to `sight`.
    pub async fn keep(
        self,
        hall: Hall,
        clock: Clock,
        printers: watch::Receiver<Vec<PrinterNow>>,
        sight: watch::Sender<Sight>,
    ) {
        if let Some(speaker) = &self.speaker {
            speaker.look();
        }
        // What opens in its own time is not missed before.
        let opened = async {
            while self.rooms.listening.get().is_none() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let _ = tokio::time::timeout(OPENING, opened).await;
        let this = Arc::new(self);
        let mut told = Told::read(&this.data);
        while !hall.is_over() {
            let here = this.clone();
            // A disk that hangs is waited for by nobody else.
            let Ok(seen) = tokio::task::spawn_blocking(move || here.look()).await else { return };
            let up_s = this.began.elapsed().as_secs();
            let mut facts = Facts::of(Some(&hall), &clock, up_s, printers.borrow().clone(), seen);
            let before = told.clone();
            facts.sight.since = told.since(&health::lines(&facts, Language::ID), facts.now);
            let present = hall.present();
            let turns = told.turns(&health::alarms(&facts, &present.rules, &present.day, None));
            // Pages are woken by what begins or ends, not by every byte that is written to the disk.
            sight.send_if_modified(|known| {
                let news = !turns.is_empty() || known.since != facts.sight.since;
                *known = facts.sight.clone();
                news
            });
            this.tell(turns);
            if told != before {
                let (told, data) = (told.clone(), this.data.clone());
                let kept = tokio::task::spawn_blocking(move || told.write(&data)).await;
                if let Ok(Err(error)) = kept {
                    tracing::warn!(code = "alarms", %error, "what was told cannot be remembered");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    fn look(&self) -> Sight {
        let seen = workshop::surroundings(&self.data, self.listen, self.https, &self.rooms);
        Sight {
            surroundings: Some(seen),
            display: self.display,
            sound: self.sound(),
            database: Some(Database { bytes: self.database_bytes() }),
            backup: self.backup(),
            config: self.config(),
            starts: self.starts.clone(),
            since: Default::default(),
        }
    }

    fn backup(&self) -> Option<Backup> {
        let note = self.rooms.backups.get()?.borrow().clone();
        Some(Backup {
            last_good: note.last_good.map(|good| (good.at, good.path)),
            trouble: note.last_trouble.map(|trouble| (trouble.at, trouble.message)),
            // A box that was just begun has missed no night yet.
            begun: self.starts.as_ref().and_then(|starts| starts.first),
        })
    }

    fn config(&self) -> Option<ConfigNow> {
        let state = self.rooms.config.get()?.borrow().clone();
        let waits = |line: &crate::queue::rules::Line| line.what.clone();
        Some(ConfigNow {
            applied: state.applied_at,
            last_good: state.source == ConfigOrigin::LastGood,
            // Its last line sums the report up; the whole of it `antrean check` says.
            rejected: state.rejected.and_then(|rejected| rejected.report.lines().last().map(str::to_owned)),
            waiting: state.waiting.iter().map(waits).collect(),
        })
    }

    fn sound(&self) -> Option<Sound> {
        let speaker = self.speaker.as_ref()?;
        Some(match (self.sound_off, speaker.is_heard()) {
            (true, _) => Sound::Off,
            (false, true) => Sound::Heard,
            (false, false) => Sound::Silent,
        })
    }

    /// The file and what has not been taken over into it yet.
    fn database_bytes(&self) -> Option<u64> {
        let size = |name: &str| std::fs::metadata(self.data.join(name)).ok().map(|file| file.len());
        Some(size("antrean.db")? + size("antrean.db-wal").unwrap_or(0))
    }

    fn tell(&self, turns: Vec<Turn>) {
        for turn in turns {
            match &turn {
                Turn::Raised(alarm) => {
                    let (about, says) =
                        (alarm.about.in_language(Language::EN), alarm.says.in_language(Language::EN));
                    let remedy = alarm.remedy.as_ref().map_or("", |remedy| remedy.in_language(Language::EN));
                    tracing::warn!(code = "alarm", alarm = %alarm.id, "{about}: {says} {remedy}");
                }
                Turn::Ended { id, about } => {
                    tracing::info!(alarm = %id, "{}: well again", about.in_language(Language::EN));
                }
            }
            if let Some(herald) = &self.herald {
                herald.tell(&turn);
            }
        }
    }
}

/// What is known of a box at work.
pub fn facts(
    hall: Hall,
    clock: Clock,
    printers: watch::Receiver<Vec<PrinterNow>>,
    sight: watch::Receiver<Sight>,
) -> Box<dyn Fn() -> Facts + Send + Sync> {
    let began = Instant::now();
    Box::new(move || {
        let (printers, sight) = (printers.borrow().clone(), sight.borrow().clone());
        Facts::of(Some(&hall), &clock, began.elapsed().as_secs(), printers, sight)
    })
}

/// The same of one that does not run, as far as it can be looked at from outside.
pub fn facts_alone(plan: &Plan, healths: watch::Receiver<Healths>) -> Box<dyn Fn() -> Facts + Send + Sync> {
    let clock = Clock::system(plan.config.rules.offset);
    let known = plan.config.printers.clone();
    let sight = Lookout::from_outside(plan);
    Box::new(move || {
        let healths = healths.borrow();
        let printer = |config: &PrinterConfig| {
            let health = healths.iter().find(|(id, _)| *id == config.id).map(|(_, health)| *health);
            doors::printer_now(config, &health.unwrap_or(PrinterHealth::UNKNOWN), clock.now())
        };
        let printers = known.iter().map(printer).collect();
        Facts { hall: HallNow::NotRunning, ..Facts::of(None, &clock, 0, printers, sight.clone()) }
    })
}
