//! The real window and its loop.

use std::rc::Rc;
use std::time::Instant;

use antrean_ui as ui;
use slint::ComponentHandle;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::stage::{News, Settings, Stage};
use crate::clock::Clock;

/// There is no display to open a window on.
#[derive(Debug, thiserror::Error)]
#[error("no window: {0}")]
pub struct NoDisplay(String);

/// An open window that shows "the kiosk is getting ready" until it hears of a hall.
pub struct Window {
    stage: Rc<Stage>,
    outbox: UnboundedSender<News>,
}

impl Window {
    /// Opens the window.
    ///
    /// # Errors
    /// [`NoDisplay`] when neither X11 nor Wayland is there.
    pub fn open(settings: Settings, clock: Clock, runtime: Handle) -> Result<Self, NoDisplay> {
        let display = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        if !display {
            return Err(NoDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set".to_owned()));
        }
        if std::env::var_os("SLINT_BACKEND").is_none() {
            slint::BackendSelector::new()
                .backend_name("winit".to_owned())
                .renderer_name("software".to_owned())
                .select()
                .map_err(|error| NoDisplay(error.to_string()))?;
        }
        let app = ui::App::new().map_err(|error| NoDisplay(error.to_string()))?;
        let began = Instant::now();
        let ms = move || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outbox, mut inbox) = unbounded_channel();
        let stage = Stage::new(app, settings, clock, ms, runtime, outbox.clone());
        stage.app().show().map_err(|error| NoDisplay(error.to_string()))?;
        let listener = stage.clone();
        slint::spawn_local(async move {
            while let Some(news) = inbox.recv().await {
                listener.hear(news);
            }
        })
        .map_err(|error| NoDisplay(error.to_string()))?;
        Ok(Self { stage, outbox })
    }

    /// Where the rest of the house tells the window what happened.
    pub fn outbox(&self) -> UnboundedSender<News> {
        self.outbox.clone()
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
