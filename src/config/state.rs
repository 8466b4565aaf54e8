//! Which config the box runs by, and what is the matter with the file: for those who show it.

use crate::queue::At;
use crate::queue::rules::Line;

/// The config in force.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConfigState {
    /// SHA-256 of the config and the files it names, in hex.
    pub applied_hash: String,
    pub applied_at: At,
    pub source: ConfigOrigin,
    /// The file has been changed since, and cannot be used.
    pub rejected: Option<Rejected>,
    /// What of the config in force is not so yet, and until when.
    pub waiting: Vec<Line>,
}

/// Whence a config came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigOrigin {
    File,
    /// The copy in the data folder: the file could not be used at the start.
    LastGood,
    /// The one the box has within itself.
    BuiltIn,
}

/// A file that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rejected {
    pub at: At,
    /// As `antrean check` tells it.
    pub report: String,
}
