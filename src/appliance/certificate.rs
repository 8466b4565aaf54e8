//! The certificate of a listener: read, made, kept for its names, and renewed while the box runs.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::sync::watch;

use super::{Plan, workshop};
use crate::clock::Clock;
use crate::config::TlsConfig;
use crate::tls::{Generator, Shown};

/// How often it is looked at: addresses change, and clocks are put right.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// What a listener shall show.
#[derive(Debug, Clone)]
pub struct Certificate {
    tls: TlsConfig,
    folder: PathBuf,
    names: Vec<String>,
    clock: Clock,
}

/// Where the certificate that the box made for staff is kept.
pub fn folder(data: &Path) -> PathBuf {
    data.join("tls")
}

impl Certificate {
    /// Of the staff's listener.
    pub fn of_staff(plan: &Plan, clock: &Clock) -> Self {
        let names = plan.config.web.names.clone();
        Self { tls: plan.config.web.tls.clone(), folder: folder(&plan.data), names, clock: clock.clone() }
    }

    /// Of the visitors' listener, which phones know by the name of this host.
    pub fn of_visitors(plan: &Plan, tls: &TlsConfig, host: &str, clock: &Clock) -> Self {
        let names = vec![host.to_owned()];
        Self { tls: tls.clone(), folder: plan.data.join("tls-visitors"), names, clock: clock.clone() }
    }

    /// What browsers are shown; none where the listener speaks in plain.
    ///
    /// # Errors
    /// The certificate cannot be written.
    pub fn shown(&self) -> std::io::Result<Option<Arc<Shown>>> {
        let identity = match &self.tls {
            TlsConfig::Off => return Ok(None),
            TlsConfig::Given(identity) => identity.clone(),
            TlsConfig::Generated => self.generator().identity(self.now())?,
        };
        tracing::info!("the certificate's SHA-256: {}", identity.fingerprint());
        Ok(Some(Shown::new(identity)))
    }

    /// Looks after a certificate of the box's own until told to close.
    pub async fn renew(self, shown: Arc<Shown>, mut closing: watch::Receiver<bool>) {
        if self.tls != TlsConfig::Generated {
            return;
        }
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = closing.wait_for(|close| *close) => return,
            }
            let certificate = self.clone();
            let looked =
                tokio::task::spawn_blocking(move || certificate.generator().identity(certificate.now()));
            match looked.await {
                Ok(Ok(identity)) if identity != shown.get() => {
                    tracing::info!("the certificate was made anew; its SHA-256: {}", identity.fingerprint());
                    shown.change(identity);
                }
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => {
                    tracing::warn!(code = "certificate", %error, "the certificate could not be made anew");
                }
            }
        }
    }

    fn generator(&self) -> Generator {
        let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        // Those of IPv6 may change by the day, and the certificate would with them.
        let addresses = workshop::addresses().into_iter().filter(IpAddr::is_ipv4).map(|ip| ip.to_string());
        Generator::new(self.folder.clone(), self.names.iter().cloned().chain(loopback).chain(addresses))
    }

    fn now(&self) -> chrono::DateTime<Utc> {
        self.clock.now().with_timezone(&Utc)
    }
}
