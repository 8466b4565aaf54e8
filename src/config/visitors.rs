//! `[visitors]`: where visitors' phones follow their ticket. Without it no QR code is promised anywhere.

use std::net::{IpAddr, SocketAddr};

use chrono::NaiveDate;

use super::beside::Beside;
use super::reader::{Table, Value};
use super::tls::{Expected, TlsConfig, tls};
use super::web::is_host_name;
use super::words::line;
use crate::queue::Visitors;

/// The visitors' side of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitorsConfig {
    /// Where the box listens to phones, and to nobody else.
    pub listen: SocketAddr,
    /// The host that the address on the slips names, in small letters; an IPv6 address without brackets.
    pub host: String,
    /// What is printed and shown.
    pub site: Visitors,
    /// In plain unless the technician brings a certificate that phones trust.
    pub tls: TlsConfig,
}

/// The port of the examples, beside that of the staff.
const PORT: u16 = 8081;
/// With the token behind it, still a code that 58 mm paper has room for and a cheap camera reads.
const LONGEST_URL: usize = 80;
/// IEEE 802.11 allows 32 octets.
const LONGEST_WIFI: usize = 32;

pub(super) fn visitors(
    root: &mut Table<'_>,
    beside: Beside<'_>,
    today: Option<NaiveDate>,
) -> Option<Option<VisitorsConfig>> {
    let mut table = root.optional_section("visitors")?;
    let listen = table.maybe("listen", listen);
    let port = listen.flatten().map(|address| address.port());
    let address = table.maybe("url", |value| address(value, port));
    let wifi = table.maybe("wifi", wifi);
    let names: Vec<String> = address.iter().flatten().map(|address| address.host.clone()).collect();
    let url = address.iter().flatten().map(|address| address.url.as_str()).next();
    let expected = Expected { beside, names: &names, today };
    let tls = table.optional("tls", TlsConfig::Off, |value| {
        let tls = tls(value, &expected)?;
        tell_phones(value, &tls, url);
        Some(tls)
    });
    let (listen, address, wifi, tls) = (listen?, address?, wifi?, tls?);
    match (listen, address) {
        (Some(listen), Some(Address { url, host })) => {
            let site = Visitors { url: url.into(), wifi: wifi.map(Into::into) };
            Some(Some(VisitorsConfig { listen, host, site, tls }))
        }
        (Some(listen), None) => {
            let hint = format!(
                "add url = \"http://192.168.100.200:{}\", with the address of this box",
                listen.port()
            );
            table.refuse("visitors_incomplete", "phones are listened to, and no `url` tells them where", hint)
        }
        (None, Some(Address { url, .. })) => {
            let port = port_of(&url).unwrap_or(PORT);
            let message = format!("slips would send phones to {url}, where nobody listens");
            table.refuse("visitors_incomplete", message, format!("add listen = \"0.0.0.0:{port}\""))
        }
        (None, None) if wifi.is_some() => {
            let hint = format!(
                "add listen = \"0.0.0.0:{PORT}\" and url = \"http://192.168.100.200:{PORT}\", with the address of this box"
            );
            table.refuse(
                "visitors_incomplete",
                "a Wi-Fi is named, and nothing that could be seen in it",
                hint,
            )
        }
        (None, None) => Some(None),
    }
}

/// Phones are strangers' own: nobody compares a fingerprint on them.
fn tell_phones(value: &Value<'_>, tls: &TlsConfig, url: Option<&str>) {
    if *tls == TlsConfig::Generated {
        let hint = "name a certificate that phones trust, or leave `tls` out".to_owned();
        value.warn("phones_warn", "phones warn of a certificate that the box made itself".to_owned(), hint);
    }
    if let Some(rest) = url.and_then(|url| url.strip_prefix("http://")).filter(|_| *tls != TlsConfig::Off) {
        let message = "slips send phones to http://, and are sent on from there".to_owned();
        value.warn("other_scheme", message, format!("write url = \"https://{rest}\""));
    }
}

