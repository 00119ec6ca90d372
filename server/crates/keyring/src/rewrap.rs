//! Rotation: the same keys, wrapped under another key-encryption key. No content is encrypted again.
//!
//! A rotation needs no order and no state of its own. With the new provider current and the old one still in the
//! set, every key opens; whoever drives it walks the stored keys, rewraps those that [`Keyring::needs_rewrap`],
//! and replaces each stored form only if it is still the one that was rewrapped. Stopped anywhere, it is
//! taken up by walking again. The old provider may go when a walk finds nothing.
//!
//! Left out: the walk itself, which is the service's.

use leeward_domain::{Ambient, ids::TenantId};

use crate::{
    error::KeyError,
    keyring::{Keyring, seed_aad, tenant_aad, wrap},
    provider_set::Provider,
    sealed::sealed_by,
};

impl Keyring {
    /// Whether a tenant's wrapped key is under another key-encryption key, or an earlier version of it, than a new
    /// one would be. Asks no device or peer. Also true of what is no wrapped key: rewrapping it says what is wrong.
    #[must_use]
    pub fn needs_rewrap(&self, tenant: TenantId, wrapped: &[u8]) -> bool {
        is_outdated(self.providers().current(Some(tenant)), wrapped)
    }

    /// As [`Keyring::needs_rewrap`], of a seed wrapped by [`Keyring::wrap_seed`].
    #[must_use]
    pub fn seed_needs_rewrap(&self, wrapped: &[u8]) -> bool {
        self.own_needs_rewrap(wrapped)
    }

    /// Unwraps a tenant's key with `from` and wraps it with the provider this keyring has for the tenant. For a
    /// rotation within one keyring, `from` is that keyring itself; for a move to another appliance, the old one's.
    ///
    /// The result is checked to unwrap before it is returned; `wrapped` stays good for as long as its provider is.
    ///
    /// # Errors
    /// If either provider is unavailable ([`KeyError::is_retryable`]), `from` cannot open `wrapped`, or the
    /// key has a tombstone.
    pub fn rewrap_tenant_key(
        &self,
        ambient: &Ambient,
        from: &Self,
        tenant: TenantId,
        wrapped: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let secret = from.tenant_secret(tenant, wrapped)?;
        let key = self.derived(tenant, &secret)?;
        let rewrapped = wrap(&**self.providers().current(Some(tenant)), ambient, &tenant_aad(tenant), &secret)?;
        self.remember(tenant, &rewrapped, &key);
        Ok(rewrapped)
    }

    /// As [`Keyring::rewrap_tenant_key`], of a seed wrapped by [`Keyring::wrap_seed`] for the same purpose.
    ///
    /// # Errors
    /// As [`Keyring::rewrap_tenant_key`].
    pub fn rewrap_seed(
        &self,
        ambient: &Ambient,
        from: &Self,
        purpose: &str,
        wrapped: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        self.wrap_own(ambient, &seed_aad(purpose), &*from.unwrap_seed(purpose, wrapped)?)
    }

    pub(crate) fn own_needs_rewrap(&self, wrapped: &[u8]) -> bool {
        is_outdated(self.providers().current(None), wrapped)
    }
}

fn is_outdated(current: &Provider, wrapped: &[u8]) -> bool {
    sealed_by(wrapped).map_or(true, |id| id != current.key_id() || current.is_stale(wrapped))
}
