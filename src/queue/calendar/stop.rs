//! A stop of new numbers by staff.

use serde::Serialize;

use crate::queue::{Actor, At, ReasonId, Text};

/// Staff give no numbers for a service: until they do again, until a given time, at the latest until the
/// day ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    pub reason: ReasonId,
    /// What visitors are told.
    pub name: Text,
    pub since: At,
    pub until: Option<At>,
    pub by: Actor,
}

impl Stop {
    pub fn holds(&self, at: At) -> bool {
        self.until.is_none_or(|until| at < until)
    }
}
