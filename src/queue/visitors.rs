//! The network that visitors can join, and where on it they follow their ticket.

use std::fmt::Display;
use std::sync::Arc;

/// Where visitors' phones find the box. A site without one promises no QR code anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitors {
    /// As phones see it, `http://192.168.100.200:8081`: no path, no slash at the end.
    pub url: Arc<str>,
    /// The name of the Wi-Fi to join first, where one must be joined.
    pub wifi: Option<Arc<str>>,
}

impl Visitors {
    /// Where the holder of a token follows the ticket: what a QR code contains.
    pub fn link(&self, token: impl Display) -> String {
        format!("{}/t/{token}", self.url)
    }
}
