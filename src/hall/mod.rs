//! The hall: the one writer of the day.
//!
//! Everything that wants something sends a [`Request`] and gets an [`Answer`] or a [`No`]; everything
//! that reacts looks at the [`Present`] when the bell rings.
//!
//! **Invariant:** nobody is answered, and nothing is published, before it is on disk.

mod answer;
mod batch;
mod bell;
mod door;
mod forecasts;
mod keeper;
mod pins;
mod present;
mod request;
mod survey;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{oneshot, watch};

pub use bell::Rang;
pub use forecasts::{AgencyForecast, Forecasts};
pub use present::{Heard, Present};
pub use request::{Answer, Credential, DeviceRow, Done, Key, No, Request, SessionRow, Token};
pub use request::{
    AnswerId, Channel, ComplaintRow, ComplaintState, Filing, Kind, Matter, Progress, Step, SurveyTicket,
    Visit,
};

use crate::clock::Clock;
use crate::queue::rules::Line;
use crate::queue::{At, Day, Nonce, Rules, Seq, StaffId, TicketId};
use crate::store;
use crate::store::{OpenError, SiteKey, Writer};
use crate::tasks::Pulse;
use bell::{Bell, Bells};
use keeper::Keeper;
pub use pins::Pins;
use request::{Chore, Knock};

/// Wishes that may wait at the door; one more is told that the hall is busy.
const DOOR: usize = 1024;
/// How long a thread stays awake for its answer: waking takes as long as a quick disk takes to write.
const PATIENCE: Duration = Duration::from_micros(300);

/// How the hall ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Every handle was dropped, or it was told to close.
    Closed,
    /// The disk failed in the act of committing: only a new start can tell what is on it.
    UnknownCommit,
    /// The database is damaged: a new start mends it.
    Damaged,
}

/// A handle on the hall. Cheap to clone; the hall closes when it is told to.
#[derive(Debug, Clone)]
pub struct Hall {
    door: SyncSender<Knock>,
    present: watch::Receiver<Arc<Present>>,
    bell: watch::Receiver<Seq>,
    urgent_bell: watch::Receiver<Seq>,
    threads_bell: Arc<Bell>,
    key: SiteKey,
    sessions: Arc<[SessionRow]>,
    devices: Arc<[[u8; 32]]>,
    pins: Pins,
    answers: store::survey::Reader,
    clock: Clock,
    forecasts: Arc<forecasts::Newest>,
    left_at: Option<At>,
    pulse: Pulse,
    ailing: Arc<AtomicBool>,
}

/// Opens the hall on a store: folds the day, settles what the last run left, and follows the clock.
///
/// The receiver is told how the hall ended.
///
/// # Errors
/// The journal cannot be read, or not be written.
pub fn open(
    writer: Writer,
    rules: Arc<Rules>,
    clock: Clock,
) -> Result<(Hall, oneshot::Receiver<Fate>), OpenError> {
    let day: Day = writer.day()?;
    let broken = |source| OpenError::Database { path: writer.folder().join("antrean.db"), source };
    let sessions = writer.sessions().map_err(broken)?;
    let devices = writer.devices().map_err(broken)?;
    let pins = Pins::new(writer.credentials().map_err(broken)?);
    let key = writer.key().clone();
    let folder = writer.folder().to_owned();
    let answers = store::survey::Reader::new(&folder);
    let present = Arc::new(Present::new(rules, day, &key));
    let (publish, published) = watch::channel(present.clone());
    let (door, knocks) = sync_channel(DOOR);
    let (tell, fate) = oneshot::channel();
    let bells = Bells::new(present.day.seq());
    let hall = Hall {
        door,
        present: published,
        bell: bells.always(),
        urgent_bell: bells.urgent(),
        threads_bell: bells.threads(),
        key,
        sessions: sessions.into(),
        devices: devices.into(),
        pins: pins.clone(),
        answers,
        clock: clock.clone(),
        forecasts: Arc::default(),
        left_at: present.day.last_at(),
        pulse: Pulse::new("hall"),
        ailing: Arc::default(),
    };
    let closing = bells.threads();
    let signs = keeper::Signs { pulse: hall.pulse.clone(), ailing: hall.ailing.clone() };
    let mut keeper = Keeper::new(writer, clock, present, publish, bells, pins, signs);
    keeper.begin().map_err(|_| OpenError::Unwritable { path: folder })?;
    crate::tasks::thread("hall", move || {
        let fate = keeper.run(&knocks);
        // Not before the database is closed: whoever waits for this may end the process.
        if fate == Fate::Closed {
            closing.close();
        }
        let _ = tell.send(fate);
    });
    Ok((hall, fate))
}

impl Hall {
    /// Asks for something and waits until it is on disk, refused, or not to be had.
    ///
    /// # Errors
    /// See [`No`].
    pub async fn execute(&self, request: impl Into<Request>) -> Result<Answer, No> {
        let answer = self.knock(request.into())?;
        answer.await.unwrap_or(Err(No::Gone))
    }

