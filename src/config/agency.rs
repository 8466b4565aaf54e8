//! `[[agency]]` and its `[[agency.service]]`.

use super::hours;
use super::icons::icon;
use super::known::Known;
use super::reader::Table;
use super::terms;
use super::words::text;
use crate::queue::{Agency, AgencyId, Card, Prefix, Service, ServiceId, Terms, Text};

/// Minutes a service is expected to take where the config does not say.
const TARGET_MIN: u32 = 10;

pub(super) fn agencies(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<Agency>> {
    let agencies = root.each("agency", |table| agency(table, known))?;
    if agencies.is_empty() {
        return root.refuse(
            "missing_section",
            "the file needs at least one [[agency]]",
            "see how it is written in: antrean config default".to_owned(),
        );
    }
    Some(agencies)
}

fn agency(mut table: Table<'_>, known: &mut Known) -> Option<Agency> {
    let place = table.header();
    let id: Option<AgencyId> = table.required("id", |value| known.agencies.declare(value));
    let prefix = table.required("prefix", |value| known.prefixes.take(value, &place));
    let name = table.required("name", text);
    let full_name = table.maybe("full_name", text);
    let hint = table.optional("hint", Text::default(), text);
    let icon = table.required("icon", icon);
    let accent = table.required("accent", |value| known.colours.take(value));
    let zone = table.maybe("zone", |value| known.zones.refer(value));
    let hours = table.maybe("hours", |value| hours::own(value, known));
    let terms = terms::of_agency(&mut table, known.terms);

    let of = Of { place, id: id.as_ref(), prefix: prefix.as_ref(), icon: icon.as_deref(), terms };
    let services = table.each("service", |table| service(table, &of, known));
    if services.as_ref().is_some_and(Vec::is_empty) {
        return table.refuse(
            "no_services",
            "this agency offers no service",
            "add [[agency.service]] with `id` and `name` beneath it".to_owned(),
        );
    }
    // Its services have them; that they could be read is what counts here.
    of.terms?;
    let name = name?;
    Some(Agency {
        id: id?,
        prefix: prefix?,
        full_name: full_name?.unwrap_or_else(|| name.clone()),
        name,
        hint: hint?,
        icon: icon?,
        accent: accent?,
        zone: zone?,
        hours: hours?,
        services: services?,
    })
}

/// What a service takes from its agency, as far as that could be read.
struct Of<'a> {
    place: std::ops::Range<usize>,
    id: Option<&'a AgencyId>,
    prefix: Option<&'a Prefix>,
    icon: Option<&'a str>,
    terms: Option<Terms>,
}

fn service(mut table: Table<'_>, agency: &Of<'_>, known: &mut Known) -> Option<Service> {
    let id = table.required("id", |value| {
        let id: ServiceId = known.services.declare(value)?;
        known.offers.add(id.clone(), agency.id.cloned(), value.span());
        Some(id)
    });
    let prefix = table.maybe("prefix", |value| known.prefixes.take(value, &agency.place));
    let name = table.required("name", text);
    let hint = table.optional("hint", Text::default(), text);
    let bring = table.optional("bring", Text::default(), text);
    let icon = table.maybe("icon", icon);
    let hours = table.maybe("hours", |value| hours::own(value, known));
    let terms = terms::of_service(&mut table, agency.terms.unwrap_or_default());
    let target_min = table.optional("target_min", TARGET_MIN, |value| value.integer(1..=480));
    let card = card(&mut table);
    Some(Service {
        id: id?,
        prefix: prefix?.or_else(|| agency.prefix.cloned())?,
        name: name?,
        hint: hint?,
        bring: bring?,
        icon: icon?.or_else(|| agency.icon.map(str::to_owned))?,
        hours: hours?,
        terms: terms?,
        target_min: target_min?,
        card: card?,
    })
}

fn card(table: &mut Table<'_>) -> Option<Card> {
    let requirements = table.optional("requirements", vec![], |value| value.each(text));
    let time = table.optional("time", Text::default(), text);
    let fee = table.optional("fee", Text::default(), text);
    Some(Card { requirements: requirements?, time: time?, fee: fee? })
}
