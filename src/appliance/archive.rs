//! The box's backups: where they go, one at a time, and a note of how the last one went.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::BackupConfig;
use crate::queue::At;
use crate::store::backup::{self, BackupError, BackupNote, Good, Keep, Trouble};

/// Takes backups of one data folder.
pub struct Archive {
    data: PathBuf,
    config: BackupConfig,
    clock: Clock,
    /// Held while one is taken: two at once would only be slower.
    taking: Mutex<()>,
    note: watch::Sender<BackupNote>,
}

impl Archive {
    pub fn new(data: PathBuf, config: BackupConfig, clock: Clock) -> Self {
        let note = watch::Sender::new(BackupNote::read(&data));
        Self { data, config, clock, taking: Mutex::default(), note }
    }

    /// How the last backup went, now and whenever that changes.
    pub fn note(&self) -> watch::Receiver<BackupNote> {
        self.note.subscribe()
    }

    pub fn config(&self) -> &BackupConfig {
        &self.config
    }

    /// Where backups are: the usual folder, and the second one.
    pub fn folders(data: &Path, config: &BackupConfig) -> Vec<PathBuf> {
        std::iter::once(usual(data, config)).chain(config.also.clone()).collect()
    }

    /// Takes one now, into a folder that somebody names or where the nightly ones are. It lasts as long as it
    /// lasts: never call it where something waits.
    ///
    /// # Errors
    /// See [`BackupError`]; nothing is left of it then.
    pub fn take(&self, to: Option<&Path>) -> Result<Good, BackupError> {
        let _one = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = to.map_or_else(|| usual(&self.data, &self.config), Path::to_owned);
        let taken = made(&folder, to.is_none() && self.config.folder.is_none())
            .and_then(|()| backup::take(&self.data, &folder, self.clock.now()));
        match &taken {
            Ok(good) => {
                tracing::info!(path = %good.path.display(), bytes = good.bytes, seq = good.seq, "a backup was taken and read back");
                self.tell(|note| {
                    note.last_good = Some(good.clone());
                    note.last_trouble = None;
                });
            }
            Err(error) => self.trouble(error.code(), error.to_string()),
        }
        taken
    }

    /// The nightly one: taken, copied to the second place, and old ones removed where the time is sure.
    pub fn nightly(&self, sure: bool) {
        let Ok(good) = self.take(None) else { return };
        if let Some(also) = &self.config.also
            && let Err(error) = backup::copy_to(&good.path, also)
        {
            self.trouble(error.code(), format!("the second copy was not made: {error}"));
        }
        if !sure {
            return;
        }
        let keep = Keep { days: self.config.keep_days, months: self.config.keep_months };
        for folder in Self::folders(&self.data, &self.config) {
            match backup::prune(&folder, keep, good.at) {
                Ok(gone) if gone.is_empty() => {}
                Ok(gone) => {
                    tracing::info!(folder = %folder.display(), removed = gone.len(), "old backups were removed")
                }
                Err(error) => {
                    // The trouble with a folder that is away was told already.
                    tracing::warn!(folder = %folder.display(), %error, "old backups were not removed");
                }
            }
        }
    }

    fn trouble(&self, code: &str, message: String) {
        tracing::error!(code, "no backup: {message}");
        let at = self.clock.now();
        self.tell(|note| note.last_trouble = Some(Trouble { at, code: code.to_owned(), message }));
    }

    fn tell(&self, change: impl FnOnce(&mut BackupNote)) {
        self.note.send_modify(change);
        if let Err(error) = self.note.borrow().write(&self.data) {
            tracing::warn!(%error, "how the backup went cannot be noted");
        }
    }

    /// When the last good one was taken, in the time of the house.
    pub fn last_good(&self) -> Option<At> {
        self.note.borrow().last_good.as_ref().map(|good| good.at)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }
}

fn usual(data: &Path, config: &BackupConfig) -> PathBuf {
    config.folder.clone().unwrap_or_else(|| data.join("backups"))
}

/// The folder within the data folder is made; any other may be a disk that is not in its place, and a backup
/// beside it would only seem to be one.
fn made(folder: &Path, own: bool) -> Result<(), BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    let unusable = |source| BackupError::Folder { path: folder.to_owned(), source };
    if own {
        return std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable);
    }
    std::fs::read_dir(folder).map(drop).map_err(unusable)
}
