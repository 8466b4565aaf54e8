//! The standing rules of a site: who serves what, where and when.

mod change;

use std::collections::HashMap;

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeDelta};

pub use change::{Line, When, change};

use super::calendar::{Exceptions, Week};
use super::{
    Agency, AgencyId, At, Band, Conduct, Counter, CounterId, KioskId, PrinterId, Service, ServiceId, Text,
    ZoneId,
};

/// A part of the building.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    pub id: ZoneId,
    /// The letter on signs, slips and screens.
    pub letter: String,
    pub name: Text,
}

/// A kiosk and the printer beneath it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kiosk {
    pub id: KioskId,
    pub name: Text,
    pub printer: Option<PrinterId>,
}

/// Everything the hall decides by. Made from the config, whole and valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// "Mal Pelayanan Publik".
    pub place: Text,
    /// "Kota Langsa".
    pub city: Text,
    pub offset: FixedOffset,
    /// When one business day ends and the next begins, in site time.
    pub change_at: NaiveTime,
    /// The system's clock is not believed at a start more than so many days after the last line.
    pub max_forward_days: u16,
    pub hours: Week,
    /// Dates that are not as their weekday says.
    pub exceptions: Exceptions,
    /// Hours and quotas do not count: the demonstration.
    pub always_open: bool,
    /// Regular tickets to be called between two overtakings by priority tickets.
    pub regular_between: u32,
    pub conduct: Conduct,
    /// Numbers that are given only by hand.
    pub emergency: Band,
    /// Every how many tickets one is invited to answer the survey; none: nobody is.
    pub invite_every: Option<u32>,
    pub zones: Vec<Zone>,
    /// In the order of the config, which is the order on every screen.
    pub agencies: Vec<Agency>,
    pub counters: Vec<Counter>,
    pub kiosks: Vec<Kiosk>,
    pub printers: Vec<PrinterId>,
    /// SHA-256 of the config and the files it names, in hex; empty where they come from no config.
    pub hash: String,
    index: Index,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Index {
    services: HashMap<ServiceId, (usize, usize)>,
    agencies: HashMap<AgencyId, usize>,
    counters: HashMap<CounterId, usize>,
}

/// The parts of [`Rules`] as the config gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    pub place: Text,
    pub city: Text,
    pub offset: FixedOffset,
    pub change_at: NaiveTime,
    /// The system's clock is not believed at a start more than so many days after the last line.
    pub max_forward_days: u16,
    pub hours: Week,
    pub exceptions: Exceptions,
    pub always_open: bool,
    pub regular_between: u32,
    pub conduct: Conduct,
    /// Numbers that are given only by hand.
    pub emergency: Band,
    /// Every how many tickets one is invited to answer the survey; none: nobody is.
    pub invite_every: Option<u32>,
    pub zones: Vec<Zone>,
    pub agencies: Vec<Agency>,
    pub counters: Vec<Counter>,
    pub kiosks: Vec<Kiosk>,
    pub printers: Vec<PrinterId>,
}

impl From<Parts> for Rules {
    fn from(parts: Parts) -> Self {
        let index = Index::of(&parts.agencies, &parts.counters);
        let Parts {
            place,
            city,
            offset,
            change_at,
            max_forward_days,
            hours,
            exceptions,
            always_open,
            regular_between,
            conduct,
            emergency,
            invite_every,
            zones,
            agencies,
            counters,
            kiosks,
            printers,
        } = parts;
        Self {
            place,
            city,
            offset,
            change_at,
            max_forward_days,
            hours,
            exceptions,
            always_open,
            regular_between,
            conduct,
            emergency,
            invite_every,
            zones,
            agencies,
            counters,
            kiosks,
            printers,
            hash: String::new(),
            index,
        }
    }
}

impl Index {
    fn of(agencies: &[Agency], counters: &[Counter]) -> Self {
        let mut index = Self::default();
        for (a, agency) in agencies.iter().enumerate() {
            index.agencies.insert(agency.id.clone(), a);
            for (s, service) in agency.services.iter().enumerate() {
                index.services.insert(service.id.clone(), (a, s));
            }
        }
        for (c, counter) in counters.iter().enumerate() {
            index.counters.insert(counter.id.clone(), c);
        }
        index
    }
}

impl Rules {
    /// A service and the agency it belongs to.
    pub fn service(&self, id: &ServiceId) -> Option<(&Agency, &Service)> {
        let &(a, s) = self.index.services.get(id)?;
        Some((&self.agencies[a], &self.agencies[a].services[s]))
    }

    pub fn agency(&self, id: &AgencyId) -> Option<&Agency> {
        self.index.agencies.get(id).map(|&a| &self.agencies[a])
    }

    pub fn counter(&self, id: &CounterId) -> Option<&Counter> {
        self.index.counters.get(id).map(|&c| &self.counters[c])
    }

    pub fn zone(&self, id: &ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|zone| &zone.id == id)
    }

    pub fn kiosk(&self, id: &KioskId) -> Option<&Kiosk> {
        self.kiosks.iter().find(|kiosk| &kiosk.id == id)
    }

    /// Whether what happens in the hall changes what is open, and not the clock alone.
    pub fn look_at_the_day(&self) -> bool {
        let mut services = self.agencies.iter().flat_map(|agency| &agency.services);
        !self.always_open && services.any(|service| service.terms.look_at_the_day())
    }

    /// The business day an instant belongs to: it begins at `change_at`.
    pub fn business_day(&self, at: At) -> NaiveDate {
        let since_midnight = self.change_at - NaiveTime::MIN;
        (at.with_timezone(&self.offset).naive_local() - since_midnight).date()
    }

    /// The instant a business day begins.
    pub fn day_begins(&self, day: NaiveDate) -> At {
        local(self.offset, day, self.change_at)
    }

    /// An instant from a date and a time of the site.
    pub fn instant(&self, day: NaiveDate, time: NaiveTime) -> At {
        local(self.offset, day, time)
    }
}

fn local(offset: FixedOffset, day: NaiveDate, time: NaiveTime) -> At {
    let naive = day.and_time(time);
    At::from_naive_utc_and_offset(naive - TimeDelta::seconds(i64::from(offset.local_minus_utc())), offset)
}
