//! `tls`, of `[web]` and `[visitors]`: in plain, by a certificate that the box makes, or by one that the
//! technician brings.

use std::io;

use chrono::{NaiveDate, TimeDelta};

use super::beside::{Beside, Named, why};
use super::reader::Value;
use super::words::line;
use crate::tls::{BadPair, Identity, is_certificate};

/// How a listener speaks.
#[derive(Debug, Clone, PartialEq)]
pub enum TlsConfig {
    Off,
    /// The box makes its own certificate, and renews it.
    Generated,
    /// Read when the config was: a new one counts from the next start on.
    Given(Identity),
}

#[derive(Clone, Copy)]
enum Word {
    Off,
    Generated,
}

const WORDS: &[(&str, Word)] = &[("off", Word::Off), ("generated", Word::Generated)];
/// More than any certificate with those that vouch for it.
const MOST: u64 = 256 << 10;
/// So many days before a certificate ends somebody is told.
const SOON_DAYS: i64 = 30;

/// What names a listener has, and when it is: what a certificate is held against.
pub(super) struct Expected<'a> {
    pub beside: Beside<'a>,
    pub names: &'a [String],
    pub today: Option<NaiveDate>,
}

pub(super) fn tls(value: &Value<'_>, expected: &Expected<'_>) -> Option<TlsConfig> {
    if !value.is_table() {
        return value.choice(WORDS).map(|word| match word {
            Word::Off => TlsConfig::Off,
            Word::Generated => TlsConfig::Generated,
        });
    }
    let mut table = value.table("`tls`")?;
    let certificate = table.required("certificate", |value| {
        let bytes = file(value, Beside::read, expected.beside)?;
        if is_certificate(&bytes) { Some(bytes) } else { no_pair(value, BadPair::NoCertificate) }
    });
    let identity = table.required("key", |value| {
        let key = file(value, Beside::read_secret, expected.beside)?;
        let certificate = certificate.as_ref()?;
        Identity::read(certificate, &key).map_or_else(|why| no_pair(value, why), Some)
    });
    let identity = identity?;
    tell_end(value, &identity, expected.today);
    tell_names(value, &identity, expected.names);
    Some(TlsConfig::Given(identity))
}

type Read<'a> = fn(Beside<'a>, &str, u64) -> io::Result<Named>;

fn file<'a>(value: &Value<'_>, read: Read<'a>, beside: Beside<'a>) -> Option<Vec<u8>> {
    let path = line(value)?;
    match read(beside, path, MOST) {
        Ok(file) => Some(file.bytes),
        Err(error) => {
            let hint = match error.kind() {
                io::ErrorKind::NotFound => "the path is relative to the folder of this config",
                io::ErrorKind::PermissionDenied => "let the user of the box read it, and nobody else",
                _ => "name a file",
            };
            value.refuse(
                "unreadable_file",
                format!("`{path}` cannot be read: {}", why(&error)),
                hint.to_owned(),
            )
        }
    }
}

fn no_pair<T>(value: &Value<'_>, why: BadPair) -> Option<T> {
    let hint = match why {
        BadPair::NoCertificate => "name the certificate as PEM, with those that vouch for it after it",
        BadPair::NoKey => "name the key as PEM, without a password",
        BadPair::Strangers => "name the key with which this certificate was asked for",
    };
    value.refuse("bad_certificate", why.to_string(), hint.to_owned())
}

/// The box runs on with it: that is better than no page.
fn tell_end(value: &Value<'_>, identity: &Identity, today: Option<NaiveDate>) {
    let (Some((_, until)), Some(today)) = (identity.validity(), today) else { return };
    let until = until.date_naive();
    let hint = || "put a new one in its place, then start again".to_owned();
    if until < today {
        value.warn(
            "certificate_ended",
            format!("this certificate ended on {until}: browsers refuse it"),
            hint(),
        );
    } else if until < today + TimeDelta::days(SOON_DAYS) {
        value.warn("certificate_ends", format!("this certificate ends on {until}"), hint());
    }
}

fn tell_names(value: &Value<'_>, identity: &Identity, names: &[String]) {
    if !names.is_empty() && !names.iter().any(|name| identity.is_for(name)) {
        let message = format!("this certificate is not for {}", names.join(", "));
        value.warn(
            "certificate_names",
            message,
            "browsers warn: name what it is for, or get another".to_owned(),
        );
    }
}
