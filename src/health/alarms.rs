//! What is wrong and wants somebody: one list for the supervisor, the desk and whoever keeps the box.

use chrono::TimeDelta;
use serde::Serialize;

use super::{Facts, Health, Line, Part, PrinterNow, lines};
use crate::queue::{
    Agency, AgencyId, AlarmId, At, CounterPhase, Day, Language, Rules, StaffId, Text, calendar,
};

/// An agency that nobody attends is waited for so long.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// What of the machine presses somebody; printers, clock and agencies have a beginning of their own.
const PRESSING: &[Part] = &[
    Part::Hall,
    Part::Address,
    Part::Disk,
    Part::Database,
    Part::Backup,
    Part::Config,
    Part::Display,
    Part::Sound,
    Part::Starts,
];

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alarm {
    /// The same as long as it is the same trouble: what it is, and since when.
    pub id: AlarmId,
    /// How much it presses; never fine.
    pub weight: Health,
    /// What it is about.
    pub about: Text,
    /// What is wrong; for a printer or an agency also what anybody can do about it.
    pub says: Text,
    /// What whoever keeps the box can do.
    pub remedy: Option<Text>,
    pub since: At,
    /// Who sees to it.
    pub acknowledged: Option<StaffId>,
}

/// Everything that is wrong now, the oldest first: of one agency, where one is named, and of the house.
pub fn alarms(facts: &Facts, rules: &Rules, day: &Day, of: Option<&AgencyId>) -> Vec<Alarm> {
    let mut alarms: Vec<Alarm> =
        facts.printers.iter().filter_map(|printer| of_printer(printer, day)).collect();
    alarms.extend(of_the_clock(day));
    alarms.extend(of_the_machine(facts, day));
    let agencies = rules.agencies.iter().filter(|agency| of.is_none_or(|of| *of == agency.id));
    alarms.extend(agencies.filter_map(|agency| of_agency(rules, day, agency, facts.now)));
    alarms.sort_by_key(|alarm| alarm.since);
    alarms
}

/// Which lines of the machine are alarms: those of which somebody can do something. What is only not known yet,
/// or is so because somebody wanted it, has no remedy.
pub fn pressing(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| PRESSING.contains(&line.part) && line.remedy.is_some())
}

fn of_the_machine(facts: &Facts, day: &Day) -> Vec<Alarm> {
    let (id, en) = (lines(facts, Language::ID), lines(facts, Language::EN));
    let english = |key: &str| en.iter().find(|line| line.key == key);
    let made = |line: &Line| {
        let (since, english) = (*facts.sight.since.get(&line.key)?, english(&line.key)?);
        let about = Text::new(line.label.as_str(), english.label.as_str());
        let says = Text::new(line.value.as_str(), english.value.as_str());
        let remedy = line.remedy.as_deref().zip(english.remedy.as_deref());
        let remedy = remedy.map(|(id, en)| Text::new(id, en));
        Some(Alarm { remedy, ..alarm(day, &line.key, line.health, about, says, since) })
    };
    pressing(&id).filter_map(made).collect()
}

fn alarm(day: &Day, what: &str, weight: Health, about: Text, says: Text, since: At) -> Alarm {
    let id = AlarmId::from(format!("{what}:{}", since.timestamp()));
    let acknowledged = day.acknowledged(&id).cloned();
    Alarm { id, weight, about, says, remedy: None, since, acknowledged }
}

fn of_printer(row: &PrinterNow, day: &Day) -> Option<Alarm> {
    let (word, weight, says) = match row.fault {
        Some(fault) => {
            let says = Text::new(fault.for_staff(Language::ID), fault.for_staff(Language::EN));
            (fault.as_str(), Health::Fault, says)
        }
        None if row.near_end => {
            let says = Text::new(
                "Kertas hampir habis. Siapkan gulungan baru.",
                "Paper is low. Have a new roll ready.",
            );
            ("near_end", Health::Warning, says)
        }
        None => return None,
    };
    let what = format!("printer:{}:{word}", row.id);
    Some(alarm(day, &what, weight, row.name.clone(), says, row.since))
}

fn of_the_clock(day: &Day) -> Option<Alarm> {
    let clock = day.clock();
    clock.doubt?;
    let about = Text::new("Jam sistem", "The system's clock");
    let says = Text::new(
        "Tanggal atau jam komputer ini tidak dapat dipercaya. Isi tanggal dan jam yang benar.",
        "This computer's date or time cannot be believed. Say what date and time it is.",
    );
    Some(alarm(day, "clock", Health::Fault, about, says, clock.since?))
}

/// An agency should be at work, and none of its counters is attended.
fn of_agency(rules: &Rules, day: &Day, agency: &Agency, now: At) -> Option<Alarm> {
    let began = calendar::at_work_since(rules, agency, now)?;
    let own: Vec<_> = rules.counters.iter().filter(|counter| counter.agency == agency.id).collect();
    let states = own.iter().map(|counter| day.counter(&counter.id));
    let mut left = None;
    for state in states {
        if state.phase != CounterPhase::Closed {
            return None;
        }
        left = left.max(state.since);
    }
    let since = (began + PATIENCE).max(left.unwrap_or(began));
    if since > now {
        return None;
    }
    let says = Text::new(
        "Jam layanan sudah mulai, tetapi tidak ada loket yang buka.",
        "It is opening time, and none of its counters is open.",
    );
    Some(alarm(day, &format!("agency:{}", agency.id), Health::Warning, agency.name.clone(), says, since))
}
