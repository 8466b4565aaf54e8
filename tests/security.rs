//! What stands against somebody who means harm: at every address of every door, not at those that were thought of.
//! docs/security.md says against what.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use antrean::queue::Command;
use antrean::store::backup;
use antrean::tls::{Generator, Shown};
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::house::House;
use support::program::{Desk, Running, run, stdout};
use support::web::{CALLING, FIRST_PIN, ISSUING, PIN, SUPERVISING, Web, quick_hash};

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.data = house.folder.path().to_owned();
    });
    (house, web)
}

struct Said {
    status: u16,
    head: String,
    body: String,
}

impl Said {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| *known == name).map(|(_, value)| value).next()
    }
}

/// One request by hand; of a stream its head.
fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Said {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request += &format!("Host: {address}\r\n");
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let _ = stream.write_all(request.as_bytes());
    let (mut said, mut part) = (Vec::new(), [0; 8_192]);
    loop {
        let some = stream.read(&mut part).unwrap_or(0);
        said.extend_from_slice(&part[..some]);
        let streams = String::from_utf8_lossy(&said).contains("content-type: text/event-stream");
        if some == 0 || streams && said.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    let said = String::from_utf8_lossy(&said).into_owned();
    let (head, body) = said.split_once("\r\n\r\n").unwrap_or((&said, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no answer to {method} {path}: {head}"));
    Said { status, head: head.to_owned(), body: body.to_owned() }
}

/// Methods and addresses.
type Routes = Vec<(String, String)>;

/// Method and path of every route of both doors, as the code has them.
fn routes(web: &Web) -> (Routes, Routes) {
    let source = include_str!("../src/web/router.rs");
    let of = |text: &str| -> Vec<(String, String)> {
        let line = |line: &str| {
            let (path, handlers) = line.split_once("\", ").unwrap();
            let path = path.replace("{*path}", "console.css").replace(['{', '}'], "");
            let handlers = handlers.lines().next().unwrap();
            let methods = [("GET", "get("), ("POST", "post(")];
            let on = methods.into_iter().filter(|(_, word)| handlers.contains(word));
            on.map(|(method, _)| (method.to_owned(), path.clone())).collect::<Vec<_>>()
        };
        text.split(".route(\"").skip(1).flat_map(line).collect()
    };
    let (staff, visitors) = source.split_once("pub fn visitors").unwrap();
    let (mut staff, mut visitors) = (of(staff), of(visitors));
    let document = web.browser().get("/api/openapi.json").json();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let route = (method.to_uppercase(), path.replace(['{', '}'], ""));
            if path.contains("/by-token/") {
                visitors.push(route.clone());
            }
            staff.push(route);
        }
    }
    assert!(staff.len() >= 80 && visitors.len() >= 10, "{} and {}", staff.len(), visitors.len());
    (staff, visitors)
}

/// The cookies of whoever signs in.
fn sign_in(web: &Web, staff: &str, counter: &str, before: &str) -> Vec<String> {
    let body = format!("staff={staff}&counter={counter}&pin={PIN}");
    let origin = format!("http://{}", web.address);
    let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded"), ("Origin", &origin)];
    if !before.is_empty() {
        headers.push(("Cookie", before));
    }
    let said = ask(&web.address.to_string(), "POST", "/console/sign-in", &headers, &body);
    let cookies = said.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    let cookies: Vec<_> = cookies.map(|cookie| cookie.split(';').next().unwrap().to_owned()).collect();
    assert_eq!(cookies.len(), 2, "{}", said.head);
    cookies
}

#[test]
fn at_every_address_of_every_door_a_strange_host_is_answered_nothing() {
    let (house, web) = open();
    let phones = Web::phones(&house.hall, house.time.clone());
    let (staff, visitors) = routes(&web);
    for (web, routes) in [(&web, staff), (&phones, visitors)] {
        for (method, path) in routes {
            let said = ask(&web.address.to_string(), &method, &path, &[("Host", "evil.example")], "");
            assert_eq!(said.status, 421, "{method} {path}");
            assert!(said.body.contains("unknown_host"), "{method} {path}: {}", said.body);
        }
    }
}

#[test]
fn nothing_is_changed_for_a_page_of_somebody_else_wherever_it_sends() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let cookie = sign_in(&web, "siti", "loket-3", "")[0].clone();
    let before = house.hall.present().day.seq();
    let posts = routes(&web).0.into_iter().filter(|(method, _)| method == "POST");
    for (_, path) in posts.collect::<Vec<_>>() {
        let headers: [&[(&str, &str)]; 5] = [
            &[("Origin", "http://evil.example")],
            &[("Origin", "null")],
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site")],
            // A form of before browsers said where they come from.
            &[],
        ];
        for headers in headers {
            let headers = [&[("Cookie", cookie.as_str())], headers].concat();
            let said = ask(&web.address.to_string(), "POST", &path, &headers, "");
            assert_eq!(said.status, 403, "POST {path} {headers:?}: {}", said.body);
            assert!(said.body.contains("cross_origin"), "{path}: {}", said.body);
        }
    }
    assert_eq!(house.hall.present().day.seq(), before);
}

