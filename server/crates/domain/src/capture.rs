//! How much of what is asked and answered an audit log is accompanied by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::tenant::InvalidName;

/// A tenant's capture level, as in Kubernetes' audit policy: each holds what the one before does. The words themselves are
/// never in the log: at the highest level they are kept beside it, encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CaptureLevel {
    /// Who asked which model when, where it was processed, what the policy decided, how it ended.
    None,
    /// And how many tokens it took.
    Metadata,
    /// And digests of prompt and answer under the tenant's key, so that a text can be shown to be the one.
    #[default]
    Digests,
    /// And prompt and answer, encrypted, for as long as the tenant's policy says.
    Content,
}

impl CaptureLevel {
    /// Every level, the lowest first.
    pub const ALL: [Self; 4] = [Self::None, Self::Metadata, Self::Digests, Self::Content];

    /// The spelling in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Metadata => "metadata",
            Self::Digests => "digests",
            Self::Content => "content",
        }
    }
}

impl fmt::Display for CaptureLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CaptureLevel {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = InvalidName("a capture level is none, metadata, digests or content");
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(wrong)
    }
}

impl Serialize for CaptureLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CaptureLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
