//! Console, lobby, preview and API, for browsers and programs on the building's network; and, at a door of
//! their own, visitors' phones.
//!
//! **Invariant:** what goes out without a session is made of the board's allow-list types, of a ticket
//! to whoever holds its token, of pictures of the preview printer, and of those
//! the site hangs up in its lobby. At the visitors' door there is the
//! ticket alone, and nobody can sign in.

mod api;
mod assets;
mod checks;
mod complaints;
mod console;
mod delays;
mod desk;
mod ear;
mod error;
mod feed;
mod follow;
mod guard;
mod guessable;
mod landing;
mod leaving;
mod limits;
mod lobby;
mod metrics;
mod own_pin;
mod phone;
mod places;
mod plain;
mod preview;
mod proof;
mod reports;
mod router;
mod server;
mod session;
mod sign_in;
mod status;
mod supervisor;
mod survey;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::hall::{Answer, Hall, Request};
use crate::health::{self, Alarm, Facts, PrinterNow, Sight};
use crate::queue::{AgencyId, PrinterId, StaffId, Text};
use crate::report::Targets;
use crate::survey::{Feedback, Survey};
use crate::tasks::Pulse;
use crate::tls::{self, Shown};
use checks::Checks;
use delays::Delays;
use error::Problem;
pub use guessable::is_guessable;
pub use limits::Limits;
pub use lobby::Settings as LobbySettings;
use lobby::{Pictures, Sounds};
use own_pin::Promises;
use places::Places;
use server::{Served, Tls};
use session::Sessions;

/// How long the hall is waited for: less than [`Limits`] give a whole request, so that who waited is
/// told what became of it.
pub const ANSWER: Duration = Duration::from_secs(10);

/// What the web needs of the config.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names by which browsers may reach the box, besides addresses and localhost.
    pub host_names: Vec<String>,
    /// The certificate that is shown to browsers; none where the listener speaks in plain.
    pub tls: Option<Arc<Shown>>,
    pub staff: Vec<Staff>,
    pub tokens: Vec<ApiToken>,
    /// Shown on the sign-in page of a demonstration.
    pub demo_pin: Option<String>,
    /// Folders of the preview printers' pictures.
    pub previews: Vec<(PrinterId, PathBuf)>,
    pub lobby: LobbySettings,
    /// What has taken the place of `staff`, `tokens`, `lobby` and `targets` since the house was opened.
    pub renewed: watch::Receiver<Option<Arc<Renewed>>>,
    pub printers: watch::Receiver<Vec<PrinterNow>>,
    /// What is seen of the machine; it wakes when something begins to be wrong, or is well again.
    pub sight: watch::Receiver<Sight>,
    /// The sign of life of whoever accepts connections.
    pub pulse: Pulse,
    pub kiosks: Vec<KioskRow>,
    /// What invited visitors are asked; none: nothing.
    pub survey: Option<Arc<Survey>>,
    /// What visitors may say unasked.
    pub feedback: Arc<Feedback>,
    pub clock: Clock,
    /// After so long a sign-in ends, if the day does not end before.
    pub shift: TimeDelta,
    /// Where reports read.
    pub data: PathBuf,
    pub targets: Targets,
    /// How long a program waits for the hall.
    pub answer_within: Duration,
    /// Those of this door.
    pub limits: Limits,
}

/// What may change while the house is open.
#[derive(Debug, Clone)]
pub struct Renewed {
    pub staff: Vec<Staff>,
    pub tokens: Vec<ApiToken>,
    pub lobby: LobbySettings,
    pub targets: Targets,
}

/// Somebody who may sign in.
#[derive(Debug, Clone)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    /// Serves at a counter, and always signs in at one; everybody else may do without.
    pub at_counter: bool,
    /// Takes numbers for visitors: whoever runs the hall or its information desk.
    pub may_issue: bool,
    /// Opens, closes and assigns every counter of their agency.
    pub may_supervise: bool,
    /// Sees all of that: whoever supervises, manages, or keeps the box.
    pub may_watch: bool,
    /// Says what time it is, and sees to what is wrong.
    pub may_set_the_clock: bool,
    /// Whose counters and tickets are theirs; all if none.
    pub agency: Option<AgencyId>,
    /// Argon2 in PHC form: the first PIN, of the config, which counts until they choose one of their own.
    pub pin_hash: String,
}

/// What somebody is in the hall; later ones stand over earlier ones where a PIN is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Clerk,
    Desk,
    Manager,
    Supervisor,
    Technician,
}

impl Role {
    /// The word used in JSON.
    fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Desk => "desk",
            Self::Manager => "manager",
            Self::Supervisor => "supervisor",
            Self::Technician => "technician",
        }
    }
}

/// A program that may act.
#[derive(Debug, Clone)]
pub struct ApiToken {
    pub name: String,
    pub may_issue: bool,
    pub may_call: bool,
    pub may_supervise: bool,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
}

/// A kiosk as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskRow {
    pub name: Text,
    /// It is on a screen of this box: visitors can touch it.
    pub shown: bool,
    /// The printer beneath it.
    pub printer: Option<PrinterId>,
}

