//! What is wrong in the hall and wants somebody: one list for the supervisor and whoever keeps the box.

use chrono::TimeDelta;
use serde::Serialize;

use super::{House, PrinterRow};
use crate::queue::{
    Agency, AgencyId, AlarmId, At, CounterPhase, Day, Language, Rules, StaffId, Text, calendar,
};

/// An agency that nobody attends is waited for so long.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// How much it presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Something does not work.
    Fault,
    /// Something will not, if nobody sees to it.
    Warning,
}

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alarm {
    pub id: AlarmId,
    pub weight: Weight,
    /// What it is about.
    pub about: Text,
    /// What is wrong, and what to do.
    pub says: Text,
    pub since: At,
    /// Who sees to it.
    pub acknowledged: Option<StaffId>,
}

impl House {
    /// Everything that is wrong now, the oldest first: of one agency, where one is named, and of the house.
    pub fn alarms(&self, of: Option<&AgencyId>) -> Vec<Alarm> {
        let (present, now) = (self.hall.present(), self.settings.clock.now());
        let rows = self.settings.printers.borrow();
        let mut alarms: Vec<Alarm> = rows.iter().filter_map(|row| of_printer(row, &present.day)).collect();
        drop(rows);
        alarms.extend(of_the_clock(&present.day));
        let agencies = present.rules.agencies.iter();
        let agencies = agencies.filter(|agency| of.is_none_or(|of| *of == agency.id));
        alarms.extend(agencies.filter_map(|agency| of_agency(&present.rules, &present.day, agency, now)));
        alarms.sort_by_key(|alarm| alarm.since);
        alarms
    }
}

fn alarm(day: &Day, what: &str, weight: Weight, about: Text, says: Text, since: At) -> Alarm {
    let id = AlarmId::from(format!("{what}:{}", since.timestamp()));
    let acknowledged = day.acknowledged(&id).cloned();
    Alarm { id, weight, about, says, since, acknowledged }
}

fn of_printer(row: &PrinterRow, day: &Day) -> Option<Alarm> {
    let (word, weight, says) = match row.fault {
        Some(fault) => {
            let says = Text::new(fault.for_staff(Language::ID), fault.for_staff(Language::EN));
            (fault.as_str(), Weight::Fault, says)
        }
        None if row.near_end => {
            let says = Text::new(
                "Kertas hampir habis. Siapkan gulungan baru.",
                "Paper is low. Have a new roll ready.",
            );
            ("near_end", Weight::Warning, says)
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
    Some(alarm(day, "clock", Weight::Fault, about, says, clock.since?))
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
    Some(alarm(day, &format!("agency:{}", agency.id), Weight::Warning, agency.name.clone(), says, since))
}
