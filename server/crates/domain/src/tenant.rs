//! Tenants and the names people type.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A name a person typed was not acceptable; the message says what is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidName(pub &'static str);

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_newtype!(
    /// A tenant's name: 1 to 64 lower-case letters, digits and hyphens, starting with a letter or digit.
    TenantName);
text_newtype!(
    /// An e-mail address, trimmed and lower-cased. Only its shape is checked (one `@`, a dot or a plain host
    /// behind it, at most 254 bytes: RFC 5321, section 4.5.3): delivery is the proof of an address.
    Email);
text_newtype!(
    /// What a model is called in requests: 1 to 96 letters, digits and `. _ : -`, starting with a letter or
    /// digit. Never a path: it becomes a directory name of the model store.
    ModelName);

impl FromStr for TenantName {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ok = (1..=64).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName(
                "a tenant name is 1 to 64 lower-case letters, digits and hyphens, starting with a letter or digit",
            ))
        }
    }
}

impl FromStr for Email {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_lowercase();
        let shaped = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
        let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if shaped && clean && text.len() <= 254 {
            Ok(Self(text))
        } else {
            Err(InvalidName("an e-mail address looks like name@example.org and has at most 254 bytes"))
        }
    }
}

impl FromStr for ModelName {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ok = (1..=96).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'));
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName("a model name is 1 to 96 letters, digits and . _ : - and starts with a letter or digit"))
        }
    }
}

/// Whether a tenant, a user or a key may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// May act.
    Active,
    /// Exists, is listed, may not act.
    Disabled,
}

impl Status {
    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

impl FromStr for Status {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "active" => Ok(Self::Active),
            "disabled" => Ok(Self::Disabled),
            _ => Err(InvalidName("a status is active or disabled")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_at_the_edge() {
        assert!("demo-1".parse::<TenantName>().is_ok());
        for wrong in ["", "-a", "A", "a b", "a/b", &"a".repeat(65)] {
            assert!(wrong.parse::<TenantName>().is_err(), "{wrong}");
        }
        assert_eq!(" A@B.example ".parse::<Email>().map(|e| e.to_string()), Ok("a@b.example".into()));
        for wrong in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@.c", &format!("{}@b.c", "a".repeat(255))] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
        for wrong in ["", ".", "..", "../x", "a/b", "-a", "a\0"] {
            assert!(wrong.parse::<ModelName>().is_err(), "{wrong}");
        }
    }
}
