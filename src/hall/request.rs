//! What is said at the hall's door, and what the hall answers.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::queue::rules::Line;
use crate::queue::{At, Command, CounterId, Language, Nonce, Refusal, Rules, Seq, StaffId, TicketView};
pub use crate::store::survey::{
    AnswerId, Channel, ComplaintRow, Filing, Kind, Matter, Progress, State as ComplaintState, Step,
    SurveyTicket, Visit,
};
pub use crate::store::{Credential, DeviceRow, Key, SessionRow, Token};
use crate::survey;

/// A wish, and the name by which saying it twice grants it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub command: Command,
    pub key: Option<Key>,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self { command, key: None }
    }
}

/// A wish was granted and is on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The journal line that granted it; where nothing had to change, the line the hall stood at.
    pub seq: Seq,
    /// The ticket it was about, as it was right after.
    pub ticket: Option<TicketView>,
    pub counter: Option<CounterId>,
    /// The ticket's chance, kept apart because a ticket's view never shows it.
    pub nonce: Option<Nonce>,
    /// Said before with the same key: this is the answer of then.
    #[serde(skip)]
    pub replayed: bool,
}

/// A wish was not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    /// The rules say no.
    Refused(Refusal),
    /// What was said of the survey, or of a complaint, cannot be kept.
    Survey(survey::Refusal),
    /// Too much at once, or the disk is full: nothing was written, and it may be tried again.
    Busy,
    /// The idempotency key was used today for something else.
    KeyReused,
    /// The hall has ended.
    Gone,
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<survey::Refusal> for No {
    fn from(refusal: survey::Refusal) -> Self {
        Self::Survey(refusal)
    }
}

impl No {
    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Survey(refusal) => refusal.code(),
            Self::Busy => "busy",
            Self::KeyReused => "key_reused",
            Self::Gone => "stopping",
        }
    }

    /// A sentence a person can act on.
    pub fn sentence(&self, language: Language) -> String {
        let (id, en) = match self {
            Self::Refused(refusal) => return refusal.sentence(language),
            Self::Survey(refusal) => return refusal.sentence().in_language(language).to_owned(),
            Self::Busy => (
                "Sistem sedang sibuk atau penyimpanan penuh. Coba lagi sebentar.",
                "The system is busy or its disk is full. Try again in a moment.",
            ),
            Self::KeyReused => (
                "Kunci permintaan ini sudah dipakai untuk hal lain.",
                "This idempotency key was used for something else.",
            ),
            Self::Gone => ("Sistem sedang dimatikan.", "The system is shutting down."),
        };
        language.pick(id, en).to_owned()
    }
}

/// Small things kept with the day but not part of it.
#[derive(Debug)]
pub enum Chore {
    KeepSession(SessionRow),
    ForgetSession([u8; 32]),
    KeepDevice(DeviceRow),
    /// The oldest business day, where it ended before this date.
    ForgetDayBefore(NaiveDate),
    /// A PIN of one's own; whoever is signed in with the old one is not any more, but for one sign-in.
    ChoosePin {
        credential: Credential,
        keeps: Option<[u8; 32]>,
    },
    /// The config's PIN counts again; nobody is signed in with the old one any more.
    ForgetPin(StaffId),
    /// One step of a response to the survey.
    Answer(Visit, Step),
    /// Nobody knows any more whose the answers begun before this moment are; marks of days before the date go.
    Unlink {
        before: At,
        ahead: At,
        marks_before: NaiveDate,
    },
    /// A suggestion or a complaint.
    File(Filing),
    Reply {
        reference: String,
        words: String,
        by: StaffId,
        at: At,
    },
    CloseComplaint {
        reference: String,
        by: StaffId,
        at: At,
    },
}

/// A chore is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Now,
    /// It was asked for before with the same key.
    Before,
}

/// What stands at the door.
#[derive(Debug)]
pub enum Knock {
    Wish {
        request: Request,
        reply: oneshot::Sender<Result<Answer, No>>,
    },
    Chore {
        chore: Chore,
        key: Option<Key>,
        reply: oneshot::Sender<Result<Done, No>>,
    },
    /// Other rules: as much of them as may be is in force from here on.
    Rules {
        wanted: Arc<Rules>,
        reply: oneshot::Sender<Result<Vec<Line>, No>>,
    },
    Close,
}
