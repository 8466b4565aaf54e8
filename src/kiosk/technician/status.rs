//! How the box is, line by line: what is so, in a sentence, and whether that is well.

use std::net::IpAddr;

use super::wording;
use super::workshop::{PrinterNow, Proof, Surroundings};
use crate::queue::{At, Doubt, Language, house_time};
use crate::words::{Message, msg};

/// Less room than this and the journal may soon stop.
const TIGHT: u64 = 1 << 30;
const FULL: u64 = 200 << 20;

/// Whether it is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Fine,
    Warning,
    Fault,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// A pictogram's name.
    pub icon: &'static str,
    pub label: &'static str,
    pub value: String,
    pub health: Health,
}

/// Whether numbers can be given at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HallNow {
    Opening,
    Open,
    Gone,
}

/// What is known at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub hall: HallNow,
    pub printer: Option<PrinterNow>,
    /// The time of the house, and what the system's clock shows.
    pub now: At,
    pub system: At,
    pub doubt: Option<Doubt>,
    pub waiting: usize,
    pub issued: usize,
    pub surroundings: Option<Surroundings>,
    /// Seconds since the program, and since the machine started.
    pub up_s: u64,
    pub machine_up_s: u64,
}

/// The lines of the panel, always these and in this order.
pub fn lines(facts: &Facts, language: Language) -> Vec<Line> {
    let line = |icon, label: Message, (health, value)| {
        let label = label.say(language);
        Line { icon, label, value, health }
    };
    vec![
        line("list", msg("Queue"), hall(facts.hall, language)),
        line("printer", msg("Printer"), printer(facts.printer.as_ref(), language)),
        line("receipt", msg("Paper proof"), proof(facts.printer.as_ref(), language)),
        line("clock", msg("Clock"), clock(facts, language)),
        line("people", msg("Waiting"), waiting(facts, language)),
        line("globe", msg("Address"), addresses(facts.surroundings.as_ref(), language)),
        line("box", msg("Disk"), storage(facts.surroundings.as_ref(), language)),
        line("info", msg("Version"), version(facts, language)),
    ]
}

type Said = (Health, String);

fn hall(now: HallNow, language: Language) -> Said {
    let (health, sentence) = match now {
        HallNow::Open => (Health::Fine, msg("Running. Numbers can be given.")),
        HallNow::Opening => {
            (Health::Warning, msg("Opening. If it takes long: look at the storage, then restart."))
        }
        HallNow::Gone => (Health::Fault, msg("It has ended. Restart; no number is lost.")),
    };
    (health, sentence.say(language).to_owned())
}

fn printer(printer: Option<&PrinterNow>, language: Language) -> Said {
    let Some(printer) = printer else {
        let none = msg("There is no printer for this kiosk.");
        return (Health::Warning, none.say(language).to_owned());
    };
    let (health, state) = match (printer.fault, printer.known, printer.near_end) {
        (Some(fault), ..) => (Health::Fault, fault.for_staff(language).to_owned()),
        (None, false, _) => (Health::Warning, msg("Not heard yet.").say(language).to_owned()),
        (None, true, true) => (Health::Warning, wording::near_end(printer.slips_left, language)),
        (None, true, false) => (Health::Fine, msg("Ready.").say(language).to_owned()),
    };
    (health, format!("{} ({}): {state}", printer.name.in_language(language), printer.port))
}

fn proof(printer: Option<&PrinterNow>, language: Language) -> Said {
    let (health, sentence) = match printer.map(|printer| printer.proof) {
        None => (Health::Warning, msg("None: there is no printer.")),
        Some(Proof::NotKnown) => (Health::Warning, msg("Not known yet.")),
        Some(Proof::None) => {
            (Health::Warning, msg("Not possible: this printer cannot prove that paper came out."))
        }
        Some(Proof::Asked) => (Health::Fine, msg("Possible: it is asked before and after each slip.")),
        Some(Proof::Answered) => (Health::Fine, msg("Possible: it answers behind each slip.")),
    };
    (health, sentence.say(language).to_owned())
}

fn clock(facts: &Facts, language: Language) -> Said {
    let house = wording::moment(facts.now, language);
    let system = wording::moment(facts.system, language);
    let apart = (facts.now - facts.system).abs() > house_time::FOLLOWED;
    match (facts.doubt, apart) {
        (Some(_), _) => (
            Health::Warning,
            msg("{house}? System clock: {system}. Press Date and time.")
                .with(language, &[("house", &house), ("system", &system)]),
        ),
        (None, true) => (
            Health::Warning,
            msg("{house}, as confirmed. The system clock is wrong: {system}.")
                .with(language, &[("house", &house), ("system", &system)]),
        ),
        (None, false) => (Health::Fine, format!("{house}.")),
    }
}

