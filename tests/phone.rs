//! A visitor's phone over real sockets: what its door serves and what it refuses, and a ticket's whole life as
//! its holder sees it.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::hall::Hall;
use antrean::queue::{Actor, Class, Command, CounterId, Language, Seen, TicketId, Visitors};
use chrono::TimeDelta;
use serde_json::json;
use slint::ComponentHandle;
use support::house::{House, issue};
use support::kiosk::{Kiosk, settings};
use support::paper::Paper;
use support::program::{Desk, Running, run, stderr};
use support::rules::always_open;
use support::site::printing;
use support::web::{Answer, Browser, PIN, Web};

const INDONESIAN: &[(&str, &str)] = &[("Accept-Language", "id-ID,id;q=0.9")];
const ENGLISH: &[(&str, &str)] = &[("Accept-Language", "en-GB,en;q=0.8")];

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::phones(&house.hall, house.time.clone());
    (house, web)
}

/// A ticket in somebody's hand.
struct Held {
    id: TicketId,
    token: String,
    phone: Browser,
}

impl Held {
    fn take(house: &House, web: &Web, service: &str) -> Self {
        let ticket = house.issue(service).unwrap().ticket.unwrap();
        Self { id: ticket.id, token: house.hall.token(ticket.nonce).to_string(), phone: web.browser() }
    }

    fn path(&self) -> String {
        format!("/t/{}", self.token)
    }

    fn looks(&self) -> Answer {
        let answer = self.phone.get_with(&self.path(), INDONESIAN);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    fn reads(&self, text: &str) -> bool {
        self.looks().body.contains(text)
    }

    fn title(&self) -> String {
        title(&self.looks().body)
    }
}

fn title(page: &str) -> String {
    page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.to_owned()
}

fn at(counter: &str) -> CounterId {
    counter.into()
}

fn start(counter: &str) -> Command {
    Command::Start { counter: at(counter), seen: Seen::Unsaid }
}

fn finish(counter: &str) -> Command {
    Command::Finish { counter: at(counter), seen: Seen::Unsaid, ending: Default::default() }
}

#[test]
fn the_visitors_door_serves_a_ticket_and_nothing_of_the_house() {
    let (house, web) = open();
    let held = Held::take(&house, &web, "ktp");
    let path = held.path();
    for (path, status) in [
        (path.as_str(), 200),
        (&format!("/api/v1/tickets/by-token/{}", held.token), 200),
        ("/assets/phone.css", 200),
        ("/assets/phone.js", 200),
        ("/assets/live.js", 200),
        ("/assets/mark.svg", 200),
        ("/assets/fonts/phone-800.woff2", 200),
        ("/", 404),
        ("/t/", 404),
        ("/console", 404),
        ("/console/state", 404),
        ("/console/events", 404),
        ("/lobby", 404),
        ("/preview", 404),
        ("/healthz", 404),
        ("/assets/console.js", 404),
        ("/assets/antrean.css", 404),
        ("/assets/fonts/AtkinsonHyperlegibleNext_400Regular.ttf", 404),
        ("/assets/../assets/console.js", 404),
        ("/api/openapi.json", 404),
        ("/api/v1/board", 404),
        ("/api/v1/events", 404),
        ("/api/v1/tickets?number=A001", 404),
    ] {
        assert_eq!(web.browser().get(path).status, status, "{path}");
    }
    let stranger = web.browser();
    assert_eq!(stranger.sign_in("ani", "loket-3", PIN).status, 404, "nobody signs in here");
    let program = web.program(support::web::CALLING);
    assert_eq!(program.post("/api/v1/counters/loket-3/call-next", &json!({})).status, 404);
    assert_eq!(program.post("/api/v1/tickets", &json!({"service": "ktp"})).status, 404);
    assert_eq!(program.post(&format!("/api/v1/tickets/{}/cancel", held.id), &json!({})).status, 404);
}

#[test]
fn the_staffs_door_has_no_page_for_phones() {
    let house = House::open();
    let staff = Web::serve(&house.hall, house.time.clone());
    let held = Held::take(&house, &staff, "ktp");
    assert_eq!(staff.browser().get(&held.path()).status, 404);
    assert_eq!(staff.browser().get(&format!("/api/v1/tickets/by-token/{}", held.token)).status, 200);
}

#[test]
fn a_phone_comes_by_the_name_on_the_slip_or_by_an_address() {
    let (house, web) = open();
    let held = Held::take(&house, &web, "ktp");
    let by = |host: &str| web.browser().get_with(&held.path(), &[("Host", host)]).status;
    assert_eq!((by("antrean.lan:8081"), by("192.168.100.200:8081")), (200, 200));
    assert_eq!(by("antrean.local"), 421, "the staff's name leads to the staff's door");
    assert_eq!(by("evil.example"), 421);
}

#[test]
fn the_token_stays_on_the_phone() {
    let (house, web) = open();
    let answer = Held::take(&house, &web, "ktp").looks();
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
    assert!(answer.header("content-security-policy").contains("default-src 'none'; script-src 'self'"));
    assert!(!answer.body.contains("<script>") && !answer.body.contains(" style=\""), "nothing inline");
    assert!(!answer.body.contains("//"), "nothing leads elsewhere: {}", answer.body);
}

#[test]
fn a_waiting_visitor_sees_the_place_in_the_queue_and_where_to_wait() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let [first, second, third] = [0; 3].map(|_| Held::take(&house, &web, "ktp"));
    assert_eq!(first.title(), "Anda berikutnya · A001");
    assert_eq!(third.title(), "2 orang di depan · A003");
    assert!(first.reads("<p class=\"first\">Anda berikutnya</p>"));
    let page = third.looks().body;
    for text in
        ["Menunggu", "<b>2</b> <span>orang di depan</span>", "Loket 3 atau 4", "Biarkan halaman ini terbuka"]
    {
        assert!(page.contains(text), "{text}\n{page}");
    }
    assert!(page.contains("Waktu belum bisa diperkirakan"), "{page}");
    house.call("loket-3").unwrap();
    assert!(third.reads("Terakhir dipanggil: A001 ke Loket 3"));
    assert_eq!(
        (second.title(), third.title()),
        ("Anda berikutnya · A002".into(), "1 orang di depan · A003".into())
    );
}

