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

/// What a finger needs, in millimetres (`product.md` §2).
const TARGET_MM: f32 = 20.0;
/// The least of what can be touched on a small screen, as a share of its height: 93 of 600 pixels, and as much
/// more as the kiosk makes of it where that is not enough (`touch.target-min` of `ui/theme.slint`).
const LEAST_TARGET: f32 = 93.0 / 600.0 * 1.05;
/// Height and diagonal of the flattest of usual screens, 16 by 9.
const HEIGHT: f32 = 0.4903;
const MM_AN_INCH: f32 = 25.4;

/// How large the least of what can be touched becomes at most on a screen of this diagonal, in millimetres.
pub fn least_target_mm(diagonal_in: f32) -> f32 {
    LEAST_TARGET * HEIGHT * diagonal_in * MM_AN_INCH
}

/// The diagonal from which on everything is large enough to be touched, in inches.
fn least_diagonal_in() -> f32 {
    TARGET_MM / least_target_mm(1.0)
}

/// A diagonal; a screen that fingers will miss is told of.
fn diagonal(value: &Value<'_>, window: Option<WindowSetting>) -> Option<f32> {
    let diagonal_in = value.number(7.0..=100.0)?;
    let target_mm = least_target_mm(diagonal_in);
    // In a window nothing follows the screen.
    if target_mm < TARGET_MM && window != Some(WindowSetting::Window) {
        let message = format!(
            "on a screen of {diagonal_in} inches the smallest buttons of the kiosk are {target_mm:.0} mm: a finger needs {TARGET_MM} mm"
        );
        let hint = format!(
            "the kiosk needs a screen of {:.1} inches or more; is diagonal_in the diagonal of the screen that is there?",
            (least_diagonal_in() * 10.0).ceil() / 10.0
        );
        value.warn("small_screen", message, hint);
    }
    Some(diagonal_in)
}

pub(super) fn kiosks(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<KioskConfig>> {
    root.each("kiosk", |mut table| {
        let id = table.required("id", |value| known.kiosks.declare(value));
        let name = table.required("name", text);
        let printer = table.maybe("printer", |value| known.printers.refer(value));
        let zone = table.maybe("zone", |value| known.zones.refer(value));
        let window = table.optional("window", WindowSetting::Auto, |value| value.choice(WINDOWS));
        let diagonal_in = table.optional("diagonal_in", DIAGONAL_IN, |value| diagonal(value, window));
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
