//! What a printer keeps of ours: the logo in its memory.
//!
//! A printer bears few writes (Epson: about ten a day), so a logo is sent only when another one was sent
//! last. What was sent last stands in a small file of the data folder; a file that says *begun* tells
//! that the box was stopped in the middle.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::leftover::Leftover;
use super::press::Left;
use super::talk::Talk;
use super::{ProofLevel, Settings};
use crate::slip::Paper;

const BEGUN: &str = "begun";
/// Whoever does not take the logo twice is not asked a third time.
const TRIES: u32 = 2;
/// More than any logo has bytes: what a store that was cut off may still swallow.
const LONGEST_STORE: usize = 8192;

/// A printer's logo and where it stands.
#[derive(Debug)]
pub struct Keepsake {
    /// The hash of the logo in the printer's memory, as far as is known.
    note: Option<PathBuf>,
    kept: bool,
    tries: u32,
}

impl Keepsake {
    /// What is known of a printer; and what may still be in it of a logo that was cut off.
    pub fn of(settings: &Settings) -> (Self, Leftover) {
        let noted = settings.note.as_deref().and_then(|path| fs::read_to_string(path).ok());
        let wanted = hash(&settings.paper);
        let kept = wanted.is_some() && noted == wanted;
        let leftover = match noted.as_deref() {
            Some(BEGUN) => Leftover::new(Left::Unknown { missing: LONGEST_STORE }, None, [0; 4]),
            _ => Leftover::default(),
        };
        (Self { note: settings.note.clone(), kept, tries: 0 }, leftover)
    }

    /// The paper as this printer prints it: with the logo it keeps, without one that it shall keep and
    /// does not yet, and with dots where it can keep none or never says whether it did.
    pub fn paper(&self, paper: &Paper, level: Option<ProofLevel>) -> Paper {
        match (self.kept, may_keep(paper, level)) {
            (true, true) => paper.with_logo_stored(),
            (false, true) => Paper { picture: None, ..paper.clone() },
            (_, false) => paper.clone(),
        }
    }

    /// Whether the logo shall be sent to this printer when it has nothing else to do.
    pub fn is_due(&self, paper: &Paper, level: Option<ProofLevel>) -> bool {
        !self.kept && self.tries < TRIES && may_keep(paper, level)
    }

    /// Sends the logo. The printer must be well, and empty.
    pub fn send(&mut self, paper: &Paper, talk: &mut Talk<'_>, level: ProofLevel) -> Leftover {
        let (Some(logo), Some(key)) = (&paper.picture, paper.keep_at) else { return Leftover::default() };
        self.tries += 1;
        let bytes = logo.store(key);
        if let Err(error) = self.write(BEGUN) {
            tracing::warn!(%error, "the printer's note cannot be written, so its logo is not sent");
            return Leftover::default();
        }
        // Behind the logo the printer says that it has taken it in, where it can say that.
        let patience = talk.deadlines().paper * 2;
        let said = talk.say(&bytes).is_ok();
        if !said {
            talk.owe(bytes.len());
        }
        let taken = said
            && (level < ProofLevel::Fence || talk.fence(patience).unwrap_or(false))
            && talk.look().fault.is_none();
        if !taken {
            tracing::warn!("the printer did not take the logo");
            return Leftover::new(Left::Unknown { missing: bytes.len() }, None, [0; 4]);
        }
        match self.write(&logo.hash(key)) {
            Ok(()) => tracing::info!(bytes = bytes.len(), "the printer keeps the logo"),
            Err(error) => tracing::warn!(%error, "the printer's note cannot be written"),
        }
        self.kept = true;
        Leftover::default()
    }

    fn write(&self, text: &str) -> io::Result<()> {
        self.note.as_deref().map_or(Ok(()), |path| write_whole(path, text))
    }
}

/// A printer that never answers may have been off while it was sent the logo.
fn may_keep(paper: &Paper, level: Option<ProofLevel>) -> bool {
    paper.picture.is_some() && paper.keep_at.is_some() && level.is_some_and(|level| level != ProofLevel::None)
}

fn hash(paper: &Paper) -> Option<String> {
    Some(paper.picture.as_ref()?.hash(paper.keep_at?))
}

/// Whole or not at all, and on disk before the printer is told anything.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension("draft");
    let mut file = fs::File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}
