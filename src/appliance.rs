//! The deed of the house: opens every room in order, hands out the keys, waits, and closes.
//!
//! The window opens first, so that a visitor never stands before a black screen; whatever cannot be
//! opened after it is tried again while the window says "the kiosk is getting ready". Without a
//! window there is nobody to wait for, and the trouble is said and left to whoever started us.

pub mod archive;
pub mod certificate;
pub mod control;
mod demo;
mod doors;
pub mod downtime;
mod herald;
mod listen;
mod lookout;
pub mod nightly;
mod power;
pub mod reload;
pub mod simulation;
pub mod technician;
mod unlinking;
mod watchdog;
pub mod workshop;

pub use doors::targets;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{oneshot, watch};

use crate::clock::Clock;
use crate::config::Config;
use crate::hall::{self, Fate, Hall, Rang};
use crate::health::{self, Sight};
use crate::kiosk::{News, Window};
use crate::printer::{self, Healths, Printer};
use crate::queue::{PrinterId, Seq};
use crate::store::{self, DataFolder, OpenError};
use crate::tasks::{self, Pulse};
use crate::voice::{self, Speaker};
use crate::web;
use archive::Archive;
use certificate::Certificate;
use downtime::{Dark, Rounds};
use listen::Door;
use lookout::Lookout;
use reload::{Applied, ConfigFile, Doors, Follower};
use simulation::Show;
use workshop::Rooms;

