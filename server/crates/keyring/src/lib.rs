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
//! A [`provider_set::ProviderSet`] says which provider holds whose key, [`rewrap`] moves keys between them, and
//! [`data_key`] makes a key for each conversation or person, so that one of them can be erased alone;
//! [`erasure`] keeps it erased, and says so. What is too big for one blob is a [`stream`]. The whole is described in docs/keys.md.
//!
//! To add a provider: implement [`provider::KeyProvider`] in a file of its own.
//! Calls may block: async callers put them on a blocking thread.

mod cache;
pub mod data_key;
pub mod erasure;
pub mod error;
pub mod keyring;
pub mod log_signer;
pub mod provider;
pub mod provider_set;
pub mod rewrap;
pub mod sealed;
mod secret_file;
pub mod stream;
pub mod tenant_key;

pub use data_key::DataKey;
pub use erasure::{ErasureCertificate, ErasureSigner, Tombstone, TombstoneList};
pub use error::KeyError;
pub use keyring::Keyring;
pub use leeward_domain::Holder;
pub use provider::{
    Answer, Cost, Deadline, FileProvider, KeyProvider, LateProvider, Pkcs11Place, Pkcs11Provider, Transport,
    VaultProvider,
};
pub use provider_set::{Provider, ProviderSet};
pub use sealed::KeyId;
pub use stream::{StreamKey, StreamReader, StreamWriter};
pub use tenant_key::TenantKey;
