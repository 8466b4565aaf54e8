//! The panel's light: off at night, on in the morning.
//!
//! Under X11 the display server can switch the panel off (DPMS). Elsewhere nothing can from here: Wayland
//! leaves it to the compositor, and whoever draws straight on the display has given it to the window. There
//! the kiosk's black screen is all that is dark.
//!
//! The display server lights the panel by itself at a touch, and the touch still reaches the window.

use std::ffi::OsString;
use std::sync::mpsc::{Receiver, Sender, channel};

use x11rb::connection::RequestConnection;
use x11rb::errors::ReplyError;
use x11rb::protocol::dpms::{self, ConnectionExt, DPMSMode};
use x11rb::rust_connection::RustConnection;

/// The light of the panel that the window is on.
///
/// The display server is asked by a thread of its own, so that the window's loop never waits for it.
pub struct Panel {
    /// Nothing where the panel cannot be switched from here.
    wishes: Option<Sender<bool>>,
}

impl Panel {
    /// Takes the panel as it is: whether it is dark is not known before the first wish.
    pub fn open() -> Self {
        if !can_switch(|name| std::env::var_os(name)) {
            return Self { wishes: None };
        }
        let (wishes, heard) = channel();
        let thread = std::thread::Builder::new().name("panel".to_owned()).spawn(move || listen(&heard));
        Self { wishes: thread.ok().map(|_| wishes) }
    }

    /// Switches the panel off (`true`) or on. A wish is passed on even if it repeats the last one, because
    /// a touch may have lit the panel since. What stands in the way is logged once; the kiosk goes on.
    pub fn dark(&self, dark: bool) {
        if let Some(wishes) = &self.wishes {
            // Nobody listens after the display server has gone, and then the window goes too.
            let _ = wishes.send(dark);
        }
    }
}

/// Whether the window is X11's: it prefers Wayland where both are there.
fn can_switch(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let there = |name| variable(name).is_some_and(|value| !value.is_empty());
    there("DISPLAY") && !there("WAYLAND_DISPLAY") && !there("WAYLAND_SOCKET")
}

fn listen(heard: &Receiver<bool>) {
    let mut said = false;
    for mut dark in heard {
        // Only the last of several wishes counts.
        while let Ok(later) = heard.try_recv() {
            dark = later;
        }
        if let Err(trouble) = switch(dark)
            && !std::mem::replace(&mut said, true)
        {
            tracing::warn!(code = "panel", "the panel stays lit, the screen is only black: {trouble}");
        }
    }
}

