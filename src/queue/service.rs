//! Agencies and the services they offer, as the config names them.

use super::calendar::{Terms, Week};
use super::{Accent, AgencyId, Prefix, ServiceId, Text, ZoneId};

/// An office that serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Agency {
    pub id: AgencyId,
    pub prefix: Prefix,
    /// The everyday name, "Dukcapil".
    pub name: Text,
    /// The official name, for paper and the next screen.
    pub full_name: Text,
    /// One line under the name: "KTP, KK, akta lahir".
    pub hint: Text,
    /// File name of the pictogram, without ending.
    pub icon: String,
    pub accent: Accent,
    pub zone: Option<ZoneId>,
    /// Hours of its own; otherwise the site's.
    pub hours: Option<Week>,
    pub services: Vec<Service>,
}

/// What a visitor comes for.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub id: ServiceId,
    /// The agency's prefix, or one of its own with numbering of its own.
    pub prefix: Prefix,
    pub name: Text,
    pub hint: Text,
    /// What to bring, one line.
    pub bring: Text,
    pub icon: String,
    /// Hours of its own; otherwise the agency's.
    pub hours: Option<Week>,
    /// On what terms numbers are given.
    pub terms: Terms,
    /// Expected service time in minutes, shown to the clerk as the target.
    pub target_min: u32,
    /// What a visitor may read, and have printed, before taking a number.
    pub card: Card,
}

/// A service's card: of the parts of a service standard (UU 25/2009, art. 21) those that a visitor asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    /// *Persyaratan*: what must be handed in, a line each.
    pub requirements: Vec<Text>,
    /// *Jangka waktu*: until when it is done.
    pub time: Text,
    /// *Biaya*.
    pub fee: Text,
}

impl Card {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && self.time == Text::default() && self.fee == Text::default()
    }
}
