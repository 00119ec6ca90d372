//! The tamper-evident log: what a record is, how records commit to each other, and how anyone can check.
//!
//! Pure: no I/O but what it is handed, no clock, no randomness. Storage is `leeward-store`'s, keys are
//! `leeward-keyring`'s. The binary `leeward-verify` builds from this crate alone, so that an auditor can read
//! all of what he runs. The formats are written down in docs/audit.md.
//!
//! To add an event: a line in [`event`] and the table in docs/audit.md. To add a field to [`Record`]: optional
//! and left out when absent, or a new [`Record::SCHEMA`]; then its row in docs/audit.md.
//!
//! Left out: the RFC 6962 Merkle tree with its proofs and witnesses, which takes the chain's place under
//! another origin (see [`checkpoint`]).

pub mod alert;
pub mod catalogue;
pub mod chain;
pub mod checkpoint;
pub mod event;
pub mod export;
pub mod note;
pub mod outcome;
pub mod record;
pub mod render;
pub mod verify;

pub use catalogue::catalogue_markdown;
pub use chain::{Head, MAX_ENTRY_BYTES, canonical};
pub use checkpoint::{Checkpoint, LogId};
pub use event::EventCode;
pub use note::{NoteError, Signer, VerifierKey};
pub use outcome::{Category, Outcome};
pub use record::{Actor, Change, ClockState, ModelRef, Object, Phase, Record, Tokens};
