//! Writing to the audit log: the only way the gateway does it.
//!
//! Two ways lead to the same append in the store. An administrative change appends within its own
//! transaction ([`Draft::event`] into `append_audit`), so change and record are one. Everything else goes
//! through [`AuditLog::append`], where concurrent requests share a commit. [`recovery`] closes what a crash
//! left open. [`Sequencer`] makes trees of what was appended and signs them; [`stretch`] reads them out with proofs.
//! [`Anchors`] keep its checkpoints outside the database. [`sinks`] take records elsewhere, [`witness`] has checkpoints cosigned, [`alerts`] fire. [`LedgerWatch`] stops the
//! service where records would be lost.

pub mod alerts;
mod anchor;
mod draft;
pub mod indexer;
pub mod recovery;
mod sequencer;
pub mod sinks;
mod stretch;
mod watch;
pub mod witness;
mod writer;

pub use anchor::{Anchors, Known, Mismatch};
pub use draft::Draft;
pub use sequencer::{SequenceError, Sequencer};
pub use stretch::{Export, Reading};
pub use watch::{LedgerState, LedgerWatch};
pub use writer::AuditLog;
