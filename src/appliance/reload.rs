//! Follows the config file while the box runs: what is good counts at once, as far as visitors allow; what
//! is not leaves the box as it was, and is told.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{Plan, demo, doors};
use crate::clock::Clock;
use crate::config::{
    self, Config, ConfigOrigin, ConfigState, LoadError, Options, Rejected, beyond_rules, differences,
};
use crate::hall::{Hall, No};
use crate::queue::Language;
use crate::queue::rules::{Line, When};
use crate::slip::Template;
use crate::web;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The file a box was started with.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    pub path: PathBuf,
    pub options: Options,
    /// Why the box runs on the last good copy instead, as `antrean check` tells it.
    pub rejected: Option<String>,
}

/// The config a box runs by.
#[derive(Debug)]
pub struct Applied {
    /// What the rooms were opened with.
    pub opened: Config,
    /// What was applied last.
    pub config: Config,
    pub state: ConfigState,
}

/// What a follower tells the rooms of.
pub(super) struct Doors {
    pub renewed: watch::Sender<Option<Arc<web::Renewed>>>,
    pub template: watch::Sender<Arc<Template>>,
    pub applied: watch::Sender<Arc<Applied>>,
    pub state: watch::Sender<ConfigState>,
}

impl Applied {
    /// At the start.
    pub(super) fn at_start(plan: &Plan, clock: &Clock) -> Self {
        let rejected = plan.file.as_ref().and_then(|file| file.rejected.clone());
        let source = match (&plan.file, &rejected) {
            (None, _) => ConfigOrigin::BuiltIn,
            (Some(_), None) => ConfigOrigin::File,
            (Some(_), Some(_)) => ConfigOrigin::LastGood,
        };
        let now = clock.now();
        Self {
            opened: plan.config.clone(),
            config: plan.config.clone(),
            state: ConfigState {
                applied_hash: plan.config.hash().to_owned(),
                applied_at: now,
                source,
                rejected: rejected.map(|report| Rejected { at: now, report }),
                waiting: Vec::new(),
            },
        }
    }

    /// What another config would change, as the hall stands.
    pub fn differences(&self, other: &Config, hall: &Hall) -> Vec<Line> {
        differences(&self.config, other, Some(&hall.present().day))
    }
}

/// Keeps a copy of the config the box was opened with. Without one the box is as good, until it must be
/// started on it.
pub(super) fn keep(data: &Path, config: &Config) {
    if let Err(error) = config::keep(data, &config.source) {
        tracing::error!(code = "config_copy", %error, "the last good copy of the config cannot be kept in the data folder");
    }
}

/// What a file is known by without reading it.
type Stamp = Vec<Option<(i64, i64, u64, u64)>>;

fn stamp(paths: &[PathBuf]) -> Stamp {
    let of = |path: &PathBuf| {
        let seen = std::fs::metadata(path).ok()?;
        Some((seen.mtime(), seen.mtime_nsec(), seen.size(), seen.ino()))
    };
    paths.iter().map(of).collect()
}

/// Looks after the file until the box closes.
pub(super) struct Follower {
    pub file: ConfigFile,
    pub data: PathBuf,
    pub demo: Option<std::net::SocketAddr>,
    pub hall: Hall,
    pub clock: Clock,
    pub doors: Doors,
}

