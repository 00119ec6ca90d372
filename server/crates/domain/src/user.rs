//! What kinds of users there are, and whose guests.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ProviderId, TenantId, UserId},
    tenant::InvalidName,
    time::Timestamp,
};

/// Who or what a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// Somebody who signs in.
    Person,
    /// A program: holds roles and keys, never signs in.
    Service,
    /// The sealed account for emergencies: its credential lies in two halves.
    BreakGlass,
}

impl UserKind {
    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
            Self::BreakGlass => "break_glass",
        }
    }
}

impl FromStr for UserKind {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Person, Self::Service, Self::BreakGlass]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(InvalidName("a kind is person, service or break_glass"))
    }
}

/// Who keeps a user's name, address and being there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The tenant's administrators, here.
    Local,
    /// A provisioning system, by SCIM.
    Scim,
    /// The identity provider that the user first signed in with.
    Provider(ProviderId),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Scim => f.write_str("scim"),
            Self::Provider(id) => id.fmt(f),
        }
    }
}

impl FromStr for Origin {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "local" => Ok(Self::Local),
            "scim" => Ok(Self::Scim),
            _ => text.parse().map(Self::Provider).map_err(|_| InvalidName("an origin is local, scim or idp_…")),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A user of another tenant who may act in this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuestOf {
    /// Where they sign in.
    pub tenant: TenantId,
    /// Who they are there.
    pub user: UserId,
    /// When they accepted; until then the invitation is worth nothing.
    pub accepted_at: Option<Timestamp>,
}