fn waiting(facts: &Facts, language: Language) -> Said {
    let (waiting, issued) = (facts.waiting, facts.issued);
    let value = msg("{waiting} waiting; numbers given today: {issued}.")
        .with(language, &[("waiting", &waiting), ("issued", &issued)]);
    (Health::Fine, value)
}

/// Not known yet: the first look takes a moment.
fn unseen(language: Language) -> Said {
    (Health::Warning, msg("Being looked at …").say(language).to_owned())
}

fn addresses(seen: Option<&Surroundings>, language: Language) -> Said {
    let Some(seen) = seen else { return unseen(language) };
    let Some(at) = seen.listening else {
        let value = msg("{address} cannot be used yet. See --listen and the log.")
            .with(language, &[("address", &seen.listen)]);
        return (Health::Fault, value);
    };
    let hosts: Vec<IpAddr> = if at.ip().is_unspecified() { reachable(seen) } else { vec![at.ip()] };
    let scheme = if seen.https { "https" } else { "http" };
    let shown: Vec<String> = hosts
        .iter()
        .take(2)
        .map(|ip| format!("{scheme}://{}", std::net::SocketAddr::new(*ip, at.port())))
        .collect();
    match (shown.is_empty(), at.ip().is_loopback()) {
        (true, _) => {
            let cut_off = msg("Not on a network. See the cable.");
            (Health::Fault, cut_off.say(language).to_owned())
        }
        (false, alone) => {
            let health = if alone { Health::Warning } else { Health::Fine };
            let said = if alone {
                msg("Console and lobby: {addresses} (from this machine alone)")
            } else {
                msg("Console and lobby: {addresses}")
            };
            (health, said.with(language, &[("addresses", &shown.join(", "))]))
        }
    }
}

/// As people type it: the short addresses first.
fn reachable(seen: &Surroundings) -> Vec<IpAddr> {
    let mut all = seen.addresses.clone();
    all.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    all
}

fn storage(seen: Option<&Surroundings>, language: Language) -> Said {
    let Some(seen) = seen else { return unseen(language) };
    let folder = seen.data.display();
    let Some(free) = seen.free else {
        let value = msg("{folder} cannot be read. See the folder and its rights.")
            .with(language, &[("folder", &folder)]);
        return (Health::Fault, value);
    };
    let health = match free {
        ..FULL => Health::Fault,
        FULL..TIGHT => Health::Warning,
        _ => Health::Fine,
    };
    let room = wording::bytes(free, language);
    let said = match health {
        Health::Fine => msg("{room} free in {folder}."),
        _ => msg("Only {room} left in {folder}. Make room on the disk."),
    };
    let value = said.with(language, &[("room", &room), ("folder", &folder)]);
    (health, value)
}

