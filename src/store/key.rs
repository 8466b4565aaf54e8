//! The site key, and the tokens made with it.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::queue::Nonce;

/// The secret of this site: 32 bytes in a file of mode 0600, never in the database.
#[derive(Clone)]
pub struct SiteKey(Arc<[u8; 32]>);

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKey(..)")
    }
}

/// What a visitor holds to follow a ticket: the first 128 bits of HMAC-SHA256(site key, nonce).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; 16]);

impl Token {
    /// A token to look for where none could be read.
    pub const NOBODYS: Self = Self([0; 16]);

    /// What the database keeps to find a ticket by its token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Reads 32 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(|bits| Self(bits.to_be_bytes()))
    }
}
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl SiteKey {
    /// The token that belongs to a ticket's nonce.
    pub fn token(&self, nonce: Nonce) -> Token {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes keys of any length");
        mac.update(&nonce.0);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        Token(half)
    }

    /// Reads the key, or draws one for a new site.
    ///
    /// A key is drawn only where no database is: a lost key must be noticed, not replaced.
    ///
    /// # Errors
    /// The file cannot be read or made, or is not 32 bytes long.
    pub fn read_or_draw(path: &Path, new_site: bool) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => {
                let key = <[u8; 32]>::try_from(bytes.as_slice());
                key.map(|key| Self(Arc::new(key))).map_err(|_| io::Error::other("it is not 32 bytes long"))
            }
            Err(missing) if missing.kind() == io::ErrorKind::NotFound && new_site => {
                let mut key = [0; 32];
                getrandom::fill(&mut key).map_err(io::Error::other)?;
                let draft = path.with_extension("key.new");
                let mut file =
                    OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
                file.write_all(&key)?;
                file.sync_all()?;
                std::fs::rename(&draft, path)?;
                if let Some(folder) = path.parent() {
                    File::open(folder)?.sync_all()?;
                }
                Ok(Self(Arc::new(key)))
            }
            Err(other) => Err(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_same_after_every_restart_and_unlike_its_nonce() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("site.key");
        let token = SiteKey::read_or_draw(&file, true).unwrap().token(Nonce([7; 16]));
        assert_eq!(SiteKey::read_or_draw(&file, false).unwrap().token(Nonce([7; 16])), token);
        assert_ne!(SiteKey::read_or_draw(&file, false).unwrap().token(Nonce([8; 16])), token);
        assert_eq!(Token::parse(&token.to_string()), Some(token));
    }

    #[test]
    fn a_lost_key_of_an_old_site_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(SiteKey::read_or_draw(&folder.path().join("site.key"), false).is_err());
    }
}