#[test]
fn looking_changes_nothing_whoever_looks() {
    let (house, web) = open();
    house.issue("ktp").unwrap();
    let cookie = sign_in(&web, "siti", "loket-3", "")[0].clone();
    let before = house.hall.present().day.seq();
    let mut looked = 0;
    for (_, path) in routes(&web).0.into_iter().filter(|(method, _)| method == "GET") {
        let said = ask(&web.address.to_string(), "GET", &path, &[("Cookie", &cookie)], "");
        looked += usize::from(said.status == 200);
    }
    assert!(looked > 20, "{looked} of them showed something");
    assert_eq!(house.hall.present().day.seq(), before, "a link did something");
}

/// What every answer bears.
fn bears(said: &Said, referrer: &str, what: &str) {
    let policy = said.header("content-security-policy").unwrap_or_else(|| panic!("{what}: {}", said.head));
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part) && !policy.contains("unsafe"), "{what}: {policy}");
    }
    assert_eq!(said.header("x-content-type-options"), Some("nosniff"), "{what}");
    assert_eq!(said.header("referrer-policy"), Some(referrer), "{what}");
    assert_eq!(said.header("cross-origin-resource-policy"), Some("same-origin"), "{what}");
    assert!(said.header("cache-control").is_some(), "{what}");
    assert!(said.header("access-control-allow-origin").is_none(), "{what}: nobody else's page may read it");
    assert!(said.header("server").is_none(), "{what}: it says what it is");
}

#[test]
fn every_answer_bears_what_browsers_are_told_errors_redirects_and_streams_too() {
    let (house, web) = open();
    let phones = Web::phones(&house.hall, house.time.clone());
    let (mut staff, mut visitors) = routes(&web);
    let cookie = sign_in(&web, "siti", "loket-3", "")[0].clone();
    let origin = format!("http://{}", web.address);
    for more in ["/no-such-page", "/api/v1/no-such", "/assets/no-such.js", "/lobby/%ff", "/preview/%2e%2e/x"]
    {
        for routes in [&mut staff, &mut visitors] {
            routes.push(("GET".to_owned(), more.to_owned()));
            routes.push(("PUT".to_owned(), more.to_owned()));
            routes.push(("OPTIONS".to_owned(), more.to_owned()));
        }
    }
    let mut statuses = std::collections::BTreeSet::new();
    for (web, routes, referrer) in [(&web, staff, "same-origin"), (&phones, visitors, "no-referrer")] {
        for (method, path) in routes {
            for headers in [
                vec![],
                vec![("Cookie", cookie.as_str()), ("Origin", &origin)],
                vec![("Origin", "http://evil.example")],
                vec![("Host", "evil.example")],
            ] {
                let said = ask(&web.address.to_string(), &method, &path, &headers, "");
                bears(&said, referrer, &format!("{method} {path} {headers:?}"));
                statuses.insert(said.status);
            }
        }
    }
    let large = "x".repeat(70_000);
    let said = ask(
        &web.address.to_string(),
        "POST",
        "/console/sign-in",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &large,
    );
    bears(&said, "same-origin", "too large");
    statuses.insert(said.status);
    for status in [200, 303, 400, 401, 403, 404, 405, 413, 415, 421] {
        assert!(statuses.contains(&status), "{status} was never seen: {statuses:?}");
    }
}

