//! Keys: who holds the key-encryption key, and what is encrypted under it.
//!
//! Three layers. A [`provider::KeyProvider`] holds the key-encryption key (KEK) and only wraps and unwraps
//! other keys. A [`tenant_key::TenantKey`] per tenant, stored wrapped, seals content and makes keyed digests.
//! The audit log's signing key ([`Keyring::log_signer`]) is stored wrapped too. Destroying a wrapped key
//! destroys what it sealed.
//!
//! Every sealed blob names its format, its algorithm and its key (see [`sealed`]), so an algorithm can be
//! replaced without guessing what old blobs are.
//!
//! To add a provider (PKCS#11, Vault transit, KMIP): implement [`provider::KeyProvider`] in a file of its own.
//! Calls may block: async callers put them on a blocking thread.
//! Left out for now: data keys per conversation, rewrapping under a new KEK, and shredding certificates.

pub mod error;
pub mod keyring;
pub mod provider;
pub mod sealed;
mod secret_file;
pub mod tenant_key;

pub use error::KeyError;
pub use keyring::Keyring;
pub use provider::{FileProvider, KeyProvider};
pub use sealed::KeyId;
pub use tenant_key::TenantKey;
