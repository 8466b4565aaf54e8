//! Hears of what happens, for one of a great many streams: of what is urgent at once, of the rest after a delay of its
//! own, within a breath. So a number that is given does not make a thousand streams write at the same instant, before
//! whoever asks for the next one is served.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::hall::Hall;
use crate::queue::Seq;

/// The longest that a stream waits with what may wait: no eye sees it.
const BREATH: Duration = Duration::from_millis(100);

/// Gives each ear a delay of its own.
#[derive(Debug, Default)]
pub struct Breaths(AtomicU32);

impl Breaths {
    /// Steps of the golden ratio: however many there are, they lie evenly within the breath.
    fn next(&self) -> Duration {
        const GOLDEN: u32 = 0x9e37_79b9;
        let at = self.0.fetch_add(GOLDEN, Ordering::Relaxed);
        BREATH.mul_f64(f64::from(at) / f64::from(u32::MAX))
    }
}

#[derive(Debug)]
pub struct Ear {
    bell: watch::Receiver<Seq>,
    urgent: watch::Receiver<Seq>,
    delay: Duration,
}

impl Ear {
    pub fn new(hall: &Hall, breaths: &Breaths) -> Self {
        Self { bell: hall.bell(), urgent: hall.urgent_bell(), delay: breaths.next() }
    }

    /// Everything until now is known, or is about to be looked at.
    pub fn know(&mut self) {
        self.bell.borrow_and_update();
        self.urgent.borrow_and_update();
    }

    /// Waits until there is something to look at; none once the hall has ended, even where something was not looked at
    /// yet. Who gives up waiting and looks misses nothing.
    pub async fn news(&mut self) -> Option<()> {
        tokio::select! {
            biased;
            urgent = self.urgent.changed() => return urgent.ok(),
            rang = self.bell.changed() => rang.ok()?,
        }
        tokio::select! {
            biased;
            urgent = self.urgent.changed() => urgent.ok(),
            () = sleep(self.delay) => Some(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use futures_util::FutureExt;

    fn ear(delay: Duration) -> (watch::Sender<Seq>, watch::Sender<Seq>, Ear) {
        let (bell, urgent) = (watch::Sender::new(Seq(1)), watch::Sender::new(Seq(1)));
        let ear = Ear { bell: bell.subscribe(), urgent: urgent.subscribe(), delay };
        (bell, urgent, ear)
    }

    #[tokio::test]
    async fn a_call_is_heard_at_once_and_a_number_after_the_ears_own_delay() {
        let (bell, urgent, mut ear) = ear(Duration::from_secs(3_600));
        assert_eq!(ear.news().now_or_never(), None, "nothing has happened");
        bell.send_replace(Seq(2));
        assert_eq!(ear.news().now_or_never(), None, "a number waits");
        urgent.send_replace(Seq(3));
        assert_eq!(ear.news().now_or_never(), Some(Some(())), "a call does not");
        ear.know();
        assert_eq!(ear.news().now_or_never(), None);
        drop(urgent);
        assert_eq!(ear.news().now_or_never(), Some(None), "the hall has ended");
    }

    #[tokio::test]
    async fn a_number_is_heard_without_a_call() {
        let (bell, _urgent, mut ear) = ear(Duration::from_millis(1));
        bell.send_replace(Seq(2));
        assert_eq!(ear.news().await, Some(()));
    }

    #[test]
    fn delays_lie_evenly_within_the_breath() {
        let breaths = Breaths::default();
        let mut told: Vec<Duration> = (0..1_000).map(|_| breaths.next()).collect();
        told.sort_unstable();
        let widest = told.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(widest < BREATH / 300, "{widest:?}");
        assert!(*told.last().unwrap() <= BREATH);
    }
}
