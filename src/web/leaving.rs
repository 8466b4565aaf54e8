//! A sign-in ends: by hand, at another counter, or when its time is over. Whoever stands at the counter
//! then goes back to the queue with their place.

use std::time::Duration;

use tokio::sync::watch;

use super::{House, Shared};
use crate::hall::{No, SessionRow};
use crate::queue::{Command, CounterId};

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

    /// The counter at which nobody is left once this sign-in has ended: it bears their name, and no other
    /// sign-in is in force there.
    pub fn left_alone(&self, row: &SessionRow) -> Option<CounterId> {
        let counter = row.counter.as_ref()?;
        let theirs = self.hall.present().day.counter(counter).staff.as_ref() == Some(&row.staff);
        let stays = |other: &SessionRow| {
            other.id_hash != row.id_hash && other.counter == row.counter && self.is_in_force(other)
        };
        (theirs && !self.sessions.all().iter().any(stays)).then(|| counter.clone())
    }
}

/// Ends the sign-ins whose time is over.
pub async fn end_overdue(house: Shared, mut closing: watch::Receiver<bool>) {
    let mut bell = house.hall.bell();
    loop {
        bell.borrow_and_update();
        for row in house.sessions.all().into_iter().filter(|row| !house.is_in_force(row)) {
            if let Err(no) = house.leave(row.id_hash, house.left_alone(&row)).await {
                tracing::warn!(code = no.code(), "a sign-in whose time is over could not be ended yet");
                break;
            }
        }
        tokio::select! {
            rang = bell.changed() => if rang.is_err() { return },
            () = tokio::time::sleep(LOOK) => {}
            _ = closing.wait_for(|close| *close) => return,
        }
    }
}
