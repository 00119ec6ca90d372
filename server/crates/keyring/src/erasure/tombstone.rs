//! A tombstone: the name of a key that was destroyed.

use leeward_domain::{
    Holder, Timestamp,
    ids::{AuditId, TenantId},
};
use serde::{Deserialize, Serialize};

use crate::sealed::KeyId;

/// One destroyed key. It holds no secret and nothing that was said; the ids in it are meaningless to outsiders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When the key was destroyed.
    pub at: Timestamp,
    /// Whose tenant's it was.
    pub tenant: TenantId,
    /// Whose it was; absent for the tenant's own key, under which all others were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The key.
    pub key: KeyId,
    /// The audit record of its destruction.
    pub record: AuditId,
}
