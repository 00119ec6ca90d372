//! What can be wrong with a log, by name.

use std::fmt;

use serde::Serialize;

/// Findings kept; the rest are only counted.
const KEPT: usize = 100;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// The kind of a finding. Scripts are written against the names: none is ever changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Kind { $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+ }

        impl Kind {
            /// Every kind, in the order docs list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

kinds! {
    /// An entry, its number or its hash was changed, or the header was.
    Edited = "edited",
    /// Entries are missing before others.
    Deleted = "deleted",
    /// There is an entry or a line that the checkpoint does not cover.
    Inserted = "inserted",
    /// An entry stands after one it was written before.
    Reordered = "reordered",
    /// The end is missing.
    Truncated = "truncated",
    /// The file is of one piece, but not the history that was signed.
    Forked = "forked",
    /// The key named did not make the signature.
    BadSignature = "bad_signature",
    /// The checkpoint is not signed by the key expected.
    UnknownKey = "unknown_key",
    /// A line is not of the export's format, or an entry is not a record of this schema.
    Malformed = "malformed",
    /// A record belongs to another log.
    Foreign = "foreign",
    /// A record is more than 30 seconds older than one before it.
    ClockBackwards = "clock_backwards",
    /// Two records have the same id.
    DuplicateId = "duplicate_id",
    /// Two intents have the same request id.
    DuplicateIntent = "duplicate_intent",
    /// Two outcomes have the same request id.
    DuplicateOutcome = "duplicate_outcome",
    /// An outcome's request has no intent before it.
    OutcomeWithoutIntent = "outcome_without_intent",
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
    /// At which entry (the first is 0), if it can be told.
    pub seq: Option<u64>,
    /// What exactly, for people; holds no content of records beyond ids and times.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "entry {seq}: {}: {}", self.kind, self.detail),
            None => write!(f, "{}: {}", self.kind, self.detail),
        }
    }
}

/// Findings so far: a bounded list and a count.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    total: u64,
}

impl Findings {
    pub(super) fn add(&mut self, kind: Kind, seq: Option<u64>, detail: String) {
        self.total += 1;
        if self.kept.len() < KEPT {
            self.kept.push(Finding { kind, seq, detail });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// In the order of the entries, those about the whole file last; and how many there were.
    pub(super) fn sorted(mut self) -> (Vec<Finding>, u64) {
        self.kept.sort_by_key(|finding| finding.seq.unwrap_or(u64::MAX));
        (self.kept, self.total)
    }
}
