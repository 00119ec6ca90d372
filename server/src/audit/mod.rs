//! Writing to the audit log: the only way the gateway does it.
//!
//! Two ways lead to the same append in the store. An administrative change appends within its own
//! transaction ([`Draft::event`] into `append_audit`), so change and record are one. Everything else goes
//! through [`AuditLog::append`], where concurrent requests share a commit. [`recovery`] closes what a crash
//! left open. Left out until the ledger's own issue: the Merkle tree, remote sinks, the disk watermark.

mod draft;
pub mod recovery;
mod writer;

pub use draft::Draft;
pub use writer::AuditLog;
