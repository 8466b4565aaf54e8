//! The certificate that the box makes for itself. Nobody vouches for it: a browser warns once, and a
//! technician compares the fingerprint before it is trusted.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};

use super::Identity;

/// So many days before its end a certificate is made anew.
pub const RENEW_DAYS: i64 = 60;
/// Some systems take none that holds longer than 825 days.
const DAYS: i64 = 800;
/// For browsers whose clock is behind.
const BEFORE_DAYS: i64 = 2;

/// Where the box keeps its own certificate, and for which names and addresses it is.
#[derive(Debug, Clone)]
pub struct Generator {
    folder: PathBuf,
    names: Vec<String>,
}

impl Generator {
    /// `names` may be host names and addresses; what is neither is left out.
    pub fn new(folder: PathBuf, names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| rustls::pki_types::ServerName::try_from(name.as_str()).is_ok());
        Self { folder, names }
    }

    /// The certificate that is kept, or a new one where none is kept, where it ends soon or has not begun, and where it
    /// is not for one of the names.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn identity(&self, now: DateTime<Utc>) -> io::Result<Identity> {
        match kept(&self.folder) {
            Some(kept) if self.still_does(&kept, now) => Ok(kept),
            _ => self.make(now),
        }
    }

    fn still_does(&self, kept: &Identity, now: DateTime<Utc>) -> bool {
        let holds = kept
            .validity()
            .is_some_and(|(from, until)| from <= now && now + TimeDelta::days(RENEW_DAYS) < until);
        holds && self.names.iter().all(|name| kept.is_for(name))
    }

    fn make(&self, now: DateTime<Utc>) -> io::Result<Identity> {
        let mut params = CertificateParams::new(self.names.clone()).map_err(io::Error::other)?;
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "Antrean");
        params.distinguished_name = name;
        let day = |at: DateTime<Utc>| {
            rcgen::date_time_ymd(
                at.year(),
                u8::try_from(at.month()).unwrap_or(1),
                u8::try_from(at.day()).unwrap_or(1),
            )
        };
        params.not_before = day(now - TimeDelta::days(BEFORE_DAYS));
        params.not_after = day(now + TimeDelta::days(DAYS));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?.pem();
        let key = key.serialize_pem();
        let identity = Identity::read(certificate.as_bytes(), key.as_bytes()).map_err(io::Error::other)?;
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        // Where only one of them is changed the two are strangers, and the next look makes both anew.
        write(&self.folder.join(KEY), key.as_bytes())?;
        write(&self.folder.join(CERTIFICATE), certificate.as_bytes())?;
        Ok(identity)
    }
}

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// The certificate in a folder; none where there is none that could be shown.
pub fn kept(folder: &Path) -> Option<Identity> {
    let certificate = std::fs::read(folder.join(CERTIFICATE)).ok()?;
    let key = std::fs::read(folder.join(KEY)).ok()?;
    Identity::read(&certificate, &key).ok()
}

/// Whole or not at all, and for the box's user alone.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_certificate_is_kept_until_it_ends_soon_or_a_name_is_missing() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("tls");
        let of = |list: &[&str]| Generator::new(folder.clone(), names(list));
        let now = at("2026-11-23T02:00:00Z");
        assert!(kept(&folder).is_none());
        let first = of(&["antrean.local", "192.168.1.20"]).identity(now).unwrap();
        assert_eq!(of(&["192.168.1.20", "antrean.local"]).identity(now).unwrap(), first);
        assert_eq!(
            of(&["antrean.local"]).identity(now).unwrap(),
            first,
            "an address that has gone does not matter"
        );
        assert_eq!(kept(&folder).unwrap(), first);
        let more = of(&["antrean.local", "192.168.1.21"]).identity(now).unwrap();
        assert_ne!(more, first);
        assert!(more.is_for("192.168.1.21") && more.is_for("antrean.local") && !more.is_for("192.168.1.20"));
        let late = now + TimeDelta::days(DAYS - RENEW_DAYS - 1);
        assert_eq!(of(&["antrean.local"]).identity(late).unwrap(), more);
        let renewed = of(&["antrean.local"]).identity(late + TimeDelta::days(3)).unwrap();
        assert_ne!(renewed, more);
        assert_ne!(of(&["antrean.local"]).identity(now).unwrap(), renewed, "one that has not begun is none");
    }

    #[test]
    fn nobody_else_reads_the_key_and_half_a_pair_is_made_anew() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("tls");
        let generator = Generator::new(folder.clone(), names(&["antrean.local", "not a name", "::1"]));
        let now = at("2026-11-23T02:00:00Z");
        let first = generator.identity(now).unwrap();
        assert!(first.is_for("::1") && !first.is_for("not a name"));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(KEY))), (0o700, 0o600));
        let other = data.path().join("other");
        Generator::new(other.clone(), names(&["antrean.local"])).identity(now).unwrap();
        std::fs::copy(other.join(KEY), folder.join(KEY)).unwrap();
        assert!(kept(&folder).is_none());
        assert_ne!(generator.identity(now).unwrap(), first);
        assert!(kept(&folder).is_some());
    }

    #[test]
    fn a_fingerprint_is_written_as_browsers_write_it() {
        let data = tempfile::tempdir().unwrap();
        let generator = Generator::new(data.path().join("tls"), names(&["localhost"]));
        let shown = generator.identity(at("2026-11-23T02:00:00Z")).unwrap().fingerprint();
        assert_eq!((shown.len(), shown.matches(':').count()), (95, 31));
        assert!(shown.chars().all(|c| c == ':' || c.is_ascii_digit() || ('A'..='F').contains(&c)), "{shown}");
    }
}
