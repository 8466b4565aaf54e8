//! Antrean: the queue-ticketing appliance of public-service malls.
//!
//! The rooms in reading order; `README.md` draws the map and `tests/tidy.rs` holds it true. Whatever
//! *wants* sends a command to the hall; whatever *reacts* looks at the committed present when the bell
//! rings. Nothing is shown, printed or called before it is on disk.

/// The languages of the house and what is said in them. A third language is one .po file and a build.
pub mod words;

/// The rules: tickets, turn, calendar, day, board. No IO, no clock, no chance.
pub mod queue;

/// What time it is, or what a test says it is. An instant is kept to the millisecond, as the journal keeps it.
pub mod clock;
/// Named threads, and their signs of life. Every thread has a name that logs and debuggers show.
pub mod tasks;

/// "Did you mean …?", for what a technician writes by hand.
pub mod nearest;

/// The satisfaction survey: questions as data, index and sample by the regulations. Whole numbers, rounded once.
pub mod survey;

/// What is on the paper: content, bytes, picture. Control characters never pass.
pub mod slip;

/// The certificate by which browsers know the box, and its fingerprint.
pub mod tls;

/// The technician's file, read whole, all problems at once. Reading is a pure function of the text.
pub mod config;

/// One SQLite file: journal, projected tables, sessions. One writer; a line and its rows in one transaction.
pub mod store;

/// Figures of what happened: tables, charts, spreadsheets.
pub mod report;

/// The one writer of the day. Nobody is answered before COMMIT.
pub mod hall;

/// A printer that is not there: ESC/POS in, answers and sheets out. It shares nothing with those who print.
pub mod fake;

/// The serial line and the printer's status, one slip at a time. A byte that has left is never sent again.
pub mod printer;

/// The box's voice: tones, the hall's calls, the kiosk's sentences. Nobody waits for sound; a call is said once.
pub mod voice;

/// How the box is, line by line, and what to do; the one list of alarms. Pure but for two small files.
pub mod health;

/// The window: a pure screen machine, and the hands around it. The window's loop never waits.
pub mod kiosk;

/// Console, lobby, preview, API, streams; visitors' phones at a door of their own. What is public is an allow-list.
pub mod web;

/// A day of visitors and clerks that never were, as commands. The same seed makes the same journal.
pub mod simulate;

/// The deed of the house: opens the rooms in order, waits, closes.
pub mod appliance;

/// The command line, one file a subcommand. Exit codes mean the same everywhere.
pub mod cli;
