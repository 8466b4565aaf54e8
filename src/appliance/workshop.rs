//! What the box lends to the technician before its kiosk. The window opens first, so each tool says what
//! it can say before the rooms behind it are open.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::technician::{Answer, Question, Technician};
use super::{Plan, power};
use crate::clock::Clock;
use crate::config::{ConfigState, PrinterConfig, TlsConfig};
use crate::health::{PrinterNow, Surroundings};
use crate::kiosk::CardPrinter;
use crate::kiosk::technician::{Tested, Unable, Workshop};
use crate::printer::PrinterHealth;
use crate::queue::{At, PrinterId};
use crate::slip;
use crate::store::BackupNote;

/// The rooms behind the tools, once they are open.
#[derive(Default)]
pub struct Rooms {
    pub technician: OnceLock<Arc<Technician>>,
    pub listening: OnceLock<SocketAddr>,
    /// Which config the box runs by, and what is the matter with its file.
    pub config: OnceLock<watch::Receiver<ConfigState>>,
    /// How the last backup went.
    pub backups: OnceLock<watch::Receiver<BackupNote>>,
}

/// The tools of this box's kiosk.
pub fn workshop(plan: &Plan, rooms: &Arc<Rooms>, clock: &Clock) -> Workshop {
    let printer = super::doors::kiosk_printer(plan)
        .and_then(|id| plan.config.printers.iter().find(|printer| printer.id == id))
        .cloned();
    let power = |act: fn() -> Result<(), Unable>| -> Arc<dyn Fn() -> Result<(), Unable> + Send + Sync> {
        if plan.demo { Arc::new(|| Err(Unable::Demo)) } else { Arc::new(act) }
    };
    let (id, behind) = (printer.as_ref().map(|printer| printer.id.clone()), rooms.clone());
    let (now, data, listen) = (rooms.clone(), absolute(&plan.data), plan.listen);
    let clock = clock.clone();
    let (there, https) = (rooms.clone(), plan.config.web.tls != TlsConfig::Off);
    Workshop {
        printer: Arc::new(move || Some(printer_now(printer.as_ref()?, &now, clock.now()))),
        test_page: Arc::new(move || test_page(id.as_ref(), &behind)),
        surroundings: Arc::new(move || Some(surroundings(&data, listen, https, &there))),
        restart: power(power::restart),
        shut_down: power(power::shut_down),
    }
}

/// Prints a service's card beneath this box's kiosk, after the slips that wait there.
pub fn card_printer(plan: &Plan, rooms: &Arc<Rooms>) -> CardPrinter {
    let (mine, rooms, rules) = (super::doors::kiosk_printer(plan), rooms.clone(), plan.config.rules.clone());
    CardPrinter::new(move |service, language, now| {
        let technician = rooms.technician.get()?;
        let printer = technician.printers.iter().find(|known| Some(&known.config.id) == mine.as_ref())?;
        let (agency, service) = rules.service(service)?;
        let page = slip::card_page(&rules.place, agency, service, now, language, &printer.paper);
        let page = page.inspect_err(|error| tracing::error!(%error, "a service's card cannot be laid out"));
        let until = Instant::now() + CARD_BEGINS;
        let ran = printer.errands.bring_until(vec![page.ok()?], until).recv_timeout(CARD_PRINTS).ok()?;
        ran.trouble.is_none().then_some(())
    })
}

/// How long a card may wait for the slips before it: later, whoever asked would have been told that it
/// failed before it came out.
const CARD_BEGINS: Duration = Duration::from_secs(10);
/// The same, and what it may take itself.
const CARD_PRINTS: Duration = Duration::from_secs(20);

/// A technician wants to find the folder again.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn printer_now(config: &PrinterConfig, rooms: &Rooms, now: At) -> PrinterNow {
    let health = rooms.technician.get().and_then(|technician| {
        let healths = technician.healths.borrow();
        healths.iter().find(|(id, _)| *id == config.id).map(|(_, health)| *health)
    });
    super::doors::printer_now(config, &health.unwrap_or(PrinterHealth::UNKNOWN), now)
}

/// The page of `antrean printer test`, by the same door.
fn test_page(printer: Option<&PrinterId>, rooms: &Rooms) -> Tested {
    let Some(printer) = printer else { return Tested::NoPrinter };
    let Some(technician) = rooms.technician.get() else { return Tested::NotYet };
    match technician.answer(Question::TestPage { printer: Some(printer.clone()) }) {
        Answer::Ran { trouble: Some(trouble), .. } => Tested::Trouble(trouble),
        Answer::Ran { printed, of, .. } if printed == of => Tested::Printed,
        Answer::Refused { message, .. } => Tested::Refused(message),
        answer => Tested::Refused(format!("{answer:?}")),
    }
}

pub fn surroundings(data: &Path, listen: SocketAddr, https: bool, rooms: &Rooms) -> Surroundings {
    Surroundings {
        addresses: addresses(),
        listen,
        listening: rooms.listening.get().copied(),
        https,
        data: data.to_owned(),
        free: free(data),
    }
}

/// Where other machines find this one.
pub fn addresses() -> Vec<IpAddr> {
    let usable = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    };
    let faces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the addresses of this machine cannot be read");
        Vec::new()
    });
    faces.iter().map(if_addrs::Interface::ip).filter(usable).collect()
}

/// Bytes that whoever runs this may still write there.
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::{self, Options};
    use crate::health::Proof;

    fn clock() -> Clock {
        Clock::system(chrono::FixedOffset::east_opt(7 * 3600).unwrap())
    }

    fn plan(demo: bool) -> Plan {
        Plan {
            config: config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap(),
            data: "data".into(),
            listen: ([0, 0, 0, 0], 8080).into(),
            demo,
            window: true,
            file: None,
        }
    }

    #[test]
    fn before_the_rooms_are_open_every_tool_says_what_it_can() {
        let workshop = workshop(&plan(true), &Arc::default(), &clock());
        let printer = (workshop.printer)().unwrap();
        assert_eq!(
            (printer.port.as_str(), printer.is_known(), printer.proof),
            ("preview", false, Proof::NotKnown)
        );
        assert_eq!((workshop.test_page)(), Tested::NotYet);
        let seen = (workshop.surroundings)().unwrap();
        assert_eq!(seen.listening, None);
        assert!(seen.data.is_absolute());
    }

    #[test]
    fn a_demonstration_leaves_the_machine_on() {
        let workshop = workshop(&plan(true), &Arc::default(), &clock());
        assert_eq!((workshop.restart)(), Err(Unable::Demo));
        assert_eq!((workshop.shut_down)(), Err(Unable::Demo));
    }

    #[test]
    fn a_kiosk_without_a_printer_prints_no_page() {
        let mut plan = plan(false);
        plan.config.kiosks[0].printer = None;
        let workshop = workshop(&plan, &Arc::default(), &clock());
        assert_eq!(((workshop.printer)(), (workshop.test_page)()), (None, Tested::NoPrinter));
    }

    #[test]
    fn the_room_on_the_disk_is_told_where_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(folder.path()).is_some());
        assert_eq!(free(&folder.path().join("nowhere")), None);
    }
}
