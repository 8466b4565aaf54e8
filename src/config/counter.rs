//! `[[counter]]`: the numbered desks and what each serves.

use std::collections::HashSet;

use super::hours;
use super::known::Known;
use super::reader::{Table, Value};
use crate::queue::{AgencyId, Counter, ServiceId};

pub(super) fn counters(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<Counter>> {
    let mut seen = 0;
    let counters = root.each("counter", |table| {
        seen += 1;
        counter(table, known)
    });
    if counters.is_none() && seen == 0 {
        known.offers.unclear = true;
    }
    counters
}

fn counter(mut table: Table<'_>, known: &mut Known) -> Option<Counter> {
    let id = table.required("id", |value| known.counters.declare(value));
    let number = table.required("number", |value| {
        let number = value.integer(1..=999)?;
        known.counter_numbers.take(value, number)
    });
    let agency: Option<AgencyId> = table.required("agency", |value| known.agencies.refer(value));
    let named = table.maybe("services", |value| services(value, agency.as_ref(), known));
    let zone = table.maybe("zone", |value| known.zones.refer(value));
    let hours = table.maybe("hours", |value| hours::own(value, known));

    // Without a list it serves all that its agency offers.
    let services = match (named, &agency) {
        (Some(Some(named)), _) => Some(named),
        (Some(None), Some(agency)) => Some(known.offers.of(agency).cloned().collect()),
        _ => None,
    };
    match &services {
        Some(services) => known.offers.serve(services),
        None => known.offers.unclear = true,
    }
    Some(Counter {
        id: id?,
        number: number?,
        agency: agency?,
        services: services?,
        zone: zone?,
        hours: hours?,
    })
}

fn services(value: &Value<'_>, agency: Option<&AgencyId>, known: &Known) -> Option<Vec<ServiceId>> {
    let mut met = HashSet::new();
    let services = value.each(|item| {
        let id: ServiceId = known.services.refer(item)?;
        if !met.insert(id.clone()) {
            return item.refuse(
                "duplicate",
                format!("service {id} is given twice"),
                "remove one of the two".to_owned(),
            );
        }
        let belongs_to = known.offers.agency_of(&id);
        if let (Some(own), Some(other)) = (agency, belongs_to)
            && own != other
        {
            return item.refuse(
                "not_of_agency",
                format!("`{id}` is a service of `{other}`, not of `{own}`"),
                format!("remove it here; a counter serves one agency, and `{other}` has counters of its own"),
            );
        }
        Some(id)
    })?;
    if services.is_empty() {
        let hint = "name its services, or leave the key out: then it serves all of its agency".to_owned();
        return value.refuse("no_services", "this counter serves nothing", hint);
    }
    Some(services)
}
