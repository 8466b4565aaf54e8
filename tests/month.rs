//! A month that never was, for whoever counts: it has everything that months have, and is sound.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;

use antrean::queue::{Event, Recorded};
use antrean::store::backup::Backup;
use chrono::{Datelike, NaiveDate};
use support::month;
use support::month::site::{HOLIDAY, RETIRED};

fn text(lines: &[Recorded]) -> Vec<String> {
    let line = |it: &Recorded| {
        format!("{} {} {} {}", it.seq, it.day, it.at, serde_json::to_string(&it.event).unwrap())
    };
    lines.iter().map(line).collect()
}

#[test]
fn the_same_seed_makes_the_same_days_and_another_one_others() {
    let days = |seed| text(&month::november(seed, 3).lines);
    let once = days(7);
    assert!(once.len() > 500, "{}", once.len());
    assert_eq!(once, days(7));
    assert_ne!(once, days(8));
}

#[test]
fn a_month_has_everything_that_happens_in_a_mall_and_its_tables_are_what_its_journal_gives() {
    let began = std::time::Instant::now();
    let month = month::played(1);
    println!("{} lines in {:?}", month.lines.len(), began.elapsed());
    let mut happened: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &month.lines {
        *happened.entry(line.event.name()).or_default() += 1;
    }
    println!("{happened:#?}");
    for event in [
        "day_changed",
        "rules_changed",
        "clock_doubted",
        "clock_confirmed",
        "clock_believed",
        "service_stopped",
        "service_accepted",
        "ticket_issued",
        "ticket_called",
        "ticket_recalled",
        "ticket_missed",
        "ticket_returned",
        "ticket_held",
        "hold_ended",
        "ticket_resumed",
        "ticket_transferred",
        "ticket_cancelled",
        "ticket_reopened",
        "ticket_handed_back",
        "ticket_reprinted",
        "class_changed",
        "service_finished",
        "counter_opened",
        "counter_paused",
        "counter_closed",
        "slip_settled",
        "part_failed",
        "part_mended",
    ] {
        assert!(happened.contains_key(event), "no {event} in {happened:?}");
    }
    assert_eq!(happened["day_changed"], 28, "the box was off for a weekend");
    let mut issued: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut of_retired = Vec::new();
    let (mut adopted, mut corrected, mut out_of_turn, mut expired, mut ended, mut quantity) =
        (0, 0, 0, 0, 0, 0);
    for line in &month.lines {
        match &line.event {
            Event::TicketIssued { agency, entered_at, .. } => {
                *issued.entry(line.day).or_default() += 1;
                of_retired.extend((agency.as_str() == RETIRED).then_some(line.day));
                adopted += usize::from(entered_at.is_some());
            }
            Event::TicketCalled { reason: Some(_), .. } => out_of_turn += 1,
            Event::ServiceFinished { corrected: Some(_), .. } => corrected += 1,
            Event::ServiceFinished { delivered, .. } => {
                quantity += delivered.iter().filter(|delivery| delivery.quantity > 1).count();
            }
            Event::DayChanged { expired: left, ended: served, .. } => {
                expired += left.len();
                ended += served.len();
            }
            _ => {}
        }
    }
    assert_eq!(adopted, 2);
    assert!(corrected > 10 && out_of_turn > 10 && expired > 5 && ended > 0 && quantity > 10);
    assert!(of_retired.len() > 20 && of_retired.iter().all(|day| day.day() <= 15), "{of_retired:?}");
    let nobody: NaiveDate = "2026-11-04".parse().unwrap();
    assert_eq!((issued.len(), issued.get(&nobody), issued.get(&HOLIDAY.parse().unwrap())), (19, None, None));
    assert!(issued.values().all(|n| *n > 25), "{issued:?}");
    let report = Backup::named(month.folder.path()).verify().unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.lines, month.lines.len() as u64);
    let conn = rusqlite::Connection::open(month.database()).unwrap();
    let question = "SELECT group_concat(DISTINCT substr(part, 1, instr(part || ':', ':')) || trouble) FROM
                    (SELECT part, trouble FROM downtime ORDER BY part, trouble)";
    let troubles: String = conn.query_row(question, [], |row| row.get(0)).unwrap();
    assert_eq!(troubles, "boxpower,boxstopped,kiosk:hung,printer:paper_out,printer:unrecoverable");
}
