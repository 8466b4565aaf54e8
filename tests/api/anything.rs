//! A program that reads the document and then asks anything: what the document says, and what it does not, as
//! every kind of caller. Whatever it asks, the answer is one that the document names, and the day stays sound.
//!
//! More of it: `ANTREAN_ANYTHING=20000` (requests), another run: `ANTREAN_SEED=…`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use antrean::web::{Role, Staff};
use fastrand::Rng;
use serde_json::Value;

use crate::odd::{Known, Maker, any_text, odd_text};
use crate::schema::{closed, holds, merged, operations};
use crate::support::house::House;
use crate::support::web::{CALLING, ISSUING, SUPERVISING, Web};
use crate::{Raw, RawAnswer};

/// Requests of the short form.
const REQUESTS: u64 = 2_000;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A house with somebody of every kind in it.
fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.data = house.folder.path().to_owned();
        let siti = settings.staff.iter().find(|staff| staff.id.as_str() == "siti").unwrap().clone();
        let may_issue = |role| !matches!(role, Role::Manager);
        settings.staff.extend(
            [("tono", Role::Technician), ("mira", Role::Manager), ("dian", Role::Desk)].map(|(id, role)| {
                Staff {
                    id: id.into(),
                    name: id.to_owned(),
                    role,
                    may_issue: may_issue(role),
                    may_supervise: false,
                    may_watch: role != Role::Desk,
                    may_set_the_clock: role == Role::Technician,
                    ..siti.clone()
                }
            }),
        );
    });
    (house, web)
}

/// The cookie of whoever signs in.
fn signed_in(web: &Web, staff: &str, counter: &str) -> String {
    let body = format!("staff={staff}&counter={counter}&pin={}", crate::support::web::PIN);
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    let raw = Raw { method: "POST", path: "/console/sign-in", headers, body: body.as_bytes() };
    let answer = crate::send(web, &raw);
    let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("{staff}: {}", answer.head));
    cookie.split(';').next().unwrap().to_owned()
}