fn version(facts: &Facts, language: Language) -> Said {
    let version = env!("CARGO_PKG_VERSION");
    let up = wording::lasted(facts.up_s, language);
    let machine = wording::lasted(facts.machine_up_s, language);
    let value = msg("Antrean {version}, running for {up}; machine on for {machine}.")
        .with(language, &[("version", &version), ("up", &up), ("machine", &machine)]);
    (Health::Fine, value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::queue::{SlipTrouble, Text};

    fn at(text: &str) -> At {
        At::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M %z").unwrap()
    }

    fn facts() -> Facts {
        Facts {
            hall: HallNow::Open,
            printer: Some(PrinterNow {
                name: Text::same("Printer 1"),
                port: "/dev/ttyS0".to_owned(),
                known: true,
                fault: None,
                near_end: false,
                slips_left: None,
                proof: Proof::Answered,
            }),
            now: at("2026-11-26 09:42"),
            system: at("2026-11-26 09:42"),
            doubt: None,
            waiting: 12,
            issued: 45,
            surroundings: Some(Surroundings {
                addresses: vec!["fd00::7".parse().unwrap(), "192.168.1.20".parse().unwrap()],
                listen: "0.0.0.0:8080".parse().unwrap(),
                listening: Some("0.0.0.0:8080".parse().unwrap()),
                https: false,
                data: "/var/lib/antrean".into(),
                free: Some(12 << 30),
            }),
            up_s: 3 * 3600 + 120,
            machine_up_s: 2 * 86_400,
        }
    }

    fn value(facts: &Facts, icon: &str) -> (Health, String) {
        let line = lines(facts, Language::ID).into_iter().find(|line| line.icon == icon).unwrap();
        (line.health, line.value)
    }

    fn seen(change: impl Fn(&mut Surroundings)) -> Facts {
        let mut facts = facts();
        change(facts.surroundings.as_mut().unwrap());
        facts
    }

    fn printing(change: impl Fn(&mut PrinterNow)) -> Facts {
        let mut facts = facts();
        change(facts.printer.as_mut().unwrap());
        facts
    }

    #[test]
    fn a_box_that_is_well_says_so_in_every_line() {
        for language in [Language::ID, Language::EN] {
            let lines = lines(&facts(), language);
            assert_eq!(lines.len(), 8);
            for line in lines {
                assert_eq!(line.health, Health::Fine, "{line:?}");
                assert!(!line.label.is_empty() && !line.value.is_empty(), "{line:?}");
            }
        }
    }

    #[test]
    fn a_hall_that_is_not_open_is_told_from_one_that_has_ended() {
        let health = |hall| value(&Facts { hall, ..facts() }, "list").0;
        assert_eq!((health(HallNow::Opening), health(HallNow::Gone)), (Health::Warning, Health::Fault));
    }

    #[test]
    fn a_printer_says_its_fault_as_the_console_does_and_where_it_is_plugged_in() {
        let out = printing(|printer| printer.fault = Some(SlipTrouble::PaperOut));
        let said = "Printer 1 (/dev/ttyS0): Kertas habis. Pasang gulungan baru.";
        assert_eq!(value(&out, "printer"), (Health::Fault, said.to_owned()));
        let low = printing(|printer| (printer.near_end, printer.slips_left) = (true, Some(40)));
        let said = "Printer 1 (/dev/ttyS0): Kertas hampir habis, kira-kira 40 tiket lagi.";
        assert_eq!(value(&low, "printer"), (Health::Warning, said.to_owned()));
        assert_eq!(value(&printing(|printer| printer.known = false), "printer").0, Health::Warning);
        assert_eq!(value(&Facts { printer: None, ..facts() }, "printer").0, Health::Warning);
    }

    #[test]
    fn paper_that_cannot_be_proved_is_a_warning() {
        let health = |proof| value(&printing(|printer| printer.proof = proof), "receipt").0;
        assert_eq!(
            [Proof::NotKnown, Proof::None, Proof::Asked, Proof::Answered].map(health),
            [Health::Warning, Health::Warning, Health::Fine, Health::Fine]
        );
    }

    #[test]
    fn a_clock_in_doubt_shows_both_times_and_what_to_press() {
        let behind = Facts { system: at("2026-01-01 07:00"), doubt: Some(Doubt::Behind), ..facts() };
        let said = "Kamis, 26 November 2026, 09.42? Jam sistem: Kamis, 1 Januari 2026, 07.00. Tekan Tanggal dan jam.";
        assert_eq!(value(&behind, "clock"), (Health::Warning, said.to_owned()));
        let confirmed = Facts { doubt: None, ..behind };
        assert!(value(&confirmed, "clock").1.contains("Jam sistem salah"));
    }

    #[test]
    fn console_and_lobby_are_named_where_others_reach_them() {
        let said = "Meja loket dan layar tunggu: http://192.168.1.20:8080, http://[fd00::7]:8080";
        assert_eq!(value(&facts(), "globe"), (Health::Fine, said.to_owned()));
        let alone = seen(|seen| seen.listening = Some("127.0.0.1:8080".parse().unwrap()));
        let said = "Meja loket dan layar tunggu: http://127.0.0.1:8080 (hanya dari mesin ini)";
        assert_eq!(value(&alone, "globe"), (Health::Warning, said.to_owned()));
        assert_eq!(value(&seen(|seen| seen.addresses.clear()), "globe").0, Health::Fault);
        assert_eq!(value(&seen(|seen| seen.listening = None), "globe").0, Health::Fault);
        assert_eq!(value(&Facts { surroundings: None, ..facts() }, "globe").0, Health::Warning);
    }

    #[test]
    fn a_disk_that_fills_up_is_a_warning_and_then_a_fault() {
        let health = |free| value(&seen(|seen| seen.free = free), "box").0;
        assert_eq!(
            [Some(2 << 30), Some(600 << 20), Some(10 << 20), None].map(health),
            [Health::Fine, Health::Warning, Health::Fault, Health::Fault]
        );
        let said = "Tinggal 600 MB di /var/lib/antrean. Kosongkan disk.";
        assert_eq!(value(&seen(|seen| seen.free = Some(600 << 20)), "box").1, said);
    }
}
