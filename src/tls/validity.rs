//! From when to when a certificate holds: the two times of its DER (RFC 5280, 4.1.2.5), and no more of it.

use chrono::{DateTime, NaiveDateTime, Utc};

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// What a tag holds, and what comes after it.
struct Element<'a> {
    tag: u8,
    inside: &'a [u8],
    after: &'a [u8],
}

pub fn of(certificate: &[u8]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let certificate = tagged(certificate, SEQUENCE)?;
    let mut rest = tagged(certificate.inside, SEQUENCE)?.inside;
    // Certificates of the first version do not say so.
    if let Some(version) = tagged(rest, VERSION) {
        rest = version.after;
    }
    // Serial number, signature, issuer.
    for _ in 0..3 {
        rest = element(rest)?.after;
    }
    let times = tagged(rest, SEQUENCE)?;
    let from = element(times.inside)?;
    let until = element(from.after)?;
    Some((time(&from)?, time(&until)?))
}

fn tagged(der: &[u8], tag: u8) -> Option<Element<'_>> {
    element(der).filter(|element| element.tag == tag)
}

/// The first element: a tag of one byte, a length, the contents.
fn element(der: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = der.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        // As many bytes of length; four are far more than any certificate has.
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some(Element { tag, inside, after })
}

/// `YYMMDDHHMMSSZ`, of 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
fn time(element: &Element<'_>) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(element.inside).ok()?;
    let text = match element.tag {
        UTC_TIME if text < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%SZ").ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    #[test]
    fn both_ways_of_writing_a_time_are_read() {
        for (from, until, read) in [
            ((2026, 11, 21), (2029, 1, 30), ("2026-11-21", "2029-01-30")),
            ((1999, 12, 31), (2051, 6, 1), ("1999-12-31", "2051-06-01")),
        ] {
            let mut params = CertificateParams::new(vec!["antrean.local".to_owned()]).unwrap();
            params.not_before = date_time_ymd(from.0, from.1, from.2);
            params.not_after = date_time_ymd(until.0, until.1, until.2);
            let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
            let (from, until) = of(certificate.der()).unwrap();
            assert_eq!(
                (from.date_naive().to_string().as_str(), until.date_naive().to_string().as_str()),
                read
            );
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_times() {
        for der in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00", b"no certificate"] {
            assert!(of(der).is_none());
        }
    }
}
