//! The staff's listener by TLS, over real sockets and in a real browser.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use antrean::tls::{Generator, Identity, Shown};
use chrono::Utc;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use support::chromium::Chromium;
use support::house::House;
use support::program::{Desk, Running, run, stdout};
use support::web::{PIN, Web};

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

fn identity() -> Identity {
    let data = tempfile::tempdir().unwrap();
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    Generator::new(data.path().join("tls"), names).identity(Utc::now()).unwrap()
}

type Line = StreamOwned<ClientConnection, TcpStream>;

fn plain(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A line to a box for whoever trusts this certificate and no other.
fn secure(address: &str, trusted: &Identity) -> Line {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.der().to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), plain(address))
}

struct Site {
    house: House,
    web: Web,
    shown: Arc<Shown>,
}

impl Site {
    fn open() -> Self {
        let house = House::open();
        let shown = Shown::new(identity());
        let tls = Some(shown.clone());
        let web = Web::serve_with(&house.hall, house.time.clone(), |settings| settings.tls = tls);
        Self { house, web, shown }
    }

    fn plain(&self) -> TcpStream {
        plain(&self.web.address.to_string())
    }

    fn secure(&self, trusted: &Identity) -> Line {
        secure(&self.web.address.to_string(), trusted)
    }

    fn asked_securely(&self, request: &str) -> String {
        ask(self.secure(&self.shown.get()), &self.said(request))
    }

    fn asked_plainly(&self, request: &str) -> String {
        ask(self.plain(), &self.said(request))
    }

    /// A request with what every request has.
    fn said(&self, request: &str) -> String {
        let (line, rest) = request.split_once('\n').unwrap_or((request, ""));
        let host =
            if rest.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.web.address) };
        let (head, body) = rest.split_once("\n\n").unwrap_or((rest, ""));
        let head: String = head.lines().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        format!("{line} HTTP/1.1\r\n{host}{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}")
    }
}

fn ask(mut line: impl Read + Write, request: &str) -> String {
    line.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // Some close without saying goodbye.
    let _ = line.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

fn header<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap().lines();
    head.filter_map(|line| line.split_once(": "))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn staff_sign_in_by_tls_and_their_cookies_never_go_out_in_plain() {
    let tls = Site::open();
    assert!(tls.asked_securely("GET /console").contains("Masuk petugas"));
    let form = format!(
        "POST /console/sign-in\nContent-Type: application/x-www-form-urlencoded\n\nstaff=ani&counter=loket-3&pin={PIN}"
    );
    let answer = tls.asked_securely(&form);
    let cookies = header(&answer, "set-cookie");
    assert_eq!(cookies.len(), 2, "{answer}");
    assert!(cookies.iter().all(|cookie| cookie.contains("; Secure")), "{cookies:?}");
    assert!(tls.house.hall.present().day.counter(&"loket-3".into()).staff.is_some());
}

#[test]
fn whoever_comes_in_plain_is_sent_on_and_what_was_sent_in_plain_is_not_taken() {
    let tls = Site::open();
    let answer = tls.asked_plainly("GET /console?from=old-link");
    assert!(answer.starts_with("HTTP/1.1 307"), "{answer}");
    assert_eq!(header(&answer, "location"), [format!("https://{}/console?from=old-link", tls.web.address)]);
    let form = format!(
        "POST /console/sign-in\nContent-Type: application/x-www-form-urlencoded\n\nstaff=ani&counter=loket-3&pin={PIN}"
    );
    let answer = tls.asked_plainly(&form);
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("needs_https"), "{answer}");
    assert!(tls.house.hall.present().day.counter(&"loket-3".into()).staff.is_none());
    let answer = tls.asked_plainly("GET /console\nHost: evil.example");
    assert!(answer.starts_with("HTTP/1.1 421") && header(&answer, "location").is_empty(), "{answer}");
}

