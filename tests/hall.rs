//! The hall on a real file: numbers are never lost, never given twice, never called by two.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use antrean::hall::{Key, No, Request};
use antrean::queue::{
    Actor, At, Board, Class, Command, Refusal, SlipOutcome, SlipTrouble, Ticket, TicketState,
};
use antrean::store::{DataFolder, OpenError, Writer};
use chrono::TimeDelta;
use support::days;
use support::house::{House, issue};

fn sql(path: &std::path::Path, statement: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statement).unwrap();
}

fn count(house: &House, question: &str) -> i64 {
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    conn.query_row(question, [], |row| row.get(0)).unwrap()
}

#[test]
fn two_hundred_at_once_get_two_hundred_consecutive_numbers() {
    let house = House::open();
    let asked: Vec<_> =
        (0..200).map(|_| house.hall.knock(issue(&house.hall, "ktp").into()).unwrap()).collect();
    let numbers: BTreeSet<u32> = asked
        .into_iter()
        .map(|answer| answer.blocking_recv().unwrap().unwrap().ticket.unwrap().number.n)
        .collect();
    assert_eq!(numbers, (1..=200).collect());
    assert_eq!(count(&house, "SELECT count(*) FROM ticket"), 200);
    assert_eq!(count(&house, "SELECT count(*) FROM journal WHERE event = 'ticket_issued'"), 200);
}

#[test]
fn twenty_clerks_pressing_at_once_never_share_a_ticket() {
    let house = House::open();
    for _ in 0..60 {
        house.issue("ktp").unwrap();
    }
    house.open_counter("loket-3");
    house.open_counter("loket-4");
    let called: Vec<u32> = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..20)
            .map(|clerk| {
                let house = &house;
                let counter = if clerk % 2 == 0 { "loket-3" } else { "loket-4" };
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    for _ in 0..6 {
                        if let Ok(answer) = house.call(counter) {
                            mine.push(answer.ticket.unwrap().number.n);
                        }
                        let seen = antrean::queue::Seen::Unsaid;
                        let _ = house.wish(Command::NoShow { counter: counter.into(), seen });
                    }
                    mine
                })
            })
            .collect();
        clerks.into_iter().flat_map(|clerk| clerk.join().unwrap()).collect()
    });
    let distinct: BTreeSet<_> = called.iter().collect();
    assert_eq!(distinct.len(), called.len(), "{called:?}");
    house.hall.present().day.check().unwrap();
}

#[test]
fn a_restart_goes_on_where_it_stopped() {
    let house = House::open();
    assert_eq!(house.number("ktp"), "A001");
    house.open_counter("loket-3");
    house.call("loket-3").unwrap();
    let before = house.hall.present();
    let house = house.restart("2026-11-23 09:05");
    let after = house.hall.present();
    assert_eq!(*before.board().calls, *after.board().calls);
    assert_eq!(before.board().lineage, after.board().lineage);
    assert_eq!(house.number("ktp"), "A002");
}

#[test]
fn the_day_changes_while_the_box_is_off() {
    let house = House::open();
    house.issue("ktp").unwrap();
    let house = house.restart("2026-11-24 07:00");
    assert_eq!(house.number("ktp"), "A001");
    assert_eq!(
        count(&house, "SELECT count(*) FROM ticket WHERE state = 'expired' AND day = '2026-11-23'"),
        1
    );
}

#[test]
fn the_day_changes_while_the_box_runs() {
    let house = House::open();
    house.issue("ktp").unwrap();
    house.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(house.number("ktp"), "A001");
    house.hall.present().day.check().unwrap();
}

#[test]
fn a_stop_outlives_a_restart_and_is_kept_as_long_as_it_lasted() {
    let house = House::open();
    let stop = |house: &House, service: &str, minutes: Option<i64>| {
        let until = minutes.map(|minutes| house.time.now() + TimeDelta::minutes(minutes));
        let (service, reason, by) = (service.into(), "system".into(), Actor::Staff("ani".into()));
        house.wish(Command::StopService { service, reason, until, by }).unwrap();
    };
    stop(&house, "ktp", Some(10));
    stop(&house, "kk", None);
    stop(&house, "kia", None);
    house.clock.advance(TimeDelta::minutes(5));
    house.wish(Command::AcceptService { service: "kia".into(), by: Actor::Api("desk".into()) }).unwrap();
    let house = house.restart("2026-11-23 09:07");
    assert!(house.issue("ktp").is_err() && house.issue("kk").is_err() && house.issue("kia").is_ok());
    // Nobody knocks: the hall itself looks at the clock when the time of a stop is over.
    house.clock.advance(TimeDelta::minutes(4));
    house.issue("ktp").unwrap();
    stop(&house, "ktp", None);
    house.clock.advance(TimeDelta::days(1));
    house.issue("ktp").unwrap();
    let lasted = "SELECT count(*) FROM service_stop WHERE stopped_by = 'staff:ani' AND
                  (service, substr(from_at, 12, 5), substr(to_at, 6, 11)) IN
                  (VALUES ('ktp', '09:00', '11-23T09:10'), ('kk', '09:00', '11-24T09:11'),
                          ('kia', '09:00', '11-23T09:05'), ('ktp', '09:11', '11-24T09:11'))";
    assert_eq!(count(&house, lasted), 4);
}

