//! The addresses at which browsers and phones find the box: one that cannot be had is tried again where somebody
//! stands before a window, or where the hall does without.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::certificate::Certificate;
use crate::config::VisitorsConfig;
use crate::hall::Hall;
use crate::web;

/// An address, and how it is spoken to.
pub struct Door {
    pub listen: SocketAddr,
    pub certificate: Certificate,
}

impl Door {
    /// Opens it, and keeps its certificate as long as it is open.
    async fn open(
        &self,
        settings: &mut web::Settings,
        closing: &watch::Receiver<bool>,
    ) -> std::io::Result<TcpListener> {
        let shown = self.certificate.shown().map_err(|error| {
            std::io::Error::other(format!("the certificate cannot be kept in the data folder: {error}"))
        })?;
        let listener = TcpListener::bind(self.listen).await?;
        if let Some(shown) = &shown {
            tokio::spawn(self.certificate.clone().renew(shown.clone(), closing.clone()));
        }
        settings.tls = shown;
        Ok(listener)
    }
}

/// Listens and serves until told to close. Ends earlier only when the address cannot be had and
/// nobody stands before a window.
pub async fn serve_web(
    door: Door,
    may_wait: bool,
    hall: Hall,
    mut settings: web::Settings,
    closing: watch::Receiver<bool>,
    listening: &OnceLock<SocketAddr>,
) -> std::io::Error {
    let mut said = false;
    let listen = door.listen;
    loop {
        match door.open(&mut settings, &closing).await {
            Ok(listener) => {
                // Port 0 asks the system for a free one: what was given is what people need to know.
                let address = listener.local_addr().unwrap_or(listen);
                let _ = listening.set(address);
                let scheme = if settings.tls.is_some() { "https" } else { "http" };
                tracing::info!("console and lobby: {scheme}://{address}/");
                web::serve(listener, hall, settings, closing).await;
                // Only the closing ends it, and whoever closes does not look at this.
                return std::io::Error::other("closed");
            }
            Err(error) if may_wait => {
                if !std::mem::replace(&mut said, true) {
                    tracing::error!(
                        code = "listen",
                        "{listen} cannot be listened on: {error}; name another with --listen. It is tried again"
                    );
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            Err(error) => return error,
        }
    }
}

/// Listens and serves visitors' phones until told to close. A hall without them is still a hall: where the
/// address cannot be had it is said once, and tried again.
pub async fn serve_visitors(
    visitors: VisitorsConfig,
    certificate: Certificate,
    hall: Hall,
    mut settings: web::Settings,
    mut closing: watch::Receiver<bool>,
) {
    let VisitorsConfig { listen, site, .. } = visitors;
    let door = Door { listen, certificate };
    let mut said = false;
    loop {
        match door.open(&mut settings, &closing).await {
            Ok(listener) => {
                tracing::info!("visitors' phones: {}/t/… on {listen}", site.url);
                return web::serve_visitors(listener, hall, settings, closing).await;
            }
            Err(error) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::error!(
                        code = "listen",
                        "visitors' phones cannot be listened to on {listen}: {error}; name another in [visitors] listen. It is tried again"
                    );
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            _ = closing.wait_for(|close| *close) => return,
        }
    }
}
