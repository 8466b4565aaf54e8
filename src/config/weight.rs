//! How many bytes a slip is: on a slow line a visitor waits for them.

use std::ops::Range;

use super::printer::PrinterConfig;
use super::reader::Notes;
use crate::queue::{Agency, At, Language, Rules, Service, Text, TicketNumber};
use crate::slip::{self, Paper, Qr, Slip};

/// Bytes below which a slip stays: 0.7 s at 9600 baud, less than the paper takes.
const LIGHT: usize = 700;

/// Tells of every printer whose longest slip is heavy. Slips are weighed by making them.
pub(super) fn tell_heavy(
    rules: &Rules,
    printers: &[(Range<usize>, PrinterConfig)],
    template: Option<&Range<usize>>,
    notes: &Notes<'_>,
) {
    for (header, printer) in printers {
        // Stored once, not sent with every slip.
        let paper = printer.paper.with_logo_stored();
        let Some((weight, agency, service)) = heaviest(rules, &paper) else { continue };
        if weight < LIGHT {
            continue;
        }
        let seconds = weight as f64 * 10.0 / f64::from(printer.baud);
        let message = format!(
            "the longest slip of `{}` ({agency}, {service}) is {weight} bytes: {seconds:.1} s at {} baud",
            printer.id, printer.baud
        );
        let carries_logo = paper.logo.is_none() && paper.picture.is_some();
        let hint = if carries_logo {
            "each slip carries the logo; if the printer can keep it, write profile = \"epson\" or logo = \"A1\""
                .to_owned()
        } else {
            format!("shorten the template, or the names; below {LIGHT} bytes nobody waits for the line")
        };
        let place = template.filter(|_| !carries_logo);
        notes.warn(place.unwrap_or(header).clone(), "heavy_slip", message, Some(hint));
    }
}

/// Bytes, agency and service of the longest slip of all services in both languages, with all that an
/// ordinary one may bear. None where there is no service, or no slip can be laid out.
pub fn heaviest(rules: &Rules, paper: &Paper) -> Option<(usize, String, String)> {
    let mut heaviest: Option<(usize, String, String)> = None;
    for agency in &rules.agencies {
        for service in &agency.services {
            for language in Language::all() {
                let slip = fullest(rules, agency, service, language, paper)?;
                let weight = slip::bytes(&slip, paper).ok()?.len();
                if heaviest.as_ref().is_none_or(|(known, ..)| weight > *known) {
                    heaviest = Some((weight, slip.agency, slip.service));
                }
            }
        }
    }
    heaviest
}

/// A slip of a busy day with everything an ordinary one can bear.
fn fullest(
    rules: &Rules,
    agency: &Agency,
    service: &Service,
    language: Language,
    paper: &Paper,
) -> Option<Slip> {
    let text = |text: &Text| text.in_language(language).to_owned();
    let serving = rules.counters.iter().filter(|counter| counter.services.contains(&service.id));
    Some(Slip {
        place: text(&rules.place),
        city: text(&rules.city),
        agency: text(&agency.name),
        agency_full: text(&agency.full_name),
        service: text(&service.name),
        number: TicketNumber { prefix: service.prefix.clone(), n: 999 },
        ahead: Some(99),
        wait_min: Some((110, 130)),
        zone: agency.zone.as_ref().and_then(|id| rules.zone(id)).map(|zone| zone.letter.clone()),
        counters: serving.map(|counter| counter.number).collect(),
        // A code sent as a picture is what such a printer costs: nothing in the config makes it lighter.
        qr: paper.native_qr.then(|| Qr {
            url: "http://192.168.100.200:8081/t/0123456789abcdef0123456789abcdef".to_owned(),
            wifi: "MPP Pengunjung".to_owned(),
        }),
        // A Wednesday in September: the longest of all dates.
        printed_at: At::parse_from_rfc3339("2026-09-30T10:00:00+07:00").ok()?,
        reference: "WWWWWW".to_owned(),
        invited: rules.invite_every.is_some(),
        priority: false,
        reprint: false,
        demo: false,
        language,
    })
}
