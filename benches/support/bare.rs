//! The bare loop: the rows that a number takes, with nothing in front of them. It decides nothing, checks nothing,
//! keeps no day in memory and answers nobody.

use std::time::Instant;

use antrean::store::{DataFolder, Writer};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

const AT: &str = "2026-11-23T09:42:00.000+07:00";
const BODY: &str = r#"{"event":"ticket_issued","ticket":1000,"number":"A001","service":"ktp","agency":"dukcapil","class":"regular","language":"id","origin":{"at":"kiosk","id":"anjungan-1"},"printer":"printer-1","nonce":"00000000000000000000000000000000"}"#;

/// A data folder with an empty store, beside the build output: a temporary folder may be in memory, where nothing
/// is durable.
pub fn fresh() -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    drop(Writer::open(DataFolder::open(folder.path()).unwrap()).unwrap());
    folder
}

/// Numbers a second, so many a transaction; WAL and `synchronous` = FULL.
pub fn rate(tickets: usize, per_transaction: usize) -> f64 {
    let folder = fresh();
    let mut conn = Connection::open(folder.path().join("antrean.db")).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        .unwrap();
    let started = Instant::now();
    for chunk in 0..tickets / per_transaction {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        for i in 1..=per_transaction {
            insert(&tx, (chunk * per_transaction + i) as i64);
        }
        tx.commit().unwrap();
    }
    tickets as f64 / started.elapsed().as_secs_f64()
}

fn insert(tx: &Transaction<'_>, n: i64) {
    // Spread as a hash is.
    let token_hash =
        (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes().repeat(2);
    tx.prepare_cached(
        "INSERT INTO journal (seq, day, at, event, body) VALUES (?1, '2026-11-23', ?2, 'ticket_issued', ?3)",
    )
    .unwrap()
    .execute(params![n, AT, BODY])
    .unwrap();
    tx.prepare_cached(
        "INSERT INTO ticket (id, day, prefix, n, service, agency, class, language, origin, printer, reference,
                             token_hash, state, issued_at, invited)
         VALUES (?1, '2026-11-23', 'A', ?1, 'ktp', 'dukcapil', 'regular', 'id', 'kiosk:anjungan-1', 'printer-1',
                 'ABCDEF', ?2, 'waiting', ?3, 0)",
    )
    .unwrap()
    .execute(params![n, token_hash, AT])
    .unwrap();
    tx.prepare_cached(
        "INSERT INTO stop (ticket, ord, service, agency, entered_at) VALUES (?1, 1, 'ktp', 'dukcapil', ?2)",
    )
    .unwrap()
    .execute(params![n, AT])
    .unwrap();
    tx.prepare_cached(
        "INSERT INTO slip (id, ticket, printer, reprint, state, queued_at)
         VALUES (?1, ?1, 'printer-1', 0, 'queued', ?2)",
    )
    .unwrap()
    .execute(params![n, AT])
    .unwrap();
}
