//! A folder of pictures for a lobby in which nobody is called for a while.
//!
//! **Invariant:** only whole pictures of a bearable size leave the folder, under the names they have there; and however
//! many take one, no more of it than a piece for each is in memory.

use std::collections::{HashMap, HashSet};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};

use super::Shared;

/// More than a photograph has.
const MOST_BYTES: u64 = 16 << 20;
/// A TV's browser needs four bytes for each; 8K has 33 million.
const MOST_PIXELS: u64 = 36_000_000;
/// What of a picture is in memory for each who takes it.
const PIECE: u64 = 32 << 10;

/// The folder, and what was said of its files.
#[derive(Debug)]
pub struct Pictures {
    folder: Option<PathBuf>,
    /// By its name: a file is read as a whole once, and one at a time.
    seen: Mutex<HashMap<String, (Stamp, Verdict)>>,
    told: Mutex<HashSet<(String, &'static str)>>,
}

/// What a file was found to be, or why no screen can show it.
type Verdict = Result<Kind, &'static str>;

/// What changes when a file becomes another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl From<Metadata> for Stamp {
    fn from(about: Metadata) -> Self {
        Self { inode: about.ino(), length: about.len(), changed: (about.ctime(), about.ctime_nsec()) }
    }
}

/// A whole picture in the folder, as it was when it was looked at.
#[derive(Debug, Clone)]
struct Picture {
    path: PathBuf,
    kind: Kind,
    stamp: Stamp,
}

/// What a file shows itself to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    mime: &'static str,
    endings: &'static [&'static str],
}

const JPEG: Kind = Kind { mime: "image/jpeg", endings: &["jpg", "jpeg"] };
const PNG: Kind = Kind { mime: "image/png", endings: &["png"] };
const WEBP: Kind = Kind { mime: "image/webp", endings: &["webp"] };

impl Pictures {
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, seen: Mutex::default(), told: Mutex::default() }
    }

    /// The names of the pictures in the folder, in their order. What is named like a picture and is none is
    /// told of once.
    fn list(&self) -> Vec<String> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| kind_by_name(name).is_some())
            .collect();
        names.sort_unstable();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).retain(|name, _| names.contains(name));
        names.retain(|name| self.look(folder, name).map_err(|why| self.tell(name, why)).is_ok());
        names
    }

    /// A picture of this name, if the folder has one.
    fn get(&self, name: &str) -> Option<Picture> {
        let folder = self.folder.as_ref()?;
        // Only what a listing of the folder may contain: no way out of it.
        let plain = !name.contains(['/', '\\', '\0']) && kind_by_name(name).is_some();
        self.look(folder, Some(name).filter(|_| plain)?).ok()
    }

    /// A picture that a screen can show.
    ///
    /// # Errors
    /// Why it cannot.
    fn look(&self, folder: &FilePath, name: &str) -> Result<Picture, &'static str> {
        let path = folder.join(name);
        // Asked before it is opened: a pipe would keep the reader waiting for ever.
        let about = std::fs::metadata(&path).map_err(|_| UNREADABLE)?;
        if !about.is_file() {
            return Err("it is no file");
        }
        let stamp = Stamp::from(about);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = match seen.get(name) {
            Some((known, kind)) if *known == stamp => *kind,
            _ => {
                let kind = read(&path);
                seen.insert(name.to_owned(), (stamp, kind));
                kind
            }
        }?;
        Ok(Picture { path, kind, stamp })
    }

    fn tell(&self, name: &str, why: &'static str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert((name.to_owned(), why)) {
            tracing::warn!(code = "picture", "the picture {name:?} is not shown: {why}");
        }
    }
}

/// `GET /pictures`
pub async fn list(State(house): State<Shared>) -> Response {
    let listed = tokio::task::spawn_blocking(move || house.pictures.list());
    Json(listed.await.unwrap_or_default()).into_response()
}

/// `GET /pictures/{name}`
pub async fn picture(State(house): State<Shared>, Path(name): Path<String>) -> Response {
    let found = tokio::task::spawn_blocking(move || house.pictures.get(&name));
    let Some(picture) = found.await.ok().flatten() else { return StatusCode::NOT_FOUND.into_response() };
    let about = [
        (header::CONTENT_TYPE, picture.kind.mime.to_owned()),
        (header::CONTENT_LENGTH, picture.stamp.length.to_string()),
    ];
    (about, Body::from_stream(pieces(picture))).into_response()
}

