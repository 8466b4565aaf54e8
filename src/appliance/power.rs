//! Restarting and shutting down the machine, as its service manager does it.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use crate::kiosk::technician::Unable;

/// Asks the system to start anew. It takes as long as the system does.
///
/// # Errors
/// See [`Unable`].
pub fn restart() -> Result<(), Unable> {
    ask("systemctl", "reboot")
}

/// Asks the system to switch itself off.
///
/// # Errors
/// See [`Unable`].
pub fn shut_down() -> Result<(), Unable> {
    ask("systemctl", "poweroff")
}

/// Nobody is there to type a password.
fn ask(program: &str, verb: &str) -> Result<(), Unable> {
    tracing::info!("the technician asks for `{program} {verb}`");
    let asked = Command::new(program).args(["--no-ask-password", verb]).stdin(Stdio::null()).output();
    match asked {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            let said = said.lines().map(str::trim).find(|line| !line.is_empty());
            let why =
                said.map_or_else(|| done.status.to_string(), |said| said.trim_end_matches('.').to_owned());
            tracing::error!(code = "power", "`{program} {verb}`: {why}");
            Err(Unable::Refused(why))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Unable::NoSystemd),
        Err(error) => Err(Unable::Refused(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn program(lines: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("systemctl");
        std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let name = path.display().to_string();
        (folder, name)
    }

    #[test]
    fn what_the_system_says_is_passed_on_and_a_missing_one_is_named() {
        let (_folder, willing) = program(r#"[ "$1 $2" = "--no-ask-password reboot" ]"#);
        assert_eq!(ask(&willing, "reboot"), Ok(()));
        let (_folder, unwilling) = program("echo 'Access denied.' >&2; exit 1");
        assert_eq!(ask(&unwilling, "reboot"), Err(Unable::Refused("Access denied".to_owned())));
        let (_folder, silent) = program("exit 4");
        assert_eq!(ask(&silent, "poweroff"), Err(Unable::Refused("exit status: 4".to_owned())));
        assert_eq!(ask("/no/such/systemctl", "reboot"), Err(Unable::NoSystemd));
    }
}