#[test]
fn the_wait_is_a_range_once_it_can_be_foretold() {
    let (house, web) = open();
    house.open_counter("loket-3");
    house.serve("ktp", "loket-3", 6);
    house.issue("ktp").unwrap();
    let held = Held::take(&house, &web, "ktp");
    let page = held.looks().body;
    let (_, wait) = page.split_once("<b class=\"wait\">").unwrap();
    let (wait, _) = wait.split_once("</b>").unwrap();
    let (low, high) = wait.strip_suffix(" menit").unwrap().split_once('–').unwrap();
    assert!(low.parse::<u32>().unwrap() < high.parse::<u32>().unwrap(), "{wait}");
}

#[test]
fn a_called_visitor_sees_nothing_but_the_call() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let held = Held::take(&house, &web, "ktp");
    house.call("loket-3").unwrap();
    let page = held.looks().body;
    assert_eq!(title(&page), "Giliran Anda! Loket 3 · A001");
    for text in ["<body class=\"called\">", "Giliran Anda!", "Dipanggil pukul 09.00", "Sebutkan nomor Anda"] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    assert!(!page.contains("Batalkan"), "a number that is called is not given up on a phone");
    let mark = |page: &str| page.split_once("data-call=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let first = mark(&page);
    assert_eq!(mark(&held.looks().body), first, "the same call rings once");
    house.clock.advance(TimeDelta::minutes(1));
    house.wish(Command::Recall { counter: at("loket-3"), seen: Seen::Unsaid }).unwrap();
    let again = held.looks().body;
    assert!(again.contains("Dipanggil lagi pukul 09.01"), "{again}");
    assert_ne!(mark(&again), first, "a recall rings again");
}

