//! The console in a real browser: a clerk works by keys, and everybody at the counter sees the same.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::{Conduct, CounterPhase, Rules, TicketState};
use support::chromium::Chromium;
use support::house::House;
use support::rules::{at, parts};
use support::web::{PIN, Web};

const ESCAPE: char = '\u{E00C}';
const DESK: (u32, u32) = (1366, 768);

/// The small site, open, with the usual reasons and outcomes.
fn rules() -> Rules {
    let mut parts = parts();
    parts.always_open = true;
    parts.conduct = Conduct { call_gap_s: 0, calls_before_no_show: 1, ..Conduct::default() };
    parts.into()
}

struct Office {
    house: House,
    web: Web,
}

impl Office {
    fn open() -> Self {
        let house = House::with(rules());
        let web = Web::serve(&house.hall, house.time.clone());
        Self { house, web }
    }

    fn address(&self) -> String {
        format!("http://{}", self.web.address)
    }

    /// Somebody at a counter, signed in as people do it.
    fn clerk(&self, staff: &str, counter: &str, (width, height): (u32, u32)) -> Chromium {
        let browser = Chromium::open(width, height);
        browser.go(&format!("{}/console", self.address()));
        browser.choose("#staff", staff);
        browser.choose("#counter", counter);
        browser.fill("input[name=pin]", PIN);
        browser.click("button.primary");
        browser.until("window.counter || document.getElementById('console')");
        browser.until("document.body.dataset.state === 'ready'");
        browser
    }

    fn state(&self, number: &str) -> TicketState {
        let present = self.house.hall.present();
        present.day.ticket_numbered(&number.parse().unwrap()).unwrap().state
    }
}

#[test]
fn a_tickets_whole_day_by_keys() {
    let office = Office::open();
    for service in ["ktp", "kk", "ktp", "ktp"] {
        office.house.issue(service).unwrap();
    }
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.reads("#waiting-total", "4");
    clerk.key(' ');
    clerk.reads("#number", "A001");
    clerk.reads("#state", "Dipanggil");
    clerk.key('m');
    clerk.reads("#state", "Sedang dilayani");
    clerk.picture("console-serving");

    // To fetch papers, for half an hour.
    clerk.key('d');
    clerk.reads("#sheet-title", "Tunda A001: untuk apa?");
    clerk.picture("console-sheet");
    clerk.key('1');
    clerk.reads("#sheet-title", "Tunda A001: berapa lama?");
    clerk.key('3');
    clerk.reads("#held b", "A001");
    assert_eq!(office.state("A001"), TicketState::OnHold);

    // With another outcome, taken back, and ended in the usual way.
    clerk.key(' ');
    clerk.reads("#number", "A002");
    clerk.key('m');
    clerk.reads("#state", "Sedang dilayani");
    clerk.key('2');
    clerk.reads("#state", "Siap");
    clerk.reads("#undo-what", "A002");
    clerk.key('z');
    clerk.reads("#state", "Sedang dilayani");
    clerk.key('s');
    clerk.reads("#state", "Siap");

    // Nobody came; then she is there after all.
    clerk.key(' ');
    clerk.reads("#number", "A003");
    clerk.key('t');
    clerk.reads("#missed-list b", "A003");
    clerk.picture("console-lists");
    clerk.click("#missed-list button");
    clerk.key('1');
    clerk.until("document.getElementById('missed-part').hidden");
    assert_eq!(office.state("A003"), TicketState::Waiting);

    // Sent on to another agency's only service. Whoever was absent for a moment is not behind everybody.
    clerk.key(' ');
    clerk.reads("#number", "A003");
    clerk.key('a');
    clerk.reads("#sheet-title", "Alihkan A003 ke instansi mana?");
    clerk.key('b');
    clerk.reads("#sheet-title", "Alihkan A003 ke layanan mana?");
    clerk.key('1');
    clerk.reads("#state", "Siap");
    let present = office.house.hall.present();
    let sent = present.day.ticket_numbered(&"A003".parse().unwrap()).unwrap();
    assert_eq!((sent.service.as_str(), sent.state), ("paspor", TicketState::Waiting));
}

