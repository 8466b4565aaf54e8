//! The demonstration: staff with a PIN that everybody may read.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;

use crate::config::{Config, Role, StaffConfig};

/// The PIN of all demo staff, shown on the sign-in page.
pub const PIN: &str = "246810";

/// Adds one clerk for each agency, a supervisor and a technician. Real staff stay who they are.
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
    let of_the_house = |id: &str, name: &str, role| StaffConfig {
        id: id.into(),
        name: name.to_owned(),
        role,
        agency: None,
        pin_hash: hash.clone(),
    };
    let supervisor = of_the_house("demo-supervisor", "Supervisor", Role::Supervisor);
    let technician = of_the_house("demo-technician", "Teknisi", Role::Technician);
    let demo: Vec<_> = clerks.chain([supervisor, technician]).collect();
    config.staff.extend(demo);
}
