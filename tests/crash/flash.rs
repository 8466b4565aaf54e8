//! What a ticket costs the flash: bytes and syncs, counted where they leave the program.

use serde_json::json;

use crate::faulty::Disk;
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// The most that a ticket may write, checkpoints included: 1,000 tickets on 250 days a year for ten years are
/// 125 GB then; a card of 32 GB bears 16 TB and more (500 rewritings).
const MOST_BYTES: u64 = 48 * 1024;

#[test]
fn a_ticket_writes_little_and_syncs_about_once() {
    let tickets = long("ANTREAN_FLASH_TICKETS", 300);
    let desk = Desk::without_printer().far_from_midnight();
    let disk = Disk::below(&desk.data());
    let mut command = serve(&desk);
    disk.under(&mut command);
    let running = Running::start(command);
    assert!(desk.issue(&running.address).is_some());
    let (bytes, syncs) = (disk.bytes(), disk.syncs());
    for ticket in 0..tickets {
        let key = format!("flash-{ticket}");
        let asked = desk.ask(&running.address, "/api/v1/tickets", &json!({ "service": "ktp" }), Some(&key));
        assert_eq!(asked.unwrap().0, 201);
    }
    // The checkpoint at the end belongs to them.
    assert_eq!(running.terminate(), Some(0));
    let bytes = (disk.bytes() - bytes) / tickets;
    let syncs = (disk.syncs() - syncs) as f64 / tickets as f64;
    println!("{tickets} tickets over HTTP, one after the other: {bytes} bytes and {syncs:.2} syncs a ticket");
    assert!(bytes > 500 && bytes < MOST_BYTES, "{bytes} bytes a ticket");
    assert!((0.9..1.5).contains(&syncs), "{syncs} syncs a ticket");
}
