//! The audit log's signing key, wrapped in a file of its own.
//!
//! The file is that of `secret_file.rs`: the heading `leeward-wrapped-log-key v1` and a line of hexadecimal
//! digits, the wrapped seed. Losing it means new verifier keys for every log, so it belongs into the backup.

use std::path::Path;

use leeward_domain::Ambient;
use leeward_ledger::Signer;
use zeroize::Zeroizing;

use crate::{error::KeyError, keyring::Keyring, secret_file};

const HEADING: &str = "leeward-wrapped-log-key v1";
const AAD: &[u8] = b"leeward/log-signing-key/v1";

impl Keyring {
    /// The key that signs audit checkpoints, kept wrapped in the file at `path`; made there on first use.
    ///
    /// A new key means new verifier keys for every log: whoever starts with data but without this file should
    /// ask before calling.
    ///
    /// # Errors
    /// If the file cannot be read or made, is not private to this user, or cannot be unwrapped.
    pub fn log_signer(&self, ambient: &Ambient, path: &Path) -> Result<Signer, KeyError> {
        match self.log_seed(path) {
            Err(KeyError::Missing(_)) => {
                let seed: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
                let wrapped = self.wrap_own(ambient, AAD, &seed)?;
                match secret_file::create(path, HEADING, &wrapped, ambient) {
                    // Another process was first: its key is the key.
                    Ok(()) | Err(KeyError::Exists(_)) => self.log_seed(path),
                    Err(error) => Err(error),
                }
            }
            other => other,
        }
        .map(|seed| Signer::from_seed(&seed))
    }

    /// Wraps the log's signing key under the house's present key-encryption key, if it is not yet. The key stays
    /// the same, and the file holds the old or the new form whenever the power fails. Says whether it changed it.
    ///
    /// # Errors
    /// If the file cannot be read or written, or the key cannot be unwrapped or wrapped; then it is as before.
    pub fn rewrap_log_signer(&self, ambient: &Ambient, path: &Path) -> Result<bool, KeyError> {
        let wrapped = secret_file::read(path, HEADING)?;
        if !self.own_needs_rewrap(&wrapped) {
            return Ok(false);
        }
        let wrapped = self.wrap_own(ambient, AAD, &*self.unwrap_own(AAD, &wrapped)?)?;
        secret_file::replace(path, HEADING, &wrapped, ambient)?;
        Ok(true)
    }

    pub(crate) fn log_seed(&self, path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.unwrap_own(AAD, &secret_file::read(path, HEADING)?)
    }
}
