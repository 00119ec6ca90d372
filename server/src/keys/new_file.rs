//! Making a key file: the house's at the first start, and the next one for a rotation (`leeward key new-kek`).
//!
//! Left out: keys in tokens and at peers. Their owners make those.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use leeward_domain::Ambient;
use leeward_keyring::{Cost, FileProvider, KeyId, KeyProvider as _};

use crate::config::KeySource;

/// A key file that may be made.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Where.
    pub path: PathBuf,
    /// The file with its passphrase; none for a key in clear.
    pub passphrase_file: Option<PathBuf>,
}

impl NewFile {
    /// The file of a source, if that is one.
    pub(super) fn of(source: &KeySource, default: &Path) -> Option<Self> {
        match source {
            KeySource::File(key) => {
                Some(Self { path: key.path.clone().unwrap_or_else(|| default.to_owned()), passphrase_file: None })
            }
            KeySource::Passphrase(key) => {
                Some(Self { path: key.path.clone(), passphrase_file: Some(key.passphrase_file.clone()) })
            }
            KeySource::Credential(_) | KeySource::Pkcs11(_) | KeySource::Vault(_) => None,
        }
    }

    /// Makes a new key in it, and gives the key's id.
    ///
    /// # Errors
    /// If there is a file already, or it cannot be written.
    pub fn make(&self, ambient: &Ambient) -> anyhow::Result<KeyId> {
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        let made = match &self.passphrase_file {
            None => FileProvider::create(&self.path, ambient)?,
            Some(file) => {
                let passphrase = FileProvider::passphrase(file)?;
                FileProvider::create_with_passphrase(&self.path, ambient, passphrase.as_bytes(), Cost::default())?
            }
        };
        Ok(made.key_id())
    }
}
