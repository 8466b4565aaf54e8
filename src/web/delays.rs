//! What wrong PINs cost: time, more each time, and never the time of somebody who is at home where they sign in.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;

use super::places::neighbourhood;
use super::server::Peer;
use super::session::{DEVICE, cookie, hash};
use crate::queue::StaffId;

/// From where somebody tries: a device that signed in before, or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum From {
    Device([u8; 32]),
    Address(IpAddr),
}

/// Wrong tries, and until when the next one must wait. Times are milliseconds since boot: a wall clock
/// that is set lets nobody in early and keeps nobody out.
#[derive(Debug)]
pub struct Delays(Mutex<Book>);

#[derive(Debug)]
struct Book {
    tries: HashMap<(StaffId, From), Tries>,
    /// Wrong tries for a name from wherever it is not at home.
    names: HashMap<StaffId, Tries>,
    /// Devices that have signed in: other people's wrong tries do not delay them.
    known: HashSet<[u8; 32]>,
    /// Those among them that were strangers when the box started, each with the names it signed in as.
    new: VecDeque<([u8; 32], HashSet<StaffId>)>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    until_ms: i64,
}

/// Strangers kept at most; more would only be somebody filling the memory.
const TRIES_KEPT: usize = 4_096;
/// Wrong tries that cost nothing.
const FREE: u32 = 2;
const LONGEST_S: i64 = 60;
/// So many wrong tries for one name, from however many addresses, and from devices on which others signed in,
/// before every further one costs the longest time: who has a PIN of their own can make a device known as often
/// as they like, and who has a network many addresses.
const FREE_FROM_ANYWHERE: u32 = 30;
/// New devices that are remembered; more make the oldest strangers again, as on the disk.
const NEW_KEPT: usize = 1_000;
/// After so long without a further one, wrong tries are forgotten.
const FORGIVEN_MS: i64 = 60 * 60 * 1000;

impl Delays {
    /// `known` are the devices of before.
    pub fn new(known: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let (tries, names, new) = (HashMap::new(), HashMap::new(), VecDeque::new());
        Self(Mutex::new(Book { tries, names, known: known.into_iter().collect(), new }))
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn from(&self, headers: &HeaderMap, peer: Peer) -> From {
        let device = cookie(headers, DEVICE).map(hash);
        match device.filter(|device| self.book().known.contains(device)) {
            Some(device) => From::Device(device),
            None => From::Address(neighbourhood(peer.0.ip())),
        }
    }

    /// Seconds to wait before the next try; 0 when it may be made.
    pub fn wait_s(&self, staff: &StaffId, from: From, now_ms: i64) -> i64 {
        let book = self.book();
        let own = book.tries.get(&(staff.clone(), from));
        let of_name = book.names.get(staff).filter(|_| !book.is_at_home(staff, from));
        let until_ms = own.into_iter().chain(of_name).map(|tries| tries.until_ms).max().unwrap_or(now_ms);
        ((until_ms - now_ms).max(0) + 999) / 1000
    }

    /// Two tries are free; then 2, 4, 8 … 60 seconds. How many there were.
    pub fn wrong(&self, staff: &StaffId, from: From, now_ms: i64) -> u32 {
        let mut book = self.book();
        let key = (staff.clone(), from);
        if book.tries.len() >= TRIES_KEPT && !book.tries.contains_key(&key) {
            book.make_room(now_ms);
        }
        if !book.is_at_home(staff, from) {
            let tries = one_more(book.names.entry(staff.clone()), now_ms);
            if tries.wrong >= FREE_FROM_ANYWHERE {
                tries.until_ms = now_ms + LONGEST_S * 1000;
            }
        }
        let tries = one_more(book.tries.entry(key), now_ms);
        let delay_s = match tries.wrong.checked_sub(FREE) {
            None | Some(0) => 0,
            Some(more) => (1i64 << more.min(6)).min(LONGEST_S),
        };
        tries.until_ms = now_ms + delay_s * 1000;
        tries.wrong
    }

    /// A right PIN makes the next tries free again.
    pub fn right(&self, staff: &StaffId, from: From) {
        let mut book = self.book();
        book.tries.remove(&(staff.clone(), from));
        // Who signs in at home says nothing of those who try the name elsewhere.
        if !book.is_at_home(staff, from) {
            book.names.remove(staff);
        }
    }

    /// Whether somebody has signed in on it.
    pub fn knows(&self, device: &[u8; 32]) -> bool {
        self.book().known.contains(device)
    }

    /// Somebody has signed in on a device.
    pub fn know(&self, device: [u8; 32], staff: &StaffId) {
        let mut book = self.book();
        if book.known.insert(device) {
            if book.new.len() >= NEW_KEPT
                && let Some((oldest, _)) = book.new.pop_front()
            {
                book.known.remove(&oldest);
            }
            book.new.push_back((device, HashSet::new()));
        }
        if let Some((_, names)) = book.new.iter_mut().find(|(known, _)| *known == device) {
            names.insert(staff.clone());
        }
    }
}

/// Counts one more wrong try.
fn one_more<K>(known: Entry<'_, K, Tries>, now_ms: i64) -> &mut Tries {
    let tries = known.or_insert(Tries { wrong: 0, until_ms: now_ms });
    if now_ms - tries.until_ms > FORGIVEN_MS {
        tries.wrong = 0;
    }
    tries.wrong = tries.wrong.saturating_add(1);
    tries.until_ms = tries.until_ms.max(now_ms);
    tries
}

impl Book {
    /// Whether a name has signed in here; of the devices of before the start nobody knows by which name.
    fn is_at_home(&self, staff: &StaffId, from: From) -> bool {
        match from {
            From::Device(device) => {
                let new = self.new.iter().find(|(known, _)| *known == device);
                new.is_none_or(|(_, names)| names.contains(staff))
            }
            From::Address(_) => false,
        }
    }

