//! `[[staff]]`: who signs in.

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;

use super::known::Known;
use super::reader::{Table, Value};
use super::words::line;
use crate::queue::{AgencyId, StaffId};

/// Somebody who signs in with a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffConfig {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    /// Whose counters and figures they see; all agencies if none.
    pub agency: Option<AgencyId>,
    /// Of the first PIN, as `antrean pin` prints it: `$argon2id$…`.
    pub pin_hash: String,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Serves at a counter.
    Clerk,
    /// Greets, and helps at the information desk.
    Desk,
    Supervisor,
    /// Reads reports.
    Manager,
    Technician,
}

const ROLES: &[(&str, Role)] = &[
    ("clerk", Role::Clerk),
    ("desk", Role::Desk),
    ("supervisor", Role::Supervisor),
    ("manager", Role::Manager),
    ("technician", Role::Technician),
];

/// Memory one check of a PIN may take, in KiB: more would be felt in the hall.
const MAX_MEMORY_KIB: u32 = 128 * 1024;

pub(super) fn staff(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<StaffConfig>> {
    root.each("staff", |mut table| {
        let id = table.required("id", |value| known.staff.declare(value));
        let name = table.required("name", |value| line(value).map(str::to_owned));
        let role = table.required("role", |value| value.choice(ROLES));
        let agency = table.maybe("agency", |value| known.agencies.refer(value));
        let pin_hash = table.required("pin_hash", pin_hash);
        Some(StaffConfig { id: id?, name: name?, role: role?, agency: agency?, pin_hash: pin_hash? })
    })
}

fn pin_hash(value: &Value<'_>) -> Option<String> {
    let text = value.secret();
    if usable(text) {
        return Some(text.to_owned());
    }
    // Never repeated in the report: it may be a PIN somebody wrote here in plain.
    let hint = "run `antrean pin` and copy what it prints: \"$argon2id$…\"".to_owned();
    value.refuse("bad_pin_hash", "this is not the hash of a PIN", hint)
}

fn usable(text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(text) else { return false };
    let complete = hash.algorithm.as_str() == "argon2id" && hash.salt.is_some() && hash.hash.is_some();
    complete && Params::try_from(&hash).is_ok_and(|params| params.m_cost() <= MAX_MEMORY_KIB)
}
