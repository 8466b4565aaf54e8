//! `[[api_token]]`: programs that may act.

use super::known::Known;
use super::reader::{Table, Value};
use super::words::line;

/// A bearer token, known by its hash alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenConfig {
    pub name: String,
    /// Never empty.
    pub scopes: Vec<Scope>,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
}

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Taking numbers.
    Issue,
    /// The acts of a counter.
    Call,
    /// The acts of a supervisor.
    Supervise,
}

const SCOPES: &[(&str, Scope)] =
    &[("issue", Scope::Issue), ("call", Scope::Call), ("supervise", Scope::Supervise)];

pub(super) fn tokens(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<ApiTokenConfig>> {
    root.each("api_token", |mut table| {
        let name = table.required("name", |value| {
            let name = line(value)?.to_owned();
            known.tokens.take(value, name)
        });
        let scopes = table.required("scopes", scopes);
        let hash = table.required("hash", hash);
        Some(ApiTokenConfig { name: name?, scopes: scopes?, hash: hash? })
    })
}

fn scopes(value: &Value<'_>) -> Option<Vec<Scope>> {
    let mut scopes = value.each(|item| item.choice(SCOPES))?;
    if scopes.is_empty() {
        let hint = "possible are `issue`, `call` and `supervise`".to_owned();
        return value.refuse("no_scopes", "a token without scopes opens nothing", hint);
    }
    let mut met = Vec::new();
    scopes.retain(|scope| {
        !met.contains(scope) && {
            met.push(*scope);
            true
        }
    });
    Some(scopes)
}

fn hash(value: &Value<'_>) -> Option<[u8; 32]> {
    let text = value.secret();
    text.strip_prefix("sha256:").and_then(bytes).or_else(|| {
        // Never repeated in the report: it may be the token itself.
        let hint = "run `antrean token` and copy what it prints: \"sha256:\" and 64 hex digits".to_owned();
        value.refuse("bad_token_hash", "this is not the hash of a token", hint)
    })
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(bytes)
}
