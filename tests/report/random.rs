//! Days on which anything may happen in any order: what no month has, their reports have to tell as well.

use std::path::Path;

use antrean::queue::{Actor, Command, Event, Language, Recorded};
use antrean::report::{By, Period, Targets, Wanted, report};
use antrean::store::ledger::Ledgers;
use antrean::store::{DataFolder, Lines, Writer};
use chrono::TimeDelta;
use proptest::prelude::{Rng, Strategy};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::days::{Op, command, op};
use crate::support::rules::always_open;
use crate::support::scenario::Paper;
use crate::{holds_to, journal};

/// What comes of so many random wishes.
fn lived(chance: &mut TestRunner, wishes: usize) -> Paper {
    let mut paper = Paper::open(always_open(), "2026-11-23 09:00");
    for _ in 0..wishes {
        match op().new_tree(chance).unwrap().current() {
            // The same site for whoever asks in the end; mostly the hours of one day.
            Op::Config(_) => {}
            Op::Later(seconds) => paper.now += TimeDelta::seconds(seconds.abs() % 600),
            op => {
                let command = command(&paper.day, paper.now, &op);
                let known = paper.journal.len();
                if paper.wish(&command).is_ok() && chance.rng().next_u32().is_multiple_of(3) {
                    let undo = paper.journal[known..].last().and_then(|line| undo(&line.event));
                    paper.now += TimeDelta::seconds(3);
                    undo.into_iter().for_each(|undo| drop(paper.wish(&undo)));
                }
            }
        }
        paper.now += TimeDelta::seconds(7);
    }
    paper
}

/// Somebody thinks better of it.
fn undo(event: &Event) -> Option<Command> {
    let (ticket, counter) = match event {
        Event::ServiceFinished { ticket, counter, .. }
        | Event::TicketMissed { ticket, counter }
        | Event::TicketTransferred { ticket, counter, .. } => (*ticket, Some(counter.clone())),
        Event::TicketCancelled { ticket, counter, .. } => (*ticket, counter.clone()),
        _ => return None,
    };
    Some(Command::Undo { ticket, counter, by: Actor::Staff("ani".into()) })
}

fn write(folder: &Path, lines: &[Recorded]) {
    let mut writer = Writer::open(DataFolder::open(folder).unwrap()).unwrap();
    let mut batch = writer.begin().unwrap();
    let append = |all: &mut Lines<'_>| lines.iter().try_for_each(|line| all.append(line));
    batch.attempt(append).unwrap().unwrap();
    batch.commit().unwrap();
}

#[test]
fn every_cell_of_random_days_is_what_the_journal_says() {
    let mut chance = TestRunner::deterministic();
    let (mut undone, mut compared) = (std::collections::BTreeSet::new(), 0);
    for _ in 0..24 {
        let paper = lived(&mut chance, 600);
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &paper.journal);
        let told = journal::told(&folder.path().join("antrean.db"));
        undone.extend(told.undone.iter().cloned());
        let (first, last) = (*told.days.iter().min().unwrap(), *told.days.iter().max().unwrap());
        let ledgers = Ledgers::open(folder.path()).unwrap();
        for by in [By::Agency, By::Counter, By::Class] {
            let period = Period::between(first, last).unwrap();
            let wanted = Wanted { period, agency: None, by, targets: Targets::default(), now: paper.now };
            let report = report(&ledgers, &paper.rules, &wanted, Language::ID).unwrap();
            compared += holds_to(&told, &report, &paper.rules, &wanted);
        }
    }
    assert!(compared > 5_000, "{compared}");
    assert_eq!(undone.iter().collect::<Vec<_>>(), ["cancel", "finish", "no_show", "transfer"]);
}
