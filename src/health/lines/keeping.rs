//! What is kept: the database, its copies, the config.

use chrono::TimeDelta;

use super::{Said, fine, wants};
use crate::health::{Backup, ConfigNow, Database, Health, wording};
use crate::queue::recovery::{Cause, Recovered};
use crate::queue::{At, Language};

/// A night's copy may be so late: the nights before still count.
const BACKUP_LATE: TimeDelta = TimeDelta::hours(36);
/// And after so long a lost disk loses a week.
const BACKUP_LOST: TimeDelta = TimeDelta::days(7);

pub fn database(database: &Database, recovered: Option<&Recovered>, language: Language) -> Said {
    match recovered.map(|recovered| (recovered, recovered.cause)) {
        Some((_, Cause::Restored)) => {
            return fine(
                language
                    .pick("Dipulihkan dari cadangan hari ini.", "Restored from a backup today.")
                    .to_owned(),
            );
        }
        Some((recovered, Cause::Damaged)) => return mended(recovered, DAMAGED, language),
        Some((recovered, Cause::Missing)) => return mended(recovered, MISSING, language),
        None => {}
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

/// What was found, and what to do, each in Indonesian and in English.
type Found = [(&'static str, &'static str); 2];

const DAMAGED: Found = [
    (
        "Basis data ditemukan rusak hari ini; keadaan baik yang terbaru dipakai.",
        "The database was found damaged today; the newest good state was taken.",
    ),
    (
        "Berkas rusak disimpan di folder data (damaged-…). Jalankan antrean verify, lalu periksa disk (journalctl -k): disk yang merusak sekali akan merusak lagi.",
        "The damaged file is kept in the data folder (damaged-…). Run antrean verify, then look at the disk (journalctl -k): a disk that damaged one file damages more.",
    ),
];

/// A power cut in the middle of a write leaves the same traces as lines that were lost.
const MISSING: Found = [
    (
        "Akhir catatan hari ini mungkin hilang: berkasnya tidak lengkap saat kotak mulai.",
        "The end of today's journal may be lost: its file was not whole when the box started.",
    ),
    (
        "Sesudah listrik padam ini bisa terjadi sekali, dan tidak ada yang perlu diganti. Jalankan antrean verify. Bila terjadi tanpa listrik padam, periksa disk (journalctl -k), dan apakah ada yang memindahkan berkas data.",
        "After a power cut this may happen once, and nothing needs replacing. Run antrean verify. If it happens without one, look at the disk (journalctl -k), and whether somebody moved the data files.",
    ),
];

/// Told loudly for the rest of the day: whoever lost a number stands in the hall.
fn mended(recovered: &Recovered, [value, remedy]: Found, language: Language) -> Said {
    let skips = recovered.guessed || !recovered.passed.is_empty();
    let skipped = language.pick(
        " Nomor hari ini melompat supaya tidak ada yang ganda.",
        " Today's numbers skip ahead so that none is given twice.",
    );
    let value = language.pick(value.0, value.1).to_owned() + if skips { skipped } else { "" };
    wants(Health::Fault, "recovered", value, language.pick(remedy.0, remedy.1))
}

pub fn backup(backup: &Backup, now: At, language: Language) -> Said {
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

pub fn config(config: &ConfigNow, language: Language) -> Said {
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
