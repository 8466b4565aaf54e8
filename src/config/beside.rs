//! Files a config names, beside it: the slip's template, the logo, the calendars.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The calendars the box has within itself, for the config it has within itself.
const BUILT_IN: [(i32, &str); 1] = [(2026, super::HOLIDAYS)];

/// The folder of the config file; none where the config is no file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'p>(pub Option<&'p Path>);

/// A file that was read, and how reports call it.
pub(super) struct Named {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Beside<'_> {
    /// The years for which there is a file named by a pattern with `{year}` in it, in order.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn years(self, before: &str, after: &str) -> io::Result<Vec<i32>> {
        let Some(folder) = self.0 else { return Ok(BUILT_IN.map(|(year, _)| year).to_vec()) };
        let (inside, before) = before.rsplit_once('/').unwrap_or(("", before));
        let mut years = Vec::new();
        let folder = folder.join(inside);
        // The folder of `antrean.toml` is here.
        for entry in std::fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder })?
        {
            let name = entry?.file_name();
            let between = name.to_str().and_then(|name| name.strip_prefix(before)?.strip_suffix(after));
            let digits = between.filter(|it| it.len() == 4 && it.bytes().all(|byte| byte.is_ascii_digit()));
            years.extend(digits.and_then(|digits| digits.parse::<i32>().ok()));
        }
        years.sort_unstable();
        Ok(years)
    }

    /// The calendar of a year.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_year(self, path: &str, year: i32, most: u64) -> io::Result<Named> {
        match BUILT_IN.iter().find(|(its, _)| self.0.is_none() && *its == year) {
            Some((_, text)) => Ok(Named { name: path.to_owned(), bytes: text.as_bytes().to_vec() }),
            None => self.read(path, most),
        }
    }

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
