//! The keyring: tenants' keys and the appliance's own, unwrapped on demand.
//!
//! Rotation is in [`crate::rewrap`], the log's signing key in [`crate::log_signer`].

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use leeward_domain::{Ambient, Sha256Digest, ids::TenantId};
use zeroize::Zeroizing;

use crate::{
    cache::Cache,
    erasure::Graves,
    error::KeyError,
    provider::KeyProvider,
    provider_set::{Provider, ProviderSet},
    tenant_key::TenantKey,
};

/// Makes and unwraps keys; share it behind an `Arc`.
pub struct Keyring {
    providers: RwLock<Arc<ProviderSet>>,
    cache: Mutex<Cache>,
    graves: Arc<Graves>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("providers", &self.providers()).finish_non_exhaustive()
    }
}

impl Keyring {
    /// A keyring with an empty cache, whose every key is wrapped by one provider.
    #[must_use]
    pub fn new(provider: Provider) -> Self {
        Self::with_providers(ProviderSet::new(provider))
    }

    /// A keyring with an empty cache.
    #[must_use]
    pub fn with_providers(providers: ProviderSet) -> Self {
        Self { providers: RwLock::new(Arc::new(providers)), cache: Mutex::default(), graves: Arc::default() }
    }

    /// Puts other providers in place of the present ones, for a rotation or a tenant's change of mind. Calls under
    /// way finish with those they began with. Keys in memory stay: a key does not change with what wraps it.
    pub fn set_providers(&self, providers: ProviderSet) {
        *self.providers.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(providers);
    }

    /// The providers in use now.
    #[must_use]
    pub fn providers(&self) -> Arc<ProviderSet> {
        Arc::clone(&self.providers.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Names the house's provider; not secret.
    #[must_use]
    pub fn provider_id(&self) -> String {
        self.provider_for(None)
    }

    /// Names the provider that wraps for a tenant; for `None`, the house's. Not secret.
    #[must_use]
    pub fn provider_for(&self, tenant: Option<TenantId>) -> String {
        self.providers().current(tenant).id().to_owned()
    }

    /// Makes a tenant's key: the key, and its wrapped form to be stored with the tenant.
    ///
    /// # Errors
    /// If the tenant's provider cannot wrap it.
    pub fn new_tenant_key(&self, ambient: &Ambient, tenant: TenantId) -> Result<(TenantKey, Vec<u8>), KeyError> {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        let wrapped = wrap(&**self.providers().current(Some(tenant)), ambient, &tenant_aad(tenant), &secret)?;
        let key = self.derived(tenant, &secret)?;
        self.remember(tenant, &wrapped, &key);
        Ok((key, wrapped))
    }

    /// A tenant's key from its wrapped form.
    ///
    /// # Errors
    /// If it was wrapped for another tenant or under a key-encryption key not at hand for this one, or was changed;
    /// [`KeyError::Unavailable`] if the provider is out of reach and the key is not in memory; and
    /// [`KeyError::Destroyed`] if it has a tombstone.
    pub fn tenant_key(&self, tenant: TenantId, wrapped: &[u8]) -> Result<TenantKey, KeyError> {
        if let Some(key) = self.cached(tenant, wrapped) {
            return Ok(key);
        }
        // Not under the lock: a provider may take its time.
        let key = self.derived(tenant, &*self.tenant_secret(tenant, wrapped)?)?;
        self.remember(tenant, wrapped, &key);
        Ok(key)
    }

    /// The same if it is in memory; asks no provider.
    #[must_use]
    pub fn cached(&self, tenant: TenantId, wrapped: &[u8]) -> Option<TenantKey> {
        self.cache().get(tenant, Sha256Digest::of(wrapped))
    }

    /// Drops a tenant's key from memory, once its wrapped form is destroyed. Clones in use live until dropped.
    pub fn forget(&self, tenant: TenantId) {
        self.cache().remove(tenant);
    }

    /// Wraps the seed of a key of the appliance's own; `purpose` says whose, and unwrapping demands the same.
    ///
    /// # Errors
    /// If the house's provider cannot wrap it.
    pub fn wrap_seed(&self, ambient: &Ambient, purpose: &str, seed: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.wrap_own(ambient, &seed_aad(purpose), seed)
    }

    /// The seed that [`Keyring::wrap_seed`] wrapped for the same purpose.
    ///
    /// # Errors
    /// If it was wrapped for another purpose or under a key-encryption key not at hand, or was changed.
    pub fn unwrap_seed(&self, purpose: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.unwrap_own(&seed_aad(purpose), wrapped)
    }

    /// The secret of a tenant's key, from the provider and not from memory.
    pub(crate) fn tenant_secret(&self, tenant: TenantId, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.providers().holding(Some(tenant), wrapped)?.unwrap(&tenant_aad(tenant), wrapped)
    }

    pub(crate) fn wrap_own(&self, ambient: &Ambient, aad: &[u8], seed: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        wrap(&**self.providers().current(None), ambient, aad, seed)
    }

    pub(crate) fn unwrap_own(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.providers().holding(None, wrapped)?.unwrap(aad, wrapped)
    }

    pub(crate) fn derived(&self, tenant: TenantId, secret: &[u8; 32]) -> Result<TenantKey, KeyError> {
        TenantKey::derived(tenant, secret, &self.graves)
    }

    pub(crate) fn graves(&self) -> &Graves {
        &self.graves
    }

    pub(crate) fn remember(&self, tenant: TenantId, wrapped: &[u8], key: &TenantKey) {
        self.cache().put(tenant, Sha256Digest::of(wrapped), key.clone());
    }

    /// A panic elsewhere leaves the cache usable: every change to it is a single step.
    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wraps, and unwraps again before anything is encrypted under the key: a provider that may encrypt but not
/// decrypt (a peer's policy, a device's key attributes) would otherwise be noticed after the next restart, when
/// the key is gone.
pub(crate) fn wrap(
    provider: &dyn KeyProvider,
    ambient: &Ambient,
    aad: &[u8],
    secret: &[u8; 32],
) -> Result<Vec<u8>, KeyError> {
    let wrapped = provider.wrap(ambient, aad, secret)?;
    let again = provider.unwrap(aad, &wrapped)?;
    verify_slices_are_equal(secret, again.as_slice()).map_err(|_| KeyError::Unreliable(provider.id().to_owned()))?;
    Ok(wrapped)
}

pub(crate) fn seed_aad(purpose: &str) -> Vec<u8> {
    format!("leeward/seed/v1/{purpose}").into_bytes()
}

pub(crate) fn tenant_aad(tenant: TenantId) -> Vec<u8> {
    format!("leeward/tenant-key/v1/{tenant}").into_bytes()
}
