//! The audit logs: one per tenant, and the platform's own.
//!
//! A log is a row in `audit_heads` (how long it is), its entries, the intents whose outcome is still to come, and the
//! tree over the entries: its tiles, and the newest signed checkpoint; and, for searches, an index that is filled a moment
//! after the entries. Entries are only ever added; triggers in both
//! databases refuse everything else. What the hashes mean is the ledger's business ([`leeward_ledger::tree`]).

mod alert;
mod append;
mod index;
mod open;
mod read;
mod search;
mod sink;
mod tree;
mod witness;

use leeward_domain::ids::{AuditId, PrefixedId as _, TenantId};
use leeward_ledger::Record;
use uuid::Uuid;

pub use alert::{KeptAlert, Watched};
pub use index::Unindexed;
pub use open::Orphans;
pub use search::{AuditCursor, AuditFilter, AuditFound};
pub use sink::{SinkState, Undelivered};
pub use tree::{SignedHead, Unsequenced};
pub use witness::{CosignedHead, Unwitnessed, WitnessState};

use crate::{Result, StoreError};

/// Where an appended record ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its place in its log, from 0, without gaps.
    pub seq: u64,
    /// The record's id.
    pub id: AuditId,
}

/// One entry as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in its log, from 0, without gaps.
    pub seq: u64,
    /// The record as RFC 8785 canonical JSON: the very bytes that were hashed.
    pub entry: Vec<u8>,
}

impl AuditEntry {
    /// The record the bytes hold.
    ///
    /// # Errors
    /// `Corrupt` if they hold none that this build knows.
    pub fn record(&self) -> Result<Record> {
        parse(&self.entry)
    }
}

/// The log's key in the tables: the tenant, or nil for the platform's own log.
fn log_id(tenant: Option<TenantId>) -> Uuid {
    tenant.map_or(Uuid::nil(), TenantId::uuid)
}

/// The other way round.
fn log_of(id: Uuid) -> Option<TenantId> {
    (!id.is_nil()).then(|| TenantId::from_uuid(id))
}

fn parse(entry: &[u8]) -> Result<Record> {
    serde_json::from_slice(entry).map_err(|error| StoreError::Corrupt(format!("audit entry: {error}")))
}
