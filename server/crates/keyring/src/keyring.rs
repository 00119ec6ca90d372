//! The keyring: tenants' keys and the log's signing key, unwrapped on demand.

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use leeward_domain::{Ambient, Sha256Digest, ids::TenantId};
use leeward_ledger::Signer;
use zeroize::Zeroizing;

use crate::{error::KeyError, provider::KeyProvider, secret_file, tenant_key::TenantKey};

/// Unwrapped tenant keys kept in memory. Beyond it the one unused longest goes, and is unwrapped again when
/// wanted: a matter of microseconds with a file, of a round trip with a device.
const CACHED: usize = 1024;

const SIGNER_HEADING: &str = "leeward-wrapped-log-key v1";
const SIGNER_AAD: &[u8] = b"leeward/log-signing-key/v1";

/// Makes and unwraps keys with one provider; share it behind an `Arc`.
pub struct Keyring {
    provider: Arc<dyn KeyProvider>,
    cache: Mutex<Cache>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("provider", &self.provider.id()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Cache {
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

impl Keyring {
    /// A keyring with an empty cache.
    #[must_use]
    pub fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self { provider, cache: Mutex::default() }
    }

    /// Names the key-encryption key; not secret.
    #[must_use]
    pub fn provider_id(&self) -> &str {
        self.provider.id()
    }

    /// Makes a tenant's key: the key, and its wrapped form to be stored with the tenant.
    ///
    /// # Errors
    /// If the provider cannot wrap it.
    pub fn new_tenant_key(&self, ambient: &Ambient, tenant: TenantId) -> Result<(TenantKey, Vec<u8>), KeyError> {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        let wrapped = self.provider.wrap(ambient, &tenant_aad(tenant), &secret)?;
        let key = TenantKey::derived(&secret)?;
        self.cache().put(tenant, Sha256Digest::of(&wrapped), key.clone());
        Ok((key, wrapped))
    }

    /// A tenant's key from its wrapped form.
    ///
    /// # Errors
    /// If it was wrapped for another tenant or under another key-encryption key, or was changed.
    pub fn tenant_key(&self, tenant: TenantId, wrapped: &[u8]) -> Result<TenantKey, KeyError> {
        let digest = Sha256Digest::of(wrapped);
        if let Some(key) = self.cache().get(tenant, digest) {
            return Ok(key);
        }
        // Not under the lock: a provider may take its time.
        let secret = self.provider.unwrap(&tenant_aad(tenant), wrapped)?;
        let key = TenantKey::derived(&secret)?;
        self.cache().put(tenant, digest, key.clone());
        Ok(key)
    }

    /// Drops a tenant's key from memory, once its wrapped form is destroyed. Clones in use live until dropped.
    pub fn forget(&self, tenant: TenantId) {
        self.cache().keys.remove(&tenant);
    }

    /// Wraps the seed of a key of the appliance's own; `purpose` says whose, and unwrapping demands the same.
    ///
    /// # Errors
    /// If the provider cannot wrap it.
    pub fn wrap_seed(&self, ambient: &Ambient, purpose: &str, seed: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.provider.wrap(ambient, &seed_aad(purpose), seed)
    }

    /// The seed that [`Keyring::wrap_seed`] wrapped for the same purpose.
    ///
    /// # Errors
    /// If it was wrapped for another purpose or under another key-encryption key, or was changed.
    pub fn unwrap_seed(&self, purpose: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.provider.unwrap(&seed_aad(purpose), wrapped)
    }

    /// The key that signs audit checkpoints, kept wrapped in the file at `path`; made there on first use.
    ///
    /// A new key means new verifier keys for every log: whoever starts with data but without this file should
    /// ask before calling.
    ///
    /// # Errors
    /// If the file cannot be read or made, is not private to this user, or cannot be unwrapped.
    pub fn log_signer(&self, ambient: &Ambient, path: &Path) -> Result<Signer, KeyError> {
        match self.read_signer(path) {
            Err(KeyError::Missing(_)) => {
                let seed: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
                let wrapped = self.provider.wrap(ambient, SIGNER_AAD, &seed)?;
                match secret_file::create(path, SIGNER_HEADING, &wrapped, ambient) {
                    // Another process was first: its key is the key.
                    Ok(()) | Err(KeyError::Exists(_)) => self.read_signer(path),
                    Err(error) => Err(error),
                }
            }
            other => other,
        }
    }

    fn read_signer(&self, path: &Path) -> Result<Signer, KeyError> {
        let wrapped = secret_file::read(path, SIGNER_HEADING)?;
        Ok(Signer::from_seed(&*self.provider.unwrap(SIGNER_AAD, &wrapped)?))
    }

    /// A panic elsewhere leaves the cache usable: every change to it is a single step.
    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seed_aad(purpose: &str) -> Vec<u8> {
    format!("leeward/seed/v1/{purpose}").into_bytes()
}

fn tenant_aad(tenant: TenantId) -> Vec<u8> {
    format!("leeward/tenant-key/v1/{tenant}").into_bytes()
}

impl Cache {
    fn get(&mut self, tenant: TenantId, wrapped: Sha256Digest) -> Option<TenantKey> {
        self.clock += 1;
        let cached = self.keys.get_mut(&tenant).filter(|cached| cached.wrapped == wrapped)?;
        cached.used = self.clock;
        Some(cached.key.clone())
    }

    fn put(&mut self, tenant: TenantId, wrapped: Sha256Digest, key: TenantKey) {
        self.clock += 1;
        if self.keys.len() >= CACHED
            && !self.keys.contains_key(&tenant)
            && let Some(oldest) = self.keys.iter().min_by_key(|(_, cached)| cached.used).map(|(id, _)| *id)
        {
            self.keys.remove(&oldest);
        }
        self.keys.insert(tenant, Cached { wrapped, key, used: self.clock });
    }
}
