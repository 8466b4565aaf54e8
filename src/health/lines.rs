//! How the box is, line by line: what is so, in a sentence, what to do, and whether that is well.

use std::net::IpAddr;

use chrono::TimeDelta;

use super::wording;
use super::{
    Backup, ConfigNow, Database, Display, Facts, HallNow, Health, PrinterNow, Proof, Sound, Starts,
    Surroundings,
};
use crate::queue::recovery::{Cause, Recovered};
use crate::queue::{At, Language, house_time};
use crate::words::{Message, msg};

/// Less room than this and the journal may soon stop.
const TIGHT: u64 = 1 << 30;
const FULL: u64 = 200 << 20;
/// A night's copy may be so late: the nights before still count.
const BACKUP_LATE: TimeDelta = TimeDelta::hours(36);
/// And after so long a lost disk loses a week.
const BACKUP_LOST: TimeDelta = TimeDelta::days(7);
/// How long a start after a fall is worth a look.
const FALL_SHOWN: TimeDelta = TimeDelta::hours(24);

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Hall,
    Printer,
    Proof,
    Clock,
    Waiting,
    Address,
    Disk,
    Database,
    Backup,
    Config,
    Display,
    Sound,
    Starts,
    Version,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub part: Part,
    /// What exactly is so, the same as long as it is: `disk:tight`, `printer:printer-1:paper_out`.
    pub key: String,
    /// A pictogram's name.
    pub icon: &'static str,
    pub label: String,
    pub value: String,
    /// What to do; none where the value says it, or nothing is to be done.
    pub remedy: Option<String>,
    pub health: Health,
}