#[test]
fn the_same_key_gives_the_same_ticket_and_never_a_second() {
    let house = House::open();
    let wish = |body: u8| Request {
        command: issue(&house.hall, "ktp"),
        key: Some(Key { credential: "kiosk".into(), key: "tap-1".into(), body: [body; 32] }),
    };
    let first = house.hall.execute_blocking(wish(1)).unwrap();
    let again = house.hall.execute_blocking(wish(1)).unwrap();
    assert_eq!((first.ticket, first.seq), (again.ticket, again.seq));
    assert!(again.replayed && !first.replayed);
    assert_eq!(house.hall.execute_blocking(wish(2)), Err(No::KeyReused));
    assert_eq!(count(&house, "SELECT count(*) FROM ticket"), 1);
}

#[test]
fn a_refusal_and_a_failure_in_a_batch_leave_the_others_alone() {
    let house = House::open();
    house.issue("ktp").unwrap();
    // The disk refuses one kind of row: each command is undone alone.
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON ticket WHEN NEW.service = 'kia'
                  BEGIN SELECT RAISE(ABORT, 'a broken row'); END;";
    let house = house.restart_with("2026-11-23 09:00", |folder| sql(&folder.join("antrean.db"), broken));
    let knock = |service| house.hall.knock(issue(&house.hall, service).into()).unwrap();
    let asked = ["ktp", "no-such", "kia", "kk", "kia", "ktp"].map(knock);
    let told = asked.map(|answer| {
        answer.blocking_recv().unwrap().map(|answer| answer.ticket.unwrap().number.to_string())
    });
    let number = |text: &str| Ok(text.to_owned());
    let unknown = Err(No::Refused(Refusal::UnknownService));
    assert_eq!(told, [number("A002"), unknown, Err(No::Busy), number("A003"), Err(No::Busy), number("A004")]);
    let seqs = "SELECT max(seq) - count(*) FROM journal";
    assert_eq!(count(&house, seqs), 0, "the journal has no gap");
}

#[test]
fn a_batch_that_the_disk_rolls_back_is_answered_busy_and_the_hall_goes_on() {
    let house = House::open();
    house.issue("ktp").unwrap();
    // What a full disk does to SQLite: the whole transaction is gone with the statement.
    let full = "CREATE TRIGGER full BEFORE INSERT ON ticket WHEN NEW.service = 'kia'
                BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END;";
    let house = house.restart_with("2026-11-23 09:00", |folder| sql(&folder.join("antrean.db"), full));
    let before = house.hall.present().day.clone();
    assert_eq!(house.issue("kia"), Err(No::Busy));
    assert_eq!(house.hall.present().day, before);
    assert_eq!(house.number("ktp"), "A002");
}

