//! The key-encryption key in a file, used in memory.
//!
//! This module reads a plain file; [`super::passphrase`] and [`super::credential`] have other ways to the same key.

use std::{fmt, path::Path};

use leeward_domain::Ambient;
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    provider::KeyProvider,
    sealed::{KeyId, SealingKey},
    secret_file,
};

/// The first line of a key file.
pub(super) const HEADING: &str = "leeward-kek v1";
const SALT: &str = "leeward/kek/v1";

/// A key-encryption key in a file of mode 0600 that belongs to the service's user:
///
/// ```text
/// leeward-kek v1
/// 64 hexadecimal digits
/// ```
///
/// Whoever can read the file can read everything, so its backup belongs apart from the data's.
pub struct FileProvider {
    name: String,
    key: SealingKey,
}

impl fmt::Debug for FileProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileProvider").field("id", &self.name).finish_non_exhaustive()
    }
}

impl FileProvider {
    /// Loads the key from `path`.
    ///
    /// # Errors
    /// If there is no such file, if it belongs to another user or others may use it (a mode beyond 0600), or if
    /// it is not a key file.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        Self::of("file", path, &secret_file::read(path, HEADING)?)
    }

    /// A provider of the key in `body`, which was read from `path`; `kind` begins its name.
    ///
    /// The key's id depends on the key alone, so a key moved from one kind of file to another opens what it wrapped.
    pub(super) fn of(kind: &str, path: &Path, body: &[u8]) -> Result<Self, KeyError> {
        let key: Zeroizing<[u8; 32]> = body
            .try_into()
            .map(Zeroizing::new)
            .map_err(|_| KeyError::Format { path: path.to_owned(), why: "the key is not 64 hexadecimal digits" })?;
        let key = SealingKey::derived(SALT, &key)?;
        Ok(Self { name: format!("{kind}:{}", key.id()), key })
    }

    /// Makes a new key in a new file at `path`, durably, then loads it.
    ///
    /// # Errors
    /// If there is a file already, or it cannot be written.
    pub fn create(path: &Path, ambient: &Ambient) -> Result<Self, KeyError> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        secret_file::create(path, HEADING, key.as_slice(), ambient)?;
        Self::open(path)
    }
}

impl KeyProvider for FileProvider {
    fn id(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> KeyId {
        self.key.id()
    }

    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.key.seal(ambient, aad, key)
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let key = self.key.open(aad, wrapped)?;
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeyError::Damaged)
    }
}
