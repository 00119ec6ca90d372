//! Fixed lists of names: written and read the same way everywhere.

/// The text was not one of a fixed list of names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} {text:?}; it is one of {known}")]
pub struct UnknownName {
    /// What was asked for.
    pub what: &'static str,
    /// The text.
    pub text: String,
    /// The names there are.
    pub known: String,
}

/// For types with `ALL` and `as_str`: display, parsing and JSON by that spelling.
macro_rules! spelled {
    ($($name:ident: $what:literal),+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::spelled::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|name| name.as_str() == text).ok_or_else(|| $crate::spelled::UnknownName {
                    what: $what,
                    text: text.to_owned(),
                    known: Self::ALL.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

pub(crate) use spelled;
