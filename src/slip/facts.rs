//! What a slip can say about its ticket: the words that stand for `{agency}`, `{ahead}` and the like.

use super::{Slip, plain};
use crate::queue::Language;
use crate::words::{Message, clock, counters, long_date, msg};

/// Something about a ticket, asked for in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Place,
    City,
    Agency,
    /// The official name; nothing where it is the everyday one.
    AgencyFull,
    Service,
    Number,
    Ahead,
    Wait,
    Zone,
    Counters,
    Moment,
    Date,
    Time,
    Reference,
    Wifi,
    Link,
    Demo,
    Priority,
    Reprint,
    /// The invitation to the survey.
    Survey,
    /// That the number is of this day alone; left out where the invitation needs the room.
    Today,
}

/// Every fact by the name a template uses.
pub(super) const FACTS: &[(&str, Fact)] = &[
    ("place", Fact::Place),
    ("city", Fact::City),
    ("agency", Fact::Agency),
    ("agency_full", Fact::AgencyFull),
    ("service", Fact::Service),
    ("number", Fact::Number),
    ("ahead", Fact::Ahead),
    ("wait", Fact::Wait),
    ("zone", Fact::Zone),
    ("counters", Fact::Counters),
    ("moment", Fact::Moment),
    ("date", Fact::Date),
    ("time", Fact::Time),
    ("reference", Fact::Reference),
    ("wifi", Fact::Wifi),
    ("link", Fact::Link),
    ("demo", Fact::Demo),
    ("priority", Fact::Priority),
    ("reprint", Fact::Reprint),
    ("survey", Fact::Survey),
    ("today", Fact::Today),
];

/// What a slip must never hide, whatever its template says: a demonstration is not the day's work, a
/// reprint is not a second number.
pub(super) const NEVER_HIDDEN: [Fact; 3] = [Fact::Demo, Fact::Priority, Fact::Reprint];

impl Fact {
    /// Whether there is something to say on every slip.
    pub fn is_always_known(self) -> bool {
        matches!(self, Self::Number | Self::Moment | Self::Date | Self::Time | Self::Reference)
    }

    /// What the slip says of it; none where there is nothing to say.
    pub fn say(self, slip: &Slip) -> Option<String> {
        let (language, at) = (slip.language, slip.printed_at);
        let written = |text: &str| (!plain(text).trim().is_empty()).then(|| text.to_owned());
        let marked = |marked: bool, text: Message| marked.then(|| text.say(language).to_owned());
        match self {
            Self::Place => written(&slip.place),
            Self::City => written(&slip.city),
            Self::Agency => written(&slip.agency),
            Self::AgencyFull => written(&slip.agency_full).filter(|full| *full != slip.agency),
            Self::Service => written(&slip.service),
            Self::Number => Some(slip.number.to_string()),
            Self::Ahead => slip.ahead.map(|ahead| people(ahead, language)),
            Self::Wait => slip.wait_min.map(|(low, high)| {
                msg("About {low}-{high} min").with(language, &[("low", &low), ("high", &high)])
            }),
            Self::Zone => slip.zone.as_deref().and_then(written),
            Self::Counters => Some(counters(&slip.counters, language)).filter(|said| !said.is_empty()),
            Self::Moment => Some(format!("{}  {}", long_date(at, language), clock(at, language))),
            Self::Date => Some(long_date(at, language)),
            Self::Time => Some(clock(at, language)),
            Self::Reference => Some(slip.reference.clone()),
            Self::Wifi => slip.qr.as_ref().and_then(|qr| written(&qr.wifi)),
            Self::Link => slip.qr.as_ref().and_then(|qr| written(&qr.url)),
            // The demonstration is one in every language.
            Self::Demo => slip.demo.then(|| "MODE PERAGAAN".to_owned()),
            Self::Priority => marked(slip.priority, msg("PRIORITY")),
            Self::Reprint => marked(slip.reprint, msg("REPRINT")),
            Self::Today => marked(!slip.invited, msg("Valid today only.")),
            Self::Survey => slip.invited.then(|| {
                // Who has no phone here answers at the desk, which asks for the reference.
                match slip.qr {
                    Some(_) => msg("Survey: scan once served."),
                    None => msg("Chosen for our survey: see the desk after."),
                }
                .say(language)
                .to_owned()
            }),
        }
    }
}

fn people(ahead: u32, language: Language) -> String {
    match ahead {
        0 => msg("You are next"),
        1 => msg("1 person ahead of you"),
        _ => msg("{n} people ahead of you"),
    }
    .with(language, &[("n", &ahead)])
}