/// A picture piece by piece, each read when the one before was taken. It breaks off where the file became another.
fn pieces(picture: Picture) -> impl Stream<Item = io::Result<Bytes>> {
    unfold(Some((picture, 0)), async |state| {
        let (picture, at) = state?;
        let length = PIECE.min(picture.stamp.length - at);
        if length == 0 {
            return None;
        }
        let reading = tokio::task::spawn_blocking(move || (picture.piece(at, length), picture));
        match reading.await {
            Ok((Ok(piece), picture)) => Some((Ok(piece), Some((picture, at + length)))),
            Ok((Err(error), _)) => Some((Err(error), None)),
            Err(ended) => Some((Err(ended.into()), None)),
        }
    })
}

impl Picture {
    /// The file is opened for each piece: who takes none holds none open.
    fn piece(&self, at: u64, length: u64) -> io::Result<Bytes> {
        let file = File::open(&self.path)?;
        if Stamp::from(file.metadata()?) != self.stamp {
            return Err(io::Error::other("the picture has changed"));
        }
        let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        file.read_exact_at(&mut piece, at)?;
        Ok(piece.into())
    }
}

/// By its ending, and only where the file is not hidden.
fn kind_by_name(name: &str) -> Option<Kind> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let kind = [JPEG, PNG, WEBP].into_iter().find(|kind| kind.endings.contains(&ending.as_str()));
    kind.filter(|_| !stem.is_empty() && !name.starts_with('.'))
}

const UNREADABLE: &str = "it cannot be read";

/// What a file is that a screen can show.
///
/// # Errors
/// Why it cannot.
fn read(path: &FilePath) -> Verdict {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| UNREADABLE)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| UNREADABLE)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it has more than 16 MB");
    }
    let (kind, width, height) = measure(&bytes).ok_or("it is no whole JPEG, PNG or WebP picture")?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err("it has more than 36 million pixels");
    }
    Ok(kind)
}

/// What it is, how wide and how high in pixels; none where it is no picture, or broken off.
fn measure(bytes: &[u8]) -> Option<(Kind, u32, u32)> {
    let (kind, (width, height)) = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => (JPEG, jpeg(bytes)?),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => (PNG, png(bytes)?),
        [b'R', b'I', b'F', b'F', ..] => (WEBP, webp(bytes)?),
        _ => return None,
    };
    (width > 0 && height > 0).then_some((kind, width, height))
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(digits.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// Little end first.
fn reversed(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(digits.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// PNG, §11.2.2: the first chunk has the size; the last one is `IEND`.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let whole = bytes.get(12..16)? == b"IHDR" && bytes.windows(4).rev().take(64).any(|word| word == b"IEND");
    whole.then_some((number(bytes, 16, 4)?, number(bytes, 20, 4)?))
}

/// ITU T.81, annex B: segments up to the frame header, which has the size; the end-of-image mark after all
/// of them. Some cameras write a little behind it.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let mark = number(bytes, at, 2)?;
        match mark {
            // Bytes that fill, and marks without a segment.
            0xFFFF => at += 1,
            0xFF01 | 0xFFD0..=0xFFD8 => at += 2,
            // Frame headers; C4, C8 and CC are other tables.
            0xFFC0..=0xFFC3 | 0xFFC5..=0xFFC7 | 0xFFC9..=0xFFCB | 0xFFCD..=0xFFCF => break,
            0xFF02..=0xFFFE if mark != 0xFFD9 && mark != 0xFFDA => {
                at += 2 + number(bytes, at + 2, 2)? as usize
            }
            _ => return None,
        }
    }
    let ended = bytes.get(at..)?.windows(2).any(|mark| mark == [0xFF, 0xD9]);
    ended.then_some((number(bytes, at + 7, 2)?, number(bytes, at + 5, 2)?))
}