#[test]
fn what_was_done_besides_is_said_before_the_next_is_called() {
    let office = Office::open();
    office.house.issue("ktp").unwrap();
    office.house.issue("ktp").unwrap();
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.key(' ');
    clerk.reads("#number", "A001");
    clerk.key('m');
    clerk.reads("#state", "Sedang dilayani");
    for key in ['l', '1', '2', '2', '0'] {
        clerk.key(key);
    }
    clerk.reads("#service", "ktp + 2 kk");
    clerk.key(' ');
    clerk.reads("#number", "A002");
    let present = office.house.hall.present();
    let done = present.day.ticket_numbered(&"A001".parse().unwrap()).unwrap();
    assert_eq!(done.state, TicketState::Done);
    let events = office.house.database();
    let journal = rusqlite::Connection::open(events).unwrap();
    let said: String = journal
        .query_row("SELECT body FROM journal WHERE body LIKE '%quantity%'", [], |row| row.get(0))
        .unwrap();
    assert!(said.contains(r#""service":"kk","quantity":2"#), "{said}");
}

#[test]
fn a_ticket_is_called_out_of_turn_with_a_reason_and_cancelled_with_a_question() {
    let office = Office::open();
    for _ in 0..3 {
        office.house.issue("ktp").unwrap();
    }
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.until("document.querySelectorAll('#waiting li').length === 3");
    clerk.click("#waiting li:nth-child(3) button");
    clerk.key('1');
    clerk.reads("#sheet-title", "Panggil A003 sekarang: mengapa?");
    clerk.key('2');
    clerk.reads("#number", "A003");
    clerk.click("#waiting li:nth-child(2) button");
    clerk.reads("#sheet-choices li:first-child small", "selesaikan dulu A003");
    clerk.key('4');
    clerk.reads("#sheet-title", "Batalkan A002?");
    clerk.key(ESCAPE);
    clerk.until("!document.getElementById('sheet').open");
    assert_eq!(office.state("A002"), TicketState::Waiting, "nothing was answered");
    // An answered sheet is gone at once: the next key is the console's, however busy the browser is.
    clerk.click("#waiting li:nth-child(2) button");
    let open = clerk.script("document.querySelector('#sheet-choices li:nth-child(3) button').click(); return document.getElementById('sheet').open");
    assert_eq!(open, false);
    clerk.click("#waiting li:nth-child(2) button");
    clerk.key('4');
    clerk.key('2');
    clerk.until("document.querySelectorAll('#waiting li').length === 1");
    assert_eq!(office.state("A002"), TicketState::Cancelled);
}

#[test]
fn numbers_are_stopped_and_given_again_and_the_break_has_one_key() {
    let office = Office::open();
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.key('n');
    clerk.reads("#sheet-title", "Layanan mana?");
    clerk.key('1');
    clerk.key('1');
    clerk.reads("#sheet-title", "Sampai kapan?");
    clerk.key('1');
    clerk.reads("#numbers-text", "Terima nomor");
    assert!(office.house.issue("ktp").is_err());
    clerk.key('n');
    clerk.key('1');
    clerk.reads("#numbers-text", "Stop nomor");
    assert!(office.house.issue("ktp").is_ok());
    clerk.key('i');
    clerk.reads("#phase", "Istirahat");
    let phase = office.house.hall.present().day.counter(&"loket-3".into()).phase;
    assert_eq!(phase, CounterPhase::Paused);
    clerk.key('i');
    clerk.reads("#phase", "Loket buka");
}

#[test]
fn two_browsers_at_one_counter_stay_in_step_and_nothing_is_done_twice() {
    let office = Office::open();
    for _ in 0..2 {
        office.house.issue("ktp").unwrap();
    }
    let one = office.clerk("ani", "loket-3", DESK);
    let other = office.clerk("ani", "loket-3", (390, 844));
    one.key(' ');
    one.reads("#number", "A001");
    other.reads("#number", "A001");
    other.picture("console-phone");
    // Both press at once: what the other one saw has changed.
    one.key('m');
    other.key('m');
    one.reads("#state", "Sedang dilayani");
    other.reads("#state", "Sedang dilayani");
    one.key('s');
    one.reads("#state", "Siap");
    other.reads("#state", "Siap");
    assert_eq!((office.state("A001"), office.state("A002")), (TicketState::Done, TicketState::Waiting));
}

#[test]
fn nothing_of_the_console_needs_scrolling_on_a_small_desk_screen() {
    let office = Office::open();
    for _ in 0..12 {
        office.house.issue("ktp").unwrap();
    }
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.key(' ');
    clerk.reads("#number", "A001");
    clerk.key('m');
    clerk.reads("#state", "Sedang dilayani");
    let room = clerk.script("return [document.documentElement.scrollHeight, innerHeight, document.documentElement.scrollWidth, innerWidth]");
    assert!(room[0].as_u64() <= room[1].as_u64() && room[2].as_u64() <= room[3].as_u64(), "{room}");
    clerk.picture("console-full");
}

#[test]
fn a_lost_line_is_seen_and_a_key_pressed_meanwhile_is_not_lost_silently() {
    let Office { house, web } = Office::open();
    house.issue("ktp").unwrap();
    let office = Office { house, web };
    let clerk = office.clerk("ani", "loket-3", DESK);
    let Office { house, web } = office;
    drop(web);
    clerk.reads("#line-text", "Terputus, mencoba lagi…");
    clerk.key(' ');
    clerk.until("document.getElementById('notice').textContent.startsWith('Tidak tersambung')");
    clerk.picture("console-lost");
    assert_eq!(
        house.hall.present().day.ticket_numbered(&"A001".parse().unwrap()).unwrap().state,
        TicketState::Waiting
    );
    assert_eq!(house.time.now(), at("2026-11-23 09:00"));
}

#[test]
fn a_line_that_is_well_is_heard_beating_by_the_browser() {
    let office = Office::open();
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.script(
        "window.beats = 0; new EventSource('/console/events').addEventListener('beat', () => { window.beats += 1; }); return 0",
    );
    clerk.until("window.beats > 1");
    clerk.reads("#line-text", "Tersambung");
}

#[test]
fn a_key_that_must_wait_counts_down_and_a_key_that_cannot_be_says_why() {
    let mut parts = parts();
    (parts.always_open, parts.conduct) = (true, Conduct::default());
    let house = House::with(parts.into());
    let office = Office { web: Web::serve(&house.hall, house.time.clone()), house };
    let clerk = office.clerk("ani", "loket-3", DESK);
    clerk.key(' ');
    clerk.reads("#notice", "Tidak ada yang menunggu loket ini.");
    office.house.issue("ktp").unwrap();
    clerk.until("document.getElementById('next').textContent.startsWith('A001')");
    clerk.key(' ');
    clerk.reads("#number", "A001");
    clerk.until("document.getElementById('recall-wait').textContent.endsWith(' d')");
    clerk.picture("console-wait");
    clerk.key(' ');
    clerk.reads("#notice", "Mulai layani (M) atau tandai tidak hadir (T) dulu.");
    clerk.key('t');
    clerk.reads("#notice", "Panggil sekali lagi dulu (R). Mungkin belum terdengar.");
    office.house.clock.advance(chrono::TimeDelta::seconds(15));
    office.house.issue("ktp").unwrap();
    clerk.until("document.getElementById('recall').getAttribute('aria-disabled') === 'false'");
    clerk.key('r');
    clerk.until("document.getElementById('called').textContent.endsWith('2 kali')");
    office.house.clock.advance(chrono::TimeDelta::seconds(15));
    office.house.issue("ktp").unwrap();
    clerk.until("document.getElementById('no-show').getAttribute('aria-disabled') === 'false'");
    clerk.key('t');
    clerk.reads("#missed", "1");
}
