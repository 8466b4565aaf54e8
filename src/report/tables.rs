//! Everything a report says, as tables.

mod attendance;
mod causes;
mod figures;
mod forecasts;
mod hours;
mod outages;
mod summary;

use chrono::NaiveDate;

use super::{Reckoned, Table, Wanted, reckon};
use crate::queue::{Language, Rules};
use crate::store::ledger::{Ledgers, Unreadable};

/// A report on a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The summary first, then the cut that was asked for.
    pub tables: Vec<Table>,
    /// How long visitors waited at each agency: beside its chart.
    pub waits: Table,
    pub reckoned: Reckoned,
}

/// Reckons a report and puts it into words.
///
/// # Errors
/// The days cannot be read.
pub fn report(
    ledgers: &Ledgers,
    rules: &Rules,
    wanted: &Wanted,
    language: Language,
) -> Result<Report, Unreadable> {
    let mut reckoned = reckon(ledgers, rules, wanted)?;
    let scene = Scene { rules, wanted, language };
    let tables = vec![
        summary::table(&scene, &mut reckoned),
        figures::table(&scene, &mut reckoned),
        hours::table(&scene, &reckoned),
        hours::heat(&scene, &reckoned),
        attendance::agencies(&scene, &reckoned),
        attendance::counters(&scene, &reckoned),
        causes::table(&scene, &reckoned),
        causes::delivered(&scene, &reckoned),
        forecasts::table(&scene, &reckoned),
        outages::table(&scene, &reckoned),
    ];
    let waits = figures::waits(&scene, &mut reckoned);
    Ok(Report { tables, waits, reckoned })
}

impl Report {
    /// A table by its key.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.key == key)
    }

    /// "Paling ramai: Senin pukul 09".
    pub fn busiest(&self, language: Language) -> String {
        let all = self.reckoned.heat.iter().enumerate();
        let each =
            all.flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, n)| (*n, day, hour)));
        // The first of several that are as busy.
        let most = each.max_by_key(|(n, day, hour)| (*n, std::cmp::Reverse((*day, *hour))));
        let Some((_, day, hour)) = most.filter(|(n, ..)| *n > 0) else { return String::new() };
        let day = super::cut::weekday(day as u32, language);
        language
            .pick(format!("Paling ramai: {day} pukul {hour:02}.00"), format!("Busiest: {day} at {hour:02}"))
    }

    /// The first and the last day there is.
    pub fn extent(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.reckoned.extent
    }
}

/// What the words depend on.
struct Scene<'a> {
    rules: &'a Rules,
    wanted: &'a Wanted,
    language: Language,
}

impl Scene<'_> {
    fn say(&self, id: &str, en: &str) -> String {
        self.language.pick(id, en).to_owned()
    }

    fn column(&self, key: &'static str, id: &str, en: &str) -> super::Column {
        super::Column { key, label: self.say(id, en) }
    }
}