/// Why the panel cannot be switched.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("no connection to the display: {0}")]
    Connect(#[from] x11rb::errors::ConnectError),
    #[error("the display server does not know DPMS")]
    NoDpms,
    #[error("the display server refuses: {0}")]
    Refused(#[from] ReplyError),
}

impl From<x11rb::errors::ConnectionError> for Trouble {
    fn from(error: x11rb::errors::ConnectionError) -> Self {
        Self::Refused(error.into())
    }
}

/// One short connection for each wish: there are two a day, and a held one would have to be watched.
fn switch(dark: bool) -> Result<(), Trouble> {
    let (display, _) = RustConnection::connect(None)?;
    ask(&display, dark)
}

fn ask(display: &impl RequestConnection, dark: bool) -> Result<(), Trouble> {
    if display.extension_information(dpms::X11_EXTENSION_NAME)?.is_none()
        || !display.dpms_capable()?.reply()?.capable
    {
        return Err(Trouble::NoDpms);
    }
    // A level is refused while DPMS is disabled. Without a time-out, only we switch the panel.
    display.dpms_enable()?.check()?;
    display.dpms_set_timeouts(0, 0, 0)?.check()?;
    display.dpms_force_level(level(dark))?.check()?;
    Ok(())
}

fn level(dark: bool) -> DPMSMode {
    if dark { DPMSMode::OFF } else { DPMSMode::ON }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use x11rb::protocol::xproto::Setup;
    use x11rb::rust_connection::DefaultStream;

    use super::*;

    fn seen(variables: &[(&str, &str)]) -> bool {
        can_switch(|name| {
            variables.iter().find(|(it, _)| *it == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn only_the_panel_of_an_x11_window_is_switched() {
        assert!(seen(&[("DISPLAY", ":0")]));
        assert!(seen(&[("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "")]));
        assert!(!seen(&[("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0")]));
        assert!(!seen(&[("DISPLAY", ":0"), ("WAYLAND_SOCKET", "7")]));
        assert!(!seen(&[("DISPLAY", "")]));
        assert!(!seen(&[]));
    }

    /// What a display server knows of DPMS.
    #[derive(Clone, Copy)]
    struct Server {
        dpms: bool,
        capable: bool,
        /// A level is a BadMatch, as while DPMS is disabled.
        refuses: bool,
    }

    const GET_INPUT_FOCUS: u8 = 43;
    const QUERY_EXTENSION: u8 = 98;
    /// The number that this server gave to DPMS.
    const DPMS: u8 = 140;

    impl Server {
        /// Answers on the wire until the other end leaves; tells which DPMS requests came, with what they bore.
        /// (X Window System Protocol; The X Display Power Management Signaling (DPMS) Extension, version 1.2)
        fn serve(self, mut wire: UnixStream) -> Vec<Vec<u8>> {
            let mut asked = Vec::new();
            let mut head = [0; 4];
            for sequence in 1_u16.. {
                if wire.read_exact(&mut head).is_err() {
                    break;
                }
                let words = u16::from_ne_bytes([head[2], head[3]]);
                let mut rest = vec![0; usize::from(words) * 4 - 4];
                wire.read_exact(&mut rest).unwrap();
                let mut answer = [0; 32];
                answer[0] = 1;
                answer[2..4].copy_from_slice(&sequence.to_ne_bytes());
                match (head[0], head[1]) {
                    (QUERY_EXTENSION, _) => answer[8..10].copy_from_slice(&[u8::from(self.dpms), DPMS]),
                    (GET_INPUT_FOCUS, _) => {}
                    (DPMS, dpms::CAPABLE_REQUEST) => answer[8] = u8::from(self.capable),
                    (DPMS, request) => {
                        asked.push([vec![request], rest].concat());
                        if !(self.refuses && request == dpms::FORCE_LEVEL_REQUEST) {
                            continue;
                        }
                        const BAD_MATCH: u8 = 8;
                        answer[0..2].copy_from_slice(&[0, BAD_MATCH]);
                        answer[10] = DPMS;
                    }
                    other => panic!("not a request that was expected: {other:?}"),
                }
                // Who was refused has heard enough, and may have gone.
                if wire.write_all(&answer).is_err() {
                    break;
                }
            }
            asked
        }
    }

    /// What a wish says to a display server, and what comes of it.
    fn wish(dark: bool, server: Server) -> (Vec<Vec<u8>>, Result<(), Trouble>) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let serving = std::thread::spawn(move || server.serve(theirs));
        let (stream, _) = DefaultStream::from_unix_stream(ours).unwrap();
        let setup = Setup { resource_id_mask: 0xFF, maximum_request_length: 0xFFFF, ..Setup::default() };
        let display = RustConnection::for_connected_stream(stream, setup).unwrap();
        let done = ask(&display, dark);
        drop(display);
        (serving.join().unwrap(), done)
    }

    const ABLE: Server = Server { dpms: true, capable: true, refuses: false };
    const OFF: u16 = 3;
    const ON: u16 = 0;

    fn force(level: u16) -> Vec<u8> {
        let [a, b] = level.to_ne_bytes();
        vec![dpms::FORCE_LEVEL_REQUEST, a, b, 0, 0]
    }

    #[test]
    fn the_panel_goes_dark_and_comes_back_without_a_time_out_of_its_own() {
        for (dark, level) in [(true, OFF), (false, ON)] {
            let (asked, done) = wish(dark, ABLE);
            done.unwrap();
            let no_time_outs = [vec![dpms::SET_TIMEOUTS_REQUEST], vec![0; 8]].concat();
            assert_eq!(asked, [vec![dpms::ENABLE_REQUEST], no_time_outs, force(level)]);
        }
    }

    #[test]
    fn a_display_without_power_saving_is_left_alone() {
        for server in [Server { dpms: false, ..ABLE }, Server { capable: false, ..ABLE }] {
            let (asked, done) = wish(true, server);
            assert!(matches!(done, Err(Trouble::NoDpms)), "{done:?}");
            assert!(asked.is_empty(), "{asked:?}");
        }
    }

    #[test]
    fn a_refusal_is_told_and_not_fatal() {
        let (asked, done) = wish(true, Server { refuses: true, ..ABLE });
        assert!(matches!(done, Err(Trouble::Refused(_))), "{done:?}");
        assert_eq!(asked.last(), Some(&force(OFF)));
    }
}
