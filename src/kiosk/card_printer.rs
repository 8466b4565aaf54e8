//! What the kiosk is lent to print a service's card with.

use std::fmt;
use std::sync::Arc;

use crate::queue::{At, Language, ServiceId};

type Print = dyn Fn(&ServiceId, Language, At) -> Option<()> + Send + Sync;

/// Prints the card of a service, and waits until it is out.
#[derive(Clone)]
pub struct CardPrinter(Arc<Print>);

impl CardPrinter {
    /// `print` answers none where no paper came.
    pub fn new(print: impl Fn(&ServiceId, Language, At) -> Option<()> + Send + Sync + 'static) -> Self {
        Self(Arc::new(print))
    }

    /// Whether the card came out, as far as the printer can tell. Takes as long as paper takes.
    pub fn print(&self, service: &ServiceId, language: Language, now: At) -> bool {
        (self.0)(service, language, now).is_some()
    }
}

impl fmt::Debug for CardPrinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CardPrinter").finish_non_exhaustive()
    }
}
