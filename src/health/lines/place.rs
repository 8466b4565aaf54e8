//! Where the box stands: network, disk, display, loudspeaker.

use std::net::IpAddr;

use super::{Said, fine, wants};
use crate::health::{Display, Health, Sound, Surroundings, wording};
use crate::queue::Language;
use crate::words::msg;

/// Less room than this and the journal may soon stop.
const TIGHT: u64 = 1 << 30;
const FULL: u64 = 200 << 20;
/// Not known yet: the first look takes a moment.
fn unseen(language: Language) -> Said {
    Said(Health::Warning, "unseen", msg("Being looked at …").say(language).to_owned(), None)
}

pub fn addresses(seen: Option<&Surroundings>, language: Language) -> Said {
    let Some(seen) = seen else { return unseen(language) };
    let Some(at) = seen.listening else {
        let value = msg("{address} cannot be used yet. See --listen and the log.")
            .with(language, &[("address", &seen.listen)]);
        let remedy = language.pick(
            "Program lain memakai port itu: sudo ss -ltnp. Hentikan, atau pilih port lain dengan --listen.",
            "Another program uses that port: sudo ss -ltnp. Stop it, or choose another port with --listen.",
        );
        return wants(Health::Fault, "taken", value, remedy);
    };
    let hosts: Vec<IpAddr> = if at.ip().is_unspecified() { reachable(seen) } else { vec![at.ip()] };
    let scheme = if seen.https { "https" } else { "http" };
    let shown: Vec<String> = hosts
        .iter()
        .take(2)
        .map(|ip| format!("{scheme}://{}", std::net::SocketAddr::new(*ip, at.port())))
        .collect();
    let shown_all = shown.join(", ");
    match (shown.is_empty(), at.ip().is_loopback()) {
        (true, _) => {
            let remedy = language.pick(
                "Lampu di soket jaringan harus menyala; ip addr harus menunjukkan sebuah alamat. Anjungan dan printer tetap jalan.",
                "The lights at the network socket must be on; ip addr must show an address. Kiosk and printer go on.",
            );
            let value = msg("Not on a network. See the cable.").say(language).to_owned();
            wants(Health::Fault, "cut_off", value, remedy)
        }
        (false, true) => {
            let said = msg("Console and lobby: {addresses} (from this machine alone)");
            let value = said.with(language, &[("addresses", &shown_all)]);
            Said(Health::Warning, "alone", value, None)
        }
        (false, false) => {
            fine(msg("Console and lobby: {addresses}").with(language, &[("addresses", &shown_all)]))
        }
    }
}

/// As people type it: the short addresses first.
fn reachable(seen: &Surroundings) -> Vec<IpAddr> {
    let mut all = seen.addresses.clone();
    all.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    all
}

pub fn storage(seen: Option<&Surroundings>, language: Language) -> Said {
    let Some(seen) = seen else { return unseen(language) };
    let folder = seen.data.display();
    let Some(free) = seen.free else {
        let value = msg("{folder} cannot be read. See the folder and its rights.")
            .with(language, &[("folder", &folder)]);
        let remedy = language.pick(
            "Di kotak yang terpasang folder itu milik pengguna antrean: sudo chown -R antrean:antrean /var/lib/antrean. Bila disknya lepas, pasang lagi.",
            "On an installed box the folder belongs to the user antrean: sudo chown -R antrean:antrean /var/lib/antrean. If its disk is away, bring it back.",
        );
        return wants(Health::Fault, "unreadable", value, remedy);
    };
    let room = wording::bytes(free, language);
    let tight = |health, word| {
        let said = msg("Only {room} left in {folder}. Make room on the disk.");
        let remedy = language.pick(
            "Yang biasanya besar: catatan sistem (sudo journalctl --vacuum-size=200M), paket lama (sudo apt clean), cadangan lama. Jangan hapus antrean.db.",
            "What is usually large: the system's log (sudo journalctl --vacuum-size=200M), old packages (sudo apt clean), old backups. Do not delete antrean.db.",
        );
        wants(health, word, said.with(language, &[("room", &room), ("folder", &folder)]), remedy)
    };
    match free {
        ..FULL => tight(Health::Fault, "full"),
        FULL..TIGHT => tight(Health::Warning, "tight"),
        _ => fine(msg("{room} free in {folder}.").with(language, &[("room", &room), ("folder", &folder)])),
    }
}

pub fn display(display: Display, language: Language) -> Said {
    match display {
        Display::Shown => fine(language.pick("Menyala.", "Shown.").to_owned()),
        Display::Missing => wants(
            Health::Fault,
            "missing",
            language.pick("Jendela anjungan tidak bisa dibuka.", "The kiosk's window cannot be opened.").to_owned(),
            language.pick(
                "Periksa kabel dan daya layar, lalu systemctl restart antrean-kiosk. Kotak tanpa layar dijalankan dengan antrean serve.",
                "See the display's cable and power, then systemctl restart antrean-kiosk. A box without a display runs antrean serve.",
            ),
        ),
    }
}

pub fn sound(sound: Sound, language: Language) -> Said {
    match sound {
        Sound::Off => fine(language.pick("Dimatikan di konfigurasi.", "Switched off in the config.").to_owned()),
        Sound::Heard => fine(language.pick("Siap.", "Ready.").to_owned()),
        Sound::Silent => wants(
            Health::Warning,
            "silent",
            language.pick("Tidak bisa dibuka; panggilan hanya terlihat.", "It cannot be opened; calls are only seen.").to_owned(),
            language.pick(
                "Periksa colokan, lalu aplay -l dan [sound] device di konfigurasi. Coba: antrean voice say A001 --counter 1",
                "See the plug, then aplay -l and [sound] device in the config. Try: antrean voice say A001 --counter 1",
            ),
        ),
    }
}
