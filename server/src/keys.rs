//! Tenants' keys, for whoever handles a request.
//!
//! A key in memory is had at once. Any other is asked of its provider on a thread that may wait: a token or a peer takes
//! its time. Take a key before a transaction, never in one. Left out: what is sealed under it, which its room knows.

use std::{sync::Arc, time::Duration};

use leeward_keyring::{KeyError, TenantKey};
use leeward_store::Tenant;
use tokio::time::timeout;

use crate::{app::App, error::AppError};

/// Longer than any provider's own deadline, whose answer says more.
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
        let (keyring, id, wrapped) = (Arc::clone(&self.keyring), tenant.id, tenant.wrapped_key.clone());
        let asked = tokio::task::spawn_blocking(move || keyring.tenant_key(id, &wrapped));
        match timeout(PATIENCE, asked).await {
            Ok(answered) => Ok(answered.map_err(AppError::internal)??),
            Err(_) => {
                let why = format!("it did not answer within {} s", PATIENCE.as_secs());
                Err(KeyError::Unavailable { provider: self.keyring.provider_id(), why }.into())
            }
        }
    }
}
