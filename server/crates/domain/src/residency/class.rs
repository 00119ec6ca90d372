//! How sensitive content is. A classification only rises: what was once confidential is not made public by being
//! quoted in something public.
//!
//! Left out on purpose: finding out what a text's class is; people and connectors say so.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How sensitive content is; ordered, so a ceiling is a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// May be published.
    Public,
    /// For staff.
    Internal,
    /// Harm if disclosed.
    Confidential,
    /// Serious harm if disclosed.
    Restricted,
}

/// The text was not a classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a classification is public, internal, confidential or restricted")]
pub struct UnknownClass;

impl Classification {
    /// Every classification, the least sensitive first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Confidential, Self::Restricted];

    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }

    /// What a whole is that has a part of this class and a part of the other: the more sensitive of the two.
    #[must_use]
    pub fn raised(self, other: Self) -> Self {
        self.max(other)
    }
}

impl FromStr for Classification {
    type Err = UnknownClass;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(UnknownClass)
    }
}

/// What a request carries: a classification that can be raised and never lowered.
///
/// There is no default: whoever makes one says where its content comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(Classification);

impl Label {
    /// The label of content of this class.
    #[must_use]
    pub const fn new(class: Classification) -> Self {
        Self(class)
    }

    /// The class reached so far; what [`super::ResidencyPolicy::decide`] is asked about.
    #[must_use]
    pub const fn class(self) -> Classification {
        self.0
    }

    /// Takes in content of `class`: a document, a tool's answer, an earlier message.
    pub fn raise(&mut self, class: Classification) {
        self.0 = self.0.raised(class);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_rises_and_never_falls() {
        let mut label = Label::new(Classification::Internal);
        label.raise(Classification::Restricted);
        label.raise(Classification::Public);
        assert_eq!(label.class(), Classification::Restricted);
        for (a, b) in Classification::ALL.into_iter().flat_map(|a| Classification::ALL.map(|b| (a, b))) {
            assert_eq!(a.raised(b), b.raised(a));
            assert!(a.raised(b) >= a && a.raised(b) >= b);
        }
    }

    #[test]
    fn spellings_agree_with_serde() {
        for class in Classification::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        assert_eq!("Internal".parse::<Classification>(), Err(UnknownClass));
    }
}