/// What a report takes waits and services from: the first call to the last counter, how often, the start,
/// and for how long the visitor was away from a service.
fn assert_times(conn: &rusqlite::Connection, ticket: &Ticket) {
    let told: (u32, Option<At>, Option<At>, i64) = conn
        .query_row(
            "SELECT calls, called_at, started_at,
                    (SELECT COALESCE(SUM(unixepoch(to_at) - unixepoch(from_at)), 0) FROM pause
                     WHERE ticket = id AND to_at IS NOT NULL
                       AND ord = (SELECT max(ord) FROM stop WHERE ticket = id))
             FROM ticket WHERE id = ?1",
            [ticket.id.0.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let served = matches!(ticket.state, TicketState::Serving | TicketState::Done);
    let away_s = if served { ticket.away_s } else { told.3 };
    assert_eq!(told, (ticket.calls, ticket.called_at, ticket.started_at, away_s), "{}", ticket.number);
}

#[test]
fn the_tables_follow_a_ticket_that_is_called_twice_and_sent_on_by_mistake() {
    let house = House::open();
    let ticket = house.issue("ktp").unwrap().ticket.unwrap().id;
    let counter = || "loket-3".into();
    let seen = Default::default();
    house.open_counter("loket-3");
    house.call("loket-3").unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    house.wish(Command::CloseCounter { counter: counter() }).unwrap();
    house.open_counter("loket-3");
    house.call("loket-3").unwrap();
    house.wish(Command::Transfer { counter: counter(), seen, service: "kk".into(), only_at: None }).unwrap();
    let by = Actor::Staff("ani".into());
    house.wish(Command::Undo { ticket, counter: Some(counter()), by }).unwrap();
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    assert_times(&conn, house.hall.present().day.ticket(ticket).unwrap());
}

#[test]
fn the_tables_follow_a_ticket_that_is_away_missed_and_comes_back() {
    let house = House::open();
    let ticket = house.issue("ktp").unwrap().ticket.unwrap().id;
    let counter = || "loket-3".into();
    let (seen, by) = (Default::default(), || Actor::Staff("ani".into()));
    house.open_counter("loket-3");
    house.call("loket-3").unwrap();
    house.wish(Command::Start { counter: counter(), seen }).unwrap();
    let until = house.time.now() + TimeDelta::minutes(30);
    house.wish(Command::Hold { counter: counter(), seen, reason: "copy".into(), until }).unwrap();
    house.clock.advance(TimeDelta::minutes(10));
    house.wish(Command::Resume { counter: counter(), seen, ticket }).unwrap();
    house.wish(Command::NoShow { counter: counter(), seen }).unwrap();
    house.wish(Command::Undo { ticket, counter: Some(counter()), by: by() }).unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    house.wish(Command::NoShow { counter: counter(), seen }).unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    house.wish(Command::Return { ticket, by: by() }).unwrap();
    house.call("loket-3").unwrap();
    house.clock.advance(TimeDelta::minutes(1));
    house.wish(Command::Start { counter: counter(), seen }).unwrap();
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let day = house.hall.present().day.clone();
    assert_eq!(day.ticket(ticket).unwrap().away_s, 13 * 60);
    assert_times(&conn, day.ticket(ticket).unwrap());
}

/// What the tables say is what the events of the day add up to, whatever was done.
#[test]
fn the_tables_say_what_the_day_says() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut house = House::open();
    let mut chance = proptest::test_runner::TestRunner::deterministic();
    // Enough for forecasts.
    house.open_counter("loket-3");
    house.serve("ktp", "loket-3", 6);
    for round in 0..3 {
        for _ in 0..300 {
            let op = days::op().new_tree(&mut chance).unwrap().current();
            if matches!(op, days::Op::Config(_) | days::Op::Later(_)) {
                continue;
            }
            let command = days::command(&house.hall.present().day, house.time.now(), &op);
            let _ = house.wish(command);
            house.clock.advance(TimeDelta::seconds(7));
        }
        let day = house.hall.present().day.clone();
        assert!(day.tickets().count() > 20);
        let conn = rusqlite::Connection::open(house.database()).unwrap();
        for ticket in day.tickets() {
            let promised: (Option<u32>, Option<u32>) = conn
                .query_row(
                    "SELECT forecast_low_s, forecast_high_s FROM stop WHERE ticket = ?1 AND ord = 1",
                    [ticket.id.0.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            assert_eq!(promised, ticket.forecast.map(|told| (told.low_s, told.high_s)).unzip());
            let told = conn
                .query_row(
                    "SELECT state, service, class, calls, (SELECT max(ord) FROM stop WHERE ticket = id),
                            (SELECT count(*) FROM stop WHERE ticket = id AND ended_at IS NULL),
                            (SELECT count(*) FROM pause WHERE ticket = id AND to_at IS NULL AND until_at > 0)
                     FROM ticket WHERE id = ?1",
                    [ticket.id.0.0],
                    |row| {
                        let text = |at| row.get::<_, String>(at);
                        Ok((
                            text(0)?,
                            text(1)?,
                            text(2)?,
                            row.get::<_, u32>(3)?,
                            row.get::<_, u32>(4)?,
                            row.get(5)?,
                            row.get(6)?,
                        ))
                    },
                )
                .unwrap();
            let ended =
                matches!(ticket.state, TicketState::Done | TicketState::NoShow | TicketState::Cancelled);
            let class = if ticket.class == Class::Priority { "priority" } else { "regular" };
            let known: (String, String, String, u32, u32, u32, u32) = (
                ticket.state.as_str().to_owned(),
                ticket.service.to_string(),
                class.to_owned(),
                ticket.calls,
                ticket.stop,
                u32::from(!ended),
                u32::from(!ended && ticket.hold.is_some()),
            );
            assert_eq!(told, known, "{} in round {round}", ticket.number);
            assert_times(&conn, ticket);
        }
        assert!(day.tickets().any(|ticket| ticket.forecast.is_some()), "nobody was told anything");
        for service in ["ktp", "kk", "kia", "paspor"] {
            let question = "SELECT count(*) FROM service_stop WHERE service = ?1 AND to_at IS NULL";
            let open: u32 = conn.query_row(question, [service], |row| row.get(0)).unwrap();
            assert_eq!(open, u32::from(day.stop(&service.into()).is_some()), "{service} in round {round}");
        }
        drop(conn);
        let now = house.time.now().format("%Y-%m-%d %H:%M").to_string();
        house = house.restart(&now);
        let again = house.hall.present().day.clone();
        for (one, other) in day.tickets().zip(again.tickets()) {
            assert_eq!(one, other, "after a restart");
        }
    }
}

#[test]
fn what_the_last_run_left_on_its_way_to_the_printer_is_uncertain() {
    let house = House::open();
    let Command::Issue(mut wish) = issue(&house.hall, "ktp") else { unreachable!() };
    wish.printer = Some("printer-1".into());
    house.wish(Command::Issue(wish)).unwrap();
    let house = house.restart("2026-11-23 09:01");
    assert_eq!(
        count(&house, "SELECT count(*) FROM slip WHERE state = 'uncertain' AND trouble = 'restarted'"),
        1
    );
    let slip = house.hall.present().day.slips().next().unwrap().id;
    let late = SlipOutcome::Printed { proof: antrean::queue::Proof::Staff };
    house.wish(Command::ReportSlip { slip, outcome: late, by: None }).unwrap();
    let again = house.wish(Command::ReportSlip {
        slip,
        outcome: SlipOutcome::Uncertain { trouble: SlipTrouble::Mute },
        by: None,
    });
    assert_eq!(again, Err(No::Refused(Refusal::SlipSettled)));
}

#[test]
fn a_screen_that_was_away_hears_what_it_missed_or_gets_a_fresh_board() {
    let house = House::open();
    let mut board: Board = (**house.hall.present().board()).clone();
    house.issue("ktp").unwrap();
    house.open_counter("loket-3");
    house.call("loket-3").unwrap();
    let present = house.hall.present();
    for heard in present.since(board.seq).unwrap() {
        board.apply(heard.public());
    }
    assert_eq!(board, **present.board());
    assert_eq!(board.calls.len(), 1);
    let ahead = antrean::queue::Seq(board.seq.0 + 1);
    assert!(present.since(ahead).is_none(), "a line that does not exist");
    for _ in 0..600 {
        house.issue("ktp").unwrap();
    }
    assert!(house.hall.present().since(board.seq).is_none(), "too long ago");
}

#[test]
fn a_token_finds_its_ticket_until_the_day_ends() {
    let house = House::open();
    let ticket = house.issue("ktp").unwrap().ticket.unwrap();
    let token = house.hall.token(ticket.nonce).to_string();
    assert_eq!(house.hall.find_by_token(&token), Some(ticket.id));
    assert_eq!(house.hall.find_by_token("0123"), None);
    let house = house.restart("2026-11-23 10:00");
    assert_eq!(house.hall.find_by_token(&token), Some(ticket.id));
    house.clock.advance(chrono::TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    assert_eq!(house.hall.find_by_token(&token), None);
}

#[test]
fn a_data_folder_that_cannot_be_used_says_why_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let code = |error: OpenError| {
        assert!(error.to_string().len() > 40, "{error}");
        error.code()
    };
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    assert_eq!(code(DataFolder::open(&in_the_way).unwrap_err()), "data_folder");

    let used = DataFolder::open(&folder.path().join("used")).unwrap();
    assert_eq!(code(DataFolder::open(used.path()).unwrap_err()), "data_in_use");
    let path = used.path().to_owned();
    drop(Writer::open(used).unwrap());

    sql(&path.join("antrean.db"), "PRAGMA user_version = 9999");
    assert_eq!(code(Writer::open(DataFolder::open(&path).unwrap()).unwrap_err()), "database_newer");

    let foreign = folder.path().join("foreign");
    let data = DataFolder::open(&foreign).unwrap();
    std::fs::write(data.database(), "this is a shopping list, not a database, and it is long enough")
        .unwrap();
    std::fs::write(data.key_file(), [1; 32]).unwrap();
    assert_eq!(code(Writer::open(data).unwrap_err()), "database_foreign");

    let keyless = folder.path().join("keyless");
    drop(Writer::open(DataFolder::open(&keyless).unwrap()).unwrap());
    std::fs::remove_file(keyless.join("site.key")).unwrap();
    assert_eq!(code(Writer::open(DataFolder::open(&keyless).unwrap()).unwrap_err()), "site_key");
}

#[test]
fn every_commit_is_durable_by_setting() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap();
    assert_eq!(writer.durability().unwrap(), ("wal".to_owned(), 2));
    assert!(rusqlite::version_number() >= 3_051_003);
}
