//! A sign-in ends: by hand, at another counter, or when its time is over. Whoever stands at the counter
//! then goes back to the queue with their place.

use std::time::Duration;

use tokio::sync::watch;

use super::{House, Shared};
use crate::hall::{No, SessionRow};
use crate::queue::{Command, CounterId, StaffId};

/// So late the end of a sign-in is noticed where nothing else happens.
const LOOK: Duration = Duration::from_secs(20);

impl House {
    /// Ends a sign-in and closes its counter, where one is named.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`]; the sign-in is in force then as before.
    pub async fn leave(&self, id_hash: [u8; 32], counter: Option<CounterId>) -> Result<(), No> {
        if let Some(counter) = counter {
            self.hall.execute(Command::CloseCounter { counter }).await?;
        }
        self.hall.forget_session(id_hash).await?;
        self.sessions.forget(&id_hash);
        Ok(())
    }

    /// Ends somebody's sign-ins, all but one, and closes what they leave alone. On disk they have ended
    /// already; what cannot be closed now is closed by whoever looks after sign-ins.
    pub async fn end_sign_ins(&self, staff: &StaffId, except: Option<&[u8; 32]>) {
        for row in self.sessions.end(staff, except) {
            if let Err(no) = self.leave(row.id_hash, self.left_alone(&row)).await {
                tracing::warn!(code = no.code(), %staff, "a sign-in that was ended left its counter open so far");
            }
        }
    }

    /// Forgets own PINs in whose place the config has put a new first one.
    async fn forget_outdated_pins(&self) {
        for staff in &self.now().staff {
            if !self.hall.pins().is_outdated(&staff.id, &staff.pin_hash) {
                continue;
            }
            match self.hall.forget_pin(staff.id.clone(), None).await {
                Ok(_) => {
                    tracing::info!(staff = %staff.id, "the config has a new first PIN: it counts again");
                    self.end_sign_ins(&staff.id, None).await;
                }
                Err(no) => {
                    tracing::warn!(code = no.code(), staff = %staff.id, "a PIN that counts no more stays on disk so far");
                }
            }
        }
    }

    /// Who signed in at a counter last, and still is.
    pub fn seated_at(&self, counter: &CounterId) -> Option<StaffId> {
        let rows = self.sessions.all();
        let there = rows.iter().filter(|row| row.counter.as_ref() == Some(counter) && self.is_in_force(row));
        there.max_by_key(|row| row.created_at).map(|row| row.staff.clone())
    }

    /// The counter that bears the name of whoever signed in there: they close it when they leave by hand, from
    /// whichever browser. One that a colleague has taken over is not theirs to close.
    pub fn own_counter(&self, row: &SessionRow) -> Option<CounterId> {
        let counter = row.counter.as_ref()?;
        let theirs = self.hall.present().day.counter(counter).staff.as_ref() == Some(&row.staff);
        theirs.then(|| counter.clone())
    }

    /// The counter at which nobody is left once this sign-in has ended: it bears their name, and no other
    /// sign-in is in force there.
    pub fn left_alone(&self, row: &SessionRow) -> Option<CounterId> {
        let stays = |other: &SessionRow| {
            other.id_hash != row.id_hash && other.counter == row.counter && self.is_in_force(other)
        };
        self.own_counter(row).filter(|_| !self.sessions.all().iter().any(stays))
    }
}

/// Ends the sign-ins whose time is over, and those of people who were given a new first PIN.
pub async fn end_overdue(house: Shared, mut closing: watch::Receiver<bool>) {
    house.forget_outdated_pins().await;
    let mut renewed = house.settings.renewed.clone();
    let mut bell = house.hall.bell();
    let mut changed = false;
    loop {
        if std::mem::take(&mut changed) {
            house.forget_outdated_pins().await;
        }
        bell.borrow_and_update();
        for row in house.sessions.all().into_iter().filter(|row| !house.is_in_force(row)) {
            if let Err(no) = house.leave(row.id_hash, house.left_alone(&row)).await {
                tracing::warn!(code = no.code(), "a sign-in whose time is over could not be ended yet");
                break;
            }
        }
        tokio::select! {
            rang = bell.changed() => if rang.is_err() { return },
            // Whoever is not of the staff any more is signed out, and nobody keeps a PIN that counts no more.
            Ok(()) = renewed.changed() => changed = true,
            () = tokio::time::sleep(LOOK) => {}
            _ = closing.wait_for(|close| *close) => return,
        }
    }
}
