//! What may be done with content at a place, each decided by itself.
//!
//! Left out on purpose: combinations. Keeping a backup of what may be stored is a question of its own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What is to be done with content at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Run a model over it.
    Process,
    /// Keep it.
    Store,
    /// Keep a copy for the day the original is lost.
    BackUp,
    /// Hand it out of the appliance.
    Export,
    /// Send measurements and traces that arose from it.
    Telemetry,
    /// Have somebody there run the appliance, who could see it.
    Administer,
    /// Hold the keys that open it.
    Keys,
}

/// The text was not a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a purpose is process, store, back_up, export, telemetry, administer or keys")]
pub struct UnknownPurpose;

impl FromStr for Purpose {
    type Err = UnknownPurpose;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text).ok_or(UnknownPurpose)
    }
}

impl Purpose {
    /// Every purpose, in the order people read them.
    pub const ALL: [Self; 7] =
        [Self::Process, Self::Store, Self::BackUp, Self::Export, Self::Telemetry, Self::Administer, Self::Keys];

    /// The JSON spelling, which is also the name of the policy's field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Store => "store",
            Self::BackUp => "back_up",
            Self::Export => "export",
            Self::Telemetry => "telemetry",
            Self::Administer => "administer",
            Self::Keys => "keys",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_agree_with_serde() {
        for purpose in Purpose::ALL {
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.as_str());
        }
        assert!(Purpose::ALL.is_sorted());
    }
}
