//! What a report lists on the issuer's word: places, keys, erasures, self-tests, and the issuer itself.
//!
//! Members stand in the order of their names, which is RFC 8785's. To add a kind of place: a line in [`PlaceKind`],
//! and a new version of the report, because verifiers refuse names they do not know.

use leeward_domain::{Sha256Digest, Timestamp, ids::AuditId, residency::Place};
use serde::{Deserialize, Serialize};

use crate::spelled::spelled;

/// The build that issued the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// As in records: `leeward 0.1.0`.
    pub build: String,
    /// SHA-256 of the program, if it is known.
    pub digest: Option<Sha256Digest>,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// A gateway.
    Appliance,
    /// A worker that runs models, or the machine it runs on.
    Worker,
    /// The database.
    Database,
    /// A store of encrypted content.
    BlobStore,
    /// Where backups go.
    Backup,
    /// A receiver of audit records.
    AuditSink,
    /// Where checkpoints are kept.
    CheckpointStore,
    /// A receiver of measurements and traces.
    Telemetry,
    /// Where keys are held.
    KeyProvider,
    /// Where the appliance is administered from.
    Administration,
}

impl PlaceKind {
    /// Every kind, in the order docs list them.
    pub const ALL: &[Self] = &[
        Self::Appliance,
        Self::Worker,
        Self::Database,
        Self::BlobStore,
        Self::Backup,
        Self::AuditSink,
        Self::CheckpointStore,
        Self::Telemetry,
        Self::KeyProvider,
        Self::Administration,
    ];

    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appliance => "appliance",
            Self::Worker => "worker",
            Self::Database => "database",
            Self::BlobStore => "blob_store",
            Self::Backup => "backup",
            Self::AuditSink => "audit_sink",
            Self::CheckpointStore => "checkpoint_store",
            Self::Telemetry => "telemetry",
            Self::KeyProvider => "key_provider",
            Self::Administration => "administration",
        }
    }
}

/// What came of trying to reach a forbidden address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EgressOutcome {
    /// It was refused, as it must be.
    Blocked,
    /// It was reached: the guard does not hold.
    Reached,
    /// The test could not be made.
    Failed,
}

impl EgressOutcome {
    /// Every outcome, in the order docs list them.
    pub const ALL: &[Self] = &[Self::Blocked, Self::Reached, Self::Failed];

    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Reached => "reached",
            Self::Failed => "failed",
        }
    }
}

spelled!(PlaceKind: "kind of place", EgressOutcome: "outcome of an egress test");

/// One thing that can hold or see data, and where the operator says it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPlace {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name in the configuration.
    pub name: String,
    /// Where it is declared to stand.
    pub place: Place,
}

/// One self-test of the guard against connections that are not allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EgressTest {
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: EgressOutcome,
    /// What was dialled.
    pub target: String,
}

/// Where a key is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyLocation {
    /// The key's id.
    pub id: String,
    /// Where the provider is declared to stand.
    pub place: Place,
    /// The kind of provider: `file`, `pkcs11`, …
    pub provider: String,
}

/// A key that was destroyed, and with it what it sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// When.
    pub at: Timestamp,
    /// The id of the certificate of erasure, if one was issued.
    pub certificate: Option<String>,
    /// What the key belonged to.
    pub holder: String,
    /// The key's id.
    pub key: String,
    /// The audit record of its destruction.
    pub record: AuditId,
}
