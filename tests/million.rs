//! The store that figures are measured on is one that a box could have written.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../benches/support/million.rs"]
#[allow(dead_code)]
mod million;

use antrean::store::backup::Backup;
use million::Fill;

#[test]
fn a_filled_store_is_sound_and_has_as_many_tickets_as_were_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let fill = Fill { tickets: 1_001, days: 3 };
    million::write(folder.path(), fill);
    let report = Backup::named(folder.path()).verify().unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.tickets, report.days), (1_001, 3));
    let conn = rusqlite::Connection::open(folder.path().join("antrean.db")).unwrap();
    let count = |question: &str| conn.query_row(question, [], |row| row.get::<_, i64>(0)).unwrap();
    for (what, question) in [
        ("served", "SELECT count(*) FROM ticket WHERE state = 'done'"),
        ("missed", "SELECT count(*) FROM stop WHERE missed > 0"),
        ("cancelled", "SELECT count(*) FROM ticket WHERE state = 'cancelled'"),
        ("referred", "SELECT count(*) FROM stop WHERE ended_as = 'referred'"),
        ("delivered", "SELECT count(*) FROM delivery"),
        ("printed", "SELECT count(*) FROM slip WHERE state = 'printed'"),
    ] {
        assert!(count(question) > 5, "{what}");
    }
    let late = "SELECT count(*) FROM stop WHERE called_at < entered_at OR started_at < called_at OR ended_at < started_at";
    assert_eq!(count(late), 0, "nobody is called before they came");
    let agencies = "SELECT count(DISTINCT agency) FROM ticket";
    assert_eq!(count(agencies), million::rules().agencies.len() as i64);
}
