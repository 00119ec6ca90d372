//! The keys that backups are made and opened with: the house's.

use std::sync::Arc;

use leeward_keyring::{KeyError, Keyring};

use crate::{config::Config, keys::Custody};

/// A keyring that opens backups, and needs no database for it.
///
/// # Errors
/// When the house's key-encryption key is missing or cannot be used.
pub fn keyring(config: &Config) -> Result<Arc<Keyring>, KeyError> {
    Ok(Arc::new(Keyring::with_providers(Custody::house(config)?)))
}
