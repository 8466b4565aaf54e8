//! The names things bear in config, journal, API and screens. One type each, so that a counter is
//! never mistaken for a kiosk.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as written in the config.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    };
}

name!(
    /// An office that serves, such as `dukcapil`.
    AgencyId
);
name!(
    /// What a visitor comes for, such as `ktp`. Unique in the whole site.
    ServiceId
);
name!(
    /// A numbered desk, such as `loket-3`.
    CounterId
);
name!(
    /// A kiosk, such as `anjungan-1`.
    KioskId
);
name!(
    /// A printer, such as `printer-1`.
    PrinterId
);
name!(
    /// How a service ended, such as `completed`. `day_ended` is the house's own word.
    OutcomeId
);
name!(
    /// Why something was done out of the ordinary, such as `papers`.
    ReasonId
);
name!(
    /// Somebody who signs in.
    StaffId
);
name!(
    /// Something wrong that somebody should see to, such as `printer:printer-1:no_paper:1764120000`: what, and
    /// since when, so that the next time is another alarm.
    AlarmId
);
name!(
    /// A part of the building with its own lobby screen.
    ZoneId
);