#[test]
fn every_end_of_a_ticket_says_what_to_do_then() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let [done, missed, given_up, waiting] = [0; 4].map(|_| Held::take(&house, &web, "ktp"));
    house.call("loket-3").unwrap();
    house.wish(start("loket-3")).unwrap();
    assert!(done.reads("Anda sedang dilayani di Loket 3") && !done.reads("data-over"));
    house.wish(finish("loket-3")).unwrap();
    assert!(done.reads("Selesai. Terima kasih.") && done.reads("data-over"));
    house.call("loket-3").unwrap();
    house.wish(Command::NoShow { counter: at("loket-3"), seen: Seen::Unsaid }).unwrap();
    let page = missed.looks().body;
    assert!(page.contains("Lapor ke meja informasi, Anda masih bisa dilayani."), "{page}");
    assert!(!page.contains("data-over"), "who was missed may come back");
    house.wish(Command::Cancel { ticket: given_up.id, by: Actor::Visitor }).unwrap();
    assert!(given_up.reads("Ambil nomor baru di anjungan.") && given_up.reads("data-over"));
    house.clock.advance(TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    let gone = waiting.phone.get_with(&waiting.path(), INDONESIAN);
    assert_eq!(gone.status, 404, "a number is of its day");
    assert!(gone.body.contains("Nomor hanya berlaku pada hari diambil."), "{}", gone.body);
}

#[test]
fn a_visitor_gives_up_a_waiting_number_and_no_other() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let [mine, other] = [0; 2].map(|_| Held::take(&house, &web, "ktp"));
    assert!(mine.reads("Batalkan nomor A001? Nomor tidak bisa dipakai lagi."));
    assert!(mine.reads(&format!("action=\"/t/{}/cancel\"", mine.token)));
    // A page that sends no referrer sends its forms without an origin.
    let cancel = |held: &Held| {
        held.phone.post_with(
            &format!("{}/cancel", held.path()),
            &json!({}),
            &[("Origin", "null"), ("Content-Type", "application/x-www-form-urlencoded"), INDONESIAN[0]],
        )
    };
    let answer = cancel(&mine);
    assert_eq!(answer.status, 200, "the form leads back to the page");
    assert!(answer.body.contains("Nomor Anda sudah dibatalkan"), "{}", answer.body);
    assert!(cancel(&mine).body.contains("Nomor Anda sudah dibatalkan"), "twice is once");
    house.call("loket-3").unwrap();
    let late = cancel(&other);
    assert!(late.body.contains("Giliran Anda!"), "called meanwhile: {}", late.body);
    assert_eq!(
        web.browser().get(&format!("{}/cancel", mine.path())).status,
        404,
        "nothing is given up by looking"
    );
    assert_eq!(web.browser().post(&format!("/t/{:032x}/cancel", 7), &json!({})).status, 404);
}

#[test]
fn the_page_speaks_the_phones_language_and_the_one_chosen() {
    let (house, web) = open();
    let held = Held::take(&house, &web, "ktp");
    let says = |query: &str, headers: &[(&str, &str)]| {
        let page = web.browser().get_with(&format!("{}{query}", held.path()), headers).body;
        let language = page.split_once("<html lang=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        assert_eq!(page.contains("Your queue number"), language == "en");
        assert_eq!(page.contains("Nomor antrean Anda"), language == "id");
        language
    };
    assert_eq!((says("", INDONESIAN), says("", ENGLISH)), ("id".into(), "en".into()));
    assert_eq!((says("?lang=en", INDONESIAN), says("?lang=id", ENGLISH)), ("en".into(), "id".into()));
    assert_eq!(says("?lang=xx", ENGLISH), "en");
    assert_eq!(says("", &[("Accept-Language", "zh-CN, en;q=0.5")]), "en", "the first that is spoken here");
    let english = Command::Issue(antrean::queue::Issue {
        language: Language::EN,
        class: Class::Priority,
        ..match issue(&house.hall, "ktp") {
            Command::Issue(wish) => wish,
            other => panic!("{other:?}"),
        }
    });
    let ticket = house.wish(english).unwrap().ticket.unwrap();
    let path = format!("/t/{}", house.hall.token(ticket.nonce));
    let page = web.browser().get_with(&path, &[("Accept-Language", "zh")]).body;
    assert!(page.contains("Your queue number"), "a phone without either: as at the kiosk");
    assert!(page.contains("<p class=\"priority\">Priority</p>"), "{page}");
    assert!(page.contains("href=\"?lang=id\"") && page.contains("aria-label=\"Indonesia\""), "{page}");
    let kept = web.browser().get_with(&format!("{path}?lang=en"), INDONESIAN).body;
    assert!(kept.contains("/cancel?lang=en\""), "a chosen language stays chosen: {kept}");
}

#[test]
fn a_token_nobody_has_is_told_kindly_and_alike() {
    let (_house, web) = open();
    let page = |path: &str| web.browser().get_with(path, INDONESIAN);
    let unknown = page("/t/0123456789abcdef0123456789abcdef");
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("Nomor ini tidak ditemukan") && unknown.body.contains("meja informasi"));
    for odd in ["/t/abc", "/t/%ff", "/t/%3Cscript%3E", "/t/A001"] {
        let answer = page(odd);
        assert_eq!((answer.status, &answer.body), (404, &unknown.body), "{odd}");
    }
    assert!(page("/").body.contains("pindai kode pada tiket"));
    let english = web.browser().get_with("/t/abc", ENGLISH).body;
    assert!(english.contains("We cannot find this number"), "{english}");
}

