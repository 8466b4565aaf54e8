//! A full house: twenty counters with a console each, five lobby screens that come and go, and phones. Whatever
//! the journal says was called, everybody was told. The whole day with three hundred phones is `make crowd`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use antrean::config::{self, Options};
use antrean::hall::Hall;
use antrean::queue::{Board, Command, CounterId, Event, PublicEvent, Recorded, Rules, Seq, Ticket, TicketId};
use antrean::simulate::{self, Pace, Play, STAFF, Sight};
use antrean::web::Staff;
use serde_json::Value;
use support::house::House;
use support::rules::time;
use support::web::{Browser, PIN, Web, quick_hash};

const MONDAY: &str = "2026-11-23";
const COUNTERS: usize = 20;
const LOBBIES: usize = 5;
/// Only a broken house needs so long to tell everybody.
const PATIENCE: Duration = Duration::from_secs(120);

/// The mall of Langsa with twenty counters.
fn full_mall() -> Rules {
    let mut text = config::DEFAULT.to_owned();
    let known = text.matches("\n[[counter]]").count();
    for i in known..COUNTERS {
        let agency = ["dukcapil", "imigrasi", "bpjs-kesehatan"][i % 3];
        text += &format!(
            "\n[[counter]]\nid = \"loket-tambahan-{i}\"\nnumber = {}\nagency = \"{agency}\"\n",
            40 + i
        );
    }
    let rules = config::read("antrean.toml", &text, Options::default()).unwrap().rules;
    assert_eq!(rules.counters.len(), COUNTERS);
    rules
}

/// The lobby screens that are there, and whether the day is over: then nobody goes away any more.
#[derive(Default)]
struct Lobbies {
    there: BTreeMap<usize, Seq>,
    over: bool,
}

/// How far each of those who listen has heard.
#[derive(Default)]
struct Heard {
    lobbies: Mutex<Lobbies>,
    phones: Mutex<BTreeMap<TicketId, Seq>>,
    consoles: Mutex<BTreeMap<CounterId, Seq>>,
    news: (Mutex<()>, Condvar),
}

impl Heard {
    fn tell(&self) {
        let _held = self.news.0.lock().unwrap();
        self.news.1.notify_all();
    }

    /// Waits, from one piece of news to the next, until there is nobody of whom this is to be said.
    fn until_nobody(&self, who: impl Fn() -> Option<String>, what: &str) {
        let began = Instant::now();
        let mut held = self.news.0.lock().unwrap();
        while let Some(who) = who() {
            assert!(began.elapsed() < PATIENCE, "{who} {what}");
            held = self.news.1.wait_timeout(held, Duration::from_millis(20)).unwrap().0;
        }
    }

    /// Waits until no lobby screen is away any more.
    fn until_all_are_back(&self) {
        self.lobbies.lock().unwrap().over = true;
        let away =
            || (self.lobbies.lock().unwrap().there.len() < LOBBIES).then(|| "a lobby screen".to_owned());
        self.until_nobody(away, "did not come back");
    }

    /// Waits until everybody who listens knows what is so now.
    fn until_level(&self, hall: &Hall) {
        let present = hall.present();
        let behind = || {
            let lobbies = self.lobbies.lock().unwrap();
            let lobby = lobbies.there.iter().find(|(_, seq)| **seq < present.day.seq());
            let phones = self.phones.lock().unwrap();
            let phone = phones
                .iter()
                .find(|(id, seq)| present.day.ticket(**id).is_some_and(|ticket| ticket.seq > **seq));
            let consoles = self.consoles.lock().unwrap();
            let console = consoles.iter().find(|(_, seq)| **seq < present.day.seq());
            let lobby = lobby.map(|lobby| format!("lobby {lobby:?}"));
            let phone = phone.map(|phone| format!("phone {phone:?}"));
            lobby.or(phone).or(console.map(|console| format!("console {console:?}")))
        };
        self.until_nobody(behind, &format!("was not told of line {}", present.day.seq()));
    }
}

