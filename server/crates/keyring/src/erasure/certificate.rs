//! A certificate of erasure: which keys were destroyed, whose they were, and where that is recorded.
//!
//! ```text
//! leeward-erasure-certificate v1
//! {"issued_at":…,"tenant":…,"person":…,"keys":[{"holder":…,"key":…}],"record":…,"tombstones":{"count":…,"last":…}}
//!
//! — leeward/erasure <base64>
//! ```
//!
//! The second line is JSON. The whole is a signed note ([`crate::erasure::statement`]); the key that checks it
//! follows from the audit log's, so it can be checked with no network and no help of ours.
//!
//! What it proves: the holder of the log's key declared these keys destroyed, in this record, at this time; and, with
//! the list, that they are named in it. It does not prove that no copy of a wrapped key exists elsewhere.

use leeward_domain::{
    Holder, Timestamp,
    ids::{AuditId, TenantId, UserId},
};
use leeward_ledger::VerifierKey;
use serde::{Deserialize, Serialize};

use crate::{
    erasure::{ErasureError, ErasureSigner, Head, TombstoneList},
    sealed::KeyId,
};

const HEADING: &str = "leeward-erasure-certificate v1";
/// Keys in one certificate, so that it stays within the 64 KiB of a note. More keys, more certificates.
pub const MAX_KEYS: usize = 500;

/// One key that was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destroyed {
    /// What it belonged to; absent for the tenant's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The key.
    pub key: KeyId,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureCertificate {
    /// When it was signed.
    pub issued_at: Timestamp,
    /// The tenant.
    pub tenant: TenantId,
    /// The person it concerns, by the id that stands for them here; absent if it is nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
    /// The keys.
    pub keys: Vec<Destroyed>,
    /// The audit record of the destruction.
    pub record: AuditId,
    /// A head of the list of tombstones that has all of them.
    pub tombstones: Head,
}

impl ErasureCertificate {
    /// The certificate as a signed note, to be handed out.
    ///
    /// # Errors
    /// [`ErasureError::Count`] if it names no key or more than [`MAX_KEYS`].
    pub fn sign(&self, signer: &ErasureSigner) -> Result<String, ErasureError> {
        if !(1..=MAX_KEYS).contains(&self.keys.len()) {
            return Err(ErasureError::Count(self.keys.len()));
        }
        let json = serde_json::to_string(self).map_err(|_| ErasureError::NotA("a certificate"))?;
        Ok(signer.sign(&format!("{HEADING}\n{json}\n")))
    }

    /// Checks a certificate offline: its signature, and that it is one.
    ///
    /// # Errors
    /// If it is not signed by `key`, or is the note of something else.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, ErasureError> {
        let certificate = key
            .open(note)?
            .strip_prefix(HEADING)
            .and_then(|rest| rest.strip_prefix('\n'))
            .and_then(|json| serde_json::from_str::<Self>(json).ok())
            .ok_or(ErasureError::NotA("a certificate of erasure"))?;
        match certificate.keys.len() {
            1..=MAX_KEYS => Ok(certificate),
            count => Err(ErasureError::Count(count)),
        }
    }

    /// Whether the list is the one the certificate names or has grown from it, and has a tombstone for each key.
    #[must_use]
    pub fn is_kept_by(&self, list: &TombstoneList) -> bool {
        let count = usize::try_from(self.tombstones.count).unwrap_or(usize::MAX);
        let has = |key: &Destroyed| {
            list.tombstones().iter().take(count).any(|tombstone| {
                (tombstone.tenant, tombstone.holder, tombstone.key, tombstone.record)
                    == (self.tenant, key.holder, key.key, self.record)
            })
        };
        list.continues(self.tombstones) && self.keys.iter().all(has)
    }
}
