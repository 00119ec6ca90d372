//! Data keys: one for each conversation or person, so that one of them can be made unreadable alone.
//!
//! A data key is random, and stored wrapped: sealed (see [`crate::sealed`]) under its tenant's key. Destroying
//! the wrapped form erases what the key sealed, in every copy of the content. The log, which holds digests only,
//! stays whole.
//!
//! Both the wrapped key and the content are bound to the tenant and the holder:
//!
//! ```text
//! wrapped  leeward/data-key/v1/<tenant>/<holder>
//! content  leeward/data/v1/<tenant>/<holder> NUL <what the caller says it is>
//! ```
//!
//! so neither opens when moved to another row or tenant, not even if both rows had the same key.
//!
//! Left out: where wrapped keys are stored, and a cache (unwrapping is one AES-GCM block under a key at hand).

use std::{fmt, sync::Arc};

use leeward_domain::{Ambient, Holder, ids::TenantId};
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    sealed::{KeyId, SealingKey},
    tenant_key::TenantKey,
};

const SALT: &str = "leeward/data-key/v1";

/// A data key in memory; cheap to clone, wiped when the last clone is dropped.
#[derive(Clone)]
pub struct DataKey(Arc<Inner>);

struct Inner {
    tenant: TenantId,
    holder: Holder,
    sealing: SealingKey,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey").field("id", &self.id()).field("holder", &self.0.holder).finish_non_exhaustive()
    }
}

impl DataKey {
    fn derived(tenant: TenantId, holder: Holder, secret: &[u8; 32]) -> Result<Self, KeyError> {
        Ok(Self(Arc::new(Inner { tenant, holder, sealing: SealingKey::derived(SALT, secret)? })))
    }

    /// Names the key. Store it beside the wrapped key: a record of its destruction needs it when the key itself
    /// cannot be had.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.0.sealing.id()
    }

    /// What the key belongs to.
    #[must_use]
    pub fn holder(&self) -> Holder {
        self.0.holder
    }

    /// Encrypts `plaintext` and binds it to tenant, holder and `aad`, which says what it is: for a message, its
    /// id and kind. The result is [`crate::sealed::OVERHEAD`] bytes longer than the plaintext.
    ///
    /// # Errors
    /// Only if the plaintext is longer than AES-GCM allows (64 GiB).
    pub fn seal(&self, ambient: &Ambient, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sealing.seal(ambient, &self.content_aad(aad), plaintext)
    }

    /// Decrypts what [`DataKey::seal`] made with the same `aad`. The plaintext is wiped when dropped.
    ///
    /// # Errors
    /// If the blob was sealed by another key, in an unknown form, or if it or the `aad` is not what was sealed.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0.sealing.open(&self.content_aad(aad), sealed)
    }

    /// The NUL cannot occur in what precedes it, so the two parts cannot be shifted against each other.
    fn content_aad(&self, aad: &[u8]) -> Vec<u8> {
        let mut bound = format!("leeward/data/v1/{}/{}\0", self.0.tenant, self.0.holder).into_bytes();
        bound.extend_from_slice(aad);
        bound
    }
}

impl TenantKey {
    /// Makes a data key for `holder`: the key, and its wrapped form to be stored.
    ///
    /// # Errors
    /// Only if the cryptographic library refuses.
    pub fn new_data_key(&self, ambient: &Ambient, holder: Holder) -> Result<(DataKey, Vec<u8>), KeyError> {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        let wrapped = self.seal(ambient, &wrapped_aad(self.tenant(), holder), secret.as_slice())?;
        Ok((DataKey::derived(self.tenant(), holder, &secret)?, wrapped))
    }

    /// The data key that [`TenantKey::new_data_key`] made for the same holder, from its wrapped form.
    ///
    /// # Errors
    /// If it was made for another holder or under another tenant's key, or was changed; [`KeyError::Destroyed`] if
    /// it has a tombstone.
    pub fn data_key(&self, holder: Holder, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        let key = DataKey::derived(self.tenant(), holder, &*self.data_secret(holder, wrapped)?)?;
        self.graves().check(self.tenant(), Some(holder), key.id())?;
        Ok(key)
    }

    /// Wraps under this key what `old`, the same tenant's earlier key, had wrapped for `holder`. The data key
    /// stays the same, so no content is encrypted again.
    ///
    /// # Errors
    /// As [`TenantKey::data_key`], and if `old` is another tenant's key.
    pub fn rewrap_data_key(
        &self,
        ambient: &Ambient,
        old: &Self,
        holder: Holder,
        wrapped: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        if old.tenant() != self.tenant() {
            return Err(KeyError::Damaged);
        }
        let secret = old.data_secret(holder, wrapped)?;
        let key = DataKey::derived(self.tenant(), holder, &secret)?;
        self.graves().check(self.tenant(), Some(holder), key.id())?;
        self.seal(ambient, &wrapped_aad(self.tenant(), holder), secret.as_slice())
    }

    fn data_secret(&self, holder: Holder, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let secret = self.open(&wrapped_aad(self.tenant(), holder), wrapped)?;
        secret.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeyError::Damaged)
    }
}

fn wrapped_aad(tenant: TenantId, holder: Holder) -> Vec<u8> {
    format!("leeward/data-key/v1/{tenant}/{holder}").into_bytes()
}