    /// Forgets whose wait is over; where everybody waits, who has waited longest.
    fn make_room(&mut self, now_ms: i64) {
        self.tries.retain(|_, tries| tries.until_ms > now_ms);
        if self.tries.len() >= TRIES_KEPT {
            let next = self.tries.iter().min_by_key(|(_, tries)| tries.until_ms).map(|(key, _)| key.clone());
            next.map(|key| self.tries.remove(&key));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const STRANGER: From = From::Address(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7)));

    #[test]
    fn two_tries_are_free_and_each_further_one_costs_twice_the_last_up_to_a_minute() {
        let (delays, ani) = (Delays::new([]), StaffId::from("ani"));
        let mut now_ms = 5_000;
        let costs: Vec<i64> = (0..10)
            .map(|_| {
                delays.wrong(&ani, STRANGER, now_ms);
                let wait_s = delays.wait_s(&ani, STRANGER, now_ms);
                now_ms += wait_s * 1000;
                assert_eq!(delays.wait_s(&ani, STRANGER, now_ms), 0);
                wait_s
            })
            .collect();
        assert_eq!(costs, [0, 0, 2, 4, 8, 16, 32, 60, 60, 60]);
        now_ms += FORGIVEN_MS + 1;
        delays.wrong(&ani, STRANGER, now_ms);
        assert_eq!(delays.wait_s(&ani, STRANGER, now_ms), 0, "an hour later it is forgotten");
    }

    #[test]
    fn wrong_tries_delay_nobody_at_a_known_device_and_no_other_name() {
        let (delays, ani, device) = (Delays::new([[7; 32]]), StaffId::from("ani"), From::Device([7; 32]));
        for _ in 0..9 {
            delays.wrong(&ani, STRANGER, 0);
        }
        assert_eq!(delays.wait_s(&ani, STRANGER, 0), 60);
        assert_eq!(delays.wait_s(&ani, device, 0), 0);
        assert_eq!(delays.wait_s(&"budi".into(), STRANGER, 0), 0);
    }

    #[test]
    fn somebody_who_tries_a_name_from_ever_new_places_waits_as_if_from_one() {
        let (delays, siti) = (Delays::new([[9; 32]]), StaffId::from("siti"));
        let place = |n: u8| {
            // A colleague signs in on a device, to be known there, and tries another name.
            let device = [n; 32];
            delays.know(device, &"ani".into());
            [From::Device(device), From::Address(IpAddr::V4([10, 0, 1, n].into()))]
        };
        let places: Vec<From> = (100..200).flat_map(place).collect();
        let free = places.iter().take_while(|from| {
            let free = delays.wait_s(&siti, **from, 0) == 0;
            delays.wrong(&siti, **from, 0);
            free
        });
        assert_eq!(free.count() as u32, FREE_FROM_ANYWHERE);
        delays.know([8; 32], &siti);
        for at_home in [From::Device([8; 32]), From::Device([9; 32])] {
            assert_eq!(delays.wait_s(&siti, at_home, 0), 0, "who was here before is not kept out");
        }
        assert_eq!(delays.wait_s(&"ani".into(), STRANGER, 0), 0, "nor another name");
        delays.right(&siti, From::Device([8; 32]));
        assert_ne!(delays.wait_s(&siti, STRANGER, 0), 0, "at home is not elsewhere");
        delays.right(&siti, STRANGER);
        assert_eq!(delays.wait_s(&siti, STRANGER, 0), 0);
    }

    #[test]
    fn somebody_who_comes_from_everywhere_fills_no_memory() {
        let (delays, ani) = (Delays::new([]), StaffId::from("ani"));
        for host in 0..(TRIES_KEPT as u32 + 500) {
            let from = From::Address(IpAddr::V4(host.into()));
            for _ in 0..4 {
                delays.wrong(&ani, from, 0);
            }
        }
        assert_eq!(delays.book().tries.len(), TRIES_KEPT);
        let device = |n: u32| hash(&n.to_string());
        (0..NEW_KEPT as u32 + 500).for_each(|n| delays.know(device(n), &ani));
        let book = delays.book();
        assert_eq!((book.new.len(), book.known.len()), (NEW_KEPT, NEW_KEPT));
        assert!(!book.known.contains(&device(0)) && book.known.contains(&device(NEW_KEPT as u32 + 499)));
    }
}