/// What the box shall be.
pub struct Plan {
    pub config: Config,
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub demo: bool,
    /// Open the kiosk's window, if there is a display.
    pub window: bool,
    /// The file the config is from; none where it is built in, or shall not be followed.
    pub file: Option<ConfigFile>,
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

/// How long web and printers may take to finish what they have in hand, before they are left behind.
const IN_HAND: Duration = Duration::from_secs(3);
/// How long the hall may take to finish what waits at its door.
const LAST_COMMIT: Duration = Duration::from_secs(1);

/// Runs the box until it is asked to leave or cannot go on.
pub fn run(plan: Plan) -> Ended {
    // What a mall does on a working day is never thrown away by a simulation.
    if let Err(error) = store::refuse_scratch(&plan.data) {
        return Ended::Data(error);
    }
    let clock = Clock::system(plan.config.rules.offset);
    open(plan, clock, None)
}

/// Opens the house and keeps it; `show` is the day that is simulated in it, if one is.
fn open(mut plan: Plan, clock: Clock, show: Option<Show>) -> Ended {
    if plan.demo {
        demo::furnish(&mut plan.config, plan.listen);
    }
    let runtime = tasks::runtime();
    let rooms = Arc::new(Rooms::default());
    // Whoever is to be heard gets a clone: nothing is opened before the first sound, or before a kiosk asks
    // whether it may offer any.
    let speaker = Speaker::start(loudspeaker(&plan.config));
    let window =
        plan.window.then(|| open_window(&plan, &clock, runtime.handle(), &rooms, &speaker)).flatten();
    let (leave, leaving) = watch::channel(false);
    let outbox = window.as_ref().map(|window| (window.outbox(), window.pulse()));
    let house = runtime.spawn(keep_house(plan, clock, show, outbox, rooms, speaker.clone(), leaving));
    if let Some(window) = window {
        if let Err(error) = window.run() {
            tracing::error!(%error, "the window is lost");
        }
        leave.send_replace(true);
    }
    let ended = runtime.block_on(house).unwrap_or(Ended::Broken);
    drop(leave);
    speaker.leave();
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

/// The loudspeaker as a config has it.
pub fn loudspeaker(config: &Config) -> voice::Settings {
    doors::voice(&config.sound)
}

fn open_window(
    plan: &Plan,
    clock: &Clock,
    runtime: &tokio::runtime::Handle,
    rooms: &Arc<Rooms>,
    speaker: &Speaker,
) -> Option<Window> {
    let settings = doors::kiosk(plan, rooms, speaker, clock)?;
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
    show: Option<Show>,
    window: Option<(UnboundedSender<News>, Pulse)>,
    rooms: Arc<Rooms>,
    speaker: Speaker,
    mut leaving: watch::Receiver<bool>,
) -> Ended {
    let (outbox, window) = window.unzip();
    let may_wait = outbox.is_some();
    // Listened to from here to the end: a signal between two waits is not lost.
    let mut signals = Signals::listen();
    let opened = tokio::select! {
        opened = open_hall(&plan, &clock, may_wait) => opened,
        () = signals.ask_to_leave(&mut leaving) => Err(Ended::Asked),
    };
    let (hall, fate) = match opened {
        Ok(opened) => opened,
        Err(ended) => {
            tell(outbox.as_ref(), News::Quit);
            return ended;
        }
    };
    if show.as_ref().is_none_or(Show::is_spoken) {
        let (counters, reading) = doors::crier(&plan.config);
        voice::cry(hall.clone(), clock.clone(), speaker.clone(), counters, reading);
    }
    let (healths, seen) = watch::channel(Vec::new());
    let boot = (health::starts::boot(), clock.now());
    let starts = health::starts::began(&plan.data, &boot.0, boot.1);
    let starts =
        starts.inspect_err(|error| tracing::warn!(code = "starts", %error, "the start cannot be counted"));
    // Of a play nothing is reported but what it plays.
    let is_play = show.is_some();
    let dark = starts.as_ref().ok().filter(|_| !is_play);
    let dark = dark.and_then(|starts| Dark::before(&plan.data, starts, &hall, &clock));
    let start = |settings| match &show {
        // Its slips are a part of the play; test pages and cards still come out.
        Some(_) => printer::start_alone(settings, watch::channel(Vec::new()).0),
        None => printer::start(settings, hall.clone(), clock.clone(), healths.clone()),
    };
    // A simulation is no box that somebody starts again.
    if show.is_none() {
        reload::keep(&plan.data, &plan.config);
    }
    let (template, layout) = watch::channel(plan.config.slip.template.clone());
    let (applied, config) = watch::channel(Arc::new(Applied::at_start(&plan, &clock)));
    let (state, config_state) = watch::channel(config.borrow().state.clone());
    let _ = rooms.config.set(config_state);
    let printers: Vec<_> = doors::printers(&plan, Some(&layout)).into_iter().map(start).collect();
    let archive = Arc::new(Archive::new(plan.data.clone(), plan.config.backup.clone(), clock.clone()));
    let backups = archive.note();
    let _ = rooms.backups.set(backups.clone());
    // The night after a play's only day is nobody's.
    let nightly = show.as_ref().is_none_or(Show::has_nights).then(|| {
        let keep_days = plan.config.data_keep_days;
        tokio::spawn(nightly::keep(archive.clone(), hall.clone(), clock.clone(), keep_days))
    });
    // Complaints are taken without a survey too, and answers of one that is over are still somebody's.
    let unlink_after_h = plan.config.survey.as_ref().map_or(0, |config| config.survey.unlink_after_h);
    let unlinking =
        nightly.as_ref().map(|_| tokio::spawn(unlinking::keep(hall.clone(), unlink_after_h, clock.clone())));
    let now = doors::printers_now(&plan.config.printers, seen.clone(), clock.clone());
    let (sight, looked) = watch::channel(Sight::default());
    let facts = lookout::facts(hall.clone(), clock.clone(), now.clone(), looked.clone());
    let technician = technician::Technician {
        config: Some(config),
        archive: Some(archive),
        ..doors::technician(&plan, &printers, seen.clone(), Some(hall.clone()), facts)
    };
    let technician = Arc::new(technician);
    let terminals = listen_to_terminals(&plan, technician.clone());
    let _ = rooms.technician.set(technician);
    if let Some(outbox) = &outbox {
        let _ = outbox.send(News::Opened(hall.clone()));
        tokio::spawn(kiosk_pump(hall.clone(), seen.clone(), doors::kiosk_printer(&plan), outbox.clone()));
    }
    let performance = show.map(|show| show.begin(&plan, &hall, &printers, healths, backups));
    let (close, closing) = watch::channel(false);
    let lookout = Lookout::new(&plan, &rooms, &speaker, may_wait, starts.ok());
    if !is_play {
        let shown =
            if plan.window { downtime::Window::Wanted(window.clone()) } else { downtime::Window::NotWanted };
        let kiosk = plan.config.kiosks.first().map(|kiosk| (kiosk.id.clone(), shown));
        let rounds = Rounds::new(plan.data.clone(), (hall.clone(), clock.clone()), now.clone(), kiosk, dark);
        tokio::spawn(rounds.keep());
    }
    tokio::spawn(lookout.keep(hall.clone(), clock.clone(), now.clone(), sight));
    let (renewed, renewals) = watch::channel(None);
    let settings =
        web::Settings { renewed: renewals, ..doors::web(&plan, clock.clone(), now, looked, may_wait) };
    let pulses = printers.iter().map(Printer::pulse).chain(window);
    let phones = plan.config.visitors.clone().map(|visitors| {
        let settings = settings.clone().for_visitors(&visitors.host);
        (visitors, settings)
    });
    let doors = [&settings].into_iter().chain(phones.as_ref().map(|(_, settings)| settings));
    let doors = doors.map(|door| door.pulse.clone());
    watchdog::feed(pulses.chain([hall.pulse()]).chain(doors).collect());
    tokio::spawn(watchdog::tell_ready(rooms.clone(), may_wait));
    let follower = plan.file.clone().map(|file| Follower {
        file,
        data: plan.data.clone(),
        demo: plan.demo.then_some(plan.listen),
        hall: hall.clone(),
        clock: clock.clone(),
        doors: Doors { renewed, template, applied, state },
    });
    let follower = follower.map(|follower| tokio::spawn(follower.run()));
    let visitors = phones.map(|(visitors, settings)| {
        let certificate = Certificate::of_visitors(&plan, &visitors.tls, &visitors.host, &clock);
        tokio::spawn(listen::serve_visitors(visitors, certificate, hall.clone(), settings, closing.clone()))
    });
    let door = Door { listen: plan.listen, certificate: Certificate::of_staff(&plan, &clock) };
    let listening = listen::serve_web(door, may_wait, hall.clone(), settings, closing, &rooms.listening);
    tokio::pin!(listening);
    let ended = tokio::select! {
        fate = fate => match fate {
            Ok(Fate::Closed) => Ended::Asked,
            Ok(Fate::UnknownCommit | Fate::Damaged) | Err(_) => Ended::Broken,
        },
        error = &mut listening => Ended::Listen(plan.listen, error),
        () = simulation::over(performance.as_ref()) => Ended::Asked,
        () = signals.ask_to_leave(&mut leaving) => Ended::Asked,
    };
    if let Some(performance) = performance {
        performance.leave().await;
    }
    watchdog::leaving();
    let hall_left = hall.clone();
    if !matches!(ended, Ended::Broken) {
        close.send_replace(true);
        terminals
            .iter()
            .chain(&follower)
            .chain(&nightly)
            .chain(&unlinking)
            .for_each(tokio::task::JoinHandle::abort);
        // They leave before the hall, so that nobody is cut off in the middle of an answer, and the
        // fate of the slip in hand is still told.
        let printers = tokio::task::spawn_blocking(|| printers.into_iter().for_each(Printer::leave));
        let web = async {
            if !matches!(ended, Ended::Listen(..)) {
                let _ = (&mut listening).await;
            }
        };
        let visitors = async {
            if let Some(visitors) = visitors {
                let _ = visitors.await;
            }
        };
        let _ = tokio::time::timeout(IN_HAND, async { tokio::join!(web, visitors, printers) }).await;
        let closed = tokio::task::spawn_blocking(move || {
            hall.close();
            while hall.wait(Seq(u64::MAX), LAST_COMMIT) != Rang::Closed {}
        });
        let _ = tokio::time::timeout(LAST_COMMIT, closed).await;
    }
    if !matches!(ended, Ended::Broken)
        && let Err(error) =
            downtime::leave(&plan.data, &hall_left, &clock).and(health::starts::ended(&plan.data))
    {
        tracing::warn!(code = "starts", %error, "the orderly end cannot be noted");
    }
    tell(outbox.as_ref(), News::Quit);
    ended
}

/// A terminal may ask how the printers are. Without this ear the box is as good as with it.
fn listen_to_terminals(
    plan: &Plan,
    technician: Arc<technician::Technician>,
) -> Option<tokio::task::JoinHandle<()>> {
    match control::listen(&plan.data) {
        Ok(listener) => Some(tokio::spawn(control::serve(listener, technician))),
        Err(error) => {
            tracing::warn!(code = "control", path = %control::socket(&plan.data).display(), %error, "`antrean printer` cannot reach this box");
            None
        }
    }
}

/// Answers a question about the printers of a config while no box runs, by opening them here.
pub fn answer_alone(plan: &Plan, question: technician::Question) -> technician::Answer {
    let (tell, healths) = watch::channel(Vec::new());
    let printers: Vec<Printer> = doors::printers(plan, None)
        .into_iter()
        .map(|settings| printer::start_alone(settings, tell.clone()))
        .collect();
    let facts = lookout::facts_alone(plan, healths.clone());
    let answer = doors::technician(plan, &printers, healths, None, facts).answer(question);
    printers.into_iter().for_each(Printer::leave);
    answer
}

/// Opens store and hall. With a window there is somebody to wait for: trouble is tried again.
async fn open_hall(
    plan: &Plan,
    clock: &Clock,
    may_wait: bool,
) -> Result<(Hall, oneshot::Receiver<Fate>), Ended> {
    let mut said = None;
    let mut pause = Duration::from_millis(250);
    loop {
        let (path, rules, clock) = (plan.data.clone(), Arc::new(plan.config.rules.clone()), clock.clone());
        let backups = Archive::folders(&plan.data, &plan.config.backup);
        let opened = tokio::task::spawn_blocking(move || {
            // What was mended is said by the store, and by the journal.
            let (writer, _mended) = store::open(DataFolder::open(&path)?, &backups, clock.read().0)?;
            hall::open(writer, rules, clock)
        });
        match opened.await {
            Ok(Ok(opened)) => return Ok(opened),
            Ok(Err(error)) if may_wait => {
                let words = error.to_string();
                if said.as_ref() != Some(&words) {
                    tracing::error!(code = error.code(), "{words}; it is tried again");
                    said = Some(words);
                }
            }
            Ok(Err(error)) => return Err(Ended::Data(error)),
            Err(_) => return Err(Ended::Broken),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}

/// Carries the hall's bell and the printer's health to the window.
async fn kiosk_pump(
    hall: Hall,
    mut healths: watch::Receiver<Healths>,
    printer: Option<PrinterId>,
    outbox: UnboundedSender<News>,
) {
    let mut bell = hall.bell();
    let takes_slips = |healths: &Healths| {
        let mine = healths.iter().find(|(id, _)| Some(id) == printer.as_ref());
        mine.is_none_or(|(_, health)| health.takes_slips())
    };
    loop {
        let news = tokio::select! {
            rang = bell.changed() => match rang {
                Ok(()) => News::Bell,
                Err(_) => return,
            },
            changed = healths.changed() => match changed {
                Ok(()) => News::Printer { ready: takes_slips(&healths.borrow_and_update()) },
                Err(_) => return,
            },
        };
        if outbox.send(news).is_err() {
            return;
        }
    }
}

/// SIGTERM and SIGINT.
struct Signals(Option<(Signal, Signal)>);

impl Signals {
    fn listen() -> Self {
        let both =
            signal(SignalKind::terminate()).and_then(|term| Ok((term, signal(SignalKind::interrupt())?)));
        Self(both.inspect_err(|error| tracing::error!(%error, "signals cannot be heard")).ok())
    }

    /// Waits for a signal, or for the window to be closed.
    async fn ask_to_leave(&mut self, leaving: &mut watch::Receiver<bool>) {
        let closed = leaving.wait_for(|leave| *leave);
        match &mut self.0 {
            None => drop(closed.await),
            Some((term, int)) => tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
                _ = closed => {}
            },
        }
    }
}

fn tell(outbox: Option<&UnboundedSender<News>>, news: News) {
    if let Some(outbox) = outbox {
        let _ = outbox.send(news);
    }
}
