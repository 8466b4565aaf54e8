//! What is known of a piece of paper. The paper's content is the room `slip`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{At, PrinterId, Seq, SlipTrouble, StaffId, TicketId};

/// A slip is named by the journal line that asked for it: the issue, or later a reprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct SlipId(pub Seq);

impl std::fmt::Display for SlipId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How it is known that paper came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The printer answered with this slip's process id after printing it.
    ProcessId,
    /// The printer answered a status request placed behind the slip's bytes.
    Fence,
    /// The printer was well before the slip and well after it.
    Status,
    /// Somebody saw the paper.
    Staff,
}

impl Proof {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProcessId => "process_id",
            Self::Fence => "fence",
            Self::Status => "status",
            Self::Staff => "staff",
        }
    }
}

/// What became of a slip, as its printer (or somebody who looked) reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SlipOutcome {
    /// Every byte was accepted by a printer that cannot prove paper.
    Sent,
    Printed {
        proof: Proof,
    },
    /// Bytes left, proof did not come.
    Uncertain {
        trouble: SlipTrouble,
    },
    /// Not one byte left.
    NotSent {
        trouble: SlipTrouble,
    },
    Spoiled,
}

/// Where a slip stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlipState {
    Queued,
    Sent,
    Printed,
    Uncertain,
    NotSent,
    Spoiled,
}

impl SlipState {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Printed => "printed",
            Self::Uncertain => "uncertain",
            Self::NotSent => "not_sent",
            Self::Spoiled => "spoiled",
        }
    }

    /// Whether a report may still change it: `queued` by anything, `uncertain` only by late proof or
    /// by somebody who looked, and what never left the box only by somebody who told the visitor.
    pub fn accepts(self, outcome: SlipOutcome) -> bool {
        match self {
            Self::Queued => true,
            Self::Uncertain => matches!(outcome, SlipOutcome::Printed { .. } | SlipOutcome::Spoiled),
            Self::Sent | Self::NotSent => outcome == SlipOutcome::Spoiled,
            Self::Printed | Self::Spoiled => false,
        }
    }
}

impl SlipOutcome {
    pub fn state(self) -> SlipState {
        match self {
            Self::Sent => SlipState::Sent,
            Self::Printed { .. } => SlipState::Printed,
            Self::Uncertain { .. } => SlipState::Uncertain,
            Self::NotSent { .. } => SlipState::NotSent,
            Self::Spoiled => SlipState::Spoiled,
        }
    }

    pub fn trouble(self) -> Option<SlipTrouble> {
        match self {
            Self::Uncertain { trouble } | Self::NotSent { trouble } => Some(trouble),
            Self::Sent | Self::Printed { .. } | Self::Spoiled => None,
        }
    }
}

/// One slip of the day.
#[derive(Debug, Clone, PartialEq)]
pub struct SlipRecord {
    pub id: SlipId,
    pub ticket: TicketId,
    pub printer: PrinterId,
    /// A reprint, marked "CETAK ULANG".
    pub reprint: bool,
    pub state: SlipState,
    pub trouble: Option<SlipTrouble>,
    /// Who said what became of it, where that was not its printer.
    pub settled_by: Option<StaffId>,
    pub queued_at: At,
}

impl SlipRecord {
    /// Whether somebody should look: paper that may be missing, and nobody has said that they know.
    pub fn needs_attention(&self) -> bool {
        let doubtful = matches!(self.state, SlipState::Uncertain | SlipState::NotSent | SlipState::Spoiled);
        doubtful && self.settled_by.is_none()
    }
}
