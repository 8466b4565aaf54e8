//! The building: name, zone of time, hours, agencies, services, counters.

use std::collections::{BTreeMap, HashMap};

use chrono::{FixedOffset, NaiveTime};
use toml::Spanned;
use toml::de::DeTable;

use super::reader::{Found, Section, Sink, id_like, nearest_or_all};
use super::{Config, Options, hours, people, rooms};
use crate::queue::rules::{Kiosk, Parts, Zone};
use crate::queue::{Agency, AgencyId, Counter, Prefix, Service, ServiceId, Text, Week};

/// Indonesia's zones. None of them has summer time, so an offset says all.
const ZONES: [(&str, i32); 6] =
    [("WIB", 7), ("WITA", 8), ("WIT", 9), ("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)];

/// The pictograms that are built in: the files of `assets/icons`.
pub const ICONS: &[&str] = &[
    "baby",
    "back",
    "backspace",
    "banknote",
    "box",
    "briefcase",
    "calendar",
    "chart",
    "check",
    "chevron",
    "clock",
    "close",
    "contrast",
    "cup",
    "document",
    "down",
    "download",
    "elder",
    "family",
    "gear",
    "globe",
    "heart",
    "helmet",
    "hold",
    "id-card",
    "info",
    "list",
    "lock",
    "logout",
    "megaphone",
    "move",
    "next",
    "no-show",
    "passport",
    "people",
    "person",
    "phone",
    "pin",
    "play",
    "pregnant",
    "printer",
    "reach",
    "recall",
    "receipt",
    "search",
    "smile",
    "sound",
    "star",
    "store",
    "tap",
    "text-size",
    "ticket",
    "transfer",
    "wheelchair",
];

/// Names already given, so that each is given once.
#[derive(Default)]
pub struct Names(HashMap<(&'static str, String), ()>);

impl Names {
    /// Takes an id, or says what is wrong with it.
    pub fn take(&mut self, section: &Section<'_>, kind: &'static str, id: &Found<String>) -> bool {
        if !id_like(&id.value) {
            let hint = "use small letters, digits and hyphens, at most 40";
            section.say(
                id.span.clone(),
                "bad_id",
                format_args!("{:?} cannot be the id of a {kind}", id.value),
                hint,
            );
            return false;
        }
        let fresh = self.0.insert((kind, id.value.clone()), ()).is_none();
        if !fresh {
            let message = format!("there is another {kind} {:?}", id.value);
            section.say(id.span.clone(), "duplicate", message, "give each an id of its own");
        }
        fresh
    }

    pub fn of(&self, kind: &str) -> Vec<&str> {
        self.0.keys().filter(|(of, _)| *of == kind).map(|(_, id)| id.as_str()).collect()
    }

    /// Whether a name that is referred to exists; says what is near if not.
    pub fn knows(&self, section: &Section<'_>, kind: &'static str, id: &Found<String>) -> bool {
        let mut known = self.of(kind);
        known.sort_unstable();
        if known.contains(&id.value.as_str()) {
            return true;
        }
        let hint = nearest_or_all(&id.value, &known);
        section.say(id.span.clone(), "unknown_name", format_args!("there is no {kind} {:?}", id.value), hint);
        false
    }
}

/// Reads the whole document. What could not be read is noted; the result counts only without notes.
pub fn config(sink: &Sink, document: &Spanned<DeTable<'_>>, text: &str, options: Options) -> Option<Config> {
    let root = Section::root(sink, document);
    let mut names = Names::default();
    let (place, city, offset) = root.need_table("site").and_then(site).unwrap_or_default();
    let change_at = root.table("day").and_then(day).unwrap_or(NaiveTime::MIN);
    let hours = root.need_table("hours").map(hours::week).unwrap_or_default();
    let regular_between = root.table("queue").and_then(queue).unwrap_or(2);
    let zones = root.tables("zone").into_iter().filter_map(|section| zone(section, &mut names)).collect();
    let agencies = agencies(&root, &mut names);
    let counters = counters(&root, &mut names, &agencies);
    let printers = rooms::printers(&root, &mut names);
    let kiosks = rooms::kiosks(&root, &mut names);
    let staff = people::staff(&root, &mut names);
    let tokens = people::tokens(&root, &mut names);
    let ticker = root.table("lobby").map(rooms::ticker).unwrap_or_default();
    let host_names = root.table("web").map(rooms::host_names).unwrap_or_default();
    root.done();
    let rules = Parts {
        place,
        city,
        offset: offset.unwrap_or(FixedOffset::east_opt(0)?),
        change_at,
        hours,
        always_open: options.always_open,
        regular_between,
        zones,
        agencies,
        counters,
        kiosks: kiosks
            .iter()
            .map(|kiosk| Kiosk {
                id: kiosk.id.clone(),
                name: kiosk.name.clone(),
                printer: kiosk.printer.clone(),
            })
            .collect(),
        printers: printers.iter().map(|printer| printer.id.clone()).collect(),
    };
    Some(Config {
        rules: rules.into(),
        printers,
        kiosks,
        staff,
        tokens,
        host_names,
        ticker,
        hash: super::hash(text),
    })
}

fn site(section: Section<'_>) -> Option<(Text, Text, Option<FixedOffset>)> {
    let place = section.need_words("place");
    let city = section.need_words("city");
    let zone = section.need_text("timezone", "\"WIB\"");
    let offset = zone.and_then(|zone| {
        let hours = ZONES.iter().find(|(name, _)| *name == zone.value).map(|(_, hours)| *hours);
        if hours.is_none() {
            let hint = nearest_or_all(&zone.value, &ZONES.map(|(name, _)| name));
            section.say(
                zone.span,
                "unknown_timezone",
                format_args!("{:?} is no timezone of Indonesia", zone.value),
                hint,
            );
        }
        FixedOffset::east_opt(hours? * 3600)
    });
    section.done();
    Some((place?, city?, offset))
}

fn day(section: Section<'_>) -> Option<NaiveTime> {
    let text = section.text("change_at");
    let time = text.and_then(|text| {
        let time = hours::time(&text.value);
        if time.is_none() {
            section.say(
                text.span,
                "bad_time",
                format_args!("{:?} is no time of day", text.value),
                "write it as \"00:00\"",
            );
        }
        time
    });
    section.done();
    time
}

fn queue(section: Section<'_>) -> Option<u32> {
    let between = section.number("regular_between", 0..=100);
    section.done();
    u32::try_from(between?.value).ok()
}

fn zone(section: Section<'_>, names: &mut Names) -> Option<Zone> {
    let id = section.need_text("id", "\"a\"").filter(|id| names.take(&section, "zone", id));
    let letter = section.need_text("letter", "\"A\"");
    if let Some(letter) = letter.as_ref().filter(|letter| letter.value.chars().count() > 2) {
        section.say(
            letter.span.clone(),
            "too_long",
            "a zone's letter is one or two characters",
            "write \"A\"",
        );
    }
    let name = section.need_words("name");
    section.done();
    Some(Zone { id: id?.value.into(), letter: letter?.value, name: name? })
}

fn agencies(root: &Section<'_>, names: &mut Names) -> Vec<Agency> {
    let sections = root.tables("agency");
    if sections.is_empty() {
        let hint = "add a section [[agency]] with at least one [[agency.service]]";
        root.say(root.header(), "no_agency", "there is no agency", hint);
    }
    let mut prefixes: BTreeMap<Prefix, AgencyId> = BTreeMap::new();
    let mut agencies = Vec::new();
    for section in sections {
        agencies.extend(agency(&section, names, &mut prefixes));
        section.done();
    }
    agencies
}

fn agency(
    section: &Section<'_>,
    names: &mut Names,
    prefixes: &mut BTreeMap<Prefix, AgencyId>,
) -> Option<Agency> {
    let id = section.need_text("id", "\"dukcapil\"").filter(|id| names.take(section, "agency", id));
    let id = id.map(|id| AgencyId::from(id.value));
    let prefix = section
        .need_text("prefix", "\"A\"")
        .and_then(|text| take_prefix(section, &text, id.as_ref(), prefixes));
    let name = section.need_words("name");
    let full_name = section.words("full_name").or_else(|| name.clone());
    let hint = section.words("hint").unwrap_or_default();
    let icon = icon(section).unwrap_or_else(|| "document".to_owned());
    let accent = section.need_text("accent", "\"#2A57C1\"").and_then(|text| accent(section, &text));
    let zone =
        section.text("zone").filter(|zone| names.knows(section, "zone", zone)).map(|zone| zone.value.into());
    let hours = section.table("hours").map(hours::week);
    let mut services = Vec::new();
    let sections = section.tables("service");
    if sections.is_empty() {
        let hint = "add a section [[agency.service]] beneath it";
        section.say(section.header(), "no_service", "this agency has no service", hint);
    }
    for part in sections {
        services.extend(service(&part, names, prefixes, id.as_ref(), prefix.as_ref(), &icon));
        part.done();
    }
    Some(Agency {
        id: id?,
        prefix: prefix?,
        name: name?,
        full_name: full_name?,
        hint,
        icon,
        accent: accent?,
        zone,
        hours,
        services,
    })
}

fn service(
    section: &Section<'_>,
    names: &mut Names,
    prefixes: &mut BTreeMap<Prefix, AgencyId>,
    agency: Option<&AgencyId>,
    agency_prefix: Option<&Prefix>,
    agency_icon: &str,
) -> Option<Service> {
    let id = section.need_text("id", "\"ktp\"").filter(|id| names.take(section, "service", id));
    let prefix = match section.text("prefix") {
        Some(text) => take_prefix(section, &text, agency, prefixes),
        None => agency_prefix.cloned(),
    };
    let name = section.need_words("name");
    let hint = section.words("hint").unwrap_or_default();
    let bring = section.words("bring").unwrap_or_default();
    let icon = icon(section).unwrap_or_else(|| agency_icon.to_owned());
    let hours: Option<Week> = section.table("hours").map(hours::week);
    let target_min = section.number("target_min", 1..=480).map_or(10, |found| found.value);
    Some(Service {
        id: ServiceId::from(id?.value),
        prefix: prefix?,
        name: name?,
        hint,
        bring,
        icon,
        hours,
        target_min: u32::try_from(target_min).unwrap_or(10),
    })
}

/// A prefix belongs to one agency: two agencies that share one would give the same number twice.
fn take_prefix(
    section: &Section<'_>,
    text: &Found<String>,
    agency: Option<&AgencyId>,
    prefixes: &mut BTreeMap<Prefix, AgencyId>,
) -> Option<Prefix> {
    let prefix: Prefix = match text.value.parse() {
        Ok(prefix) => prefix,
        Err(error) => {
            let hint = "I and O look like 1 and 0 on paper; take another letter";
            section.say(text.span.clone(), "bad_prefix", error, hint);
            return None;
        }
    };
    let agency = agency?;
    let owner = prefixes.entry(prefix.clone()).or_insert_with(|| agency.clone());
    if owner != agency {
        let message = format!("the prefix {prefix} is taken by {owner}");
        section.say(text.span.clone(), "duplicate", message, "give each agency letters of its own");
    }
    Some(prefix)
}

fn icon(section: &Section<'_>) -> Option<String> {
    let icon = section.text("icon")?;
    if !ICONS.contains(&icon.value.as_str()) {
        let hint = nearest_or_all(&icon.value, ICONS);
        section.say(icon.span, "unknown_icon", format_args!("there is no pictogram {:?}", icon.value), hint);
        return None;
    }
    Some(icon.value)
}

/// `#RRGGBB` on which a white or an ink pictogram reaches 4.5:1.
fn accent(section: &Section<'_>, text: &Found<String>) -> Option<u32> {
    let digits = text.value.strip_prefix('#').filter(|digits| digits.len() == 6);
    let colour = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(colour) = colour else {
        let message = format!("{:?} is no colour", text.value);
        section.say(text.span.clone(), "bad_colour", message, "write it as \"#2A57C1\"");
        return None;
    };
    let best = contrast(colour, 0xFF_FF_FF).max(contrast(colour, 0x12_21_1F));
    if best < 4.5 {
        let message = format!("a pictogram on {} reaches only {best:.2}:1", text.value);
        section.say(
            text.span.clone(),
            "weak_contrast",
            message,
            "choose a darker or a lighter colour: 4.5:1 is needed",
        );
        return None;
    }
    Some(colour)
}

/// WCAG 2 contrast of two colours.
fn contrast(a: u32, b: u32) -> f64 {
    let luminance = |rgb: u32| {
        let channel = |shift: u32| {
            let value = f64::from((rgb >> shift) & 0xff) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn counters(root: &Section<'_>, names: &mut Names, agencies: &[Agency]) -> Vec<Counter> {
    let mut counters: Vec<Counter> = Vec::new();
    for section in root.tables("counter") {
        if let Some((counter, number)) = counter(&section, names, agencies) {
            if counters.iter().any(|other| other.number == counter.number) {
                let message = format!("there is another counter {}", counter.number);
                section.say(number, "duplicate", message, "give each counter a number of its own");
            }
            counters.push(counter);
        }
        section.done();
    }
    for agency in agencies {
        for service in &agency.services {
            if !counters.iter().any(|counter| counter.services.contains(&service.id)) {
                let message = format!("no counter serves {:?} of {}", service.id.as_str(), agency.id);
                let hint =
                    format!("add [[counter]] with agency = \"{}\", or name the service at one", agency.id);
                root.say(root.header(), "unserved", message, hint);
            }
        }
    }
    counters
}

fn counter(
    section: &Section<'_>,
    names: &mut Names,
    agencies: &[Agency],
) -> Option<(Counter, std::ops::Range<usize>)> {
    let number = section.need_number("number", 1..=999);
    let id = match (section.text("id"), &number) {
        (Some(id), _) => Some(id),
        (None, Some(number)) => Some(number.clone().map(|number| format!("loket-{number}"))),
        (None, None) => None,
    };
    let id = id.filter(|id| names.take(section, "counter", id));
    let agency =
        section.need_text("agency", "\"dukcapil\"").filter(|agency| names.knows(section, "agency", agency));
    let agency = agency.and_then(|named| agencies.iter().find(|agency| agency.id.as_str() == named.value));
    let chosen = section.texts("services");
    let zone =
        section.text("zone").filter(|zone| names.knows(section, "zone", zone)).map(|zone| zone.value.into());
    let agency = agency?;
    let of_agency: Vec<&str> = agency.services.iter().map(|service| service.id.as_str()).collect();
    let services: Vec<ServiceId> = match chosen {
        None => of_agency.iter().map(|&id| id.into()).collect(),
        Some(chosen) => {
            let known = chosen.into_iter().filter(|service| {
                let known = of_agency.contains(&service.value.as_str());
                if !known {
                    let message = format!("{} has no service {:?}", agency.id, service.value);
                    section.say(
                        service.span.clone(),
                        "unknown_name",
                        message,
                        nearest_or_all(&service.value, &of_agency),
                    );
                }
                known
            });
            known.map(|service| service.value.into()).collect()
        }
    };
    let number = number?;
    let counter = Counter {
        id: id?.value.into(),
        number: u16::try_from(number.value).ok()?,
        agency: agency.id.clone(),
        services,
        zone: zone.or_else(|| agency.zone.clone()),
    };
    Some((counter, number.span))
}