/// RFC 9649: the length of all that follows, then one of three kinds of first chunk.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let whole = reversed(bytes, 4, 4)? as usize + 8 <= bytes.len() && bytes.get(8..12)? == b"WEBP";
    let size = match bytes.get(12..16)? {
        b"VP8X" => (reversed(bytes, 24, 3)? + 1, reversed(bytes, 27, 3)? + 1),
        b"VP8L" => {
            let sizes = reversed(bytes, 21, 4)?;
            ((sizes & 0x3FFF) + 1, (sizes >> 14 & 0x3FFF) + 1)
        }
        b"VP8 " => (reversed(bytes, 26, 2)? & 0x3FFF, reversed(bytes, 28, 2)? & 0x3FFF),
        _ => return None,
    };
    whole.then_some(size)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const DOT: &[u8] = &[
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 3, 0, 0, 0, 2,
        8, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
    ];

    fn photo() -> Vec<u8> {
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2];
        jpeg.extend([0xFF, 0xC2, 0, 11, 8, 0x04, 0x38, 0x07, 0x80, 1, 1, 0x11, 0]);
        jpeg.extend([0xFF, 0xDA, 0, 2, 9, 9, 9, 0xFF, 0xD9, 0, 0]);
        jpeg
    }

    #[test]
    fn a_picture_is_known_by_what_is_in_it() {
        assert_eq!(measure(DOT), Some((PNG, 3, 2)));
        assert_eq!(measure(&photo()), Some((JPEG, 1920, 1080)));
        let mut webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        webp.extend([0x7F, 0x07, 0, 0x37, 0x04, 0]);
        assert_eq!(measure(&webp), Some((WEBP, 1920, 1080)));
        assert_eq!(measure(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(measure(b""), None);
    }

    #[test]
    fn what_was_broken_off_in_copying_is_none() {
        assert_eq!(measure(&DOT[..30]), None);
        let photo = photo();
        for end in 0..photo.len() - 3 {
            assert_eq!(measure(&photo[..end]), None, "{end}");
        }
    }

    #[test]
    fn only_names_of_pictures_in_the_folder_are_served() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("pictures");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(folder.path().join("secret.png"), DOT).unwrap();
        for name in ["b.PNG", "a.png", ".hidden.png", "c.txt"] {
            std::fs::write(inside.join(name), DOT).unwrap();
        }
        std::fs::write(inside.join("broken.jpg"), "no picture").unwrap();
        std::fs::create_dir(inside.join("folder.png")).unwrap();
        let mut huge = DOT.to_vec();
        huge[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
        std::fs::write(inside.join("huge.png"), huge).unwrap();
        let pictures = Pictures::new(Some(inside));
        assert_eq!(pictures.list(), ["a.png", "b.PNG"]);
        assert_eq!(pictures.get("a.png").unwrap().kind, PNG);
        for name in ["../secret.png", "..\\secret.png", "", ".hidden.png", "c.txt", "broken.jpg", "huge.png"]
        {
            assert!(pictures.get(name).is_none(), "{name}");
        }
        let told = pictures.told.lock().unwrap().len();
        assert_eq!(told, 3, "broken.jpg, folder.png, huge.png");
        pictures.list();
        assert_eq!(pictures.told.lock().unwrap().len(), told);
        assert!(Pictures::new(None).list().is_empty());
    }

    #[test]
    fn a_picture_that_becomes_another_is_looked_at_again_and_no_two_are_mixed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        std::fs::write(&path, DOT).unwrap();
        let pictures = Pictures::new(Some(folder.path().to_owned()));
        let picture = pictures.get("a.png").unwrap();
        assert_eq!(*picture.piece(4, 8).unwrap(), DOT[4..12]);
        std::fs::write(folder.path().join("b.jpg"), photo()).unwrap();
        std::fs::rename(folder.path().join("b.jpg"), &path).unwrap();
        assert!(picture.piece(12, 8).is_err());
        assert_eq!(pictures.get("a.png").unwrap().kind, JPEG);
        std::fs::write(&path, "no picture").unwrap();
        assert!(pictures.get("a.png").is_none() && pictures.list().is_empty());
        std::fs::remove_file(&path).unwrap();
        assert!(
            pictures.list().is_empty() && pictures.seen.lock().unwrap().is_empty(),
            "nothing is remembered"
        );
    }
}
