//! What a visitor hears of the screen they have come to. Whatever is spoken stands on the screen too.

use super::visit::{Ms, Screen, Visit};
use crate::queue::{Language, TicketNumber};
use crate::voice::{Cue, Given, Phrase, Prompt, Reading};

/// Whoever touched so recently is there to hear "please choose".
const THERE: Ms = 3_000;

/// What is to be heard now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sounds {
    pub cue: Option<Cue>,
    pub phrase: Option<Phrase>,
    /// What is being said shall end: it belongs to a screen that is gone, or the visitor wants silence.
    pub hush: bool,
}

/// What was heard last, so that nothing is heard twice.
#[derive(Debug, Default)]
pub struct Heard {
    screen: Option<Screen>,
    still_here: bool,
    mute: bool,
}

impl Heard {
    /// What there is to hear since the last time; `number` is the one on the screen.
    pub fn of(&mut self, visit: &Visit, number: Option<&TicketNumber>, now: Ms) -> Sounds {
        let (still_here, mute) = (visit.still_here_s(now).is_some(), visit.access().mute);
        let arrived = self.screen.as_ref() != Some(visit.screen());
        let asked = still_here && !self.still_here;
        let silenced = mute && !self.mute;
        let left = std::mem::replace(self, Self { screen: Some(visit.screen().clone()), still_here, mute });
        if mute || !(arrived || asked) {
            return Sounds { hush: silenced, ..Sounds::default() };
        }
        let there = visit.touched_within(THERE, now);
        let (cue, phrase) = if asked {
            (None, Some(Phrase::prompt(Prompt::StillHere)))
        } else {
            on(visit.screen(), number, there)
        };
        // Clips are spoken in Indonesian alone.
        let phrase = phrase.filter(|_| visit.access().language == Language::ID);
        Sounds { cue, hush: phrase.is_none() && left.screen.is_some(), phrase }
    }
}

fn on(screen: &Screen, number: Option<&TicketNumber>, there: bool) -> (Option<Cue>, Option<Phrase>) {
    let prompt = |prompt| Some(Phrase::prompt(prompt));
    let given = |given| number.map(|number| Phrase::kiosk_number(given, number, Reading::Digits));
    match screen {
        Screen::Home => (None, prompt(Prompt::Home).filter(|_| there)),
        Screen::Closed => (None, prompt(Prompt::Closed).filter(|_| there)),
        Screen::Preparing | Screen::Card { .. } => (None, None),
        Screen::Priority => (None, prompt(Prompt::Priority)),
        Screen::Services(_) => (None, prompt(Prompt::Services)),
        Screen::LongWait { .. } => (None, prompt(Prompt::LongWait)),
        Screen::Issuing(_) => (None, prompt(Prompt::Issuing)),
        Screen::TakeTicket { .. } => (Some(Cue::Ready), given(Given::OnPaper)),
        // For the visitor it worked.
        Screen::NumberOnScreen { .. } => (Some(Cue::Ready), given(Given::OnScreen)),
        Screen::Unavailable { .. } => (Some(Cue::Unavailable), prompt(Prompt::Unavailable)),
        Screen::SeeStaff => (Some(Cue::Unavailable), prompt(Prompt::SeeStaff)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::visit::{Custom, Offer};
    use super::*;
    use crate::queue::{Seq, TicketId};

    fn home() -> (Visit, Heard) {
        let mut visit = Visit::new(Custom::default());
        let offer = |agency: &str, services: &[&str]| Offer {
            agency: agency.into(),
            closed: None,
            services: services.iter().map(|&id| (id.into(), None)).collect(),
        };
        visit.hall_offers(vec![offer("dukcapil", &["ktp", "kk"]), offer("pdam", &["air"])], 0);
        let mut heard = Heard::default();
        // Nobody has touched it for long.
        let _ = heard.of(&visit, None, 60_000);
        (visit, heard)
    }

    fn said(sounds: &Sounds) -> String {
        sounds.phrase.as_ref().map(Phrase::words).unwrap_or_default()
    }

    #[test]
    fn a_screen_is_said_once() {
        let (mut visit, mut heard) = home();
        visit.choose_agency(&"dukcapil".into(), &|_, _| None, 61_000);
        assert_eq!(said(&heard.of(&visit, None, 61_000)), "Silakan pilih layanan.");
        assert_eq!(heard.of(&visit, None, 61_200), Sounds::default());
    }

    #[test]
    fn the_number_is_said_and_a_tone_says_that_it_worked() {
        let (mut visit, mut heard) = home();
        visit.choose_agency(&"pdam".into(), &|_, _| None, 61_000);
        visit.granted(TicketId(Seq(7)), false, 61_100);
        let number = "F012".parse().ok();
        let sounds = heard.of(&visit, number.as_ref(), 61_100);
        assert_eq!(sounds.cue, Some(Cue::Ready));
        let words = said(&sounds);
        assert!(
            words.starts_with("Nomor Anda sudah tercatat.") && words.contains("F, nol satu dua"),
            "{words}"
        );
    }

    #[test]
    fn an_empty_hall_is_not_spoken_to() {
        let (mut visit, mut heard) = home();
        visit.choose_agency(&"dukcapil".into(), &|_, _| None, 61_000);
        let _ = heard.of(&visit, None, 61_000);
        assert_eq!(said(&heard.of(&visit, None, 86_000)), "Masih di sini? Sentuh layar untuk melanjutkan.");
        visit.tick(106_000);
        let sounds = heard.of(&visit, None, 106_000);
        assert_eq!((visit.screen(), said(&sounds).as_str()), (&Screen::Home, ""));
        visit.ask_priority(110_000);
        let _ = heard.of(&visit, None, 110_000);
        visit.answer_priority(true, 111_000);
        assert_eq!(said(&heard.of(&visit, None, 111_000)), "Silakan pilih instansi.");
    }

    #[test]
    fn silence_is_kept_and_begins_at_once() {
        let (mut visit, mut heard) = home();
        visit.choose_agency(&"dukcapil".into(), &|_, _| None, 61_000);
        let _ = heard.of(&visit, None, 61_000);
        visit.toggle_sound();
        assert!(heard.of(&visit, None, 61_500).hush);
        visit.choose_service(&"ktp".into(), &|_, _| None, 62_000);
        assert_eq!(heard.of(&visit, None, 62_000), Sounds::default());
    }

    #[test]
    fn in_english_there_are_tones_alone() {
        let (mut visit, mut heard) = home();
        visit.toggle_language();
        visit.choose_agency(&"pdam".into(), &|_, _| None, 61_000);
        visit.granted(TicketId(Seq(7)), false, 61_100);
        let sounds = heard.of(&visit, "F012".parse().ok().as_ref(), 61_100);
        assert_eq!((sounds.cue, sounds.phrase), (Some(Cue::Ready), None));
    }
}
