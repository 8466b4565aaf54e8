//! A printer's view of the hall: which slip is next, and where its fate is told.
//!
//! The printer looks at the committed present whenever the bell rings: a slip that is still *queued*
//! there has not been reported on, whatever happened before. Missing a bell loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use tokio::sync::watch;

use super::errand::Errand;
use super::spool::{Bell, Job, Jobs, Told};
use super::{PrinterHealth, Settings};
use crate::clock::Clock;
use crate::hall::{Hall, No, Rang, Token};
use crate::queue::{
    Command, Day, Forecast, PrinterId, Rules, Seq, SlipTrouble, Ticket, Visitors, forecast, turn,
};
use crate::slip::{Qr, Slip};
use crate::tasks::Pulse;

/// Every printer's health, in the order of the config.
pub type Healths = Vec<(PrinterId, PrinterHealth)>;

/// The longest a slip, its questions and its report may take.
const JOB: Duration = Duration::from_secs(60);
/// An idle printer's thread wakes with every look.
const IDLE: Duration = Duration::from_secs(10);

/// The work of one printer, as the hall has it.
pub fn jobs(
    hall: Hall,
    clock: Clock,
    settings: &Settings,
    healths: watch::Sender<Healths>,
    leaving: Arc<AtomicBool>,
    errands: Receiver<Errand>,
    pulse: Pulse,
) -> Jobs {
    let (printer, demo, visitors) = (settings.id.clone(), settings.demo, settings.visitors.clone());
    let cut_off = cut_off(&hall, &printer);
    let (next_hall, next_printer) = (hall.clone(), printer.clone());
    let working = pulse.clone();
    let next = move || {
        // All its waits have an end; together they are less than this.
        working.within(JOB);
        let present = next_hall.present();
        let slip = present.day.queued_slips().find(|slip| slip.printer == next_printer)?;
        let ticket = present.day.ticket(slip.ticket)?;
        let ahead = turn::ahead(&present.rules, &present.day, ticket);
        let forecast = forecast::of_ticket(&present.rules, &present.day, ticket, clock.now());
        Some(Job {
            slip: slip.id,
            queued_at_age: (clock.now() - slip.queued_at).to_std().unwrap_or(Duration::ZERO),
            content: Slip {
                reprint: slip.reprint,
                demo,
                wait_min: forecast.map(Forecast::minutes),
                qr: visitors.as_ref().map(|visitors| code(visitors, next_hall.token(ticket.nonce))),
                ..content(&present.rules, &present.day, ticket, ahead)
            },
        })
    };
    let report_hall = hall.clone();
    let report = move |slip, outcome| match report_hall.execute_blocking(Command::ReportSlip {
        slip,
        outcome,
        by: None,
    }) {
        // A refusal is an answer: the slip is settled or of another day.
        Ok(_) | Err(No::Refused(_) | No::Survey(_)) => Told::Heard,
        Err(no @ (No::Busy | No::KeyReused)) => {
            tracing::warn!(%slip, code = no.code(), "the fate of a slip could not be told yet");
            Told::NotYet
        }
        Err(No::Gone) => Told::Never,
    };
    let mut seen = Seq(0);
    let wait = move |timeout: Duration| {
        pulse.within(timeout + IDLE);
        let rang = hall.wait(seen, timeout);
        seen = hall.present().day.seq();
        match rang {
            Rang::News => Bell::Rang,
            Rang::Timeout => Bell::Timeout,
            Rang::Closed => Bell::Closed,
        }
    };
    Jobs {
        next: Box::new(next),
        report: Box::new(report),
        leaving: Box::new(move || leaving.load(Ordering::Relaxed)),
        wait: Box::new(wait),
        health: super::tell_health(printer, healths),
        errands,
        cut_off,
    }
}

/// The last run ended while this printer's newest slip was on its way.
fn cut_off(hall: &Hall, printer: &PrinterId) -> bool {
    let present = hall.present();
    let newest = present.day.slips().filter(|slip| slip.printer == *printer).max_by_key(|slip| slip.id);
    newest.is_some_and(|slip| slip.trouble == Some(SlipTrouble::Restarted))
}

/// The code that leads to a ticket.
fn code(visitors: &Visitors, token: Token) -> Qr {
    Qr { url: visitors.link(token), wifi: visitors.wifi.as_deref().unwrap_or_default().to_owned() }
}

/// What is on a ticket's paper, its code apart.
pub fn content(rules: &Rules, day: &Day, ticket: &Ticket, ahead: Option<u32>) -> Slip {
    let language = ticket.language;
    let known = rules.service(&ticket.service);
    let text = |text: &crate::queue::Text| text.in_language(language).to_owned();
    let agency = known.map(|(agency, _)| agency);
    Slip {
        place: text(&rules.place),
        city: text(&rules.city),
        agency: agency.map(|agency| text(&agency.name)).unwrap_or_default(),
        agency_full: agency.map(|agency| text(&agency.full_name)).unwrap_or_default(),
        service: known.map_or_else(|| ticket.service.to_string(), |(_, service)| text(&service.name)),
        number: ticket.number.clone(),
        ahead,
        wait_min: None,
        zone: agency.and_then(|agency| rules.zone(agency.zone.as_ref()?)).map(|zone| zone.letter.clone()),
        counters: day.counters_for(rules, ticket).map(|counter| counter.number).collect(),
        qr: None,
        printed_at: ticket.issued_at,
        reference: ticket.reference().to_string(),
        invited: ticket.invited,
        priority: ticket.class == crate::queue::Class::Priority,
        reprint: false,
        demo: false,
        language,
    }
}
