//! Who holds the key-encryption key.
//!
//! [`FileProvider`] holds it in memory, read from a file, and [`LateProvider`] from one that may turn up later. The
//! others keep it where the service can use but not read it.
//!
//! To add one: a file of its own here that implements [`KeyProvider`], its row in docs/keys.md, and the tests
//! every provider passes (`tests/keyring/providers.rs`).

pub mod credential;
pub mod deadline;
pub mod file;
pub mod late;
pub mod passphrase;
pub mod pkcs11;
mod pkcs11_token;
pub mod transport;
pub mod vault;
mod vault_wire;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use leeward_domain::Ambient;
use zeroize::Zeroizing;

pub use self::{
    deadline::Deadline,
    file::FileProvider,
    late::LateProvider,
    passphrase::Cost,
    pkcs11::{Pkcs11Place, Pkcs11Provider},
    transport::{Answer, Transport},
    vault::VaultProvider,
};
use crate::{error::KeyError, sealed::KeyId};

/// Wraps and unwraps keys under a key-encryption key it does not give away.
///
/// `aad` says what the wrapped key is for; unwrapping demands the same. A wrapped key is a blob in the form of
/// [`crate::sealed`] whose header names the key-encryption key. Calls may block on a device or a network peer,
/// and an implementation sets its own deadline; when that passes it answers [`KeyError::Unavailable`].
pub trait KeyProvider: Send + Sync {
    /// Names the provider, for records and error messages; not secret.
    fn id(&self) -> &str;

    /// Names the key-encryption key in what it wraps. Known without asking a device or a peer, and the same for
    /// as long as the key is the same: by it the right provider is found for a wrapped key.
    fn key_id(&self) -> KeyId;

    /// Whether [`KeyProvider::key_id`] is that of the key. False only of a key that could not be looked at yet; one
    /// that can be is looked at now.
    fn is_known(&self) -> bool {
        true
    }

    /// Whether `wrapped`, which names this key, was wrapped under an earlier version of it. Only for providers
    /// that keep versions under one name; never asks a device or a peer.
    fn is_stale(&self, wrapped: &[u8]) -> bool {
        let _ = wrapped;
        false
    }

    /// Encrypts `key` and binds it to `aad`.
    ///
    /// # Errors
    /// If the key-encryption key cannot be used.
    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError>;

    /// Decrypts what [`KeyProvider::wrap`] made with the same `aad`.
    ///
    /// # Errors
    /// If it was wrapped under another key-encryption key, or it or the `aad` is not what was wrapped.
    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError>;

    /// Whether the key-encryption key can be used now: wraps and unwraps a key that nobody has. For a readiness
    /// check, and before asking [`KeyProvider::is_stale`] of a provider that learns of versions by wrapping.
    ///
    /// # Errors
    /// What stands in the way.
    fn probe(&self, ambient: &Ambient) -> Result<(), KeyError> {
        const AAD: &[u8] = b"leeward/probe/v1";
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        let wrapped = self.wrap(ambient, AAD, &key)?;
        let again = self.unwrap(AAD, &wrapped)?;
        verify_slices_are_equal(key.as_slice(), again.as_slice())
            .map_err(|_| KeyError::Unreliable(self.id().to_owned()))
    }
}
