//! The deed of the house: opens every room in order, hands out the keys, waits, and closes.
//!
//! The window opens first, so that a visitor never stands before a black screen; whatever cannot be
//! opened after it is tried again while the window says "the kiosk is getting ready". Without a
//! window there is nobody to wait for, and the trouble is said and left to whoever started us.

mod demo;
mod doors;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{oneshot, watch};

use crate::clock::Clock;
use crate::config::Config;
use crate::hall::{self, Fate, Hall};
use crate::kiosk::{self, News, Window};
use crate::store::{DataFolder, OpenError, Writer};
use crate::{printer, tasks, web};

/// What the box shall be.
pub struct Plan {
    pub config: Config,
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub demo: bool,
    /// Open the kiosk's window, if there is a display.
    pub window: bool,
}

/// Why the box ended.
#[derive(Debug)]
pub enum Ended {
    /// Asked to, by a signal or by closing the window.
    Asked,
    Data(OpenError),
    Listen(SocketAddr, std::io::Error),
    /// The disk failed in the act of committing, or the hall broke: start again.
    Broken,
}

/// How long leaving may take before the rest is left behind.
const LEAVING: Duration = Duration::from_secs(4);

/// Runs the box until it is asked to leave or cannot go on.
pub fn run(mut plan: Plan) -> Ended {
    if plan.demo {
        demo::furnish(&mut plan.config);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("async")
        .enable_all()
        .build()
        .expect("the system gives threads");
    let clock = Clock::system(plan.config.rules.offset);
    let window = plan.window.then(|| open_window(&plan, &clock, runtime.handle())).flatten();
    let (leave, leaving) = watch::channel(false);
    let outbox = window.as_ref().map(Window::outbox);
    let house = runtime.spawn(keep_house(plan, clock, outbox, leaving));
    if let Some(window) = window {
        if let Err(error) = window.run() {
            tracing::error!(%error, "the window is lost");
        }
        leave.send_replace(true);
    }
    let ended = runtime.block_on(house).unwrap_or(Ended::Broken);
    drop(leave);
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

fn open_window(plan: &Plan, clock: &Clock, runtime: &tokio::runtime::Handle) -> Option<Window> {
    let settings = doors::kiosk(plan)?;
    match Window::open(settings, clock.clone(), runtime.clone()) {
        Ok(window) => Some(window),
        Err(error) => {
            tracing::warn!("{error}; everything else is served without it");
            None
        }
    }
}

/// Everything behind the window.
async fn keep_house(
    plan: Plan,
    clock: Clock,
    outbox: Option<UnboundedSender<News>>,
    mut leaving: watch::Receiver<bool>,
) -> Ended {
    let may_wait = outbox.is_some();
    let opened = tokio::select! {
        opened = open_hall(&plan, &clock, may_wait) => opened,
        () = asked_to_leave(&mut leaving) => Err(Ended::Asked),
    };
    let (hall, fate) = match opened {
        Ok(opened) => opened,
        Err(ended) => {
            tell(outbox.as_ref(), News::Quit);
            return ended;
        }
    };
    let (health, seen) = watch::channel(Vec::new());
    let printers: Vec<_> =
        doors::printers(&plan).into_iter().map(|settings| printer::start(settings, hall.clone(), health.clone())).collect();
    if let Some(outbox) = &outbox {
        let _ = outbox.send(News::Opened(hall.clone()));
        tokio::spawn(kiosk_pump(hall.clone(), seen.clone(), doors::kiosk_printer(&plan), outbox.clone()));
    }
    let (close, closing) = watch::channel(false);
    let settings = doors::web(&plan, clock, seen);
    let listening = serve_web(plan.listen, may_wait, hall.clone(), settings, closing);
    tokio::pin!(listening);
    let ended = tokio::select! {
        fate = fate => match fate {
            Ok(Fate::Closed) => Ended::Asked,
            Ok(Fate::UnknownCommit) | Err(_) => Ended::Broken,
        },
        error = &mut listening => Ended::Listen(plan.listen, error),
        () = asked_to_leave(&mut leaving) => Ended::Asked,
    };
    if !matches!(ended, Ended::Broken) {
        close.send_replace(true);
        // The web leaves first, so that nobody is cut off in the middle of an answer.
        let _ = tokio::time::timeout(Duration::from_secs(2), &mut listening).await;
        let _ = tokio::task::spawn_blocking(move || {
            hall.close();
            let _ = printers.into_iter().try_for_each(std::thread::JoinHandle::join);
        })
        .await;
    }
    tell(outbox.as_ref(), News::Quit);
    ended
}
