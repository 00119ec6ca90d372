//! Keys, for whoever handles a request.
//!
//! A tenant's key in memory is had at once. Any other is asked of its provider on a thread that may wait: a token or a
//! peer takes its time. Take a key before a transaction, never in one. [`custody`] makes the providers that the
//! configuration names, [`peer`] carries the calls of those behind HTTP, and [`rotation`] moves keys between them. Left
//! out: what is sealed under a key, which its room knows.

pub mod custody;
mod new_file;
mod peer;
mod rotation;

use std::{sync::Arc, time::Duration};

pub use custody::{Custody, HeldKey};
use leeward_domain::ids::TenantId;
use leeward_keyring::{KeyError, Keyring, TenantKey};
use leeward_store::Tenant;
pub use new_file::NewFile;
pub use rotation::{Rotation, Walked};
use tokio::time::timeout;

use crate::{app::App, error::AppError};

/// Longer than any provider's own deadlines, whose answers say more: making a key is two calls.
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// The tenant's key.
    ///
    /// # Errors
    /// `key_unavailable` when its provider is out of reach; as for any [`KeyError`] otherwise.
    pub async fn tenant_key(&self, tenant: &Tenant) -> Result<TenantKey, AppError> {
        if let Some(key) = self.keyring.cached(tenant.id, &tenant.wrapped_key) {
            return Ok(key);
        }
        let (id, wrapped) = (tenant.id, tenant.wrapped_key.clone());
        Ok(ask(&self.keyring, Some(id), move |keyring| keyring.tenant_key(id, &wrapped)).await?)
    }
}

/// Asks the keyring on a thread that may wait. `whose` is the tenant whose provider is asked; none, the house's.
///
/// # Errors
/// What the keyring says; [`KeyError::Unavailable`] if it says nothing in time.
pub async fn ask<T: Send + 'static>(
    keyring: &Arc<Keyring>,
    whose: Option<TenantId>,
    work: impl FnOnce(&Keyring) -> Result<T, KeyError> + Send + 'static,
) -> Result<T, KeyError> {
    let unavailable = |why: String| KeyError::Unavailable { provider: keyring.provider_for(whose), why };
    let asked = Arc::clone(keyring);
    match timeout(PATIENCE, tokio::task::spawn_blocking(move || work(&asked))).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(broken)) => Err(unavailable(format!("it failed in the middle of a call: {broken}"))),
        Err(_) => Err(unavailable(format!("it did not answer within {} s", PATIENCE.as_secs()))),
    }
}
