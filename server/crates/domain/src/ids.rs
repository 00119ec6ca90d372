//! Prefixed identifiers: `ten_0192f0c1d2e37abc8def0123456789ab`.
//!
//! An id is a UUIDv7 (RFC 9562) written as its prefix, an underscore and 32 lower-case hex digits, so it
//! sorts by creation time and says what it names wherever it is pasted. The prefix is checked on parsing:
//! a user id can never be taken for a tenant id.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The text was not an id of the kind expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id of the form {prefix}_ followed by 32 hexadecimal digits")]
pub struct ParseIdError {
    /// The prefix the id should have had.
    pub prefix: &'static str,
}

/// What every prefixed id can do; lets [`crate::Ambient::mint`] make any of them.
pub trait PrefixedId: Sized {
    /// The letters before the underscore.
    const PREFIX: &'static str;
    /// Wraps a UUID that is already known to name this kind of thing (a database column, a fresh mint).
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl PrefixedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl $name {
            /// The bare UUID, for a database column.
            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

fn parse(text: &str, prefix: &'static str) -> Result<Uuid, ParseIdError> {
    let wrong = ParseIdError { prefix };
    let hex = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        .ok_or_else(|| wrong.clone())?;
    Uuid::try_parse(hex).map_err(|_| wrong)
}

prefixed_id!(
    /// A tenant: one institution, or one department with walls of its own.
    TenantId, "ten");
prefixed_id!(
    /// A person who signs in.
    UserId, "usr");
prefixed_id!(
    /// An API key (never the secret itself).
    ApiKeyId, "key");
prefixed_id!(
    /// A browser session.
    SessionId, "ses");
prefixed_id!(
    /// A chat conversation.
    ConversationId, "cnv");
prefixed_id!(
    /// One message of a conversation.
    MessageId, "msg");
prefixed_id!(
    /// One HTTP request; also names the inference it started.
    RequestId, "req");
prefixed_id!(
    /// A role a tenant made for itself.
    RoleId, "rol");
prefixed_id!(
    /// A group of users.
    GroupId, "grp");
prefixed_id!(
    /// An outside party users sign in with: an OpenID provider or a directory.
    ProviderId, "idp");
prefixed_id!(
    /// A foreign issuer of tokens that a tenant trusts.
    IssuerId, "iss");
prefixed_id!(
    /// What a program's access tokens stand on.
    GrantId, "grt");
prefixed_id!(
    /// A project: people and keys of a tenant that belong together.
    ProjectId, "prj");
prefixed_id!(
    /// A residency policy on its way.
    PolicyProposalId, "rpp");
prefixed_id!(
    /// A legal hold.
    HoldId, "hld");
prefixed_id!(
    /// A saved alert over an audit log.
    AlertId, "alt");
prefixed_id!(
    /// A key that signs access tokens.
    SigningKeyId, "sig");
prefixed_id!(
    /// A registered passkey.
    PasskeyId, "pky");
prefixed_id!(
    /// One audit record.
    AuditId, "evt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_refuses_other_kinds() {
        let id = TenantId::from_uuid(Uuid::from_u128(0x0192_f0c1_d2e3_7abc_8def_0123_4567_89ab));
        assert_eq!(id.to_string(), "ten_0192f0c1d2e37abc8def0123456789ab");
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            "usr_0192f0c1d2e37abc8def0123456789ab",
            "ten_0192F0C1D2E37ABC8DEF0123456789AB",
            "ten_0192f0c1-d2e3-7abc-8def-0123456789ab",
            "ten_",
            "ten0192f0c1d2e37abc8def0123456789ab",
            "",
        ] {
            assert_eq!(wrong.parse::<TenantId>(), Err(ParseIdError { prefix: "ten" }), "{wrong}");
        }
    }
}
