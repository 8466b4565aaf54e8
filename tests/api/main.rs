//! The API as a program meets it: the document and the server, every act and its door, bad input, a hall
//! that does not answer.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod anything;
mod bad_input;
mod busy;
mod document;
mod doors;
mod odd;
mod schema;
mod supervising;
#[path = "../support/mod.rs"]
mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use support::house::House;
use support::web::Web;

fn open() -> (House, Web) {
    let house = House::open();
    let web = Web::serve(&house.hall, house.time.clone());
    (house, web)
}

/// A request written by hand, as no well-behaved library would send it.
struct Raw<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
}

struct RawAnswer {
    status: u16,
    head: String,
    body: String,
}

impl RawAnswer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}{}", self.head, self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

fn send(web: &Web, raw: &Raw<'_>) -> RawAnswer {
    let mut request = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", raw.method, raw.path).into_bytes();
    if !raw.headers.iter().any(|(name, _)| *name == "Host") {
        request.extend_from_slice(format!("Host: {}\r\n", web.address).as_bytes());
    }
    for (name, value) in &raw.headers {
        request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", raw.body.len()).as_bytes());
    request.extend_from_slice(raw.body);
    let mut stream = TcpStream::connect(web.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // Whoever is refused before the end may find the door shut while still speaking.
    let _ = stream.write_all(&request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no answer to {} {}: {head:?}", raw.method, raw.path));
    RawAnswer { status, head: head.to_owned(), body: body.to_owned() }
}
