//! A visitor's phone in a real browser, which speaks English here: the page follows its ticket by itself, rings,
//! and says when it cannot.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::queue::{Command, CounterId, Seen, TicketId, TicketState};
use support::chromium::Chromium;
use support::house::House;
use support::web::Web;

const PHONE: (u32, u32) = (390, 844);

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::phones(&house.hall, house.time.clone());
    (house, web)
}

/// A ticket, and the page that its code leads to.
fn scan(house: &House, web: &Web) -> (TicketId, Chromium) {
    let ticket = house.issue("ktp").unwrap().ticket.unwrap();
    let phone = Chromium::open(PHONE.0, PHONE.1);
    phone.go(&format!("http://{}/t/{}", web.address, house.hall.token(ticket.nonce)));
    phone.until("document.getElementById('lost') && document.getElementById('lost').hidden");
    (ticket.id, phone)
}

fn state(house: &House, ticket: TicketId) -> TicketState {
    house.hall.present().day.ticket(ticket).unwrap().state
}

#[test]
fn the_page_follows_its_ticket_and_rings_when_it_is_called() {
    let (house, web) = open();
    house.open_counter("loket-3");
    house.issue("ktp").unwrap();
    let (_, phone) = scan(&house, &web);
    phone.reads(".slip .number", "A002");
    phone.reads(".queue p", "1 person ahead");
    phone.picture("phone-waiting");
    // Only after a touch may a browser ring.
    phone.script("window.rang = 0; navigator.vibrate = () => { window.rang += 1; return true; }; return 0");
    phone.click("#ring");
    phone.until("window.rang === 1");
    house.call("loket-3").unwrap();
    phone.until("document.getElementById('page').dataset.ahead === '0'");
    let counter = CounterId::from("loket-3");
    house.wish(Command::NoShow { counter: counter.clone(), seen: Seen::Unsaid }).unwrap();
    assert_eq!(phone.script("return window.rang"), 1, "somebody else was called");
    house.call("loket-3").unwrap();
    phone.until("document.getElementById('page').dataset.state === 'called'");
    phone.reads(".go b", "Counter 3");
    phone.until("window.rang > 1");
    phone.picture("phone-called");
    assert!(phone.script("return document.title").as_str().unwrap().contains("Counter 3"));
    house.wish(Command::Start { counter, seen: Seen::Unsaid }).unwrap();
    phone.until("document.getElementById('page').dataset.state === 'serving'");
    assert_eq!(phone.script("return document.documentElement.scrollWidth <= innerWidth"), true);
}

#[test]
fn a_number_is_given_up_after_one_question() {
    let (house, web) = open();
    let (ticket, phone) = scan(&house, &web);
    phone.click("#cancel summary");
    phone.click("#keep");
    phone.until("!document.getElementById('cancel').open");
    assert_eq!(state(&house, ticket), TicketState::Waiting);
    phone.click("#cancel summary");
    phone.picture("phone-cancel");
    phone.click("#cancel button[type=submit]");
    phone.until("document.getElementById('page').dataset.state === 'cancelled'");
    assert_eq!(state(&house, ticket), TicketState::Cancelled);
}

#[test]
fn a_lost_line_is_told_and_what_happened_meanwhile_is_there_when_it_is_back() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let (_, phone) = scan(&house, &web);
    let address = web.address;
    drop(web);
    phone.until("!document.getElementById('lost').hidden");
    phone.picture("phone-lost");
    house.call("loket-3").unwrap();
    let _web = Web::phones_at(address, &house.hall, house.time.clone());
    phone.until("document.getElementById('page').dataset.state === 'called'");
    phone.until("document.getElementById('lost').hidden");
    phone.reads(".go b", "Counter 3");
}
