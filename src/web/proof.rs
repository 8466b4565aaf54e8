//! Whether somebody is who they say: by the PIN that counts for them now.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::http::{HeaderMap, StatusCode};

use super::checks::Turn;
use super::delays::From;
use super::server::Peer;
use super::{House, Staff};
use crate::queue::StaffId;

/// Wrong PINs in a row that a technician is told of.
const REMARKABLE: u32 = 5;

/// Somebody has shown who they are.
pub struct Proof {
    pub staff: Staff,
    /// It was the first PIN, which more people than they have seen: they choose one of their own now.
    pub must_choose: bool,
}

/// Nobody knows yet who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A wrong PIN; the next may be tried after so many seconds.
    Wrong(i64),
    /// Too soon after a wrong one.
    TooSoon(i64),
    /// Too many are being looked at.
    Busy,
}

impl Doubt {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Wrong(_) => StatusCode::UNAUTHORIZED,
            Self::TooSoon(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Seconds after which it may be tried again.
    pub fn wait_s(self) -> Option<i64> {
        match self {
            Self::Wrong(wait_s) | Self::TooSoon(wait_s) => Some(wait_s).filter(|wait_s| *wait_s > 0),
            Self::Busy => Some(1),
        }
    }

    /// What the page says.
    pub fn sentence(self) -> String {
        match self {
            Self::Busy => "Sedang banyak yang masuk. Coba lagi sebentar.".to_owned(),
            Self::Wrong(0) | Self::TooSoon(0) => "PIN belum cocok. Coba lagi.".to_owned(),
            Self::Wrong(wait_s) | Self::TooSoon(wait_s) => {
                format!("PIN belum cocok. Coba lagi dalam {wait_s} detik.")
            }
        }
    }
}

impl House {
    /// Looks whether a PIN is somebody's. Somebody unknown takes as long as somebody known.
    ///
    /// # Errors
    /// See [`Doubt`].
    pub async fn prove(
        &self,
        headers: &HeaderMap,
        peer: Peer,
        staff: &str,
        pin: &str,
    ) -> Result<Proof, Doubt> {
        let from = self.delays.from(headers, peer);
        let people = self.now();
        let staff = people.staff.iter().find(|known| known.id.as_str() == staff);
        // Whoever makes names up fills no memory with them.
        let counted = staff.map_or(StaffId::from(""), |staff| staff.id.clone());
        self.in_time(&counted, from)?;
        let turn = self.checks.turn(from).await.ok_or(Doubt::Busy)?;
        // Others of this place may have been wrong meanwhile.
        self.in_time(&counted, from)?;
        let own = staff.and_then(|staff| self.hall.pins().own(&staff.id, &staff.pin_hash));
        let must_choose = own.is_none() && self.settings.demo_pin.is_none();
        let hash = own.or_else(|| Some(staff.or(people.staff.first())?.pin_hash.clone()));
        let right = fits(turn, pin.to_owned(), hash.unwrap_or_default()).await;
        match staff.filter(|_| right) {
            Some(staff) => {
                self.delays.right(&counted, from);
                Ok(Proof { staff: staff.clone(), must_choose })
            }
            None => {
                let wrong = self.delays.wrong(&counted, from, self.boot_ms());
                if wrong == REMARKABLE {
                    tracing::warn!(code = "wrong_pins", staff = %counted, peer = %peer.0.ip(), "{wrong} wrong PINs in a row");
                }
                Err(Doubt::Wrong(self.delays.wait_s(&counted, from, self.boot_ms())))
            }
        }
    }

    /// Hashes a PIN in its turn, unless it is the first PIN of the config's; none if it is.
    ///
    /// # Errors
    /// [`Doubt::Busy`].
    pub async fn hash_unless_first(
        &self,
        from: From,
        pin: &str,
        first: &str,
    ) -> Result<Option<String>, Doubt> {
        let turn = self.checks.turn(from).await.ok_or(Doubt::Busy)?;
        let (pin, first) = (pin.to_owned(), first.to_owned());
        let hashed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let own = !is_of(&pin, &first);
            own.then(|| Argon2::default().hash_password(pin.as_bytes()).map(|hash| hash.to_string()))
        });
        match hashed.await {
            Ok(None) => Ok(None),
            Ok(Some(Ok(hash))) => Ok(Some(hash)),
            Ok(Some(Err(error))) => {
                tracing::error!(%error, "a PIN cannot be hashed");
                Err(Doubt::Busy)
            }
            Err(_) => Err(Doubt::Busy),
        }
    }

    fn in_time(&self, staff: &StaffId, from: From) -> Result<(), Doubt> {
        match self.delays.wait_s(staff, from, self.boot_ms()) {
            0 => Ok(()),
            wait_s => Err(Doubt::TooSoon(wait_s)),
        }
    }

    /// Milliseconds since the machine was switched on.
    pub fn boot_ms(&self) -> i64 {
        self.settings.clock.read().1
    }
}

async fn fits(turn: Turn, pin: String, hash: String) -> bool {
    let checked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        is_of(&pin, &hash)
    });
    checked.await.unwrap_or(false)
}

fn is_of(pin: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}
