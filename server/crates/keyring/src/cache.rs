//! Tenants' keys kept in memory, so that a request does not wait for a device.

use std::collections::HashMap;

use leeward_domain::{Sha256Digest, ids::TenantId};

use crate::tenant_key::TenantKey;

/// Unwrapped tenant keys kept in memory. Beyond it the one unused longest goes, and is unwrapped again when
/// wanted: a matter of microseconds with a file, of a round trip with a device.
const CACHED: usize = 1024;

#[derive(Default)]
pub(crate) struct Cache {
    /// Counts uses, to find the key unused longest.
    clock: u64,
    keys: HashMap<TenantId, Cached>,
}

struct Cached {
    /// Of the wrapped key: another wrapped key is another key, whatever the cache says.
    wrapped: Sha256Digest,
    key: TenantKey,
    used: u64,
}

impl Cache {
    /// The key, if it is this wrapped form of it that was unwrapped.
    pub(crate) fn get(&mut self, tenant: TenantId, wrapped: Sha256Digest) -> Option<TenantKey> {
        self.clock += 1;
        let cached = self.keys.get_mut(&tenant).filter(|cached| cached.wrapped == wrapped)?;
        cached.used = self.clock;
        Some(cached.key.clone())
    }

    pub(crate) fn put(&mut self, tenant: TenantId, wrapped: Sha256Digest, key: TenantKey) {
        self.clock += 1;
        if self.keys.len() >= CACHED
            && !self.keys.contains_key(&tenant)
            && let Some(oldest) = self.keys.iter().min_by_key(|(_, cached)| cached.used).map(|(id, _)| *id)
        {
            self.keys.remove(&oldest);
        }
        self.keys.insert(tenant, Cached { wrapped, key, used: self.clock });
    }

    pub(crate) fn remove(&mut self, tenant: TenantId) {
        self.keys.remove(&tenant);
    }
}
