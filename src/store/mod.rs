//! The store: one SQLite file in the data folder.
//!
//! **Invariant:** there is one [`Writer`], it is not `Clone`, and only the hall has it. A journal line
//! and the rows projected from it are in one transaction, durable (WAL, synchronous = FULL) before
//! anybody hears of it.

mod folder;
mod key;
mod migrations;
mod primary;
mod project;
mod scratch;
mod shift;
mod writer;

pub use folder::{DataFolder, OpenError};
pub use key::{SiteKey, Token};
pub use primary::{Credential, DeviceRow, Key, SessionRow};
pub use scratch::{empty_scratch, refuse_scratch};
pub use writer::{Batch, Failure, Lines, Writer};
