//! How the box is: what is so, whether that is well, and what to do; the one list of alarms.
//!
//! One list of [`Line`]s is made of the [`Facts`] of a moment, in the words of whoever reads it: the technician's
//! panel, `/status` and `antrean doctor` show all of them; what presses becomes an [`Alarm`], which has a
//! beginning and an end, and may have somebody who sees to it.
//!
//! **Invariant:** everything here but [`starts`] and [`lives`] is a pure function of the facts; whoever opens ports, disks
//! and displays tells what was seen. A line that is not fine says what to do.

mod alarms;
mod facts;
mod lines;
pub mod lives;
pub mod starts;
mod told;
mod wording;

pub use alarms::{Alarm, alarms, pressing};
pub use facts::{
    Backup, ConfigNow, Database, Display, Facts, HallNow, PrinterNow, Proof, Sight, Sound, Surroundings,
};
pub use lines::{Line, Part, lines};
pub use starts::Starts;
pub use told::{Told, Turn};
pub use wording::{bytes, lasted, moment, near_end};

use serde::{Deserialize, Serialize};

/// Whether it is well; worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Fine,
    /// Something will not work, if nobody sees to it.
    Warning,
    /// Something does not work.
    Fault,
}

impl Health {
    /// The word used in JSON, and in the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}
