//! One PIN is checked or hashed at a time: that is made to be slow, and would take memory and the cores of
//! the whole box. Who has signed in from this device before goes first, and the line has an end.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::delays::From;

/// Who may stand in line, of either kind; one more is told that it is busy.
const KNOWN: usize = 32;
const STRANGERS: usize = 16;
/// And of them from one place.
const FROM_ONE_PLACE: usize = 4;

/// The line before the check.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Mutex<Line>>);

#[derive(Debug, Default)]
struct Line {
    busy: bool,
    known: VecDeque<Waiting>,
    strangers: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    from: From,
    call: oneshot::Sender<Turn>,
}

/// The right to check; the next one has it when it is dropped. Take it along to where the work is done:
/// whoever asked may be gone before that.
#[derive(Debug)]
pub struct Turn(Checks);

impl Checks {
    /// Waits for one's turn; none where the line is full.
    pub async fn turn(&self, from: From) -> Option<Turn> {
        let called = {
            let mut line = self.line();
            if !line.busy {
                line.busy = true;
                return Some(Turn(self.clone()));
            }
            let known = matches!(from, From::Device(_));
            let (queue, most) =
                if known { (&mut line.known, KNOWN) } else { (&mut line.strangers, STRANGERS) };
            queue.retain(|waiting| !waiting.call.is_closed());
            let here = queue.iter().filter(|waiting| waiting.from == from).count();
            if queue.len() >= most || here >= FROM_ONE_PLACE {
                return None;
            }
            let (call, called) = oneshot::channel();
            queue.push_back(Waiting { from, call });
            called
        };
        called.await.ok()
    }

    fn line(&self) -> std::sync::MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut line = self.0.line();
            let next = line.known.pop_front().or_else(|| line.strangers.pop_front());
            line.busy = next.is_some();
            next
        };
        // Whoever has gone away hands it on: the turn that could not be given is dropped.
        if let Some(next) = next {
            drop(next.call.send(Self(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn stranger(host: u8) -> From {
        From::Address(IpAddr::V4(Ipv4Addr::new(10, 0, 0, host)))
    }

    /// Lets everybody who can go on do so.
    async fn settle() {
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_known_device_goes_before_every_stranger_and_the_line_has_an_end() {
        let checks = Checks::default();
        let first = checks.turn(stranger(0)).await.unwrap();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let stand = |from: From| {
            let (checks, tell) = (checks.clone(), tell.clone());
            tokio::spawn(async move {
                let turn = checks.turn(from).await;
                tell.send((from, turn.is_some())).unwrap();
            })
        };
        for host in 0..STRANGERS as u8 {
            stand(stranger(host));
        }
        settle().await;
        stand(stranger(200));
        settle().await;
        assert_eq!(told.try_recv().unwrap(), (stranger(200), false), "one too many");
        stand(From::Device([1; 32]));
        settle().await;
        drop(first);
        settle().await;
        assert_eq!(told.try_recv().unwrap(), (From::Device([1; 32]), true), "who is known goes first");
        for host in 0..STRANGERS as u8 {
            assert_eq!(told.try_recv().unwrap(), (stranger(host), true));
        }
        assert!(checks.turn(stranger(9)).await.is_some(), "and then it is free again");
    }

    #[tokio::test]
    async fn one_place_cannot_fill_the_line_and_who_goes_away_holds_nobody_up() {
        let checks = Checks::default();
        let first = checks.turn(stranger(0)).await.unwrap();
        let mut waiting: Vec<_> = (0..FROM_ONE_PLACE)
            .map(|_| {
                let checks = checks.clone();
                tokio::spawn(async move { checks.turn(stranger(1)).await.is_some() })
            })
            .collect();
        settle().await;
        assert!(checks.turn(stranger(1)).await.is_none());
        let other = tokio::spawn({
            let checks = checks.clone();
            async move { checks.turn(stranger(2)).await.is_some() }
        });
        settle().await;
        waiting.drain(..).for_each(|one| one.abort());
        settle().await;
        drop(first);
        assert!(other.await.unwrap());
        assert!(!checks.line().busy);
    }
}
