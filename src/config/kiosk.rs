//! `[[kiosk]]`: the touchscreens of the hall.

use super::known::Known;
use super::reader::{Table, Value};
use super::words::text;
use crate::queue::{KioskId, PrinterId, Text, ZoneId};

/// A touchscreen and what stands beneath it.
#[derive(Debug, Clone, PartialEq)]
pub struct KioskConfig {
    pub id: KioskId,
    pub name: Text,
    pub printer: Option<PrinterId>,
    pub zone: Option<ZoneId>,
    /// Diagonal of the screen in inches, from which all sizes in millimetres follow.
    pub diagonal_in: f32,
    pub window: WindowSetting,
    pub without_paper: WithoutPaper,
    /// A visitor who is to wait longer than so many minutes is asked first; 0: nobody is.
    pub ask_over_min: u32,
    /// The screen goes dark so many minutes after the last touch while nothing is open; 0: never.
    pub dark_after_min: u32,
}

/// What part of the display the kiosk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSetting {
    /// All of it where nothing else is shown, a window on a desk.
    Auto,
    Full,
    Window,
}

/// What a visitor gets while no slip can come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutPaper {
    /// The number on the screen; the ticket counts.
    Number,
    /// No ticket, and the way to the information desk.
    SeeStaff,
}

const WINDOWS: &[(&str, WindowSetting)] =
    &[("auto", WindowSetting::Auto), ("full", WindowSetting::Full), ("window", WindowSetting::Window)];
const WITHOUT_PAPER: &[(&str, WithoutPaper)] =
    &[("number", WithoutPaper::Number), ("see_staff", WithoutPaper::SeeStaff)];

/// A kiosk of the size the design was drawn for.
const DIAGONAL_IN: f32 = 21.5;
/// A wait after which many would rather come back.
const ASK_OVER_MIN: u32 = 90;
/// After the last visitor has gone home.
const DARK_AFTER_MIN: u32 = 30;

pub(super) fn kiosks(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<KioskConfig>> {
    root.each("kiosk", |mut table| {
        let id = table.required("id", |value| known.kiosks.declare(value));
        let name = table.required("name", text);
        let printer = table.maybe("printer", |value| known.printers.refer(value));
        let zone = table.maybe("zone", |value| known.zones.refer(value));
        let diagonal_in =
            table.optional("diagonal_in", DIAGONAL_IN, |value: &Value<'_>| value.number(7.0..=100.0));
        let window = table.optional("window", WindowSetting::Auto, |value| value.choice(WINDOWS));
        let without_paper =
            table.optional("without_paper", WithoutPaper::Number, |value| value.choice(WITHOUT_PAPER));
        let ask_over_min = table.optional("ask_over_min", ASK_OVER_MIN, |value| value.integer(0..=600));
        let dark_after_min = table.optional("dark_after_min", DARK_AFTER_MIN, |value| value.integer(0..=600));
        Some(KioskConfig {
            id: id?,
            name: name?,
            printer: printer?,
            zone: zone?,
            diagonal_in: diagonal_in?,
            window: window?,
            without_paper: without_paper?,
            ask_over_min: ask_over_min?,
            dark_after_min: dark_after_min?,
        })
    })
}
