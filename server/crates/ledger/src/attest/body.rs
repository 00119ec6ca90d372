//! The report itself, as it is written: one JSON object.
//!
//! Here and in what it holds, members stand in the order of their names, which is RFC 8785's, and there are no floats:
//! writing it with `serde_json` is its canonical form. A property test holds that against the general algorithm.
//! Optional values are written as `null`, so that every member is always there.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::TenantId,
    residency::{Classification, Place, Purpose},
};
use serde::{Deserialize, Serialize};

use super::{EgressTest, Erasure, Issuer, KeyLocation, ListedPlace, Policies};

/// A report. Reading one proves nothing: see [`verify`](super::verify()).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The builds that wrote the records of the period, sorted.
    pub builds: Vec<String>,
    /// How many decisions of each kind there were, sorted by the rows' bytes.
    pub decisions: Vec<Decisions>,
    /// [`DOES_NOT_PROVE`](super::DOES_NOT_PROVE).
    pub does_not_prove: Vec<String>,
    /// Self-tests of the guard against connections that are not allowed.
    pub egress_tests: Vec<EgressTest>,
    /// Keys that were destroyed.
    pub erasures: Vec<Erasure>,
    /// The audit export that follows the report.
    pub evidence: EvidenceRef,
    /// [`FORMAT`](super::FORMAT).
    pub format: String,
    /// The first instant of the period.
    pub from: Timestamp,
    /// Legal holds in force when the report was issued.
    pub holds: u32,
    /// When the report was issued.
    pub issued_at: Timestamp,
    /// What issued it.
    pub issuer: Issuer,
    /// Where keys are held.
    pub keys: Vec<KeyLocation>,
    /// Everything that can hold or see data, and where it is declared to stand.
    pub places: Vec<ListedPlace>,
    /// The policies in force.
    pub policies: Policies,
    /// The records of the period.
    pub records: Records,
    /// [`STATED_ONLY`](super::STATED_ONLY).
    pub stated_only: Vec<String>,
    /// Whose report it is.
    pub tenant: TenantId,
    /// The first instant after the period.
    pub to: Timestamp,
    /// What was processed.
    pub tokens: TokenTotals,
    /// [`VERSION`](super::VERSION).
    pub version: u32,
}

/// How many decisions there were that agree in all of this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Whether it was allowed.
    pub allowed: bool,
    /// What the content was handled as, if the records say so.
    pub classification: Option<Classification>,
    /// How many.
    pub count: u64,
    /// Where, if the records say so.
    pub place: Option<Place>,
    /// The policy that decided.
    pub policy_hash: Sha256Digest,
    /// Its version.
    pub policy_version: u32,
    /// What was to be done, if the records tell.
    pub purpose: Option<Purpose>,
    /// The rule that decided.
    pub rule: String,
}

/// The records of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// How many there are.
    pub count: u64,
    /// The lowest place in the log that one of them has; null if there is none.
    pub first: Option<u64>,
    /// The highest.
    pub last: Option<u64>,
}

/// Tokens of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenTotals {
    /// The records that tell of tokens.
    pub answers: u64,
    /// Prompt tokens served from the prefix cache.
    pub cached: u64,
    /// Prompt tokens.
    pub input: u64,
    /// Generated tokens.
    pub output: u64,
}

/// The audit export that follows the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRef {
    /// The signed checkpoint that covers it, the whole note.
    pub checkpoint: String,
    /// How many records it has; some of them lie before and after the period.
    pub entries: u64,
    /// The place in the log of its first record.
    pub first: u64,
    /// The verifier key of the checkpoint, and of the report (see [`attestation_key`](super::attestation_key)).
    pub key: String,
    /// SHA-256 of the export, every byte after the second line of the file.
    pub sha256: Sha256Digest,
}
