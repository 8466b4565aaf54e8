//! Files a config names, beside it: the slip's template, the logo, the calendars, certificates.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::good::Kept;
use super::source::NamedFile;

/// The calendars the box has within itself, for the config it has within itself.
const BUILT_IN: [(i32, &str); 1] = [(2026, super::HOLIDAYS)];

/// Where the files are that a config names, and which were asked for so far.
#[derive(Clone, Copy)]
pub(super) struct Beside<'p> {
    /// The folder of the config file; none where the config is no file.
    folder: Option<&'p Path>,
    /// The copies that stand for them.
    kept: Option<&'p Kept>,
    asked: &'p Asked,
}

/// What was asked for, whether it was there or not.
#[derive(Default)]
pub(super) struct Asked {
    pub files: RefCell<Vec<NamedFile>>,
    /// Every file and folder that was looked at.
    pub paths: RefCell<Vec<PathBuf>>,
}

/// A file that was read, and how reports call it.
pub(super) struct Named {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl<'p> Beside<'p> {
    pub fn new(folder: Option<&'p Path>, kept: Option<&'p Kept>, asked: &'p Asked) -> Self {
        Self { folder, kept, asked }
    }

    /// A file or folder beside the config; none where the config is no file.
    pub fn path(self, written: &str) -> Option<PathBuf> {
        self.folder.map(|folder| folder.join(written))
    }

    /// The years for which there is a file named by a pattern with `{year}` in it, in order.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn years(self, before: &str, after: &str) -> io::Result<Vec<i32>> {
        let Some(folder) = self.folder else { return Ok(BUILT_IN.map(|(year, _)| year).to_vec()) };
        let mut years = Vec::new();
        if let Some(kept) = self.kept {
            years.extend(kept.names().filter_map(|name| year(name, before, after)));
        } else {
            let (inside, before) = before.rsplit_once('/').unwrap_or(("", before));
            let folder = folder.join(inside);
            self.asked.paths.borrow_mut().push(folder.clone());
            // The folder of `antrean.toml` is here.
            let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            for entry in std::fs::read_dir(here)? {
                years.extend(entry?.file_name().to_str().and_then(|name| year(name, before, after)));
            }
        }
        years.sort_unstable();
        Ok(years)
    }

    /// The calendar of a year.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_year(self, path: &str, year: i32, most: u64) -> io::Result<Named> {
        match BUILT_IN.iter().find(|(its, _)| self.folder.is_none() && *its == year) {
            Some((_, text)) => Ok(Named { name: path.to_owned(), bytes: text.as_bytes().to_vec() }),
            None => self.read(path, most),
        }
    }

    /// Reads a file whole, unless it has more bytes than anything of its kind.
    ///
    /// # Errors
    /// It is not there, not a file, too large, or cannot be read.
    pub fn read(self, written: &str, most: u64) -> io::Result<Named> {
        self.read_and_note(written, most, true)
    }

    /// The same for a file of which no copy is ever made.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_secret(self, written: &str, most: u64) -> io::Result<Named> {
        self.read_and_note(written, most, false)
    }

    fn read_and_note(self, written: &str, most: u64, may_be_copied: bool) -> io::Result<Named> {
        let Some(folder) = self.folder else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "this config has no folder"));
        };
        let path = folder.join(written);
        self.asked.paths.borrow_mut().push(path.clone());
        let copy = self.kept.and_then(|kept| kept.of(written));
        let bytes = read_whole(copy.as_deref().unwrap_or(&path), most)?;
        let file = NamedFile { written: written.to_owned(), bytes: bytes.clone(), may_be_copied };
        self.asked.files.borrow_mut().push(file);
        Ok(Named { name: path.display().to_string(), bytes })
    }
}

fn year(name: &str, before: &str, after: &str) -> Option<i32> {
    let digits = name.strip_prefix(before)?.strip_suffix(after)?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Reads a file whole, unless it has more bytes than anything of its kind.
///
/// # Errors
/// It is not there, not a file, too large, or cannot be read.
pub(super) fn read_whole(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Asked before it is opened: a pipe would keep the reader waiting for ever.
    let kind = std::fs::metadata(path).map_err(|error| {
        let broken = error.kind() == io::ErrorKind::NotFound && path.is_symlink();
        if broken { io::Error::new(error.kind(), "it is a link to a file that is not there") } else { error }
    })?;
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !kind.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let too_large = |size: u64| {
        let message = format!("it has {}; at most {} are read", in_words(size), in_words(most));
        io::Error::new(io::ErrorKind::FileTooLarge, message)
    };
    if kind.len() > most {
        return Err(too_large(kind.len()));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// Why a file could not be read, in words without the system's numbers.
pub fn why(error: &io::Error) -> String {
    match (error.raw_os_error(), error.kind()) {
        (Some(_), io::ErrorKind::NotFound) => "there is no such file".to_owned(),
        (Some(_), io::ErrorKind::PermissionDenied) => "this user may not read it".to_owned(),
        (Some(code), _) if code == rustix::io::Errno::LOOP.raw_os_error() => {
            "it is a link that leads in a circle".to_owned()
        }
        _ => error.to_string(),
    }
}

/// "3 MiB", "16 KiB", "700 bytes"; never less than it is.
fn in_words(size: u64) -> String {
    match size {
        0..=1023 => format!("{size} bytes"),
        1024..=1_048_575 => format!("{} KiB", size.div_ceil(1 << 10)),
        1_048_576..=1_073_741_823 => {
            let tenths = (size * 10).div_ceil(1 << 20);
            if tenths.is_multiple_of(10) {
                format!("{} MiB", tenths / 10)
            } else {
                format!("{}.{} MiB", tenths / 10, tenths % 10)
            }
        }
        _ => format!("{} GiB", size.div_ceil(1 << 30)),
    }
}
