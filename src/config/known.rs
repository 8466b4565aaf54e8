//! What earlier sections have declared, for later ones to refer to. Sections are read in an order
//! in which everything is declared before it is needed, so one passage is enough.

use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveTime;

use super::colour::Colours;
use super::names::{Names, Once};
use super::reader::{Notes, Value};
use crate::queue::{AgencyId, Prefix, ServiceId, Terms};

pub(super) struct Known {
    /// When the day changes, which no opening hours may span.
    pub change_at: NaiveTime,
    /// On what terms the site gives numbers, where agencies and services say nothing.
    pub terms: Terms,
    pub zones: Names,
    pub zone_letters: Once<String>,
    pub printers: Names,
    pub ports: Once<String>,
    pub agencies: Names,
    pub colours: Colours,
    pub services: Names,
    pub prefixes: Prefixes,
    pub counters: Names,
    pub counter_numbers: Once<u16>,
    pub kiosks: Names,
    pub staff: Names,
    pub tokens: Once<String>,
    pub offers: Offers,
}

impl Known {
    pub fn new() -> Self {
        Self {
            change_at: NaiveTime::MIN,
            terms: Terms::default(),
            zones: Names::new("zone"),
            zone_letters: Once::new("zone letter"),
            printers: Names::new("printer"),
            ports: Once::new("port"),
            agencies: Names::new("agency"),
            colours: Colours::default(),
            services: Names::new("service"),
            prefixes: Prefixes::default(),
            counters: Names::new("counter"),
            counter_numbers: Once::new("counter number"),
            kiosks: Names::new("kiosk"),
            staff: Names::new("staff id"),
            tokens: Once::new("token name"),
            offers: Offers::default(),
        }
    }
}

/// Which agency numbers under which prefix. Services of one agency may share a prefix; two
/// agencies never, or two visitors would hold the same number.
#[derive(Default)]
pub(super) struct Prefixes(HashMap<Prefix, Owner>);

struct Owner {
    /// Line of the agency's header: its id may be missing.
    agency: Range<usize>,
    line: usize,
}

impl Prefixes {
    /// A prefix for the agency whose header stands at `agency`.
    pub fn take(&mut self, value: &Value<'_>, agency: &Range<usize>) -> Option<Prefix> {
        let text = value.str()?;
        let Ok(prefix) = text.parse::<Prefix>() else {
            let hint = "one or two capital letters, never I or O: on paper they look like 1 and 0";
            return value.refuse("bad_prefix", format!("`{text}` cannot be a prefix"), hint.to_owned());
        };
        let line = value.line();
        let owner = self.0.entry(prefix.clone()).or_insert_with(|| Owner { agency: agency.clone(), line });
        if owner.agency != *agency {
            let hint = format!("it was first used in line {}", owner.line);
            return value.refuse("prefix_taken", format!("another agency numbers under {prefix}"), hint);
        }
        Some(prefix)
    }
}

/// Who offers which service, and whether anybody serves it.
#[derive(Default)]
pub(super) struct Offers {
    offers: Vec<Offer>,
    /// A counter's agency or services could not be read: what it serves is anybody's guess.
    pub unclear: bool,
}

struct Offer {
    service: ServiceId,
    agency: Option<AgencyId>,
    /// Where the service's id is written.
    span: Range<usize>,
    served: bool,
}

impl Offers {
    pub fn add(&mut self, service: ServiceId, agency: Option<AgencyId>, span: Range<usize>) {
        self.offers.push(Offer { service, agency, span, served: false });
    }

    /// The services of an agency, in the order of the file.
    pub fn of<'s>(&'s self, agency: &'s AgencyId) -> impl Iterator<Item = &'s ServiceId> {
        self.offers.iter().filter(|offer| offer.agency.as_ref() == Some(agency)).map(|offer| &offer.service)
    }

    /// The agency a service belongs to, if that could be read.
    pub fn agency_of(&self, service: &ServiceId) -> Option<&AgencyId> {
        self.offers.iter().find(|offer| &offer.service == service)?.agency.as_ref()
    }

    pub fn serve<'s>(&mut self, services: impl IntoIterator<Item = &'s ServiceId>) {
        for service in services {
            for offer in self.offers.iter_mut().filter(|offer| &offer.service == service) {
                offer.served = true;
            }
        }
    }

    /// Tells of every service that no counter serves: its visitors would wait for ever.
    pub fn tell_unserved(&self, notes: &Notes<'_>) {
        if self.unclear {
            return;
        }
        for offer in self.offers.iter().filter(|offer| !offer.served) {
            let message = format!("no counter serves `{}`", offer.service);
            let hint = match &offer.agency {
                Some(agency) => {
                    format!("add it to the services of a counter of `{agency}`, or add a counter")
                }
                None => "add it to the services of a counter".to_owned(),
            };
            notes.add(offer.span.clone(), "unserved", message, Some(hint));
        }
    }
}