/// How it is, in a word for the key, a sentence, and what to do.
struct Said(Health, &'static str, String, Option<String>);

/// All lines, always in this order; of what nobody looked at there is none.
pub fn lines(facts: &Facts, language: Language) -> Vec<Line> {
    let line = |part, name: &str, icon, label: String, said: Said| {
        let Said(health, word, value, remedy) = said;
        Line { part, key: format!("{name}:{word}"), icon, label, value, remedy, health }
    };
    let label = |label: Message| label.say(language).to_owned();
    let pick = |id: &'static str, en: &'static str| language.pick(id, en).to_owned();
    let sight = &facts.sight;
    let mut all = vec![line(Part::Hall, "hall", "list", label(msg("Queue")), hall(facts.hall, language))];
    for printer in &facts.printers {
        let name = format!("printer:{}", printer.id);
        let (is, proved) = (self::printer(printer, language), proof(Some(printer), language));
        all.push(line(Part::Printer, &name, "printer", label(msg("Printer")), is));
        all.push(line(
            Part::Proof,
            &format!("proof:{}", printer.id),
            "receipt",
            label(msg("Paper proof")),
            proved,
        ));
    }
    if facts.printers.is_empty() {
        all.push(line(Part::Printer, "printer", "printer", label(msg("Printer")), no_printer(language)));
        all.push(line(Part::Proof, "proof", "receipt", label(msg("Paper proof")), proof(None, language)));
    }
    let seen = sight.surroundings.as_ref();
    all.push(line(Part::Clock, "clock", "clock", label(msg("Clock")), clock(facts, language)));
    all.push(line(Part::Waiting, "waiting", "people", label(msg("Waiting")), waiting(facts, language)));
    all.push(line(Part::Address, "address", "globe", label(msg("Address")), addresses(seen, language)));
    all.push(line(Part::Disk, "disk", "box", label(msg("Disk")), storage(seen, language)));
    let mut more = |part, name, icon, label, said: Option<Said>| {
        all.extend(said.map(|said| line(part, name, icon, label, said)));
    };
    let recovered = facts.recovered.as_ref();
    let said = sight.database.as_ref().map(|database| self::database(database, recovered, language));
    more(Part::Database, "database", "document", pick("Basis data", "Database"), said);
    let said = sight.backup.as_ref().map(|backup| self::backup(backup, facts.now, language));
    more(Part::Backup, "backup", "download", pick("Cadangan", "Backup"), said);
    let said = sight.config.as_ref().map(|config| self::config(config, language));
    more(Part::Config, "config", "gear", pick("Konfigurasi", "Config"), said);
    let said = sight.display.map(|display| self::display(display, language));
    more(Part::Display, "display", "phone", pick("Layar anjungan", "Kiosk display"), said);
    let said = sight.sound.map(|sound| self::sound(sound, language));
    more(Part::Sound, "sound", "sound", pick("Pengeras suara", "Loudspeaker"), said);
    let said = sight.starts.as_ref().map(|starts| self::starts(starts, facts.now, language));
    more(Part::Starts, "starts", "play", pick("Listrik", "Power"), said);
    more(Part::Version, "version", "info", label(msg("Version")), Some(version(facts, language)));
    all
}

/// Well, with nothing to do.
fn fine(value: String) -> Said {
    Said(Health::Fine, "fine", value, None)
}

/// Something that wants a hand, in both languages.
fn wants(health: Health, word: &'static str, value: String, remedy: &str) -> Said {
    Said(health, word, value, Some(remedy.to_owned()))
}

fn hall(now: HallNow, language: Language) -> Said {
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

fn no_printer(language: Language) -> Said {
    let none = msg("There is no printer for this kiosk.");
    Said(Health::Warning, "none", none.say(language).to_owned(), None)
}

fn printer(printer: &PrinterNow, language: Language) -> Said {
    let remedy = printer.fault.map(|fault| fault.for_technician(language));
    let remedy = remedy.filter(|more| printer.fault.is_some_and(|fault| fault.for_staff(language) != *more));
    let (health, word, state) = match (printer.fault, printer.is_known(), printer.near_end) {
        (Some(fault), ..) => (Health::Fault, fault.as_str(), fault.for_staff(language).to_owned()),
        (None, false, _) => (Health::Warning, "unheard", msg("Not heard yet.").say(language).to_owned()),
        (None, true, true) => (Health::Warning, "near_end", wording::near_end(printer.slips_left, language)),
        (None, true, false) => (Health::Fine, "fine", msg("Ready.").say(language).to_owned()),
    };
    let value = format!("{} ({}): {state}", printer.name.in_language(language), printer.port);
    Said(health, word, value, remedy.map(str::to_owned))
}

fn proof(printer: Option<&PrinterNow>, language: Language) -> Said {
    let (health, word, sentence) = match printer.map(|printer| printer.proof) {
        None => (Health::Warning, "no_printer", msg("None: there is no printer.")),
        Some(Proof::NotKnown) => (Health::Warning, "not_known", msg("Not known yet.")),
        Some(Proof::None) => {
            (Health::Warning, "none", msg("Not possible: this printer cannot prove that paper came out."))
        }
        Some(Proof::Asked) => {
            (Health::Fine, "fine", msg("Possible: it is asked before and after each slip."))
        }
        Some(Proof::Answered) => (Health::Fine, "fine", msg("Possible: it answers behind each slip.")),
    };
    Said(health, word, sentence.say(language).to_owned(), None)
}

fn clock(facts: &Facts, language: Language) -> Said {
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

fn waiting(facts: &Facts, language: Language) -> Said {
    let (waiting, issued) = (facts.waiting, facts.issued);
    fine(
        msg("{waiting} waiting; numbers given today: {issued}.")
            .with(language, &[("waiting", &waiting), ("issued", &issued)]),
    )
}

/// Not known yet: the first look takes a moment.
fn unseen(language: Language) -> Said {
    Said(Health::Warning, "unseen", msg("Being looked at …").say(language).to_owned(), None)
}

fn addresses(seen: Option<&Surroundings>, language: Language) -> Said {
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

fn storage(seen: Option<&Surroundings>, language: Language) -> Said {
    let Some(seen) = seen else { return unseen(language) };
    let folder = seen.data.display();
    let Some(free) = seen.free else {
        let value = msg("{folder} cannot be read. See the folder and its rights.")
            .with(language, &[("folder", &folder)]);
        return Said(Health::Fault, "unreadable", value, None);
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

fn database(database: &Database, recovered: Option<&Recovered>, language: Language) -> Said {
    let damaged = recovered.filter(|recovered| recovered.cause != Cause::Restored);
    if let Some(recovered) = damaged {
        let guessed = recovered.guessed || !recovered.passed.is_empty();
        let skipped = if guessed {
            language.pick(
                " Nomor hari ini melompat supaya tidak ada yang ganda.",
                " Today's numbers skip ahead so that none is given twice.",
            )
        } else {
            ""
        };
        let value = language.pick(
            format!("Basis data ditemukan rusak hari ini; keadaan baik yang terbaru dipakai.{skipped}"),
            format!("The database was found damaged today; the newest good state was taken.{skipped}"),
        );
        let remedy = language.pick(
            "Berkas rusak disimpan di folder data (damaged-…). Jalankan antrean verify, lalu periksa disk (journalctl -k): disk yang merusak sekali akan merusak lagi.",
            "The damaged file is kept in the data folder (damaged-…). Run antrean verify, then look at the disk (journalctl -k): a disk that damaged one file damages more.",
        );
        return wants(Health::Fault, "recovered", value, remedy);
    }
    if recovered.is_some() {
        let value = language.pick("Dipulihkan dari cadangan hari ini.", "Restored from a backup today.");
        return fine(value.to_owned());
    }
    match database.bytes {
        Some(bytes) => {
            let size = wording::bytes(bytes, language);
            fine(language.pick(format!("Terbuka dan utuh, {size}."), format!("Open and whole, {size}.")))
        }
        None => wants(
            Health::Fault,
            "unreadable",
            language
                .pick("Berkas basis data tidak bisa dibaca.", "The database's file cannot be read.")
                .to_owned(),
            language.pick(
                "Periksa hak akses folder data, lalu jalankan antrean verify.",
                "See the data folder's rights, then run antrean verify.",
            ),
        ),
    }
}

fn backup(backup: &Backup, now: At, language: Language) -> Said {
    let remedy = language.pick(
        "Pasang disk atau USB cadangan, lihat [backup] folder di konfigurasi, lalu jalankan antrean backup.",
        "Plug in the backup disk, see [backup] folder in the config, then run antrean backup.",
    );
    let last = backup.last_good.as_ref().map(|(at, path)| (*at, path.display().to_string()));
    let since = last.as_ref().map(|(at, _)| *at).or(backup.begun).unwrap_or(now);
    let late = now - since;
    let failed = backup.trouble.as_ref().filter(|(at, _)| last.as_ref().is_none_or(|(good, _)| at > good));
    let told = match &last {
        Some((at, path)) => {
            let at = wording::moment(*at, language);
            language.pick(format!("Terakhir {at}: {path}."), format!("Last on {at}: {path}."))
        }
        None => language.pick("Belum ada cadangan.", "There is no backup yet.").to_owned(),
    };
    let health = if late > BACKUP_LOST { Health::Fault } else { Health::Warning };
    match failed {
        Some((at, why)) => {
            let (at, why) = (wording::moment(*at, language), why.trim_end_matches(['.', '?']));
            let value = language.pick(
                format!("Cadangan gagal pada {at}: {why}. {told}"),
                format!("The backup failed on {at}: {why}. {told}"),
            );
            wants(health, "failed", value, remedy)
        }
        None if late > BACKUP_LATE => {
            let value = language.pick(
                format!("Cadangan malam terlewat. {told}"),
                format!("A nightly backup was missed. {told}"),
            );
            wants(health, "late", value, remedy)
        }
        None => fine(told),
    }
}

fn config(config: &ConfigNow, language: Language) -> Said {
    let applied = wording::moment(config.applied, language);
    let check = language.pick(
        "Jalankan antrean check, perbaiki berkasnya, simpan: berlaku sendiri tanpa mulai ulang.",
        "Run antrean check, mend the file, save it: it applies by itself.",
    );
    if config.last_good {
        let value = language.pick(
            "Berkas konfigurasi tidak bisa dipakai saat mulai. Yang berlaku adalah salinan baik yang terakhir.",
            "The config file could not be used at the start. What applies is the last good copy.",
        );
        return wants(Health::Fault, "last_good", value.to_owned(), check);
    }
    if let Some(why) = &config.rejected {
        let why = why.trim_end_matches('.');
        let value = language.pick(
            format!("Perubahan konfigurasi tidak dipakai: {why}. Yang berlaku: dari {applied}."),
            format!("The changed config is not used: {why}. What applies is that of {applied}."),
        );
        return wants(Health::Warning, "rejected", value, check);
    }
    if !config.waiting.is_empty() {
        let waiting: Vec<&str> = config.waiting.iter().map(|what| what.in_language(language)).collect();
        let waiting = waiting.join("; ");
        let value = language.pick(
            format!("Berlaku sejak {applied}. Menunggu: {waiting}."),
            format!("Applied on {applied}. Still to come: {waiting}."),
        );
        return Said(Health::Fine, "waiting", value, None);
    }
    fine(language.pick(format!("Berlaku sejak {applied}."), format!("Applied on {applied}.")))
}

fn display(display: Display, language: Language) -> Said {
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

fn sound(sound: Sound, language: Language) -> Said {
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

fn starts(starts: &Starts, now: At, language: Language) -> Said {
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

fn version(facts: &Facts, language: Language) -> Said {
    let version = env!("CARGO_PKG_VERSION");
    let up = wording::lasted(facts.up_s, language);
    let machine = wording::lasted(facts.machine_up_s, language);
    fine(
        msg("Antrean {version}, running for {up}; machine on for {machine}.")
            .with(language, &[("version", &version), ("up", &up), ("machine", &machine)]),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::health::Sight;
    use crate::queue::{Doubt, SlipTrouble, Text};

    fn at(text: &str) -> At {
        At::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M %z").unwrap()
    }

    fn facts() -> Facts {
        Facts {
            hall: HallNow::Open,
            printers: vec![PrinterNow {
                port: "/dev/ttyS0".to_owned(),
                ..PrinterNow::well("p1".into(), Text::same("Printer 1"), at("2026-11-26 09:00"))
            }],
            now: at("2026-11-26 09:42"),
            system: at("2026-11-26 09:42"),
            doubt: None,
            recovered: None,
            waiting: 12,
            issued: 45,
            sight: Sight {
                surroundings: Some(Surroundings {
                    addresses: vec!["fd00::7".parse().unwrap(), "192.168.1.20".parse().unwrap()],
                    listen: "0.0.0.0:8080".parse().unwrap(),
                    listening: Some("0.0.0.0:8080".parse().unwrap()),
                    https: false,
                    data: "/var/lib/antrean".into(),
                    free: Some(12 << 30),
                }),
                ..Sight::default()
            },
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
        change(facts.sight.surroundings.as_mut().unwrap());
        facts
    }

    fn printing(change: impl Fn(&mut PrinterNow)) -> Facts {
        let mut facts = facts();
        change(&mut facts.printers[0]);
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
        assert_eq!(value(&printing(|printer| printer.state = "unknown"), "printer").0, Health::Warning);
        assert_eq!(value(&Facts { printers: vec![], ..facts() }, "printer").0, Health::Warning);
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
        assert_eq!(value(&Facts { sight: Sight::default(), ..facts() }, "globe").0, Health::Warning);
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

    /// The line of a part that is looked at besides.
    fn seeing(part: Part, change: impl Fn(&mut Facts)) -> Line {
        let mut facts = facts();
        change(&mut facts);
        lines(&facts, Language::EN).into_iter().find(|line| line.part == part).unwrap()
    }

    fn backed_up(hours_ago: i64, trouble_hours_ago: Option<i64>) -> Line {
        let ago = |hours| facts().now - TimeDelta::hours(hours);
        seeing(Part::Backup, |facts| {
            facts.sight.backup = Some(Backup {
                last_good: Some((ago(hours_ago), "/srv/antrean-20261125-013000".into())),
                trouble: trouble_hours_ago.map(|hours| (ago(hours), "the disk is not there".to_owned())),
                begun: None,
            });
        })
    }

    #[test]
    fn a_backup_that_failed_or_is_late_wants_a_hand_and_a_week_without_one_is_a_fault() {
        let health = |hours, trouble| backed_up(hours, trouble).health;
        assert_eq!(health(9, None), Health::Fine);
        assert_eq!(health(9, Some(30)), Health::Fine, "what failed before it is over");
        assert_eq!(health(9, Some(1)), Health::Warning);
        assert_eq!(health(37, None), Health::Warning);
        assert_eq!(health(24 * 8, None), Health::Fault);
        let said = backed_up(9, Some(1));
        assert!(
            said.value.contains("the disk is not there")
                && said.value.contains("/srv/antrean-20261125-013000")
        );
        assert!(said.remedy.unwrap().contains("antrean backup"));
        let begun = |days| {
            seeing(Part::Backup, |facts| {
                let begun = Some(facts.now - TimeDelta::days(days));
                facts.sight.backup = Some(Backup { last_good: None, trouble: None, begun });
            })
        };
        assert_eq!(
            (begun(0).health, begun(2).health),
            (Health::Fine, Health::Warning),
            "a new box missed no night"
        );
    }

    #[test]
    fn a_config_that_is_not_what_its_file_says_is_told() {
        let with = |change: fn(&mut ConfigNow)| {
            seeing(Part::Config, |facts| {
                let mut config =
                    ConfigNow { applied: facts.now, last_good: false, rejected: None, waiting: vec![] };
                change(&mut config);
                facts.sight.config = Some(config);
            })
        };
        assert_eq!(with(|_| ()).key, "config:fine");
        let rejected = with(|config| config.rejected = Some("2 problems in antrean.toml".to_owned()));
        assert_eq!((rejected.key.as_str(), rejected.health), ("config:rejected", Health::Warning));
        assert!(rejected.value.contains("2 problems") && rejected.remedy.unwrap().contains("antrean check"));
        let last_good = with(|config| (config.last_good, config.rejected) = (true, Some("bad".to_owned())));
        assert_eq!((last_good.key.as_str(), last_good.health), ("config:last_good", Health::Fault));
        let waits = with(|config| config.waiting = vec![Text::new("printer", "printers")]);
        assert_eq!(waits.health, Health::Fine);
        assert!(waits.value.ends_with("Still to come: printers."), "{}", waits.value);
    }

    #[test]
    fn a_database_that_was_mended_is_a_fault_for_the_day_and_one_that_was_restored_is_not() {
        let with = |cause| {
            seeing(Part::Database, |facts| {
                facts.sight.database = Some(Database { bytes: Some(1 << 20) });
                facts.recovered = Some(Recovered {
                    cause,
                    backup_at: None,
                    saved: 0,
                    whole: false,
                    guessed: true,
                    passed: [].into(),
                });
            })
        };
        for cause in [Cause::Damaged, Cause::Missing] {
            let mended = with(cause);
            assert_eq!((mended.key.as_str(), mended.health), ("database:recovered", Health::Fault));
            assert!(mended.value.contains("skip ahead") && mended.remedy.unwrap().contains("antrean verify"));
        }
        assert_eq!(with(Cause::Restored).health, Health::Fine);
        let gone = seeing(Part::Database, |facts| facts.sight.database = Some(Database { bytes: None }));
        assert_eq!(gone.key, "database:unreadable");
    }

    #[test]
    fn a_program_that_fell_is_worth_a_look_for_a_day_and_power_cuts_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let began = |at| crate::health::starts::began(folder.path(), "boot-1", at).unwrap();
        let fell_at = facts().now - TimeDelta::hours(2);
        began(fell_at - TimeDelta::hours(1));
        let starts = began(fell_at);
        let line = |now: At| {
            seeing(Part::Starts, |facts| (facts.now, facts.sight.starts) = (now, Some(starts.clone())))
        };
        let soon = line(facts().now);
        assert_eq!((soon.key.as_str(), soon.health), ("starts:fell", Health::Warning));
        assert!(soon.remedy.unwrap().contains("journalctl"));
        assert_eq!(line(facts().now + TimeDelta::days(2)).health, Health::Fine);
    }

    #[test]
    fn whatever_presses_says_what_to_do() {
        let mut facts = facts();
        facts.sight = Sight {
            surroundings: Some(Surroundings {
                free: Some(1),
                listening: None,
                ..facts.sight.surroundings.unwrap()
            }),
            display: Some(Display::Missing),
            sound: Some(Sound::Silent),
            ..Sight::default()
        };
        for (hall, language) in [HallNow::Ailing, HallNow::NotRunning]
            .into_iter()
            .flat_map(|hall| [Language::ID, Language::EN].map(|language| (hall, language)))
        {
            let lines = lines(&Facts { hall, ..facts.clone() }, language);
            let wrong: Vec<&Line> = lines.iter().filter(|line| line.health != Health::Fine).collect();
            assert_eq!(wrong.len(), 5, "{wrong:#?}");
            for line in wrong {
                assert!(line.remedy.as_ref().is_some_and(|remedy| remedy.len() > 20), "{line:?}");
            }
        }
    }
}
