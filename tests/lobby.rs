//! The lobby in a real browser: who sees whom called, in what order, and who hears it.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use antrean::queue::rules::Parts;
use antrean::queue::{Command, Counter, Rules, Seen, Text};
use antrean::web::LobbySettings;
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::chromium::Chromium;
use support::house::House;
use support::rules::parts;
use support::web::Web;

const TV: (u32, u32) = (1920, 1080);
const SMALL_TV: (u32, u32) = (1366, 768);

/// A hall whose doors are open, with all counters staffed.
fn house(rules: Rules) -> House {
    let counters: Vec<String> = rules.counters.iter().map(|counter| counter.id.to_string()).collect();
    let house = House::with(rules);
    counters.iter().for_each(|counter| house.open_counter(counter));
    house
}

fn small_site() -> Rules {
    Parts { always_open: true, ..parts() }.into()
}

/// The small site with so many counters of Dukcapil.
fn with_counters(count: u16) -> Rules {
    let parts = parts();
    let first = parts.counters[0].clone();
    let counter = |number| Counter { id: format!("loket-{number}").into(), number, ..first.clone() };
    let mut counters: Vec<Counter> = (1..=count).map(counter).collect();
    let services = ["ktp", "kk", "kia", "paspor"];
    for counter in &mut counters[..1] {
        counter.services = services.iter().map(|&id| id.into()).collect();
    }
    Parts { always_open: true, counters, ..parts }.into()
}

/// The calls of Dukcapil's first two counters and of Imigrasi's are heard from `tv-1`.
fn spoken_by_tv_1(lobby: &mut LobbySettings) {
    let counters = ["loket-3", "loket-4", "loket-6"];
    lobby.speakers = counters.iter().map(|&id| (id.into(), "tv-1".to_owned())).collect::<HashMap<_, _>>();
}

fn serve(house: &House, change: impl FnOnce(&mut LobbySettings)) -> Web {
    Web::serve_with(&house.hall, house.time.clone(), |settings| change(&mut settings.lobby))
}

fn serve_again(address: SocketAddr, house: &House, change: impl FnOnce(&mut LobbySettings)) -> Web {
    Web::serve_at(address, &house.hall, house.time.clone(), |settings| change(&mut settings.lobby))
}

/// A screen that has seen its first board.
fn open(screen: &Chromium, web: &Web, path: &str) {
    screen.go(&format!("http://{}{path}", web.address));
    screen.until("board");
}