/// The calls that one lobby screen showed, in order; it goes away now and then and comes back.
fn lobby(nth: usize, browser: Browser, heard: Arc<Heard>) -> JoinHandle<Vec<Seq>> {
    thread::spawn(move || {
        let mut shown = Vec::new();
        let (mut board, mut last): (Option<Board>, Option<String>) = (None, None);
        let mut turn = 0;
        loop {
            let mut stream = browser.stream("/api/v1/events", last.as_deref());
            if let Some(board) = &board {
                // It is there again, and hears now what it missed.
                heard.lobbies.lock().unwrap().there.insert(nth, board.seq);
                heard.tell();
            }
            turn += 1;
            // Each stays for another while, so that somebody is always away.
            let stays = 40 + 30 * nth + 7 * turn;
            let mut heard_now = 0;
            let open = loop {
                let Some(told) = stream.read() else { break false };
                // Which config is in force: pages load themselves again when it is another one.
                if told.name == "rules" {
                    continue;
                }
                last = Some(told.id.clone());
                if told.name == "board" {
                    let fresh = told.board();
                    let known = shown.last().copied().unwrap_or(Seq(0));
                    shown.extend(fresh.calls.iter().map(|call| call.seq).filter(|seq| *seq > known));
                    board = Some(fresh);
                } else {
                    let change: PublicEvent = serde_json::from_str(&told.data).unwrap();
                    shown.extend(change.call.iter().map(|call| call.seq));
                    board.as_mut().expect("the board comes first").apply(&change);
                }
                heard_now += 1;
                let mut lobbies = heard.lobbies.lock().unwrap();
                lobbies.there.insert(nth, board.as_ref().unwrap().seq);
                let leaves = heard_now > stays && !lobbies.over;
                if leaves {
                    // Nobody waits for it meanwhile.
                    lobbies.there.remove(&nth);
                }
                drop(lobbies);
                heard.tell();
                if leaves {
                    break true;
                }
            };
            if !open {
                return shown;
            }
        }
    })
}

/// What one phone was told of its ticket: the states, and the last line of it.
fn phone(
    ticket: TicketId,
    token: String,
    browser: Browser,
    heard: Arc<Heard>,
) -> JoinHandle<(Vec<String>, Seq)> {
    thread::spawn(move || {
        let mut stream = browser.stream(&format!("/api/v1/tickets/by-token/{token}/events"), None);
        let (mut states, mut last) = (Vec::new(), Seq(0));
        while let Some(told) = stream.read() {
            let view = told.json();
            let state = view["state"].as_str().unwrap().to_owned();
            if states.last() != Some(&state) {
                states.push(state);
            }
            last = Seq(view["seq"].as_u64().unwrap());
            heard.phones.lock().unwrap().insert(ticket, last);
            heard.tell();
        }
        heard.phones.lock().unwrap().remove(&ticket);
        heard.tell();
        (states, last)
    })
}

/// Every number that one console showed as called or served, and the view at the end.
fn console(counter: CounterId, browser: Browser, heard: Arc<Heard>) -> JoinHandle<(BTreeSet<String>, Value)> {
    heard.consoles.lock().unwrap().insert(counter.clone(), Seq(0));
    thread::spawn(move || {
        let mut stream = browser.stream("/console/events", None);
        let (mut seen, mut last) = (BTreeSet::new(), Value::Null);
        while let Some(told) = stream.read() {
            last = told.json();
            seen.extend(last["ticket"]["number"].as_str().map(str::to_owned));
            if let Ok(seq) = told.id.parse() {
                heard.consoles.lock().unwrap().insert(counter.clone(), Seq(seq));
                heard.tell();
            }
        }
        heard.consoles.lock().unwrap().remove(&counter);
        heard.tell();
        (seen, last)
    })
}

fn calls(journal: &[Recorded]) -> Vec<(Seq, String, CounterId)> {
    let call = |line: &Recorded| match &line.event {
        Event::TicketCalled { number, counter, .. }
        | Event::TicketRecalled { number, counter, .. }
        | Event::TicketResumed { number, counter, .. } => {
            Some((line.seq, number.to_string(), counter.clone()))
        }
        _ => None,
    };
    journal.iter().filter_map(call).collect()
}

