//! The demonstration: staff with a PIN that everybody may read.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;

use crate::config::{Config, Role, StaffConfig};

/// The PIN of all demo staff, shown on the sign-in page.
pub const PIN: &str = "246810";

/// Adds one clerk for each agency and a supervisor. Real staff stay who they are.
pub fn furnish(config: &mut Config) {
    let hash = match Argon2::default().hash_password(PIN.as_bytes()) {
        Ok(hash) => hash.to_string(),
        Err(error) => {
            tracing::error!(%error, "the demo PIN cannot be hashed; nobody can sign in");
            return;
        }
    };
    let clerks = config.rules.agencies.iter().map(|agency| StaffConfig {
        id: format!("demo-{}", agency.id).into(),
        name: format!("Petugas {}", agency.name.id),
        role: Role::Clerk,
        agency: Some(agency.id.clone()),
        pin_hash: hash.clone(),
    });
    let supervisor = StaffConfig {
        id: "demo-supervisor".into(),
        name: "Supervisor".to_owned(),
        role: Role::Supervisor,
        agency: None,
        pin_hash: hash.clone(),
    };
    let demo: Vec<_> = clerks.chain([supervisor]).collect();
    config.staff.extend(demo);
}
