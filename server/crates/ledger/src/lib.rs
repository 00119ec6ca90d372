//! The tamper-evident log: what a record is, how records commit to each other, and how anyone can check.
//!
//! Pure: no I/O but what it is handed, no clock, no randomness. Storage is `leeward-store`'s, keys are
//! `leeward-keyring`'s. The binary `leeward-verify` builds from this crate alone, so that an auditor can read
//! all of what he runs. The formats are written down in docs/audit.md.
//!
//! To add an event: a line in [`event`] and the table in docs/audit.md. To add a field to [`Record`]: optional
//! and left out when absent, or a new [`Record::SCHEMA`]; then its row in docs/audit.md.
//!
//! Left out: when to sign, whom to ask for a cosignature, and where tiles are kept: that is the gateway's.

pub mod alert;
pub mod attest;
mod bundle;
pub mod catalogue;
pub mod category;
pub mod checkpoint;
pub mod decided;
pub mod entry;
pub mod event;
pub mod export;
pub mod note;
pub mod outcome;
pub mod record;
pub mod render;
pub mod spelled;
pub mod tree;
pub mod verify;
pub mod witness;

pub use bundle::{bundle_key, open_bundle, sign_bundle};
pub use catalogue::catalogue_markdown;
pub use category::Category;
pub use checkpoint::{Checkpoint, Head, LogId};
pub use decided::{Decided, decided};
pub use entry::{MAX_ENTRY_BYTES, canonical};
pub use event::EventCode;
pub use note::{NoteError, Signer, VerifierKey, WitnessKey};
pub use outcome::Outcome;
pub use record::{Actor, Change, ClockState, ModelRef, Object, Phase, Record, Tokens};
