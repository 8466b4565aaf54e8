//! Calls as sound, for the screens that speak: the same words and clips as from the box's loudspeaker.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

use super::Shared;
use crate::queue::Seq;
use crate::voice::{Clips, Phrase, announcement, render, wav};

/// As many as a few speaking screens need at once; a call is half a megabyte.
const KEPT: usize = 6;

/// The last calls that were made into sound. One is made at a time.
#[derive(Debug)]
pub struct Sounds {
    clips: Clips,
    made: Mutex<Made>,
}

#[derive(Debug, Default)]
struct Made {
    kept: VecDeque<(Seq, Bytes)>,
    /// Files of the site's own that were told of.
    bad_files: HashSet<PathBuf>,
}

impl Sounds {
    pub fn new(clips: Clips) -> Self {
        Self { clips, made: Mutex::default() }
    }

    /// The WAV file of a call. None where the thread that makes it broke.
    async fn of(&self, seq: Seq, phrase: Phrase) -> Option<Bytes> {
        let mut made = self.made.lock().await;
        if let Some((_, sound)) = made.kept.iter().find(|(its, _)| *its == seq) {
            return Some(sound.clone());
        }
        let clips = self.clips.clone();
        let rendered = tokio::task::spawn_blocking(move || {
            let mut bad_files = Vec::new();
            let samples = render(&phrase, &clips, |bad| bad_files.push((bad.path.clone(), bad.to_string())));
            (Bytes::from(wav(&samples)), bad_files)
        });
        let (sound, bad_files) = rendered.await.ok()?;
        for (path, bad) in bad_files {
            if made.bad_files.insert(path) {
                tracing::warn!(code = "voice_file", "{bad}; the bundled clip is heard");
            }
        }
        made.kept.push_back((seq, sound.clone()));
        if made.kept.len() > KEPT {
            made.kept.pop_front();
        }
        Some(sound)
    }
}

/// `GET /lobby/say/{seq}`: a call of the public feed, by its line in the journal.
pub async fn say(State(house): State<Shared>, Path(seq): Path<u64>) -> Response {
    let present = house.hall.present();
    let call = present.day.calls().find(|call| call.seq == Seq(seq));
    let reading = house.now().lobby.reading;
    let Some(phrase) = call.and_then(|call| announcement(&present.rules, call, reading)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match house.sounds.of(Seq(seq), phrase).await {
        Some(sound) => ([(header::CONTENT_TYPE, "audio/wav")], sound).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
