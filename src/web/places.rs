//! Places at a door, of which nobody may have more than what is left. One address cannot take them all: each
//! further one gets half of what the one before left, so that it takes some ten to take a door. And a whole
//! hall behind one address, as at a hotspot, still finds half of them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How often, at most, the log tells of somebody who was turned away.
const TELLING: Duration = Duration::from_secs(60);

/// So many places.
#[derive(Debug, Clone)]
pub struct Places(Arc<Room>);

#[derive(Debug)]
struct Room {
    most: usize,
    /// Under which the log tells of somebody who was turned away.
    code: &'static str,
    told: Mutex<Option<Instant>>,
    taken: Mutex<HashMap<IpAddr, usize>>,
    /// How many are taken in all.
    count: watch::Sender<usize>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub struct Place {
    room: Arc<Room>,
    of: IpAddr,
}

impl Places {
    /// So many; with the code under which the log tells of whoever is turned away.
    pub fn new(most: usize, code: &'static str) -> Self {
        Self(Arc::new(Room {
            most,
            code,
            told: Mutex::default(),
            taken: Mutex::default(),
            count: watch::channel(0).0,
        }))
    }

    /// A place for somebody; none where they have as many as are left, or none is left.
    /// The log tells of that, now and then.
    pub fn take(&self, who: IpAddr) -> Option<Place> {
        let of = neighbourhood(who);
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let left = self.0.most.saturating_sub(self.taken());
        let theirs = taken.get(&of).copied().unwrap_or(0);
        if theirs >= left {
            drop(taken);
            self.tell(who);
            return None;
        }
        taken.insert(of, theirs + 1);
        self.0.count.send_modify(|count| *count += 1);
        Some(Place { room: self.0.clone(), of })
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        *self.0.count.borrow()
    }

    fn tell(&self, turned_away: IpAddr) {
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|told| told.elapsed() < TELLING) {
            return;
        }
        *told = Some(Instant::now());
        let ((most, of), taken) = (self.most_held(), self.taken());
        tracing::warn!(
            code = self.0.code,
            %turned_away,
            taken,
            "none is left for this address, which was turned away; {most} of them has {of}"
        );
    }

    /// The most that one address has, and which it is.
    fn most_held(&self) -> (usize, String) {
        let taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let most = taken.iter().max_by_key(|(_, count)| **count);
        most.map_or((0, "nobody".to_owned()), |(who, count)| (*count, who.to_string()))
    }

    /// Waits until all are free.
    pub async fn all_free(&self) {
        // The sender is here, so this ends with a count of none only.
        let _ = self.0.count.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = taken.get_mut(&self.of) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.remove(&self.of);
            }
        }
        self.room.count.send_modify(|count| *count -= 1);
    }
}

/// One machine may have every address of a /64 (RFC 4291, 2.5.4): they count as one.
pub(super) fn neighbourhood(who: IpAddr) -> IpAddr {
    match who.to_canonical() {
        IpAddr::V6(who) => IpAddr::V6(Ipv6Addr::from_bits(who.to_bits() >> 64 << 64)),
        who => who,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all_of(places: &Places, who: &str) -> Vec<Place> {
        std::iter::from_fn(|| places.take(who.parse().unwrap())).collect()
    }

    #[test]
    fn whoever_takes_all_they_can_leaves_half_to_the_next() {
        let places = Places::new(1_000, "full");
        let greedy: Vec<usize> =
            (1..=6).map(|host| all_of(&places, &format!("10.0.0.{host}")).leak().len()).collect();
        assert_eq!(greedy, [500, 250, 125, 63, 31, 16]);
        assert!(places.take("10.0.0.99".parse().unwrap()).is_some(), "and whoever comes then gets in");
        assert_eq!(places.most_held(), (500, "10.0.0.1".to_owned()), "the log names who has them");
    }

    #[test]
    fn a_place_that_is_given_back_is_anybodys() {
        let places = Places::new(10, "full");
        let first = all_of(&places, "10.0.0.1");
        assert_eq!((first.len(), places.taken()), (5, 5));
        drop(first);
        assert_eq!((places.taken(), all_of(&places, "10.0.0.2").len()), (0, 5));
        assert!(places.0.taken.lock().unwrap().is_empty(), "nobody is remembered");
    }

    #[test]
    fn a_machine_with_a_million_addresses_is_one() {
        let places = Places::new(8, "full");
        let _held: Vec<_> =
            (1..=4).map(|host| places.take(format!("fd00::{host}").parse().unwrap()).unwrap()).collect();
        assert!(places.take("fd00::5".parse().unwrap()).is_none());
        assert!(places.take("fd00:0:0:1::5".parse().unwrap()).is_some(), "its neighbour is another");
        let mapped = places.take("::ffff:10.0.0.1".parse().unwrap()).unwrap();
        assert_eq!(mapped.of, "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
