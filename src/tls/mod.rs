//! The certificate by which browsers know the box: one that the technician brings, or one that the box
//! makes for itself, and the fingerprint by which a technician compares them.
//!
//! **Invariant:** only `generated` writes files; a key never leaves this room but into the handshake.

mod generated;
mod identity;
mod validity;

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

pub use generated::{Generator, RENEW_DAYS, kept};
pub use identity::{BadPair, Identity, is_certificate};

/// What browsers are shown now. It may change while the box runs: who comes next sees the new one.
#[derive(Debug)]
pub struct Shown(RwLock<Identity>);

impl Shown {
    pub fn new(identity: Identity) -> Arc<Self> {
        Arc::new(Self(RwLock::new(identity)))
    }

    pub fn get(&self) -> Identity {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn change(&self, identity: Identity) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = identity;
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get().certified())
    }
}

/// How the staff's listener speaks TLS 1.2 and 1.3.
pub fn server(shown: Arc<Shown>) -> Arc<ServerConfig> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring has the suites of TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_cert_resolver(shown);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(default_provider())
}
