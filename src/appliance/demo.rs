//! The demonstration: staff with a PIN that everybody may read, and phones that may look.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;

use super::workshop;
use crate::config::{Config, Role, StaffConfig, TlsConfig, VisitorsConfig};
use crate::queue::Visitors;

/// The PIN of all demo staff, shown on the sign-in page.
pub const PIN: &str = "246810";

/// Adds one clerk for each agency, somebody at the desk, a supervisor and a technician, and a door for phones beside `listen`, the
/// staff's. Real staff stay who they are.
pub fn furnish(config: &mut Config, listen: SocketAddr) {
    furnish_with(
        config,
        listen,
        Argon2::default().hash_password(PIN.as_bytes()).map(|hash| hash.to_string()),
    );
}

/// Another config of the same demonstration: its staff have the PIN they had.
pub fn furnish_again(config: &mut Config, listen: SocketAddr, before: &Config) {
    let known = before.staff.iter().find(|staff| staff.id.as_str().starts_with("demo-"));
    match known {
        Some(known) => furnish_with(config, listen, Ok(known.pin_hash.clone())),
        None => furnish(config, listen),
    }
}

fn furnish_with(config: &mut Config, listen: SocketAddr, hash: Result<String, argon2::password_hash::Error>) {
    // Whoever looks at a show does not compare fingerprints.
    config.web.tls = TlsConfig::Off;
    config.visitors = visitors(config.visitors.take(), listen);
    let hash = match hash {
        Ok(hash) => hash,
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
    let supervisor = of_the_house("demo-supervisor", "Penyelia", Role::Supervisor);
    let desk = of_the_house("demo-desk", "Meja informasi", Role::Desk);
    let technician = of_the_house("demo-technician", "Teknisi", Role::Technician);
    let demo: Vec<_> = clerks.chain([desk, supervisor, technician]).collect();
    config.staff.extend(demo);
}

/// Phones reach a demonstration from no more of the network than staff do. The port is the staff's next one; where
/// that one is any free port there is none to print.
fn visitors(known: Option<VisitorsConfig>, staff: SocketAddr) -> Option<VisitorsConfig> {
    if let Some(known) = known {
        let ip = if staff.ip().is_loopback() { staff.ip() } else { known.listen.ip() };
        let listen = SocketAddr::new(ip, known.listen.port());
        return Some(VisitorsConfig { listen, tls: TlsConfig::Off, ..known });
    }
    let port = staff.port().checked_add(1).filter(|_| staff.port() > 0)?;
    let of_this_machine = || workshop::addresses().into_iter().find(IpAddr::is_ipv4);
    let host = match staff.ip() {
        ip if ip.is_unspecified() => of_this_machine().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ip => ip,
    };
    let url = format!("http://{}", SocketAddr::new(host, port));
    let site = Visitors { url: url.into(), wifi: None };
    let listen = SocketAddr::new(staff.ip(), port);
    Some(VisitorsConfig { listen, host: host.to_string(), site, tls: TlsConfig::Off })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::{self, Options};

    fn phones(text: &str, listen: &str) -> Option<(String, String)> {
        let text = format!("{}\n{text}", config::DEFAULT);
        let mut config = config::read("antrean.toml", &text, Options::default()).unwrap();
        furnish(&mut config, listen.parse().unwrap());
        config.visitors.map(|visitors| (visitors.listen.to_string(), visitors.site.url.to_string()))
    }

    #[test]
    fn phones_of_a_demonstration_stay_on_its_own_machine() {
        let here = |port: u16| Some((format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}")));
        assert_eq!(phones("", "127.0.0.1:8080"), here(8081));
        assert_eq!(phones("", "127.0.0.1:0"), None);
        let named = "[visitors]\nlisten = \"0.0.0.0:9000\"\nurl = \"http://10.0.0.1:9000\"";
        let (listen, url) = phones(named, "127.0.0.1:8080").unwrap();
        assert_eq!((listen.as_str(), url.as_str()), ("127.0.0.1:9000", "http://10.0.0.1:9000"));
        assert_eq!(phones(named, "0.0.0.0:8080").unwrap().0, "0.0.0.0:9000");
    }

    #[test]
    fn a_demonstration_that_others_may_see_prints_an_address_they_can_reach() {
        let (listen, url) = phones("", "0.0.0.0:8080").unwrap();
        assert_eq!(listen, "0.0.0.0:8081");
        assert!(url.ends_with(":8081") && !url.contains("0.0.0.0"), "{url}");
    }
}
