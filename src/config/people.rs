//! Who may sign in, and which programs may act.

use super::reader::Section;
use super::site::Names;
use super::{ApiTokenConfig, Role, Scope, StaffConfig};

pub fn staff(root: &Section<'_>, names: &mut Names) -> Vec<StaffConfig> {
    let mut staff = Vec::new();
    for section in root.tables("staff") {
        staff.extend(one_of_staff(&section, names));
        section.done();
    }
    staff
}

fn one_of_staff(section: &Section<'_>, names: &mut Names) -> Option<StaffConfig> {
    let id = section.need_text("id", "\"ani\"").filter(|id| names.take(section, "member of staff", id));
    let name = section.text("name");
    let roles = [
        ("clerk", Role::Clerk),
        ("desk", Role::Desk),
        ("supervisor", Role::Supervisor),
        ("manager", Role::Manager),
        ("technician", Role::Technician),
    ];
    let role = section.choice("role", &roles).unwrap_or(Role::Clerk);
    let agency = section.text("agency").filter(|agency| names.knows(section, "agency", agency));
    if role == Role::Clerk && !section.has("agency") {
        let hint = "add agency = \"…\"; a clerk sees the counters of one agency";
        section.say(section.header(), "missing_key", "this clerk belongs to no agency", hint);
    }
    let hash = section.need_text("pin_hash", "\"$argon2id$…\"");
    if let Some(hash) =
        hash.as_ref().filter(|hash| argon2::password_hash::phc::PasswordHash::new(&hash.value).is_err())
    {
        section.say(hash.span.clone(), "bad_hash", "this is no hash of a PIN", "make it with `antrean pin`");
    }
    let id = id?;
    Some(StaffConfig {
        name: name.map_or_else(|| id.value.clone(), |name| name.value),
        id: id.value.into(),
        role,
        agency: agency.map(|agency| agency.value.into()),
        pin_hash: hash?.value,
    })
}

pub fn tokens(root: &Section<'_>, names: &mut Names) -> Vec<ApiTokenConfig> {
    let mut tokens = Vec::new();
    for section in root.tables("api_token") {
        tokens.extend(token(&section, names));
        section.done();
    }
    tokens
}

fn token(section: &Section<'_>, names: &mut Names) -> Option<ApiTokenConfig> {
    let name = section.need_text("name", "\"portal\"").filter(|name| names.take(section, "token", name));
    let scopes = [("issue", Scope::Issue), ("call", Scope::Call), ("supervise", Scope::Supervise)];
    let scopes = section.choices("scopes", &scopes);
    let hash = section.need_text("hash", "\"sha256:…\"");
    let digits = |hash: &str| {
        hash.strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if let Some(hash) = hash.as_ref().filter(|hash| !digits(&hash.value)) {
        section.say(
            hash.span.clone(),
            "bad_hash",
            "this is no hash of a token",
            "make it with `antrean token`",
        );
    }
    Some(ApiTokenConfig { name: name?.value, scopes, hash: hash?.value })
}
