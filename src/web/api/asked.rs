//! What was asked, whole: an `Idempotency-Key` belongs to exactly this.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::super::error::Problem;
use super::Caller;
use crate::hall::{self, Key};
use crate::queue::Command;

/// One request, read to its end.
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            _ => Problem::bad(&rejection.body_text()),
        })?;
        Ok(Self { method, uri, headers, body })
    }
}

impl Asked {
    /// A request to the hall, with the key if one was given.
    ///
    /// # Errors
    /// 400 for a key that is empty or longer than 200 characters.
    pub fn request(&self, credential: String, command: Command) -> Result<hall::Request, Problem> {
        Ok(hall::Request { command, key: self.key(credential)? })
    }

    /// The key of this request, if one was given.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn key(&self, credential: String) -> Result<Option<Key>, Problem> {
        let Some(key) = self.headers.get("idempotency-key") else { return Ok(None) };
        let key = key.to_str().ok().filter(|key| (1..=200).contains(&key.len()));
        let key = key.ok_or_else(|| Problem::bad("Idempotency-Key: 1 … 200 ASCII"))?.to_owned();
        let mut hash = Sha256::new();
        hash.update(self.method.as_str());
        hash.update([0]);
        hash.update(self.uri.path());
        hash.update([0]);
        hash.update(&self.body);
        Ok(Some(Key { credential, key, body: hash.finalize().into() }))
    }

    /// The same under a caller's name.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn request_of(&self, caller: &Caller, command: Command) -> Result<hall::Request, Problem> {
        self.request(caller.credential(), command)
    }

    /// The body, a JSON object; no body is an object without fields.
    ///
    /// # Errors
    /// 415 for something that says it is not JSON; 400 with what is wrong and where.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return read(b"{}");
        }
        if !self.says_json() {
            return Err(Problem::wrong_media_type());
        }
        // Serde would take a list of a struct's fields too; the document promises an object.
        if self.body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::bad("expected a JSON object"));
        }
        read(&self.body)
    }

    /// A body of which nothing is said is taken for JSON.
    fn says_json(&self) -> bool {
        let Some(kind) = self.headers.get(header::CONTENT_TYPE) else { return true };
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::bad(&error.to_string()))
}
