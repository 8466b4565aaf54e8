//! `[web]`: by which names browsers reach the box, how long somebody stays signed in, how many are let in, and
//! whether others on the network can listen.

use chrono::NaiveDate;

use super::beside::Beside;
use super::reader::{Table, Value};
use super::tls::{Expected, TlsConfig, tls};

/// The staff's side of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct WebConfig {
    /// Host names, in small letters, that a request may name besides IP addresses and `localhost`.
    pub names: Vec<String>,
    /// Hours after which a sign-in ends by itself, 1 to 24.
    pub shift_hours: u8,
    /// Connections that each of the two doors takes at once, 100 to 3000.
    pub connections: u32,
    /// Live streams, one an open screen, that each of them keeps at once, 50 to 2000.
    pub streams: u32,
    pub tls: TlsConfig,
}

/// A long working day.
const SHIFT_HOURS: u8 = 12;
/// What the box serves with ease. Nobody may have more than what is left: half of it, whoever comes first.
const CONNECTIONS: u32 = 3_000;
const STREAMS: u32 = 2_000;

pub(super) fn web(root: &mut Table<'_>, beside: Beside<'_>, today: Option<NaiveDate>) -> Option<WebConfig> {
    let mut table = root.optional_section("web")?;
    let names = table.optional("names", Vec::new(), |value| value.each(host_name));
    let shift_hours = table.optional("shift_hours", SHIFT_HOURS, |value| value.integer(1..=24));
    let connections =
        table.optional("connections", CONNECTIONS, |value| value.integer(100..=CONNECTIONS.into()));
    let streams = table.optional("streams", STREAMS, |value| value.integer(50..=STREAMS.into()));
    let expected = Expected { beside, names: names.as_deref().unwrap_or_default(), today };
    let tls = table.optional("tls", TlsConfig::Off, |value| tls(value, &expected));
    Some(WebConfig {
        names: names?,
        shift_hours: shift_hours?,
        connections: connections?,
        streams: streams?,
        tls: tls?,
    })
}

/// A name alone: no scheme, no port, no path.
fn host_name(value: &Value<'_>) -> Option<String> {
    let text = value.str()?;
    let name = text.to_ascii_lowercase();
    if is_host_name(&name) {
        return Some(name);
    }
    let bare = name.trim_start_matches("http://").trim_start_matches("https://");
    let bare = bare.split(['/', ':']).next().unwrap_or_default();
    let hint = if bare != name && is_host_name(bare) {
        format!("did you mean \"{bare}\"?")
    } else {
        "write the name alone, such as \"antrean.local\"".to_owned()
    };
    value.refuse("bad_host_name", format!("`{text}` is not a host name"), hint)
}

/// Whether this names a host (RFC 1123, 2.1).
pub(super) fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}
