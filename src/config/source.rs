//! What a config was made of: its text and the files it names. From it come its hash and its copy.

use std::fmt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// The text of a config and the files it names, as they were read.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Source {
    pub text: String,
    /// The folder that its paths begin at; none where it is no file.
    pub folder: Option<PathBuf>,
    pub files: Vec<NamedFile>,
}

/// A file that a config names.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its path as the config has it.
    pub written: String,
    pub bytes: Vec<u8>,
    /// A private key stays where it is.
    pub may_be_copied: bool,
}

impl Source {
    /// SHA-256 in hex: of the text alone where no file is named, as `sha256sum` says it.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new_with_prefix(&self.text);
        for file in &self.files {
            hash.update([0]);
            hash.update(&file.written);
            hash.update([0]);
            hash.update((file.bytes.len() as u64).to_be_bytes());
            hash.update(&file.bytes);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<&str> = self.files.iter().map(|file| file.written.as_str()).collect();
        f.debug_struct("Source").field("folder", &self.folder).field("files", &files).finish_non_exhaustive()
    }
}