#[test]
fn the_whole_page_weighs_less_than_fifty_kilobytes() {
    let (house, web) = open();
    house.open_counter("loket-3");
    (0..9).for_each(|_| drop(house.issue("ktp").unwrap()));
    let page = Held::take(&house, &web, "ktp").looks().body;
    let mut files: Vec<String> = ["src=\"", "href=\""]
        .iter()
        .flat_map(|mark| page.split(mark).skip(1))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|path| path.starts_with("/assets/"))
        .collect();
    let css = web.browser().get("/assets/phone.css").body;
    files.extend(css.split("url(").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()));
    files.sort();
    files.dedup();
    assert!(files.len() >= 6 && files.iter().all(|path| path.starts_with("/assets/")), "{files:?}");
    let weight = |path: &String| {
        let answer = web.browser().get(path);
        assert_eq!(answer.status, 200, "{path}");
        answer.header("content-length").parse::<usize>().unwrap()
    };
    let whole = page.len() + files.iter().map(weight).sum::<usize>();
    assert!((10_000..50_000).contains(&whole), "{whole} bytes");
}

#[test]
fn the_tickets_stream_tells_a_phone_to_look_again() {
    let (house, web) = open();
    house.open_counter("loket-3");
    let held = Held::take(&house, &web, "ktp");
    let mut stream = web.browser().stream(&format!("/api/v1/tickets/by-token/{}/events", held.token), None);
    assert_eq!(stream.next().json()["state"], "waiting");
    house.call("loket-3").unwrap();
    assert_eq!(stream.next().json()["state"], "called");
    assert!(held.reads("Giliran Anda!"), "the page is never behind its stream");
}

fn site() -> Visitors {
    Visitors { url: "http://192.168.100.200:8081".into(), wifi: Some("MPP Pengunjung".into()) }
}

/// The address of a ticket's page, as it is on the slip.
fn link(hall: &Hall, number: &str) -> String {
    let present = hall.present();
    let ticket = present.day.tickets().find(|ticket| ticket.number.to_string() == number).unwrap();
    site().link(hall.token(ticket.nonce))
}

#[test]
fn a_slip_leads_to_the_page_only_where_visitors_have_a_network() {
    for visitors in [None, Some(site())] {
        let house = House::with(always_open());
        let paper = Paper::new();
        let (tell, _healths) = tokio::sync::watch::channel(Vec::new());
        let settings = antrean::printer::Settings { visitors: visitors.clone(), ..printing(&paper) };
        let printer = antrean::printer::start(settings, house.hall.clone(), house.time.clone(), tell);
        let wish = match issue(&house.hall, "ktp") {
            Command::Issue(wish) => {
                Command::Issue(antrean::queue::Issue { printer: Some("printer-1".into()), ..wish })
            }
            other => panic!("{other:?}"),
        };
        house.wish(wish).unwrap();
        let slip = paper.wait_for_slips(1).swap_remove(0);
        printer.leave();
        let code = format!("[QR {}]", link(&house.hall, "A001"));
        assert_eq!(slip.contains(&code), visitors.is_some(), "{slip}");
        assert_eq!(slip.contains("[QR"), visitors.is_some(), "{slip}");
        assert_eq!(slip.contains("MPP Pengunjung"), visitors.is_some(), "{slip}");
    }
}