impl Staff {
    /// Whether an agency's counters and tickets are theirs.
    fn serves(&self, agency: &AgencyId) -> bool {
        self.agency.as_ref().is_none_or(|own| own == agency)
    }
}

/// What every handler may use.
struct House {
    hall: Hall,
    settings: Settings,
    /// What counted when the house was opened.
    first: Arc<Renewed>,
    sessions: Sessions,
    delays: Delays,
    checks: Checks,
    promises: Promises,
    sounds: Sounds,
    /// One report is reckoned at a time: those who wait for numbers come first.
    reckoning: Arc<tokio::sync::Semaphore>,
    pictures: Pictures,
    closing: watch::Receiver<bool>,
    began: Instant,
    /// Of connections, and of live streams.
    connections: Places,
    streams: Places,
    /// How long after it happened each stream hears of what may wait.
    breaths: ear::Breaths,
}

type Shared = Arc<House>;

impl House {
    /// Asks the hall, and waits no longer than whoever asked would.
    ///
    /// # Errors
    /// What the hall says, or that it says nothing.
    async fn ask(&self, request: Request) -> Result<Answer, Problem> {
        let answer = tokio::time::timeout(self.settings.answer_within, self.hall.execute(request));
        Ok(answer.await.map_err(|_| Problem::no_answer())??)
    }

    /// How the box is.
    fn facts(&self) -> Facts {
        let Settings { clock, printers, sight, .. } = &self.settings;
        let (printers, sight) = (printers.borrow().clone(), sight.borrow().clone());
        Facts::of(Some(&self.hall), clock, self.began.elapsed().as_secs(), printers, sight)
    }

    /// Everything that is wrong now: of one agency, where one is named, and of the house.
    fn alarms(&self, of: Option<&AgencyId>) -> Vec<Alarm> {
        let present = self.hall.present();
        health::alarms(&self.facts(), &present.rules, &present.day, of)
    }

    /// Who may sign in and act, and what the lobby shows, at this moment.
    fn now(&self) -> Arc<Renewed> {
        self.settings.renewed.borrow().clone().unwrap_or_else(|| self.first.clone())
    }

    /// Pages as this house's listener serves them.
    fn served(&self, router: Router) -> Served {
        let tls = self.settings.tls.clone().map(|shown| Tls {
            acceptor: tls::server(shown).into(),
            in_plain: plain::router(self.settings.host_names.clone()),
        });
        let (pulse, limits) = (self.settings.pulse.clone(), self.settings.limits);
        Served { router, tls, pulse, limits, places: self.connections.clone() }
    }
}

impl Settings {
    /// What is left of them at the visitors' door, which phones reach by the name of this host. It has a
    /// certificate of its own, or none.
    pub fn for_visitors(self, host: &str) -> Self {
        Self {
            host_names: vec![host.to_owned()],
            tls: None,
            staff: vec![],
            tokens: vec![],
            previews: vec![],
            lobby: LobbySettings::default(),
            pulse: Pulse::new("phones"),
            renewed: watch::channel(None).1,
            ..self
        }
    }
}

/// Serves staff, lobby and programs until told to close, then leaves within moments.
pub async fn serve(listener: TcpListener, hall: Hall, settings: Settings, closing: watch::Receiver<bool>) {
    let house = house(hall, settings, &closing);
    tokio::spawn(leaving::end_overdue(house.clone(), closing.clone()));
    let served = house.served(router::staff(house.clone()));
    server::run(listener, served, closing).await;
}

/// Serves visitors' phones until told to close, then leaves within moments.
pub async fn serve_visitors(
    listener: TcpListener,
    hall: Hall,
    settings: Settings,
    closing: watch::Receiver<bool>,
) {
    let house = house(hall, settings, &closing);
    let served = house.served(router::visitors(house.clone()));
    server::run(listener, served, closing).await;
}

fn house(hall: Hall, mut settings: Settings, closing: &watch::Receiver<bool>) -> Shared {
    settings.limits = settings.limits.within_files();
    let Limits { connections, streams, .. } = settings.limits;
    let sessions = Sessions::new(hall.sessions());
    let delays = Delays::new(hall.devices().iter().copied());
    let lobby = &settings.lobby;
    let first = Renewed {
        staff: settings.staff.clone(),
        tokens: settings.tokens.clone(),
        lobby: settings.lobby.clone(),
        targets: settings.targets,
    };
    let (sounds, pictures) = (Sounds::new(lobby.clips.clone()), Pictures::new(lobby.pictures.clone()));
    Arc::new(House {
        hall,
        settings,
        first: first.into(),
        sessions,
        delays,
        checks: Checks::default(),
        promises: Promises::default(),
        sounds,
        pictures,
        reckoning: Arc::new(tokio::sync::Semaphore::new(1)),
        closing: closing.clone(),
        began: Instant::now(),
        connections: Places::new(connections, "too_many_connections"),
        streams: Places::new(streams, "too_many_streams"),
        breaths: ear::Breaths::default(),
    })
}
