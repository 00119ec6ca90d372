//! How far a proposal has come. Left out: the steps themselves ([`super::Proposal`]) and who may take them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How far a proposal has come. From the last three there is no way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Waits for the second person.
    Open,
    /// Waits for its date.
    Approved,
    /// Came into force.
    Enacted,
    /// Was taken back.
    Withdrawn,
    /// Another policy came into force first.
    Superseded,
}

/// The text was no state of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a proposal is open, approved, enacted, withdrawn or superseded")]
pub struct UnknownState;

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Open, Self::Approved, Self::Enacted, Self::Withdrawn, Self::Superseded];

    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Enacted => "enacted",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
        }
    }

    /// Whether it may still come into force.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Open | Self::Approved)
    }
}

impl fmt::Display for ProposalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProposalState {
    type Err = UnknownState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}
