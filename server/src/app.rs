//! What every request shares: made once at start, handed to handlers, never global.

use std::{fmt, sync::Arc};

use leeward_domain::{
    Ambient, Timestamp,
    ids::{ApiKeyId, TenantId},
    residency::Place,
};
use leeward_fleet::Fleet;
use leeward_keyring::Keyring;
use leeward_store::Store;

use crate::{
    audit::AuditLog, auth::password::Passwords, catalogue::Catalogue, config::Config, tasks::Tasks,
    telemetry::metrics::Metrics,
};

/// The house's shared state.
pub struct App {
    /// The configuration, checked.
    pub config: Config,
    /// Time and randomness.
    pub ambient: Ambient,
    /// The database.
    pub store: Store,
    /// Tenants' keys.
    pub keyring: Keyring,
    /// The audit log's writer.
    pub audit: AuditLog,
    /// The models in the store.
    pub catalogue: Catalogue,
    /// The workers.
    pub fleet: Fleet,
    /// Password checks.
    pub passwords: Passwords,
    /// When keys were last used.
    pub key_use: KeyUse,
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    /// Background tasks.
    pub tasks: Tasks,
    /// Where this gateway and its local workers stand.
    pub place: Place,
    /// The tenant the workers are dedicated to, if they are.
    pub dedicated_to: Option<TenantId>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

/// Notes when a key was last used, at most once a minute per key and never in a request's way.
#[derive(Debug, Clone)]
pub struct KeyUse {
    store: Store,
    tasks: Tasks,
}

impl KeyUse {
    /// How stale `last_used_at` may be, in microseconds.
    const GRAIN: std::time::Duration = std::time::Duration::from_secs(60);

    /// Writes to `store` on `tasks`.
    #[must_use]
    pub fn new(store: Store, tasks: Tasks) -> Self {
        Self { store, tasks }
    }

    /// Notes a use at `now`, unless the last note is fresh.
    pub fn touch(&self, tenant: TenantId, key: ApiKeyId, last: Option<Timestamp>, now: Timestamp) {
        if last.is_some_and(|last| now.since(last) < Self::GRAIN) {
            return;
        }
        let store = self.store.clone();
        self.tasks.spawn(async move {
            let noted = async {
                let mut tx = store.tenant_write(tenant).await?;
                tx.touch_api_key(key, now).await?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::warn!(%error, "could not note the use of a key");
            }
        });
    }
}