    /// The same for a thread of its own; never call it on the async runtime or the window's loop.
    ///
    /// # Errors
    /// See [`No`].
    pub fn execute_blocking(&self, request: impl Into<Request>) -> Result<Answer, No> {
        let mut answer = self.knock(request.into())?;
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            match answer.try_recv() {
                Ok(answered) => return answered,
                Err(TryRecvError::Closed) => return Err(No::Gone),
                Err(TryRecvError::Empty) => std::thread::yield_now(),
            }
        }
        answer.blocking_recv().unwrap_or(Err(No::Gone))
    }

    /// Leaves a wish at the door without waiting: the window's loop does this. A wish whose receiver is
    /// dropped before the hall begins with it is not granted.
    ///
    /// # Errors
    /// [`No::Busy`] when the door is crowded, [`No::Gone`] when the hall has ended.
    pub fn knock(&self, request: Request) -> Result<oneshot::Receiver<Result<Answer, No>>, No> {
        let (reply, answer) = oneshot::channel();
        self.leave(Knock::Wish { request, reply })?;
        Ok(answer)
    }

    /// When the last line was written that this hall found in the journal.
    pub fn left_at(&self) -> Option<At> {
        self.left_at
    }

    /// Whether the hall has ended: nothing can be had of it any more.
    pub fn is_over(&self) -> bool {
        self.bell.has_changed().is_err()
    }

    /// Whether the disk took nothing when the hall wrote last.
    pub fn is_ailing(&self) -> bool {
        self.ailing.load(Ordering::Relaxed)
    }

    /// The sign of life of its thread.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// The newest committed state.
    pub fn present(&self) -> Arc<Present> {
        self.present.borrow().clone()
    }

    /// How long who takes a number now will wait; at most a few seconds old.
    pub fn forecasts(&self) -> Arc<Forecasts> {
        self.forecasts.at(&self.present(), self.clock.now())
    }

    /// Rings after each commit that changed something; the value is the newest journal line.
    pub fn bell(&self) -> watch::Receiver<Seq> {
        self.bell.clone()
    }

    /// The same, but silent where all that was done may be heard a moment later ([`Event::is_urgent`]).
    ///
    /// [`Event::is_urgent`]: crate::queue::Event::is_urgent
    pub fn urgent_bell(&self) -> watch::Receiver<Seq> {
        self.urgent_bell.clone()
    }

    /// For a thread of its own: waits until there is something newer than `seen`, or `timeout`.
    pub fn wait(&self, seen: Seq, timeout: Duration) -> Rang {
        self.threads_bell.wait(seen, timeout)
    }

    /// The token that belongs to a ticket's nonce.
    pub fn token(&self, nonce: Nonce) -> Token {
        self.key.token(nonce)
    }

    /// Today's ticket that a token belongs to. A token that is none takes as long as a wrong one.
    pub fn find_by_token(&self, token: &str) -> Option<TicketId> {
        let read = Token::parse(token);
        let found = self.present().ticket_with(read.unwrap_or(Token::NOBODYS));
        found.filter(|_| read.is_some())
    }

    /// Chance for a new ticket.
    pub fn new_nonce(&self) -> Nonce {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the kernel gives random numbers");
        Nonce(bytes)
    }

    /// Keeps a sign-in across restarts.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`].
    pub async fn keep_session(&self, row: SessionRow) -> Result<(), No> {
        self.chore(Chore::KeepSession(row)).await
    }

    /// Ends a sign-in.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`].
    pub async fn forget_session(&self, id_hash: [u8; 32]) -> Result<(), No> {
        self.chore(Chore::ForgetSession(id_hash)).await
    }

    /// The sign-ins found in the store at start.
    pub fn sessions(&self) -> Vec<SessionRow> {
        self.sessions.to_vec()
    }

    /// The PINs that staff chose for themselves.
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Keeps a PIN of somebody's own. Their sign-ins end, but for the one in `keeps`: their rows are out of
    /// time, and whoever looks after sign-ins closes what they left.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`]; the PIN of before counts then.
    pub async fn choose_pin(&self, credential: Credential, keeps: Option<[u8; 32]>) -> Result<(), No> {
        self.chore(Chore::ChoosePin { credential, keeps }).await
    }

    /// Forgets a PIN of somebody's own, so that the config's counts again. Their sign-ins end as with
    /// [`choose_pin`](Self::choose_pin).
    ///
    /// # Errors
    /// [`No::Busy`], [`No::KeyReused`] or [`No::Gone`]; the PIN of before counts then.
    pub async fn forget_pin(&self, staff: StaffId, key: Option<Key>) -> Result<Done, No> {
        self.keyed_chore(Chore::ForgetPin(staff), key).await
    }

    /// Remembers a device that signed in.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`].
    pub async fn keep_device(&self, row: DeviceRow) -> Result<(), No> {
        self.chore(Chore::KeepDevice(row)).await
    }

    /// Forgets the oldest business day where it ended before `before`; never the last two.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`].
    pub async fn forget_day_before(&self, before: NaiveDate) -> Result<(), No> {
        self.chore(Chore::ForgetDayBefore(before)).await
    }

    /// The devices found in the store at start: hashes of their cookies.
    pub fn devices(&self) -> &[[u8; 32]] {
        &self.devices
    }

    /// Puts other rules in force between two commands: as much of them as visitors who wait allow. What is
    /// answered is every difference from the rules of before, and when it counts.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`]; the rules of before are in force then.
    pub async fn change_rules(&self, wanted: Arc<Rules>) -> Result<Vec<Line>, No> {
        let (reply, answer) = oneshot::channel();
        self.leave(Knock::Rules { wanted, reply })?;
        answer.await.unwrap_or(Err(No::Gone))
    }

    /// Lets the hall finish what waits at its door, then end.
    pub fn close(&self) {
        let _ = self.door.send(Knock::Close);
    }

    async fn chore(&self, chore: Chore) -> Result<(), No> {
        self.keyed_chore(chore, None).await.map(drop)
    }

    async fn keyed_chore(&self, chore: Chore, key: Option<Key>) -> Result<Done, No> {
        let (reply, answer) = oneshot::channel();
        self.leave(Knock::Chore { chore, key, reply })?;
        answer.await.unwrap_or(Err(No::Gone))
    }

    fn leave(&self, knock: Knock) -> Result<(), No> {
        self.door.try_send(knock).map_err(|error| match error {
            TrySendError::Full(_) => No::Busy,
            TrySendError::Disconnected(_) => No::Gone,
        })
    }
}