/// From now on the page notes what it plays, faster than anybody speaks, and what it shows. The clock of the house
/// stands still; so does the page's from here.
fn note(screen: &Chromium, house: &House) {
    let now = house.time.now().to_rfc3339();
    screen.script(&format!(
        "const frozen = Date.parse('{now}');
         Object.defineProperty(clock, 'ahead', {{ get: () => frozen - Date.now(), set() {{}} }});
         window.played = []; window.seen = [];
         const play = HTMLMediaElement.prototype.play;
         HTMLMediaElement.prototype.play = function () {{
           this.defaultPlaybackRate = this.playbackRate = 8;
           window.played.push(new URL(this.src).pathname);
           return play.call(this);
         }};
         voice.addEventListener('ended', () => {{ if (voice.src.includes('/say/')) window.played.push('ended'); }});
         const show = window.showCall;
         window.showCall = (call, fresh) => {{ window.seen.push(call.number); show(call, fresh); }};"
    ));
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn played(screen: &Chromium) -> Vec<String> {
    texts(&screen.script("return window.played"))
}

fn seen(screen: &Chromium) -> Vec<String> {
    texts(&screen.script("return window.seen"))
}

/// What is played for the calls with these places among the last ones.
fn announcements(house: &House, calls: &[usize]) -> Vec<String> {
    let present = house.hall.present();
    let all: Vec<u64> = present.day.calls().map(|call| call.seq.0).collect();
    calls.iter().flat_map(|&at| [format!("/lobby/say/{}", all[at]), "ended".to_owned()]).collect()
}

/// Waits until the figures of an element make this number.
fn until_text(screen: &Chromium, id: &str, number: &str) {
    screen.until(&format!("byId('{id}').textContent === '{number}'"));
}

fn until_played(screen: &Chromium, count: usize) {
    screen.until(&format!("window.played.length >= {count}"));
}

#[test]
fn calls_are_spoken_in_order_by_one_screen_and_a_recall_is_a_new_announcement() {
    let house = house(small_site());
    let web = serve(&house, spoken_by_tv_1);
    for service in ["ktp", "ktp", "paspor"] {
        house.issue(service).unwrap();
    }
    // Called before the screen was switched on: it is shown, and nobody hears it again.
    house.call("loket-3").unwrap();
    let (speaking, silent) = (Chromium::of_a_tv(TV.0, TV.1), Chromium::of_a_tv(SMALL_TV.0, SMALL_TV.1));
    open(&speaking, &web, "/lobby/b?screen=tv-1");
    open(&silent, &web, "/lobby/b");
    for screen in [&speaking, &silent] {
        until_text(screen, "call-number", "A001");
        note(screen, &house);
    }
    house.call("loket-4").unwrap();
    house.call("loket-6").unwrap();
    house.wish(Command::Recall { counter: "loket-4".into(), seen: Seen::Unsaid }).unwrap();
    until_played(&speaking, 6);
    assert_eq!(
        played(&speaking),
        announcements(&house, &[1, 2, 3]),
        "none of them before the last has ended"
    );
    silent.until("window.seen.length >= 3");
    let order = ["A002", "B001", "A002"];
    assert_eq!(
        (seen(&speaking), seen(&silent)),
        (order.map(str::to_owned).to_vec(), order.map(str::to_owned).to_vec())
    );
    assert!(played(&silent).is_empty(), "one speaker a zone");

    // A reload repeats nothing: the next that is heard is the next that is called.
    open(&speaking, &web, "/lobby/b?screen=tv-1");
    note(&speaking, &house);
    house.wish(Command::Recall { counter: "loket-6".into(), seen: Seen::Unsaid }).unwrap();
    until_played(&speaking, 2);
    assert_eq!(played(&speaking), announcements(&house, &[4]));
}

#[test]
fn whoever_has_come_meanwhile_is_not_called_aloud() {
    let house = house(small_site());
    let web = serve(&house, spoken_by_tv_1);
    for service in ["ktp", "ktp", "paspor"] {
        house.issue(service).unwrap();
    }
    let screen = Chromium::of_a_tv(TV.0, TV.1);
    open(&screen, &web, "/lobby?screen=tv-1");
    note(&screen, &house);
    house.call("loket-3").unwrap();
    house.call("loket-4").unwrap();
    house.wish(Command::Start { counter: "loket-4".into(), seen: Seen::Unsaid }).unwrap();
    house.call("loket-6").unwrap();
    until_played(&screen, 4);
    assert_eq!(played(&screen), announcements(&house, &[0, 2]));
    assert_eq!(seen(&screen), ["A001", "A002", "B001"], "shown it is");
}

#[test]
fn a_screen_that_was_away_shows_every_call_in_order_and_speaks_those_that_are_young() {
    let house = house(small_site());
    let web = serve(&house, spoken_by_tv_1);
    let address = web.address;
    for service in ["ktp", "ktp", "ktp", "paspor"] {
        house.issue(service).unwrap();
    }
    let screen = Chromium::of_a_tv(TV.0, TV.1);
    open(&screen, &web, "/lobby?screen=tv-1");
    house.call("loket-3").unwrap();
    until_text(&screen, "call-number", "A001");
    screen.until("!busyCalling");
    // The box is switched off and on again. While the screen is still away people are called.
    drop(web);
    screen.until("!byId('lost').hidden");
    let house = house.restart("2026-11-23 09:01");
    house.call("loket-4").unwrap();
    house.clock.advance(TimeDelta::seconds(50));
    house.wish(Command::Start { counter: "loket-3".into(), seen: Seen::Unsaid }).unwrap();
    house.call("loket-3").unwrap();
    house.call("loket-6").unwrap();
    note(&screen, &house);
    let web = serve_again(address, &house, spoken_by_tv_1);
    screen.until("byId('lost').hidden");
    until_played(&screen, 4);
    assert_eq!(seen(&screen), ["A002", "A003", "B001"], "all of them, in order, and none twice");
    assert_eq!(played(&screen), announcements(&house, &[2, 3]), "A002 was called 50 s ago");
    drop(web);
}

#[test]
fn a_browser_that_plays_nothing_untouched_asks_to_be_touched() {
    let house = house(small_site());
    let web = serve(&house, spoken_by_tv_1);
    let touched = "--autoplay-policy=document-user-activation-required";
    let screen = Chromium::open_with(TV.0, TV.1, false, &[touched]);
    open(&screen, &web, "/lobby?screen=tv-1");
    screen.reads("#sound", "Ketuk untuk menyalakan suara");
    screen.picture("lobby-touch");
    screen.click("#sound");
    screen.until("byId('sound').hidden");
    // The others have nothing to ask for.
    open(&screen, &web, "/lobby?screen=tv-9");
    assert_eq!(screen.text("#sound"), "");
    screen.reads("#unknown-screen", "Layar tv-9 tidak ada di konfigurasi: tanpa suara");
}

#[test]
fn only_calls_of_the_public_feed_can_be_heard() {
    let house = house(small_site());
    let web = serve(&house, spoken_by_tv_1);
    house.issue("ktp").unwrap();
    house.call("loket-3").unwrap();
    let browser = web.browser();
    let seq = house.hall.present().day.calls().next().unwrap().seq.0;
    let heard = browser.get(&format!("/lobby/say/{seq}"));
    assert_eq!((heard.status, heard.header("content-type")), (200, "audio/wav"));
    assert!(heard.body.starts_with("RIFF") && heard.body.len() > 100_000);
    for other in [format!("/lobby/say/{}", seq - 1), "/lobby/say/999".to_owned()] {
        assert_eq!(browser.get(&other).status, 404, "{other}");
    }
    assert_eq!(browser.get("/lobby/say/x").status, 400);
    let policy = browser.get("/lobby").header("content-security-policy").to_owned();
    assert!(policy.contains("media-src 'self'"), "{policy}");
}

// The tablet above a counter.

const TABLETS: [(u32, u32); 4] = [(1024, 600), (800, 480), (600, 1024), (800, 1280)];

/// Nothing of the page is outside of it, and no text is wider than its place.
fn nothing_is_cut_off(screen: &Chromium) {
    let cut = screen.script(
        "const whole = document.documentElement, out = [];
         if (whole.scrollHeight > innerHeight || whole.scrollWidth > innerWidth) out.push('page');
         for (const each of document.querySelectorAll('body *')) {
           const box = each.getBoundingClientRect();
           if (!box.width || each.closest('svg')) continue;
           if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 2)
             out.push(each.id || each.className || each.tagName);
           if (each.scrollWidth > each.clientWidth + 1 && each.clientWidth && getComputedStyle(each).display !== 'inline')
             out.push('in ' + (each.id || each.className || each.tagName));
         }
         return out",
    );
    let about = screen.script("return location.pathname + ' ' + innerWidth + '×' + innerHeight");
    assert_eq!(cut, json!([]), "{about}");
}

