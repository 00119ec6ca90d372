//! A tenant's key: seals its content, wraps its data keys ([`crate::data_key`]) and makes its keyed digests.
//!
//! Two subkeys (HKDF-SHA-256, salt `leeward/tenant-key/v1`): `seal` encrypts, `hmac` makes digests, so neither
//! use can tell anything about the other. The digest of `bytes` in a domain is
//! `HMAC-SHA-256(hmac, len(domain) as 4 bytes big-endian || domain || bytes)`.

use std::{fmt, sync::Arc};

use aws_lc_rs::hmac;
use leeward_domain::{Ambient, Sha256Digest, ids::TenantId};
use zeroize::Zeroizing;

use crate::{
    erasure::Graves,
    error::KeyError,
    sealed::{KeyId, SealingKey, derive},
};

const SALT: &str = "leeward/tenant-key/v1";

/// A tenant's key in memory; cheap to clone, wiped when the last clone is dropped.
#[derive(Clone)]
pub struct TenantKey(Arc<Subkeys>);

struct Subkeys {
    tenant: TenantId,
    sealing: SealingKey,
    hmac: Zeroizing<[u8; 32]>,
    graves: Arc<Graves>,
}

impl fmt::Debug for TenantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantKey").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl TenantKey {
    /// # Errors
    /// [`KeyError::Destroyed`] if it has a tombstone.
    pub(crate) fn derived(tenant: TenantId, key: &[u8; 32], graves: &Arc<Graves>) -> Result<Self, KeyError> {
        let (sealing, hmac) = (SealingKey::derived(SALT, key)?, derive(SALT, key, "hmac")?);
        graves.check(tenant, None, sealing.id())?;
        Ok(Self(Arc::new(Subkeys { tenant, sealing, hmac, graves: Arc::clone(graves) })))
    }

    /// The destroyed keys known to the keyring this key came from.
    pub(crate) fn graves(&self) -> &Graves {
        &self.0.graves
    }

    /// Whose key it is.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// Names the key; may be written anywhere.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.0.sealing.id()
    }

    /// Encrypts `plaintext` and binds it to `aad`, which says what it is: for a message, its id and kind.
    ///
    /// The result is [`crate::sealed::OVERHEAD`] bytes longer than the plaintext.
    ///
    /// # Errors
    /// Only if the plaintext is longer than AES-GCM allows (64 GiB).
    pub fn seal(&self, ambient: &Ambient, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sealing.seal(ambient, aad, plaintext)
    }

    /// Decrypts what [`TenantKey::seal`] made with the same `aad`. The plaintext is wiped when dropped.
    ///
    /// # Errors
    /// If the blob was sealed by another key, in an unknown form, or if it or the `aad` is not what was sealed.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0.sealing.open(aad, sealed)
    }

    /// A digest only the holder of this key can make or guess at; `domain` keeps uses apart (`prompt`, `output`).
    #[must_use]
    pub fn hmac(&self, domain: &str, bytes: &[u8]) -> Sha256Digest {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, self.0.hmac.as_slice()));
        context.update(&u32::try_from(domain.len()).unwrap_or(u32::MAX).to_be_bytes());
        context.update(domain.as_bytes());
        context.update(bytes);
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        Sha256Digest::from_bytes(digest)
    }
}