#[test]
fn whoever_comes_in_plain_where_tls_is_spoken_is_told_the_same() {
    let house = House::open();
    let folder = tempfile::tempdir().unwrap();
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let identity = Generator::new(folder.path().join("tls"), names).identity(chrono::Utc::now()).unwrap();
    let shown: Arc<Shown> = Shown::new(identity);
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| settings.tls = Some(shown));
    for (method, host, status) in
        [("GET", "127.0.0.1", 307), ("POST", "127.0.0.1", 403), ("GET", "evil.example", 421)]
    {
        let said = ask(&web.address.to_string(), method, "/console", &[("Host", host)], "");
        assert_eq!(said.status, status);
        bears(&said, "same-origin", method);
    }
}

#[test]
fn every_sign_in_has_a_cookie_of_its_own_and_the_one_before_is_worth_nothing() {
    let (_house, web) = open();
    let address = web.address.to_string();
    let state = |cookie: &str| ask(&address, "GET", "/console/state", &[("Cookie", cookie)], "").status;
    // One that somebody else put there is not taken on.
    let planted = "antrean_session=0000000000000000000000000000000000000000000000";
    let first = sign_in(&web, "ani", "loket-3", planted);
    assert_eq!((state(planted), state(&first[0])), (401, 200));
    let second = sign_in(&web, "ani", "loket-3", &first.join("; "));
    assert_ne!(first[0], second[0]);
    assert_eq!((state(&first[0]), state(&second[0])), (401, 200), "signing in again ends the first");
    assert_eq!(first[1], second[1], "the device is known again");
    let device = first[1].split('=').next().unwrap();
    let elsewhere = sign_in(&web, "budi", "loket-6", &format!("{device}=a"));
    assert!(
        elsewhere[1].len() > device.len() + 20,
        "a device that somebody planted is not: {}",
        elsewhere[1]
    );
    let origin = format!("http://{address}");
    let out = [("Cookie", second[0].as_str()), ("Origin", &origin)];
    assert_eq!(ask(&address, "POST", "/console/sign-out", &out, "").status, 303);
    assert_eq!(state(&second[0]), 401, "a cookie that was copied before is worth nothing either");
}

#[test]
fn a_cookie_that_was_copied_ends_with_the_shift_and_with_a_new_pin() {
    let (house, web) = open();
    let address = web.address.to_string();
    let cookie = sign_in(&web, "ani", "loket-3", "")[0].clone();
    let state = || ask(&address, "GET", "/console/state", &[("Cookie", &cookie)], "").status;
    assert_eq!(state(), 200);
    let reset = web.program(SUPERVISING).post("/api/v1/staff/ani/reset-pin", &json!({}));
    assert_eq!(reset.status, 200, "{}", reset.body);
    assert_eq!(state(), 401);
    let cookie = sign_in(&web, "budi", "loket-6", "")[0].clone();
    let state = || ask(&address, "GET", "/console/state", &[("Cookie", &cookie)], "").status;
    assert_eq!(state(), 200);
    house.clock.advance(TimeDelta::hours(12));
    assert_eq!(state(), 401);
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
}

#[test]
fn no_secret_lies_on_the_disk_in_the_database_its_journal_or_a_backup() {
    let (house, web) = open();
    let issued = web
        .program(ISSUING)
        .post_with("/api/v1/tickets", &json!({ "service": "ktp" }), &[("Idempotency-Key", "visit-4711")])
        .json();
    web.program(CALLING).post("/api/v1/counters/loket-4/open", &json!({}));
    let cookies = sign_in(&web, "ani", "loket-3", "");
    web.browser().sign_in("ani", "loket-3", "998877");
    house.wish(Command::Tick).unwrap();
    let backups = house.folder.path().join("backups");
    std::fs::create_dir_all(&backups).unwrap();
    backup::take(house.folder.path(), &backups, house.time.now()).unwrap();
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let secrets = [
        PIN.to_owned(),
        FIRST_PIN.to_owned(),
        "998877".to_owned(),
        ISSUING.to_owned(),
        CALLING.to_owned(),
        issued["token"].as_str().unwrap().to_owned(),
        value(&cookies[0]),
        value(&cookies[1]),
    ];
    let all = files(house.folder.path());
    assert!(all.iter().any(|file| file.ends_with("antrean.db")) && all.len() > 4, "{all:?}");
    let mut seen = false;
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        seen |= holds(&bytes, "loket-3");
        for secret in &secrets {
            assert!(!holds(&bytes, secret), "{secret} lies in {}", file.display());
        }
    }
    assert!(seen, "what was looked through is where things are kept");
}