#[test]
fn a_tablet_above_a_counter_says_whose_turn_it_is_there() {
    let house = house(small_site());
    let web = serve(&house, |_| ());
    let tablet = Chromium::open(TABLETS[0].0, TABLETS[0].1);
    open(&tablet, &web, "/lobby/counter/3");
    tablet.reads("#say", "Silakan menunggu");
    tablet.picture("counter-ready");
    house.issue("ktp").unwrap();
    house.issue("paspor").unwrap();
    house.call("loket-3").unwrap();
    until_text(&tablet, "number", "A001");
    tablet.reads("#say", "Silakan ke Loket 3");
    nothing_is_cut_off(&tablet);
    tablet.picture("counter-called");
    house.call("loket-6").unwrap();
    house.wish(Command::Start { counter: "loket-3".into(), seen: Seen::Unsaid }).unwrap();
    tablet.reads("#say", "Sedang dilayani");
    until_text(&tablet, "number", "A001");
    house
        .wish(Command::Finish { counter: "loket-3".into(), seen: Seen::Unsaid, ending: Default::default() })
        .unwrap();
    tablet.reads("#rest", "Loket 3\nCounter 3");
    house.wish(Command::PauseCounter { counter: "loket-3".into() }).unwrap();
    tablet.reads("#say", "Istirahat");
    house.wish(Command::CloseCounter { counter: "loket-3".into() }).unwrap();
    tablet.reads("#say", "Tutup");
    tablet.picture("counter-closed");
    drop(web);
    tablet.reads("#say", "Menyambung kembali…");
    tablet.picture("counter-lost");
}

#[test]
fn a_tablets_number_is_as_large_as_the_screen_allows_whichever_way_it_hangs() {
    let house = house(small_site());
    let web = serve(&house, |_| ());
    house.issue("ktp").unwrap();
    house.call("loket-3").unwrap();
    for (width, height) in TABLETS {
        let tablet = Chromium::open(width, height);
        open(&tablet, &web, "/lobby/counter/3");
        until_text(&tablet, "number", "A001");
        tablet.script("return document.fonts.ready.then(fit)");
        nothing_is_cut_off(&tablet);
        tablet.picture(&format!("counter-{width}x{height}"));
        let shares = tablet.script(
            "const box = byId('number').getBoundingClientRect(), frame = document.querySelector('.turn').getBoundingClientRect();
             return [[...byId('number').children].reduce((sum, cell) => sum + cell.getBoundingClientRect().width, 0) / frame.width,
                     parseFloat(byId('number').style.fontSize) / frame.height]",
        );
        let (wide, high) = (shares[0].as_f64().unwrap(), shares[1].as_f64().unwrap());
        assert!(wide > 0.85 || high > 0.95, "{width}×{height}: {wide} of its width, {high} of its height");
    }
}

