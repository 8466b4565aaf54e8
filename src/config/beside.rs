//! Files a config names, beside it: the slip's template and the logo.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The folder of the config file; none where the config is no file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'p>(pub Option<&'p Path>);

/// A file that was read, and how reports call it.
pub(super) struct Named {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Beside<'_> {
    /// Reads a file whole, unless it has more bytes than anything of its kind.
    ///
    /// # Errors
    /// It is not there, not a file, too large, or cannot be read.
    pub fn read(self, path: &str, most: u64) -> io::Result<Named> {
        let Some(folder) = self.0 else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "this config has no folder"));
        };
        let path = folder.join(path);
        // Asked before it is opened: a pipe would keep the reader waiting for ever.
        let kind = std::fs::metadata(&path)?;
        if !kind.is_file() {
            return Err(io::Error::other(if kind.is_dir() { "it is a folder" } else { "it is no file" }));
        }
        let mut bytes = Vec::new();
        File::open(&path)?.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it has more than {most} bytes")));
        }
        Ok(Named { name: path.display().to_string(), bytes })
    }
}
