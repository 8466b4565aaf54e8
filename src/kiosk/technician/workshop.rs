//! What the box lends to its technician: the kiosk asks, and knows nothing of how it is done.

use std::fmt;
use std::sync::Arc;

use crate::health::{PrinterNow, Surroundings};
use crate::queue::SlipTrouble;

/// What is asked for once more before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Restart,
    ShutDown,
    /// The program ends; the machine goes on.
    Leave,
}

/// What became of a test page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    Printed,
    Trouble(SlipTrouble),
    /// No printer stands beneath this kiosk.
    NoPrinter,
    /// The printers are not at work yet.
    NotYet,
    /// It could not be begun, and this is why.
    Refused(String),
}

/// Why the machine does not restart or shut down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unable {
    /// A demonstration leaves the desk it stands on alone.
    Demo,
    /// There is no `systemctl` here.
    NoSystemd,
    /// The system says no, in its own words.
    Refused(String),
}

type Ask<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// The tools. Each but `printer` may take as long as the world does.
#[derive(Clone)]
pub struct Workshop {
    /// At once, from what is known.
    pub printer: Ask<Option<PrinterNow>>,
    pub test_page: Ask<Tested>,
    pub surroundings: Ask<Option<Surroundings>>,
    pub restart: Ask<Result<(), Unable>>,
    pub shut_down: Ask<Result<(), Unable>>,
}

/// A box that has nothing to lend.
impl Default for Workshop {
    fn default() -> Self {
        let no_machine: Ask<Result<(), Unable>> = Arc::new(|| Err(Unable::NoSystemd));
        Self {
            printer: Arc::new(|| None),
            test_page: Arc::new(|| Tested::NoPrinter),
            surroundings: Arc::new(|| None),
            restart: no_machine.clone(),
            shut_down: no_machine,
        }
    }
}

impl fmt::Debug for Workshop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workshop").finish_non_exhaustive()
    }
}