#[test]
fn a_stolen_disk_names_no_visitor_and_no_device() {
    let (house, web) = open();
    web.program(ISSUING).post("/api/v1/tickets", &json!({ "service": "ktp" }));
    sign_in(&web, "ani", "loket-3", "");
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    let columns = "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
    let columns: Vec<String> =
        conn.prepare(columns).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(columns.len() > 40, "{columns:?}");
    for column in &columns {
        let word = column.split_once('.').unwrap().1;
        for personal in ["name", "nik", "phone", "email", "address", "birth", "ip", "agent", "peer"] {
            assert!(!word.split('_').any(|part| part == personal), "{column} may hold who somebody is");
        }
    }
    for file in files(house.folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!holds(&bytes, "127.0.0.1"), "{} says who came from where", file.display());
        assert!(!holds(&bytes, "Petugas ani"), "{} names staff", file.display());
    }
}

/// A box with a clerk of the config, whose first PIN this is.
fn staffed(pin: &str) -> Desk {
    let desk = Desk::new();
    let config = std::fs::read_to_string(desk.config()).unwrap();
    let hash = quick_hash(pin);
    let staff =
        format!("\n[[staff]]\nid = \"wati\"\nname = \"Wati\"\nrole = \"desk\"\npin_hash = \"{hash}\"\n");
    std::fs::write(desk.config(), config + &staff).unwrap();
    desk
}

#[test]
fn a_running_box_says_no_secret_in_its_log_its_metrics_or_its_config() {
    let desk = staffed("170845");
    let mut running = Running::serve(&desk.data(), &["-vv", "--config", &desk.config()]);
    let address = running.address.clone();
    let origin = format!("http://{address}");
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin.as_str())];
    for pin in ["998877", "998877", "998877"] {
        let body = format!("staff=wati&counter=&pin={pin}");
        ask(&address, "POST", "/console/sign-in", &form, &body);
    }
    // The same name from another address of this machine would wait no longer; here it does.
    let said = ask(&address, "POST", "/console/sign-in", &form, "staff=wati&counter=&pin=170845");
    assert_eq!(said.status, 429);
    let made = std::fs::read_to_string(desk.config()).unwrap();
    let token = desk.post(&address, "/api/v1/tickets", &json!({ "service": "no-such" })).unwrap();
    assert_eq!(token["code"], "unknown_service", "the token was taken");
    ask(&address, "GET", "/console/state", &[("Cookie", "antrean_session=c00kie-of-somebody")], "");
    ask(&address, "POST", "/api/v1/tickets", &[("Authorization", "Bearer antrean_wr0ng-token")], "{");
    let metrics = ask(&address, "GET", "/metrics", &[], "").body;
    assert!(metrics.contains("antrean_web_taken"));
    let shown = stdout(&run(&[
        "config",
        "show",
        "--config",
        &desk.config(),
        "--data",
        &desk.data().display().to_string(),
    ]));
    assert!(shown.contains("wati"), "{shown}");
    assert_eq!(running.leave(), Some(0));
    let log = running.log.join("\n");
    assert!(log.contains("console and lobby"));
    let hash = made.split("pin_hash = \"").last().unwrap().split('"').next().unwrap().to_owned();
    let token = made.split("sha256:").last().unwrap().split('"').next().unwrap().to_owned();
    for secret in ["170845", "998877", "c00kie-of-somebody", "antrean_wr0ng-token", &hash, &token] {
        for (what, text) in [("log", &log), ("metrics", &metrics), ("config show", &shown)] {
            assert!(!text.contains(secret), "{secret} in the {what}:\n{text}");
        }
    }
}

