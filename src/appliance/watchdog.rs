//! What the service manager hears: that the box is ready, that everything in it lives, that it leaves.
//!
//! The watchdog is fed only while every thread that serves people keeps its promises: hall, window, printers
//! and web. One that hangs stops the feed; the service manager then ends the process and starts it anew.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use super::workshop::Rooms;
use crate::tasks::Pulse;

/// How long an address may take to be had before the box counts as open without it.
const OPENING: Duration = Duration::from_secs(3);

/// Tells the service manager that the box is open, once browsers can reach it. Behind a window numbers can be
/// given without them: it is told all the same after a while, and the page of faults says what is missing.
pub async fn tell_ready(rooms: Arc<Rooms>, may_wait: bool) {
    let listening = async {
        loop {
            if let Some(address) = rooms.listening.get() {
                return *address;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    match tokio::time::timeout(OPENING, listening).await {
        Ok(address) => ready(&format!("numbers can be given; console and lobby on {address}")),
        Err(_) if may_wait => ready("numbers can be given at the kiosk; browsers cannot reach the box"),
        Err(_) => {}
    }
}

fn ready(status: &str) {
    say(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Tells that the box leaves in order. Not where a session started it, as on a kiosk: that starts it again,
/// and the unit goes on (systemd.exec(5), `$SYSTEMD_EXEC_PID`).
pub fn leaving() {
    let main = std::env::var("SYSTEMD_EXEC_PID").ok().and_then(|pid| pid.parse().ok());
    if main.is_none_or(|main: u32| main == std::process::id()) {
        say(&[NotifyState::Stopping]);
    }
}

/// Feeds the watchdog from a thread of its own, if there is one, as long as all `pulses` live.
pub fn feed(pulses: Vec<Pulse>) {
    let Some(period) = sd_notify::watchdog_enabled() else { return };
    crate::tasks::thread("watchdog", move || keep_feeding(&pulses, period, || say(&[NotifyState::Watchdog])));
}

/// Three chances a period; the process ends around it.
fn keep_feeding(pulses: &[Pulse], period: Duration, feed: impl Fn()) -> ! {
    let mut said = false;
    loop {
        let silent = silent(pulses, Instant::now());
        if silent.is_empty() {
            feed();
            said = false;
        } else if !std::mem::replace(&mut said, true) {
            tracing::error!(
                code = "hung",
                threads = silent.join(", "),
                "no sign of life; the service manager will start the box anew"
            );
        }
        std::thread::sleep(period / 3);
    }
}

/// Those who broke their promise.
fn silent(pulses: &[Pulse], now: Instant) -> Vec<&str> {
    pulses.iter().filter(|pulse| !pulse.is_alive(now)).map(Pulse::name).collect()
}

fn say(states: &[NotifyState<'_>]) {
    // Without a service manager nobody listens, and nobody needs to.
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(code = "notify", %error, "the service manager cannot be told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_that_breaks_its_promise_is_named() {
        let (hall, window, web) = (Pulse::new("hall"), Pulse::new("window"), Pulse::new("web"));
        let pulses = [hall.clone(), window.clone(), web.clone()];
        let now = Instant::now();
        assert_eq!(silent(&pulses, now + Duration::from_secs(60)), Vec::<&str>::new(), "nobody has begun");
        hall.within(Duration::from_secs(60));
        window.beat();
        web.beat();
        assert_eq!(silent(&pulses, now + Duration::from_secs(5)), Vec::<&str>::new());
        assert_eq!(silent(&pulses, now + Duration::from_secs(30)), ["window", "web"]);
        window.rest();
        assert_eq!(silent(&pulses, now + Duration::from_secs(30)), ["web"]);
    }
}
