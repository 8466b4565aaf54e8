//! The store: one SQLite file in the data folder.
//!
//! **Invariant:** there is one [`Writer`], it is not `Clone`, and only the hall has it. A journal line
//! and the rows projected from it are in one transaction, durable (WAL, synchronous = FULL) before
//! anybody hears of it.
//!
//! Backups are taken beside it, from connections that only read; what is put in its place is exchanged whole.

pub mod backup;
mod exchange;
pub mod export;
mod files;
mod folder;
mod journal;
mod key;
pub mod ledger;
mod lines;
mod look;
mod migrations;
mod numbers;
mod primary;
mod project;
mod rebuild;
mod recover;
mod restore;
mod retention;
mod scratch;
mod shift;
pub mod survey;
mod verify;
mod wal;
mod writer;

pub use backup::BackupNote;
pub use files::replace;
pub use folder::{DataFolder, OpenError};
pub use key::{SiteKey, Token};
pub use lines::lines_of;
pub use look::Standing;
pub use primary::{Credential, DeviceRow, Key, SessionRow};
pub use rebuild::rebuild;
pub use recover::{Mended, open};
pub use restore::{Intent, RestoreError, intend, restore};
pub use retention::oldest;
pub use scratch::{empty_scratch, refuse_scratch};
pub use verify::Report;
pub use writer::{Batch, Failure, Lines, Savepoints, Writer};
