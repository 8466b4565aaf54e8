//! The API under `/api/v1`: one file a noun.

pub mod board;
pub mod counters;
pub mod services;
pub mod slips;
pub mod ticket_acts;
pub mod tickets;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri, header};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::Problem;
use super::session::Clerk;
use super::{ApiToken, House};
use crate::hall::{Key, Request};
use crate::queue::{Actor, AgencyId, Command, CounterId, StaffId, TicketId};

/// Who asks.
pub enum Caller {
    Clerk(Clerk),
    Program(ApiToken),
}

impl Caller {
    /// # Errors
    /// 401 without session and token, or with a token nobody made.
    pub fn of(house: &House, headers: &HeaderMap) -> Result<Self, Problem> {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let text = authorization.to_str().unwrap_or_default();
            let token = text.strip_prefix("Bearer ").ok_or_else(Problem::no_credential)?;
            let hash: [u8; 32] = Sha256::digest(token.trim()).into();
            let same = |known: &&ApiToken| bool::from(known.hash.ct_eq(&hash));
            let known = house.settings.tokens.iter().find(same);
            return known.cloned().map(Self::Program).ok_or_else(Problem::no_credential);
        }
        house.clerk(headers).map(Self::Clerk).ok_or_else(Problem::no_credential)
    }

    pub fn may_issue(&self) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.may_issue,
            Self::Program(token) => token.may_issue,
        }
    }

    pub fn may_call_at(&self, counter: &CounterId) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.counter == *counter,
            Self::Program(token) => token.may_call,
        }
    }

    /// Whether a ticket is of an agency it may act for.
    pub fn may_act_on(&self, house: &House, ticket: Option<TicketId>) -> bool {
        match self {
            Self::Clerk(clerk) => {
                let present = house.hall.present();
                let service = ticket.and_then(|id| present.day.ticket(id)).map(|ticket| &ticket.service);
                let agency = service.and_then(|service| present.rules.service(service));
                agency.is_some_and(|(agency, _)| clerk.staff.serves(&agency.id))
            }
            Self::Program(token) => token.may_call,
        }
    }

    /// Whether it may say for an agency whether numbers are given.
    pub fn may_act_for(&self, agency: &AgencyId) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.serves(agency),
            Self::Program(token) => token.may_call,
        }
    }

    /// The counter at which a clerk sits.
    pub fn counter(&self) -> Option<CounterId> {
        match self {
            Self::Clerk(clerk) => Some(clerk.counter.clone()),
            Self::Program(_) => None,
        }
    }

    /// Who acts, as the journal has it.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Clerk(clerk) => Actor::Staff(clerk.staff.id.clone()),
            Self::Program(token) => Actor::Api(token.name.clone()),
        }
    }

    /// The name that is written beside what it did.
    pub fn name(&self) -> StaffId {
        match self {
            Self::Clerk(clerk) => clerk.staff.id.clone(),
            Self::Program(token) => format!("token:{}", token.name).into(),
        }
    }

    /// Under which name its idempotency keys are kept.
    fn credential(&self) -> String {
        match self {
            Self::Clerk(clerk) => format!("staff:{}", clerk.staff.id),
            Self::Program(token) => format!("token:{}", token.name),
        }
    }
}

/// What was asked, whole: an `Idempotency-Key` belongs to exactly this.
pub struct Asked<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a Bytes,
}

impl Asked<'_> {
    /// A request to the hall, with the key if one was given.
    ///
    /// # Errors
    /// 400 for a key that is empty or longer than 200 characters.
    pub fn request(&self, credential: String, command: Command) -> Result<Request, Problem> {
        let Some(key) = self.headers.get("idempotency-key") else { return Ok(command.into()) };
        let key = key.to_str().ok().filter(|key| (1..=200).contains(&key.len()));
        let key = key.ok_or_else(|| Problem::bad("Idempotency-Key: 1 … 200 ASCII"))?.to_owned();
        let mut hash = Sha256::new();
        hash.update(self.method.as_str());
        hash.update([0]);
        hash.update(self.uri.path());
        hash.update([0]);
        hash.update(self.body);
        Ok(Request { command, key: Some(Key { credential, key, body: hash.finalize().into() }) })
    }

    /// The same under a caller's name.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn request_of(&self, caller: &Caller, command: Command) -> Result<Request, Problem> {
        self.request(caller.credential(), command)
    }

    /// The body as JSON; an empty body is the default.
    ///
    /// # Errors
    /// 400 with what is wrong and where.
    pub fn json<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return Ok(T::default());
        }
        serde_json::from_slice(self.body).map_err(|error| Problem::bad(&error.to_string()))
    }
}
