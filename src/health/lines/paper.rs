//! Printers, and what they can prove.

use super::Said;
use crate::health::{Health, PrinterNow, Proof, wording};
use crate::queue::Language;
use crate::words::msg;

pub fn no_printer(language: Language) -> Said {
    let none = msg("There is no printer for this kiosk.");
    Said(Health::Warning, "none", none.say(language).to_owned(), None)
}

pub fn printer(printer: &PrinterNow, language: Language) -> Said {
    let remedy = printer.fault.map(|fault| fault.for_technician(language));
    let remedy = remedy.filter(|more| printer.fault.is_some_and(|fault| fault.for_staff(language) != *more));
    let (health, word, state) = match (printer.fault, printer.is_known(), printer.near_end) {
        (Some(fault), ..) => (Health::Fault, fault.as_str(), fault.for_staff(language).to_owned()),
        (None, false, _) => (Health::Warning, "unheard", msg("Not heard yet.").say(language).to_owned()),
        (None, true, true) => (Health::Warning, "near_end", wording::near_end(printer.slips_left, language)),
        (None, true, false) => (Health::Fine, "fine", msg("Ready.").say(language).to_owned()),
    };
    let value = format!("{} ({}): {state}", printer.name.in_language(language), printer.port);
    Said(health, word, value, remedy.map(str::to_owned))
}

pub fn proof(printer: Option<&PrinterNow>, language: Language) -> Said {
    let (health, word, sentence) = match printer.map(|printer| printer.proof) {
        None => (Health::Warning, "no_printer", msg("None: there is no printer.")),
        Some(Proof::NotKnown) => (Health::Warning, "not_known", msg("Not known yet.")),
        Some(Proof::None) => {
            (Health::Warning, "none", msg("Not possible: this printer cannot prove that paper came out."))
        }
        Some(Proof::Asked) => {
            (Health::Fine, "fine", msg("Possible: it is asked before and after each slip."))
        }
        Some(Proof::Answered) => (Health::Fine, "fine", msg("Possible: it answers behind each slip.")),
    };
    Said(health, word, sentence.say(language).to_owned(), None)
}
