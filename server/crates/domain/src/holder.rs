//! What a data key belongs to.
//!
//! To add a kind of holder: a variant of [`Holder`] and its spelling; a spelling in use never changes, because wrapped
//! keys and content are bound to it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{ConversationId, UserId};

/// What a data key belongs to; written `conversation/cnv_…` or `user/usr_…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// One conversation: erased when it is deleted.
    Conversation(ConversationId),
    /// One person, for what is kept about them outside conversations: erased on their request.
    User(UserId),
}

/// The text was not a data key's holder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected conversation/cnv_… or user/usr_…")]
pub struct ParseHolderError;

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conversation(id) => write!(f, "conversation/{id}"),
            Self::User(id) => write!(f, "user/{id}"),
        }
    }
}

impl FromStr for Holder {
    type Err = ParseHolderError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some(("conversation", id)) => id.parse().map(Self::Conversation).map_err(|_| ParseHolderError),
            Some(("user", id)) => id.parse().map(Self::User).map_err(|_| ParseHolderError),
            _ => Err(ParseHolderError),
        }
    }
}

impl Serialize for Holder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Holder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