/// The number on a kiosk's screen.
fn on_screen(house: &House, visitors: Option<Visitors>) -> Kiosk {
    let settings = antrean::kiosk::Settings { printer: None, visitors, ..settings() };
    let mut kiosk = Kiosk::preparing(settings);
    kiosk.stage.hear(antrean::kiosk::News::Opened(house.hall.clone()));
    kiosk.tap("imigrasi");
    kiosk.hear_answer();
    assert_eq!(kiosk.screen(), antrean_ui::Screen::NumberOnScreen);
    kiosk
}

#[test]
fn a_kiosk_without_a_network_for_visitors_promises_no_code() {
    let house = House::with(always_open());
    let kiosk = on_screen(&house, None);
    let ticket = kiosk.stage.app().global::<antrean_ui::Ticket>().get_ticket();
    assert!(!ticket.has_qr && ticket.wifi.is_empty());
    assert!(!kiosk.reads("Atau sambung Wi-Fi MPP Pengunjung, lalu pindai kode ini"));
}

#[test]
fn the_kiosk_shows_the_way_to_the_page_beside_the_number() {
    let house = House::with(always_open());
    let kiosk = on_screen(&house, Some(site()));
    let ticket = kiosk.stage.app().global::<antrean_ui::Ticket>().get_ticket();
    assert!(ticket.has_qr);
    assert!(kiosk.reads("Atau sambung Wi-Fi MPP Pengunjung, lalu pindai kode ini"));
    let link = link(&house.hall, &kiosk.number());
    let wanted = qrcode::QrCode::with_error_correction_level(link, qrcode::EcLevel::M).unwrap();
    let picture = ticket.qr.to_rgb8().unwrap();
    let (side, width) = (picture.width() as usize, wanted.width());
    assert_eq!(side, width + 8, "four modules of white around it");
    let dark = |x: usize, y: usize| picture.as_slice()[(y + 4) * side + x + 4].r == 0;
    let alike = |(x, y)| dark(x, y) == (wanted[(x, y)] == qrcode::Color::Dark);
    assert!((0..width * width).map(|at| (at % width, at / width)).all(alike));
}

#[test]
fn the_program_opens_both_doors_and_its_log_holds_no_token() {
    let desk = Desk::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = std::fs::read_to_string(desk.config()).unwrap();
    let visitors =
        format!("\n[visitors]\nlisten = \"127.0.0.1:{port}\"\nurl = \"http://127.0.0.1:{port}\"\n");
    std::fs::write(desk.config(), config + &visitors).unwrap();
    let mut running = Running::serve(&desk.data(), &["--demo", "-vv", "--config", &desk.config()]);
    if !running.log.iter().any(|line| line.contains("visitors' phones")) {
        running.wait_for_line("visitors' phones");
    }
    let ticket = desk.post(&running.address, "/api/v1/tickets", &json!({ "service": "ktp" })).unwrap();
    let token = ticket["token"].as_str().unwrap();
    let page = |path: String| {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(format!("http://127.0.0.1:{port}{path}")).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    };
    let (status, body) = page(format!("/t/{token}"));
    assert_eq!(status, 200);
    assert!(body.contains("MODE PERAGAAN") && body.contains(ticket["number"].as_str().unwrap()), "{body}");
    assert_eq!(page("/console".to_owned()).0, 404);
    assert_eq!(running.leave(), Some(0));
    assert!(!running.log.iter().any(|line| line.contains(token)), "the token is in the log");
}

#[test]
fn staff_and_phones_are_not_listened_to_on_one_port() {
    let desk = Desk::new();
    let config = std::fs::read_to_string(desk.config()).unwrap();
    let visitors = "\n[visitors]\nlisten = \"0.0.0.0:8099\"\nurl = \"http://10.0.0.1:8099\"\n";
    std::fs::write(desk.config(), config + visitors).unwrap();
    let data = desk.data().display().to_string();
    let ended = run(&["serve", "--listen", "127.0.0.1:8099", "--config", &desk.config(), "--data", &data]);
    assert_eq!(ended.status.code(), Some(i32::from(antrean::cli::exit::LISTEN)));
    let said = stderr(&ended);
    assert!(
        said.contains("cannot share 0.0.0.0:8099") && said.contains("[visitors] listen and url"),
        "{said}"
    );
}
