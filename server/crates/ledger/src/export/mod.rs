//! The export bundle: a whole log in one file that anyone can check with no network and no server.
//!
//! NDJSON, one object a line: a `header`, an `entry` for each record from the first, a `checkpoint`. The
//! exact form is in docs/audit.md, written so that a second verifier can be made from it alone. A new field
//! means a new [`VERSION`]: readers refuse what they do not know.
//!
//! Left out: parts of a log (the chain cannot prove a part; the Merkle tree will).

mod read;
mod write;

use leeward_domain::{Sha256Digest, Timestamp};
use serde::{Deserialize, Serialize};

pub use read::{ReadError, Reader};
pub use write::{WriteError, Writer};

use crate::{MAX_ENTRY_BYTES, checkpoint::LogId};

/// The header's `format`.
pub const FORMAT: &str = "leeward-audit-export";
/// The header's `version`.
pub const VERSION: u32 = 1;

/// The longest line, in bytes without its newline: an entry with every byte escaped, and what is around it.
pub const MAX_LINE_BYTES: usize = 2 * MAX_ENTRY_BYTES + 512;

/// One line, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The first line.
    Header(Header),
    /// A record.
    Entry(Entry),
    /// The last line.
    Checkpoint(Seal),
}

/// The first line: what this file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    #[serde(rename = "type")]
    kind: HeaderTag,
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
}

/// One record of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(rename = "type")]
    kind: EntryTag,
    /// Its place in the log; the first is 0.
    pub seq: u64,
    /// The record, as [`crate::canonical`] writes it.
    pub entry: String,
    /// The chain hash after it. Redundant, so that a verifier can say where a file was changed.
    pub chain: Sha256Digest,
}

/// The last line: the signature over everything, and a checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    #[serde(rename = "type")]
    kind: CheckpointTag,
    /// The signed checkpoint ([`crate::checkpoint`]).
    pub note: String,
    /// SHA-256 of every byte of the file before this line; finds damage to the header, which nothing signs.
    pub digest: Sha256Digest,
}

// One-variant enums rather than one tagged enum: serde buffers tagged enums, and its buffer mangles numbers
// when some other crate in the build switches on serde_json's `arbitrary_precision`.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum HeaderTag {
    #[serde(rename = "header")]
    Header,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum EntryTag {
    #[serde(rename = "entry")]
    Entry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum CheckpointTag {
    #[serde(rename = "checkpoint")]
    Checkpoint,
}
