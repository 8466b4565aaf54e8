//! What a supervisor tells everyone who waits, for a while: "The generator is being tested until ten."

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{At, Seq, Text};

/// A notice is named by the journal line that posted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct NoticeId(pub Seq);

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One line for everyone to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    pub id: NoticeId,
    pub text: Text,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    pub since: At,
    /// When it is taken down by itself; at the latest when the day ends.
    #[schema(value_type = String, format = DateTime)]
    pub until: At,
}

impl Notice {
    /// Characters: two lines of the lobby's screen, as the lines of its config.
    pub const LONGEST: usize = 150;
    /// More at a time would be read by nobody.
    pub const MOST: usize = 5;
}
