//! The export bundle: a log, or a stretch of one, in one file that anyone can check with no network and no server.
//!
//! Lines: a `header`; the entries, each exactly as it was hashed, with an `index` of their hashes after at most
//! 256; a `checkpoint`; an `end`. The exact form is in docs/audit.md, written so that a second verifier can be
//! made from it alone. A new field means a new [`VERSION`]: readers refuse what they do not know.
//!
//! The index is redundant: it lets a verifier say which entry was changed, and how. For a stretch of a log the
//! header and the checkpoint line bring the roots of the perfect subtrees to its left and right.

mod hashes;
mod read;
mod write;

use leeward_domain::{Sha256Digest, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use read::exactly;
pub use read::{Line, parse};
pub(crate) use write::extended;
pub use write::{Start, WriteError, Writer};

use crate::checkpoint::LogId;

/// The header's `format`.
pub const FORMAT: &str = "leeward-audit-export";
/// The header's `version`.
pub const VERSION: u32 = 2;
/// Entries an `index` line covers at most.
pub const INDEXED: usize = 256;
/// The longest line, in bytes without its newline; only entries come near half of it.
pub const MAX_LINE_BYTES: usize = 128 * 1024;
/// The highest place an entry may have: the highest integer of RFC 8785, so that every reader can hold it and the
/// one after it.
pub const MAX_PLACE: u64 = (1 << 53) - 1;

/// The first line: what this file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    #[serde(rename = "type")]
    pub(crate) kind: HeaderTag,
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Whose log it is.
    pub log: LogId,
    /// The verifier key of the checkpoint, as text. Nothing vouches for it: compare it with what you were given.
    pub public_key: String,
    /// When the file was written. Not signed.
    pub exported_at: Timestamp,
    /// The place in the log of the first entry in the file; 0 for a whole log.
    pub first: u64,
    /// The roots of the perfect subtrees that hold the entries before it, biggest first.
    #[serde(with = "hashes::list")]
    pub before: Vec<Sha256Digest>,
    /// How older keys of the log handed over to their successors, oldest first.
    pub rotations: Vec<Rotation>,
}

/// How a log's key handed over to its successor: the log's last entry at the time names it, and the old key signed
/// the log up to and with that entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The old verifier key.
    pub from: String,
    /// The new verifier key.
    pub to: String,
    /// The checkpoint the old key signed.
    pub note: String,
}

/// The hashes of the entries since the index before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    #[serde(rename = "type")]
    pub(crate) kind: IndexTag,
    /// The place in the log of the first of them.
    pub first: u64,
    /// The entries' hashes ([`crate::tree::leaf`]), side by side.
    #[serde(with = "hashes::packed")]
    pub hashes: Vec<Sha256Digest>,
}

/// The line before the last: the signature over everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    #[serde(rename = "type")]
    pub(crate) kind: CheckpointTag,
    /// The roots of the perfect subtrees that hold the entries the checkpoint covers after the last in the file.
    #[serde(with = "hashes::list")]
    pub after: Vec<Sha256Digest>,
    /// The signed checkpoint ([`crate::checkpoint`]).
    pub note: String,
}

/// The last line: a checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    #[serde(rename = "type")]
    pub(crate) kind: EndTag,
    /// SHA-256 of every line before this one that is no entry, newlines included: finds damage to what nothing
    /// signs.
    pub digest: Sha256Digest,
}

// One-variant enums rather than one tagged enum: serde buffers tagged enums, and its buffer mangles numbers
// when some other crate in the build switches on serde_json's `arbitrary_precision`.

macro_rules! tag {
    ($name:ident, $variant:ident, $text:literal) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub(crate) enum $name {
            #[serde(rename = $text)]
            $variant,
        }
    };
}
tag!(HeaderTag, Header, "header");
tag!(IndexTag, Index, "index");
tag!(CheckpointTag, Checkpoint, "checkpoint");
tag!(EndTag, End, "end");
