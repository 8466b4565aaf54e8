//! How the box is, line by line: what is so, in a sentence, what to do, and whether that is well.

mod keeping;
mod paper;
mod place;
mod running;

use super::{Facts, Health};
use crate::queue::Language;
use crate::words::{Message, msg};

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Hall,
    Printer,
    Proof,
    Clock,
    Waiting,
    Address,
    Disk,
    Database,
    Backup,
    Config,
    Display,
    Sound,
    Starts,
    Version,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub part: Part,
    /// What exactly is so, the same as long as it is: `disk:tight`, `printer:printer-1:paper_out`.
    pub key: String,
    /// A pictogram's name.
    pub icon: &'static str,
    pub label: String,
    pub value: String,
    /// What whoever keeps the box can do; none where nothing presses, or the value says it all.
    pub remedy: Option<String>,
    pub health: Health,
}

/// How it is, in a word for the key, a sentence, and what to do.
struct Said(Health, &'static str, String, Option<String>);

/// All lines, always in this order; of what nobody looked at there is none.
pub fn lines(facts: &Facts, language: Language) -> Vec<Line> {
    let line = |part, name: &str, icon, label: String, said: Said| {
        let Said(health, word, value, remedy) = said;
        Line { part, key: format!("{name}:{word}"), icon, label, value, remedy, health }
    };
    let label = |label: Message| label.say(language).to_owned();
    let pick = |id: &'static str, en: &'static str| language.pick(id, en).to_owned();
    let sight = &facts.sight;
    let mut all =
        vec![line(Part::Hall, "hall", "list", label(msg("Queue")), running::hall(facts.hall, language))];
    for printer in &facts.printers {
        let name = format!("printer:{}", printer.id);
        let (is, proved) = (paper::printer(printer, language), paper::proof(Some(printer), language));
        all.push(line(Part::Printer, &name, "printer", label(msg("Printer")), is));
        all.push(line(
            Part::Proof,
            &format!("proof:{}", printer.id),
            "receipt",
            label(msg("Paper proof")),
            proved,
        ));
    }
    if facts.printers.is_empty() {
        all.push(line(
            Part::Printer,
            "printer",
            "printer",
            label(msg("Printer")),
            paper::no_printer(language),
        ));
        all.push(line(
            Part::Proof,
            "proof",
            "receipt",
            label(msg("Paper proof")),
            paper::proof(None, language),
        ));
    }
    let seen = sight.surroundings.as_ref();
    all.push(line(Part::Clock, "clock", "clock", label(msg("Clock")), running::clock(facts, language)));
    all.push(line(
        Part::Waiting,
        "waiting",
        "people",
        label(msg("Waiting")),
        running::waiting(facts, language),
    ));
    all.push(line(
        Part::Address,
        "address",
        "globe",
        label(msg("Address")),
        place::addresses(seen, language),
    ));
    all.push(line(Part::Disk, "disk", "box", label(msg("Disk")), place::storage(seen, language)));
    let mut more = |part, name, icon, label, said: Option<Said>| {
        all.extend(said.map(|said| line(part, name, icon, label, said)));
    };
    let recovered = facts.recovered.as_ref();
    let said = sight.database.as_ref().map(|database| keeping::database(database, recovered, language));
    more(Part::Database, "database", "document", pick("Basis data", "Database"), said);
    let said = sight.backup.as_ref().map(|backup| keeping::backup(backup, facts.now, language));
    more(Part::Backup, "backup", "download", pick("Cadangan", "Backup"), said);
    let said = sight.config.as_ref().map(|config| keeping::config(config, language));
    more(Part::Config, "config", "gear", pick("Konfigurasi", "Config"), said);
    let said = sight.display.map(|display| place::display(display, language));
    more(Part::Display, "display", "phone", pick("Layar anjungan", "Kiosk display"), said);
    let said = sight.sound.map(|sound| place::sound(sound, language));
    more(Part::Sound, "sound", "sound", pick("Pengeras suara", "Loudspeaker"), said);
    let said = sight.starts.as_ref().map(|starts| running::starts(starts, facts.now, language));
    more(Part::Starts, "starts", "play", pick("Listrik", "Power"), said);
    more(Part::Version, "version", "info", label(msg("Version")), Some(running::version(facts, language)));
    all
}

/// Well, with nothing to do.
fn fine(value: String) -> Said {
    Said(Health::Fine, "fine", value, None)
}

/// Something that wants a hand, in both languages.
fn wants(health: Health, word: &'static str, value: String, remedy: &str) -> Said {
    Said(health, word, value, Some(remedy.to_owned()))
}

#[cfg(test)]
mod tests;