#[test]
fn there_is_no_tablet_for_a_counter_that_is_not_there() {
    let house = house(small_site());
    let web = serve(&house, |_| ());
    for path in ["/lobby/counter/7", "/lobby/counter/x", "/lobby/counter/-3", "/lobby/nowhere"] {
        assert_eq!(web.browser().get(path).status, 404, "{path}");
    }
}

// Sizes.

/// How high the capitals of an element are on a TV of this diagonal, in millimetres.
fn capital_mm(screen: &Chromium, selector: &str, diagonal_in: f64) -> f64 {
    let px = screen.script(&format!(
        "return parseFloat(getComputedStyle(document.querySelector('{selector}')).fontSize) * .668 / Math.hypot(innerWidth, innerHeight)"
    ));
    px.as_f64().unwrap() * diagonal_in * 25.4
}

/// A hall in which every counter has called somebody.
fn full(counters: u16) -> House {
    let house = house(with_counters(counters));
    for number in 1..=counters {
        house.issue("ktp").unwrap();
        house.call(&format!("loket-{number}")).unwrap();
    }
    house
}

#[test]
fn figures_are_as_high_as_the_far_end_of_the_hall_needs_them() {
    for counters in [1, 6, 12, 40] {
        let house = full(counters);
        for (diagonal_in, (width, height)) in [(43.0, TV), (43.0, SMALL_TV), (65.0, TV), (32.0, SMALL_TV)] {
            let web = serve(&house, |lobby| lobby.diagonal_in = diagonal_in as f32);
            let screen = Chromium::open(width, height);
            open(&screen, &web, "/lobby");
            screen.script("return document.fonts.ready.then(rows)");
            let figure = capital_mm(&screen, "#rows .number", diagonal_in);
            assert!(figure >= 39.9, "{counters} counters, {diagonal_in}\": {figure} mm in the list");
            let counter = capital_mm(&screen, "#rows .counter", diagonal_in);
            assert!(counter >= 39.9, "{counters} counters, {diagonal_in}\": {counter} mm for the counter");
            let last = capital_mm(&screen, "#call-number", diagonal_in);
            assert!(last >= 75.0, "{counters} counters, {diagonal_in}\": {last} mm for the last call");
            screen.picture(&format!("lobby-{counters}-{diagonal_in}-{width}"));
            nothing_is_cut_off(&screen);
        }
    }
}

#[test]
fn a_screen_too_small_for_the_far_end_shows_what_it_can() {
    let house = full(12);
    let web = serve(&house, |lobby| {
        lobby.zone_diagonals_in.insert("b".into(), 15.6);
    });
    let screen = Chromium::open(SMALL_TV.0, SMALL_TV.1);
    open(&screen, &web, "/lobby/b");
    screen.script("return document.fonts.ready.then(rows)");
    screen.picture("lobby-15-inches");
    nothing_is_cut_off(&screen);
    assert!(capital_mm(&screen, "#rows .number", 15.6) > 20.0);
}

#[test]
fn forty_counters_are_all_seen_however_often_somebody_is_called() {
    let house = full(40);
    let web = serve(&house, |_| ());
    let screen = Chromium::open(TV.0, TV.1);
    open(&screen, &web, "/lobby");
    let mut met = BTreeSet::new();
    for turn in 0..20 {
        // Somebody is called all the time, and stays in sight for it.
        let counter = format!("loket-{}", 1 + turn % 2);
        house.wish(Command::Recall { counter: counter.into(), seen: Seen::Unsaid }).unwrap();
        screen.until(&format!("board.seq >= {}", house.hall.present().day.seq()));
        screen.script("turnRows(); rows()");
        let read = |selector: &str| {
            let all = format!(
                "return [...document.querySelectorAll('{selector}')].map((each) => each.textContent)"
            );
            texts(&screen.script(&all))
        };
        assert_eq!(
            read("#rows .gold .number"),
            [screen.script("return byId('call-number').textContent").as_str().unwrap()]
        );
        let shown = read("#rows .number");
        assert_eq!(shown.len(), 4);
        met.extend(shown);
    }
    assert_eq!(met.len(), 40, "{met:?}");
}

// The ticker.

