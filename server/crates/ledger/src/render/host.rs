//! The appliance's name, in the form every format can carry.

use std::{fmt, str::FromStr};

/// The text was no host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a host name or address: 1 to 255 printable ASCII characters without spaces")]
pub struct ParseHostError;

/// The name or address of the machine that logs: RFC 5424's HOSTNAME, 1 to 255 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// The host whose name nobody knows: RFC 5424's nil value.
    #[must_use]
    pub fn unknown() -> Self {
        Self("-".to_owned())
    }

    /// The name, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        (self.0 != "-").then_some(self.0.as_str())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Host {
    type Err = ParseHostError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseHostError)
        }
    }
}