#[test]
fn a_page_that_came_in_plain_can_do_nothing_by_tls() {
    let tls = Site::open();
    let from = |scheme: &str| {
        let origin = format!("{scheme}://{}", tls.web.address);
        tls.asked_securely(&format!(
            "POST /console/sign-in\nOrigin: {origin}\nContent-Type: application/x-www-form-urlencoded\n\nstaff=ani&counter=loket-3&pin={PIN}"
        ))
    };
    assert!(from("http").contains("cross_origin"));
    assert!(from("https").starts_with("HTTP/1.1 303"));
}

#[test]
fn a_certificate_that_nobody_compared_is_not_trusted_and_a_new_one_is_shown_to_who_comes_next() {
    let tls = Site::open();
    let (old, new) = (tls.shown.get(), identity());
    assert!(tls.secure(&new).write_all(b"GET / HTTP/1.1\r\n").is_err());
    tls.shown.change(new.clone());
    assert!(tls.secure(&old).write_all(b"GET / HTTP/1.1\r\n").is_err());
    assert!(ask(tls.secure(&new), &tls.said("GET /healthz")).ends_with("ok\n"));
}

#[test]
fn a_stream_stays_open_by_tls() {
    let tls = Site::open();
    let mut line = tls.secure(&tls.shown.get());
    line.write_all(tls.said("GET /api/v1/events").replace("close", "keep-alive").as_bytes()).unwrap();
    let mut lines = BufReader::new(line).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "event: board"));
    tls.house.issue("ktp").unwrap();
    assert!(lines.any(|line| line == "event: change"));
}

#[test]
fn half_open_handshakes_hold_nobody_up() {
    let tls = Site::open();
    let silent: Vec<TcpStream> = (0..200).map(|_| tls.plain()).collect();
    let half: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = tls.plain();
            // The beginning of a hello that never ends.
            stream.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]).unwrap();
            stream
        })
        .collect();
    assert!(tls.asked_securely("GET /healthz").ends_with("ok\n"));
    drop((silent, half));
}

#[test]
fn a_browser_works_by_tls_and_finds_it_from_an_old_link() {
    let tls = Site::open();
    tls.house.issue("ktp").unwrap();
    let browser = Chromium::open_trusting(1366, 768);
    browser.go(&format!("http://{}/console", tls.web.address));
    browser.until("location.protocol === 'https:'");
    browser.choose("#staff", "ani");
    browser.choose("#counter", "loket-3");
    browser.fill("input[name=pin]", PIN);
    browser.click("button.primary");
    browser.until("document.body.dataset.state === 'ready'");
    browser.reads("#line-text", "Tersambung");
    browser.key(' ');
    browser.reads("#number", "A001");
    browser.picture("tls-console");
}

#[test]
fn a_box_makes_its_certificate_once_and_says_its_fingerprint_where_a_technician_looks() {
    let desk = Desk::new();
    let config = std::fs::read_to_string(desk.config()).unwrap();
    assert!(config.contains("tls = \"off\""));
    std::fs::write(desk.config(), config.replace("tls = \"off\"", "tls = \"generated\"")).unwrap();
    let serve = || Running::serve(&desk.data(), &["--config", &desk.config()]);
    let checked = || {
        let data = desk.data().display().to_string();
        stdout(&run(&["check", "--config", &desk.config(), "--data", &data]))
    };
    assert!(checked().contains("made at the first start"));
    let first = serve();
    let kept = antrean::tls::kept(&desk.data().join("tls")).unwrap();
    let answer = ask(
        secure(&first.address, &kept),
        &format!("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", first.address),
    );
    assert!(answer.ends_with("ok\n"), "{answer}");
    let says = |running: &Running| running.log.iter().any(|line| line.contains(&kept.fingerprint()));
    assert!(says(&first), "{:?}", first.log);
    assert!(checked().contains(&kept.fingerprint()));
    assert_eq!(first.terminate(), Some(0));
    assert!(says(&serve()), "the same after a restart");
}
