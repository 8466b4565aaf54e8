//! The technician's texts that are made of numbers and names; fixed ones stand in the screens.

use super::workshop::{Act, Tested, Unable};
use crate::queue::Language;
use crate::words::msg;

/// What is typed next, or what to wait for.
pub fn pin(may_sign_in: bool, wrong: bool, pause_s: u64, language: Language) -> String {
    match (may_sign_in, pause_s, wrong) {
        (false, ..) => msg(
            "There is no technician's PIN yet. Make one on this machine with antrean pin, role technician",
        ),
        (true, 0, false) => msg("Type the six digits of your PIN."),
        (true, 0, true) => msg("Wrong PIN. Try again."),
        (true, ..) => msg("Wrong PIN. Try again in {wait}."),
    }
    .with(language, &[("wait", &wait(pause_s, language))])
}

/// "45 detik", "9 menit 5 detik".
fn wait(seconds: u64, language: Language) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    let said = if minutes == 0 { msg("{seconds} s") } else { msg("{minutes} min {seconds} s") };
    said.with(language, &[("minutes", &minutes), ("seconds", &rest)])
}

/// Why no test page came out, and what to do.
pub fn not_printed(tested: &Tested, language: Language) -> String {
    match tested {
        Tested::Printed => String::new(),
        Tested::Trouble(trouble) => trouble.for_technician(language).to_owned(),
        Tested::NoPrinter => msg("This kiosk has no printer: write [[kiosk]] printer into the config.")
            .say(language)
            .to_owned(),
        Tested::NotYet => {
            msg("The printers do not run yet: the queue is still opening.").say(language).to_owned()
        }
        Tested::Refused(why) => {
            msg("The test page could not be begun: {why}.").with(language, &[("why", why)])
        }
    }
}

/// Why the machine goes on, and what to do.
pub fn unable(act: Act, why: &Unable, language: Language) -> String {
    let command = match act {
        Act::Restart => "systemctl reboot",
        Act::ShutDown => "systemctl poweroff",
        Act::Leave => "systemctl stop antrean",
    };
    match why {
        Unable::Demo => {
            msg("This is a demonstration: the machine it runs on is left alone.").say(language).to_owned()
        }
        Unable::NoSystemd => {
            msg("This machine has no systemctl. Leave the kiosk, then use the power button.")
                .say(language)
                .to_owned()
        }
        Unable::Refused(said) => msg(
            "The system refused: {said}. Give the user of antrean the right to it (polkit), or run sudo {command} in a terminal.",
        )
        .with(language, &[("said", said), ("command", &command)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_is_asked_for_refused_counted_down_or_to_be_made() {
        assert_eq!(pin(true, false, 0, Language::ID), "Masukkan PIN enam angka.");
        assert_eq!(pin(true, true, 0, Language::ID), "PIN salah. Coba lagi.");
        assert_eq!(pin(true, true, 30, Language::ID), "PIN salah. Coba lagi dalam 30 detik.");
        assert_eq!(pin(true, true, 545, Language::ID), "PIN salah. Coba lagi dalam 9 menit 5 detik.");
        assert!(pin(false, false, 0, Language::ID).contains("antrean pin, role technician"));
    }

    #[test]
    fn whatever_was_not_done_says_why_and_what_to_do() {
        for language in [Language::ID, Language::EN] {
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
