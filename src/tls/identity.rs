//! A certificate and its key.

use std::fmt::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

use super::{provider, validity};

/// A certificate with those that vouch for it, and its key.
#[derive(Clone)]
pub struct Identity(Arc<CertifiedKey>);

/// Two files are no certificate with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPair {
    #[error("there is no certificate in it (-----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    #[error(
        "there is no private key in it that could be used (-----BEGIN PRIVATE KEY-----, without a password)"
    )]
    NoKey,
    #[error("the key is not the certificate's")]
    Strangers,
}

/// Whether this is a certificate as PEM, and those that vouch for it.
pub fn is_certificate(pem: &[u8]) -> bool {
    chain(pem).is_some()
}

fn chain(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().ok()?;
    let leaf = chain.first()?;
    ParsedCertificate::try_from(leaf).is_ok().then_some(chain)
}

impl Identity {
    /// Reads a certificate, those that vouch for it after it, and a key, both as PEM.
    ///
    /// # Errors
    /// See [`BadPair`].
    pub fn read(certificate: &[u8], key: &[u8]) -> Result<Self, BadPair> {
        let chain = chain(certificate).ok_or(BadPair::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| BadPair::NoKey)?;
        let key = provider().key_provider.load_private_key(key).map_err(|_| BadPair::NoKey)?;
        let certified = CertifiedKey::new(chain, key);
        certified.keys_match().map_err(|_| BadPair::Strangers)?;
        Ok(Self(Arc::new(certified)))
    }

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        self.0.clone()
    }

    /// The certificate itself, as it goes over the line.
    pub fn der(&self) -> &[u8] {
        self.0.cert.first().map_or(&[], |leaf| leaf.as_ref())
    }

    /// SHA-256 of the certificate as browsers show it: `AB:CD:…`.
    pub fn fingerprint(&self) -> String {
        let mut shown = String::new();
        for (i, byte) in Sha256::digest(self.der()).iter().enumerate() {
            // Writing into a String cannot fail.
            let _ = write!(shown, "{}{byte:02X}", if i > 0 { ":" } else { "" });
        }
        shown
    }

    /// From when to when it holds; none where it does not say so in a way that is understood.
    pub fn validity(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        validity::of(self.der())
    }

    /// Whether a browser that came by this name or address takes it for the box's.
    pub fn is_for(&self, name: &str) -> bool {
        let Ok(name) = ServerName::try_from(name) else { return false };
        let leaf = self.0.cert.first().and_then(|leaf| ParsedCertificate::try_from(leaf).ok());
        leaf.is_some_and(|leaf| rustls::client::verify_server_name(&leaf, &name).is_ok())
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.fingerprint())
    }
}
