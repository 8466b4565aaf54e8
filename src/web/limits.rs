//! How much of the box one door gives away: connections, streams, bytes, seconds. docs/security.md has all of
//! them in a table.

use std::os::fd::AsFd;
use std::time::Duration;

use rustix::net::sockopt;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limits of a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; one more is closed at the door.
    pub connections: usize,
    /// Live streams at once; one more is told to come again, and its page asks every two seconds until then.
    pub streams: usize,
    /// For a handshake, for a request's head, and between two requests of a connection.
    pub head: Duration,
    /// For a request that changes something, its sending included.
    pub request: Duration,
    /// So long somebody may take nothing of what is there for them.
    pub taking: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS,
            streams: STREAMS,
            head: Duration::from_secs(10),
            request: Duration::from_secs(20),
            taking: Duration::from_secs(30),
        }
    }
}

/// More than a hall of visitors with phones needs; each may cost 130 KiB at its worst.
const CONNECTIONS: usize = 3_000;
/// Twice the screens of the largest house: nobody may have more than what is left.
const STREAMS: usize = 2_000;
/// The largest head of a request, and what an answer may lie ready with beyond the kernel's buffer.
pub const HEAD_BYTES: usize = 16 * 1024;
/// The most lines of a head.
pub const HEAD_LINES: usize = 64;
/// The largest body anybody may send.
pub const BODY_BYTES: usize = 64 * 1024;
/// What the kernel keeps of an answer that nobody takes; it doubles it.
const SEND_BYTES: usize = 32 * 1024;
/// Files that the box wants to be able to open, where it may: as the unit of its package says.
const FILES: u64 = 8_192;

impl Limits {
    /// The same on a machine that lets this program open fewer files: each door leaves a quarter of them to
    /// the rest of the box.
    pub(super) fn within_files(self) -> Self {
        let most = usize::try_from(files() * 3 / 8).unwrap_or(usize::MAX);
        if most >= self.connections {
            return self;
        }
        tracing::warn!(
            code = "few_files",
            connections = most,
            "this program may open few files: fewer connections are taken than [web] connections says"
        );
        Self { connections: most, streams: self.streams.min(most), ..self }
    }
}

/// How many files this program may open, after asking for as many as it wants.
fn files() -> u64 {
    let known = getrlimit(Resource::Nofile);
    let now = known.current.unwrap_or(u64::MAX);
    let wanted = FILES.min(known.maximum.unwrap_or(u64::MAX));
    if now >= wanted {
        return now;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: known.maximum }) {
        Ok(()) => wanted,
        Err(_) => now,
    }
}

/// Tells the kernel what to keep for whoever takes nothing, and when to give them up: a cable that was
/// pulled, a screen that sleeps, somebody who only pretends to read (tcp(7), `TCP_USER_TIMEOUT`).
pub(super) fn bound(stream: impl AsFd, limits: &Limits) {
    let taking = u32::try_from(limits.taking.as_millis()).unwrap_or(u32::MAX);
    let told = sockopt::set_tcp_nodelay(&stream, true)
        .and_then(|()| sockopt::set_socket_send_buffer_size(&stream, SEND_BYTES))
        .and_then(|()| sockopt::set_tcp_user_timeout(&stream, taking));
    if let Err(error) = told {
        tracing::debug!(%error, "a connection could not be given its limits");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn the_kernel_is_told_when_to_give_somebody_up() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        bound(&stream, &Limits::default());
        assert_eq!(sockopt::tcp_user_timeout(&stream).unwrap(), 30_000);
        assert!(sockopt::socket_send_buffer_size(&stream).unwrap() <= 2 * SEND_BYTES);
    }

    #[test]
    fn two_doors_leave_a_quarter_of_the_files_to_the_rest_of_the_box() {
        let many = Limits { connections: usize::MAX, ..Limits::default() };
        let kept = many.within_files().connections as u64;
        assert!(2 * kept <= files() * 3 / 4, "{kept} connections a door");
    }
}
