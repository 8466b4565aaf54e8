//! The page's texts that depend on nothing but the language.

use crate::words::{Language, msg};

/// Each as the page shows it.
pub struct Words {
    pub number: &'static str,
    pub priority: &'static str,
    pub no_range: &'static str,
    pub rose: &'static str,
    pub wait_here: &'static str,
    pub ring: &'static str,
    pub keep_open: &'static str,
    pub cancel: &'static str,
    pub cancel_yes: &'static str,
    pub cancel_no: &'static str,
    pub turn: &'static str,
    pub go: &'static str,
    pub tell: &'static str,
    pub back: &'static str,
    pub not_found: &'static str,
    pub ask_desk: &'static str,
    pub nowhere: &'static str,
    pub scan: &'static str,
    pub not_yet: &'static str,
    pub try_again: &'static str,
}

impl Words {
    pub fn of(language: Language) -> Self {
        Self {
            number: msg("Your queue number").say(language),
            priority: msg("Priority").say(language),
            no_range: msg("No estimate yet").say(language),
            rose: msg("More people are ahead than before: priority numbers and those who return come first.")
                .say(language),
            wait_here: msg("Wait here").say(language),
            ring: msg("Ring when I am called").say(language),
            keep_open: msg("Keep this page open and the screen on. Listen for the call all the same.")
                .say(language),
            cancel: msg("Cancel my number").say(language),
            cancel_yes: msg("Yes, cancel it").say(language),
            cancel_no: msg("No, keep it").say(language),
            turn: msg("It is your turn!").say(language),
            go: msg("Please go to").say(language),
            tell: msg("Tell the officer your number.").say(language),
            back: msg("Back to my number").say(language),
            not_found: msg("We cannot find this number").say(language),
            ask_desk: msg(
                "A number is valid on its own day only. Please ask at the information desk, or take a new one.",
            )
            .say(language),
            nowhere: msg("There is nothing here").say(language),
            scan: msg("To follow your number, scan the code on your ticket.").say(language),
            not_yet: msg("Your number is not cancelled yet").say(language),
            try_again: msg("The system did not answer. Please try again in a moment.").say(language),
        }
    }
}
