//! Queue, clock and the program itself.

use chrono::TimeDelta;

use super::{Said, fine, wants};
use crate::health::{Facts, HallNow, Health, Starts, wording};
use crate::queue::{At, Language, house_time};
use crate::words::{Message, msg};

/// How long a start after a fall is worth a look.
const FALL_SHOWN: TimeDelta = TimeDelta::hours(24);

pub fn hall(now: HallNow, language: Language) -> Said {
    let say = |sentence: Message| sentence.say(language).to_owned();
    match now {
        HallNow::Open => fine(say(msg("Running. Numbers can be given."))),
        HallNow::Opening => {
            let value = say(msg("Opening. If it takes long: look at the storage, then restart."));
            Said(Health::Warning, "opening", value, None)
        }
        HallNow::NotRunning => wants(
            Health::Fault,
            "not_running",
            language.pick("Kotak tidak jalan.", "The box does not run.").to_owned(),
            language.pick(
                "Jalankan: sudo systemctl start antrean (atau antrean-kiosk). Mengapa berhenti: journalctl -u antrean -u antrean-kiosk -e",
                "Start it: sudo systemctl start antrean (or antrean-kiosk). Why it ended: journalctl -u antrean -u antrean-kiosk -e",
            ),
        ),
        HallNow::Ailing => wants(
            Health::Fault,
            "ailing",
            language.pick("Tidak bisa menulis ke disk. Nomor baru tidak diberikan.", "The disk takes nothing. No numbers are given.").to_owned(),
            language.pick(
                "Lihat ruang disk (df -h) dan pesan disk (journalctl -k). Setelah disk bisa ditulis, antrean jalan lagi sendiri.",
                "See the room on the disk (df -h) and what the kernel says of it (journalctl -k). It goes on by itself once the disk can be written.",
            ),
        ),
        HallNow::Gone => {
            Said(Health::Fault, "gone", say(msg("It has ended. Restart; no number is lost.")), None)
        }
    }
}

pub fn clock(facts: &Facts, language: Language) -> Said {
    let house = wording::moment(facts.now, language);
    let system = wording::moment(facts.system, language);
    let apart = (facts.now - facts.system).abs() > house_time::FOLLOWED;
    let set = language.pick(
        "Setel jam komputer: sudo timedatectl set-time \"TTTT-BB-HH JJ:MM\". Bila salah lagi setiap kali listrik padam, ganti baterai CMOS.",
        "Set this computer's clock: sudo timedatectl set-time \"YYYY-MM-DD HH:MM\". If it is wrong after each power cut, change its battery.",
    );
    match (facts.doubt, apart) {
        (Some(_), _) => wants(
            Health::Warning,
            "doubted",
            msg("{house}? System clock: {system}. Press Date and time.")
                .with(language, &[("house", &house), ("system", &system)]),
            set,
        ),
        (None, true) => wants(
            Health::Warning,
            "apart",
            msg("{house}, as confirmed. The system clock is wrong: {system}.")
                .with(language, &[("house", &house), ("system", &system)]),
            set,
        ),
        (None, false) => fine(format!("{house}.")),
    }
}

pub fn waiting(facts: &Facts, language: Language) -> Said {
    let (waiting, issued) = (facts.waiting, facts.issued);
    fine(
        msg("{waiting} waiting; numbers given today: {issued}.")
            .with(language, &[("waiting", &waiting), ("issued", &issued)]),
    )
}

pub fn starts(starts: &Starts, now: At, language: Language) -> Said {
    let (cuts, falls) = (starts.power_losses, starts.falls);
    let told = language.pick(
        format!("Listrik padam saat jalan: {cuts} kali. Program berhenti sendiri: {falls} kali."),
        format!("Power lost while running: {cuts} times. The program fell: {falls} times."),
    );
    match starts.last_fall.filter(|at| now - *at < FALL_SHOWN) {
        Some(at) => {
            let at = wording::moment(at, language);
            let value = language.pick(
                format!("{told} Terakhir sebelum mulai pada {at}."),
                format!("{told} It fell last before the start of {at}."),
            );
            let remedy = language.pick(
                "Lihat catatannya: journalctl -u antrean -u antrean-kiosk --since yesterday",
                "See the log: journalctl -u antrean -u antrean-kiosk --since yesterday",
            );
            wants(Health::Warning, "fell", value, remedy)
        }
        None => fine(told),
    }
}

pub fn version(facts: &Facts, language: Language) -> Said {
    let version = env!("CARGO_PKG_VERSION");
    let up = wording::lasted(facts.up_s, language);
    let machine = wording::lasted(facts.machine_up_s, language);
    fine(
        msg("Antrean {version}, running for {up}; machine on for {machine}.")
            .with(language, &[("version", &version), ("up", &up), ("machine", &machine)]),
    )
}
