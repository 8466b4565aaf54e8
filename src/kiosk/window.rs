//! The real window and its loop.

use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use antrean_ui as ui;
use slint::ComponentHandle;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::panel::Panel;
use super::stage::{News, Settings, Stage};
use crate::clock::Clock;
use crate::tasks::Pulse;

/// There is no display to open a window on.
#[derive(Debug, thiserror::Error)]
#[error("no window: {0}")]
pub struct NoDisplay(String);

/// What the kiosk is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Canvas {
    /// A window of X11 or Wayland.
    Desktop,
    /// The display itself, with nothing between.
    Bare,
}

/// The folder of the graphics cards, where this build can draw on them directly.
const CARDS: Option<&str> = if cfg!(feature = "linuxkms") { Some("/dev/dri") } else { None };

impl Canvas {
    /// A desktop where one is; else the display itself, if there is a card among `cards`. Whether it may be
    /// opened is only known by opening it.
    fn find(variable: impl Fn(&str) -> Option<OsString>, cards: Option<&Path>) -> Result<Self, NoDisplay> {
        let there = |name| variable(name).is_some_and(|value| !value.is_empty());
        if there("DISPLAY") || there("WAYLAND_DISPLAY") {
            return Ok(Self::Desktop);
        }
        let missing = "neither DISPLAY nor WAYLAND_DISPLAY is set";
        match cards {
            Some(cards) if has_card(cards) => Ok(Self::Bare),
            Some(cards) => Err(NoDisplay(format!("{missing}, and {} has no graphics card", cards.display()))),
            None => Err(NoDisplay(missing.to_owned())),
        }
    }

    /// Slint's name for it.
    fn backend(self) -> &'static str {
        match self {
            Self::Desktop => "winit",
            Self::Bare => "linuxkms",
        }
    }
}

fn has_card(folder: &Path) -> bool {
    let card = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("card");
    std::fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(card))
}

/// An open window that shows "the kiosk is getting ready" until it hears of a hall.
pub struct Window {
    stage: Rc<Stage>,
    outbox: UnboundedSender<News>,
}

impl Window {
    /// Opens the window.
    ///
    /// # Errors
    /// [`NoDisplay`] when there is nothing to draw on.
    pub fn open(settings: Settings, clock: Clock, runtime: Handle) -> Result<Self, NoDisplay> {
        let canvas = Canvas::find(|name| std::env::var_os(name), CARDS.map(Path::new))?;
        if std::env::var_os("SLINT_BACKEND").is_none() {
            slint::BackendSelector::new()
                .backend_name(canvas.backend().to_owned())
                .renderer_name("software".to_owned())
                .select()
                .map_err(|error| NoDisplay(error.to_string()))?;
        }
        let app = ui::App::new().map_err(|error| NoDisplay(error.to_string()))?;
        let began = Instant::now();
        let ms = move || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outbox, mut inbox) = unbounded_channel();
        let stage = Stage::new(app, settings, clock, ms, runtime, outbox.clone());
        stage.light(Panel::open());
        stage.app().show().map_err(|error| NoDisplay(error.to_string()))?;
        let listener = stage.clone();
        slint::spawn_local(async move {
            let mut waiting = Vec::new();
            while let Some(first) = inbox.recv().await {
                waiting.push(first);
                waiting.extend(std::iter::from_fn(|| inbox.try_recv().ok()));
                // However often the bell rang, one look sees it all.
                waiting.dedup_by(|next, last| matches!((next, last), (News::Bell, News::Bell)));
                waiting.drain(..).for_each(|news| listener.hear(news));
            }
        })
        .map_err(|error| NoDisplay(error.to_string()))?;
        Ok(Self { stage, outbox })
    }

    /// Where the rest of the house tells the window what happened.
    pub fn outbox(&self) -> UnboundedSender<News> {
        self.outbox.clone()
    }

    /// The sign of life of its loop.
    pub fn pulse(&self) -> Pulse {
        self.stage.life()
    }

    /// Runs until the window is closed or told to quit.
    ///
    /// # Errors
    /// The display was lost.
    pub fn run(self) -> Result<(), NoDisplay> {
        let done = slint::run_event_loop().map_err(|error| NoDisplay(error.to_string()));
        let _ = self.stage.app().hide();
        done
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn found(variables: &[(&str, &str)], cards: Option<&Path>) -> Result<Canvas, String> {
        let variable =
            |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| OsString::from(value));
        Canvas::find(variable, cards).map_err(|error| error.to_string())
    }

    #[test]
    fn a_desktop_is_drawn_on_as_a_window() {
        assert_eq!(found(&[("DISPLAY", ":0")], None), Ok(Canvas::Desktop));
        assert_eq!(found(&[("WAYLAND_DISPLAY", "wayland-0")], None), Ok(Canvas::Desktop));
    }

    #[test]
    fn without_a_desktop_only_a_build_for_it_draws_on_the_display_itself() {
        let folder = tempfile::tempdir().unwrap();
        let cards = Some(folder.path());
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(found(&[], cards).unwrap_err().contains("no graphics card"));
        std::fs::write(folder.path().join("card1"), "").unwrap();
        assert_eq!(found(&[("DISPLAY", "")], cards), Ok(Canvas::Bare));
        assert_eq!(found(&[("DISPLAY", ":0")], cards), Ok(Canvas::Desktop));
        assert_eq!(found(&[], None).unwrap_err(), "no window: neither DISPLAY nor WAYLAND_DISPLAY is set");
    }
}
