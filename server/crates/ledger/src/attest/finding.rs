//! What can be wrong with a report, by name.

use std::fmt;

use serde::Serialize;

/// The longest detail, in characters: what a file names in it can be as long as it likes.
const MAX_CHARS: usize = 1000;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// The kind of a finding. Scripts are written against the names: none is ever changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Kind { $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+ }

        impl Kind {
            /// Every kind, in the order docs list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in findings.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

kinds! {
    /// The report or the line with its signature is not of its form.
    Malformed = "malformed",
    /// The file ends before the evidence begins.
    Truncated = "truncated",
    /// The report is not the one that was signed, or the evidence not the one it names.
    Edited = "edited",
    /// The report is not signed by the key that signed the evidence.
    UnknownKey = "unknown_key",
    /// The key named did not make the report's signature.
    BadSignature = "bad_signature",
    /// Something is wrong with the evidence, which is an audit export: the finding on it follows.
    Evidence = "evidence",
    /// The evidence is of another log.
    Foreign = "foreign",
    /// The evidence does not hold the whole period, or the period was not over.
    Incomplete = "incomplete",
    /// A policy is not that of its hash, or does not follow the one before it.
    PolicyChain = "policy_chain",
    /// A decision was made under a policy that the report does not have.
    UnknownPolicy = "unknown_policy",
    /// A decision was made under a policy that was not in force then.
    NotInForce = "not_in_force",
    /// The policy says otherwise than the decision.
    DecidedOtherwise = "decided_otherwise",
    /// Something was allowed at a place that the report does not list.
    UnlistedPlace = "unlisted_place",
    /// A number is not the one that follows from the records.
    CountDiffers = "count_differs",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// What exactly, for people, on one line.
    pub detail: String,
}

impl Finding {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let mut detail = super::text::one_line(&detail.into());
        if let Some((end, _)) = detail.char_indices().nth(MAX_CHARS) {
            detail.truncate(end);
            detail.push('\u{2026}');
        }
        Self { kind, detail }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.detail)
    }
}
