//! The PINs that staff chose for themselves, for every room where one is typed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::request::Chore;
use crate::queue::StaffId;
use crate::store::Credential;

/// What is on disk of them.
#[derive(Debug, Clone)]
pub struct Pins(Arc<RwLock<HashMap<StaffId, Credential>>>);

impl Pins {
    pub fn new(rows: Vec<Credential>) -> Self {
        let rows = rows.into_iter().map(|row| (row.staff.clone(), row));
        Self(Arc::new(RwLock::new(rows.collect())))
    }

    /// The hash of the PIN that somebody chose in the place of this one of the config's; none where they
    /// have not chosen, or the config says another first PIN by now.
    pub fn own(&self, staff: &StaffId, first_hash: &str) -> Option<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let own = known.get(staff).filter(|own| own.is_in_place_of(first_hash));
        own.map(|own| own.pin_hash.clone())
    }

    /// Whether there is one that took the place of another first PIN than this.
    pub fn is_outdated(&self, staff: &StaffId, first_hash: &str) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(staff).is_some_and(|own| !own.is_in_place_of(first_hash))
    }

    /// A chore is on disk.
    pub fn follow(&self, chore: &Chore) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match chore {
            Chore::ChoosePin { credential, .. } => {
                known.insert(credential.staff.clone(), credential.clone());
            }
            Chore::ForgetPin(staff) => drop(known.remove(staff)),
            Chore::KeepSession(_)
            | Chore::ForgetSession(_)
            | Chore::KeepDevice(_)
            | Chore::ForgetDayBefore(_)
            | Chore::Answer(..)
            | Chore::Unlink { .. }
            | Chore::File(_)
            | Chore::Reply { .. }
            | Chore::CloseComplaint { .. } => {}
        }
    }
}
