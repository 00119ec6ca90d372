//! What a user is in a project.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::tenant::InvalidName;

/// What a member of a project may do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectRole {
    /// Names the project, chooses its members, revokes its keys.
    Admin,
    /// Makes keys of their own that belong to it.
    Member,
}

impl ProjectRole {
    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

impl FromStr for ProjectRole {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "admin" => Ok(Self::Admin),
            "member" => Ok(Self::Member),
            _ => Err(InvalidName("a role in a project is admin or member")),
        }
    }
}