#[test]
fn what_the_box_keeps_is_for_its_own_user() {
    let desk = staffed("170845");
    let mut running = Running::serve(&desk.data(), &["--config", &desk.config()]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&desk.data()), 0o700, "nobody else comes into the data folder");
    assert_eq!(mode(&desk.data().join("control.sock")), 0o600);
    let keys: Vec<PathBuf> = files(&desk.data())
        .into_iter()
        .filter(|file| {
            file.display().to_string().contains("key") || file.display().to_string().contains("config-good")
        })
        .collect();
    assert!(keys.len() > 1, "{keys:?}");
    for key in keys {
        assert_eq!(mode(&key), 0o600, "{}", key.display());
    }
    assert_eq!(running.leave(), Some(0));
}

#[test]
fn a_key_or_a_click_at_the_kiosk_reaches_nothing_beneath_it() {
    let read =
        |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let manager = read("packaging/kiosk/openbox.xml");
    assert!(!manager.contains("<keybind") && !manager.contains("<mousebind") && manager.contains("<menu/>"));
    let session = read("packaging/kiosk/antrean-session");
    for line in ["Option \"DontVTSwitch\" \"on\"", "Option \"DontZap\" \"on\"", "-nolisten tcp"] {
        assert!(session.contains(line), "{line}");
    }
}

#[test]
fn the_demonstrations_pin_is_none_where_nobody_demonstrates() {
    let desk = staffed("170845");
    let running = Running::serve(&desk.data(), &["--config", &desk.config()]);
    let page = ask(&running.address, "GET", "/console", &[], "").body;
    assert!(page.contains("Masuk petugas") && !page.contains("MODE PERAGAAN"));
    let staff = page.split("<select").nth(1).unwrap().split("</select>").next().unwrap();
    let names: Vec<&str> =
        staff.split("value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(names.iter().filter(|name| !name.is_empty()).collect::<Vec<_>>(), [&"wati"], "{staff}");
}

#[test]
fn a_token_opens_what_it_was_made_for_whoever_guesses_near_it() {
    let (_house, web) = open();
    let wish = json!({ "service": "ktp" });
    let near = [&ISSUING[..ISSUING.len() - 1], &format!("{ISSUING}x"), &ISSUING.to_uppercase(), ""];
    for guess in near {
        assert_eq!(web.program(guess).post("/api/v1/tickets", &wish).status, 401, "{guess:?}");
    }
    let granted: Value = web.program(ISSUING).post("/api/v1/tickets", &wish).json();
    let token = granted["token"].as_str().unwrap();
    for guess in [&token[..31], &format!("{token}0"), &"0".repeat(32), &format!("{} ", &token[..31])] {
        let path = format!("/api/v1/tickets/by-token/{}", guess.replace(' ', "%20"));
        assert_eq!(web.browser().get(&path).status, 404, "{guess:?}");
    }
}

/// The text of a guide.
fn guide() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md")).unwrap()
}

#[test]
fn every_test_that_the_guide_names_is_one() {
    let guide = guide();
    let mut named = 0;
    for span in guide.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`')) {
        let Some((file, test)) = span.rsplit_once("::") else { continue };
        let file = if file.starts_with("src/") { format!("{file}.rs") } else { format!("tests/{file}.rs") };
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file));
        let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {test}()")), "there is no test {test} in {file}");
        named += 1;
    }
    assert!(named > 40, "{named}");
}

#[test]
fn the_guide_says_the_limits_that_count() {
    let guide = guide();
    let rows: Vec<&str> = guide.split("## Limits").nth(1).unwrap().lines().collect();
    let limits = antrean::web::Limits::default();
    let config = antrean::config::read("antrean.toml", antrean::config::DEFAULT, Default::default()).unwrap();
    let known = (config.web.connections as usize, config.web.streams as usize);
    assert_eq!(known, (limits.connections, limits.streams), "a box follows its config");
    for (row, value) in [
        ("connections at once", limits.connections.to_string()),
        ("live streams at once", limits.streams.to_string()),
        ("handshake, head", format!("{} s", limits.head.as_secs())),
        ("a request that changes", format!("{} s", limits.request.as_secs())),
        ("taking nothing", format!("{} s", limits.taking.as_secs())),
    ] {
        let said = rows.iter().find(|line| line.starts_with(&format!("| {row}")));
        let said = said.unwrap_or_else(|| panic!("{row} is not in the guide"));
        assert!(said.contains(&value), "{said} does not say {value}");
    }
}
