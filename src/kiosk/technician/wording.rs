//! The technician's texts that are made of dates, numbers and names; fixed ones stand in the screens.

use super::super::wording::long_date;
use super::workshop::{Act, Tested, Unable};
use crate::queue::refusal::clock;
use crate::queue::{At, Language};

/// One of an Indonesian and an English text.
pub fn say((id, en): (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Id => id,
        Language::En => en,
    }
}

/// "Kamis, 26 November 2026, 09.42".
pub fn moment(at: At, language: Language) -> String {
    format!("{}, {}", long_date(at, language), clock(at, language))
}

/// "12,4 GB", "600 MB".
pub fn bytes(count: u64, language: Language) -> String {
    let mega = count >> 20;
    if mega < 1024 {
        return format!("{mega} MB");
    }
    let tenths = mega * 10 / 1024;
    let mark = say((",", "."), language);
    format!("{}{mark}{} GB", tenths / 10, tenths % 10)
}

/// "3 hari 2 jam", "2 jam 5 menit", "5 menit".
pub fn lasted(seconds: u64, language: Language) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, language) {
        (0, 0, Language::Id) => format!("{minutes} menit"),
        (0, 0, Language::En) => format!("{minutes} min"),
        (0, _, Language::Id) => format!("{hours} jam {minutes} menit"),
        (0, _, Language::En) => format!("{hours} h {minutes} min"),
        (_, _, Language::Id) => format!("{days} hari {hours} jam"),
        (_, _, Language::En) => format!("{days} d {hours} h"),
    }
}

pub fn near_end(slips_left: Option<u32>, language: Language) -> String {
    match (slips_left, language) {
        (None, Language::Id) => "Kertas hampir habis.".to_owned(),
        (None, Language::En) => "The paper is near its end.".to_owned(),
        (Some(left), Language::Id) => format!("Kertas hampir habis, kira-kira {left} tiket lagi."),
        (Some(left), Language::En) => format!("The paper is near its end, about {left} slips left."),
    }
}

/// What is typed next, or what to wait for.
pub fn pin(may_sign_in: bool, wrong: bool, pause_s: u64, language: Language) -> String {
    match (may_sign_in, pause_s, wrong, language) {
        (false, _, _, Language::Id) => {
            "Belum ada PIN teknisi. Buat di mesin ini dengan perintah antrean pin, role technician".to_owned()
        }
        (false, _, _, Language::En) => {
            "There is no technician's PIN yet. Make one on this machine with antrean pin, role technician"
                .to_owned()
        }
        (true, 0, false, _) => {
            say(("Masukkan PIN enam angka.", "Type the six digits of your PIN."), language).to_owned()
        }
        (true, 0, true, _) => say(("PIN salah. Coba lagi.", "Wrong PIN. Try again."), language).to_owned(),
        (true, _, _, Language::Id) => format!("PIN salah. Coba lagi dalam {}.", wait(pause_s, language)),
        (true, _, _, Language::En) => format!("Wrong PIN. Try again in {}.", wait(pause_s, language)),
    }
}

/// "45 detik", "9 menit 5 detik".
fn wait(seconds: u64, language: Language) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, language) {
        (0, Language::Id) => format!("{rest} detik"),
        (0, Language::En) => format!("{rest} s"),
        (_, Language::Id) => format!("{minutes} menit {rest} detik"),
        (_, Language::En) => format!("{minutes} min {rest} s"),
    }
}

/// Why no test page came out, and what to do.
pub fn not_printed(tested: &Tested, language: Language) -> String {
    match tested {
        Tested::Printed => String::new(),
        Tested::Trouble(trouble) => trouble.for_technician(language).to_owned(),
        Tested::NoPrinter => say(
            (
                "Anjungan ini tidak punya printer: tulis [[kiosk]] printer di konfigurasi.",
                "This kiosk has no printer: write [[kiosk]] printer into the config.",
            ),
            language,
        )
        .to_owned(),
        Tested::NotYet => say(
            (
                "Printer belum dijalankan: antrean masih dibuka.",
                "The printers do not run yet: the queue is still opening.",
            ),
            language,
        )
        .to_owned(),
        Tested::Refused(why) => match language {
            Language::Id => format!("Halaman uji tidak bisa dimulai: {why}."),
            Language::En => format!("The test page could not be begun: {why}."),
        },
    }
}

/// Why the machine goes on, and what to do.
pub fn unable(act: Act, why: &Unable, language: Language) -> String {
    let command = match act {
        Act::Restart => "systemctl reboot",
        Act::ShutDown => "systemctl poweroff",
        Act::Leave => "systemctl stop antrean",
    };
    match (why, language) {
        (Unable::Demo, Language::Id) => "Ini peragaan: mesin tempatnya berjalan dibiarkan.".to_owned(),
        (Unable::Demo, Language::En) => {
            "This is a demonstration: the machine it runs on is left alone.".to_owned()
        }
        (Unable::NoSystemd, Language::Id) => {
            "Mesin ini tidak punya systemctl. Keluar dari anjungan, lalu pakai tombol daya.".to_owned()
        }
        (Unable::NoSystemd, Language::En) => {
            "This machine has no systemctl. Leave the kiosk, then use the power button.".to_owned()
        }
        (Unable::Refused(said), Language::Id) => format!(
            "Sistem menolak: {said}. Beri pengguna antrean hak untuk itu (polkit), atau jalankan sudo {command} di terminal."
        ),
        (Unable::Refused(said), Language::En) => format!(
            "The system refused: {said}. Give the user of antrean the right to it (polkit), or run sudo {command} in a terminal."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_say_them() {
        assert_eq!(bytes(600 << 20, Language::Id), "600 MB");
        assert_eq!(bytes(12_698 << 20, Language::Id), "12,4 GB");
        assert_eq!(bytes(12_698 << 20, Language::En), "12.4 GB");
        assert_eq!(lasted(59, Language::Id), "0 menit");
        assert_eq!(lasted(7_500, Language::Id), "2 jam 5 menit");
        assert_eq!(lasted(3 * 86_400 + 7_200, Language::En), "3 d 2 h");
    }

    #[test]
    fn the_pin_is_asked_for_refused_counted_down_or_to_be_made() {
        assert_eq!(pin(true, false, 0, Language::Id), "Masukkan PIN enam angka.");
        assert_eq!(pin(true, true, 0, Language::Id), "PIN salah. Coba lagi.");
        assert_eq!(pin(true, true, 30, Language::Id), "PIN salah. Coba lagi dalam 30 detik.");
        assert_eq!(pin(true, true, 545, Language::Id), "PIN salah. Coba lagi dalam 9 menit 5 detik.");
        assert!(pin(false, false, 0, Language::Id).contains("antrean pin, role technician"));
    }

    #[test]
    fn whatever_was_not_done_says_why_and_what_to_do() {
        for language in [Language::Id, Language::En] {
            let refused = unable(Act::Restart, &Unable::Refused("no".to_owned()), language);
            assert!(refused.contains("no") && refused.contains("sudo systemctl reboot"), "{refused}");
            for why in [Unable::Demo, Unable::NoSystemd] {
                assert!(unable(Act::ShutDown, &why, language).ends_with('.'));
            }
            for tested in [Tested::NoPrinter, Tested::NotYet, Tested::Refused("so".to_owned())] {
                assert!(not_printed(&tested, language).ends_with('.'));
            }
        }
    }
}