/// Sends anything; of a stream only the head is awaited.
pub fn send(web: &Web, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> RawAnswer {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n").into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    request.extend_from_slice(body);
    let mut stream = TcpStream::connect(web.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let _ = stream.write_all(&request);
    let mut said = Vec::new();
    let mut part = [0; 8_192];
    loop {
        let some = stream.read(&mut part).unwrap_or(0);
        said.extend_from_slice(&part[..some]);
        let head = said.windows(4).position(|end| end == b"\r\n\r\n");
        let streams = head.is_some_and(|end| {
            String::from_utf8_lossy(&said[..end]).contains("content-type: text/event-stream")
        });
        if some == 0 || streams {
            break;
        }
    }
    let said = String::from_utf8_lossy(&said).into_owned();
    let (head, body) = said.split_once("\r\n\r\n").unwrap_or((&said, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no answer to {method} {path:.200}: {head:?}"));
    RawAnswer { status, head: head.to_owned(), body: body.to_owned() }
}

struct Client {
    house: House,
    web: Web,
    document: Value,
    chance: Rng,
    known: Known,
    cookies: Vec<String>,
    /// The answers that the document names, ready to be held against: by operation and status.
    named: BTreeMap<(String, u16), jsonschema::Validator>,
    /// What is not as the document says, each with the first that shows it.
    wrong: BTreeMap<String, String>,
    granted: BTreeSet<String>,
    asked: BTreeSet<String>,
}

impl Client {
    fn open(seed: u64) -> Self {
        let (house, web) = open();
        let document = web.browser().get("/api/openapi.json").json();
        let cookies = [("ani", "loket-3"), ("siti", ""), ("tono", ""), ("dian", ""), ("mira", "")]
            .map(|(staff, counter)| signed_in(&web, staff, counter));
        let mut client = Self {
            house,
            web,
            document,
            chance: Rng::with_seed(seed),
            known: Known::default(),
            cookies: cookies.into(),
            named: BTreeMap::new(),
            wrong: BTreeMap::new(),
            granted: BTreeSet::new(),
            asked: BTreeSet::new(),
        };
        client.look();
        client
    }

    /// What there is to act on.
    fn look(&mut self) {
        let day = self.house.hall.present().day.clone();
        self.known.tickets = day.tickets().map(|ticket| (ticket.id.0.0, ticket.seq.0)).collect();
        self.known.numbers = day.tickets().map(|ticket| ticket.number.to_string()).collect();
        self.known.tokens =
            day.tickets().map(|ticket| self.house.hall.token(ticket.nonce).to_string()).collect();
        self.known.slips = day.slips().map(|slip| slip.id.0.0).collect();
    }

    /// Who asks: one who may, mostly.
    fn credential(&mut self, operation: &Value) -> Vec<(String, String)> {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let origin = header("Origin", format!("http://{}", self.web.address));
        let scopes: Vec<&str> = operation["security"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["token"][0].as_str())
            .collect();
        let of = |scope: &str| match scope {
            "issue" => ISSUING,
            "call" => CALLING,
            _ => SUPERVISING,
        };
        match self.chance.u8(..20) {
            0 => vec![],
            1 => vec![header("Authorization", format!("Bearer {}", any_text(&mut self.chance, 40)))],
            2 => vec![header("Authorization", any_text(&mut self.chance, 40))],
            3 => {
                vec![header("Cookie", format!("antrean_session={}", any_text(&mut self.chance, 60))), origin]
            }
            4 | 5 => vec![header(
                "Authorization",
                format!("Bearer {}", self.chance.choice([ISSUING, CALLING, SUPERVISING]).unwrap()),
            )],
            6..=9 => {
                let cookie = self.chance.choice(&self.cookies).unwrap().clone();
                vec![header("Cookie", cookie), origin]
            }
            10 => vec![
                header("Cookie", self.cookies[0].clone()),
                header(
                    "Origin",
                    format!("http://{}", self.chance.choice(["evil.example", "null", ""]).unwrap()),
                ),
            ],
            _ => scopes
                .first()
                .map(|scope| header("Authorization", format!("Bearer {}", of(scope))))
                .into_iter()
                .collect(),
        }
    }

    /// One request, and its answer held against the document.
    fn ask(&mut self, method: &str, path: &str) {
        let name = format!("{method} {path}");
        let operation = self.document["paths"][path][method.to_lowercase()].clone();
        let mut headers = self.credential(&operation);
        let mut maker = Maker { document: &self.document, known: &self.known, chance: &mut self.chance };
        let place = maker.place(path, &operation);
        let shape = &operation["requestBody"]["content"]["application/json"]["schema"];
        let (body, value) = if shape.is_object() { maker.body(shape) } else { (vec![], None) };
        if method == "POST" {
            let kind = ["application/json", "application/json; charset=utf-8"];
            let odd = ["text/plain", "application/x-www-form-urlencoded", "", "application/xml", "a/b/c"];
            let kind =
                if self.chance.u8(..20) == 0 { self.chance.choice(odd) } else { self.chance.choice(kind) };
            headers.push(("Content-Type".to_owned(), kind.unwrap().to_owned()));
        }
        if self.chance.u8(..4) == 0 {
            let names = [
                "Idempotency-Key",
                "Accept-Language",
                "Last-Event-ID",
                "If-None-Match",
                "Cookie",
                "Accept",
                "X-Forwarded-For",
                "Range",
                "Sec-Fetch-Site",
            ];
            let name = self.chance.choice(names).unwrap().to_owned();
            let value = if self.chance.bool() {
                format!("key-{}", self.chance.u8(..8))
            } else {
                any_text(&mut self.chance, 250)
            };
            headers.push((name, value));
        }
        let host = if self.chance.u8(..50) == 0 {
            any_text(&mut self.chance, 30)
        } else {
            self.web.address.to_string()
        };
        headers.push(("Host".to_owned(), host));
        let answer = send(&self.web, method, &place, &headers, &body);
        let what = || {
            format!(
                "{method} {place}\n{headers:?}\n{}\n→ {}\n{:.600}",
                String::from_utf8_lossy(&body),
                answer.head,
                answer.body
            )
        };
        self.asked.insert(name.clone());
        if answer.status == 400 && answer.body.is_empty() {
            // The head itself could not be read: there was no request.
            return;
        }
        let said = &operation["responses"][answer.status.to_string()]["content"];
        let media = answer.header("content-type").unwrap_or_default();
        let code = if answer.status < 300 { String::new() } else { answer.body.chars().take(40).collect() };
        if !said[media].is_object() || answer.status >= 500 && answer.status != 503 {
            self.wrong.entry(format!("{name} says {} {media} {code}", answer.status)).or_insert_with(what);
        } else if media == "application/json" {
            let key = (name.clone(), answer.status);
            let document = &self.document;
            let validator = self.named.entry(key).or_insert_with(|| {
                let mut whole = merged(&document["components"], &said[media]["schema"]);
                whole["components"] = closed(&document["components"]);
                jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap()
            });
            if let Some(error) = validator.iter_errors(&answer.json()).next() {
                self.wrong
                    .entry(format!("{name} says {} {code}: {error}", answer.status))
                    .or_insert_with(what);
            }
        }
        if answer.status < 300 {
            self.granted.insert(name.clone());
            let fits = value.is_none_or(|value| holds(&self.document["components"], shape, &value).is_ok());
            if !fits && shape.is_object() {
                self.wrong
                    .entry(format!("{name} grants what the document does not take"))
                    .or_insert_with(what);
            }
        }
    }
}

#[test]
fn whatever_a_program_asks_the_answer_is_one_that_the_document_names() {
    let seed = number("ANTREAN_SEED", 20_261_123);
    let told = std::panic::catch_unwind(|| {
        let mut client = Client::open(seed);
        let all: Vec<_> = operations(&client.document).into_iter().collect();
        for turn in 0..number("ANTREAN_ANYTHING", REQUESTS) {
            let (method, path) = client.chance.choice(&all).unwrap().clone();
            client.ask(&method, &path);
            if turn % 8 == 0 {
                // Refused where somebody has just stopped the numbers.
                let _ = client.house.issue(client.chance.choice(["ktp", "kk", "paspor"]).unwrap());
                client.look();
                client.house.hall.present().day.check().unwrap();
            }
        }
        client.house.hall.present().day.check().unwrap();
        let wrong = client.wrong.iter().map(|(what, shown)| format!("{what}\n{shown}\n"));
        assert!(client.wrong.is_empty(), "{}", wrong.collect::<Vec<_>>().join("\n"));
        let all: BTreeSet<_> = all.iter().map(|(method, path)| format!("{method} {path}")).collect();
        assert_eq!(client.asked, all);
        assert!(client.granted.len() * 3 >= all.len() * 2, "only these were granted: {:#?}", client.granted);
    });
    if let Err(why) = told {
        println!("ANTREAN_SEED={seed}");
        std::panic::resume_unwind(why);
    }
}

/// Method and path of every route in the text of a router.
fn routes(text: &str) -> Vec<(&'static str, String)> {
    let of = |line: &str| {
        let (path, handlers) = line.split_once("\", ").unwrap();
        let methods = [("GET", "get("), ("POST", "post(")];
        let path = path.to_owned();
        let on = methods.into_iter().filter(|(_, word)| handlers.lines().next().unwrap().contains(word));
        on.map(|(method, _)| (method, path.clone())).collect::<Vec<_>>()
    };
    text.split(".route(\"").skip(1).flat_map(of).collect()
}

#[test]
fn whatever_a_browser_sends_to_a_page_is_answered_and_never_run() {
    let seed = number("ANTREAN_SEED", 20_261_123);
    let (house, staff) = open();
    let phones = Web::phones(&house.hall, house.time.clone());
    let source = include_str!("../../src/web/router.rs");
    let (of_staff, of_visitors) = source.split_once("pub fn visitors").unwrap();
    let doors = [(&staff, routes(of_staff)), (&phones, routes(of_visitors))];
    assert!(doors[0].1.len() > 35 && doors[1].1.len() > 6, "{doors:?}", doors = [&doors[0].1, &doors[1].1]);
    let cookies = [("ani", "loket-3"), ("siti", ""), ("tono", ""), ("dian", ""), ("mira", "")]
        .map(|(staff_id, counter)| signed_in(&staff, staff_id, counter));
    let mut chance = Rng::with_seed(seed);
    for turn in 0..number("ANTREAN_ANYTHING", REQUESTS) / 2 {
        if turn % 16 == 0 {
            house.issue("ktp").unwrap();
        }
        let (web, routes) = &doors[chance.usize(..2)];
        let (method, path) = chance.choice(routes).unwrap();
        let tokens: Vec<String> = {
            let day = house.hall.present().day.clone();
            day.tickets().map(|ticket| house.hall.token(ticket.nonce).to_string()).collect()
        };
        let mut place = String::new();
        for part in path.split('/').skip(1) {
            place.push('/');
            let good = [
                "a",
                "1",
                "3",
                "app.css",
                "skm",
                "loket-3",
                "printer-1",
                "phone.css",
                "report.csv",
                "2026-11-23.csv",
            ];
            match (part.starts_with('{'), chance.u8(..4)) {
                (false, _) => place += part,
                (true, 0) => place += &crate::odd::escaped(&odd_text(&mut chance)),
                (true, 1) => place += chance.choice(good).unwrap(),
                (true, _) => place += chance.choice(&tokens).unwrap(),
            }
        }
        let pair = |chance: &mut Rng| {
            let names = [
                "staff", "counter", "pin", "old", "new", "again", "from", "to", "by", "lang", "text",
                "topic", "u1", "state", "q", "agency", "screen", "large", "reply", "answer", "age", "sex",
            ];
            let name = chance.choice(names).unwrap();
            let good = [
                "ani",
                "siti",
                "loket-3",
                "135790",
                "000000",
                "2026-11-01",
                "en",
                "id",
                "1",
                "4",
                "service",
                "waktu",
            ];
            let value =
                if chance.bool() { (*chance.choice(&good).unwrap()).to_owned() } else { odd_text(chance) };
            format!("{name}={}", crate::odd::escaped(&value))
        };
        let form: Vec<String> = (0..chance.usize(..6)).map(|_| pair(&mut chance)).collect();
        let form = form.join("&");
        let mut headers = vec![("Host".to_owned(), web.address.to_string())];
        if chance.bool() {
            headers.push(("Cookie".to_owned(), chance.choice(&cookies).unwrap().clone()));
        }
        if chance.u8(..8) > 0 {
            headers.push(("Origin".to_owned(), format!("http://{}", web.address)));
        }
        let body = match *method {
            "GET" => {
                if !form.is_empty() {
                    place += &format!("?{form}");
                }
                vec![]
            }
            _ => {
                let kind =
                    if chance.u8(..10) == 0 { "text/plain" } else { "application/x-www-form-urlencoded" };
                headers.push(("Content-Type".to_owned(), kind.to_owned()));
                form.clone().into_bytes()
            }
        };
        let answer = send(web, method, &place, &headers, &body);
        let what = || {
            format!(
                "ANTREAN_SEED={seed} {method} {place}\n{headers:?}\n{form}\n→ {}\n{:.600}",
                answer.head, answer.body
            )
        };
        let fine =
            matches!(answer.status, 200..=299 | 303 | 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429)
                || answer.status == 503 && (place.starts_with("/console") || place.starts_with("/readyz"));
        assert!(fine, "{}", what());
        for (name, starts) in
            [("content-security-policy", "default-src 'none'"), ("x-content-type-options", "nosniff")]
        {
            assert!(answer.header(name).is_some_and(|value| value.starts_with(starts)), "{name}: {}", what());
        }
        let is_text = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain"));
        assert!(is_text || !answer.body.contains("<script>x"), "what was sent in would run: {}", what());
        house.hall.present().day.check().unwrap();
    }
}

#[test]
fn the_client_reads_what_it_is_told_to() {
    let route = "  .route(\"/a\", get(a::b).post(a::c))\n .route(\"/b/{c}\", post(b::d))";
    let told = [("GET", "/a"), ("POST", "/a"), ("POST", "/b/{c}")];
    assert_eq!(routes(route), told.map(|(method, path)| (method, path.to_owned())));
}