#[test]
fn no_call_is_missed_by_any_screen_console_or_phone() {
    let whole = std::env::var_os("CROWD").is_some_and(|long| long == "whole");
    // A phone for every visitor until there are so many, or for a few of them.
    let (until, phones_at_most, each) = if whole { (None, 300, 1) } else { (Some(time("10:00")), 24, 3) };
    let rules = full_mall();
    let play = Play::new(Arc::new(rules.clone()), MONDAY.parse().unwrap(), 7, until).unwrap();
    let house = House::at(rules.clone(), &play.begins().format("%Y-%m-%d %H:%M").to_string());
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.staff.push(Staff {
            id: STAFF.into(),
            name: "Petugas".to_owned(),
            at_counter: true,
            pin_hash: quick_hash(PIN),
            agency: None,
            ..settings.staff[0].clone()
        });
    });
    let visitors = Web::phones(&house.hall, house.time.clone());
    let heard = Arc::new(Heard::default());
    let consoles: Vec<_> = rules
        .counters
        .iter()
        .map(|counter| {
            let browser = web.screen();
            browser.sign_in(STAFF, counter.id.as_str(), PIN);
            // The page looks on; whoever serves there opens the counter when the day begins.
            house.wish(Command::CloseCounter { counter: counter.id.clone() }).unwrap();
            (counter.id.clone(), console(counter.id.clone(), browser, heard.clone()))
        })
        .collect();
    let lobbies: Vec<_> = (0..LOBBIES).map(|nth| lobby(nth, web.screen(), heard.clone())).collect();
    let mut phones = BTreeMap::new();
    let mut known = TicketId(Seq(0));
    let mut visitor = 0;
    let hall = house.hall.clone();
    let played =
        simulate::perform(play, &house.hall, &house.clock, Pace::Max, &AtomicBool::new(false), |sight| {
            // Each slip is a visitor: whoever has a phone scans the code. Then everybody is given time to hear.
            let Sight::Slip { .. } = sight else { return };
            let present = hall.present();
            let new: Vec<&Ticket> = present.day.tickets().filter(|ticket| ticket.id > known).collect();
            for ticket in new {
                known = ticket.id;
                visitor += 1;
                if phones.len() < phones_at_most && visitor % each == 0 {
                    let token = hall.token(ticket.nonce).to_string();
                    heard.phones.lock().unwrap().insert(ticket.id, Seq(0));
                    phones.insert(ticket.id, phone(ticket.id, token, visitors.screen(), heard.clone()));
                }
            }
            heard.until_level(&hall);
        });
    heard.until_all_are_back();
    heard.until_level(&house.hall);
    let present = house.hall.present();
    drop((web, visitors));
    let journal = house.journal();
    assert_eq!(simulate::faults(&journal, &played), Vec::<String>::new());
    let called = calls(&journal);
    let tickets = present.day.tickets().count();
    assert!(
        called.len() > 40 && phones.len() == phones_at_most,
        "{} calls, {} phones",
        called.len(),
        phones.len()
    );
    let wanted: Vec<Seq> = called.iter().map(|(seq, ..)| *seq).collect();
    for lobby in lobbies {
        assert_eq!(lobby.join().unwrap(), wanted, "a lobby screen shows every call once, in order");
    }
    let mut saw_the_call = 0;
    for (id, phone) in phones {
        let (states, last) = phone.join().unwrap();
        let ticket = present.day.ticket(id).unwrap();
        assert_eq!(last, ticket.seq, "{} was told everything: {states:?}", ticket.number);
        assert_eq!(states.last().map(String::as_str), Some(ticket.state.as_str()), "{}", ticket.number);
        saw_the_call += usize::from(states.iter().any(|state| state == "called"));
    }
    for (counter, console) in consoles {
        let (seen, last) = console.join().unwrap();
        let own: BTreeSet<String> =
            called.iter().filter(|(.., at)| *at == counter).map(|(_, number, _)| number.clone()).collect();
        assert!(seen.is_subset(&own), "{counter} showed {:?}", seen.difference(&own));
        assert_eq!(
            last["ticket"]["number"].as_str().map(str::to_owned),
            present.day.active(&counter).map(|ticket| ticket.number.to_string())
        );
    }
    println!("{tickets} tickets, {} calls, {saw_the_call} phones saw the call itself", called.len());
}
