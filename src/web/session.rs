//! Who is signed in. The cookie is chance; only its hash is kept.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use super::{House, Staff};
use crate::hall::SessionRow;
use crate::queue::{CounterId, StaffId};

pub const COOKIE: &str = "antrean_session";
pub const DEVICE: &str = "antrean_device";

/// The sign-ins in force, as the store keeps them.
#[derive(Debug)]
pub struct Sessions(RwLock<HashMap<[u8; 32], SessionRow>>);

impl Sessions {
    pub fn new(rows: Vec<SessionRow>) -> Self {
        Self(RwLock::new(rows.into_iter().map(|row| (row.id_hash, row)).collect()))
    }

    pub fn keep(&self, row: SessionRow) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(row.id_hash, row);
    }

    pub fn forget(&self, id_hash: &[u8; 32]) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(id_hash);
    }

    /// Every sign-in that was not ended by hand, those included whose time is over.
    pub fn all(&self) -> Vec<SessionRow> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Takes the time from somebody's sign-ins, from all but one; those that are over now.
    pub fn end(&self, staff: &StaffId, except: Option<&[u8; 32]>) -> Vec<SessionRow> {
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let theirs = rows.values_mut().filter(|row| row.staff == *staff && Some(&row.id_hash) != except);
        theirs
            .map(|row| {
                row.expires_at = row.created_at;
                row.clone()
            })
            .collect()
    }

    pub fn get(&self, id_hash: &[u8; 32]) -> Option<SessionRow> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id_hash).cloned()
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Clerk {
    pub id_hash: [u8; 32],
    pub staff: Staff,
    /// Where they serve; none at the desk.
    pub counter: Option<CounterId>,
}

impl Clerk {
    /// The page that is theirs.
    pub fn home(&self) -> &'static str {
        match (&self.counter, self.staff.may_watch) {
            (Some(_), _) => "/console",
            (None, true) => "/supervisor",
            (None, false) => "/desk",
        }
    }
}

impl House {
    /// A sign-in ends after its time and with the business day, and when the config names its owner no more.
    pub fn is_in_force(&self, row: &SessionRow) -> bool {
        let (present, now) = (self.hall.present(), self.settings.clock.now());
        let day_of = |at| present.rules.business_day(at);
        // The business day may be ahead of a clock that was set back: it never goes back itself.
        let today = present.day.date().map(|day| day.min(day_of(now)));
        let of_the_house = self.now().staff.iter().any(|staff| staff.id == row.staff);
        let of_today = today.is_some_and(|today| day_of(row.created_at) >= today);
        of_the_house && of_today && now < row.expires_at
    }

    /// Who sent this request, by its cookie.
    pub fn clerk(&self, headers: &HeaderMap) -> Option<Clerk> {
        let id_hash = hash(cookie(headers, COOKIE)?);
        let row = self.sessions.get(&id_hash)?;
        let staff = self.staff(row.staff.as_str())?;
        self.is_in_force(&row).then_some(Clerk { id_hash, staff, counter: row.counter })
    }
}

impl House {
    /// A cookie for this box alone, for so many seconds.
    pub fn cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.settings.tls.is_some() { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
    }

    /// Somebody whom the config names.
    pub fn staff(&self, id: &str) -> Option<Staff> {
        self.now().staff.iter().find(|staff| staff.id.as_str() == id).cloned()
    }
}

pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// Chance for a cookie, in hex.
pub fn chance() -> String {
    let mut bytes = [0u8; 24];
    getrandom::fill(&mut bytes).expect("the kernel gives random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
