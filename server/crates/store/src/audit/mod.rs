//! The audit logs: one per tenant, and the platform's own.
//!
//! A log is a row in `audit_heads` (how long it is, what it hashes to), its entries, and the intents whose
//! outcome is still to come. Entries are only ever added; triggers in both databases refuse everything
//! else. What the hashes mean is the ledger's business ([`leeward_ledger::chain`]).

mod append;
mod open;
mod read;

use leeward_domain::{
    Sha256Digest,
    ids::{AuditId, TenantId, UserId},
};
use leeward_ledger::{EventCode, Record};
use uuid::Uuid;

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
    /// The chain hash after this entry.
    pub chain_hash: Sha256Digest,
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

/// Which entries a listing shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this event.
    pub event: Option<EventCode>,
    /// Only what this user did.
    pub actor: Option<UserId>,
}

/// The log's key in the tables: the tenant, or nil for the platform's own log.
fn log_id(tenant: Option<TenantId>) -> Uuid {
    tenant.map_or(Uuid::nil(), TenantId::uuid)
}

fn parse(entry: &[u8]) -> Result<Record> {
    serde_json::from_slice(entry).map_err(|error| StoreError::Corrupt(format!("audit entry: {error}")))
}