#[test]
fn what_the_supervisor_tells_the_hall_comes_first_until_its_time_is_over() {
    let house = house(small_site());
    let web = serve(&house, |lobby| lobby.ticker = vec![Text::same("Siapkan KTP asli.")]);
    let screen = Chromium::open(TV.0, TV.1);
    open(&screen, &web, "/lobby");
    screen.reads("#ticker .on", "Siapkan KTP asli.");
    let until = house.time.now() + TimeDelta::minutes(10);
    let text = Text::new("Listrik padam pukul 10.", "The power goes off at 10.");
    house.wish(Command::PostNotice { text, until, by: "siti".into() }).unwrap();
    screen.reads("#ticker .on", "Listrik padam pukul 10.");
    screen.picture("lobby-notice");
    let turns = "const told = [];
                 for (let turn = 0; turn < 3; turn++) { turnTicker(); told.push(document.querySelector('#ticker .on').textContent); }
                 return told";
    let told = texts(&screen.script(&format!("noticesChanged(); {turns}")));
    assert_eq!(told, ["The power goes off at 10.", "Siapkan KTP asli.", "Listrik padam pukul 10."]);
    let later = (until + TimeDelta::seconds(1)).to_rfc3339();
    let told = texts(&screen.script(&format!("setClock('{later}'); {turns}")));
    assert_eq!(told, ["Siapkan KTP asli."; 3]);
}

// Pictures.

fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 160, 90);
    encoder.set_color(png::ColorType::Rgb);
    let dots: Vec<u8> = (0..160 * 90).flat_map(|dot| [(dot % 160) as u8, (dot / 160) as u8, 120]).collect();
    encoder.write_header().unwrap().write_image_data(&dots).unwrap();
    bytes
}

#[test]
fn pictures_fill_the_quiet_and_yield_to_a_call_at_once() {
    let house = house(small_site());
    let folder = tempfile::tempdir().unwrap();
    let whole = picture();
    // Whole, and of three bits a colour, which there are none of: only a browser finds out.
    let mut hollow = whole.clone();
    hollow[24] = 3;
    std::fs::write(folder.path().join("a-hollow.png"), hollow).unwrap();
    std::fs::write(folder.path().join("b-broken.png"), &whole[..60]).unwrap();
    std::fs::write(folder.path().join("c whole.png"), whole).unwrap();
    let web = serve(&house, |lobby| {
        lobby.pictures = Some(folder.path().to_owned());
        lobby.pictures_after_s = 1;
    });
    assert_eq!(web.browser().get("/pictures").json(), json!(["a-hollow.png", "c whole.png"]));
    house.issue("ktp").unwrap();
    house.issue("ktp").unwrap();
    house.call("loket-3").unwrap();
    let screen = Chromium::open(TV.0, TV.1);
    open(&screen, &web, "/lobby");
    screen.until("!byId('picture').hidden");
    assert_eq!(
        screen.script("return new URL(byId('picture').src).pathname"),
        json!("/pictures/c%20whole.png")
    );
    screen.until("document.querySelector('#rows .number').textContent === 'A001'");
    screen.picture("lobby-picture");
    nothing_is_cut_off(&screen);
    screen.script(
        "const picture = byId('picture');
         new MutationObserver(() => { window.yielded ||= picture.hidden; }).observe(picture, { attributes: true });",
    );
    house.call("loket-4").unwrap();
    screen.until("window.yielded");
    until_text(&screen, "call-number", "A002");
}

#[test]
fn nobody_is_sent_to_a_counter_that_has_given_them_up() {
    let house = house(small_site());
    let web = serve(&house, |_| ());
    for _ in 0..2 {
        house.issue("ktp").unwrap();
    }
    let screen = Chromium::open(TV.0, TV.1);
    open(&screen, &web, "/lobby");
    house.call("loket-3").unwrap();
    house.call("loket-4").unwrap();
    until_text(&screen, "call-number", "A002");
    screen.until("!busyCalling");
    // Who is still called elsewhere takes the card back; then nobody does.
    house.wish(Command::NoShow { counter: "loket-4".into(), seen: Seen::Unsaid }).unwrap();
    until_text(&screen, "call-number", "A001");
    house.wish(Command::Start { counter: "loket-3".into(), seen: Seen::Unsaid }).unwrap();
    screen.until("board.counters.some((row) => row.state === 'serving')");
    assert_eq!(
        screen.script("return byId('call').classList.contains('on')"),
        true,
        "who is served was sent there"
    );
    let ending = antrean::queue::Ending::default();
    house.wish(Command::Finish { counter: "loket-3".into(), seen: Seen::Unsaid, ending }).unwrap();
    screen.until("!byId('call').classList.contains('on')");
}
