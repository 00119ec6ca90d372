//! The destroyed keys a keyring knows of, looked up whenever a key is unwrapped.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

use leeward_domain::{Holder, ids::TenantId};

use crate::{erasure::Tombstone, error::KeyError, sealed::KeyId};

/// Shared by a keyring and all tenants' keys it has given out.
#[derive(Default)]
pub(crate) struct Graves(RwLock<HashSet<(TenantId, Option<Holder>, KeyId)>>);

impl Graves {
    pub(crate) fn add(&self, tombstone: &Tombstone) {
        let grave = (tombstone.tenant, tombstone.holder, tombstone.key);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(grave);
    }

    /// Refuses a key that was destroyed; without a holder, a tenant's own.
    pub(crate) fn check(&self, tenant: TenantId, holder: Option<Holder>, key: KeyId) -> Result<(), KeyError> {
        let graves = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if graves.contains(&(tenant, holder, key)) { Err(KeyError::Destroyed(key)) } else { Ok(()) }
    }
}
