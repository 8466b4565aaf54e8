//! The box's ear for terminals: a socket in the data folder that only its owner can open. A line of JSON
//! in, a line of JSON out.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use super::technician::{Answer, Question, Technician};

/// More than any question needs.
const LONGEST: u64 = 4096;
/// How long somebody may take to say what they want.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the box of a data folder listens.
pub fn socket(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Listens at the socket; one that an earlier run left behind is replaced. The data folder is locked by
/// this box, so nobody else listens there.
///
/// # Errors
/// The socket cannot be made: the folder's path is too long for one, or there are no rights.
pub fn listen(data: &Path) -> io::Result<UnixListener> {
    let path = socket(data);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    // The folder itself is closed to others; this is for one that was made by hand.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers whoever comes, for ever.
pub async fn serve(listener: UnixListener, technician: Arc<Technician>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let technician = technician.clone();
        tokio::spawn(async move {
            if let Err(error) = answer(stream, technician).await {
                tracing::debug!(%error, "a terminal left before its answer");
            }
        });
    }
}

async fn answer(stream: tokio::net::UnixStream, technician: Arc<Technician>) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut read = tokio::io::BufReader::new(read.take(LONGEST));
    tokio::time::timeout(PATIENCE, read.read_line(&mut line)).await??;
    let answer = match serde_json::from_str::<Question>(&line) {
        Ok(question) => tokio::task::spawn_blocking(move || technician.answer(question)).await?,
        Err(error) => Answer::Refused { code: "bad_question".to_owned(), message: error.to_string() },
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    write.write_all(&line).await
}

/// Asks the box of a data folder; none where no box listens.
///
/// # Errors
/// It listens, and the conversation broke off.
pub fn ask(data: &Path, question: &Question) -> io::Result<Option<Answer>> {
    let mut stream = match UnixStream::connect(socket(data)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut line = serde_json::to_vec(question)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    serde_json::from_str(&line).map(Some).map_err(io::Error::from)
}