/// An address of this machine, with a port that stays the same.
fn listen(value: &Value<'_>) -> Option<SocketAddr> {
    let text = value.str()?;
    match text.parse::<SocketAddr>() {
        Ok(address) if address.port() > 0 => return Some(address),
        Ok(address) => {
            let hint = format!("write \"{}\"", SocketAddr::new(address.ip(), PORT));
            return value.refuse("bad_listen", "port 0 would be another one after each start", hint);
        }
        Err(_) => {}
    }
    let port = text.trim_start_matches(['*', ':']).parse::<u16>().ok().filter(|port| *port > 0);
    let hint = match (text.parse::<IpAddr>(), port) {
        (Ok(ip), _) => format!("write the port too: \"{}\"", SocketAddr::new(ip, PORT)),
        (_, Some(port)) => format!("write the address too: \"0.0.0.0:{port}\" is all of this machine's"),
        _ => format!("write an address and a port, such as \"0.0.0.0:{PORT}\""),
    };
    value.refuse("bad_listen", format!("`{text}` is not an address with a port"), hint)
}

/// What is printed, and the host within.
struct Address {
    url: String,
    host: String,
}

/// `http://192.168.100.200:8081`; `listen` is the port that phones are listened to on.
fn address(value: &Value<'_>, listen: Option<u16>) -> Option<Address> {
    let text = line(value)?;
    let no = |message: String, hint: String| value.refuse("bad_url", message, hint);
    let example = || format!("write it as phones see it, such as \"http://192.168.100.200:{PORT}\"");
    let Some((scheme, rest)) = text.split_once("://") else {
        let hint = if split(text).is_some() { format!("did you mean \"http://{text}\"?") } else { example() };
        return no(format!("`{text}` does not begin with http:// or https://"), hint);
    };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") {
        return no(format!("phones do not open `{scheme}://` from a code"), example());
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if let Some((front, _)) = rest.split_once(['/', '?', '#']) {
        let hint = match split(front) {
            Some(_) => format!("write \"{scheme}://{front}\": the box adds the path of each ticket itself"),
            None => example(),
        };
        return no(format!("`{text}` has a path"), hint);
    }
    let Some((host, port)) = split(rest) else {
        return no(format!("`{rest}` is not a host, alone or with a port"), example());
    };
    let url = format!("{scheme}://{}", rest.to_ascii_lowercase());
    if url.len() > LONGEST_URL {
        let message =
            format!("this address has {} characters, the code has room for {LONGEST_URL}", url.len());
        return no(message, "use the IP address, or a shorter name".to_owned());
    }
    let ip = host.parse::<IpAddr>().ok();
    if ip.is_some_and(|ip| ip.is_unspecified()) {
        return no(
            format!("no phone can go to `{host}`"),
            "write the address that this box has in the visitors' network".to_owned(),
        );
    }
    if ip.is_some_and(|ip| ip.is_loopback()) || host == "localhost" {
        let message = format!("on a phone `{host}` is the phone itself");
        value.warn(
            "bad_url",
            message,
            "write the address that this box has in the visitors' network".to_owned(),
        );
    }
    tell_other_port(value, &scheme, rest, port, listen);
    Some(Address { url, host })
}

/// Something may stand between that forwards one port to the other: that is for the technician to know.
fn tell_other_port(value: &Value<'_>, scheme: &str, rest: &str, port: Option<u16>, listen: Option<u16>) {
    let (Some(listen), "http") = (listen, scheme) else { return };
    let called = port.unwrap_or(80);
    if called == listen {
        return;
    }
    let bare = port.and_then(|port| rest.strip_suffix(&format!(":{port}"))).unwrap_or(rest);
    let message = format!("phones are sent to port {called}, and listened to on port {listen}");
    let hint = format!("write \"http://{bare}:{listen}\"; leave it where something forwards port {called}");
    value.warn("other_port", message, hint);
}

/// Host, in small letters and without brackets, and port.
fn split(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, rest.strip_prefix(':').or((!rest.is_empty()).then_some("?")))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let host = host.to_ascii_lowercase();
    // Browsers take whatever ends in a number for an IPv4 address.
    let numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let known = host.parse::<IpAddr>().is_ok() || is_host_name(&host) && !numeric;
    let port = match port {
        None => None,
        Some(digits) => Some(digits.parse::<u16>().ok().filter(|port| *port > 0)?),
    };
    known.then_some((host, port))
}

fn port_of(url: &str) -> Option<u16> {
    split(url.split_once("://")?.1)?.1
}

/// The name of a network.
fn wifi(value: &Value<'_>) -> Option<String> {
    let name = line(value)?;
    if name.len() > LONGEST_WIFI {
        let message = format!("`{name}` is longer than the name of a Wi-Fi can be ({LONGEST_WIFI} bytes)");
        return value.refuse("too_long", message, "write the name alone, as phones list it".to_owned());
    }
    Some(name.to_owned())
}