impl Follower {
    pub async fn run(self) {
        let mut bell = self.hall.bell();
        let mut day = self.hall.present().day.date();
        // What the config in force was read from is not known any more: the first look reads it again.
        let (mut paths, mut known) = (vec![self.file.path.clone()], Stamp::new());
        let mut seen = Stamp::new();
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {
                    let now = stamp(&paths);
                    // A file that is being written is read when it has come to rest.
                    let rests = std::mem::replace(&mut seen, now.clone()) == now;
                    if now != known && (rests || known.is_empty()) {
                        let (settled, looked_at) = self.look().await;
                        if settled {
                            (known, paths) = (if paths == looked_at { now } else { stamp(&looked_at) }, looked_at);
                            seen.clone_from(&known);
                        }
                    }
                }
                rang = bell.changed() => {
                    if rang.is_err() {
                        return;
                    }
                    bell.borrow_and_update();
                    let today = self.hall.present().day.date();
                    if std::mem::replace(&mut day, today) != today {
                        self.day_changed().await;
                    }
                }
            }
        }
    }

    /// Reads the file and does what it says; false where it is to be tried again. What it is made of is told.
    async fn look(&self) -> (bool, Vec<PathBuf>) {
        let (path, mut options) = (self.file.path.clone(), self.file.options);
        options.today = Some(self.clock.now().date_naive());
        let read = tokio::task::spawn_blocking(move || config::load_and_watch(&path, options));
        let Ok((read, mut paths)) = read.await else { return (false, vec![self.file.path.clone()]) };
        paths.sort();
        paths.dedup();
        let settled = match read {
            Ok(config) => self.apply(config).await,
            Err(error) => {
                self.reject(&error);
                true
            }
        };
        (settled, paths)
    }

    fn reject(&self, error: &LoadError) {
        let report = error.report();
        let before = self.doors.applied.borrow().clone();
        if before.state.rejected.as_ref().is_some_and(|known| known.report == report) {
            return;
        }
        tracing::error!(
            code = "config_rejected",
            "{} is not taken over, the box goes on as it was:\n{report}",
            self.file.path.display()
        );
        let rejected = Some(Rejected { at: self.clock.now(), report });
        self.tell(&before, before.config.clone(), ConfigState { rejected, ..before.state.clone() });
    }

    async fn apply(&self, mut config: Config) -> bool {
        let before = self.doors.applied.borrow().clone();
        if let Some(listen) = self.demo {
            demo::furnish_again(&mut config, listen, &before.opened);
        }
        if config.hash() == before.config.hash() {
            if before.state.rejected.is_some() {
                tracing::info!(code = "config_applied", "the config file is as the box runs by");
            }
            if before.state.rejected.is_some() || before.state.source == ConfigOrigin::LastGood {
                let state =
                    ConfigState { rejected: None, source: ConfigOrigin::File, ..before.state.clone() };
                self.tell(&before, before.config.clone(), state);
            }
            return true;
        }
        let lines = match self.hall.change_rules(Arc::new(config.rules.clone())).await {
            Ok(lines) => lines,
            Err(No::Gone) => return true,
            Err(no) => {
                tracing::warn!(code = no.code(), "the config cannot be applied yet; it is tried again");
                return false;
            }
        };
        let now = beyond_rules(&before.config, &config).into_iter().filter(|line| line.when == When::Now);
        let later = beyond_rules(&before.opened, &config).into_iter().filter(|line| line.when != When::Now);
        let lines: Vec<Line> = lines.into_iter().chain(now).chain(later).collect();
        let renewed = doors::renewed(&before.opened, &config);
        self.doors.renewed.send_replace(Some(renewed.into()));
        self.doors.template.send_replace(config.slip.template.clone());
        for warning in config.warnings.iter().flat_map(|warnings| &warnings.list) {
            tracing::warn!(code = warning.code, "{}", warning.message);
        }
        let (data, copied) = (self.data.clone(), config.clone());
        let _ = tokio::task::spawn_blocking(move || keep(&data, &copied)).await;
        tracing::info!(
            code = "config_applied",
            hash = config.hash(),
            "the changed config is applied: {}",
            in_words(lines.iter().filter(|line| line.when == When::Now))
        );
        let waiting: Vec<Line> = lines.into_iter().filter(|line| line.when != When::Now).collect();
        for line in &waiting {
            tell_waiting(line);
        }
        let state = ConfigState {
            applied_hash: config.hash().to_owned(),
            applied_at: self.clock.now(),
            source: ConfigOrigin::File,
            rejected: None,
            waiting,
        };
        self.tell(&before, config, state);
        true
    }

    /// What waited for the end of the day.
    async fn day_changed(&self) {
        let before = self.doors.applied.borrow().clone();
        if before.state.waiting.iter().all(|line| line.when != When::DayEnd) {
            return;
        }
        let Ok(lines) = self.hall.change_rules(Arc::new(before.config.rules.clone())).await else { return };
        let applied = before.state.waiting.iter().filter(|line| line.when == When::DayEnd);
        tracing::info!(code = "config_applied", "the day has ended: {}", in_words(applied));
        let still = lines.into_iter().filter(|line| line.when != When::Now);
        let beyond = beyond_rules(&before.opened, &before.config);
        let waiting = still.chain(beyond.into_iter().filter(|line| line.when != When::Now)).collect();
        self.tell(&before, before.config.clone(), ConfigState { waiting, ..before.state.clone() });
    }

    fn tell(&self, before: &Applied, config: Config, state: ConfigState) {
        let applied = Applied { opened: before.opened.clone(), config, state: state.clone() };
        self.doors.applied.send_replace(Arc::new(applied));
        self.doors.state.send_replace(state);
    }
}

/// Logs what waits, and for what.
fn tell_waiting(line: &Line) {
    let until = match line.when {
        When::Restart => "a restart",
        When::DayEnd | When::Now => "the end of the day",
    };
    tracing::warn!(code = "config_waits", "{} waits for {until}", line.what.in_language(Language::EN));
}

fn in_words<'l>(lines: impl Iterator<Item = &'l Line>) -> String {
    let words: Vec<&str> = lines.map(|line| line.what.in_language(Language::EN)).collect();
    if words.is_empty() { "nothing that anybody sees at once".to_owned() } else { words.join("; ") }
}
